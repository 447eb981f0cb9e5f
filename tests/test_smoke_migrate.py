"""`migrate --validate smoke` and `smoke` from the command line."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from environments import Environment

PROJECT = Path(__file__).resolve().parent.parent / "fixtures" / "legacy_project"


def tfkdoctor(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tfkdoctor", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL)


@pytest.mark.legacy
@pytest.mark.parametrize("write", [[], ["--write"]])
def test_the_migrated_imports_are_tried(newest: Environment, tmp_path: Path, write: list[str]) -> None:
    """Those of the result, whether it is written or not."""
    project = shutil.copytree(PROJECT, tmp_path / "project")
    arguments: list[str | Path] = [*write, "--validate", "smoke", "--python", newest.python, "--format", "json"]
    done = tfkdoctor("migrate", ".", *arguments, cwd=project)
    smoke = json.loads(done.stdout)["smoke"]
    assert smoke["findings"] == []
    assert [(row["stage"], row["detail"]) for row in smoke["stages"][:2]] == [
        ("import", "TensorFlow 2.21.0, Keras 3.15.1"),
        ("project imports", "17 import lines, 28 names"),
    ]


@pytest.mark.legacy
def test_nothing_runs_in_an_interpreter_outside_the_target(keras2: Environment, tmp_path: Path) -> None:
    project = shutil.copytree(PROJECT, tmp_path / "project")
    arguments: list[str | Path] = ["--write", "--validate", "smoke", "--python", keras2.python, "--format", "json"]
    done = tfkdoctor("migrate", ".", *arguments, cwd=project)
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert "smoke" not in report
    assert [finding["code"] for finding in report["findings"] if not finding["mended"]] == ["TFK022"]
    assert report["summary"]["written"]  # what fails undoes nothing


def test_smoke_without_tensorflow(tmp_path: Path) -> None:
    done = tfkdoctor("smoke", "--python", sys.executable, cwd=tmp_path)
    assert done.returncode == 1
    assert "✗ import" in done.stdout
    assert "No module named 'tensorflow'" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
