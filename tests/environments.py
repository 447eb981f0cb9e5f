"""Builds and caches the virtual environments that the tests need, and runs programs in them repeatably.

An environment is described by `tests/environments/<stem>.txt`, the frozen requirements of a set that works; the stem
begins with the Python (`py37-…`). It is built once into `${TFKDOCTOR_ENVS:-~/.cache/tfkdoctor/envs}/<stem>-<hash>`,
where the hash is that of the requirements, so a changed file is a new environment.

    python tests/environments.py --list           which there are, which are built, which Python each would use
    python tests/environments.py --build [STEM]   build the ones that the tests use, or these
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent / "environments"
NEWEST = "py311-tf2.21.0"
KERAS2 = "py37-keras2.2.5-tf1.15.5"
KERAS1 = "py36-keras1.2.2-tf1.4.1"
TF215 = "py311-tf2.15.1"
TF_KERAS = "py311-tf2.21.0-tf_keras2.21.0"
# The others are there for later comparisons, and built when asked for by name.
USED = (NEWEST, KERAS2, KERAS1, TF215, TF_KERAS)

# One thread, one device and no oneDNN: the same sums in the same order on every machine.
REPEATABLE = {
    "PYTHONHASHSEED": "0",
    "PYTHONIOENCODING": "utf-8",
    "PYTHONWARNINGS": "ignore",
    "PYTHONDONTWRITEBYTECODE": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow",
    "MPLBACKEND": "Agg",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
ROOM = 3e9  # bytes: what the largest of them takes, with pip's temporary files
# The last installers that still read the metadata of releases of 2017.
LEGACY_INSTALLERS = ("pip<24.1", "setuptools<60", "wheel<0.38")


class Unavailable(Exception):
    """The machine lacks what an environment needs: an interpreter of its version, or room on the disk."""


class ProgramFailed(AssertionError):
    """A program ended with an exit status other than 0; the message holds the end of its standard error."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A frozen set of distributions for one Python version."""

    stem: str
    requirements: Path
    folder: Path

    @property
    def version(self) -> str:
        """The Python version, `3.7`."""
        match = re.match(r"py(\d)(\d+)-", self.stem)
        assert match, f"{self.requirements}: the name must begin with the Python version, such as py37-"
        return f"{match[1]}.{match[2]}"

    @property
    def legacy(self) -> bool:
        return int(self.version.partition(".")[2]) < 9

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def complete(self) -> bool:
        return (self.folder / ".complete").exists()

    def pins(self) -> dict[str, str]:
        """Distribution name in lower case -> exact version."""
        lines = (line.partition("==") for line in self.requirements.read_text().splitlines() if "==" in line)
        return {name.strip().lower(): version.strip() for name, _, version in lines}


def cache_folder() -> Path:
    return Path(os.environ.get("TFKDOCTOR_ENVS") or Path.home() / ".cache" / "tfkdoctor" / "envs").absolute()


def environment(stem: str) -> Environment:
    """The environment of `tests/environments/<stem>.txt`, built or not."""
    requirements = HERE / f"{stem}.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]
    return Environment(stem, requirements, cache_folder() / f"{stem}-{digest}")


def all_environments() -> tuple[Environment, ...]:
    return tuple(environment(path.stem) for path in sorted(HERE.glob("py*.txt")))


def satisfying(requirements: Sequence[str]) -> Environment | None:
    """The first of the used environments whose pins satisfy every requirement, such as `keras==1.2.2`."""
    from packaging.requirements import Requirement

    wanted = [Requirement(text) for text in requirements]
    for stem in USED:
        pins = environment(stem).pins()
        if all(need.name.lower() in pins and need.specifier.contains(pins[need.name.lower()]) for need in wanted):
            return environment(stem)
    return None


def find_python(version: str) -> Path:
    """An interpreter of this version (`3.7`): this one, on PATH, of pyenv or of uv. Raises Unavailable."""
    home = Path.home()
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv") / "versions"
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or home / ".local" / "share" / "uv" / "python")
    candidates = [
        Path(sys.base_prefix) / "bin" / f"python{version}",
        *(Path(folder) / f"python{version}" for folder in os.get_exec_path()),
        *sorted(pyenv.glob(f"{version}.*/bin/python"), reverse=True),
        *sorted(uv.glob(f"cpython-{version}.*/bin/python{version}"), reverse=True),
    ]
    for candidate in candidates:
        if candidate.exists() and _is_python(candidate, version):
            return candidate
    raise Unavailable(f"no Python {version} on PATH, in {pyenv} or in {uv}")


def _is_python(candidate: Path, version: str) -> bool:
    """Whether it really runs as this version: a pyenv shim exists for versions that are not switched on."""
    question = "import ensurepip, sys; print('%d.%d' % sys.version_info[:2])"
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        answer = subprocess.run([candidate, "-c", question], capture_output=True, text=True, timeout=30)
        return answer.stdout.strip() == version
    return False


