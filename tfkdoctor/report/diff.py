"""Unified diffs of a migration, as `git apply` and `patch -p1` read them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from tfkdoctor.model import Finding, MigrationRun
from tfkdoctor.report.style import Style
from tfkdoctor.text import decode


def diffs(run: MigrationRun) -> Iterator[str]:
    """The diff of each file that a run changes or creates, each a text that ends with a newline."""
    new = {file.path: file.text for file in run.files if file.text is not None} | dict(run.support)
    for path in sorted(new):
        kept = run.kept.get(path)
        yield unified(path, "" if kept is None else old_text(path, kept), new[path], created=kept is None)


def old_text(path: str, content: bytes) -> str:
    """The decoded text of a file that the engine understood before."""
    source = decode(path, content)
    return "" if isinstance(source, Finding) else source.text


def unified(path: str, old: str, new: str, created: bool = False) -> str:
    """The unified diff of one file; only `\\n` ends a line, as in git; CR, form feeds and U+2028 stay inside."""
    before, after = lines_of(old), lines_of(new)
    out = []
    for line in difflib.unified_diff(before, after, "/dev/null" if created else f"a/{path}", f"b/{path}"):
        out.append(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n")
    return "".join(out)


def lines_of(text: str) -> list[str]:
    parts = text.split("\n")
    return [part + "\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def painted(diff: str, style: Style) -> str:
    """The diff in the colours that git uses."""
    if not style.colour:
        return diff
    looks = {"-": "red", "+": "green", "@": "cyan"}
    out = []
    for number, line in enumerate(lines_of(diff)):
        look = "bold" if number < 2 else looks.get(line[0])
        body = line.rstrip("\n")
        out.append(style.paint(body, look) + line[len(body) :] if look else line)
    return "".join(out)
