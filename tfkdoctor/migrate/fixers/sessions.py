"""Sessions, graphs and their configuration in programs of Keras models, which run eagerly on the target.

What configures devices is said with `tf.config`; what makes, enters, hands on or closes a session or a graph goes;
what a session evaluates is a value already.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers import device_options, evaluations, learning_phase
from tfkdoctor.migrate.fixers.handles import Handles, is_setting
from tfkdoctor.migrate.fixers.statements import (
    block_of,
    can_vanish,
    header_gone,
    removal,
    replacement,
    stands_alone,
)
from tfkdoctor.migrate.names import Scope
from tfkdoctor.migrate.plans import Change, Piece, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_LIKELY = re.compile(r"(?i)(^|_)(sess|session|graph)$")
_LOADERS = ("fit", "fit_generator", "train_on_batch", "set_weights", "load_weights", "load_model")


def run(context: Context, row: Row) -> None:
    """Plan the end of session code in a program of Keras models."""
    if context.graph is not None or context.switched or not (context.moves or context.first_tensorflow):
        return
    handles = Handles(context)
    handles.find()
    handles.modelled = {call for call in handles.feeds if evaluations.model_of(context, call) is not None}
    handles.settle()
    phases = list(learning_phase.without_effect(context))
    handles.gone += phases
    vanished = [w for w, items in handles.items.items() if len(items) == len(w.items) and can_vanish(w)]
    said = {
        s: device_options.say(
            context,
            s,
            [s.value] if isinstance(s, ast.Assign | ast.Expr | ast.Return) and s.value is not None else [],
            isinstance(s, ast.Assign) and is_setting(handles, s),
            stands_alone(context, s),
        )
        for s in handles.gone
    }
    _hand_on(context, handles, said)
    removed = {s for s in handles.gone if not said[s].statements and s not in handles.calls_kept}
    removed |= _whole(context, handles, vanished, removed)
    emptied = {s for s in removed if _is_last_of_none(context, s, removed)}
    phase_row = next((r for r in context.knowledge.all_rows("python") if r.fixer == "learning_phase"), row)
    for statement in handles.gone:
        kept = handles.calls_kept.get(statement)
        statements: list[tuple[Piece, ...]] = list(said[statement].statements)
        if kept is not None:
            statements.append((kept,))
        if (
            isinstance(statement, ast.Return)
            and block_of(context, statement)[-1] is statement
            and _inner(context, statement)
        ):
            statements.append(("return",))
        if statements:
            change = replacement(context, statement, statements, vanished)
        else:
            change = removal(context, statement, statement in emptied)
        safety = Safety.UNSAFE if _resets(context, handles, statement) else Safety.SAFE
        message, about = "a Keras program needs no session any more", row
        if statement in phases:
            message, about = "the learning phase made no difference here", phase_row
        _plan(context, about, statement, [change], message, safety)
        _tell_lost(context, row, said[statement])
    for node, items in handles.items.items():
        if node in removed:
            change = removal(context, node, node in emptied)
            _plan(context, row, node, [change], "a Keras program enters no session and no graph any more", Safety.SAFE)
        else:
            _plan_with(context, row, handles, node, items, vanished)
    evaluations.plan_values(context, row, handles)
    _tell_of_likely(context, row, handles)


def _hand_on(context: Context, handles: Handles, said: dict[ast.stmt, device_options.Said]) -> None:
    """What is handed on and never used is None."""
    for statement in handles.gone:
        if statement not in handles.calls_kept:
            said[statement].statements += [_none(context, t) for t in handles.handed_on.get(statement, [])]


def _none(context: Context, target: ast.expr) -> tuple[Piece, ...]:
    return ((context.survey.lines.start(target), context.survey.lines.end(target)), " = None")


def _plan_with(
    context: Context,
    row: Row,
    handles: Handles,
    node: ast.With,
    items: list[ast.withitem],
    vanished: Sequence[ast.With],
) -> None:
    """A `with` statement without the sessions and graphs that it entered."""
    lines = context.survey.lines
    said = device_options.say(context, node, [i.context_expr for i in items], False, True)
    _tell_lost(context, row, said)
    said.statements += [_none(context, t) for i in items for t in handles.handed_on.get(i, [])]
    if node in vanished:
        changes = header_gone(context, node, said.statements, vanished)
    elif len(items) < len(node.items):
        pieces: list[Piece] = []
        for item in (i for i in node.items if i not in items):
            end = lines.end(item.optional_vars or item.context_expr)
            pieces += [", "] if pieces else []
            pieces.append((lines.start(item.context_expr), end))
        last = node.items[-1]
        end = lines.end(last.optional_vars or last.context_expr)
        changes = [Change(lines.start(node.items[0].context_expr), end, tuple(pieces))]
    else:
        first, last = node.items[0], node.items[-1]
        end = lines.end(last.optional_vars or last.context_expr)
        changes = [Change(lines.start(first.context_expr), end, ("{@contextlib.nullcontext}()",))]
    covered = [(lines.start(i.context_expr), lines.end(i.context_expr)) for i in items]
    _plan(context, row, node, changes, "a Keras program enters no session and no graph any more", Safety.SAFE, covered)


def _plan(
    context: Context,
    row: Row,
    statement: ast.stmt,
    changes: Sequence[Change],
    message: str,
    safety: Safety,
    covered: Iterable[tuple[int, int]] | None = None,
) -> None:
    lines = context.survey.lines
    start, end = lines.start(statement), lines.end(statement)
    ranges = list(covered) if covered is not None else [(start, end)]
    kept = [_span(context, p) for c in changes for p in c.pieces if not isinstance(p, str)]
    nodes = [
        r.node
        for r in context.found.references
        if _is_in(lines.start(r.use.root), ranges) and not _is_in(lines.start(r.use.root), kept)
    ]
    header_end = lines.end(statement.items[-1].context_expr) if isinstance(statement, ast.With) else end
    help_text = "running the initializer gave every variable its first value again, also one that was loaded or trained"
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=header_end,
            message=message,
            severity=Severity.ERROR,
            safety=safety,
            help=help_text if safety is Safety.UNSAFE else row.help,
            changes=tuple(changes),
            scope=_scope(context, statement),
            introduces=introduced(changes),
        ),
        nodes,
    )


def _span(context: Context, piece: Piece) -> tuple[int, int]:
    if isinstance(piece, tuple):
        return piece
    assert isinstance(piece, ast.expr)
    return context.survey.lines.start(piece), context.survey.lines.end(piece)


def _is_in(position: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in ranges)


def _scope(context: Context, statement: ast.stmt) -> Scope:
    """The scope that a statement stands in."""
    names = context.survey.names
    scopes = {scope.node: scope for scope in (*names.functions, *names.classes)}
    current: ast.AST | None = names.parents.get(statement)
    while current is not None and current not in scopes:
        current = names.parents.get(current)
    return scopes[current] if current is not None else names.module


def _inner(context: Context, statement: ast.stmt) -> bool:
    """Whether a return stands in a block within its function: what follows there must not run."""
    parent = context.survey.names.parents.get(statement)
    return not isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef)


def _whole(context: Context, handles: Handles, vanished: Sequence[ast.With], removed: set[ast.stmt]) -> set[ast.stmt]:
    """The `with` statements that go with all that is in them, from the inside out."""
    found: set[ast.stmt] = set()
    for node in sorted(vanished, key=lambda w: -w.lineno):
        said = device_options.say(context, node, [i.context_expr for i in node.items], False, True)
        if (
            not said.statements
            and not any(i in handles.handed_on for i in node.items)
            and all(s in removed or s in found for s in node.body)
        ):
            found.add(node)
    return found


def _is_last_of_none(context: Context, statement: ast.stmt, removed: set[ast.stmt]) -> bool:
    """Whether a block would lose all its statements, of which this is the last."""
    block = block_of(context, statement)
    in_whole = context.survey.names.parents.get(statement) in removed
    return block[-1] is statement and all(s in removed for s in block) and not in_whole


def _resets(context: Context, handles: Handles, statement: ast.stmt) -> bool:
    """Whether an initialization comes after weights were set: it gave them their first values again."""
    if statement not in handles.initializations:
        return False
    block = _scope(context, statement)
    for call, scope in context.survey.names.calls:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        given = any(k.arg == "weights" and not _is_none(k.value) for k in call.keywords)
        if scope is block and call.lineno < statement.lineno and (name in _LOADERS or given):
            return True
    return False


def _tell_of_likely(context: Context, row: Row, handles: Handles) -> None:
    """`sess.run(…)` and `graph.as_default()`, where only the name says what they are."""
    lines = context.survey.lines
    for call, _ in context.survey.names.calls:
        func = call.func
        if (
            not isinstance(func, ast.Attribute)
            or func.attr not in ("run", "as_default")
            or context.types.of(func.value)
        ):
            continue
        name = func.value.attr if isinstance(func.value, ast.Attribute) else getattr(func.value, "id", "")
        if _LIKELY.search(name) and handles.kind(func.value) is None:
            message = f"`{name}` may be a session or a graph, and nothing runs in one any more"
            way = "take it out: variables have values, and models are called"
            context.found.troubles.append(
                Trouble(row.code, lines.start(call), lines.end(call), message, way, Severity.WARNING)
            )


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _tell_lost(context: Context, row: Row, said: device_options.Said) -> None:
    lines = context.survey.lines
    for node, message, way in said.lost:
        context.found.troubles.append(
            Trouble(row.code, lines.start(node), lines.end(node), message, way, Severity.HINT)
        )