def ensure(wanted: Environment) -> Path:
    """The interpreter of the environment, which is built first if need be; safe with several processes at once.

    Raises Unavailable, and CalledProcessError where an installation fails. A build that was interrupted leaves no
    `.complete` behind and is begun anew.
    """
    if wanted.complete:
        return wanted.python
    base = find_python(wanted.version)
    wanted.folder.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(wanted.folder.parent).free
    if free < ROOM:
        raise Unavailable(f"{wanted.folder.parent} has {free / 1e9:.1f} GB free; TensorFlow needs {ROOM / 1e9:.0f}")
    with _locked(wanted.folder.parent / f"{wanted.folder.name}.lock"):
        if not wanted.complete:
            shutil.rmtree(wanted.folder, ignore_errors=True)
            _build(wanted, base)
            (wanted.folder / ".complete").touch()
    return wanted.python


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _build(wanted: Environment, base: Path) -> None:
    print(f"building {wanted.folder} with {base}", file=sys.stderr, flush=True)
    pip = [str(wanted.python), "-m", "pip", "-qq", "--disable-pip-version-check", "--no-input", "install"]
    commands = [[str(base), "-m", "venv", str(wanted.folder)]]
    if wanted.legacy:
        commands.append([*pip, "--upgrade", *LEGACY_INSTALLERS])
    commands.append([*pip, "--requirement", str(wanted.requirements)])
    # What this process was given for its own Python must not leak into the other one.
    clean = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_USER"}}
    for command in commands:
        subprocess.run(command, check=True, env=clean, stdin=subprocess.DEVNULL, stdout=sys.stderr)


def run(
    where: Environment | Path,
    program: Sequence[str | Path],
    cwd: Path,
    *,
    timeout: float = 300,
    variables: Mapping[str, str] | None = None,
) -> str:
    """What a program prints, run so that it prints the same every time; raises ProgramFailed.

    `where` is an environment or an interpreter; `program` what follows the interpreter on its command line. A legacy
    environment gets one CPU and the ordered updates of `environments/legacy/sitecustomize.py`.
    """
    legacy = isinstance(where, Environment) and where.legacy
    python = ensure(where) if isinstance(where, Environment) else where
    with tempfile.TemporaryDirectory() as home:
        env = {name: os.environ[name] for name in PASSED_ON if name in os.environ} | REPEATABLE | {"HOME": home}
        command = [str(python), *map(str, program)]
        if legacy:
            env["PYTHONPATH"] = str(HERE / "legacy")
            command = [*_one_cpu(), *command]
        env |= variables or {}
        try:
            done = subprocess.run(
                command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout
            )
        except subprocess.TimeoutExpired:
            raise ProgramFailed(f"{program[0]}: no end within {timeout:.0f} s in {python}") from None
    if done.returncode:
        end = "\n".join(done.stderr.splitlines()[-25:])
        raise ProgramFailed(f"{program[0]} ended with {done.returncode} in {python}\n{end}")
    return done.stdout


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program of `run_many` ended: its exit status (negative: a signal) and what it printed."""

    status: int
    stdout: str
    stderr: str


def run_many(
    where: Environment,
    programs: Mapping[str, str],
    *,
    timeout: float = 1200,
    variables: Mapping[str, str] | None = None,
) -> dict[str, Ended]:
    """Run small programs (name -> source), each as `run` would, with one import of TensorFlow for all of them."""
    with tempfile.TemporaryDirectory() as folder:
        request, response = Path(folder) / "request.json", Path(folder) / "response.json"
        request.write_text(json.dumps(dict(programs)), "utf-8")
        run(where, [HERE / "run_many.py", request, response], Path(folder), timeout=timeout, variables=variables)
        answers = json.loads(response.read_text("utf-8"))
    return {name: Ended(*answer) for name, answer in answers.items()}


def _one_cpu() -> list[str]:
    """TensorFlow 1 ignores the thread variables; processes that run side by side take different CPUs."""
    taskset = shutil.which("taskset")
    if taskset is None or not hasattr(os, "sched_getaffinity"):
        return []
    cpus = sorted(os.sched_getaffinity(0))
    return [taskset, "-c", str(cpus[os.getpid() % len(cpus)])]


@contextlib.contextmanager
def damageable_copy(whole: Environment) -> Iterator[Path]:
    """A copy of an environment for a test to damage, made of hard links; deleted afterwards.

    A file in it must be replaced (`unlink`, then write), never written in place.
    """
    source = ensure(whole).parent.parent
    with tempfile.TemporaryDirectory(prefix="damaged-", dir=cache_folder()) as folder:  # links need one file system
        unneeded = shutil.ignore_patterns("include", "pandas", "scipy", "sklearn")  # half of the 40,000 files
        target = Path(folder) / source.name
        yield shutil.copytree(source, target, symlinks=True, ignore=unneeded, copy_function=os.link)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--list", action="store_true")
    what.add_argument("--build", nargs="*", metavar="STEM")
    arguments = parser.parse_args()
    if arguments.list:
        for each in all_environments():
            try:
                base = str(find_python(each.version))
            except Unavailable as reason:
                base = str(reason)
            print(f"{each.stem:28} {'built' if each.complete else 'not built':10} {each.folder}  ({base})")
        return 0
    unavailable = False
    for stem in arguments.build or USED:
        try:
            print(ensure(environment(stem)))
        except Unavailable as reason:
            print(f"{stem}: {reason}", file=sys.stderr)
            unavailable = True
    return 1 if unavailable and os.environ.get("TFKDOCTOR_REQUIRE_ENVS") == "1" else 0


if __name__ == "__main__":
    sys.exit(main())
