"""What a dependency file declares: requirements with their places in the text, and the Python that they are for."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from packaging.markers import InvalidMarker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from tfkdoctor.model import Finding, Severity, Span

UNREADABLE = "PR022"
NAME = re.compile(r"\s*(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?P<extras>\[[^\]]*\])?\s*")
BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ENCODINGS = ("utf-8-sig", "utf-32", "utf-32", "utf-16", "utf-16")

# How a requirement is written, which is how a correction has to be written: a line of its own, a string in a list,
# a word of a command, an item of a YAML list, conda's `name=1.2`, a key of poetry or Pipfile; the last two are facts.
LINE, QUOTED, SHELL, ITEM, CONDA, KEY = "line", "quoted", "shell", "item", "conda", "key"
LOCKED, IMAGE = "locked", "image"


@dataclass(frozen=True, slots=True)
class Pin:
    """One requirement in a file; `name_at` and `spec_at` are code points of the file's text, None if nothing can be
    corrected there."""

    name: str  # normalised
    specifier: str  # PEP 440; "" for any
    path: str
    line: int
    text: str  # as it is written
    form: str = LINE
    name_at: tuple[int, int] | None = None
    spec_at: tuple[int, int] | None = None
    marker: str = ""
    extras: tuple[str, ...] = ()
    constraint: bool = False  # it limits, and installs nothing by itself (-c)
    conda: bool = False  # conda's own build, which has other wheels and other needs

    @property
    def said(self) -> str:
        """The requirement in the words of pip."""
        return self.name + self.specifier

    @property
    def exact(self) -> bool:
        return self.specifier.startswith("==") and "," not in self.specifier and "*" not in self.specifier


@dataclass(frozen=True, slots=True)
class Setting:
    """What is installed together: a file, a file with one of its extras, a stage of a Dockerfile."""

    label: str  # "" for the file itself
    pins: tuple[Pin, ...]
    python: str = ""  # the Pythons that it is for, as a specifier; "" where the file does not say
    python_said: str = ""  # where it says so
    image: str = ""  # the base image of a Dockerfile
    musl: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """A dependency file and what it includes."""

    path: str
    settings: tuple[Setting, ...]
    texts: Mapping[str, str] = field(default_factory=dict)  # path -> text of every file that was read
    findings: tuple[Finding, ...] = ()  # of reading


class Unreadable(Exception):
    """A file that cannot be understood; the finding names file and line."""

    def __init__(self, path: str, message: str, line: int = 0, help: str = "") -> None:
        super().__init__(message)
        self.finding = problem(path, message, line, help)


def problem(path: str, message: str, line: int = 0, help: str = "") -> Finding:
    """A finding about the form of a file."""
    return Finding(UNREADABLE, message, Severity.ERROR, path, span_of(line) if line else None, help)


def span_of(line: int, column: int = 1) -> Span:
    return Span(line, column, line, column)


def read_text(path: Path) -> str:
    """The text of a file as pip decodes it (UTF-16 of PowerShell's `>` among it); raises Unreadable."""
    try:
        content = path.read_bytes()
        encoding = next((e for bom, e in zip(BOMS, ENCODINGS, strict=True) if content.startswith(bom)), "utf-8")
        return content.decode(encoding)
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(str(path), f"cannot be read: {getattr(error, 'strerror', None) or error}") from None


def line_at(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def pin_of(
    written: str, path: str, line: int, form: str, at: int | None = None, *, constraint: bool = False
) -> Pin | None:
    """The pin that a PEP 508 requirement is, None for one that names no version of an index (a URL, a path).

    `at` is the place of `written` in the file's text. Raises InvalidRequirement.
    """
    parsed = Requirement(written.strip())
    found = NAME.match(written)
    if parsed.url or found is None:
        return None
    end = found.end()
    while end < len(written) and written[end] not in ";#":
        end += 1
    start, stop = found.end("extras") if found["extras"] else found.end("name"), len(written[:end].rstrip())
    places = (
        None
        if at is None
        else ((at + found.start("name"), at + found.end("name")), (at + start, at + max(stop, start)))
    )
    return Pin(
        name=canonicalize_name(parsed.name),
        specifier=re.sub(r"[\s()]", "", written[start:stop]),  # the parts in their own order
        path=path,
        line=line,
        text=written.strip(),
        form=form,
        marker=str(parsed.marker or ""),
        extras=tuple(sorted(parsed.extras)),
        constraint=constraint,
        name_at=places[0] if places else None,
        spec_at=places[1] if places else None,
    )


def mended_requirement(written: str) -> str:
    """What somebody meant who wrote `tensorflow=1.4` or `tensorflow 1.4`; "" where that is not plain."""
    for pattern, replacement in (
        (r"^([\w.\[\]-]+)\s*=\s*(\d[\w.*]*)$", r"\1==\2"),
        (r"^([\w.-]+)\s+(\d[\w.*]*)$", r"\1==\2"),
    ):
        guess = re.sub(pattern, replacement, written.strip())
        if guess != written.strip() and is_requirement(guess):
            return guess
    return ""


def is_requirement(text: str) -> bool:
    try:
        Requirement(text)
    except (InvalidRequirement, InvalidSpecifier, InvalidMarker):
        return False
    return True


def is_specifier(text: str) -> bool:
    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return False
    return True
