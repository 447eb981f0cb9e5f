"""What is left to do after a run: which findings remain, which fixes wait, and the exit code that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tfkdoctor.model import Fallback, FileResult, Finding, Fix, MigrationRun, Severity

CLEAN, ATTENTION, TROUBLE, INTERRUPTED = 0, 1, 2, 130


@dataclass(frozen=True, slots=True)
class Tally:
    """Findings by severity."""

    errors: int = 0
    warnings: int = 0
    hints: int = 0

    @property
    def total(self) -> int:
        return self.errors + self.warnings + self.hints


def tally(findings: Iterable[Finding]) -> Tally:
    count = dict.fromkeys(Severity, 0)
    for finding in findings:
        count[finding.severity] += 1
    return Tally(count[Severity.ERROR], count[Severity.WARNING], count[Severity.HINT])


def fails(finding: Finding, strict: bool) -> bool:
    """Whether this finding alone makes a run end with exit code 1."""
    return strict or finding.severity is not Severity.HINT


def exit_code(findings: Iterable[Finding], strict: bool, pending: bool = False) -> int:
    """0: nothing left to do; 1: an error, a warning (`strict`: a hint), or a fix that would be applied (`pending`)."""
    return ATTENTION if pending or any(fails(finding, strict) for finding in findings) else CLEAN


@dataclass(frozen=True, slots=True)
class Verdict:
    """A migration seen from its end.

    `mended`: findings that an applied fix takes away (or, as long as nothing is written, would take away);
    `remaining`: all others; `pending`: paths that `--write` would change or create.
    """

    mended: tuple[Finding, ...]
    remaining: tuple[Finding, ...]
    pending: tuple[str, ...]
    written: tuple[str, ...]

    def exit_code(self, strict: bool) -> int:
        return exit_code(self.remaining, strict, pending=bool(self.pending))


def judge(run: MigrationRun, more: tuple[Finding, ...] = (), written: tuple[str, ...] | None = None) -> Verdict:
    """Sort the findings of a run and `more` (of writing, of validation).

    `written` are the paths that were written, None if nothing was meant to be. Where writing was meant and failed,
    the findings of that file remain beside the one that says so.
    """
    changed = list(run.support) + [file.path for file in run.files if file.changed]
    done = frozenset(changed if written is None else written)
    fixed = frozenset(fix.id for file in run.files if file.path in done for fix in applied_fixes(file))
    mended: list[Finding] = []
    remaining: list[Finding] = []
    for finding in in_order(run.all_findings() + more):
        (mended if finding.fix in fixed else remaining).append(finding)
    pending = tuple(changed) if written is None else ()
    return Verdict(tuple(mended), tuple(remaining), pending, written or ())


def reasons(fallbacks: Iterable[Fallback]) -> list[tuple[str, int]]:
    """What sends programs to compat.v1, and how many, the most frequent first."""
    counted = Counter(one.name for one in fallbacks)
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def applied_fixes(file: FileResult) -> tuple[Fix, ...]:
    """The fixes that the new text of a file holds."""
    return file.fixes if file.changed else ()


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """By file and position; what belongs to no place comes first."""
    return sorted(
        findings,
        key=lambda f: (f.path or "", (f.span.line, f.span.column) if f.span else (0, 0), f.code, f.message),
    )
