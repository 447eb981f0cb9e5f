"""The checks: pure functions of facts and the compat table, each a row in the table of its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tfkdoctor.doctor.checks import cards, cuda, deep, distributions, gpu, keras, project, python, ranges
from tfkdoctor.doctor.checks.case import Case, Check
from tfkdoctor.doctor.compat import Compat
from tfkdoctor.doctor.facts import Facts
from tfkdoctor.model import Finding, Severity

CHECKS: tuple[Check, ...] = tuple(
    sorted(
        (
            *python.CHECKS,
            *distributions.CHECKS,
            *ranges.CHECKS,
            *keras.CHECKS,
            *gpu.CHECKS,
            *cuda.CHECKS,
            *cards.CHECKS,
            *project.CHECKS,
            *deep.CHECKS,
        ),
        key=lambda check: check.code,
    )
)


@dataclass(frozen=True, slots=True)
class CheckInfo:
    """What a person is told of a check."""

    code: str
    title: str
    severity: Severity  # as a rule; a single finding may be milder
    explanation: str


def infos() -> tuple[CheckInfo, ...]:
    return tuple(CheckInfo(one.code, one.title, one.severity, one.explanation) for one in CHECKS)


def run_checks(
    facts: Facts, table: Compat, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()
) -> tuple[tuple[Finding, ...], int]:
    """(what the chosen checks found, the worst first; how many checks ran)"""
    case = Case(facts, table)
    chosen = [check for check in CHECKS if wanted(check.code, select, ignore)]
    found = [finding for check in chosen for finding in findings(check, case)]
    order = list(Severity)
    return tuple(sorted(found, key=lambda finding: (order.index(finding.severity), finding.code))), len(chosen)


def wanted(code: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    return (not select or code.startswith(select)) and not (ignore and code.startswith(ignore))


def findings(check: Check, case: Case) -> Iterator[Finding]:
    for found in check.look(case):
        yield Finding(
            code=check.code,
            message=found.message,
            severity=found.severity or check.severity,
            help=found.help,
            evidence=found.evidence,
        )
