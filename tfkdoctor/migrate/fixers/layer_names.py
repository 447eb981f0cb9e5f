"""`model.get_layer("dense_1")`: standalone Keras counts automatic names from 1, tf.keras begins without a number."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_AUTOMATIC = re.compile(r"[a-z][a-z0-9_]*_\d+\Z")


def run(context: Context, row: Row) -> None:
    """Report automatic layer names in `get_layer`, where no layer of the program is given that name."""
    if not context.moves:
        return
    lines = context.survey.lines
    named = {
        k.value.value
        for call, _ in context.survey.names.calls
        for k in call.keywords
        if k.arg == "name" and isinstance(k.value, ast.Constant)
    }
    for call, _ in context.survey.names.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr != "get_layer":
            continue
        for value in [*call.args[:1], *(k.value for k in call.keywords if k.arg == "name")]:
            if not isinstance(value, ast.Constant) or not isinstance(value.value, str) or value.value in named:
                continue
            if _AUTOMATIC.match(value.value):
                message = (
                    f"the automatic name '{value.value}' may be the next layer's today: counting begins at 'dense'"
                )
                start, end = lines.start(value), lines.end(value)
                context.found.troubles.append(Trouble(row.code, start, end, message, row.help, Severity.WARNING))
