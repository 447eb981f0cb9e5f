"""Builds the environment that an old program ran in, from sets of pins that are known to work (`rules/legacy/`).

Each file there is the frozen set of an environment in which old programs were run; its name says the Python, the Keras
and the TensorFlow. That of Keras 2.0.8 is for programs of 2017, whose `merge(…)` left Keras with 2.2.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tfkdoctor.model import Origin
from tfkdoctor.validate.index import rules_dir
from tfkdoctor.validate.rows import number
from tfkdoctor.validate.scratch import OURS

# The last installers that still read the metadata of releases of 2017.
INSTALLERS = ("pip<24.1", "setuptools<60", "wheel<0.38")
NAME = re.compile(r"py(\d)(\d+)-keras([\d.]+)-tf([\d.]+)")


class LegacyError(ValueError):
    """The environment cannot be built; the text says why and what to type."""


@dataclass(frozen=True, slots=True)
class Pins:
    """One set of pins."""

    path: Path
    python: str
    keras: str
    tensorflow: str


def all_pins() -> tuple[Pins, ...]:
    """Every set, the oldest Keras first."""
    found = []
    for path in sorted((rules_dir() / "legacy").glob("*.txt")):
        match = NAME.match(path.stem)
        if match:
            found.append(Pins(path, f"{match[1]}.{match[2]}", match[3], match[4]))
    return tuple(sorted(found, key=lambda pins: number(pins.keras)))


def pins_for(origin: Origin) -> Pins:
    """The set whose Keras is that of the program, else the next newer one of the same generation, else the last."""
    wanted = number(origin.keras)
    same = [pins for pins in all_pins() if number(pins.keras)[0] == max(1, wanted[0])]
    newer = [pins for pins in same if number(pins.keras) >= wanted]
    return (newer or same or list(all_pins()))[0 if newer else -1]


def find_python(version: str, environ: Mapping[str, str] = os.environ) -> Path | None:
    """An interpreter of this version: on PATH, of pyenv, of uv, or of a conda environment."""
    home = Path(environ.get("HOME", "~")).expanduser()
    pyenv = Path(environ.get("PYENV_ROOT") or home / ".pyenv") / "versions"
    uv = Path(environ.get("UV_PYTHON_INSTALL_DIR") or home / ".local" / "share" / "uv" / "python")
    candidates: list[Path] = [Path(folder) / f"python{version}" for folder in environ.get("PATH", "").split(os.pathsep)]
    candidates += sorted(pyenv.glob(f"{version}.*/bin/python"), reverse=True)
    candidates += sorted(uv.glob(f"cpython-{version}.*/bin/python{version}"), reverse=True)
    candidates += sorted(home.glob(f"*conda*/envs/*/bin/python{version}"))
    return next((one for one in candidates if one.exists() and answers(one, version)), None)


def answers(python: Path, version: str) -> bool:
    """Whether it really runs as this version: a shim of pyenv exists for versions that are not switched on."""
    question = "import ensurepip, sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", question], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.stdout.strip() == version


def commands(pins: Pins, folder: Path, python: Path | None, tools: Mapping[str, str]) -> list[list[str]]:
    """What builds the environment: with the interpreter that is there, else with uv or conda, which bring one."""
    own = str(folder / "bin" / "python")
    pip = [own, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-q"]
    if python is not None:
        make = [[str(python), "-m", "venv", str(folder)]]
    elif "uv" in tools:
        make = [[tools["uv"], "venv", "--seed", "--python", pins.python, str(folder)]]
    elif "conda" in tools:
        make = [[tools["conda"], "create", "-y", "-q", "-p", str(folder), f"python={pins.python}"]]
    else:
        return []
    return [*make, [*pip, "--upgrade", *INSTALLERS], [*pip, "--requirement", str(pins.path)]]


def advice(pins: Pins, folder: Path) -> list[str]:
    """What to type where neither the interpreter nor something that brings it is there."""
    place, requirements = shlex.quote(str(folder)), shlex.quote(str(pins.path))
    install = f"{place}/bin/python -m pip install -r {requirements}"
    installers = f"{place}/bin/python -m pip install {' '.join(shlex.quote(one) for one in INSTALLERS)}"
    return [
        f"pyenv install {pins.python} && $(pyenv prefix {pins.python})/bin/python -m venv {place}",
        f"    or: uv venv --seed --python {pins.python} {place}",
        f"    or: conda create -y -p {place} python={pins.python}",
        f"then: {installers}",
        f"      {install}",
    ]


def make(pins: Pins, folder: Path, timeout: float = 3600) -> Path:
    """Build the environment and see that it works; its interpreter. Raises LegacyError with the way out."""
    folder = folder.absolute()
    if folder.exists() and any(folder.iterdir()):
        raise LegacyError(f"{folder} is not empty; name a folder that does not exist yet")
    tools = {name: path for name in ("uv", "conda") if (path := shutil.which(name)) and runs(path)}
    steps = commands(pins, folder, find_python(pins.python), tools)
    if not steps:
        lines = "\n  ".join(advice(pins, folder))
        raise LegacyError(
            f"there is no Python {pins.python} here, and neither uv nor conda, which bring one:\n  {lines}"
        )
    clean = {name: value for name, value in os.environ.items() if name not in OURS | {"PIP_USER"}}
    for step in steps:
        done = subprocess.run(
            step, env=clean, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout
        )
        if done.returncode:
            said = "\n  ".join([line for line in done.stderr.splitlines() if line.strip()][-8:])
            raise LegacyError(f"`{shlex.join(step)}` failed:\n  {said}")
    python = folder / "bin" / "python"
    problem = trouble(python, pins)
    if problem:
        raise LegacyError(f"{python} was built, and does not work: {problem}")
    return python


def runs(tool: str) -> bool:
    try:
        return subprocess.run([tool, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def trouble(python: Path, pins: Pins) -> str:
    """Why the built environment is not what it should be; "" where it is."""
    question = "import keras, tensorflow; print(keras.__version__ + ' ' + tensorflow.__version__)"
    env = {**os.environ, "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run([python, "-c", question], capture_output=True, text=True, env=env)
    said = (done.stdout.splitlines() or [""])[-1]
    if said == f"{pins.keras} {pins.tensorflow}":
        return ""
    return said or (done.stderr.splitlines() or ["it prints nothing"])[-1]


def origin_of(project: Path, source: tuple[str, ...]) -> Origin:
    """What a project was written for, as `migrate` tells it."""
    from tfkdoctor.model import Settings
    from tfkdoctor.run import migrate_paths

    return migrate_paths([project], Settings(source=source), Path.cwd()).origin
