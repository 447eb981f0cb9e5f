"""`multi_gpu_model(model, gpus)`: the model itself, made under a strategy where its making is in sight."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, Reference, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_NAMES = frozenset(
    [
        "keras.utils.multi_gpu_model",
        "keras.utils.training_utils.multi_gpu_model",
        "keras.utils.multi_gpu_utils.multi_gpu_model",
    ]
)
_MAKERS = ("keras.layers", "keras.models", "keras.applications", "keras.engine", "keras.Input", "keras.Model")
_HELP = (
    "for several GPUs, put what makes and compiles the model into `with tf.distribute.MirroredStrategy().scope():`; "
    "on one it trains as before"
)


def run(context: Context, row: Row) -> None:
    blocks: set[ast.stmt] = set()
    for reference in context.found.references:
        call = context.survey.names.parents.get(reference.node)
        if reference.name in _NAMES and isinstance(call, ast.Call) and call.func is reference.node:
            model, gpus = _argument(call, 0, "model"), _argument(call, 1, "gpus")
            if model is not None and not isinstance(model, ast.Starred):
                _plan(context, row, reference, call, model, gpus, blocks)


def _plan(
    context: Context,
    row: Row,
    reference: Reference,
    call: ast.Call,
    model: ast.expr,
    gpus: ast.expr | None,
    blocks: set[ast.stmt],
) -> None:
    lines = context.survey.lines
    start, end = lines.start(call), lines.end(call)
    changes = [Change(start, end, (model,))]
    first = _first_of_making(context, call, model, gpus)
    message = "`multi_gpu_model` is gone: a strategy copies the models that are made under it"
    if first is None or not context.settings.support:
        message = "`multi_gpu_model` is gone, and where the model is made is not in sight: it trains on one GPU"
        context.found.troubles.append(Trouble(row.code, start, end, message, _HELP, Severity.HINT, name=reference.name))
    elif first not in blocks:
        blocks.add(first)
        place = lines.start(first)
        indent = lines.text[lines.text.rfind("\n", 0, place) + 1 : place]
        given = (gpus,) if gpus is not None else ()
        changes.insert(0, Change(place, place, ("{@support.use_gpus}(", *given, ")\n" + indent)))
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message=message,
            severity=Severity.ERROR,
            bindings=context.movable(reference.bindings),
            requires=reference.providers,
            providers=reference.providers,
            introduces=introduced(changes),
            changes=tuple(changes),
            scope=reference.use.scope,
            name=reference.name,
        ),
        [reference.node],
    )
    _tell_of_replicas(context, row, call)


def _argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    if len(call.args) > place:
        return call.args[place]
    return next((k.value for k in call.keywords if k.arg == name), None)


def _first_of_making(context: Context, call: ast.Call, model: ast.expr, gpus: ast.expr | None) -> ast.stmt | None:
    """The first statement that makes layers, in the block where the model gets its name and is copied to the GPUs."""
    statement, block = _block(context, call)
    if not isinstance(model, ast.Name) or statement is None or not (gpus is None or _is_literal(gpus)):
        return None
    before = [s for s in block[: block.index(statement)] if not isinstance(s, ast.FunctionDef | ast.ClassDef)]
    if not any(_stores(s, model.id) for s in before):
        return None
    return next((s for s in before if _stores(s, model.id) or _makes(context, s)), None)


def _block(context: Context, node: ast.AST) -> tuple[ast.stmt | None, Sequence[ast.stmt]]:
    """The statement that a node stands in, and the ones around it; nothing where it shares its line with another."""
    while not isinstance(node, ast.stmt):
        node = context.survey.names.parents[node]
    parent = context.survey.names.parents.get(node)
    for part in ("body", "orelse", "finalbody"):
        block = getattr(parent if parent is not None else context.survey.tree, part, None)
        if isinstance(block, list) and node in block:
            return (node, block) if len({s.lineno for s in block}) == len(block) else (None, [])
    return None, []


def _is_literal(node: ast.expr) -> bool:
    if isinstance(node, ast.List | ast.Tuple):
        return all(_is_literal(e) for e in node.elts)
    return isinstance(node, ast.Constant)


def _stores(statement: ast.stmt, name: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store) for n in ast.walk(statement))


def _makes(context: Context, statement: ast.stmt) -> bool:
    found = (context.reference_of.get(node) for node in ast.walk(statement))
    return any(r is not None and r.name.startswith(_MAKERS) and r.kind != "module" for r in found)


def _tell_of_replicas(context: Context, row: Row, call: ast.Call) -> None:
    """Tell of places that look for the copied model among the layers of what multi_gpu_model returned."""
    statement = context.survey.names.parents.get(call)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    names = {ast.unparse(target) for target in targets}
    own = _argument(call, 0, "model")
    if own is not None and ast.unparse(own) in names:
        return
    for node, _ in context.survey.names.dotted:
        parent = context.survey.names.parents.get(node)
        taken = isinstance(parent, ast.Subscript) and node.attr == "layers"
        if taken and ast.unparse(node.value) in names:
            lines = context.survey.lines
            message = "the model that was copied to the GPUs is no layer of another one any more"
            way = "take the model itself"
            context.found.troubles.append(
                Trouble(row.code, lines.start(node), lines.end(node), message, way, name="multi_gpu_model")
            )
