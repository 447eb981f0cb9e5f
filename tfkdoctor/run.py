"""A whole migration in memory: discover, gate, survey, link, migrate each file, reduce. Nothing is written here."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tfkdoctor.migrate import gate
from tfkdoctor.migrate.discover import Project, discover
from tfkdoctor.model import (
    FileResult,
    Finding,
    MigrationRun,
    Origin,
    Outcome,
    Settings,
    Severity,
    Target,
)

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

RECORD = "tfkdoctor.lock.json"
_FEW = 300  # files below which a process pool costs more than it saves


@dataclass(slots=True)
class _Read:
    """The raw files of a project."""

    contents: dict[str, bytes] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    mentioning: set[str] = field(default_factory=set)


def migrate_paths(
    paths: Sequence[Path], settings: Settings, cwd: Path, excluded: frozenset[str] = frozenset()
) -> MigrationRun:
    """Migrate everything below `paths`, relative ones below `cwd`, in memory.

    `excluded` are ids of fixes that must not be applied; what depends on them falls with them.

    Paths in the result are relative to the project's root. Raises FileNotFoundError for a path that is not there, and
    `versions.TargetError` for a `--target` or `--source` that cannot be used.
    """
    started = time.perf_counter()
    project = discover(paths, settings.exclude, cwd)
    read = _read(project)
    called_back = _called_back(read)
    candidates = sorted(read.mentioning | called_back)
    asked = set(project.wanted)
    wanted = [path for path in candidates if path in asked]
    if not wanted:
        return _nothing(project, read, settings, started)
    from tfkdoctor import reduce

    pool = _pool(settings, len(candidates))
    outcome = reduce.migrate_all(project, read.contents, candidates, wanted, settings, pool, excluded)
    touched = {result.path for result in outcome.files}
    untouched = tuple(FileResult(p, Outcome.UNTOUCHED) for p in project.wanted if p not in touched)
    return MigrationRun(
        root=str(project.root),
        files=tuple(sorted((*outcome.files, *untouched), key=lambda r: r.path)),
        findings=(*project.findings, *read.findings, *outcome.findings),
        origin=outcome.origin,
        target=outcome.target,
        numerics=settings.numerics,
        scanned=len(project.wanted),
        seconds=time.perf_counter() - started,
        support=outcome.support,
        fallbacks=outcome.fallbacks,
        record=(RECORD, outcome.record) if outcome.record is not None else None,
        kept={r.path: read.contents[r.path] for r in outcome.files if r.changed}
        | {path: read.contents[path] for path in outcome.support if path in read.contents}
        | _on_disk(project.root / RECORD),
    )


def _on_disk(path: Path) -> dict[str, bytes]:
    """The bytes of a file of the project, so that --write sees whether they changed meanwhile."""
    try:
        return {path.name: path.read_bytes()}
    except OSError:
        return {}


def _nothing(project: Project, read: _Read, settings: Settings, started: float) -> MigrationRun:
    """The result where the gate lets nothing through: no parser was imported for it."""
    return MigrationRun(
        root=str(project.root),
        files=tuple(FileResult(path, Outcome.UNTOUCHED) for path in project.wanted),
        findings=(*project.findings, *read.findings),
        origin=Origin(reason="no Keras or TensorFlow in these files"),
        target=replace(
            Target(settings.target, "--target") if settings.target else Target(),
            keras="legacy" if settings.keras == "legacy" else "",
        ),
        numerics=settings.numerics,
        scanned=len(project.wanted),
        seconds=time.perf_counter() - started,
    )


def _read(project: Project) -> _Read:
    read = _Read()
    wanted = set(project.wanted)
    for path in project.files:
        try:
            content = (project.root / path).read_bytes()
        except OSError as error:
            if path in wanted:
                help_text = "make it readable, or exclude it; it was left untouched"
                read.findings.append(
                    Finding(
                        "TFK003", f"the file cannot be read: {error.strerror}", Severity.ERROR, path, help=help_text
                    )
                )
            continue
        read.contents[path] = content
        if gate.mentions(content):
            read.mentioning.add(path)
    return read


def _called_back(read: _Read) -> set[str]:
    """Files that say nothing of Keras themselves but import, directly or through others, a file that does."""
    if not read.mentioning or len(read.mentioning) == len(read.contents):
        return set()
    names = {
        Path(path).stem if not path.endswith("__init__.py") else Path(path).parent.name for path in read.mentioning
    }
    importers: dict[str, set[str]] = {}
    for path, content in read.contents.items():
        for module, taken in gate.import_lines(content):
            level = len(module) - len(module.lstrip("."))
            package = Path(path).parents[level - 1].name if 0 < level <= len(Path(path).parents) else ""
            for part in (*module.split("."), *taken, package):  # `from . import x` takes from the package's __init__
                importers.setdefault(part, set()).add(path)
    found: set[str] = set()
    pending = list(names)
    while pending:
        for path in importers.get(pending.pop(), ()):
            if path not in found and path not in read.mentioning:
                found.add(path)
                pending.append(Path(path).stem if not path.endswith("__init__.py") else Path(path).parent.name)
    return found


def _pool(settings: Settings, files: int) -> ProcessPoolExecutor | None:
    """A pool of processes where it pays; None: in this process."""
    import os

    jobs = settings.jobs or min(os.cpu_count() or 1, 8)
    if jobs <= 1 or files < _FEW:
        return None
    import multiprocessing
    import signal
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("spawn")
    ignore = (signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted, and ends them
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=signal.signal, initargs=ignore)
