"""Python tracebacks in the bytes of a log: where they end, what was raised, and where in the user's own code."""

from __future__ import annotations

import re
from dataclasses import dataclass

MARK = b"Traceback (most recent call last)"
CHAINED = (b"During handling of the above exception", b"The above exception was the direct cause")
TAIL = 60  # lines of an exception's own text; a graph's error puts its reason at the end of it
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_FRAME = re.compile(r'\s*File "([^"]+)", line (\d+)')
_RAISED = re.compile(r"([A-Za-z_][\w.]*)(?::\s?(.*))?$")
_OTHERS = re.compile(r"[\\/](?:site-packages|dist-packages|lib[\\/]python[\d.]+)[\\/]|^<")
_NEXT = re.compile(
    r"Traceback \(most recent call last\)|During handling of the above exception|The above exception was the direct"
    r"|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|[IWEF]\d{4} \d\d:\d\d"
)


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception as a traceback ends with it. `first` and `last` count the lines of its text after the mark's."""

    kind: str  # AttributeError, with its module if that is printed
    text: str
    first: int
    last: int
    frame: str  # the last line outside of installed packages, "train.py:12"


def parse(data: bytes, mark: int) -> Raised | None:
    """The exception of the traceback whose mark is at `mark`; None where `data` ends before it does."""
    start = data.rfind(b"\n", 0, mark) + 1
    before = _COLOUR.sub("", data[start:mark].decode("utf-8", "replace"))
    lines = [_COLOUR.sub("", line.decode("utf-8", "replace")) for line in data[mark : mark + 262144].split(b"\n")[:-1]]
    notebook = re.match(r"(\w+)\s+$", before)  # IPython: `AttributeError      Traceback (most recent call last)`
    prefix = "" if notebook else before
    lines = lines[:1] + [bare(line, prefix) for line in lines[1:]]
    first = next((at for at in range(1, len(lines)) if ends(lines[at], notebook[1] if notebook else "")), None)
    if first is None:
        return None
    raised = _RAISED.match(lines[first])
    last = first
    while last + 1 < min(len(lines), first + TAIL) and not _NEXT.match(lines[last + 1]):
        last += 1
    kind, text = (raised[1], raised[2] or "") if raised else ("", lines[first])
    return Raised(kind, text, first, last, frame_of(lines[:first]))


def bare(line: str, prefix: str) -> str:
    """A line without what a launcher or a container writes before each (a rank, a time of fixed width)."""
    line = line.rstrip("\r")
    return line[len(prefix) :] if prefix and (line.startswith(prefix) or line[: len(prefix)].strip()) else line


def ends(line: str, kind: str) -> bool:
    """Whether this line names the exception: the first that is not indented."""
    if kind:
        return line.startswith(kind) and line[len(kind) :][:1] in ("", ":")
    return bool(line.strip()) and not line[0].isspace() and _RAISED.match(line) is not None


def frame_of(lines: list[str]) -> str:
    """The last line of the user's own code, "" where there is none."""
    for line in reversed(lines):
        if (found := _FRAME.match(line)) and not _OTHERS.search(found[1]):
            return f"{found[1]}:{found[2]}"
    return ""
