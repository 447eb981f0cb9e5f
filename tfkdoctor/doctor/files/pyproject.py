"""Read pyproject.toml: PEP 621, extras, dependency groups (PEP 735), uv's and poetry's own tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement

from tfkdoctor.doctor.files import poetry
from tfkdoctor.doctor.files.declared import (
    QUOTED,
    Manifest,
    Pin,
    Setting,
    Unreadable,
    is_specifier,
    line_at,
    mended_requirement,
    pin_of,
    problem,
)
from tfkdoctor.doctor.files.requirements import collect
from tfkdoctor.doctor.files.toml_text import header_at, key_at, load, string_at, strings, table
from tfkdoctor.model import Finding


@dataclass
class Reading:
    """A file as it is read: its text, and what was found wrong in its form."""

    path: Path
    text: str
    texts: dict[str, str]
    findings: list[Finding] = field(default_factory=list)

    def pins(self, requirements: object, start: int, *, table: int = 0, constraint: bool = False) -> Iterator[Pin]:
        """The pins of a list of PEP 508 strings whose text begins at `start`, in a table that begins at `table`."""
        for written in strings(requirements):
            place = string_at(self.text, written, start) or string_at(self.text, written, table)
            line = line_at(self.text, place[0]) if place else line_at(self.text, start)
            start = place[1] if place else start
            try:
                at = place[0] if place and self.text[place[0] : place[1]] == written else None
                pin = pin_of(written, str(self.path), line, QUOTED, at, constraint=constraint)
            except InvalidRequirement as error:
                meant = mended_requirement(written)
                words = str(error).splitlines()[0].rstrip(":")
                self.findings.append(
                    problem(
                        str(self.path), f"{written!r} is no requirement: {words}", line, meant and f"write {meant!r}"
                    )
                )
                continue
            if pin:
                yield pin


def read_pyproject(path: Path) -> Manifest:
    """The settings of a pyproject.toml: what is always installed, and that with each extra and each group."""
    text, data = load(path)
    reading = Reading(path, text, {str(path): text})
    project, tool = table(data.get("project")), table(data.get("tool"))
    if "poetry" in tool and not strings(project.get("dependencies")):
        settings = list(poetry.settings(reading.path, text, table(tool["poetry"]), reading.findings))
    else:
        settings = list(standard(reading, project, table(data.get("dependency-groups")), tool))
    return Manifest(str(path), tuple(settings), reading.texts, tuple(reading.findings))


def standard(
    reading: Reading, project: dict[str, Any], groups: dict[str, Any], tool: dict[str, Any]
) -> Iterator[Setting]:
    """PEP 621 and PEP 735, with uv's constraints."""
    text, head = reading.text, header_at(reading.text, "project")
    python = requires_python(reading, project.get("requires-python"), head)
    always = [*reading.pins(project.get("dependencies"), key_at(text, "dependencies", head)), *dynamic(reading, tool)]
    uv = table(tool.get("uv"))
    at = key_at(text, "constraint-dependencies", header_at(text, "tool.uv"))
    always += reading.pins(uv.get("constraint-dependencies"), at, constraint=True)
    base = Setting("", tuple(always), python, "requires-python" if python else "")
    yield base
    for header, named, word in (
        ("project.optional-dependencies", table(project.get("optional-dependencies")), "extra"),
        ("dependency-groups", resolved(groups), "group"),
    ):
        at = header_at(text, header)
        for name, requirements in named.items():
            more = tuple(reading.pins(requirements, key_at(text, name, at), table=at))
            if more:
                yield replace(base, label=f"with {word} {name}", pins=(*base.pins, *more))
    if more := tuple(
        reading.pins(uv.get("dev-dependencies"), key_at(text, "dev-dependencies", header_at(text, "tool.uv")))
    ):
        yield replace(base, label="with group dev", pins=(*base.pins, *more))


def requires_python(reading: Reading, value: object, head: int) -> str:
    if not isinstance(value, str):
        return ""
    if is_specifier(value):
        return value
    line = line_at(reading.text, key_at(reading.text, "requires-python", head))
    reading.findings.append(problem(str(reading.path), f"requires-python {value!r} is no version specifier", line))
    return ""


def resolved(groups: dict[str, Any]) -> dict[str, list[str]]:
    """Dependency groups with those that they include."""

    def of(name: str, seen: frozenset[str]) -> list[str]:
        found: list[str] = []
        for one in groups.get(name, []) if name not in seen and isinstance(groups.get(name), list) else []:
            if isinstance(one, str):
                found.append(one)
            elif isinstance(one, dict) and isinstance(one.get("include-group"), str):
                found += of(one["include-group"], seen | {name})
        return found

    return {name: of(name, frozenset()) for name in groups}


def dynamic(reading: Reading, tool: dict[str, Any]) -> Iterator[Pin]:
    """Requirements that setuptools reads out of a file: `dependencies = {file = ["requirements.txt"]}`."""
    said = table(table(table(tool.get("setuptools")).get("dynamic")).get("dependencies")).get("file")
    for name in [said] if isinstance(said, str) else strings(said):
        try:
            yield from collect(reading.path.parent / name, reading.texts, reading.findings, constraint=False)
        except Unreadable as error:
            line = line_at(
                reading.text, key_at(reading.text, "dependencies", header_at(reading.text, "tool.setuptools.dynamic"))
            )
            reading.findings.append(
                problem(str(reading.path), f"takes its dependencies from {name}, which {error}", line)
            )
