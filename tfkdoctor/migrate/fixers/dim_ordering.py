"""`K.image_dim_ordering()` of Keras 1: it says 'tf' or 'th' where today's says 'channels_last' or 'channels_first'.

Compared with a literal, the literal changes too; given to a layer, it stays as it is; anywhere else an expression that
still says 'tf' or 'th' takes its place, so that variables go on to hold what the program compares them with.
Source: keras 1.2.2 backend/common.py.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.context import is_legacy_root
from tfkdoctor.migrate.fixers.channels_first import sets_channels_first
from tfkdoctor.migrate.plans import Amendment, Change, Reference, TemplatePlan
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Scope

ORDERINGS = {"tf": "channels_last", "th": "channels_first"}
_GETTERS = ("keras.backend.image_dim_ordering", "keras.backend.common.image_dim_ordering")
_SETTERS = ("keras.backend.set_image_dim_ordering", "keras.backend.common.set_image_dim_ordering")
_TABLE = "{'tf': 'channels_last', 'th': 'channels_first'"


def run(context: Context, row: Row) -> None:
    """Plan every call of the old functions, and amend the layers that get an ordering by another way than a literal."""
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is None or not is_legacy_root(context, reference.name):
            continue
        if reference.name in _GETTERS:
            _plan(context, row, call, scope, reference, _read(context, call))
        elif reference.name in _SETTERS and (call.args or call.keywords):
            value = call.args[0] if call.args else call.keywords[0].value
            _plan(context, row, call, scope, reference, (_set(context, call, value),))
        else:
            _amend(context, row, call)
    if sets_channels_first(context):
        _keep_flattening(context, row)


def _plan(
    context: Context, row: Row, call: ast.Call, scope: Scope, reference: Reference, changes: tuple[Change, ...]
) -> None:
    lines = context.survey.lines
    start, end = min(c.start for c in changes), max(c.end for c in changes)
    old = reference.name.rpartition(".")[2]
    plan = TemplatePlan(
        id=context.id(row.code, lines.start(call)),
        code=row.code,
        start=start,
        end=end,
        message=f"`{old}` is `{old.replace('dim_ordering', 'data_format')}` today, and says 'channels_last' for 'tf'",
        severity=Severity.ERROR,
        safety=Safety.SAFE if reference.certain else Safety.UNSAFE,
        bindings=context.movable(reference.bindings),
        requires=reference.providers,
        providers=reference.providers,
        name=reference.name,
        changes=changes,
        scope=scope,
        introduces=frozenset(
            [
                "tensorflow.keras.backend.image_data_format"
                if old[:1] == "i"
                else "tensorflow.keras.backend.set_image_data_format"
            ]
        ),
    )
    context.add(plan, [reference.node])


def _read(context: Context, call: ast.Call) -> tuple[Change, ...]:
    lines = context.survey.lines
    place = (lines.start(call), lines.end(call))
    now = "{@keras.backend.image_data_format}()"
    parent = context.survey.names.parents.get(call)
    if isinstance(parent, ast.Compare) and all(isinstance(op, ast.Eq | ast.NotEq) for op in parent.ops):
        others = [side for side in (parent.left, *parent.comparators) if side is not call]
        if all(isinstance(other, ast.Constant) and other.value in ORDERINGS for other in others):
            literals = tuple(_literal(context, other) for other in others)
            return (Change(*place, (now,)), *literals)
    if isinstance(parent, ast.keyword) and parent.arg == "dim_ordering" and _goes_to_keras(context, parent):
        return (Change(*place, (now,)),)
    return (Change(*place, (f"('th' if {now} == 'channels_first' else 'tf')",)),)


def _literal(context: Context, node: ast.expr) -> Change:
    lines = context.survey.lines
    assert isinstance(node, ast.Constant) and isinstance(node.value, str)
    quote = lines.segment(node)[-1]
    return Change(lines.start(node), lines.end(node), (f"{quote}{ORDERINGS[node.value]}{quote}",))


def _set(context: Context, call: ast.Call, value: ast.expr) -> Change:
    lines = context.survey.lines
    place = (lines.start(call), lines.end(call))
    head = "{@keras.backend.set_image_data_format}("
    if isinstance(value, ast.Constant) and value.value in ORDERINGS:
        quote = lines.segment(value)[-1]
        return Change(*place, (f"{head}{quote}{ORDERINGS[value.value]}{quote})",))
    return Change(*place, (f"{head}{_TABLE}}}[", value, "])"))


def _goes_to_keras(context: Context, keyword: ast.keyword) -> bool:
    call = context.survey.names.parents.get(keyword)
    reference = context.reference_of.get(call.func) if isinstance(call, ast.Call) else None
    return reference is not None and is_legacy_root(context, reference.name)


def _amend(context: Context, row: Row, call: ast.Call) -> None:
    """`Convolution2D(…, dim_ordering=ordering)`: the variable holds 'tf', 'th' or 'default'."""
    for keyword in call.keywords:
        value = keyword.value
        if keyword.arg != "dim_ordering" or isinstance(value, ast.Constant):
            continue
        getter = context.reference_of.get(value.func) if isinstance(value, ast.Call) else None
        direct = getter is not None and getter.name in _GETTERS
        pieces = (value,) if direct else (f"{_TABLE}, 'default': None}}[", value, "]")
        message = "`dim_ordering=` is `data_format=` today"
        context.amend(call, Amendment(row.code, message, {"data_format": pieces, "dim_ordering": None}, silent=False))


def _keep_flattening(context: Context, row: Row) -> None:
    """Flatten of Keras 3 and 2.2 moves leading channels to the end; before, it took them as they lay."""
    if context.knowledge.origin_keras.startswith("1."):
        for call, _ in context.survey.names.calls:
            reference = context.reference_of.get(call.func)
            if (
                reference is not None
                and reference.name.startswith("keras.layers.")
                and reference.name.endswith(".Flatten")
            ):
                message = "`Flatten` took the channels as they lay in Keras 1"
                context.amend(call, Amendment(row.code, message, {"data_format": ("'channels_last'",)}))
