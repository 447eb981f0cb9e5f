"""Rules that are code: each takes the match context of a file and adds plans and trouble."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers import history_keys, optimizer_strings
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.match import Context

FIXERS: dict[str, Callable[["Context", Row], None]] = {
    "history_keys": history_keys.run,
    "optimizer_strings": optimizer_strings.run,
}
