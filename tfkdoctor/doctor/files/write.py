"""Corrections as edits of a file's text, each in the writing of its place: a line, a string in a list, YAML, a key."""

from __future__ import annotations

import re

from tfkdoctor.doctor.files.declared import CONDA, ITEM, KEY, QUOTED, SHELL, Pin
from tfkdoctor.model import Edit

NEEDS_QUOTES = re.compile(r"[<>!*\[\]]")  # what a shell would take for its own


def places(pin: Pin) -> tuple[tuple[int, int], tuple[int, int]]:
    if pin.name_at is None or pin.spec_at is None:
        raise ValueError(f"{pin.path}:{pin.line}: nothing can be corrected here")
    return pin.name_at, pin.spec_at


def specifier(pin: Pin) -> str:
    """The specifier as the place writes it."""
    if pin.form == KEY:
        return pin.specifier or "*"
    if pin.conda:
        return re.sub(r"^==(.*?)(\.\*)?$", r"=\1", pin.specifier) if "," not in pin.specifier else pin.specifier
    return pin.specifier


def new_words(text: str, old: Pin, new: Pin) -> list[Edit]:
    """Another name or version in place of the old one; extras, marker, comment and hashes stay."""
    name_at, spec_at = places(old)
    edits = [Edit(*spec_at, specifier(new))] if new.specifier != old.specifier else []
    if new.name != old.name:
        edits.insert(0, Edit(*name_at, new.name))
    if old.form == SHELL and NEEDS_QUOTES.search(specifier(new)) and text[name_at[0] - 1] not in "\"'":
        between = text[name_at[1] : spec_at[0]]
        name = new.name if new.name != old.name else text[slice(*name_at)]
        return [Edit(name_at[0], spec_at[1], f'"{name}{between}{specifier(new)}"')]
    return edits


def opening(text: str, at: int) -> int:
    """The place of the quote that a string with this place begins with."""
    return max(text.rfind('"', 0, at), text.rfind("'", 0, at))


def closing(text: str, pin: Pin) -> int:
    """The place behind the quote that a string ends with."""
    name_at, spec_at = places(pin)
    quote = text[opening(text, name_at[0])]
    end = text.find(quote, spec_at[1])
    return end + 1 if end >= 0 else spec_at[1]


def line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """The end of a line and of those that continue it, before its newline."""
    while True:
        end = text.find("\n", at)
        if end < 0:
            return len(text)
        if not text[:end].rstrip("\r").endswith("\\"):
            return end - 1 if text[end - 1] == "\r" else end
        at = end + 1


def requirement(pin: Pin, quote: str = "") -> str:
    marker = f"; {pin.marker}" if pin.marker and not pin.conda else ""
    if quote == '"':
        marker = marker.replace('"', "'")
    return f"{pin.name}{specifier(pin)}{marker}"


def insertion(text: str, anchor: Pin, line: Pin) -> Edit:
    """A new requirement beside another one."""
    name_at, spec_at = places(anchor)
    newline = "\r\n" if "\r\n" in text else "\n"
    start = line_start(text, name_at[0])
    indent = re.match(r"[ \t]*", text[start:])
    blank = indent[0] if indent else ""
    if anchor.form == QUOTED:
        first, end = opening(text, name_at[0]), closing(text, anchor)
        said = f"{text[first]}{requirement(line, text[first])}{text[first]}"
        return Edit(end, end, f",{newline}{blank}{said}" if not text[start:first].strip() else f", {said}")
    if anchor.form == SHELL:
        end = closing(text, anchor) if text[name_at[0] - 1] in "\"'" else spec_at[1]
        return Edit(end, end, f' "{requirement(line)}"')
    end = line_end(text, spec_at[1])
    if anchor.form in (ITEM, CONDA):
        dash = re.match(r"[ \t]*-[ \t]*", text[start:])
        return Edit(end, end, f"{newline}{dash[0] if dash else blank}{requirement(line)}")
    if anchor.form == KEY:
        value = (
            f"{{version = \"{specifier(line)}\", markers = '{line.marker}'}}" if line.marker else f'"{specifier(line)}"'
        )
        return Edit(end, end, f"{newline}{blank}{line.name} = {value}")
    if text[start : name_at[0]].strip():  # `install_requires = tensorflow` of setup.cfg
        blank = "    "
    return Edit(end, end, f"{newline}{blank}{requirement(line)}")


def deletion(text: str, pin: Pin) -> Edit:
    """A requirement and, where nothing else stands there, its line."""
    name_at, spec_at = places(pin)
    if pin.form == QUOTED:
        first, end = opening(text, name_at[0]), closing(text, pin)
        after = re.compile(r"[ \t]*,[ \t]*").match(text, end)
        if after:
            end = after.end()
        else:
            before = re.search(r",\s*$", text[:first])
            first = before.start() if before else first
        return whole_line(text, first, end)
    if pin.form == SHELL:
        quoted = text[name_at[0] - 1] in "\"'"
        first, end = (name_at[0] - 1, closing(text, pin)) if quoted else (name_at[0], spec_at[1])
        space = re.search(r"[ \t]+$", text[:first])
        return Edit(space.start() if space else first, end, "")
    end = line_end(text, spec_at[1])
    stop = re.compile(r"\r?\n").match(text, end)
    return Edit(line_start(text, name_at[0]), stop.end() if stop else end, "")


def whole_line(text: str, first: int, end: int) -> Edit:
    """The range, widened to its line where that would stay behind empty."""
    start = line_start(text, first)
    stop = re.compile(r"[ \t]*\r?\n").match(text, end)
    if stop and not text[start:first].strip() and "\n" not in text[first:end]:
        return Edit(start, stop.end(), "")
    return Edit(first, end, "")


def apply(text: str, edits: list[Edit]) -> str:
    """The text after edits, which do not overlap."""
    for edit in sorted(edits, key=lambda one: (one.start, one.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
