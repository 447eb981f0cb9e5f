"""Checks of what stands around a program: PR."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from tfkdoctor.doctor.checks.case import Case, Found, Look, installed
from tfkdoctor.doctor.compat import minor, parse
from tfkdoctor.doctor.facts import KerasConfig, Shadow, Unknown
from tfkdoctor.doctor.surroundings import SOURCE
from tfkdoctor.model import Evidence, Severity

# The end of security fixes: devguide.python.org/versions (2026-11).
PYTHON_ENDS = {
    "2.7": "2020-01-01",
    "3.5": "2020-09-30",
    "3.6": "2021-12-23",
    "3.7": "2023-06-27",
    "3.8": "2024-10-07",
    "3.9": "2025-10-31",
    "3.10": "2026-10-31",
    "3.11": "2027-10-31",
    "3.12": "2028-10-31",
    "3.13": "2029-10-31",
}


def shadowed(case: Case) -> Iterator[Found]:
    shadows = () if isinstance(case.facts.shadows, Unknown) else case.facts.shadows
    for one in shadows:
        if one.hides == SOURCE:
            continue
        yield Found(
            f"{Path(one.path).name} in {Path(one.path).parent} hides {one.hides}"
            + ("" if one.hides.startswith("the inst") else f" ({one.module})")
            + " from every program that is started there",
            f"{renamed(one)}  # and rename every import of it",
            (Evidence("module", one.module, one.path),),
            None if one.hides.startswith("the installed") else Severity.WARNING,
        )


def renamed(one: Shadow) -> str:
    """The command that gives a module another name, and takes its compiled files away."""
    path = Path(one.path)
    mine = shlex.quote(str(path.with_stem(f"my_{path.stem}")))
    rest = f" && rm -f {shlex.quote(str(path.parent / '__pycache__'))}/{path.stem}.*" if path.suffix == ".py" else ""
    return f"mv {shlex.quote(one.path)} {mine}{rest}"


def source_tree(case: Case) -> Iterator[Found]:
    shadows = () if isinstance(case.facts.shadows, Unknown) else case.facts.shadows
    for one in shadows:
        if one.hides == SOURCE:
            yield Found(
                f"{one.path} is TensorFlow's source, without what a build adds: from here import tensorflow takes it",
                "start programs in another folder: cd ..",
                (Evidence("tensorflow", "no build_info.py", one.path),),
            )


def kernel_is_old(case: Case) -> Iterator[Found]:
    loaded = () if isinstance(case.facts.project, Unknown) else case.facts.project.loaded
    for one in loaded:
        have = case.tensorflow if one.name == "tensorflow" else case.distributions.get(one.name)
        if have and parse(have.version) != parse(one.version):
            yield Found(
                f"this kernel has imported {one.name} {one.version}, and {have.version} is installed by now",
                "restart the kernel",
                (Evidence("sys.modules", f"{one.name} {one.version}", "this process"), installed(have)),
            )


def no_home(case: Case) -> Iterator[Found]:
    config = case.facts.keras_config
    if isinstance(config, KerasConfig) and config.path.startswith("/tmp/.keras") and not case.variable("KERAS_HOME"):
        home = case.variable("HOME") or "the home folder"
        yield Found(
            f"{home} cannot be written, so Keras keeps its configuration and downloads in /tmp/.keras",
            "export KERAS_HOME=… with a folder that lasts",
            (Evidence("keras.json", config.path, "where Keras looks"),),
        )


def out_of_support(case: Case) -> Iterator[Found]:
    """A Python or a TensorFlow that gets no more fixes on the day of the examination."""
    day, one = case.facts.day, case.interpreter
    end = PYTHON_ENDS.get(case.python, "")
    if one and end and day and end < day:
        yield Found(
            f"Python {case.python} gets no more fixes of security since {end}",
            "plan the move to a newer Python",
            (Evidence("python", one.version, one.executable),),
        )
    last = max((r.released for r in case.table.finals() if minor(r.version) == case.minor), default="")
    if case.tensorflow and last and day and last < f"{int(day[:4]) - 1}{day[4:]}":
        newest = case.table.finals()[-1].version
        yield Found(
            f"TensorFlow {case.minor[0]}.{case.minor[1]} got its last fix on {last}; the newest is {newest}",
            "plan the move to a newer TensorFlow: tfkdoctor migrate --help",
            (installed(case.tensorflow),),
        )


LOOKS: dict[str, Look] = {
    "PR001": shadowed,
    "PR002": source_tree,
    "PR007": kernel_is_old,
    "PR008": no_home,
    "PR010": out_of_support,
}
