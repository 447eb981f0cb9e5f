"""Compares what two programs printed, number by number: their `RESULT name value…` lines, or all that they print."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

RELATIVE, ABSOLUTE = 1e-4, 1e-5  # TensorFlow 1 and 2 add in another order

Value = float | str
Line = tuple[str, tuple[Value, ...]]


def results(text: str) -> tuple[Line, ...]:
    """The `RESULT name value…` lines; a value is a float where it can be one."""
    found = (re.search(r"(?:^|[\r\x08])RESULT (\S+)(.*)$", line) for line in text.splitlines())
    return tuple((match[1], values(match[2])) for match in found if match)


def without_progress(text: str) -> str:
    """What a program printed, less the progress bars that Keras draws in between."""
    pieces = re.split(r"[\n\r\x08]+", re.sub(r"\x1b\[[\d;]*[A-Za-z]", "", text))
    progress = re.compile(r"\s*\d+/\d+ .*([=━]|ETA|step)|\s*Epoch \d+/\d+\s*$")
    return "\n".join(piece for piece in pieces if piece.strip() and not progress.match(piece))


def values(text: str) -> tuple[Value, ...]:
    """All words of a text, brackets and commas taken away, as numbers where they are some."""
    return tuple(_value(word) for word in re.sub(r"[,\[\](){}:=]", " ", text).split())


def _value(word: str) -> Value:
    try:
        return float(word)
    except ValueError:
        return word


def first_difference(
    expected: Sequence[Line], printed: Sequence[Line], relative: float = RELATIVE, absolute: float = ABSOLUTE
) -> str | None:
    """The first line or number that differs, in words; None where all are equal, in the same order."""
    for (name, wanted), (printed_name, got) in zip(expected, printed, strict=False):
        if name != printed_name:
            return f"{printed_name} printed where {name} was expected"
        difference = differing_value(wanted, got, relative, absolute)
        if difference:
            return f"{name}: {difference}"
    if len(expected) != len(printed):
        return f"{len(printed)} lines instead of {len(expected)}"
    return None


def differing_value(
    wanted: Sequence[Value], got: Sequence[Value], relative: float = RELATIVE, absolute: float = ABSOLUTE
) -> str | None:
    """The first value that differs, in words, or None."""
    if len(wanted) != len(got):
        return f"{len(got)} values instead of {len(wanted)}"
    for a, b in zip(wanted, got, strict=True):
        if not _close(a, b, relative, absolute):
            return f"{b} instead of {a}"
    return None


def _close(a: Value, b: Value, relative: float, absolute: float) -> bool:
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    if math.isfinite(a) and math.isfinite(b):
        return abs(a - b) <= absolute + relative * abs(a)
    return a == b or (math.isnan(a) and math.isnan(b))
