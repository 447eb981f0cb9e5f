"""Which interpreter is examined, and why: the list of the design, in its order."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tfkdoctor.doctor import patient
from tfkdoctor.doctor.patient import choose


def interpreter(folder: Path, *, cfg: str = "home = /usr/bin\n") -> Path:
    """A virtual environment as far as choosing one goes."""
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\n")
    python.chmod(0o755)
    (folder / "pyvenv.cfg").write_text(cfg)
    return python


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tool's own environment, without TensorFlow."""
    python = interpreter(tmp_path / "own")
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "own"))
    return tmp_path / "own"


def chosen(
    cwd: Path, environ: Mapping[str, str], python: str | None = None, configured: str | None = None
) -> tuple[str, str]:
    one = choose(python, configured, cwd, environ)
    return Path(one.python).parent.parent.name, one.reason


def test_the_order(own: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for name in ("active", "conda", "named", "configured", "system"):
        interpreter(tmp_path / name)
    interpreter(project / ".venv")
    environ = {
        "VIRTUAL_ENV": str(tmp_path / "active"),
        "CONDA_PREFIX": str(tmp_path / "conda"),
        "PATH": os.pathsep.join([str(own / "bin"), str(tmp_path / "system/bin")]),
    }
    named = str(tmp_path / "named/bin/python")
    assert chosen(project, environ, named, str(tmp_path / "configured")) == ("named", "--python")
    assert chosen(project, environ, None, str(tmp_path / "configured")) == (
        "configured",
        "configured in [tool.tfkdoctor]",
    )
    assert chosen(project, environ) == ("active", "the active virtual environment, VIRTUAL_ENV")
    del environ["VIRTUAL_ENV"]
    assert chosen(project, environ) == (".venv", "the project's .venv")
    assert chosen(tmp_path, environ) == ("conda", "the active conda environment, CONDA_PREFIX")
    del environ["CONDA_PREFIX"]
    assert chosen(tmp_path, environ) == ("system", "the first python on PATH")


def test_the_own_environment_counts_only_with_keras_in_it(own: Path, tmp_path: Path) -> None:
    environ = {"VIRTUAL_ENV": str(own), "PATH": str(own / "bin")}
    interpreter(tmp_path / ".venv")
    assert chosen(tmp_path, environ) == (".venv", "the project's .venv")
    (own / "lib/python3.11/site-packages/keras").mkdir(parents=True)
    assert chosen(tmp_path, environ) == ("own", "the active virtual environment, VIRTUAL_ENV")
    assert chosen(tmp_path, {}) == ("own", "TensorFlow or Keras is installed beside tfkdoctor")


def test_where_nothing_else_is_the_own_one_is_examined(own: Path, tmp_path: Path) -> None:
    assert chosen(tmp_path, {}) == ("own", "the tool's own environment; no other interpreter was found")


def test_a_folder_a_file_and_a_name_on_path_are_understood(own: Path, tmp_path: Path) -> None:
    interpreter(tmp_path / "env")
    environ = {"PATH": str(tmp_path / "env/bin")}
    for given in (str(tmp_path / "env"), "env", "env/bin/python", "python"):
        assert chosen(tmp_path, environ, given) == ("env", "--python")


def test_who_made_it(own: Path, tmp_path: Path) -> None:
    interpreter(tmp_path / "uv", cfg="home = /usr/bin\nuv = 0.9.1\n")
    interpreter(tmp_path / "conda")
    (tmp_path / "conda/conda-meta").mkdir()
    interpreter(tmp_path / "plain")
    managers = {name: choose(str(tmp_path / name), None, tmp_path, {}).manager for name in ("uv", "conda", "plain")}
    assert managers == {"uv": "uv", "conda": "conda", "plain": "pip"}
    assert patient.WINDOWS is (os.name == "nt")
