"""`check`, `facts`, `smoke`, `explain` and `rules` from the command line, on this very interpreter."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tfkdoctor.cli import run


@pytest.fixture(autouse=True)
def in_scratch_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine but this interpreter: no active environment, no GPU hidden by somebody."""
    monkeypatch.chdir(tmp_path)
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "CUDA_VISIBLE_DEVICES", "KERAS_BACKEND", "TF_USE_LEGACY_KERAS"):
        monkeypatch.delenv(name, raising=False)


def test_an_environment_without_tensorflow_is_one_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--python", sys.executable]) == 1
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert printed.err == ""
    assert lines[0] == f"Python: {sys.executable} (--python)"
    assert "neither TensorFlow nor Keras is installed" in lines
    assert [line.split()[1] for line in lines if line.startswith("✗ DI")] == ["DI030"]


def test_what_is_no_python_is_one_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    false = tmp_path / "false"
    false.write_text("#!/bin/sh\nexit 3\n", "utf-8")
    false.chmod(0o755)
    assert run(["check", "--python", str(false)]) == 1
    assert "✗ PY017 " in capsys.readouterr().out


def test_select_ignore_and_exit_zero(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--python", sys.executable, "--select", "KE,GP"]) == 0
    assert run(["check", "--python", sys.executable, "--exit-zero"]) == 0
    capsys.readouterr()
    (tmp_path / "pyproject.toml").write_text(
        f"[tool.tfkdoctor]\nignore = ['DI030', 'GP']\nselect = ['TFK']\npython = '{sys.executable}'\n", "utf-8"
    )
    assert run(["check"]) == 0
    assert capsys.readouterr().out.startswith(f"Python: {sys.executable} (configured in [tool.tfkdoctor])\n")


def test_facts_are_saved_and_judged_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["facts", "--python", sys.executable]) == 0
    facts = capsys.readouterr().out
    (tmp_path / "node7.json").write_text(facts, "utf-8")
    assert run(["check", "--python", sys.executable, "--save", "saved.json", "--format", "json"]) == 1
    here = json.loads(capsys.readouterr().out)
    assert run(["check", "node7.json", "--format", "json"]) == 1
    there = json.loads(capsys.readouterr().out)
    assert there["findings"] == here["findings"]
    assert json.loads((tmp_path / "saved.json").read_text("utf-8"))["patient"] == there["facts"]["patient"]
    assert run(["check", "node7.json", "saved.json"]) == 1
    headings = [line for line in capsys.readouterr().out.splitlines() if line.startswith("== ")]
    assert headings == ["== node7.json, saved.json"]


def test_smoke_names_the_stage_that_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["smoke", "--python", sys.executable]) == 1
    out = capsys.readouterr().out
    assert out.startswith(f"smoke test: {sys.executable}\n\n✗ import ")
    assert "✗ TFK020 smoke test: stage “import” failed: ModuleNotFoundError: No module named 'tensorflow'" in out
    assert run(["smoke", "--python", sys.executable, "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["stages"][0]["ok"] is False


def test_every_code_is_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "--format", "json"]) == 0
    codes = [row["code"] for row in json.loads(capsys.readouterr().out)["codes"]]
    assert len(codes) == len(set(codes)) > 50
    for code in codes:
        assert run(["explain", code]) == 0
        assert capsys.readouterr().out.startswith(code)


def test_a_name_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "tf.log"]) == 0
    assert capsys.readouterr().out.splitlines()[:3] == [
        "tensorflow.log",
        "  in tensorflow 1.15: function log(x, name=None)",
        "  on TensorFlow 2.21: tensorflow.math.log (TFK203)",
    ]
    assert run(["explain", "keras.layers.core.Dense"]) == 0
    assert "  on TensorFlow 2.21: tensorflow.keras.layers.Dense (TFK102)\n" in capsys.readouterr().out


def test_the_list_of_checks(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--list-checks"]) == 0
    assert "DI030  error    TensorFlow is not installed\n" in capsys.readouterr().out
