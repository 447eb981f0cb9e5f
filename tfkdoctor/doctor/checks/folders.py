"""Checks of the folders that an interpreter imports from, and of the commands that belong to another one: PY."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import PurePath

from tfkdoctor.doctor.checks.case import Case, Found, Look, installed
from tfkdoctor.doctor.disk import FAMILY, RECORD_OF
from tfkdoctor.doctor.facts import Distribution, Interpreter, Unknown
from tfkdoctor.model import Evidence, Severity

ASKED = ("--python", "configured")  # the reasons of a patient that somebody named


def twice(case: Case) -> Iterator[Found]:
    seen: dict[str, list[Distribution]] = {}
    if isinstance(case.facts.distributions, Unknown) or case.interpreter is None:
        return
    for one in case.facts.distributions:
        seen.setdefault("tensorflow" if FAMILY.match(one.name) else one.name, []).append(one)
    for name, those in seen.items():
        hidden = next((one for one in those if one.location != those[0].location), None)
        if hidden and RECORD_OF.match(name):
            yield Found(
                f"{name} is installed twice: {place(those[0])} hides {place(hidden)}",
                way_out(case, those[0]),
                tuple(installed(one) for one in those),
                Severity.HINT if over_base(case.interpreter, those[0], hidden) else None,
            )


def over_base(one: Interpreter, first: Distribution, hidden: Distribution) -> bool:
    """A virtual environment that lets the system's packages through has its own in front of them: as it is meant."""
    own = f"{one.prefix}/"
    return one.prefix != one.base_prefix and first.location.startswith(own) and not hidden.location.startswith(own)


def place(one: Distribution) -> str:
    return f"{one.name} {one.version} in {one.location}"


def way_out(case: Case, first: Distribution) -> str:
    """How the hidden one comes to light, by where the first one lies."""
    if first.location in case.python_path:
        return "unset PYTHONPATH, which puts that folder in front, or remove the one that is not meant"
    if case.interpreter and first.location == case.interpreter.user_site:
        return "set PYTHONNOUSERSITE=1, which leaves the user's own folder out, or remove the one that is not meant"
    return "remove the one that is not meant"


def conda_and_pip(case: Case) -> Iterator[Found]:
    for one in case.distributions.values():
        if one.conda and one.installer == "pip" and RECORD_OF.match(one.name):
            yield Found(
                f"{one.name} was installed by conda and again by pip ({one.version})",
                f"conda remove {one.name}, then install it with pip alone",
                (installed(one), Evidence("conda-meta", one.name, "conda-meta")),
            )


def other_pip(case: Case) -> Iterator[Found]:
    """A `pip` on PATH, or a kernel of this environment, that belongs to another interpreter."""
    one, project = case.interpreter, case.facts.project
    if one is None or isinstance(project, Unknown):
        return
    asked = case.facts.patient.reason.startswith(ASKED)
    if isinstance(project.pip, str) and not asked and not of_prefix(project.pip, one):
        yield Found(
            f"pip on PATH installs for {project.pip}, and this is {one.executable}",
            f"{shlex.quote(case.facts.patient.python)} -m pip install …",
            (Evidence("pip", project.pip, "the first line of pip on PATH"),),
        )
    for kernel in project.kernels:
        mine = kernel.path.startswith(f"{one.prefix}/")
        if not kernel.exists or (mine and kernel.python and not of_prefix(kernel.python, one)):
            state = "another interpreter" if kernel.exists else "an interpreter that is gone"
            yield Found(
                f"the Jupyter kernel {kernel.name} starts {state}: {kernel.python}",
                f"{shlex.quote(case.facts.patient.python)} -m ipykernel install --sys-prefix --name {kernel.name}",
                (Evidence("argv", kernel.python, kernel.path),),
                None if mine else Severity.HINT,
            )


def of_prefix(python: str, one: Interpreter) -> bool:
    """Whether an interpreter is that of the examined environment, by the folder that it lies in."""
    folder = str(PurePath(python).parent.parent)
    return folder in (one.prefix, str(PurePath(one.executable).parent.parent))


def unanswered(case: Case) -> Iterator[Found]:
    if isinstance(case.facts.interpreter, Unknown):
        patient, reason = case.facts.patient, case.facts.interpreter.reason
        absent = reason == "cannot be started: No such file or directory"
        yield Found(
            f"there is no {patient.python}" if absent else f"{patient.python} cannot be examined: {reason}",
            linked_anew(case) or "name a Python: tfkdoctor check --python PATH",
            (Evidence("chosen", patient.python, patient.reason),),
        )


def linked_anew(case: Case) -> str:
    """The command that links a virtual environment to another Python of the same minor: its packages stay."""
    patient, reason = case.facts.patient, case.facts.interpreter
    if not (isinstance(reason, Unknown) and reason.reason.endswith("which is gone") and patient.made_with):
        return ""
    python = "python" + ".".join(patient.made_with.split(".")[:2])
    folder = shlex.quote(patient.environment)
    return f"rm {folder}/bin/python* && {python} -m venv --upgrade --without-pip {folder}"


LOOKS: dict[str, Look] = {
    "PY014": other_pip,
    "PY015": twice,
    "PY016": conda_and_pip,
    "PY017": unanswered,
}
