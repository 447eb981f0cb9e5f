"""tf.keras in a program of TensorFlow 1: its names are those of today, its defaults and formulas are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.model import Numerics, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_CHANGED = ("tensorflow.keras.layers.", "tensorflow.keras.optimizers.", "tensorflow.keras.models.")


def run(context: Context, row: Row) -> None:
    """Tell once per file that numbers may be others."""
    if not context.first_tensorflow or context.settings.numerics is Numerics.MODERN:
        return
    found = [r for r in context.found.references if r.name.startswith(_CHANGED)]
    if not found:
        return
    first = min(found, key=lambda r: context.survey.lines.start(r.use.root))
    start, end = context.survey.lines.start(first.use.root), context.survey.lines.end(first.node)
    message = "tf.keras of TensorFlow 1 had the defaults of Keras 2, which are not written out here"
    context.found.troubles.append(Trouble(row.code, start, end, message, row.help, Severity.HINT, name=first.name))
