"""`writer.add_summary(summary, step)` in callbacks: the same record, written through a writer of TensorFlow 2.

`tf.summary.experimental.write_raw_pb` writes a serialized Summary as it is, so that tags and values stay the same.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.handles import Handles
from tfkdoctor.migrate.fixers.statements import replacement, stands_alone
from tfkdoctor.migrate.plans import Change, Piece, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_WRITERS = frozenset(["tensorflow.summary.FileWriter"])
_PROTOS = frozenset(["tensorflow.Summary", "tensorflow.summary.Summary"])


def run(context: Context, row: Row) -> None:
    """Plan each record that a writer of TensorFlow 1 is given."""
    calls = [
        c for c, _ in context.survey.names.calls if isinstance(c.func, ast.Attribute) and c.func.attr == "add_summary"
    ]
    if context.graph is not None or not calls or not (context.moves or context.first_tensorflow):
        return
    handles = Handles(context)
    handles.find()
    for call in calls:
        statement = context.survey.names.parents.get(call)
        given = {"summary": call.args[0]} if call.args else {}
        given |= {"global_step": call.args[1]} if len(call.args) > 1 else {}
        given |= {k.arg: k.value for k in call.keywords if k.arg is not None}
        within = any(w.lineno < call.lineno <= (w.end_lineno or 0) for w in handles.items)
        fits = isinstance(statement, ast.Expr) and stands_alone(context, statement) and not within
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        if not fits or owner is None or not isinstance(statement, ast.Expr) or "summary" not in given:
            _tell(context, row, call)
            continue
        _plan(context, row, call, statement, owner, given)


def _plan(
    context: Context, row: Row, call: ast.Call, statement: ast.Expr, owner: ast.expr, given: dict[str, ast.expr]
) -> None:
    lines = context.survey.lines
    summary = given["summary"]
    classes = context.types.of(summary)
    step: tuple[Piece, ...] = (given["global_step"],) if "global_step" in given else ("0",)
    body: tuple[Piece, ...] = (
        ".as_default():\n    {@tensorflow.summary.experimental.write_raw_pb}(",
        summary,
        ".SerializeToString(), step=",
        *step,
        ")",
    )
    change: Change = replacement(context, statement, [("with ", owner, *body)], [])
    certain = bool(classes) and classes <= _PROTOS and context.types.of(owner) == _WRITERS
    start = lines.start(statement)
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=lines.end(statement),
            message="a record is written through the default writer today",
            severity=Severity.ERROR,
            safety=Safety.SAFE if certain else Safety.UNSAFE,
            help=row.help,
            changes=(change,),
            scope=context.survey.names.scope_of(call),
            introduces=introduced([change]),
        )
    )


def _tell(context: Context, row: Row, call: ast.Call) -> None:
    lines = context.survey.lines
    message = "`.add_summary(…)` does not exist in the target"
    way = "write `with writer.as_default(): tf.summary.scalar(name, value, step=step)`"
    context.found.troubles.append(Trouble(row.code, lines.start(call), lines.end(call), message, way))
