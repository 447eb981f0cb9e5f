"""`model.add(Merge([left, right], mode="concat"))`: a Sequential with several inputs, which no tf.keras has.

It becomes a functional model of its branches, and each later `model.add(layer)` one with a layer more:
`model = keras.Model(model.inputs, layer(model.outputs[0]))`. Source: keras 1.2.2 models.py, engine/topology.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, Piece, Reference, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Scope

_LAYERS = {"sum": "Add", "mul": "Multiply", "ave": "Average", "max": "Maximum", "concat": "Concatenate", "dot": "Dot"}
_PARAMETERS = ("layers", "mode", "concat_axis", "dot_axes", "output_shape")
_Pieces = tuple[Piece, ...]


def run(context: Context, row: Row) -> None:
    """Plan each Sequential that begins with a Merge, as far as the places that add to it can be seen."""
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is None or not reference.name.startswith("keras.") or not reference.name.endswith(".Merge"):
            continue
        given = _arguments(call)
        if given is None or "layers" not in given:
            continue  # a layer that is called on tensors: rows of TFK210
        add = context.survey.names.parents.get(call)
        if not isinstance(add, ast.Call) or not _is_add(context, add):
            continue
        merging = _merging(given)
        if merging is None or not context.settings.support:
            lines = context.survey.lines
            message = "a Sequential that begins with several branches is a functional model today"
            context.found.troubles.append(
                Trouble(row.code, lines.start(call), lines.end(call), message, row.help, name=reference.name)
            )
            continue
        head = "{@support.merge_models}("
        pieces: _Pieces = (*_target(add), head, given["layers"], ", ", *merging, ")")
        first = _plan(context, row, add, scope, pieces, reference, frozenset())
        context.add(first, [reference.node])
        for later in _later(context, add, scope):
            text: _Pieces = (
                *_target(later),
                "{@keras.Model}(",
                _receiver(later),
                ".inputs, ",
                later.args[0],
                "(",
                _receiver(later),
                ".outputs[0]))",
            )
            context.add(_plan(context, row, later, scope, text, reference, frozenset([first.id])))


def _arguments(call: ast.Call) -> dict[str, ast.expr] | None:
    given = {k.arg: k.value for k in call.keywords if k.arg is not None}
    if len(given) < len(call.keywords) or any(isinstance(a, ast.Starred) for a in call.args):
        return None
    return {**dict(zip(_PARAMETERS, call.args, strict=False)), **given}


def _merging(given: dict[str, ast.expr]) -> _Pieces | None:
    """The layer that merges, as `mode` says; None for what has none."""
    mode = given.get("mode")
    name = mode.value if isinstance(mode, ast.Constant) else "sum" if mode is None else None
    if isinstance(name, str) and name in _LAYERS:
        pieces: _Pieces = ("{@keras.layers." + _LAYERS[name] + "}(",)
        argument = {"concat": "concat_axis", "dot": "dot_axes"}.get(name)
        if argument in given:
            pieces += ("axis=" if name == "concat" else "axes=", given[argument])
        elif name == "dot":
            pieces += ("axes=-1",)
        return (*pieces, ")")
    if name == "cos":
        axes: _Pieces = (given["dot_axes"],) if "dot_axes" in given else ("-1",)
        return ('lambda outputs: {@support.keras1_merge}(outputs, mode="cos", dot_axes=', *axes, ")")
    if isinstance(mode, ast.Lambda | ast.Name) and "output_shape" in given:
        return ("{@keras.layers.Lambda}(", mode, ", output_shape=", given["output_shape"], ")")
    if name is None and mode is not None:  # it is told at run time
        others = {k: v for k, v in given.items() if k in ("concat_axis", "dot_axes", "output_shape")}
        pieces = ("lambda outputs: {@support.keras1_merge}(outputs, mode=", mode)
        for argument, value in others.items():
            pieces += (f", {argument}=", value)
        return (*pieces, ")")
    return None


def _is_add(context: Context, call: ast.Call) -> bool:
    method = call.func
    plain = (
        isinstance(method, ast.Attribute)
        and method.attr == "add"
        and isinstance(method.value, ast.Name | ast.Attribute)
    )
    return plain and len(call.args) == 1 and isinstance(context.survey.names.parents.get(call), ast.Expr)


def _receiver(add: ast.Call) -> ast.expr:
    assert isinstance(add.func, ast.Attribute)
    return add.func.value


def _target(add: ast.Call) -> _Pieces:
    return (_receiver(add), " = ")


def _later(context: Context, add: ast.Call, scope: Scope) -> Iterator[ast.Call]:
    """What is added to the same model afterwards, until its name gets another model."""
    wanted = ast.dump(_receiver(add))
    others = [
        node.lineno
        for node in ast.walk(scope.node)
        if isinstance(node, ast.Assign)
        and node.lineno > add.lineno
        and any(ast.dump(t).replace("Store()", "Load()") == wanted for t in node.targets)
    ]
    end = min(others, default=None)
    for call, place in context.survey.names.calls:
        if place is not scope or call is add or not _is_add(context, call) or ast.dump(_receiver(call)) != wanted:
            continue
        if add.lineno < call.lineno and (end is None or call.lineno < end):
            yield call


def _plan(
    context: Context,
    row: Row,
    call: ast.Call,
    scope: Scope,
    pieces: _Pieces,
    reference: Reference,
    requires: frozenset[str],
) -> TemplatePlan:
    lines = context.survey.lines
    change = Change(lines.start(call), lines.end(call), pieces)
    return TemplatePlan(
        id=context.id(row.code, change.start),
        code=row.code,
        start=change.start,
        end=change.end,
        message="a Sequential that begins with several branches is a functional model today",
        severity=Severity.ERROR,
        safety=Safety.SAFE if reference.certain else Safety.UNSAFE,
        requires=requires | reference.providers,
        providers=reference.providers,
        bindings=context.movable(reference.bindings),
        name=reference.name,
        changes=(change,),
        scope=scope,
        introduces=introduced([change]),
    )
