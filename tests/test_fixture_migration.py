"""The legacy project of `fixtures/`, migrated, prints on the newest TensorFlow what it printed in its own time."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import environments
import pytest
from environments import Environment
from printed import first_difference, results

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "fixtures" / "legacy_project"
RECORDED = ROOT / "fixtures" / "legacy_project.printed.txt"
PROGRAMS = (["train.py"], ["evaluate.py"], ["-m", "unittest", "discover", "-s", "tests", "-t", "."])


def run_programs(where: Environment, project: Path) -> str:
    """Train, evaluate, and run the project's own tests; all that they print."""
    return "".join(environments.run(where, program, project) for program in PROGRAMS)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return shutil.copytree(PROJECT, tmp_path / "project")


def tfkdoctor(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tfkdoctor", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL)


@pytest.mark.legacy
def test_original_prints_the_recorded_numbers(keras2: Environment, project: Path) -> None:
    printed = run_programs(keras2, project)
    assert first_difference(results(RECORDED.read_text()), results(printed)) is None


@pytest.mark.legacy
def test_migrated_prints_the_recorded_numbers(newest: Environment, project: Path) -> None:
    done = tfkdoctor("migrate", "--write", ".", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    printed = run_programs(newest, project)
    assert first_difference(results(RECORDED.read_text()), results(printed)) is None


def test_migration_is_finished_after_one_run(project: Path) -> None:
    """The second run has nothing to say and changes nothing."""
    first = tfkdoctor("migrate", "--write", ".", cwd=project)
    assert first.returncode == 0, first.stdout + first.stderr
    once = {path: path.read_bytes() for path in sorted(project.rglob("*")) if path.is_file()}
    second = tfkdoctor("migrate", "--write", ".", cwd=project)
    assert second.returncode == 0, second.stdout + second.stderr
    assert {path: path.read_bytes() for path in sorted(project.rglob("*")) if path.is_file()} == once


def test_nothing_is_touched_without_write(project: Path) -> None:
    before = {path: path.read_bytes() for path in sorted(project.rglob("*")) if path.is_file()}
    assert tfkdoctor("migrate", "--diff", ".", cwd=project).returncode == 1
    assert {path: path.read_bytes() for path in sorted(project.rglob("*")) if path.is_file()} == before
