"""What is wrong with what an installer would bring: the table's ceilings and the doctor's own checks, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from packaging.requirements import Requirement

from tfkdoctor.doctor.checks import run_checks
from tfkdoctor.doctor.checks.case import SHIM_TARGETS
from tfkdoctor.doctor.compat import Ceiling, Compat, holds
from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.facts import Distribution, Facts, Patient, Unknown
from tfkdoctor.doctor.files.changes import Change, Problem, as_tensorflow, correctable, correction, family_pin, within
from tfkdoctor.doctor.files.conflicts import move_family, refused
from tfkdoctor.doctor.files.declared import Pin
from tfkdoctor.doctor.files.resolve import Resolution
from tfkdoctor.doctor.files.scenario import Scenario, interpreter
from tfkdoctor.model import Evidence, Severity

# Checks that speak of files on a disk, of a machine, or of what a dependency file cannot say.
NOT_HERE = ("DI002", "DI004", "DI017", "DI030", "DI031", "DI032", "KE005", "KE006", "KE009", "KE010")
SITE = "site-packages"
BROUGHT = "not in the file: an installer's choice today"


def judge(scenario: Scenario, resolution: Resolution, table: Compat) -> list[Problem]:
    """What is wrong with a scenario, the worst first."""
    if found := [*two_names(scenario.pins), *stubs(scenario, table)]:
        return found  # nothing that is said of the rest would be true
    if resolution.conflict:
        found = [refused(scenario, resolution.conflict, table)]
    else:
        found = [*too_new(scenario, resolution, table), *checked(scenario, resolution, table)]
        found += two_keras(scenario, resolution)
    order = list(Severity)
    return sorted(found, key=lambda one: order.index(one.severity))


def two_names(pins: Sequence[Pin]) -> Iterator[Problem]:
    """Two distributions of one folder; a shell and what it requires are one."""
    own = [pin for pin in pins if FAMILY.match(pin.name) and not pin.constraint and not pin.conda]
    kept = next((pin for pin in own if pin.name == "tensorflow"), own[0] if own else None)
    for pin in own:
        if kept and pin.name != kept.name and not {pin.name, kept.name} & set(SHIM_TARGETS):
            message = f"{kept.said} and {pin.said} own one folder: the last one installed wins"
            change = Change(pin, None) if correctable(pin) else None
            evidence = (Evidence(pin.name, pin.specifier or "any", f"{kept.path}:{kept.line}"),)
            yield Problem("DI001", Severity.ERROR, message, pin, change, evidence=evidence, refusal=True)


def stubs(scenario: Scenario, table: Compat) -> Iterator[Problem]:
    """Names whose newest release only says that it is none, so that an unlimited line dies of it."""
    for pin in scenario.pins:
        stub = table.stubs.get(pin.name)
        if stub and not pin.conda and not pin.constraint and correctable(pin) and holds(pin.specifier, stub.version):
            message = f"for {pin.said} an installer takes {pin.name} {stub.version} today, {stub.symptom}"
            evidence = (Evidence(pin.name, stub.version, stub.source),)
            yield Problem(
                "DI005", Severity.ERROR, message, pin, as_tensorflow(pin, scenario), evidence=evidence, refusal=True
            )


def two_keras(scenario: Scenario, resolution: Resolution) -> Iterator[Problem]:
    """keras in a file whose TensorFlow requires keras-nightly, as 2.5 does: of no release can both be used."""
    pin = next((one for one in scenario.pins if one.name == "keras"), None)
    by = next((n for n, texts in resolution.requires.items() if any("keras-nightly" in t for t in texts)), "")
    if pin and by:
        message = f"{by} {resolution.versions[by]} requires keras-nightly, which owns keras/ too: import keras dies"
        change = Change(pin, None) if correctable(pin) else None
        source = "measured: 2.5.3 with keras 2.2.4 to 2.15.0"
        yield Problem("DI006", Severity.ERROR, message, pin, change, evidence=(Evidence("keras", pin.said, source),))


def as_facts(scenario: Scenario, resolution: Resolution) -> Facts:
    """The environment that an installer would make, as facts: what the doctor's checks are asked."""
    no = Unknown("a dependency file does not say")
    return Facts(
        patient=Patient("python", "a dependency file"),
        interpreter=interpreter(scenario.python, scenario.platform),
        distributions=tuple(
            Distribution(name, version, SITE, resolution.requires.get(name, ()), installer="pip")
            for name, version in resolution.versions.items()
            if version
        ),
        packages=no,
        overlaps=no,
        leftovers=no,
        build=no,
        shadows=no,
        keras_config=no,
        host=no,
        driver=no,
        gpus=no,
        libraries=no,
        imported=no,
    )


