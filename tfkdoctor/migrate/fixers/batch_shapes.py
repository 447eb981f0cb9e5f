"""First layers of a Sequential whose shape Keras 3 wants as an Input of its own: those with a fixed batch.

`batch_input_shape=` and `batch_size=` raise on Keras 3 (measured on TF 2.21).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfkdoctor.migrate.methods import gives_models
from tfkdoctor.migrate.names import Binding, Scope
from tfkdoctor.migrate.plans import Amendment, Change, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_Pieces = tuple[str | ast.expr, ...]


@dataclass(frozen=True, slots=True)
class _Shape:
    """The Input that a layer's arguments ask for, and the arguments that it stands for."""

    pieces: _Pieces
    arguments: tuple[str, ...]


def run(context: Context, row: Row) -> None:
    """Give each such layer an Input before it, and take the arguments out of its call."""
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is None and context.moves:
            _unseen(context, row, call, scope)
        if reference is None or reference.home is None or not reference.name.startswith("keras."):
            continue
        leaf = reference.name.rpartition(".")[2]
        if leaf in ("Input", "InputLayer") or ".layers." not in reference.name:
            continue
        shape = _shape(context, call, leaf)
        if shape is not None:
            _plan(context, row, call, scope, shape, context.movable(reference.bindings), reference.certain)


def _shape(context: Context, call: ast.Call, leaf: str) -> _Shape | None:
    given = {k.arg: k.value for k in call.keywords if k.arg}
    if "batch_input_shape" in given:
        return _Shape(("(batch_shape=", given["batch_input_shape"], ")"), ("batch_input_shape",))
    batch, length = given.get("batch_size"), given.get("input_length")
    if batch is not None and "input_shape" in given:
        return _Shape(("(batch_shape=(", batch, *_rest(given["input_shape"]), ")"), ("batch_size", "input_shape"))
    if batch is not None and "input_dim" in given and leaf != "Embedding":
        steps: _Pieces = (", ", length) if length is not None else ()
        gone = ("batch_size", "input_dim", "input_length") if length is not None else ("batch_size", "input_dim")
        return _Shape(("(batch_shape=(", batch, *steps, ", ", given["input_dim"], "))"), gone)
    if leaf == "Embedding" and length is not None and batch is not None:
        return _Shape(("(batch_shape=(", batch, ", ", length, "))"), ("batch_size", "input_length"))
    return None


def _rest(shape: ast.expr) -> _Pieces:
    """What follows the size of the batch in a batch's shape."""
    if isinstance(shape, ast.Tuple) and not any(isinstance(e, ast.Starred) for e in shape.elts):
        return (*(piece for element in shape.elts for piece in (", ", element)), ")")
    return (", *", shape, ")")


def _plan(
    context: Context,
    row: Row,
    call: ast.Call,
    scope: Scope,
    shape: _Shape,
    bindings: tuple[Binding, ...],
    certain: bool,
) -> None:
    lines = context.survey.lines
    place = _place(context, call)
    gone = dict.fromkeys(shape.arguments)
    message = f"`{shape.arguments[0]}=` is gone"
    if place is None:
        context.amend(call, Amendment(row.code, f"{message}, and has no effect here", gone, silent=False))
        return
    position, before, after = place
    if position < 0:
        start, end = lines.start(call), lines.end(call)
        way = "put `keras.Input(batch_shape=…)` before the layer, and take the argument out"
        context.found.troubles.append(Trouble(row.code, start, end, message, way))
        return
    pieces: _Pieces = (before, "{@keras.Input}", *shape.pieces, after)
    change = Change(position, position, pieces)
    plan = TemplatePlan(
        id=context.id(row.code, lines.end(call)),
        code=row.code,
        start=lines.start(call),
        end=lines.end(call),
        message=f"{message}: the shape is an Input of its own today",
        severity=Severity.ERROR,
        safety=Safety.SAFE if certain else Safety.UNSAFE,
        bindings=bindings,
        introduces=introduced([change]),
        changes=(change,),
        scope=scope,
    )
    context.add(plan)
    context.amend(
        call,
        Amendment(row.code, f"{message}: an Input stands before it", gone, False, frozenset([plan.id])),
    )


