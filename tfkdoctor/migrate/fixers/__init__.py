"""Rules that are code: each takes the match context of a file and adds plans and trouble."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers import (
    history_keys,
    layer_names,
    monitors,
    optimizer_strings,
    rate_key,
    schedules,
    trainable,
)
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_Fixers = dict[str, Callable[["Context", Row], None]]

BEFORE: _Fixers = {  # these amend calls
    "monitors": monitors.run,
    "schedules": schedules.run,
}

AFTER: _Fixers = {
    "history_keys": history_keys.run,
    "layer_names": layer_names.run,
    "optimizer_strings": optimizer_strings.run,
    "rate_key": rate_key.run,
    "trainable": trainable.run,
}
