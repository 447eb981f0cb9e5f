"""`ModelCheckpoint("w.{epoch}.h5")` of Keras 1 numbers the epochs from 0 (keras 1.2.2 callbacks.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.migrate.fixers.log_flow import literals_of
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Wrap each checkpoint whose file name has the number of the epoch, or cannot be seen."""
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is None or reference.name != "keras.callbacks.ModelCheckpoint":
            continue
        bindings = context.movable(reference.bindings)
        named = next((k.value for k in call.keywords if k.arg == "filepath"), None)
        path = named or next(iter(call.args), None)
        if path is None or not (bindings or reference.providers):
            continue
        texts = [node.value for node in literals_of(context, path)]
        if not texts or any("{epoch" in str(text) for text in texts):
            wrap_call(context, call, scope, row, reference.name, bindings, reference.certain)
