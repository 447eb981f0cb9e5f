"""Real environments for the doctor: built by an installer, broken as people break them, and mended by what it prints.

Packages come as hard links, out of uv's cache or out of a prepared environment, so that an environment with
TensorFlow is built in seconds and takes next to no room.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import environments
import pytest
from doctor_values import clean_environment

TENSORFLOW = re.compile(r"install.*[ \"]tensorflow(==|[\" ;]|$)")
MUTE = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
# Four fifths of the files; what a patient breaks and mends is never among them.
LINKED = ("tensorflow", "pandas", "scipy", "sklearn", "tzdata", "pygments", "narwhals", "PIL", "joblib", "rich")


@dataclass(frozen=True)
class Said:
    """What `tfkdoctor check --format json` says of an environment."""

    exit: int
    report: Mapping[str, Any]

    def serious(self) -> list[str]:
        """`CODE severity message` of all but hints."""
        rows = self.report["findings"]
        return [f"{row['code']} {row['severity']} {row['message']}" for row in rows if row["severity"] != "hint"]

    def codes(self) -> set[str]:
        return {line.split()[0] for line in self.serious()}

    def fix(self, code: str) -> str:
        """The command that is printed for all of it, or else the one of this finding."""
        if self.report["advice"]:
            return str(self.report["advice"]["command"])
        return next(str(row["help"]) for row in self.report["findings"] if row["code"] == code)

    @property
    def imported(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.report["facts"]["imported"]
        return found


@dataclass
class Room:
    """An environment with the working folder, the home and the variables that its programs have."""

    env: Path
    cwd: Path
    variables: dict[str, str] = field(default_factory=dict)
    linked: bool = False  # TensorFlow's folder is that of a prepared environment

    @property
    def python(self) -> Path:
        return self.env / "bin" / "python"

    @property
    def site(self) -> Path:
        return next(self.env.glob("lib/python3*/site-packages"))

    def environment(self) -> dict[str, str]:
        path = f"{uv().parent}{os.pathsep}{os.environ['PATH']}"
        return {**clean_environment(), **MUTE, "HOME": str(self.cwd.parent), "PATH": path, **self.variables}

    def check(self, *options: str) -> Said:
        """`tfkdoctor check` in a process of its own, as a person runs it."""
        command = [sys.executable, "-m", "tfkdoctor", "check", "--python", str(self.env), "--format", "json", *options]
        done = subprocess.run(
            command, cwd=self.cwd, env=self.environment(), capture_output=True, text=True, timeout=300
        )
        assert done.returncode in (0, 1), done.stderr
        return Said(done.returncode, json.loads(done.stdout))

    def run(self, code: str) -> str:
        """What a program prints, its traceback if it dies."""
        done = subprocess.run(
            [self.python, "-c", code],
            cwd=self.cwd,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        return done.stdout

    def shell(self, command: str) -> None:
        """Run a printed command as it stands; what it does to variables holds for what comes after."""
        assert not (self.linked and TENSORFLOW.search(command)), f"this would change a prepared environment: {command}"
        done = subprocess.run(
            ["bash", "-ec", f"{command}\nenv -0 > '{self.cwd.parent}/variables'"],
            cwd=self.cwd,
            env={**self.environment(), "UV_LINK_MODE": "hardlink"},
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        after = (self.cwd.parent / "variables").read_text().split("\0")
        kept = dict(row.split("=", 1) for row in after if "=" in row)
        self.variables = {name: value for name, value in self.variables.items() if kept.get(name) == value}

    def pip(self, *arguments: str) -> None:
        """`uv pip …` in this environment."""
        verb, *rest = arguments
        self.uv("pip", verb, "--python", str(self.python), *rest)

    def uv(self, *arguments: str) -> None:
        done = subprocess.run(
            [uv(), "-q", *arguments],
            env={**self.environment(), "UV_LINK_MODE": "hardlink", "HOME": str(Path.home())},
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, f"uv {' '.join(arguments)}\n{done.stderr}"


def uv() -> Path:
    """uv, of this environment or on PATH; skips the test where there is none."""
    beside = Path(sys.executable).with_name("uv")
    found = beside if beside.exists() else shutil.which("uv")
    if not found:
        if os.environ.get("TFKDOCTOR_REQUIRE_ENVS") == "1":
            pytest.fail("uv is needed: python -m pip install --group dev")
        pytest.skip("no uv here")
    return Path(found)


@contextlib.contextmanager
def room() -> Iterator[Room]:
    """A folder beside the caches, so that links into them are possible; deleted afterwards."""
    environments.cache_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="patient-", dir=environments.cache_folder()) as folder:
        cwd = Path(folder) / "home" / "project"
        cwd.mkdir(parents=True)
        yield Room(Path(folder) / "env", cwd)


@contextlib.contextmanager
def built(python: str, *installs: str, manager: str = "uv") -> Iterator[Room]:
    """A fresh environment, made by uv or by `python -m venv`, after these calls of `uv pip install`, one by one."""
    with room() as here:
        try:
            base = environments.find_python(python)
        except environments.Unavailable as reason:
            if os.environ.get("TFKDOCTOR_REQUIRE_ENVS") == "1":
                pytest.fail(str(reason))
            pytest.skip(str(reason))
        if manager == "uv":
            here.uv("venv", "--python", str(base), str(here.env))
        else:
            subprocess.run([base, "-m", "venv", str(here.env)], check=True, timeout=120)
        for packages in installs:
            here.pip("install", *packages.split())
        yield here


@contextlib.contextmanager
def copied(whole: environments.Environment, *installs: str) -> Iterator[Room]:
    """A copy of a prepared environment, made of hard links, after these calls of `uv pip install`, one by one.

    TensorFlow's own folder is one link, so nothing may install or uninstall TensorFlow in it.
    """
    source = environments.ensure(whole).parent.parent
    site = next(source.glob("lib/python3*/site-packages"))
    with room() as here:
        here.linked = True
        shutil.copytree(
            source,
            here.env,
            symlinks=True,
            ignore=lambda folder, _: LINKED if Path(folder) == site else (),
            copy_function=os.link,
        )
        for name in LINKED:
            if (site / name).is_dir():
                (here.site / name).symlink_to(site / name)
        for packages in installs:
            here.pip("install", *packages.split())
        yield here


def mend(here: Room, code: str) -> Said:
    """Do what is printed, then look again, with an import."""
    here.shell(here.check().fix(code))
    return here.check("--deep")
