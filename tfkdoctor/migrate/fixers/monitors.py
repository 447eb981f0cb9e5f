"""In which direction a monitored quantity gets better, where a callback's `mode` is 'auto'.

Standalone Keras looked at the name: upwards where 'acc' is in it, else downwards (ModelCheckpoint: upwards too where it
begins with 'fmeasure'). Keras 3 looks for a metric of that name, and raises for one of the program's own, and for the
names that several outputs have ('val_main_acc', 'val_main_loss'). So the direction is written out.
Source: keras 2.2.5 callbacks.py; keras 3 callbacks/monitor_callback.py, `_set_monitor_op`.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor import homes
from tfkdoctor.migrate.arguments import bind
from tfkdoctor.migrate.plans import Amendment
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_CALLBACKS = ("EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau")
_CLEAR = ("loss", "val_loss", "acc", "val_acc", "accuracy", "val_accuracy")


def run(context: Context, row: Row) -> None:
    """Amend each callback that monitors a quantity of which Keras 3 does not know the direction."""
    for call, _ in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        name = reference.name if reference is not None else ""
        leaf = name.rpartition(".")[2]
        if not name.startswith("keras.callbacks.") or leaf not in _CALLBACKS or reference is None:
            continue
        symbol = context.knowledge.origin_symbol(name)
        signature = symbol.signature if symbol is not None else None
        arguments = {a.name: a.node for a in bind(call, signature, homes.NOTHING_OLD)}
        monitor, mode = arguments.get("monitor"), arguments.get("mode")
        automatic = mode is None or (isinstance(mode, ast.Constant) and mode.value == "auto")
        seen = isinstance(monitor, ast.Constant) and isinstance(monitor.value, str)
        only_saves = leaf == "ModelCheckpoint" and "save_best_only" not in arguments
        if None in arguments or not seen or not automatic or only_saves:
            continue
        assert isinstance(monitor, ast.Constant)
        word = str(monitor.value)
        if word in _CLEAR:
            continue
        rises = "acc" in word or (leaf == "ModelCheckpoint" and word.startswith("fmeasure"))
        direction = "max" if rises else "min"
        message = f"`mode='{direction}'` is what 'auto' meant for '{word}'"
        context.amend(call, Amendment(row.code, message, {"mode": (f'"{direction}"',)}, silent=False))
