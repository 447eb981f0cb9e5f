"""Updates that are expressions of variables: a graph computed them at each step, eagerly they are computed once.

`updates.append((target, tau * source + (1 - tau) * target))` and the same with K.update, for an optimizer that has
`get_updates` or for K.function: the new value becomes a function, which support code asks at each step.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.eager_updates import is_run_in_step
from tfkdoctor.migrate.plans import Change, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Scope

_UPDATE = "keras.backend.update"
_WAY = "compute it where the step runs: in a function that is called at each one"


def run(context: Context, row: Row) -> None:
    """Plan a function of each new value that is computed outside of a step."""
    if context.graph is not None or not (context.moves or context.facts.is_standalone(context.path)):
        return
    for node in _listed(context):
        pair = _pair(context, node)
        if (
            pair is None
            or not isinstance(pair[1], ast.BinOp | ast.UnaryOp | ast.Call)
            or context.symbols.holds(pair[1])
        ):
            continue
        scope = next((context.survey.names.use_of[n].scope for n in ast.walk(pair[1]) if isinstance(n, ast.Name)), None)
        if scope is not None and not is_run_in_step(context, scope):
            _plan(context, row, node, scope, *pair)


def _listed(context: Context) -> list[ast.expr]:
    """What is put into a list that is called updates, or is given as `updates=`."""
    names = context.survey.names
    found = [c.args[0] for c in names.calls_of.get("append", ()) if len(c.args) == 1 and _is_updates(c.func)]
    for call, _ in names.calls:
        found += [part for k in call.keywords if k.arg == "updates" for part in _parts(k.value)]
    for scope, values in names.returns.items():
        if "update" in scope.qualname.rpartition(".")[2].lower():
            found += [part for value in values for part in _parts(value)]
    for node in ast.walk(context.survey.tree):
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += _parts(node.value) if any(map(_is_updates, targets)) else []
    return found


def _is_updates(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute) and node.attr == "append":
        return _is_updates(node.value)
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return "update" in name.lower()


def _parts(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.ListComp):
        return [node.elt]
    return list(node.elts) if isinstance(node, ast.List) else []


def _pair(context: Context, node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    """The variable and its new value."""
    if isinstance(node, ast.Tuple) and len(node.elts) == 2:
        return node.elts[0], node.elts[1]
    reference = context.reference_of.get(node.func) if isinstance(node, ast.Call) else None
    if isinstance(node, ast.Call) and reference is not None and reference.name == _UPDATE and len(node.args) == 2:
        return None if node.keywords else (node.args[0], node.args[1])
    return None


def _plan(context: Context, row: Row, node: ast.expr, scope: Scope, variable: ast.expr, value: ast.expr) -> None:
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    asked = context.facts.defines_method("get_updates") or "keras.backend.function" in context.facts.program_names(
        context.path
    )
    message = "this new value is computed here, once: in a graph it was computed at each step"
    if not asked or not context.settings.support or not context.writable(node):
        context.found.troubles.append(Trouble(row.code, start, end, message, _WAY, name=_UPDATE, silent=True))
        return
    kept = dict.fromkeys(n.id for n in ast.walk(value) if isinstance(n, ast.Name) and _changes(context, n))
    at, bound = lines.start(value), "".join(f", {name}={name}" for name in kept)
    changes = [Change(at, at, (f"lambda{bound.replace(',', '', 1)}: ",))]
    covers: list[ast.AST] = []
    if isinstance(node, ast.Call):
        changes.insert(0, Change(start, lines.start(variable), ("(",)))
        covers.append(context.reference_of[node.func].node)
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message=message,
            severity=Severity.ERROR,
            help=row.help,
            name=_UPDATE,
            introduces=introduced(changes),
            changes=tuple(changes),
            scope=scope,
        ),
        covers=covers,
    )


def _changes(context: Context, node: ast.Name) -> bool:
    """Whether a name means something else later: that of a loop, or one that is bound more than once."""
    use = context.survey.names.use_of.get(node)
    fixed = ("parameter", "function", "import", "class")
    return use is not None and bool(use.bindings) and (len(use.bindings) > 1 or use.bindings[0].kind not in fixed)
