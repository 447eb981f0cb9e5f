"""Batch normalization of TensorFlow 1 with arguments that its support piece does not take, such as renormalization."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_ARGUMENTS = ("renorm", "virtual_batch_size", "adjustment")
_NONE = (None, False)


def run(context: Context, row: Row) -> None:
    """Report each such argument that is not what it is by itself, in a call and in an `arg_scope` alike."""
    for call, _ in context.survey.names.calls:
        asked = [k for k in call.keywords if k.arg in _ARGUMENTS and getattr(k.value, "value", ...) not in _NONE]
        if not asked:
            continue
        mentioned = (call.func, *(getattr(call.args[0], "elts", ()) if call.args else ()))
        references = [context.reference_of.get(node) for node in mentioned]
        if any(reference is not None and reference.name in row.of for reference in references):
            for keyword in asked:
                start, end = context.survey.lines.start(keyword), context.survey.lines.end(keyword)
                message = f"`{keyword.arg}=` changes what is computed, and no piece does the same"
                context.found.troubles.append(Trouble(row.code, start, end, message, row.help))
