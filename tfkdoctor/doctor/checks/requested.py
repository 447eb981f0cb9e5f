"""What is installed against what the project's own dependency files ask for: PR003."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.version import InvalidVersion

from tfkdoctor.doctor.checks.case import Case, Found, Look, marker_environment
from tfkdoctor.doctor.checks.ranges import provider
from tfkdoctor.doctor.compat import holds
from tfkdoctor.doctor.facts import Unknown
from tfkdoctor.doctor.requested import PYTHON, Request
from tfkdoctor.model import Evidence, Severity

REQUIREMENTS = re.compile(r"requirements[^/\\]*\.txt$")
CONDA_FILE = re.compile(r"environment\.ya?ml$")


def differs(case: Case) -> Iterator[Found]:
    """One finding for each file that asks for something else than what is installed."""
    for path, those in by_file(case).items():
        wrong = [(one, text) for one in those if (text := difference(case, one, those))]
        sure = [row for row in wrong if not row[0].optional]
        for rows, severity in ((sure, None), ([row for row in wrong if row[0].optional], Severity.HINT)):
            if rows:
                said = ", ".join(dict.fromkeys(f"{one.name}{one.specifier} ({text})" for one, text in rows))
                yield Found(
                    f"what is installed is not what {Path(path).name} asks for: {said}",
                    way(case, path, those, [one for one, _ in rows]),
                    tuple(Evidence(one.name, version(case, one), f"{one.path}:{one.line}") for one, _ in rows),
                    side(case, path) or severity,
                )


def by_file(case: Case) -> dict[str, list[Request]]:
    """The requests that hold for the examined interpreter, by the file that they stand in."""
    project = case.facts.project
    if isinstance(project, Unknown) or case.interpreter is None:
        return {}
    environment = {**marker_environment(case.interpreter), "extra": ""}
    found: dict[str, list[Request]] = {}
    for one in project.requests:
        if not one.marker or marker_holds(one.marker, environment):
            found.setdefault(one.path, []).append(one)
    return found


def marker_holds(marker: str, environment: dict[str, str]) -> bool:
    """A lock file's own words (extras, groups) decide nothing here, so that what they stand beside does not hold."""
    try:
        return Marker(marker).evaluate(environment)
    except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName, InvalidVersion):
        return False


def difference(case: Case, one: Request, those: list[Request]) -> str:
    """What is installed in place of what is asked for; "" where it fits, or where nobody may want it."""
    if one.name == PYTHON and case.interpreter:
        full = case.interpreter.version
        fits = any(holds(one.specifier, version) for version in (full, case.python))
        return "" if fits else f"this is Python {full}"
    have = provider(case, one.name)
    if have is None:
        # Without any TensorFlow DI030 speaks of it, and what a lock or an extra holds need not be wanted here.
        wanted = case.version and not (one.optional or one.locked or one.limits)
        return "it is not installed" if wanted else ""
    if any(holds(other.specifier, have.version) for other in those if other.name == one.name and other.locked):
        return ""  # a lock file holds one version for each kind of machine
    return "" if holds(one.specifier, have.version) else f"{have.version} is installed"


def version(case: Case, one: Request) -> str:
    if one.name == PYTHON:
        return case.interpreter.version if case.interpreter else ""
    have = provider(case, one.name)
    return have.version if have else "not installed"


def side(case: Case, path: str) -> Severity | None:
    """A file of conda beside an environment that conda did not make is not the one that it was made from."""
    others = any(not CONDA_FILE.search(one) for one in by_file(case))
    conda = case.facts.patient.manager == "conda"
    return Severity.HINT if CONDA_FILE.search(path) and not conda and others else None


def way(case: Case, path: str, those: list[Request], wrong: list[Request]) -> str:
    """The command that installs what the file asks for."""
    if any(one.name == PYTHON for one in wrong):
        spec = next(one.specifier for one in wrong if one.name == PYTHON)
        return f"use a Python {spec}: it is the one that this project is for"
    patient, file = case.facts.patient, shlex.quote(path)
    if REQUIREMENTS.search(path):
        return f"python -m pip install -r {file}"
    if CONDA_FILE.search(path) and patient.manager == "conda" and case.interpreter:
        return f"conda env update -p {shlex.quote(case.interpreter.prefix)} -f {file}"
    folder = str(Path(path).parent)
    if Path(path).name == "uv.lock" and Path(patient.environment or "/") == Path(folder, ".venv"):
        return f"uv sync --project {shlex.quote(folder)}"
    asked = wrong if all(one.locked for one in wrong) else [*(one for one in those if not one.optional), *wrong]
    return f"python -m pip install {' '.join(requirements(asked))}"


def requirements(those: list[Request]) -> Iterator[str]:
    """Each name once, with all that is asked of it, quoted for a shell."""
    installs = dict.fromkeys(one.name for one in those if one.name != PYTHON and not one.limits)
    for name in installs:
        rows = [one for one in those if one.name == name]
        extras = ",".join(sorted({extra for one in rows for extra in one.extras}))
        specifier = ",".join(dict.fromkeys(one.specifier for one in rows if one.specifier))
        yield f'"{name}[{extras}]{specifier}"' if extras else f'"{name}{specifier}"'


def wishes(case: Case) -> tuple[Request, ...]:
    """What advice should respect: lines that are no option, and none of a lock, which can be written anew."""
    return tuple(
        one
        for path, those in by_file(case).items()
        for one in those
        if not (one.optional or one.locked or one.name == PYTHON or side(case, path))
    )


LOOKS: dict[str, Look] = {"PR003": differs}
