"""`tf.enable_eager_execution()` goes: TensorFlow 2 executes eagerly by itself."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.statements import block_of, removal
from tfkdoctor.migrate.plans import TemplatePlan, Trouble
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Plan the end of each call that switches eager execution on, in a program that runs eagerly."""
    if context.facts.mode_of(context.path) != "eager":
        return
    left = (name for name in context.facts.program_names(context.path) if context.knowledge.is_graph_style(name))
    known = context.knowledge
    if any(known.home(name) is None and not known.rows_about("calls", name) for name in left):
        return  # it goes on to say how the rest of the program is meant to run; under compat.v1 it does no harm
    lines = context.survey.lines
    for name in sorted({leaf.rpartition(".")[2] for leaf in row.of}):
        for call in context.survey.names.calls_of.get(name, ()):
            reference = context.reference_of.get(call.func)
            statement = context.survey.names.parents.get(call)
            if reference is None or reference.name not in row.of or not isinstance(statement, ast.Expr):
                continue
            start, end = lines.start(statement), lines.end(statement)
            context.add(
                TemplatePlan(
                    id=context.id(row.code, start),
                    code=row.code,
                    start=start,
                    end=end,
                    message="TensorFlow 2 executes eagerly by itself",
                    severity=Severity.ERROR,
                    bindings=context.movable(reference.bindings),
                    changes=(removal(context, statement, len(block_of(context, statement)) == 1),),
                    scope=reference.use.scope,
                ),
                [reference.node],
            )
            given = [k for k in call.keywords if not (isinstance(k.value, ast.Constant) and k.value.value is None)]
            if call.args or given:
                way = "say what it said of devices with tf.config, before anything else"
                context.found.troubles.append(
                    Trouble(row.code, start, end, f"`{name}` was given settings, which are lost", way, Severity.WARNING)
                )
