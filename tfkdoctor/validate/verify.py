"""`tfkdoctor verify`: the original in its old interpreter against the migrated code in the new one.

Findings: TFK026 something is not equal, TFK027 a side did not come to its end.
"""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tfkdoctor.model import Evidence, Finding, MigrationRun, Settings, Severity
from tfkdoctor.validate import scratch, scripts
from tfkdoctor.validate.built import MODELS, ORIGINAL_FAILS, compare_models
from tfkdoctor.validate.scripts import Account, Options, Side

USUAL = ("train.py", "main.py", "run.py")
MAIN = re.compile(r"^if\s+__name__\s*==", re.MULTILINE)
FRAMEWORK = re.compile(r"\b(?:keras|tensorflow|tf_keras)\b")
WORKS = re.compile(r"\.(?:fit|fit_generator|train_on_batch|predict|evaluate)\(|\bSession\(")
DIFFERS, NOT_RUN = "TFK026", "TFK027"


class VerifyError(ValueError):
    """What was asked for cannot be done; the text says why, and what to type instead."""


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What became of every script, and how the new side came about."""

    accounts: tuple[Account, ...]
    options: Options
    legacy_python: str
    python: str
    migrated: MigrationRun | None = None

    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for account in self.accounts for finding in findings_of(account, self))


def verify(
    old: Path,
    new: Path | None,
    wanted: Sequence[str],
    arguments: list[str],
    pythons: tuple[str, str],
    options: Options,
    settings: Settings,
    calls: Mapping[str, Mapping[str, object]] | None = None,
) -> VerifyResult:
    """Compare scripts of two projects, or their models where `calls` (how to build them, by name) is given.

    `wanted` empty: the usual entry points; `new` None: a migrated copy of `old`.

    `pythons` are the old and the new interpreter. Raises VerifyError where it is not clear what to run.
    """
    names = list(wanted) or (entry_points(old) if calls is None else [])
    with tempfile.TemporaryDirectory(prefix="tfkdoctor-verify-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        before = scratch.copy(old, folder / "old")
        after = scratch.copy(new or old, folder / "new")
        run = migrated(after, settings) if new is None else None
        for script in names:
            for side in (before, after):
                if not (side / script).is_file():
                    raise VerifyError(f"{script}: no such file in {old if side == before else new or old}")
        sides = Side(pythons[0], before), Side(pythons[1], after)
        accounts = [scripts.compare_script(script, arguments, *sides, folder, options) for script in names]
        if calls is not None:
            accounts.append(compare_models(*sides, folder, options, calls))
    return VerifyResult(tuple(accounts), options, *pythons, run)


def migrated(folder: Path, settings: Settings) -> MigrationRun:
    """Migrate a scratch copy in place."""
    from tfkdoctor.run import migrate_paths
    from tfkdoctor.write import write_run

    run = migrate_paths([folder], settings, folder)
    write_run(run)
    return run


def entry_points(old: Path) -> list[str]:
    """The script that a person would run: the file itself, else a usual name, else the only one there is."""
    if old.is_file():
        return [old.name]
    found = [path for path, text in scratch.sources(old) if is_program(path, text)]
    for name in USUAL:
        if name in found:
            return [name]
    if len(found) == 1:
        return found
    if not found:
        told = "no script that uses Keras or TensorFlow was found"
        raise VerifyError(f"{old}: {told}; name one with --script, or compare the models alone with --models")
    several = ", ".join(found[:8]) + (" …" if len(found) > 8 else "")
    raise VerifyError(f"{old}: several scripts could be run ({several}); name one or more with --script")


def is_program(path: str, text: str) -> bool:
    if Path(path).name.startswith(("test_", "conftest", "setup")) or not FRAMEWORK.search(text):
        return False
    return bool(MAIN.search(text)) or top_level_work(text)


def top_level_work(text: str) -> bool:
    """Whether a file trains or predicts as soon as it is run."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return bool(WORKS.search(text))  # Python 2
    nodes = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)]
    return any(WORKS.search(ast.get_source_segment(text, node) or "") for node in nodes)


def findings_of(account: Account, result: VerifyResult) -> list[Finding]:
    """The first difference is the finding that says most; all others follow from it or stand beside it."""
    if account.old.trouble:
        help_text = "Make it run there first: verify compares with what the original does. Is this its old environment?"
        message = f"the original does not run in {result.legacy_python}: {account.old.trouble}"
        return [finding(NOT_RUN, account, message, help_text, result.legacy_python)]
    if account.new is not None and account.new.trouble:
        message = f"the migrated program does not run in {result.python}: {account.new.trouble}"
        found = [finding(NOT_RUN, account, message, "", result.python)]
    else:
        found = []
    help_text = "`tfkdoctor migrate` lists what it kept and what it could not; --tolerance states what counts as equal."
    if not found and not account.models and not account.numbers and not account.unequal:
        help_text = (
            "Name a script that trains or predicts with --script, or let models be called: [tool.tfkdoctor.smoke]."
        )
        if any(ORIGINAL_FAILS in note for note in account.notes):
            help_text = "Is it the environment of its time? --make-legacy-env DIR builds that of the version it names."
        return [
            finding(
                NOT_RUN, account, "nothing was compared: no models and no printed numbers", help_text, result.python
            )
        ]
    told = [difference.told() for difference in account.differences]
    return [
        finding(DIFFERS, account, text, help_text if not place else "", result.python)
        for place, text in enumerate(told)
    ] + found


def finding(code: str, account: Account, message: str, help_text: str, python: str) -> Finding:
    evidence = (Evidence("interpreter", python), Evidence("compared", account.name))
    path = None if account.name == MODELS else account.name
    return Finding(code, message, Severity.ERROR, path, help=help_text, evidence=evidence)
