"""Loss functions of the program's own: they got their targets as floats of the rank of the predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.migrate.fixers.metrics import compile_calls, is_function
from tfkdoctor.migrate.fixers.weighted_loss import losses_of
from tfkdoctor.migrate.methods import gives_models
from tfkdoctor.migrate.plans import TemplatePlan
from tfkdoctor.model import Numerics
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Wrap the functions that compile() is given as losses, where nothing else gives them their targets."""
    if not context.moves or context.settings.numerics is Numerics.MODERN:
        return
    wrapped = {c.start for p in context.found.plans if isinstance(p, TemplatePlan) for c in p.changes}
    bindings = tuple(b for b in context.moves if gives_models(context, b))
    for call, scope in compile_calls(context):
        for node in losses_of(call):
            if is_function(context, node) and context.survey.lines.start(node) not in wrapped:
                wrap_call(context, node, scope, row, context.survey.lines.segment(node), bindings, True)
