"""From what a log holds to what it means: which TensorFlow wrote it, what each message says there, and the verdict."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tfkdoctor.logs.messages import Meaning, Message, Weight
from tfkdoctor.logs.scan import Scan, Seen

Version = tuple[int, int]
_HEAVY = (Weight.FATAL, Weight.CAUSE, Weight.WARNING)


@dataclass(frozen=True, slots=True)
class Told:
    """A message with what it means in this log."""

    name: str  # "" for an exception that is no known message
    weight: Weight
    text: str
    first: int
    last: int
    count: int
    says: str
    do: str
    codes: tuple[str, ...]
    frame: str = ""  # where in the user's own code it was raised
    code_says: str = ""  # what the migrator makes of it
    proven: bool = True
    found: tuple[str, ...] | None = None  # what these checks find in the interpreter; None: it was not examined


@dataclass(frozen=True, slots=True)
class Translation:
    """A log as a person wants to read it: the line that matters, then the rest."""

    lines: int
    tensorflow: str  # "2.15.1", "2.14 to 2.19", "" if unknown
    reason: str  # how that is known
    verdict: Told | None
    rest: tuple[Told, ...]
    unknown: int
    samples: tuple[tuple[int, str], ...]

    @property
    def all(self) -> tuple[Told, ...]:
        return (self.verdict, *self.rest) if self.verdict else self.rest


def translate(found: Scan, version: str = "", reason: str = "--python") -> Translation:
    """What a log means; `version` is that of the TensorFlow that wrote it, where it is known from elsewhere."""
    seen = found.ordered()
    if not version:
        version, reason = found.version, "the log says it"
    exact = number(version)
    low, high = (exact, exact) if exact else span(seen)
    names = frozenset(one.message.name for one in seen if one.message)
    told = {id(one): tell(one, low, high, names) for one in seen}
    first = verdict(seen, {key: value.weight for key, value in told.items()})
    return Translation(
        lines=found.lines,
        tensorflow=version or ranged(low, high),
        reason=reason if version else "its messages",
        verdict=told[id(first)] if first else None,
        rest=tuple(told[id(one)] for one in seen if one is not first),
        unknown=found.unknown,
        samples=tuple(found.samples),
    )


def number(version: str) -> Version | None:
    match = re.match(r"(\d+)\.(\d+)", version)
    return (int(match[1]), int(match[2])) if match else None


def span(seen: Sequence[Seen]) -> tuple[Version | None, Version | None]:
    """The TensorFlow releases that print all of these messages; nothing where no release prints them all."""
    messages = [one.message for one in seen if one.message]
    lows = [found for one in messages if (found := number(one.since))]
    highs = [found for one in messages if (found := number(one.until))]
    low, high = max(lows, default=None), min(highs, default=None)
    return (None, None) if low and high and low > high else (low, high)


def ranged(low: Version | None, high: Version | None) -> str:
    first, last = (f"{one[0]}.{one[1]}" if one else "" for one in (low, high))
    if first and last:
        return first if first == last else f"{first} to {last}"
    return f"{first} or newer" if first else f"{last} or older" if last else ""


def tell(one: Seen, low: Version | None, high: Version | None, names: frozenset[str]) -> Told:
    frame = one.raised.frame if one.raised else ""
    if one.message is None:
        says = "An exception that is none of the messages that tfkdoctor knows."
        return Told("", Weight.FATAL, one.text, one.first, one.last, one.count, says, "", (), frame)
    meaning = next(m for m in one.message.meanings if fits(m, low, high, names))
    groups = dict(one.groups) or dict.fromkeys(holes(one.message), "…")
    return Told(
        name=one.message.name,
        weight=meaning.weight,
        text=one.text,
        first=one.first,
        last=one.last,
        count=one.count,
        says=meaning.says.format_map(groups),
        do=meaning.do.format_map(groups),
        codes=meaning.codes,
        frame=frame,
        proven=one.message.proven,
    )


def holes(message: Message) -> Mapping[str, int]:
    return message.match.groupindex if message.match else {}


def fits(meaning: Meaning, low: Version | None, high: Version | None, names: frozenset[str]) -> bool:
    """Whether a meaning holds for some TensorFlow of the range, beside these messages.

    A range that is open where the meaning's is not does not show that it holds: the usual meaning is the safer one.
    """
    since, until = number(meaning.since), number(meaning.until)
    if since and not (low and low >= since):
        return False
    if until and not (high and high <= until):
        return False
    return names.issuperset(meaning.beside) and names.isdisjoint(meaning.without)


def verdict(seen: Sequence[Seen], weights: Mapping[int, Weight]) -> Seen | None:
    """The line that matters: what the program died of last, else the first cause, else the first warning.

    A chain of exceptions begins with what caused the others, so its first known one counts.
    """
    fatal = [one for one in seen if weights[id(one)] is Weight.FATAL]
    if fatal:
        end = max(fatal, key=lambda one: one.last)
        chain = [one for one in fatal if one.chain and one.chain == end.chain]
        return next((one for one in chain if one.message), end)
    for weight in _HEAVY[1:]:
        for one in seen:
            if weights[id(one)] is weight:
                return one
    return None
