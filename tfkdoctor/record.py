"""`tfkdoctor.lock.json`: what a migration assumed and decided, so that a later run assumes the same.

Idioms that told the origin of a program are gone once it is migrated; without the record a second run could take what
is left for a program of another time. It is read with the lowest precedence, before idioms, and is never shortened.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tfkdoctor import __version__
from tfkdoctor.model import FileResult, Finding, Numerics, Origin, Severity, Target

NAME = "tfkdoctor.lock.json"
_CHANGED = ("TFK504", "TFK505", "TFK506")  # what gives other numbers and is not rewritten
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Record:
    """Origins by path, and the decisions about numbers as rows (path, code, decision, what)."""

    origins: Mapping[str, Origin] = field(default_factory=dict)
    numbers: tuple[tuple[str, str, str, str], ...] = ()


def read(root: Path) -> Record | Finding:
    """The record of a project, empty where there is none; a finding (TFK033) where it cannot be understood."""
    try:
        data = json.loads((root / NAME).read_text("utf-8"))
    except FileNotFoundError:
        return Record()
    except (OSError, ValueError) as error:
        return _unreadable(f"it cannot be read: {error}")
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        return _unreadable(f"its schema is not {SCHEMA}")
    try:
        origins = {
            path: Origin(row["keras"], row["tensorflow"], f"recorded in {NAME}", assumed=False)
            for row in data["origins"]
            for path in row["files"]
        }
        numbers = tuple((r["path"], r["code"], r["decision"], r["what"]) for r in data["numbers"])
    except (KeyError, TypeError) as error:
        return _unreadable(f"a key is missing or wrong: {error}")
    return Record(origins, numbers)


def extended(
    old: Record, files: Iterable[FileResult], origins: Mapping[str, Origin], target: Target, numerics: Numerics
) -> str:
    """The text of the record after a run that changes these files."""
    changed = [file for file in files if file.changed]
    known = {**old.origins, **{file.path: origins[file.path] for file in changed if file.path in origins}}
    numbers = dict.fromkeys(old.numbers)
    for file in changed:
        numbers.update(dict.fromkeys(_decisions(file)))
    groups: dict[tuple[str, str], list[str]] = {}
    for path in sorted(known):
        groups.setdefault((known[path].keras, known[path].tensorflow), []).append(path)
    data = {
        "schema": SCHEMA,
        "about": "what tfkdoctor migrate assumed and decided; keep it in version control for later runs",
        "version": __version__,
        "target": target.spec,
        **({"keras": target.keras} if target.keras else {}),
        "numerics": numerics.value,
        "origins": [{"keras": k, "tensorflow": t, "files": paths} for (k, t), paths in groups.items()],
        "numbers": [dict(zip(("path", "code", "decision", "what"), row, strict=True)) for row in sorted(numbers)],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def remembered(record: Record, files: Iterable[FileResult]) -> tuple[Finding, ...]:
    """What an earlier run said of other numbers, of these files: its cause is written away, its effect is not."""
    said = {(f.path, f.code) for file in files for f in file.findings}
    paths = {file.path for file in files}
    help_text = f"mend it, or look at it and delete its row under `numbers` in {NAME}"
    return tuple(
        Finding(code, f"found when this file was migrated: {what}", Severity.WARNING, path, help=help_text)
        for path, code, decision, what in record.numbers
        if decision == "changed" and path in paths and (path, code) not in said
    )


def _decisions(file: FileResult) -> Iterable[tuple[str, str, str, str]]:
    """What was kept by a fix, and what is another number now."""
    for finding in file.findings:
        if finding.fix is not None and finding.code in ("TFK302", "TFK306", "TFK501"):
            yield file.path, finding.code, "kept", finding.message
        elif finding.code in _CHANGED and finding.severity is not Severity.HINT:
            yield file.path, finding.code, "changed", finding.message


def _unreadable(message: str) -> Finding:
    return Finding(
        "TFK033",
        f"the record is ignored: {message}",
        Severity.WARNING,
        NAME,
        help="restore it from version control, or delete it and say the origin with --source",
    )
