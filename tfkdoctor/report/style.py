"""How text looks on this stream: colour, marks, and where lines are broken."""

from __future__ import annotations

import os
import shutil
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

from tfkdoctor.model import Severity

_SGR = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
    "bold red": "1;31",
    "bold green": "1;32",
    "bold yellow": "1;33",
}
_PRETTY = {"ok": "✓", "error": "✗", "warning": "!", "hint": "–", "arrow": "→"}
_PLAIN = {"ok": "ok", "error": "x", "warning": "!", "hint": "-", "arrow": "->"}
_COLOURS = {"ok": "bold green", "error": "bold red", "warning": "bold yellow", "hint": "cyan"}


@dataclass(frozen=True, slots=True)
class Style:
    """`width` is the number of columns to wrap at; None (a pipe, a file) leaves every line whole."""

    colour: bool = False
    width: int | None = None
    unicode: bool = True

    def paint(self, text: str, look: str) -> str:
        return f"\x1b[{_SGR[look]}m{text}\x1b[0m" if self.colour and text else text

    def mark(self, name: str) -> str:
        """The mark of "ok", "error", "warning" or "hint", in its colour."""
        text = (_PRETTY if self.unicode else _PLAIN)[name]
        return self.paint(text, _COLOURS[name]) if name in _COLOURS else text

    def severity(self, severity: Severity) -> str:
        return self.mark(severity.value)

    def wrap(self, text: str, first: int, indent: int) -> list[str]:
        """Break unpainted text at the width: its first line begins in column `first`, all others in `indent`.

        The indentations are no part of the result, so that the caller can paint and prefix. What a person copies (a
        path, a quoted word) is never broken in two.
        """
        if self.width is None:
            return text.split("\n")
        lines: list[str] = []
        for paragraph in text.split("\n"):
            begin = indent if lines else first
            wrapped = textwrap.wrap(
                paragraph,
                max(self.width, begin + 20, indent + 20),
                initial_indent=" " * begin,
                subsequent_indent=" " * indent,
                break_long_words=False,
                break_on_hyphens=False,
            )
            lines += [line.strip() for line in wrapped] or [""]
        return lines


def style_for(stream: TextIO, color: str = "auto", environ: Mapping[str, str] = os.environ) -> Style:
    """The style of a stream.

    `color` is auto, always or never; auto asks NO_COLOR, FORCE_COLOR (https://force-color.org), TERM and whether the
    stream is a terminal, in this order. Only terminals get their lines broken.
    """
    terminal = stream.isatty()
    if color == "auto":
        if environ.get("NO_COLOR"):
            colour = False
        elif environ.get("FORCE_COLOR", "0") not in ("", "0"):
            colour = True
        else:
            colour = terminal and environ.get("TERM") != "dumb"
    else:
        colour = color == "always"
    width = max(60, min(shutil.get_terminal_size((100, 24)).columns, 120)) if terminal else None
    return Style(colour, width, _can_say(stream, "".join(_PRETTY.values())))


def _can_say(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True
