"""`gather` the facts of an environment, `check` them: the two functions that the command line calls."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from tfkdoctor import __version__
from tfkdoctor.doctor import compat, disk
from tfkdoctor.doctor.advise import Advice, advise
from tfkdoctor.doctor.checks import CHECKS, Quiet, quiet_checks, run_checks
from tfkdoctor.doctor.checks.rows import Check
from tfkdoctor.doctor.compilers import find_compilers
from tfkdoctor.doctor.deep import import_tensorflow
from tfkdoctor.doctor.facts import (
    Build,
    Compilers,
    Driver,
    Facts,
    Gpu,
    Interpreter,
    Library,
    Package,
    Patient,
    Unknown,
)
from tfkdoctor.doctor.gpu import ask_driver
from tfkdoctor.doctor.gpu_deep import compute, load_libraries
from tfkdoctor.doctor.host import read_host
from tfkdoctor.doctor.libraries import Loader, find_libraries
from tfkdoctor.doctor.patient import choose
from tfkdoctor.doctor.process import answers, run_child
from tfkdoctor.doctor.project import read_project
from tfkdoctor.doctor.surroundings import find_shadows, read_build, read_keras_config
from tfkdoctor.model import Finding

__all__ = ["Advice", "Check", "CheckRun", "check", "gather", "list_checks"]

CHILD = Path(__file__).with_name("child.py")
CHILD_SECONDS = 5.0  # an interpreter on a slow network folder may take seconds to start
PACKAGES = ("tensorflow", "keras", "tf_keras")
HANGS = ("PYTHONINSPECT", "PYTHONSTARTUP")  # what would make a child wait for a person


@dataclass(frozen=True, slots=True)
class CheckRun:
    """What the checks say of one environment; `seconds` is the time of the examination, the checks and the advice."""

    facts: Facts
    findings: tuple[Finding, ...]
    advice: Advice | None
    checked: int
    seconds: float
    quiet: tuple[Quiet, ...] = ()  # the checks that found nothing


def gather(python: str | None, *, deep: bool, cwd: Path, configured: str | None = None, timeout: float = 120) -> Facts:
    """Examine an interpreter, never raising for it; `deep` imports TensorFlow there, in at most `timeout` seconds."""
    start = time.monotonic()
    patient = choose(python, configured, cwd, os.environ)
    env = {name: value for name, value in os.environ.items() if name not in HANGS}
    with tempfile.TemporaryDirectory(prefix="tfkdoctor-") as scratch, ThreadPoolExecutor(3) as pool:
        # An empty folder: started from the working folder, the child would import the project's files.
        asked = pool.submit(ask_interpreter, patient, env, Path(scratch), cwd, min(timeout, CHILD_SECONDS))
        driver, gpus = ask_driver(pool, env, cwd)
        interpreter = asked.result()
        facts = examine(patient, interpreter, driver, gpus, cwd, every_file=deep)
        if deep:
            facts = go_deep(pool, facts, env, cwd, timeout)
        return replace(facts, seconds=round(time.monotonic() - start, 3))


def ask_interpreter(
    patient: Patient, env: dict[str, str], scratch: Path, cwd: Path, timeout: float
) -> Interpreter | Unknown:
    """What the interpreter says of itself; Unknown where it cannot be started, is no Python or does not answer."""
    outcome = run_child([patient.python, "-"], CHILD.read_bytes(), cwd=scratch, env=env, timeout=timeout)
    said = answers(outcome.stdout)
    if outcome.problem:
        return Unknown(outcome.problem + dangling(Path(patient.python)))
    if not said:
        words = (outcome.stderr.strip() or outcome.stdout.strip()).splitlines()
        ended = f"killed by {outcome.signal}" if outcome.signal else f"exit status {outcome.code}"
        return Unknown(f"it does not answer as a Python does ({ended})" + (f": {words[-1][:200]}" if words else ""))
    return interpreter_of(said, scratch, cwd)


def dangling(python: Path) -> str:
    """What a link to nothing means: the Python that a virtual environment was made with is gone."""
    if not python.is_symlink() or python.exists():
        return ""
    return f": it is a link to {os.path.realpath(python)}, which is gone"


def interpreter_of(said: Mapping[str, object], scratch: Path, cwd: Path) -> Interpreter:
    def word(key: str) -> str:
        return str(said.get(key, ""))

    path, environment, bits = said.get("path"), said.get("environment"), said.get("bits")
    entries = [str(entry) for entry in path if entry] if isinstance(path, list) else []
    return Interpreter(
        version=word("version"),
        implementation=word("implementation"),
        bits=bits if isinstance(bits, int) else 64,
        executable=word("executable"),
        prefix=word("prefix"),
        base_prefix=word("base_prefix"),
        # A relative entry of PYTHONPATH was completed with the folder that the child was started in.
        path=tuple(str(cwd) + e.removeprefix(str(scratch)) if e.startswith(str(scratch)) else e for e in entries),
        system=word("system"),
        machine=word("machine"),
        release=word("release"),
        free_threaded=bool(said.get("free_threaded")),
        user_site=word("user_site"),
        environment={str(k): str(v) for k, v in environment.items()} if isinstance(environment, dict) else {},
    )


def examine(
    patient: Patient,
    interpreter: Interpreter | Unknown,
    driver: Driver | Unknown,
    gpus: tuple[Gpu, ...] | Unknown,
    cwd: Path,
    *,
    every_file: bool,
) -> Facts:
    """Read the disk around an interpreter that has answered."""
    if isinstance(interpreter, Unknown):
        no = Unknown("the interpreter could not be examined")
        return Facts(
            *(patient, interpreter, no, no, no, no, no, no, no, read_host(), driver, gpus, no, no, no),
            cwd=str(cwd),
            day=today(),
            tool=__version__,
        )
    installed = disk.read_installed(interpreter.path, interpreter.prefix, every_file=every_file)
    packages = tuple(found for name in PACKAGES if (found := disk.find_package(name, interpreter.path)))
    tensorflow = next((package for package in packages if package.name == "tensorflow"), None)
    build = read_build(tensorflow) if tensorflow else Unknown("TensorFlow is not installed")
    return Facts(
        patient=patient,
        interpreter=interpreter,
        distributions=installed.distributions,
        packages=packages,
        overlaps=installed.overlaps,
        leftovers=installed.leftovers,
        build=build,
        shadows=find_shadows(cwd, interpreter.environment.get("PYTHONPATH", "")),
        keras_config=read_keras_config(interpreter.environment),
        host=read_host(),
        driver=driver,
        gpus=gpus,
        libraries=libraries(installed, interpreter, build, str(cwd)),
        imported=Unknown("only --deep imports TensorFlow"),
        project=read_project(cwd, interpreter.prefix, os.environ),
        compilers=compilers(tensorflow, interpreter, build, cwd, gpus),
        cwd=str(cwd),
        day=today(),
        tool=__version__,
    )


def today() -> str:
    return time.strftime("%Y-%m-%d")


def libraries(
    installed: disk.Installed, interpreter: Interpreter, build: Build | Unknown, cwd: str
) -> tuple[Library, ...] | Unknown:
    """Where each CUDA library of the installed TensorFlow would come from (Linux)."""
    version = next((one.version for one in installed.distributions if disk.FAMILY.match(one.name)), "")
    if interpreter.system != "Linux":
        return Unknown(f"not looked for on {interpreter.system}")
    if isinstance(build, Unknown) or not version:
        return Unknown("TensorFlow is not installed")
    wanted = compat.load().cuda_for(version)
    if wanted is None:
        return Unknown(f"what TensorFlow {version} loads is not known")
    loader = Loader(interpreter.environment, cwd, build.search, build.search_kind)
    return find_libraries(wanted.sonames, loader, installed.wheels)


def compilers(
    tensorflow: Package | None, interpreter: Interpreter, build: Build | Unknown, cwd: Path, gpus: object
) -> Compilers | Unknown:
    """What XLA would compile kernels with; ptxas is started only where there is a GPU to compile for."""
    if tensorflow is None:
        return Unknown("TensorFlow is not installed")
    if interpreter.system != "Linux":
        return Unknown(f"not looked for on {interpreter.system}")
    if isinstance(build, Unknown) or build.cuda_build is False:
        return Unknown("this TensorFlow is built without CUDA")
    ask = bool(gpus) and not isinstance(gpus, Unknown)
    return find_compilers(Path(tensorflow.location), interpreter.environment, os.environ, cwd, ask=ask)


def go_deep(pool: Executor, facts: Facts, env: dict[str, str], cwd: Path, timeout: float) -> Facts:
    """Import TensorFlow, open the CUDA libraries and compute, side by side."""
    if isinstance(facts.interpreter, Unknown):
        return facts
    if isinstance(facts.packages, Unknown) or not any(one.name == "tensorflow" for one in facts.packages):
        return replace(facts, imported=Unknown("TensorFlow is not installed"))
    python = facts.patient.python
    imported = pool.submit(import_tensorflow, python, env=env, cwd=cwd, timeout=timeout)
    device = not isinstance(facts.gpus, Unknown) and bool(facts.gpus)
    loaded = (
        pool.submit(load_libraries, facts.libraries, env, cwd)
        if device and isinstance(facts.libraries, tuple)
        else None
    )
    flags = facts.variable("XLA_FLAGS")
    tried = pool.submit(compute, python, env=env, cwd=cwd, timeout=timeout) if device or flags else None
    return replace(
        facts,
        imported=imported.result(),
        libraries=loaded.result() if loaded else facts.libraries,
        tried=tried.result() if tried else Unknown("there is no GPU to compute on"),
    )


def check(facts: Facts, *, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> CheckRun:
    """Judge facts, of this machine or of another; codes in `select` and `ignore` are prefixes (`KE`, `GP00`)."""
    start = time.monotonic()
    table = compat.load()
    findings, checked = run_checks(facts, table, select, ignore)
    advice = advise(facts, table, findings)
    quiet = quiet_checks(facts, findings, select, ignore)
    return CheckRun(facts, findings, advice, checked, facts.seconds + time.monotonic() - start, quiet)


def list_checks() -> tuple[Check, ...]:
    """Every check that there is, by code: those of environments, and those that only dependency files can fail."""
    from tfkdoctor.doctor.files.examine import CHECKS as OF_FILES

    return tuple(sorted((*CHECKS, *OF_FILES), key=lambda one: one.code))
