"""Functions of TensorFlow, and of the backend, that have no other form for symbolic tensors: they go into a layer.

A call whose other arguments are plain becomes `Lambda(lambda t: f(t, …))(x)`; else the support piece `in_lambda` binds
them at once, as a call does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.names import Scope
from tfkdoctor.migrate.plans import Change, Piece, Reference, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_WORKS = frozenset(
    [
        "int_shape",
        "is_keras_tensor",
        "count_params",
        "eval",
        "get_value",
        "set_value",
        "function",
        "gradients",
        "print_tensor",
        "update",
        "update_add",
        "update_sub",
        "moving_average_update",
        "learning_phase",
        "placeholder",
        "in_train_phase",
        "in_test_phase",
    ]
)
_OTHERS = (
    "tensorflow.Session", "tensorflow.Print", "tensorflow.gradients", "tensorflow.train.", "tensorflow.summary.",
    "tensorflow.assign", "tensorflow.print", "tensorflow.get_static_value", "tensorflow.is_tensor",
    "tensorflow.debugging.", "tensorflow.data.", "tensorflow.saved_model.", "tensorflow.function", "tensorflow.nest.",
)  # fmt: skip


def run(context: Context, row: Row) -> None:
    """Plan a layer around each such call."""
    if context.graph is not None:
        return
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is None or reference.node is not call.func or reference.node in context.covered:
            continue
        if not _takes_tensors(reference) or reference.home is None:
            continue
        given = [*call.args, *(k.value for k in call.keywords)]
        symbolic = [node for node in given if context.symbols.holds(node)]
        if symbolic:
            _match(context, row, call, scope, reference, symbolic)


def _takes_tensors(reference: Reference) -> bool:
    """Whether a name is a function that takes tensors of TensorFlow alone."""
    name, leaf = reference.name, reference.name.rpartition(".")[2]
    if reference.kind not in ("function", "unknown") or not leaf[:1].islower():
        return False
    if name.removeprefix("tensorflow.").startswith("keras."):
        return ".backend." in name and leaf not in _WORKS
    return name.startswith("tensorflow.") and not name.startswith(_OTHERS)


def _match(
    context: Context, row: Row, call: ast.Call, scope: Scope, reference: Reference, symbolic: list[ast.expr]
) -> None:
    lines = context.survey.lines
    start, end = lines.start(call), lines.end(call)
    message = f"`{reference.name}` takes no symbolic tensor on Keras 3"
    if not context.writable(call):
        return
    changes: tuple[Change, ...]
    if len(symbolic) == 1 and _is_tensor(symbolic[0]) and all(_is_plain(context, n, symbolic) for n in _given(call)):
        word = next(w for w in ("t", "tensor", "_t") if w not in context.survey.names.bound)
        node = symbolic[0]
        changes = (
            Change(start, start, ("{@keras.layers.Lambda}(lambda " + word + ": ",)),
            Change(lines.start(node), lines.end(node), (word,)),
            Change(end, end, (")(", node, ")")),
        )
    elif context.settings.support and call.args:
        after = lines.end(call.func)
        opened = lines.text.index("(", after) + 1
        head: tuple[Piece, ...] = ("{@support.in_lambda}(",)
        changes = (Change(start, start, head), Change(after, opened, (", ",)))
    else:
        way = "put it into a Lambda layer that is called on the tensors"
        context.found.troubles.append(Trouble(row.code, start, end, message, way, name=reference.name))
        return
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message=message,
            severity=Severity.ERROR,
            help=row.help,
            bindings=context.movable(reference.bindings),
            name=reference.name,
            introduces=introduced(changes),
            changes=changes,
            scope=scope,
        )
    )


def _given(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args
    yield from (k.value for k in call.keywords)


def _is_tensor(node: ast.expr) -> bool:
    return not isinstance(node, ast.List | ast.Tuple | ast.Dict | ast.Starred | ast.ListComp)


def _is_plain(context: Context, node: ast.expr, symbolic: list[ast.expr]) -> bool:
    """Whether an argument means the same whenever it is computed: a literal, a dtype of TensorFlow."""
    if node in symbolic:
        return True
    inner = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
    fixed = all(
        context.reference_of.get(use.node) is not None for n in inner if (use := context.survey.names.use_of[n])
    )
    return fixed and not any(isinstance(n, ast.Call | ast.Starred | ast.Lambda) for n in ast.walk(node))
