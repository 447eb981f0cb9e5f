"""`model.trainable = …` in a program that compiles: on Keras 3 the flag counts when training, no longer when compiling.

The pattern of GANs and of fine-tuning: `d.compile(); d.trainable = False; gan.compile(); d.train_on_batch(…)`. Measured
on TF 2.21: the weights of `d` never change; on keras 2.2.5, 2.3.1 and TF 2.15 they do. No warning is given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Report each assignment to `.trainable` of a model in a program that trains it step by step."""
    program = context.facts.programs.get(context.path, ())
    if not context.moves or not any("train_on_batch" in context.facts.summaries[path].methods for path in program):
        return
    lines = context.survey.lines
    for use in context.survey.names.uses:
        if use.stored and use.attrs[-1:] == ("trainable",):
            message = (
                "on Keras 3 `trainable` counts at every training step, no longer at compile(): this model stays frozen"
            )
            context.found.troubles.append(
                Trouble(row.code, lines.start(use.root), lines.end(use.node), message, row.help, Severity.WARNING)
            )
