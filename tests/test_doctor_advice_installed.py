"""Advice carried out: each set of versions is installed into a fresh environment, imported, and examined again.

Heavy: seventeen environments, one after the other, each deleted before the next (make test-heavy; needs uv or pip).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from doctor_values import clean_environment, facts

from tfkdoctor.doctor import compat
from tfkdoctor.doctor.advise import Advice
from tfkdoctor.doctor.checks.case import Case
from tfkdoctor.doctor.command import command
from tfkdoctor.doctor.examine import check, gather
from tfkdoctor.doctor.facts import Imported, Patient
from tfkdoctor.doctor.solve import solve
from tfkdoctor.model import Severity

pytestmark = [pytest.mark.heavy, pytest.mark.xdist_group("advice")]

TABLE = compat.load()
# (Python, TensorFlow): the oldest and the newest that each Python can install, and what lies between them.
SETS = (
    *(("3.7", "1.15.0"), ("3.7", "2.1.0"), ("3.7", "2.11.0")),
    *(("3.8", "2.2.3"), ("3.8", "2.4.4"), ("3.8", "2.13.1")),
    *(("3.9", "2.6.5"), ("3.9", "2.7.4")),
    *(("3.10", "2.8.4"), ("3.10", "2.10.1")),
    *(("3.11", "2.12.1"), ("3.11", "2.14.1"), ("3.11", "2.15.1")),
    *(("3.12", "2.16.2"), ("3.12", "2.18.1")),
    *(("3.13", "2.20.0"), ("3.13", "2.21.0")),
)
# (Python, what a person installs, over it): what the doctor finds, and the advice that it prints is typed.
BROKEN = (
    ("3.10", ("tensorflow-cpu==2.10.1",), ()),
    ("3.11", ("tensorflow-cpu==2.15.1",), ("keras==3.15.1", "numpy==2.2.6")),
    ("3.13", ("tensorflow-cpu==2.20.0",), ("keras==2.15.0", "protobuf==3.20.3")),
)
USE = (
    "import numpy as np, tensorflow as tf;"
    "m = tf.keras.Sequential([tf.keras.layers.Dense(3, input_shape=(4,)), tf.keras.layers.Dense(1)]);"
    "m.compile('sgd', 'mse'); m.fit(np.ones((8, 4)), np.ones((8, 1)), epochs=1, verbose=0); print('fitted')"
)


@pytest.fixture
def environment(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """An empty environment of the asked Python; skipped where that Python is not there."""
    python = shutil.which(f"python{request.param}")
    if python is None or subprocess.run([python, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"no Python {request.param} here")
    folder = tmp_path / "env"
    subprocess.run([python, "-m", "venv", str(folder)], check=True, timeout=120)
    yield folder
    shutil.rmtree(folder)


def python_of(folder: Path) -> str:
    return str(folder / "bin" / "python")


def say(words: str, folder: Path) -> None:
    """Type a printed command."""
    done = subprocess.run(words, shell=True, capture_output=True, text=True, timeout=1500, env=clean_environment())
    assert done.returncode == 0, f"{words}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"


def fits(folder: Path) -> None:
    """TensorFlow imports and trains there, and the doctor finds no error, with --deep."""
    env = {**clean_environment(), "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    done = subprocess.run([python_of(folder), "-c", USE], capture_output=True, text=True, timeout=600, env=env)
    assert "fitted" in done.stdout, done.stderr[-2000:]
    found = gather(python_of(folder), deep=True, cwd=folder, timeout=300)
    assert isinstance(found.imported, Imported) and found.imported.outcome == "ok"
    serious = [one for one in check(found).findings if one.severity is Severity.ERROR]
    assert serious == [], [one.message for one in serious]


def manager() -> str:
    return "uv" if shutil.which("uv") else "pip"


@pytest.mark.parametrize(("environment", "version"), SETS, ids=lambda one: str(one), indirect=["environment"])
def test_a_set_is_installed_and_works(environment: Path, version: str, request: pytest.FixtureRequest) -> None:
    python = request.node.callspec.params["environment"]
    machine = os.uname().machine
    one = facts({"pip": "24.0"}, python=f"{python}.0")
    case = Case(replace(one, patient=Patient(python_of(environment), "--python", manager())), TABLE)
    assert machine == "x86_64"
    plan = solve(case, "tensorflow-cpu", version)
    assert plan is not None
    say(command(case, plan), environment)
    fits(environment)


@pytest.mark.parametrize(("environment", "first", "then"), BROKEN, ids=lambda one: str(one), indirect=["environment"])
def test_what_is_broken_is_whole_after_the_printed_command(
    environment: Path, first: tuple[str, ...], then: tuple[str, ...]
) -> None:
    pip = (
        f"uv pip install --python {python_of(environment)}" if manager() == "uv" else f"{python_of(environment)} -m pip"
    )
    install = pip if manager() == "uv" else f"{pip} install"
    say(f"{install} {' '.join(first)}", environment)
    if then:
        say(f"{install} --no-deps {' '.join(then)}", environment)
    before = gather(python_of(environment), deep=False, cwd=environment)
    run = check(replace(before, patient=replace(before.patient, manager=manager())))
    assert any(one.severity is Severity.ERROR for one in run.findings)
    assert isinstance(run.advice, Advice)
    say(run.advice.command, environment)
    fits(environment)
