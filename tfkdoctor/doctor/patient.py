"""Choose the interpreter that is examined, and say why this one."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tfkdoctor.doctor.facts import Patient

WINDOWS = os.name == "nt"
MARKS = ("tensorflow", "tensorflow_cpu", "tf_nightly", "tf_keras", "keras")


@dataclass(frozen=True, slots=True)
class Candidate:
    python: Path
    reason: str
    asked: bool = False  # named by the user: taken even where it is not there


def choose(python: str | None, configured: str | None, cwd: Path, environ: Mapping[str, str]) -> Patient:
    """The first candidate that is there: --python, configuration, VIRTUAL_ENV, the tool's own, .venv, conda, PATH.

    The tool's own environment counts, wherever it stands in this list, only where TensorFlow or Keras lies in it:
    people install the tool beside TensorFlow, but a hook's environment is the tool's alone.
    """
    for candidate in candidates(python, configured, cwd, environ):
        if candidate.asked:
            return describe(candidate)
        if not candidate.python.is_file() or not os.access(candidate.python, os.X_OK):
            continue
        if is_own(candidate.python) and not holds_keras(Path(sys.prefix)):
            continue
        return describe(candidate)
    return describe(Candidate(Path(sys.executable), "the tool's own environment; no other interpreter was found"))


def candidates(
    python: str | None, configured: str | None, cwd: Path, environ: Mapping[str, str]
) -> Iterator[Candidate]:
    if python:
        yield Candidate(resolve(python, cwd, environ), "--python", asked=True)
    if configured:
        yield Candidate(resolve(configured, cwd, environ), "configured in [tool.tfkdoctor]", asked=True)
    if active := environ.get("VIRTUAL_ENV"):
        yield Candidate(interpreter_in(Path(active)), "the active virtual environment, VIRTUAL_ENV")
    yield Candidate(Path(sys.executable), "TensorFlow or Keras is installed beside tfkdoctor")
    yield Candidate(interpreter_in(cwd / ".venv"), "the project's .venv")
    if conda := environ.get("CONDA_PREFIX"):
        yield Candidate(interpreter_in(Path(conda)), "the active conda environment, CONDA_PREFIX")
    for folder in environ.get("PATH", "").split(os.pathsep):
        for name in ("python", "python3"):
            if folder and (found := shutil.which(name, path=folder)):
                yield Candidate(Path(found), f"the first {name} on PATH")


def resolve(given: str, cwd: Path, environ: Mapping[str, str]) -> Path:
    """An interpreter from what a person writes: a file, the folder of an environment, or a command on PATH."""
    path = plain(cwd / Path(given).expanduser())
    if path.is_dir():
        return interpreter_in(path)
    if path.exists() or os.sep in given:
        return path
    return Path(shutil.which(given, path=environ.get("PATH")) or path)


def plain(path: Path) -> Path:
    """The path without `..`, where that leads to the same file: links are not followed, for python is one."""
    short = Path(os.path.normpath(path))
    try:
        return short if short.samefile(path) else path
    except OSError:
        return short if not os.path.lexists(path) else path


def interpreter_in(folder: Path) -> Path:
    if WINDOWS:
        inside = folder / "Scripts" / "python.exe"
        return inside if inside.exists() else folder / "python.exe"
    return folder / "bin" / "python"


def is_own(python: Path) -> bool:
    """Whether this is the interpreter of the environment that tfkdoctor runs in (not merely the same binary)."""
    return environment_of(python) == environment_of(Path(sys.executable))


def environment_of(python: Path) -> Path:
    """The folder of an environment: a virtual environment's own, else that of the interpreter behind the links."""
    folder = python.absolute().parent.parent
    return folder.resolve() if (folder / "pyvenv.cfg").is_file() else python.resolve().parent.parent


def holds_keras(prefix: Path) -> bool:
    """Whether TensorFlow or Keras lies in an environment, seen from its folder names alone."""
    libraries = [*prefix.glob("lib/python*/site-packages"), prefix / "Lib" / "site-packages"]
    return any((folder / mark).is_dir() for folder in libraries for mark in MARKS)


def describe(candidate: Candidate) -> Patient:
    folder = candidate.python.absolute().parent.parent
    made = configuration(folder)
    return Patient(
        str(candidate.python),
        candidate.reason,
        manager_of(environment_of(candidate.python)),
        str(folder) if made else "",
        made.get("version", made.get("version_info", "")),
    )


def manager_of(folder: Path) -> str:
    """Who made an environment: uv signs its pyvenv.cfg, conda keeps its records in conda-meta."""
    if (folder / "conda-meta").is_dir():
        return "conda"
    return "uv" if "uv" in configuration(folder) else "pip"


def configuration(folder: Path) -> dict[str, str]:
    """What the pyvenv.cfg of a virtual environment says; {} where there is none."""
    try:
        lines = (folder / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    pairs = (line.partition("=") for line in lines)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}
