"""The messages of `rules/messages.toml`: what a line of a log means, how much it matters, and what to do about it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from tfkdoctor.rulebook import RuleError

_KEYS = {"text", "match", "severity", "says", "do", "code", "since", "until", "source", "snippet", "proven", "when"}
_CASE_KEYS = {"severity", "says", "do", "code", "since", "until", "beside", "without"}


class Weight(StrEnum):
    """How much a message matters, the heaviest first."""

    FATAL = "fatal"  # the program ends with it
    CAUSE = "cause"  # the program runs on, without what it should have
    WARNING = "warning"  # worth a look
    HARMLESS = "harmless"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a message means where the TensorFlow is in a range, and beside or without other messages."""

    weight: Weight
    says: str
    do: str = ""
    codes: tuple[str, ...] = ()
    since: str = ""  # of TensorFlow, as 2.12; both ends belong to the range
    until: str = ""
    beside: tuple[str, ...] = ()  # messages all of which the log holds too
    without: tuple[str, ...] = ()  # messages none of which it holds


@dataclass(frozen=True, slots=True)
class Message:
    """A known message. A line is one if it holds one of `texts` and `match` is found in it."""

    name: str
    texts: tuple[str, ...]
    match: re.Pattern[str] | None
    meanings: tuple[Meaning, ...]  # the first that fits counts; the last one always fits
    since: str = ""  # the TensorFlow releases that print it
    until: str = ""
    source: str = ""
    snippet: str = ""  # the line of code that raises it, to ask the migrator what it should be
    proven: bool = True  # a recorded log of a real TensorFlow holds it


@cache
def load() -> tuple[Message, ...]:
    """All messages in the order of the file, which is their precedence; raises `RuleError`."""
    from tfkdoctor.validate.index import rules_dir

    return read_messages(rules_dir() / "messages.toml")


def read_messages(path: Path) -> tuple[Message, ...]:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{path}: {error}") from None
    return tuple(read_message(path, name, table) for name, table in data.items())


def read_message(path: Path, name: str, table: Mapping[str, object]) -> Message:
    """One table of the file; raises `RuleError` for an unknown key, a wrong value, a name that `says` cannot fill."""
    where = f"{path}: [{name}]"
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        raise RuleError(f"{where}: unknown key {unknown[0]!r}")
    texts = words(table.get("text"))
    if not texts or not all(texts):
        raise RuleError(f"{where}: `text` is what a line must hold, at least one character")
    try:
        pattern = re.compile(str(table["match"])) if "match" in table else None
    except re.error as error:
        raise RuleError(f"{where}: `match` is no regular expression: {error}") from None
    cases = table.get("when", [])
    if not isinstance(cases, list) or any(set(case) - _CASE_KEYS for case in cases):
        raise RuleError(f"{where}: [[{name}.when]] takes {', '.join(sorted(_CASE_KEYS))}")
    usual = {key: value for key, value in table.items() if key in ("severity", "says", "do", "code")}
    meanings = tuple(read_meaning(where, {**usual, **case}) for case in [*cases, {}])
    holes = {hole for one in meanings for hole in re.findall(r"\{(\w+)\}", one.says + one.do)}
    holes |= set(re.findall(r"\{(\w+)\}", str(table.get("snippet", ""))))
    lost = sorted(holes - set(pattern.groupindex if pattern else ()))
    if lost:
        raise RuleError(f"{where}: {{{lost[0]}}} is no group of `match`")
    return Message(
        name=name,
        texts=texts,
        match=pattern,
        meanings=meanings,
        since=str(table.get("since", "")),
        until=str(table.get("until", "")),
        source=str(table.get("source", "")),
        snippet=str(table.get("snippet", "")),
        proven=table.get("proven", True) is True,
    )


def read_meaning(where: str, table: Mapping[str, object]) -> Meaning:
    try:
        weight = Weight(str(table.get("severity")))
    except ValueError:
        raise RuleError(f"{where}: `severity` is one of {', '.join(Weight)}") from None
    if not table.get("says"):
        raise RuleError(f"{where}: `says` is missing: what does the message mean?")
    return Meaning(
        weight=weight,
        says=" ".join(str(table["says"]).split()),
        do=" ".join(str(table.get("do", "")).split()),
        codes=words(table.get("code")),
        since=str(table.get("since", "")),
        until=str(table.get("until", "")),
        beside=words(table.get("beside")),
        without=words(table.get("without")),
    )


def words(value: object) -> tuple[str, ...]:
    """A string or a list of strings."""
    if isinstance(value, str):
        return (value,)
    return tuple(map(str, value)) if isinstance(value, list) else ()
