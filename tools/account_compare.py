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
from collections.abc import Callable, Mapping
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

    def stands_at(self, path: str, lines: range) -> bool:
        return any(line in lines for line, _ in self.lines.get(path, ()))

    def tells_import(self, path: str, reference: Reference) -> bool:
        """Whether a finding stands at an import that binds the reference, and is not about another name of it."""
        places = reference.through | {(path, line) for line in reference.bound_at}
        parts = reference.name.split(".")
        return any(
            (line == place[1] and (not name or name.rsplit(".", 1)[-1] in parts))
            for place in places
            for line, name in self.lines.get(place[0], ())
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
        self.origins: dict[int, range] = {}  # line of the new text -> lines of the old one
        old, new = before.splitlines(), after.splitlines()
        block = 0
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            for j in range(j1, j2):
                one_to_one = i2 - i1 == j2 - j1
                self.origins[j + 1] = range(i1 + j - j1 + 1, i1 + j - j1 + 2) if one_to_one else range(i1 + 1, i2 + 1)
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
    for number, reference in enumerate(before.legacy):
        if number not in left.still:
            rewritten.append(reference)
        elif report.tells(path, reference):
            counts["reported"] += 1
        elif report.tells_import(path, reference):
            counts["by_import"] += 1
        else:
            unaccounted.append(Unaccounted(path, reference.line, reference.kind, reference.name, reference.why))
    vanished = [r for r in _vanished(places, before, after, rewritten) if not report.tells(path, r)]
    unaccounted += [Unaccounted(path, r.line, r.kind, r.name, "vanished without a successor") for r in vanished]
    for reference in left.introduced:
        if not any(report.stands_at(path, places.origins[line]) for line in reference.lines):
            why = f"introduced: {reference.why}"
            unaccounted.append(Unaccounted(path, reference.line, reference.kind, reference.name, why))
    return FileAccount(
        len(before.legacy),
        len(rewritten) - len(vanished),
        counts["reported"],
        counts["by_import"],
        tuple(unaccounted),
    )


class _Remaining:
    """Which legacy references of the old text are still there, and which of the new text nobody had before."""

    def __init__(self, places: Alignment, before: Judged, after: Judged) -> None:
        self.places = places
        self.still: set[int] = set()  # positions in before.legacy
        self.introduced = list(after.legacy)
        self.calls: dict[int, list[Placed]] = {}
        for call in after.calls:
            self.calls.setdefault(places.after[call.line], []).append(call)
        # By name first; then by the last part of it, since what is dead stays dead when its import moves.
        for name in (_name, _leaf):
            for number, reference in enumerate(before.legacy):
                if number not in self.still and self.take(reference, name):
                    self.still.add(number)
        for number, reference in enumerate(before.legacy):
            if number not in self.still and self.repeated(reference):
                self.still.add(number)

    def take(self, reference: Reference, name: Callable[[Reference], str]) -> bool:
        """Take the reference of the new text that this one of the old text has become, if it has become one."""
        place = self.places.before[reference.line]
        wanted = (place, reference.kind, name(reference), reference.shift is None)
        for number, other in enumerate(self.introduced):
            if (self.places.after[other.line], other.kind, name(other), other.shift is None) == wanted:
                del self.introduced[number]
                return True
        return False

    def repeated(self, reference: Reference) -> bool:
        """Whether only the import of a call moved that means something else there: `Conv2D(32, 3, 3)`."""
        calls = self.calls.get(self.places.before[reference.line], []) if reference.shift else []
        for number, call in enumerate(calls):
            if reference.shift and call.repeats(reference.shift):
                del calls[number]
                return True
        return False


def _name(reference: Reference) -> str:
    """`keras.x` that became `tensorflow.keras.x` has kept its name."""
    return reference.name.removeprefix("tensorflow.") if "keras" in reference.name else reference.name


def _leaf(reference: Reference) -> str:
    return reference.name.rsplit(".", 1)[-1]


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
