"""`get_weights` and `set_weights` in Keras 1, whose LSTM and GRU held an array for each gate."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import rewrite
from tfkdoctor.migrate.fixers.keras1_layers import calls_of
from tfkdoctor.migrate.methods import gives_models, is_foreign, is_project_attribute
from tfkdoctor.migrate.plans import Change, Trouble
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_METHODS = ("get_weights", "set_weights")
_LAYERS = ("LSTM", "GRU", "ConvLSTM2D")


def run(context: Context, row: Row) -> None:
    """Plan the support code's functions in the place of both methods, where the program has such layers."""
    wanted = {id(call) for method in _METHODS for call in context.survey.names.calls_of.get(method, ())}
    if not wanted or not context.moves:
        return
    split, unclear = kinds(context)
    for call, scope in context.survey.names.calls if split or unclear else ():
        func = call.func
        if id(call) not in wanted or not isinstance(func, ast.Attribute) or not _may_hold_gates(context, func):
            continue
        if len(call.args) != (func.attr == "set_weights") or call.keywords:
            continue
        lines = context.survey.lines
        start, end = lines.start(call), lines.end(call)
        message = "recurrent layers of Keras 1 held an array for each gate, unless `consume_less='gpu'`"
        if unclear or not context.settings.support or not context.writable(call):
            context.found.troubles.append(Trouble(row.code, start, end, message, row.help, silent=True))
            continue
        given: tuple[str | ast.expr, ...] = (", ", call.args[0]) if call.args else ()
        text = "".join(f', "{kind}"' for kind in split)
        head = "{@support." + func.attr.replace("_", "_gate_") + "}("
        change = Change(start, end, (head, func.value, *given, f"{text})"))
        rewrite(
            context,
            row,
            (change,),
            message,
            scope,
            (start, end),
            name=func.attr,
            bindings=tuple(b for b in context.moves if gives_models(context, b)),
            silent=True,
        )


def kinds(context: Context) -> tuple[list[str], bool]:
    """The layers that this file makes with an array for each gate; and whether a kind is made in both ways."""
    if not context.knowledge.origin_keras.startswith("1."):
        return [], False
    made: dict[str, set[bool]] = {}
    for name in _LAYERS:
        for call in calls_of(context, name):
            less = next((k.value for k in call.keywords if k.arg == "consume_less"), None)
            together = isinstance(less, ast.Constant) and less.value == "gpu" and name != "ConvLSTM2D"
            made.setdefault(name, set()).add(together)
    return [name for name, ways in made.items() if False in ways], any(len(ways) > 1 for ways in made.values())


def _may_hold_gates(context: Context, func: ast.Attribute) -> bool:
    """Whether a receiver is a model or a recurrent layer, or does not show what it is."""
    if is_foreign(context, func.value) or is_project_attribute(context, func):
        return False
    classes = context.types.of(func.value)
    return not classes or all(
        context.types.inherits(c, "keras.Model")
        or c.rpartition(".")[2] in (*_LAYERS, "Bidirectional", "TimeDistributed")
        for c in classes
    )
