"""Write the entries of several versions as one text file: a line per name, its versions, and what it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tfkdoctor.dev.harvest_views import Entry

LETTERS = {
    "module": "m",
    "class": "c",
    "function": "f",
    "constant": "k",
    "method": "d",
    "property": "p",
    "alias": "=",
}


def index_text(view: str, command: str, releases: Sequence[str], entries: Mapping[str, Mapping[str, Entry]]) -> str:
    """The file of a view; `entries` maps each version to its names, oldest first."""
    versions = list(entries)
    rows: dict[tuple[str, str], set[int]] = {}
    for position, version in enumerate(versions):
        for name, entry in entries[version].items():
            rows.setdefault((name, _columns(name, entry)), set()).add(position)
    lines = [
        f"# The public API of `{view}`. Generated from released packages by `{command}`; do not edit.",
        f"# Read from: {', '.join(releases)}.",
        "# name, versions, kind, object or canonical name, signature, bases (tabs). Kinds: m module, c class, f",
        "# function, k constant, d method, p property, = another name for a thing; `-`: no star import binds it;",
        "# `!`: nor is it an attribute of its package, only an import of its own reaches it.",
        "# A signature's `+` lists what **kwargs accepts, `-` what it accepts and drops; `swallows`: unknown keywords",
        "# vanish silently; `opaque`: they go where the source does not show; `fails`: the body only raises.",
        "versions\t" + "\t".join(versions),
    ]
    for (name, columns), alive in sorted(rows.items(), key=lambda row: (row[0][0], min(row[1]), row[0][1])):
        lines.append(f"{name}\t{ranges(versions, alive)}\t{columns}".rstrip("\t"))
    return "\n".join(lines) + "\n"


def _columns(name: str, entry: Entry) -> str:
    letter = LETTERS[entry.kind] + ("!" if not entry.loaded else "" if entry.star else "-")
    found = entry.object
    if entry.kind == "module" and found == name:
        found = ""
    module, colon, qualname = found.partition(":")
    if colon and entry.kind != "alias" and qualname == name.rpartition(".")[2]:
        found = module + ":"  # the last component of the name is the name in that module
    return "\t".join((letter, found, entry.signature, " ".join(entry.bases)))


def ranges(versions: Sequence[str], alive: Iterable[int]) -> str:
    """`*` for all, else intervals: `1.15,2.16..2.21`."""
    positions = sorted(alive)
    if len(positions) == len(versions):
        return "*"
    parts: list[str] = []
    start = previous = positions[0]
    for position in [*positions[1:], len(versions) + 1]:
        if position != previous + 1:
            parts.append(versions[start] if start == previous else f"{versions[start]}..{versions[previous]}")
            start = position
        previous = position
    return ",".join(parts)
