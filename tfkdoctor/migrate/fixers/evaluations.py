"""`K.get_session().run(x)` and `x.eval(session=…)`: what they evaluate has its value already.

A tensor of a graph is computed anew by every run, an eager one when it is made. So a name is evaluated safely only if
nothing between its making and the run may have changed what it is made of.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.handles import Handles
from tfkdoctor.migrate.fixers.statements import statement_of
from tfkdoctor.migrate.names import Binding, Scope
from tfkdoctor.migrate.plans import Change, Piece, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced, is_closed
from tfkdoctor.migrate.types import TENSOR
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_LISTS = ("weights", "trainable_weights", "non_trainable_weights", "trainable_variables", "variables", "losses")
_VARIABLES = ("Variable", "variable", "constant", "zeros", "ones", "eye", "convert_to_tensor")
_CHANGING = frozenset(
    [
        "fit",
        "fit_generator",
        "train_on_batch",
        "set_weights",
        "load_weights",
        "assign",
        "assign_add",
        "assign_sub",
        "set_value",
        "batch_set_value",
        "update",
        "update_add",
        "update_sub",
        "build",
        "scatter_update",
    ]
)


def plan_values(context: Context, row: Row, handles: Handles) -> None:
    """Plan each evaluation as a value, or say why it stays."""
    for call, value in handles.values:
        if _within(context, call, handles):
            continue
        if context.types.is_a(value, TENSOR):
            _tell(context, row, call, "a model's own tensor has no value without its input", "call the model: model(x)")
            continue
        _plan(context, row, call, value)
    for call in handles.feeds:
        pieces = model_of(context, call)
        if pieces is not None:
            message = "a session that was given inputs is a model of these tensors"
            _add(context, row, call, pieces, message, True, [call.func])
        else:
            way = "make a model of these tensors, `keras.Model(inputs, outputs)`, and call it with the values"
            _tell(context, row, call, "a session is run with values for its tensors", way)


def _within(context: Context, call: ast.Call, handles: Handles) -> bool:
    return statement_of(context, call) in handles.gone


def _tell(context: Context, row: Row, call: ast.Call, message: str, way: str) -> None:
    lines = context.survey.lines
    context.found.troubles.append(Trouble(row.code, lines.start(call), lines.end(call), message, way))


def _plan(context: Context, row: Row, call: ast.Call, value: ast.expr) -> None:
    if isinstance(value, ast.List | ast.Tuple):
        opening, closing = ("[", "]") if isinstance(value, ast.List) else ("(", ")")
        pieces: list[Piece] = [opening]
        for number, element in enumerate(value.elts):
            pieces += [", "] if number else []
            pieces += _numbers(context, element)
        pieces.append("," + closing if len(value.elts) == 1 and closing == ")" else closing)
    elif _is_list(value):
        name = "value" if "value" not in context.survey.names.bound else "_value"
        pieces = [f"[{name}.numpy() for {name} in ", value, "]"]
    else:
        pieces = _numbers(context, value)
    _add(
        context,
        row,
        call,
        pieces,
        "what a session evaluated is a value today",
        _is_fresh(context, call, value),
        [call.func],
    )


def _numbers(context: Context, value: ast.expr) -> list[Piece]:
    lines = context.survey.lines
    closed = is_closed(value, lines) or (isinstance(value, ast.Call) and not isinstance(value.func, ast.Lambda))
    return [value, ".numpy()"] if closed else ["(", value, ").numpy()"]


def _is_list(value: ast.expr) -> bool:
    return isinstance(value, ast.ListComp) or (isinstance(value, ast.Attribute) and value.attr in _LISTS)


def _add(
    context: Context,
    row: Row,
    call: ast.Call,
    pieces: list[Piece],
    message: str,
    certain: bool,
    covered: list[ast.expr],
) -> None:
    lines = context.survey.lines
    start, end = lines.start(call), lines.end(call)
    change = Change(start, end, tuple(pieces))
    kept = [(lines.start(p), lines.end(p)) for p in pieces if isinstance(p, ast.expr)]
    nodes = [
        r.node
        for r in context.found.references
        if start <= lines.start(r.use.root) < end and not any(a <= lines.start(r.use.root) < b for a, b in kept)
    ]
    scope = context.survey.names.scope_of(call)
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message=message,
            severity=Severity.ERROR,
            safety=Safety.SAFE if certain else Safety.UNSAFE,
            help=""
            if certain
            else "it is computed where it is made, no longer at every run: see that this is what you want",
            changes=(change,),
            scope=scope,
            introduces=introduced([change]),
        ),
        [*nodes, *covered],
    )


def _is_fresh(context: Context, call: ast.Call, value: ast.expr) -> bool:
    """Whether the value is the same now as at the time of the run."""
    for node in ast.walk(value):
        use = context.survey.names.use_of.get(node)
        if use is None or node is not use.root:
            continue
        if use.attrs and use.attrs[0] != "outputs":
            continue  # an attribute is looked up now: a variable of a layer
        if not all(_holds(context, b, call, use.scope) for b in use.bindings):
            return False
    return True


def _holds(context: Context, binding: Binding, call: ast.Call, scope: Scope) -> bool:
    """Whether what a name was bound to is a variable, a constant, or made just before."""
    if binding.kind in ("import", "star", "function", "class"):
        return True
    made = binding.value
    if isinstance(made, ast.Constant | ast.List | ast.Tuple | ast.Dict):
        return True
    if isinstance(made, ast.Call):
        name = made.func.attr if isinstance(made.func, ast.Attribute) else getattr(made.func, "id", "")
        if name in _VARIABLES:
            return True
    node = binding.node
    if made is None or binding.scope is not scope or not isinstance(node, ast.expr):
        return False
    calls = (c for c, s in context.survey.names.calls if node.lineno <= c.lineno <= call.lineno)
    names = {c.func.attr if isinstance(c.func, ast.Attribute) else getattr(c.func, "id", "") for c in calls}
    return not names & _CHANGING and _block(context, node) is _block(context, call)


def _block(context: Context, node: ast.expr) -> ast.AST | None:
    """What the statement of a node stands in."""
    statement = statement_of(context, node)
    return context.survey.names.parents.get(statement) if statement is not None else None


def model_of(context: Context, call: ast.Call) -> list[Piece] | None:
    """`sess.run(model.output, {model.input: x})` as a model of these tensors; None where they are something else."""
    fetches = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "fetches"), None)
    feed = call.args[1] if len(call.args) > 1 else next((k.value for k in call.keywords if k.arg == "feed_dict"), None)
    if fetches is None or not isinstance(feed, ast.Dict) or len(call.args) + len(call.keywords) != 2:
        return None
    pairs: list[tuple[ast.expr, ast.expr]] = []
    for key, value in zip(feed.keys, feed.values, strict=True):
        if key is None:
            return None
        reference = context.reference_of.get(key.func) if isinstance(key, ast.Call) else None
        if reference is not None and reference.name.endswith(".learning_phase"):
            if not (isinstance(value, ast.Constant) and value.value in (0, False)):
                return None
        elif context.types.is_a(key, TENSOR):
            pairs.append((key, value))
        else:
            return None
    outputs = fetches.elts if isinstance(fetches, ast.List | ast.Tuple) else [fetches]
    if not pairs or not all(context.types.is_a(o, TENSOR) for o in outputs):
        return None
    head: list[Piece] = ["{@keras.Model}("]
    middle: list[Piece] = [", ", fetches, ").predict_on_batch("]
    if len(pairs) == 1:
        return [*head, pairs[0][0], *middle, pairs[0][1], ")"]
    return [*head, *_listed([k for k, _ in pairs]), *middle, *_listed([v for _, v in pairs]), ")"]


def _listed(nodes: list[ast.expr]) -> list[Piece]:
    pieces: list[Piece] = ["["]
    for number, node in enumerate(nodes):
        pieces += [", ", node] if number else [node]
    return [*pieces, "]"]
