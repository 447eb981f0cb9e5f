"""Keywords of Keras 1 in a dictionary that is called with: `LSTM(4, **dict(inner_init="one"))`.

A dictionary in sight gets today's keys where it is made (spreads.py has read the calls with its entries).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfkdoctor.migrate import spreads
from tfkdoctor.migrate.plans import TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Write each dictionary as all its calls want it, or tell that they want different things."""
    lines = context.survey.lines
    for entries in dict.fromkeys(spread.entries for spread in context.spreads.values()):
        wish = entries.agreed
        start, end = lines.start(entries.node), lines.end(entries.node)
        bindings = tuple(entries.bindings)
        what = "; ".join(dict.fromkeys(entries.notes))
        if wish is None or not context.writable(entries.node):
            message = f"the calls that take this dictionary through `**` want different keys: {what}"
            way = "make a dictionary for each of them, or write its entries in the calls"
            context.found.troubles.append(
                Trouble(row.code, start, end, message, way, Severity.ERROR, bindings, entries.silent)
            )
            continue
        changes = spreads.changes(context, entries, wish)
        if changes:
            plan = TemplatePlan(
                id=context.id(row.code, start),
                code=row.code,
                start=start,
                end=end,
                message=f"what goes into a call through `**`: {what}",
                severity=Severity.ERROR,
                safety=Safety.SAFE if entries.certain else Safety.UNSAFE,
                bindings=bindings,
                silent=entries.silent,
                introduces=introduced(changes),
                changes=tuple(changes),
                scope=context.survey.names.module,
            )
            context.add(plan)
