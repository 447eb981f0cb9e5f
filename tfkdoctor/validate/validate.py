"""Validates a migration in the target interpreter; executes none of the project's code.

First `wrong_interpreter`: where the interpreter's TensorFlow is outside the target range, or there is none, that is the
one finding (TFK022) and nothing else is run in it. Then `smoke_of`.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from tfkdoctor.model import Evidence, FileResult, Finding, MigrationRun, Outcome, Severity
from tfkdoctor.validate.imports import import_style
from tfkdoctor.validate.installed import installed_tensorflow
from tfkdoctor.validate.smoke import SmokeResult, smoke


def smoke_of(run: MigrationRun, python: str, *, device: str | None = None, timeout: float = 300) -> SmokeResult:
    """The smoke test, with the import lines and API names of the migrated files in front; `timeout` in seconds."""
    return smoke(python, device=device, imports=import_style(migrated_texts(run)), timeout=timeout, full=True)


def migrated_texts(run: MigrationRun) -> dict[str, str]:
    """Path -> text after the migration, of every file that could be understood."""
    read = {file.path: _text(run, file) for file in run.files if file.outcome is not Outcome.REFUSED}
    return {path: text for path, text in read.items() if text is not None}


def all_texts(run: MigrationRun) -> dict[str, str]:
    """Path -> text of every file that was looked at: what the migration makes of it, else what stands there."""
    texts = migrated_texts(run)
    for file in run.files:
        if file.path not in texts and file.outcome is Outcome.CLEAN:
            with contextlib.suppress(OSError, UnicodeDecodeError):
                texts[file.path] = (Path(run.root) / file.path).read_text("utf-8-sig")
    return texts


def _text(run: MigrationRun, file: FileResult) -> str | None:
    if file.text is not None:
        return file.text
    try:
        return run.kept[file.path].decode("utf-8-sig")
    except (KeyError, UnicodeDecodeError):
        return None  # nothing legacy was found in it, so it adds nothing that the index has not seen


def wrong_interpreter(python: str, target: str) -> Finding | None:
    """TFK022 where this interpreter's TensorFlow is not one that the target (`tensorflow>=2.16`) allows."""
    from packaging.requirements import Requirement

    installed = installed_tensorflow(python)
    if installed.version is None:
        return _wrong(python, target, f"{installed.reason}, so the migration cannot be validated there")
    if Requirement(target).specifier.contains(installed.version, prereleases=True):
        return None
    message = f"{python} has TensorFlow {installed.version}, which is outside the target {target}"
    return _wrong(python, target, f"{message}, so the migration cannot be validated there")


def _wrong(python: str, target: str, message: str) -> Finding:
    return Finding(
        code="TFK022",
        message=message,
        severity=Severity.ERROR,
        help=f"Name an interpreter that has {target} with --python.",
        evidence=(Evidence("interpreter", python, "--python"), Evidence("target", target)),
    )
