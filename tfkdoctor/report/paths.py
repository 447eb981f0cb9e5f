"""Paths as a person sees them: from the folder where the command was given, not from the project's root."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tfkdoctor.model import Finding, MigrationRun
from tfkdoctor.report.verdict import Verdict


def seen_from(cwd: Path, run: MigrationRun, verdict: Verdict) -> tuple[MigrationRun, Verdict]:
    """The same run with paths relative to `cwd`; what does not lie below it gets its absolute path."""
    root = Path(run.root)
    if root == cwd:
        return run, verdict

    def path(name: str) -> str:
        whole = root / name
        return whole.relative_to(cwd).as_posix() if whole.is_relative_to(cwd) else str(whole)

    def moved(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(f if f.path is None else replace(f, path=path(f.path)) for f in findings)

    files = tuple(replace(file, path=path(file.path), findings=moved(file.findings)) for file in run.files)
    told = replace(
        run,
        files=files,
        findings=moved(run.findings),
        fallbacks=tuple(replace(one, path=path(one.path)) for one in run.fallbacks),
        support={path(name): text for name, text in run.support.items()},
        kept={path(name): content for name, content in run.kept.items()},
    )
    return told, Verdict(
        mended=moved(verdict.mended),
        remaining=moved(verdict.remaining),
        pending=tuple(map(path, verdict.pending)),
        written=tuple(map(path, verdict.written)),
    )
