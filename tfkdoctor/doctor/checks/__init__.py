"""The checks: pure functions of facts and the compat table, each with a row in rules/checks/*.toml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tfkdoctor.doctor.checks import (
    cards,
    cluster,
    companions,
    compiling,
    cuda,
    deep,
    distributions,
    driver,
    files,
    folders,
    gpu,
    harmless,
    keras,
    keras_versions,
    platforms,
    project,
    python,
    ranges,
    requested,
    table,
    visible,
)
from tfkdoctor.doctor.checks.case import Case
from tfkdoctor.doctor.checks.rows import Check, read_checks
from tfkdoctor.doctor.compat import Compat
from tfkdoctor.doctor.facts import Facts
from tfkdoctor.model import Finding, Severity
from tfkdoctor.validate.index import rules_dir

MODULES = (
    *(python, platforms, table, folders, distributions, files, ranges, companions, keras_versions, keras),
    *(gpu, driver, cuda, cards, visible, compiling, harmless, project, requested, cluster, deep),
)
LOOKS = {code: look for module in MODULES for code, look in module.LOOKS.items()}
CHECKS = read_checks(rules_dir() / "checks", LOOKS)


PIP = "python -m pip install"  # as the checks say it; a person is told the command of the examined environment


@dataclass(frozen=True, slots=True)
class Quiet:
    """A check that found nothing: all is well, or `unknown` says which fact it lacks."""

    code: str
    title: str
    unknown: str


def run_checks(
    facts: Facts, table: Compat, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()
) -> tuple[tuple[Finding, ...], int]:
    """(what the chosen checks found, the worst first; how many checks ran)"""
    case = Case(facts, table)
    chosen = choose(select, ignore)
    found = [finding for check in chosen for finding in findings(check, case)]
    order = list(Severity)
    return tuple(sorted(found, key=lambda finding: (order.index(finding.severity), finding.code))), len(chosen)


def quiet_checks(
    facts: Facts, found: tuple[Finding, ...], select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()
) -> tuple[Quiet, ...]:
    """The chosen checks that found nothing, and for each whether it could know."""
    loud = {finding.code for finding in found}
    return tuple(
        Quiet(one.code, one.title, one.unknown(facts)) for one in choose(select, ignore) if one.code not in loud
    )


def choose(select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[Check, ...]:
    """The checks whose codes begin with one of `select` (all, if it is empty) and with none of `ignore`."""
    return tuple(
        one
        for one in CHECKS
        if (not select or one.code.startswith(select)) and not (ignore and one.code.startswith(ignore))
    )


def findings(check: Check, case: Case) -> Iterator[Finding]:
    """What a check says of a case; nothing where it lacks a fact that it reads."""
    patient = case.facts.patient
    known = patient.environment or patient.reason in ("--python", "configured in [tool.tfkdoctor]")
    for found in () if check.unknown(case.facts) else check.look(case):
        yield Finding(
            code=check.code,
            message=found.message,
            severity=found.severity or check.severity,
            help=found.help.replace(PIP, case.installer) if known else found.help,
            evidence=found.evidence,
        )
