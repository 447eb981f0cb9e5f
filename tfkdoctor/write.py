"""Putting a migration onto the disk: each file whole or not at all, and never over somebody else's change."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tfkdoctor.model import Finding, Fix, MigrationRun, Severity
from tfkdoctor.text import decode, encode

CHANGED_MEANWHILE = "TFK030"
NOT_WRITABLE = "TFK031"
HELD_BACK = "TFK032"


@dataclass(frozen=True, slots=True)
class Written:
    """Paths that hold the new text now, and a finding for each file that does not."""

    paths: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """One file to write: `old` are the bytes that must still be there, None for a file that must not exist yet."""

    path: str
    new: bytes
    old: bytes | None
    fixes: tuple[Fix, ...] = ()


def write_run(run: MigrationRun) -> Written:
    """Write every changed file and support module of a run, below its root.

    A file that cannot be written takes along the files whose fixes require one of its fixes, so that no half of a
    change that belongs together stays behind. Never raises for what the disk does.
    """
    wanted = [make_job(path, text, run.kept.get(path), ()) for path, text in run.support.items()]
    wanted += [make_job(f.path, f.text, run.kept[f.path], f.fixes) for f in run.files if f.text is not None]
    written = write_jobs(wanted, Path(run.root))
    if run.record is None or not written.paths:
        return written
    path, text = run.record
    noted = write_jobs([make_job(path, text, run.kept.get(path), ())], Path(run.root))
    return Written(written.paths, written.findings + noted.findings)


def make_job(path: str, text: str, old: bytes | None, fixes: tuple[Fix, ...]) -> Job | Finding:
    """The bytes to write, in the encoding of the old file; a new file is UTF-8."""
    if old is None:
        return Job(path, text.encode(), None, fixes)
    source = decode(path, old)
    if isinstance(source, Finding):
        return source
    try:
        return Job(path, encode(text, source), old, fixes)
    except UnicodeEncodeError as error:
        return trouble(NOT_WRITABLE, path, f"not written: {source.encoding} has no {error.object[error.start]!r}")


def write_jobs(wanted: Sequence[Job | Finding], root: Path) -> Written:
    """Write the jobs in their order (support modules first, since others import them), once all obstacles are known."""
    jobs = [job for job in wanted if isinstance(job, Job)]
    findings = [finding for finding in wanted if isinstance(finding, Finding)]
    findings += [problem for job in jobs if (problem := obstacle(root / job.path, job)) is not None]
    findings += held_back(jobs, frozenset(finding.path for finding in findings if finding.path))
    blocked = {finding.path for finding in findings}
    written = []
    for job in jobs:
        if job.path not in blocked:
            problem = write_file(root / job.path, job)
            if problem is None:
                written.append(job.path)
            else:
                findings.append(problem)
    return Written(tuple(written), tuple(findings))


def held_back(jobs: list[Job], blocked: frozenset[str]) -> list[Finding]:
    """A finding for each file that must wait for a blocked one, directly or through others."""
    waits = {job.path: needed_files(job, jobs) for job in jobs}
    stopped = set(blocked)
    found: list[Finding] = []
    while True:
        ready = [(path, sorted(needed & stopped)) for path, needed in waits.items() if path not in stopped]
        falling = [(path, missing[0]) for path, missing in ready if missing]
        if not falling:
            return found
        for path, missing in falling:
            stopped.add(path)
            message = f"not written: it needs the change of {missing}, which could not be written"
            found.append(trouble(HELD_BACK, path, message, "mend that file's finding and run tfkdoctor again"))


def needed_files(job: Job, jobs: list[Job]) -> frozenset[str]:
    """The files that must be written if this one is: owners of required fixes, and the support modules."""
    required = {name for fix in job.fixes for name in fix.requires}
    pieces = any(not need.startswith("pip:") for fix in job.fixes for need in fix.needs)
    return frozenset(
        other.path
        for other in jobs
        if other is not job and (required & {fix.id for fix in other.fixes} or (pieces and not other.fixes))
    )


def obstacle(path: Path, job: Job) -> Finding | None:
    """Why this file cannot be written, seen before anything is written."""
    real = Path(os.path.realpath(path))
    try:
        now = real.read_bytes()
    except FileNotFoundError:
        now = None
    except OSError as error:
        return trouble(NOT_WRITABLE, job.path, f"cannot be read again before writing: {reason(error)}")
    if now not in (job.old, job.new):
        what = "it appeared" if job.old is None else "it is gone" if now is None else "it changed"
        return trouble(CHANGED_MEANWHILE, job.path, f"not written: {what} while tfkdoctor ran", "run tfkdoctor again")
    if now is not None and not may(real, os.W_OK):
        return trouble(NOT_WRITABLE, job.path, "not written: the file is read-only", f"chmod u+w {job.path}")
    if not may(real.parent, os.W_OK | os.X_OK):
        return trouble(NOT_WRITABLE, job.path, f"not written: no permission to create files in {real.parent}")
    return None


def may(path: Path, mode: int) -> bool:
    """What the process may do now, which for a set-user-id one is not what its user may."""
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def write_file(path: Path, job: Job) -> Finding | None:
    """Replace one file atomically: a complete temporary file beside it, the mode and owner of the old, `os.replace`.

    A symbolic link stays one; the file that it points to is replaced.
    """
    real = Path(os.path.realpath(path))
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{real.name}.", suffix=".tfkdoctor", dir=real.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(job.new)
        take_over(real, temporary)
        problem = obstacle(path, job)  # as late as can be: an editor may have saved since the first look
        if problem is None:
            temporary.replace(real)
            temporary = None
        return problem
    except OSError as error:
        return trouble(NOT_WRITABLE, job.path, f"not written: {reason(error)}")
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def take_over(old: Path, new: Path) -> None:
    """Give `new` the mode and, where that is allowed, the owner of `old`; a new file gets what umask says."""
    if old.exists():
        shutil.copymode(old, new)
        status = old.stat()
        if hasattr(os, "chown"):
            with contextlib.suppress(PermissionError):
                os.chown(new, status.st_uid, status.st_gid)
                shutil.copymode(old, new)  # chown clears set-id bits
    else:
        mask = os.umask(0)
        os.umask(mask)
        new.chmod(0o666 & ~mask)


def trouble(code: str, path: str, message: str, help: str = "") -> Finding:
    return Finding(code, message, Severity.ERROR, path, help=help)


def reason(error: OSError) -> str:
    return error.strerror or str(error)
