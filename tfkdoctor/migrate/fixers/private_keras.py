"""Layers of `tensorflow.python.keras` and `tf.contrib.keras`: what they meant by 'hard_sigmoid', and by default."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.context import FOREIGN_KERAS
from tfkdoctor.migrate.fixers.old_losses import replace_name
from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.model import Numerics, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_GATES = ("LSTM", "GRU", "ConvLSTM2D", "LSTMCell", "GRUCell")


def run(context: Context, row: Row) -> None:
    """Plan the old hard_sigmoid where it is named; tell of gates that depend on the TensorFlow of their time."""
    if context.settings.numerics is Numerics.MODERN:
        return
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        name = reference.name if reference is not None and reference.node is call.func else ""
        if not name.startswith(tuple(f"{root}." for root in FOREIGN_KERAS)):
            continue
        leaf = name.rpartition(".")[2]
        given = {k.arg: k.value for k in call.keywords}
        values = [given.get("activation"), given.get("recurrent_activation")]
        values += call.args[:1] if leaf == "Activation" else call.args[1:3] if leaf in _GATES else []
        for value in values:
            if isinstance(value, ast.Constant) and value.value == "hard_sigmoid":
                replace_name(context, row, scope, value, "{@support.hard_sigmoid}")
        if leaf in _GATES and not {"recurrent_activation", None} & set(given) and len(call.args) < 3:
            lines = context.survey.lines
            message = (
                f"`{leaf}` of `{name.rpartition('.')[0]}` had hard_sigmoid gates in TensorFlow 1, sigmoid ones since"
            )
            way = "write `recurrent_activation=` out (and for a GRU `reset_after=False` for TensorFlow 1)"
            start, end = lines.start(call), lines.end(call)
            context.found.troubles.append(Trouble(row.code, start, end, message, way, Severity.WARNING, name=name))
