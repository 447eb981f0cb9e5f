"""'lr' in histories and logs: ReduceLROnPlateau and LearningRateScheduler log 'learning_rate' on Keras 3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.log_keys import Keys, plan_keys
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Plan the new key where 'lr' is asked of a history or of logs, unless the program puts it there itself."""
    program = context.facts.programs.get(context.path, (context.path,))
    old = context.moves or context.first_keras
    if old and not any("lr" in context.facts.summaries[path].logged for path in program):
        plan_keys(context, row, Keys({"lr": "learning_rate"}, prefixed=False))
