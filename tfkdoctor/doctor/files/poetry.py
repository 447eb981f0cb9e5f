"""Poetry's own tables: caret and tilde, multiple constraints, groups.

Source: https://python-poetry.org/docs/dependency-specification/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from tfkdoctor.doctor.files.declared import KEY, Pin, Setting, is_specifier, line_at, problem
from tfkdoctor.doctor.files.toml_text import header_at, key_at, string_at, table
from tfkdoctor.model import Finding

CARET = re.compile(r"^(?P<sign>\^|~)\s*(?P<version>\d[\w.]*)$")
BARE = re.compile(r"^\d[\w.*+!-]*$")


def settings(path: Path, text: str, tool: dict[str, Any], findings: list[Finding]) -> Iterator[Setting]:
    """All groups together, as poetry resolves them; the optional ones (extras) in a second setting."""
    tables = {"tool.poetry.dependencies": table(tool.get("dependencies"))}
    tables["tool.poetry.dev-dependencies"] = table(tool.get("dev-dependencies"))
    for name, group in table(tool.get("group")).items():
        tables[f"tool.poetry.group.{name}.dependencies"] = table(table(group).get("dependencies"))
    python = specifier(str(tables["tool.poetry.dependencies"].get("python", ""))) or ""
    always: list[Pin] = []
    optional: list[Pin] = []
    for header, rows in tables.items():
        for name, value in rows.items():
            if name == "python":
                continue
            for pin, chosen in pins_of(path, text, header_at(text, header), name, value, findings):
                (optional if chosen else always).append(pin)
    said = "python in tool.poetry.dependencies" if python else ""
    yield Setting("", tuple(always), python, said)
    if optional:
        yield Setting("with extras", (*always, *optional), python, said)


def pins_of(
    path: Path, text: str, head: int, name: str, value: object, findings: list[Finding]
) -> Iterator[tuple[Pin, bool]]:
    """(a pin, whether it is optional) for each constraint of a key; a path or a repository is none."""
    at = key_at(text, name, head)
    for one in value if isinstance(value, list) else [value]:
        row = table(one)
        written = one if isinstance(one, str) else row.get("version")
        if not isinstance(written, str):
            continue
        place = string_at(text, written, at)
        line = line_at(text, place[0] if place else at)
        meant = specifier(written)
        if meant is None:
            findings.append(problem(str(path), f"{name} = {written!r} is no version constraint", line))
            continue
        key = re.compile(re.escape(name)).search(text, at)
        markers = [str(row["markers"])] if isinstance(row.get("markers"), str) else []
        markers += python_marker(specifier(row["python"]) if isinstance(row.get("python"), str) else "")
        pin = Pin(
            name=canonicalize_name(name),
            specifier=meant,
            path=str(path),
            line=line,
            text=f'{name} = "{written}"',
            form=KEY,
            name_at=key.span() if key else None,
            spec_at=place,
            marker=" and ".join(f"({m})" for m in markers) if len(markers) > 1 else "".join(markers),
            extras=tuple(sorted(map(str, row.get("extras", ())))) if isinstance(row.get("extras"), list) else (),
        )
        yield pin, row.get("optional") is True


def python_marker(spec: str | None) -> list[str]:
    """`>=3.8,<3.9` as a marker."""
    parts = [re.match(r"(===?|~=|!=|<=|>=|<|>)(.*)", one.strip()) for one in (spec or "").split(",") if one]
    return [" and ".join(f'python_full_version {m[1]} "{m[2]}"' for m in parts if m)] if any(parts) else []


def specifier(written: str) -> str | None:
    """A constraint of poetry as PEP 440; None where it is none, "" for any (and for what `||` unites)."""
    if "|" in written or written.strip() in ("", "*"):
        return ""
    found = []
    for part in (one.strip() for one in re.split(r",|\s+(?=[<>=!~^])", written) if one.strip()):
        if caret := CARET.match(part):
            found += [f">={caret['version']}", f"<{next_of(caret['version'], caret['sign'])}"]
        elif BARE.match(part):
            found.append(f"=={part}")
        else:
            found.append(re.sub(r"^=\s*(?=\d)", "==", part))
    text = ",".join(found)
    return text if is_specifier(text) else None


def next_of(version: str, sign: str) -> str:
    """The first version that `^` or `~` leaves out."""
    numbers = [int(part) for part in re.findall(r"\d+", version.split("-")[0])][:3]
    if sign == "~":
        place = min(1, len(numbers) - 1)
    else:
        place = next((n for n, number in enumerate(numbers) if number), len(numbers) - 1)
    return ".".join(str(one) for one in [*numbers[:place], numbers[place] + 1])
