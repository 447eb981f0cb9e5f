"""Holds one file before a migration against the same file after it, reference by reference.

Part of the independent accounting (`account.py`). Lines are aligned with difflib; a reference is rewritten if nothing
legacy of its kind and name stands at the corresponding place afterwards, and something of TensorFlow, Keras or the
project's support module does.
"""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from account_judge import Judged, Placed, Reference


@dataclass(frozen=True, slots=True)
class Report:
    """What a run reported and left: by file the line in the original with the canonical name or "", and whole files."""

    lines: Mapping[str, frozenset[tuple[int, str]]]
    whole: frozenset[str] = frozenset()

    def tells(self, path: str, reference: Reference) -> bool:
        """Whether a finding stands at the very place."""
        return path in self.whole or any(line in reference.lines for line, _ in self.lines.get(path, ()))

    def tells_import(self, path: str, reference: Reference) -> bool:
        """Whether a finding stands at an import that binds the reference, and is not about another name of it."""
        return any(
            line in reference.bound_at and (not name or name.rsplit(".", 1)[-1] in reference.name.split("."))
            for line, name in self.lines.get(path, ())
        )


@dataclass(frozen=True, slots=True)
class Unaccounted:
    """A reference neither rewritten nor reported; `line` counts in the original, for an introduced one in the new."""

    path: str
    line: int
    kind: str
    name: str
    why: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.kind} {self.name}: {self.why}"


@dataclass(frozen=True, slots=True)
class FileAccount:
    """The sums of one file. `by_import`: uses that remain legacy and whose import is what was reported."""

    references: int = 0
    rewritten: int = 0
    reported: int = 0
    by_import: int = 0
    unaccounted: tuple[Unaccounted, ...] = ()


class Alignment:
    """Which lines of two texts correspond: equal lines one to one, changed ones block by block."""

    def __init__(self, before: str, after: str) -> None:
        self.before: dict[int, int] = {}
        self.after: dict[int, int] = {}
        self.changed: set[int] = set()
        old, new = before.splitlines(), after.splitlines()
        block = 0
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag == "equal":
                for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                    self.before[i + 1] = self.after[j + 1] = block
                    block += 1
                continue
            self.before.update({i + 1: block for i in range(i1, i2)})
            self.after.update({j + 1: block for j in range(j1, j2)})
            self.changed.add(block)
            block += 1


def compare(path: str, texts: tuple[str, str], before: Judged, after: Judged, report: Report) -> FileAccount:
    """Account for every legacy reference of one file."""
    places = Alignment(*texts)
    left = _Remaining(places, before, after)
    counts: Counter[str] = Counter()
    rewritten: list[Reference] = []
    unaccounted: list[Unaccounted] = []
    for reference in before.legacy:
        if not left.take(reference):
            rewritten.append(reference)
        elif report.tells(path, reference):
            counts["reported"] += 1
        elif report.tells_import(path, reference):
            counts["by_import"] += 1
        else:
            unaccounted.append(Unaccounted(path, reference.line, reference.kind, reference.name, reference.why))
    vanished = [r for r in _vanished(places, before, after, rewritten) if not report.tells(path, r)]
    unaccounted += [Unaccounted(path, r.line, r.kind, r.name, "vanished without a successor") for r in vanished]
    unaccounted += [Unaccounted(path, r.line, r.kind, r.name, f"introduced: {r.why}") for r in left.introduced()]
    return FileAccount(
        len(before.legacy),
        len(rewritten) - len(vanished),
        counts["reported"],
        counts["by_import"],
        tuple(unaccounted),
    )


class _Remaining:
    """The legacy references of the new text, taken one by one by those of the old text that they are."""

    def __init__(self, places: Alignment, before: Judged, after: Judged) -> None:
        self.places = places
        self.pool: dict[tuple[int, str, str, bool], list[Reference]] = {}
        for reference in after.legacy:
            self.pool.setdefault(_key(places.after[reference.line], reference), []).append(reference)
        self.calls: dict[int, list[Placed]] = {}
        for call in after.calls:
            self.calls.setdefault(places.after[call.line], []).append(call)

    def take(self, reference: Reference) -> bool:
        """Whether the reference is still there."""
        place = self.places.before[reference.line]
        same = self.pool.get(_key(place, reference))
        if same:
            same.pop()
            return True
        # Moving only the import of `Conv2D(32, 3, 3)` makes a call that fits and means something else.
        calls = self.calls.get(place, [])
        for number, call in enumerate(calls if reference.shift else ()):
            if reference.shift and call.repeats(reference.shift):
                del calls[number]
                return True
        return False

    def introduced(self) -> list[Reference]:
        return [reference for references in self.pool.values() for reference in references]


def _key(place: int, reference: Reference) -> tuple[int, str, str, bool]:
    return place, reference.kind, reference.name, reference.shift is not None


def _vanished(places: Alignment, before: Judged, after: Judged, rewritten: list[Reference]) -> list[Reference]:
    """Rewritten names of changed lines that nothing in the new lines stands for: deleted, or commented out."""
    known = {first for _, first in before.others}
    old = Counter(places.before[line] for line, _ in before.names)
    new = Counter(places.after[line] for line, _ in after.names)
    new.update(places.after[line] for line, first in after.others if first not in known)
    lost: list[Reference] = []
    for block in places.changed:
        missing = old[block] - new[block]
        here = [r for r in rewritten if r.kind == "name" and places.before[r.line] == block]
        lost += here[len(here) - missing :] if missing > 0 else []
    return lost


def parses(content: bytes) -> bool:
    """Whether the running Python reads it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(content)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def lost_comments(before: bytes, after: bytes) -> list[str]:
    """Comments of the old text that the new one lacks."""
    return sorted((_comments(before) - _comments(after)).elements())


def _comments(content: bytes) -> Counter[str]:
    found: Counter[str] = Counter()
    try:
        for token in tokenize.tokenize(io.BytesIO(content).readline):
            if token.type == tokenize.COMMENT:
                found[token.string.strip()] += 1
    except (tokenize.TokenError, SyntaxError, ValueError):
        pass
    return found
