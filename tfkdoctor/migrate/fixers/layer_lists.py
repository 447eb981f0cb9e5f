"""`model.get_config()[0]`, `len(model.get_config())`: a Sequential's configuration was a list before Keras 2.2.3."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from packaging.version import Version

from tfkdoctor.migrate.methods import gives_models
from tfkdoctor.migrate.plans import Change, Piece, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Scope

_SINCE = Version("2.2.3")
_LISTS = ("len", "enumerate", "list", "reversed", "zip", "iter")


def run(context: Context, row: Row) -> None:
    """Give what uses the configuration as a list the list."""
    if not context.moves or Version(context.knowledge.origin.keras) >= _SINCE:
        return
    made: list[str] = []
    for call in context.survey.names.calls_of.get("get_config", ()):
        func = call.func
        if not isinstance(func, ast.Attribute) or call.args or call.keywords:
            continue
        classes = context.types.of(func.value)
        if not classes or not all(c.rpartition(".")[2] == "Sequential" for c in classes):
            continue
        if not _is_list(context, call):
            continue
        start, end = context.survey.lines.start(call), context.survey.lines.end(call)
        message = "the configuration of a Sequential was a list of its layers, and is a dictionary today"
        if not context.settings.support or not context.writable(call):
            way = "take its 'layers', of which the first may be an InputLayer"
            context.found.troubles.append(Trouble(row.code, start, end, message, way))
            continue
        pieces: tuple[Piece, ...] = ("{@support.layer_configs}(", func.value, ")")
        made.append(_plan(context, row, call, pieces, context.survey.names.scope_of(call), message))
    for call in context.survey.names.calls_of.get("from_config", ()) if made else ():
        func = call.func
        reference = context.reference_of.get(func.value) if isinstance(func, ast.Attribute) else None
        if reference is not None and reference.name.endswith(".Sequential") and context.writable(call):
            inside = (context.survey.lines.end(func) + 1, context.survey.lines.end(call))
            message = "a Sequential is made of a dictionary today, and was made of a list of its layers"
            _plan(
                context,
                row,
                call,
                ("{@support.sequential_from}(", inside),
                context.survey.names.scope_of(call),
                message,
            )


def _plan(context: Context, row: Row, call: ast.Call, pieces: tuple[Piece, ...], scope: Scope, message: str) -> str:
    change = Change(context.survey.lines.start(call), context.survey.lines.end(call), pieces)
    plan = TemplatePlan(
        id=context.id(row.code, change.start),
        code=row.code,
        start=change.start,
        end=change.end,
        message=message,
        severity=Severity.ERROR,
        bindings=tuple(b for b in context.moves if gives_models(context, b)),
        introduces=introduced([change]),
        changes=(change,),
        scope=scope,
    )
    func = call.func
    context.add(plan, [func.value] if isinstance(func, ast.Attribute) and func.attr == "from_config" else [])
    return plan.id


def _is_list(context: Context, node: ast.AST) -> bool:
    """Whether what a call gives is counted, gone through or indexed by number, at once or through its name."""
    parent = context.survey.names.parents.get(node)
    if isinstance(parent, ast.Subscript) and parent.value is node:
        key = parent.slice
        return not (isinstance(key, ast.Constant) and isinstance(key.value, str))
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and node in parent.args:
        return parent.func.id in _LISTS
    if isinstance(parent, ast.For | ast.comprehension):
        return parent.iter is node
    if isinstance(parent, ast.Assign):
        uses = (u for u in context.survey.names.uses if not u.stored and any(b.value is node for b in u.bindings))
        return any(_is_list(context, use.root) for use in uses)
    return False
