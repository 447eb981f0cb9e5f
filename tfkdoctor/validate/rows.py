"""The lines of an API index file: which versions they hold in, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

KINDS = {
    "m": "module",
    "c": "class",
    "f": "function",
    "k": "constant",
    "d": "method",
    "p": "property",
    "=": "alias",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One parsed line: the positions of the versions in which it holds, and its columns."""

    alive: frozenset[int]
    versions: str
    kind: str
    star: bool
    loaded: bool
    object: str
    signature: str
    bases: tuple[str, ...]


def parse_row(columns: str, versions: tuple[str, ...]) -> Row:
    """Read what follows the name on a line; `versions` are those of the file's head."""
    alive, kind, found, signature, bases = (*columns.split("\t"), "", "", "", "")[:5]
    return Row(
        alive=positions(alive, versions),
        versions=alive,
        kind=KINDS[kind[0]],
        star=len(kind) == 1,
        loaded=not kind.endswith("!"),
        object=found,
        signature=signature,
        bases=tuple(bases.split()),
    )


@cache
def positions(text: str, versions: tuple[str, ...]) -> frozenset[int]:
    """`*` or intervals such as `1.15,2.16..2.21` as positions in the list of versions."""
    if text == "*":
        return frozenset(range(len(versions)))
    alive: set[int] = set()
    for part in text.split(","):
        start, _, end = part.partition("..")
        alive.update(range(versions.index(start), versions.index(end or start) + 1))
    return frozenset(alive)


def number(version: str) -> tuple[int, ...]:
    """The release number: `2.16.0rc1` is (2, 16, 0)."""
    numbers = []
    for part in version.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
        if digits != part:
            break
    return tuple(numbers)
