"""Reads `rules/*.toml`: one table per code, rows as arrays of tables, the examples beside them.

A wrong key, a duplicate code or a value of the wrong type is a `RuleError` that names the file and the line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tfkdoctor.model import Safety, Severity

VERBS = ("moves", "renames", "calls", "methods", "attributes", "removed", "differs", "defaults", "python", "graph")
_Grade = TypeVar("_Grade", Safety, Severity)
_CODE = re.compile(r"TFK\d{3}\Z")
_TABLE_KEYS = {"name", "summary", "why", "safety", "severity", "help", "example", *VERBS}
_COMMON_KEYS = {
    "source",
    "target",
    "keras",
    "mode",
    "when",
    "unless",
    "beside",
    "safety",
    "severity",
    "numerics",
    "size",
    "support",
    "needs",
    "help",
}
_ROW_KEYS = {
    "moves": {"from", "to"},
    "renames": {"from", "to"},
    "calls": {"of", "to", "becomes", "wrap", "args"},
    "methods": {"on", "of", "to", "becomes", "args", "distinctive"},
    "attributes": {"on", "of", "to", "becomes", "distinctive"},
    "removed": {"of"},
    "differs": {"of", "arg", "value"},
    "defaults": {"of", "arg", "keep", "map"},
    "python": {"of", "fixer", "wrap"},
    "graph": {"of"},
}
_EXAMPLE_KEYS = {"origin", "before", "after", "expect", "run", "references", "target", "numerics"}


class RuleError(Exception):
    """A mistake in a rule file; the message begins with `file:line:`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of knowledge under a code: what it is about (`of`), when it holds, what becomes of it."""

    code: str
    verb: str
    of: tuple[str, ...]
    to: str | None = None
    wrap: str | None = None  # a function that takes the call, whatever else becomes of it: "support.dense_gradients"
    becomes: str | None = None  # a template for the whole expression: `{self}` is the receiver, `{x}` an argument
    args: Mapping[str, str] = field(default_factory=dict)
    when: Mapping[str, str] = field(default_factory=dict)
    unless: tuple[str, ...] = ()  # names whose use in the program rules the row out
    beside: tuple[str, ...] = ()  # names one of which the program must use; `.fit` is a method that it calls
    on: str | None = None
    arg: str | None = None
    map: Mapping[str, str] = field(default_factory=dict)
    keep: bool = True
    value: str | None = None  # the literal that the argument must have, as source text
    fixer: str | None = None
    distinctive: bool = False
    source: str | None = None
    target: str | None = None
    keras: str = "any"
    mode: str = "any"
    numerics: str = "any"
    size: str = ""
    help: str = ""
    safety: Safety = Safety.SAFE
    severity: Severity | None = None
    support: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """A piece of code before and after, or what is expected instead: `expect` is "finding" or "nothing"."""

    before: str
    after: str | None = None
    expect: str | None = None
    origin: str = "keras==2.2.5"
    target: str | None = None
    run: bool = False
    references: bool = False  # run it in TensorFlow 1 with reference variables, as that was: resources refuse it
    numerics: str = "keep"
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """Everything that is known under one code."""

    code: str
    name: str
    summary: str
    why: str
    safety: Safety
    severity: Severity | None
    help: str
    rows: tuple[Row, ...]
    examples: tuple[Example, ...]
    file: str
    line: int


def read_rules(files: Iterable[Path]) -> dict[str, Rule]:
    """All rules of these files by code; raises `RuleError`."""
    rules: dict[str, Rule] = {}
    for file in files:
        for rule in _read_file(file):
            if rule.code in rules:
                first = rules[rule.code]
                raise RuleError(f"{file}:{rule.line}: {rule.code} is there already, in {first.file}:{first.line}")
            rules[rule.code] = rule
    return rules


def _read_file(file: Path) -> Iterable[Rule]:
    text = file.read_text("utf-8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise RuleError(f"{file}:{line[1] if line else 1}: {error}") from None
    places = _Places(file, text)
    for code, table in data.items():
        if not _CODE.match(code):
            raise RuleError(f"{places.at(code)}: {code!r} is no code; codes look like TFK101")
        if not isinstance(table, dict):
            raise RuleError(f"{places.at(code)}: {code} must be a table")
        yield _read_rule(code, table, places)


def _read_rule(code: str, table: Mapping[str, object], places: _Places) -> Rule:
    places.known(code, table, _TABLE_KEYS)
    for required in ("name", "summary", "why"):
        if not isinstance(table.get(required), str):
            raise RuleError(f"{places.at(code)}: {code} has no text under {required!r}")
    rows = tuple(
        _read_row(code, verb, row, places, index)
        for verb in VERBS
        for index, row in enumerate(places.tables(code, verb, table.get(verb, [])))
    )
    examples = tuple(
        _read_example(code, example, places, index)
        for index, example in enumerate(places.tables(code, "example", table.get("example", [])))
    )
    severity = table.get("severity")
    return Rule(
        code=code,
        name=str(table["name"]),
        summary=str(table["summary"]),
        why=str(table["why"]),
        safety=places.one_of(code, Safety, table.get("safety", "safe")),
        severity=places.one_of(code, Severity, severity) if severity is not None else None,
        help=str(table.get("help", "")),
        rows=rows,
        examples=examples,
        file=str(places.file),
        line=places.line(code),
    )


def _read_row(code: str, verb: str, row: Mapping[str, object], places: _Places, index: int) -> Row:
    where = places.at(code, verb, index)
    places.known(code, row, _ROW_KEYS[verb] | _COMMON_KEYS, verb, index)
    of = row.get("from", row.get("of"))
    names = _texts(of, where)
    if not names:
        raise RuleError(f"{where}: a row of {code}.{verb} must say what it is about")
    keras = str(row.get("keras", "any"))
    if keras not in ("any", "2", "3"):
        raise RuleError(f"{where}: keras is 'any', '2' or '3', not {keras!r}")
    mode = str(row.get("mode", "any"))
    if mode not in ("any", "native", "eager", "compat"):
        raise RuleError(f"{where}: mode is 'any', 'native', 'eager' or 'compat', not {mode!r}")
    return Row(
        code=code,
        verb=verb,
        of=names,
        to=_text(row.get("to"), where),
        becomes=_text(row.get("becomes"), where),
        wrap=_text(row.get("wrap"), where),
        args=_mapping(row.get("args"), where),
        when=_mapping(row.get("when"), where),
        unless=_texts(row.get("unless", []), where),
        beside=_texts(row.get("beside", []), where),
        on=_text(row.get("on"), where),
        arg=_text(row.get("arg"), where),
        map=_mapping(row.get("map"), where),
        keep=bool(row.get("keep", True)),
        value=_text(row.get("value"), where),
        fixer=_text(row.get("fixer"), where),
        distinctive=bool(row.get("distinctive", False)),
        source=_text(row.get("source"), where),
        target=_text(row.get("target"), where),
        keras=keras,
        mode=mode,
        numerics=str(row.get("numerics", "any")),
        size=str(row.get("size", "")),
        help=str(row.get("help", "")),
        safety=places.one_of(code, Safety, row.get("safety", "safe")),
        severity=places.one_of(code, Severity, row["severity"]) if "severity" in row else None,
        support=_texts(row.get("support", []), where),
        needs=_texts(row.get("needs", []), where),
        line=places.line(code, verb, index),
    )


def _read_example(code: str, table: Mapping[str, object], places: _Places, index: int) -> Example:
    where = places.at(code, "example", index)
    places.known(code, table, _EXAMPLE_KEYS, "example", index)
    before, after, expect = (
        _text(table.get("before"), where),
        _text(table.get("after"), where),
        _text(table.get("expect"), where),
    )
    if before is None or (after is None) == (expect is None):
        raise RuleError(f"{where}: an example of {code} has `before`, and either `after` or `expect`")
    if expect not in (None, "finding", "nothing"):
        raise RuleError(f"{where}: expect is 'finding' or 'nothing', not {expect!r}")
    return Example(
        before=before,
        after=after,
        expect=expect,
        origin=_text(table.get("origin"), where) or "keras==2.2.5",
        target=_text(table.get("target"), where),
        run=bool(table.get("run", False)),
        references=bool(table.get("references", False)),
        numerics=_text(table.get("numerics"), where) or "keep",
        line=places.line(code, "example", index),
    )


class _Places:
    """Where in a TOML file a table stands, for messages."""

    def __init__(self, file: Path, text: str) -> None:
        self.file = file
        self.headers: dict[str, list[int]] = {}
        for number, line in enumerate(text.splitlines(), 1):
            match = re.match(r"\s*\[\[?\s*([\w.\-]+)\s*\]\]?", line)
            if match:
                self.headers.setdefault(match[1], []).append(number)

    def line(self, code: str, verb: str = "", index: int = 0) -> int:
        lines = self.headers.get(f"{code}.{verb}" if verb else code) or [1]
        return lines[min(index, len(lines) - 1)]

    def at(self, code: str, verb: str = "", index: int = 0) -> str:
        return f"{self.file}:{self.line(code, verb, index)}"

    def known(self, code: str, table: Mapping[str, object], keys: set[str], verb: str = "", index: int = 0) -> None:
        for key in table:
            if key not in keys:
                import difflib

                close = difflib.get_close_matches(key, keys, 1)
                hint = f"; did you mean {close[0]!r}?" if close else ""
                raise RuleError(
                    f"{self.at(code, verb, index)}: unknown key {key!r} in {code}{'.' + verb if verb else ''}{hint}"
                )

    def tables(self, code: str, verb: str, value: object) -> list[Mapping[str, object]]:
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise RuleError(f"{self.at(code, verb)}: {code}.{verb} must be an array of tables")
        return value

    def one_of(self, code: str, kind: type[_Grade], value: object) -> _Grade:
        try:
            return kind(str(value))
        except ValueError:
            raise RuleError(f"{self.at(code)}: {value!r} is none of {', '.join(kind)}") from None


def _text(value: object, where: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise RuleError(f"{where}: {value!r} should be a string")
    return value


def _texts(value: object, where: str) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise RuleError(f"{where}: {value!r} should be a string or a list of strings")
    return tuple(values)


def _mapping(value: object, where: str) -> Mapping[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
        raise RuleError(f"{where}: {value!r} should be a table of strings")
    return value
