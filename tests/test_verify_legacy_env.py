"""`verify --make-legacy-env`: which pins, and what is told where there is no such Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import usable
from environments import KERAS2

from tfkdoctor.model import Origin
from tfkdoctor.validate.legacy_env import LegacyError, Pins, advice, all_pins, commands, make, pins_for, trouble


@pytest.mark.parametrize(
    ("keras", "chosen"),
    [
        ("0.3.3", "1.2.2"),
        ("1.1.0", "1.2.2"),
        ("2.0.2", "2.0.8"),
        ("2.1.6", "2.2.4"),
        ("2.2.5", "2.2.5"),
        ("2.3.1", "2.3.1"),
        ("2.4", "2.3.1"),
    ],
)
def test_the_nearest_known_set(keras: str, chosen: str) -> None:
    assert pins_for(Origin(keras=keras)).keras == chosen


def test_every_set_pins_everything() -> None:
    for pins in all_pins():
        lines = pins.path.read_text().split()
        assert f"Keras=={pins.keras}" in lines
        assert f"tensorflow=={pins.tensorflow}" in lines
        assert all("==" in line for line in lines)


def test_uv_or_conda_bring_a_python(tmp_path: Path) -> None:
    pins = all_pins()[0]
    assert commands(pins, tmp_path, None, {"uv": "uv"})[0] == ["uv", "venv", "--seed", "--python", "3.6", str(tmp_path)]
    assert commands(pins, tmp_path, None, {"conda": "conda"})[0][-1] == "python=3.6"
    assert commands(pins, tmp_path, Path("/x/python3.6"), {"uv": "uv"})[0][0] == "/x/python3.6"
    assert commands(pins, tmp_path, None, {}) == []


def test_without_any_the_commands_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    pins = Pins(all_pins()[0].path, "3.4", "1.0.0", "0.8")
    with pytest.raises(LegacyError, match=r"there is no Python 3.4 here, and neither uv nor conda"):
        make(pins, tmp_path / "env")
    assert advice(pins, Path("/e"))[0] == "pyenv install 3.4 && $(pyenv prefix 3.4)/bin/python -m venv /e"


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    done = subprocess.run(
        [sys.executable, "-m", "tfkdoctor", "verify", ".", "--make-legacy-env", "."],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "is not empty; name a folder that does not exist yet" in done.stdout


def test_an_interpreter_is_asked_for(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tfkdoctor", "verify", "."], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "--make-legacy-env DIR builds one" in done.stderr


@pytest.mark.legacy
def test_what_was_built_is_tried() -> None:
    pins = next(one for one in all_pins() if one.keras == "2.2.5")
    assert trouble(usable(KERAS2).python, pins) == ""
    assert trouble(Path(sys.executable), pins).startswith("ModuleNotFoundError")


@pytest.mark.heavy
def test_an_environment_is_built(tmp_path: Path) -> None:
    python = make(pins_for(Origin(keras="1.2.2")), tmp_path / "env")
    assert python == tmp_path / "env" / "bin" / "python"
