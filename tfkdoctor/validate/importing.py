"""Level `import`: every changed module is byte-compiled and imported in a process of its own, in a scratch copy.

Findings: TFK023 a module that the migration changed does not import. What fails for a reason outside TensorFlow and
Keras, or failed in the same way before the migration, is a row with its reason and no finding.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from tfkdoctor.model import Evidence, Finding, Severity, Span
from tfkdoctor.validate import tasks, traces
from tfkdoctor.validate.builders import module_name
from tfkdoctor.validate.failures import Failure, failure, own_modules

BROKEN = "TFK023"
NOT_IMPORTED = frozenset({"setup.py"})  # a script of packaging: it works on the command line
LIMIT = 120.0  # seconds for one module


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One module: `reached` says how far where it did not end by itself, `excused` why a failure is none."""

    path: str
    reached: str = ""
    excused: str = ""
    failed: Failure | None = None

    @property
    def ok(self) -> bool:
        return self.failed is None


@dataclass(frozen=True, slots=True)
class ImportResult:
    rows: tuple[ImportRow, ...]
    python: str
    seconds: float

    def findings(self) -> tuple[Finding, ...]:
        return tuple(import_finding(row, row.failed, self.python) for row in self.rows if row.failed is not None)


def import_finding(row: ImportRow, failed: Failure, python: str) -> Finding:
    here = failed.path == row.path
    at = f" ({failed.path}:{failed.line})" if failed.path and not here else ""
    line = failed.line if here and failed.line else 1
    return Finding(
        BROKEN,
        f"the migrated module does not import: {failed.error}{at}",
        Severity.ERROR,
        row.path,
        Span(line, 1, line, 1),
        evidence=(Evidence("interpreter", python, "--python"),),
    )


def import_all(
    before: Path, after: Path, changed: Sequence[str], paths: Sequence[str], python: str, folder: Path
) -> ImportResult:
    """Import the changed modules of the copy `after`; one that fails is tried in the copy `before` as well."""
    started = time.monotonic()
    packages = {str(PurePosixPath(path).parent) for path in paths if path.endswith("__init__.py")}
    modules = own_modules(paths)
    wanted = [path for path in changed if path.endswith(".py") and PurePosixPath(path).name not in NOT_IMPORTED]

    def row(path: str) -> ImportRow:
        found = import_one(after, path, packages, modules, python, folder / "after")
        if found.failed is None:
            return found
        old = import_one(before, path, packages, modules, python, folder / "before")
        same = old.failed is not None and old.failed.error == found.failed.error
        if same and not about_framework(found.failed.error):
            return ImportRow(path, excused=f"it failed in the same way before: {found.failed.told}")
        return found

    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        rows = tuple(pool.map(row, wanted))
    return ImportResult(rows, python, time.monotonic() - started)


def about_framework(error: str) -> bool:
    return any(name in error.lower() for name in ("keras", "tensorflow"))


def import_one(
    root: Path, path: str, packages: set[str], modules: frozenset[str], python: str, folder: Path
) -> ImportRow:
    base, name = module_name(path, packages)
    request = {
        "task": "imports",
        "root": str(root),
        "base": base,
        "path": path,
        "module": name,
        "packages": ["tensorflow.keras"],
    }
    ended = tasks.run(python, request, root, folder / path.replace("/", "."), LIMIT)
    broke = traces.first(ended.events, "broke")
    if broke:
        failed = failure(broke, root, modules)
        return (
            ImportRow(path, excused=f"{failed.outside}: {failed.error}") if failed.outside else failed_row(path, failed)
        )
    imported = traces.first(ended.events, "imported")
    if imported:
        return ImportRow(path, str(imported["reached"]))
    if ended.end.status is None:
        return ImportRow(path, reached=ended.death)
    return failed_row(path, Failure(ended.death, "", 0, "import"))


def failed_row(path: str, failed: Failure) -> ImportRow:
    return ImportRow(path, failed=failed)