def checked(scenario: Scenario, resolution: Resolution, table: Compat) -> Iterator[Problem]:
    """What the checks say of the environment; the ceilings among them are told by `too_new`."""
    ceilings = {ceiling.code for ceiling, _, _ in broken_ceilings(resolution, table)}
    for finding in run_checks(as_facts(scenario, resolution), table, ("DI", "KE"), NOT_HERE)[0]:
        if finding.code == "DI001" and any(evidence.fact in SHIM_TARGETS for evidence in finding.evidence):
            continue  # from release to release the one is the other's shell
        if finding.code in ceilings:
            continue
        named = [pin for evidence in finding.evidence for pin in scenario.pins if pin.name == evidence.fact]
        pin = next((one for one in named if not FAMILY.match(one.name)), named[0] if named else family_pin(scenario))
        change = correction(finding.code, scenario, resolution, table)
        pin = change.pin if change else pin
        help = "" if change else finding.help
        evidence = tuple(replace(one, where=source(one.fact, scenario)) for one in finding.evidence)
        yield Problem(finding.code, finding.severity, finding.message, pin, change, help, evidence)


def source(name: str, scenario: Scenario) -> str:
    """The line that asks for a distribution."""
    return next((f"{pin.path}:{pin.line}" for pin in scenario.pins if pin.name == name), BROUGHT)


def broken_ceilings(resolution: Resolution, table: Compat) -> Iterator[tuple[Ceiling, str, str]]:
    """(a limit that is broken, whose version breaks it, because of whose presence it holds)"""
    versions = resolution.versions
    family = [name for name in versions if FAMILY.match(name)]
    for ceiling in table.ceilings:
        needed = Requirement(ceiling.needs)
        if not versions.get(needed.name) or holds(str(needed.specifier), versions[needed.name]):
            continue
        for condition in map(Requirement, ceiling.when):
            names = family if condition.name == "tensorflow" else [condition.name]
            by = next((name for name in names if versions.get(name)), "")
            if by and holds(str(condition.specifier), versions[by]):
                yield ceiling, needed.name, by
                break


def too_new(scenario: Scenario, resolution: Resolution, table: Compat) -> Iterator[Problem]:
    """What no metadata forbids and what dies all the same."""
    for ceiling, name, by in broken_ceilings(resolution, table):
        own = next((pin for pin in scenario.pins if pin.name == name), None)
        pin = own or next((pin for pin in scenario.pins if pin.name == by), None) or family_pin(scenario)
        version, limit = resolution.versions[name], str(Requirement(ceiling.needs).specifier)
        what = f"{name} {version}" if own else f"nothing limits {name}, and an installer brings {version} today: it"
        wrong = "too old" if limit.startswith(">") else "too new"
        yield Problem(
            code=ceiling.code,
            severity=Severity(ceiling.severity),
            message=f"{what} is {wrong} for {by} {resolution.versions[by]}: {ceiling.symptom}",
            pin=pin,
            unnamed=own is None,
            change=move_family(scenario, name, table) or change_to(own, pin, name, limit),
            evidence=(
                Evidence(name, version, f"{own.path}:{own.line}" if own else BROUGHT),
                Evidence("limit", ceiling.needs, ceiling.source),
            ),
        )


def change_to(own: Pin | None, pin: Pin | None, name: str, limit: str) -> Change | None:
    """The limit in the line that names the distribution, else as a line of its own beside the one that needs it."""
    if own:
        return Change(own, within(own, limit)) if correctable(own) else None
    return Change(pin, limit, name, add=True) if pin and correctable(pin) else None
