"""`K.in_train_phase(x, alt)` and `K.in_test_phase(x, alt)`, which asked a placeholder of the backend for the phase.

Keras 3 tells a layer by the argument `training` of its `call`, which gets one where it has none.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, Piece, Reference, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_PLACES = ("x", "alt", "training")


def run(context: Context, row: Row) -> None:
    """Plan the phase as an argument, where a call is told it or stands in a layer's `call`."""
    if context.graph is not None:
        return
    told: dict[ast.AST, str] = {}
    for leaf in ("in_train_phase", "in_test_phase"):
        for call in context.survey.names.calls_of.get(leaf, ()):
            reference = context.reference_of.get(call.func)
            if reference is not None and reference.name == f"keras.backend.{leaf}":
                _match(context, row, call, reference, told)


def _match(context: Context, row: Row, call: ast.Call, reference: Reference, told: dict[ast.AST, str]) -> None:
    given = dict(zip(_PLACES, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg}
    if set(given) - set(_PLACES) or not {"x", "alt"} <= set(given) or not context.settings.support:
        return
    x, alt = given["x"], given["alt"]
    if reference.name.endswith("in_test_phase"):
        x, alt = alt, x
    phase: Piece = given.get("training", "training")
    lines = context.survey.lines
    start, end = lines.start(call), lines.end(call)
    requires: frozenset[str] = frozenset()
    changes = [Change(start, end, ("{@support.in_train_phase}(", x, ", ", alt, ", ", phase, ")"))]
    if "training" not in given:
        method = _call_method(context, call)
        if method is None:
            way = "give the function an argument `training`, and pass it on from the layer's `call(…, training=None)`"
            message = f"`{reference.name}` cannot ask for the phase here"
            context.found.troubles.append(Trouble(row.code, start, end, message, way, name=reference.name))
            context.covered[reference.node] = context.id(row.code, start)
            return
        if method in told:
            requires = frozenset([told[method]])
        elif not _has(method, "training"):
            told[method] = context.id(row.code, start)
            changes.append(_parameter(context, method))
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message=f"`{reference.name}` is told the phase by `training` today",
            severity=Severity.ERROR,
            safety=Safety.SAFE if reference.certain else Safety.UNSAFE,
            bindings=context.movable(reference.bindings),
            requires=requires,
            name=reference.name,
            introduces=introduced(changes),
            changes=tuple(changes),
            scope=reference.use.scope,
        ),
        [reference.node],
    )


def _call_method(context: Context, node: ast.AST) -> ast.FunctionDef | None:
    """The `call` of a layer's class that a node stands in, perhaps within functions of it that hide no name."""
    current: ast.AST | None = context.survey.names.parents.get(node)
    while current is not None and not isinstance(current, ast.ClassDef):
        owner = context.survey.names.parents.get(current)
        if isinstance(current, ast.FunctionDef) and isinstance(owner, ast.ClassDef):
            layer = current.name == "call" and context.symbols.functions.is_layer_class(owner)
            return current if layer else None
        if isinstance(current, ast.FunctionDef | ast.Lambda) and _has(current, "training"):
            return None
        current = owner
    return None


def _has(function: ast.FunctionDef | ast.Lambda, name: str) -> bool:
    arguments = function.args
    return any(a.arg == name for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))


def _parameter(context: Context, method: ast.FunctionDef) -> Change:
    """A parameter `training=None` behind the others that may be given in order."""
    arguments, lines = method.args, context.survey.lines
    last: ast.expr = ast.copy_location(ast.Name(arguments.args[-1].arg), arguments.args[-1])
    if arguments.args[-1].annotation is not None:
        last = arguments.args[-1].annotation
    end = lines.end(last)
    if arguments.defaults:
        end = max(end, lines.end(arguments.defaults[-1]))
    return Change(end, end, (", training=None",))
