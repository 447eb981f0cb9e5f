"""Read lock files: uv.lock, poetry.lock, Pipfile.lock. What stands there is exact, and corrected by locking again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from tfkdoctor.doctor.files.declared import LOCKED, Manifest, Pin, Setting, Unreadable, is_specifier, line_at, read_text
from tfkdoctor.doctor.files.poetry import specifier
from tfkdoctor.doctor.files.toml_text import load, strings, table


def read_uv_lock(path: Path) -> Manifest:
    """Every package of the lock; forks carry `resolution-markers`."""
    text, data = load(path)
    python = data.get("requires-python")
    python = python if isinstance(python, str) and is_specifier(python) else ""
    pins = tuple(packages(path, text, data, "resolution-markers"))
    return Manifest(str(path), (Setting("", pins, python, "requires-python" if python else ""),), {str(path): text})


def read_poetry_lock(path: Path) -> Manifest:
    text, data = load(path)
    said = table(data.get("metadata")).get("python-versions")
    python = (specifier(said) or "") if isinstance(said, str) else ""
    pins = tuple(packages(path, text, data, "markers"))
    return Manifest(str(path), (Setting("", pins, python, "python-versions" if python else ""),), {str(path): text})


def packages(path: Path, text: str, data: dict[str, Any], markers: str) -> Iterator[Pin]:
    """The entries `[[package]]`, in the order in which they stand in the text."""
    at = 0
    rows = data.get("package")
    for row in rows if isinstance(rows, list) else []:
        name, version = row.get("name"), row.get("version")
        found = re.compile(rf'^name = "{re.escape(str(name))}"', re.MULTILINE).search(text, at)
        at = found.end() if found else at
        if not isinstance(name, str) or not isinstance(version, str):
            continue
        if "virtual" in table(row.get("source")) or "editable" in table(row.get("source")):
            continue
        yield Pin(
            name=canonicalize_name(name),
            specifier=f"=={version}",
            path=str(path),
            line=line_at(text, found.start()) if found else 0,
            text=f"{name} {version}",
            form=LOCKED,
            marker=marker_of(row.get(markers)),
        )


def marker_of(value: object) -> str:
    """One marker of what a lock file says: a text, a list of alternatives, or a table by group."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        value = list(value.values())
    return " or ".join(f"({one})" for one in strings(value))


def read_pipfile_lock(path: Path) -> Manifest:
    text = read_text(path)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(path), f"is no JSON: {error}", getattr(error, "lineno", 0)) from None
    requires = table(table(table(data).get("_meta")).get("requires"))
    said = requires.get("python_version")
    python = f"=={said}.*" if isinstance(said, str) and is_specifier(f"=={said}.*") else ""
    pins = []
    for section in ("default", "develop"):
        for name, row in table(table(data).get(section)).items():
            version = table(row).get("version")
            if isinstance(version, str) and is_specifier(version):
                found = re.search(rf'^\s*"{re.escape(name)}":', text, re.MULTILINE)
                line = line_at(text, found.end()) if found else 0
                marker = str(table(row).get("markers") or "")
                pins.append(
                    Pin(canonicalize_name(name), version, str(path), line, f"{name} {version}", LOCKED, marker=marker)
                )
    reason = "_meta.requires" if python else ""
    return Manifest(str(path), (Setting("", tuple(dict.fromkeys(pins)), python, reason),), {str(path): text})
