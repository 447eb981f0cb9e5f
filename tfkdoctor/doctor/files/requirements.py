"""Read requirements.txt as pip reads it: comments, continued lines, -r and -c, and options that name no package.

Source: https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import InvalidRequirement

from tfkdoctor.doctor.files.declared import (
    LINE,
    Manifest,
    Pin,
    Setting,
    Unreadable,
    mended_requirement,
    pin_of,
    problem,
    read_text,
)
from tfkdoctor.model import Finding

COMMENT = re.compile(r"(^|\s)#.*$")
INCLUDE = re.compile(r"^(?:(?P<r>-r|--requirement)|(?P<c>-c|--constraint))[\s=]*(?P<file>\S.*)$")
OPTIONS = re.compile(r"\s--(hash|global-option|config-settings?|install-option)\b.*$")
NO_NAME = re.compile(r"^(-|\.|/|~|[a-z][a-z+]*:|[A-Za-z]:\\)|^\S+\.(whl|zip|tar\.gz|tgz)\b|\$\{")


def read_requirements(path: Path) -> Manifest:
    """The one setting of a requirements file and of all that it includes."""
    texts: dict[str, str] = {}
    findings: list[Finding] = []
    pins = tuple(collect(path, texts, findings, constraint=False))
    return Manifest(str(path), (Setting("", pins),), texts, tuple(findings))


def collect(path: Path, texts: dict[str, str], findings: list[Finding], *, constraint: bool) -> Iterator[Pin]:
    """The pins of a file and of what it includes; a file that includes itself is read once."""
    if str(path) in texts:
        return
    texts[str(path)] = read_text(path)
    for line, at, written in logical_lines(texts[str(path)]):
        if include := INCLUDE.match(written):
            named = include["file"].strip().strip("\"'")
            if "://" in named:
                continue
            try:
                yield from collect(path.parent / named, texts, findings, constraint=constraint or bool(include["c"]))
            except Unreadable as error:
                findings.append(
                    problem(
                        str(path), f"includes {named}, which {error}", line, "mend the path: it counts from this file"
                    )
                )
            continue
        yield from requirement_of(written, str(path), line, at, findings, constraint)


def requirement_of(
    written: str, path: str, line: int, at: int, findings: list[Finding], constraint: bool
) -> Iterator[Pin]:
    if NO_NAME.search(written):
        return
    bare = OPTIONS.sub("", written)
    try:
        pin = pin_of(bare, path, line, LINE, at, constraint=constraint)
    except InvalidRequirement as error:
        meant = mended_requirement(bare)
        findings.append(
            problem(path, f"{written!r} is no requirement: {reason(error)}", line, meant and f"write {meant}")
        )
        return
    if pin:
        yield pin


def reason(error: InvalidRequirement) -> str:
    return str(error).splitlines()[0].rstrip(":")


def logical_lines(text: str) -> Iterator[tuple[int, int, str]]:
    """(line, place in the text, words) of each line that says something; `\\` at its end continues a line."""
    offset, number = 0, 0
    waiting: tuple[int, int, str] | None = None
    for raw in text.splitlines(keepends=True):
        number += 1
        body = raw.rstrip("\r\n")
        line, at, before = waiting or (number, offset, "")
        waiting, offset = None, offset + len(raw)
        stripped = COMMENT.sub("", body) if not before or not body.rstrip().endswith("\\") else body
        if stripped.endswith("\\"):
            waiting = (line, at, before + stripped[:-1] + " ")
            continue
        said = before + stripped
        if said.strip():
            yield line, at + len(said) - len(said.lstrip()), said.strip()
    if waiting and waiting[2].strip():
        line, at, said = waiting
        yield line, at + len(said) - len(said.lstrip()), said.strip()
