"""`decay=` of an optimizer whose rate a callback or the program sets as well: a schedule could not be set."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor import homes
from tfkdoctor.migrate.arguments import bind
from tfkdoctor.migrate.conversions import wrap_with
from tfkdoctor.migrate.plans import Amendment
from tfkdoctor.migrate.rows import uses
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_SETTERS = (
    "keras.callbacks.ReduceLROnPlateau",
    "keras.callbacks.LearningRateScheduler",
    "keras.backend.set_value",
    "keras.backend.get_value",
)
_CLASSES = frozenset(["sgd", "rmsprop", "adagrad", "adadelta", "adam", "adamax"])


def _roots(context: Context) -> tuple[str, ...]:
    """Where optimizers come from that took `decay`: in TensorFlow 1 those of tf.keras too, which Keras 3 ignores."""
    first = ("tensorflow.keras.optimizers.",) if context.first_keras else ()
    return ("keras.optimizers.", *first) if uses(context, _SETTERS) else first


def run(context: Context, row: Row) -> None:
    """Let support code apply the decay where the rate itself must stay a number that can be set."""
    if not context.settings.support or not (context.first_keras or uses(context, _SETTERS)):
        return
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is None or not reference.name.startswith(_roots(context)) or reference.home is None:
            continue
        symbol = context.knowledge.origin_symbol(reference.name)
        if reference.name.rpartition(".")[2].lower() not in _CLASSES or symbol is None:
            continue
        arguments = bind(call, symbol.signature, homes.NOTHING_OLD)
        decay = next((a.node for a in arguments if a.name == "decay"), None)
        if decay is None or (isinstance(decay, ast.Constant) and not decay.value):
            continue
        message = "a rate that decays by itself cannot be set: support code applies `decay` to each step"
        plan = wrap_with(context, row, call, scope, reference, "support.with_decay", decay, message)
        said = "`decay` goes to the function around it"
        context.amend(call, Amendment(row.code, said, {"decay": None}, silent=False, requires=frozenset([plan.id])))
