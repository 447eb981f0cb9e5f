"""The numbers in what a program printed, and the first one that another program printed otherwise.

What says nothing about results is left out: progress bars, times and dates, sizes in bytes, addresses, versions, and
numbers that are part of a name (`dense_1`). A number that was printed with few digits is compared with as many.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ANSI = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")
BAR = re.compile(
    r"(?:\d+|Unknown)/(?:\d+|Unknown) *(?:\[[=>.\s]*\]|[━\s]{2,})(?: *-? *(?:ETA: *[\d:]+s?|\d+s(?: \d+[mu]?s/\w+)?))?"
)
NOISE = re.compile(
    r"""0x[0-9a-fA-F]+                                            # an address
    | \d{4}-\d\d-\d\d | \d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?          # a date, a time
    | (?<![\w.])\d+/\d+\s-(?=\s)                                  # 2/2 - of a line per epoch
    | (?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?\s?                      # a time that something took
      (?:[mnuµ]?s(?:/(?:step|sample|epoch))?|sec(?:ond)?s?|min(?:ute)?s?|h(?:ours?)?)(?!\w)
    | \(\d+(?:\.\d+)?\s[KMGT]?B\)                                 # a size
    | (?<![\w.])v?\d+\.\d+\.\d+[\w.+-]*                           # a version
    | \w\[\d+\]\[\d+\]                                            # a node, in model.summary()
    """,
    re.VERBOSE,
)
SKIPPED = re.compile(
    r"Train on \d+ samples|Downloading data|\s*Optimizer params:|WARNING:|\s*Epoch \d+/\d+\s*$|Using TensorFlow backend"
)
NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?!\w)|(?<!\w)[-+]?(?:nan|inf)(?!\w)"
)
METRICS = re.compile(r"[\s-]*\w+: \S+(?: - \w+: \S+)*\s*$")
COARSE = 1e-3  # a last digit of more is no rounding: 0.5 and 0.6 differ
NAMES = {"acc": "accuracy", "mse": "mean_squared_error", "mae": "mean_absolute_error"}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was printed: `unit` is that of its last digit, 0 for a whole number."""

    value: float
    unit: float
    line: int


@dataclass(frozen=True, slots=True)
class Printed:
    """The numbers in their order, and the lines that they stand in."""

    numbers: tuple[Number, ...]
    lines: tuple[str, ...]

    def line(self, number: Number) -> str:
        return self.lines[number.line]


@dataclass(frozen=True, slots=True)
class Unequal:
    """The first number that is another one: the line that each program printed there (empty: it printed no more)."""

    position: int
    old: str
    new: str
    old_value: float | None
    new_value: float | None


def printed(text: str) -> Printed:
    lines = [line for line in plain_lines(text) if not SKIPPED.match(line)]
    return Printed(tuple(number for place, line in enumerate(lines) for number in numbers(line, place)), tuple(lines))


def plain_lines(text: str) -> Iterator[str]:
    """Lines without what was overwritten on a terminal, without progress bars and empty ones."""
    for line in ANSI.sub("", text).split("\n"):
        pieces = [piece for piece in re.split(r"[\r\x08]+", line) if piece.strip()]
        left = BAR.sub(" ", pieces[-1]).rstrip() if pieces else ""
        if left.strip(" -"):
            yield left


def numbers(line: str, place: int) -> Iterator[Number]:
    """The numbers of a line; those of a line of Keras's own (`loss: 0.5 - acc: 1.0`) by name, since it sorts them."""
    told = NOISE.sub(" ", line)
    if METRICS.match(told):
        told = " ".join(sorted(told.strip(" -").split(" - "), key=metric))
    for match in NUMBER.finditer(told):
        yield number(match[0], place)


def metric(text: str) -> str:
    name = text.split(":")[0].strip()
    before, name = ("val_", name[4:]) if name.startswith("val_") else ("", name)
    return before + NAMES.get(name, name)


def number(text: str, line: int) -> Number:
    plain = text.replace(",", "")
    digits, _, exponent = plain.lower().partition("e")
    places = len(digits.partition(".")[2])
    whole = "." not in digits and not exponent
    value = float(plain)
    unit = 0.0 if whole or not math.isfinite(value) else 10.0 ** (int(exponent or 0) - places)
    return Number(value, unit if digits.partition(".")[2] else 0.0, line)


def first_unequal(old: Printed, new: Printed, relative: float, absolute: float) -> Unequal | None:
    """The first number that differs by more than `absolute + relative * |old|`, and one unit where that is small."""
    for position, (a, b) in enumerate(zip(old.numbers, new.numbers, strict=False)):
        if not close(a, b, relative, absolute):
            return Unequal(position, old.line(a).strip(), new.line(b).strip(), a.value, b.value)
    if len(old.numbers) == len(new.numbers):
        return None
    position = min(len(old.numbers), len(new.numbers))
    a_left, b_left = rest(old, position), rest(new, position)
    return Unequal(position, a_left[0], b_left[0], a_left[1], b_left[1])


def rest(side: Printed, position: int) -> tuple[str, float | None]:
    if position >= len(side.numbers):
        return "", None
    return side.line(side.numbers[position]).strip(), side.numbers[position].value


def close(a: Number, b: Number, relative: float, absolute: float) -> bool:
    if not (math.isfinite(a.value) and math.isfinite(b.value)):
        return a.value == b.value or (math.isnan(a.value) and math.isnan(b.value))
    if not a.unit and not b.unit and a.value == int(a.value) and b.value == int(b.value):
        return a.value == b.value
    unit = max(a.unit, b.unit)
    return abs(a.value - b.value) <= absolute + relative * abs(a.value) + (1.001 * unit if unit <= COARSE else 0)


def other_words(old: Sequence[str], new: Sequence[str]) -> tuple[str, str] | None:
    """The first line whose words, numbers aside, differ; None where all are equal."""
    for a, b in zip(old, new, strict=False):
        if words(a) != words(b):
            return a.strip(), b.strip()
    return None


def words(line: str) -> str:
    told = NOISE.sub(" ", line)
    if METRICS.match(told):
        return ""  # its numbers were compared by name
    return " ".join(NUMBER.sub("#", told).split())