def _unseen(context: Context, row: Row, call: ast.Call, scope: Scope) -> None:
    """A first layer whose class does not show, as in `model.add(cell(3, batch_input_shape=s))`."""
    given = next((k for k in call.keywords if k.arg == "batch_input_shape"), None)
    place = _place(context, call)
    if given is None or place is None or place[0] < 0 or not context.writable(call):
        return
    lines = context.survey.lines
    others: list[ast.expr | ast.keyword] = sorted([*call.args, *call.keywords], key=lines.start)
    at = others.index(given)
    start, end = lines.start(given), lines.end(given)
    if at + 1 < len(others):
        end = lines.start(others[at + 1])
    elif at:
        start = lines.end(others[at - 1])
    position, before, after = place
    changes = (
        Change(position, position, (before, "{@keras.Input}", "(batch_shape=", given.value, ")", after)),
        Change(start, end, ()),
    )
    context.add(
        TemplatePlan(
            id=context.id(row.code, lines.end(call)),
            code=row.code,
            start=lines.start(call),
            end=lines.end(call),
            message="`batch_input_shape=` is gone: the shape is an Input of its own today",
            severity=Severity.ERROR,
            bindings=tuple(b for b in context.moves if gives_models(context, b)),
            introduces=introduced(changes),
            changes=changes,
            scope=scope,
        )
    )


def _place(context: Context, call: ast.Call) -> tuple[int, str, str] | None:
    """Where an Input goes, and what stands around it: before `model.add(layer)`, or before the layer in a list.

    The position is -1 where there is no such place; None: no Input is needed.
    """
    parents, lines = context.survey.names.parents, context.survey.lines
    parent = parents.get(call)
    if isinstance(parent, ast.Call) and parent.func is call:
        return None  # a layer that is called has the shape of what it is called on
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr == "add":
        statement = parents.get(parent)
        if isinstance(statement, ast.Expr) and parent.args[:1] == [call]:
            return _before_add(context, statement, parent.func.value)
    if isinstance(parent, ast.List) and parent.elts[:1] == [call]:
        outer = parents.get(parent)
        if isinstance(outer, ast.Call | ast.keyword):
            return lines.start(call), "", ", "
    if isinstance(parent, ast.Call) and any(call is a for a in parent.args):
        return None  # within Bidirectional or TimeDistributed: the wrapper's shape counts
    return -1, "", ""


def _before_add(context: Context, statement: ast.Expr, model: ast.expr) -> tuple[int, str, str] | None:
    """Before `model.add(layer)`; within a loop only the first turn makes the first layer."""
    lines = context.survey.lines
    if _is_foreign(context, model):
        return -1, "", ""
    place = _turn(context, statement, model)
    if place == "later":
        return None  # only the first layer's shape counts
    start, said = lines.start(statement), lines.segment(model)
    indent = lines.text[lines.text.rfind("\n", 0, start) + 1 : start]
    if indent.strip():
        return (start, f"{said}.add(", "); ") if place == "first" else (-1, "", "")
    if place == "first":
        return start, f"{said}.add(", f")\n{indent}"
    return start, f"if not {said}.layers:\n{indent}    {said}.add(", f")\n{indent}"


def _turn(context: Context, statement: ast.stmt, model: ast.expr) -> str:
    """Whether a layer is added first, later, or (in a loop, behind an `if`) either: "first", "later", "either"."""
    found = "first"
    for owner, before in _blocks(context, statement):
        for earlier in reversed(before):
            if _binds(earlier, model):
                return found
            if _adds(earlier, model):
                return "later"
            if any(_adds(inner, model) for inner in ast.walk(earlier)):
                found = "either"
        if isinstance(owner, ast.For | ast.While):
            found = "either"
    return found


def _is_foreign(context: Context, model: ast.expr) -> bool:
    """Whether a container is shown to be made by another library, which may take what Keras' Sequential does not."""
    values = [v for v in context.survey.describe(model) if v.kind == "call"]
    names = [context.facts.follow(context.path, v.name) for v in values]
    own = [n for n in names if context.facts.locate(context.path, n) is not None or "." not in n]
    return bool(names) and not own and not any(n.startswith(("keras.", "tensorflow.")) for n in names)


def _blocks(context: Context, statement: ast.stmt) -> Iterator[tuple[ast.AST, list[ast.stmt]]]:
    """What stands before a statement, from the inside out up to its function: each block's owner and its statements."""
    node: ast.AST = statement
    while isinstance(node, ast.stmt) and (node is statement or not isinstance(node, ast.FunctionDef | ast.ClassDef)):
        parent = context.survey.names.parents.get(node)
        for name in ("body", "orelse", "finalbody"):
            block = getattr(parent, name, None)
            if parent is not None and isinstance(block, list) and node in block:
                yield parent, block[: block.index(node)]
        if parent is None:
            return
        node = parent


def _adds(node: ast.AST, model: ast.expr) -> bool:
    """Whether a statement is `model.add(…)`."""
    call = node.value if isinstance(node, ast.Expr) else None
    func = call.func if isinstance(call, ast.Call) else None
    return isinstance(func, ast.Attribute) and func.attr == "add" and ast.unparse(func.value) == ast.unparse(model)


def _binds(statement: ast.stmt, model: ast.expr) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(ast.unparse(t) == ast.unparse(model) for t in targets)
