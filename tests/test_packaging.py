"""The wheel: built, installed into an empty environment, and run there, with the rules inside it."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tfkdoctor import __version__

ROOT = Path(__file__).parent.parent
RULES = ROOT / "rules"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT], check=True, capture_output=True
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def tfkdoctor(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, in an environment that holds nothing but the wheel and what it requires."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", wheel], check=True, capture_output=True)
    return folder / "bin" / "tfkdoctor"


@pytest.mark.environment
def test_the_wheel_holds_every_rule_file_and_the_type_marker(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    rules = {f"tfkdoctor/rules/{path.relative_to(RULES).as_posix()}" for path in RULES.rglob("*") if path.is_file()}
    assert rules <= names
    assert "tfkdoctor/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "fixtures/", "rules/"))]


@pytest.mark.environment
def test_the_installed_command_knows_its_rules_and_migrates(tfkdoctor: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([tfkdoctor, *arguments], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")

    assert run("--version").stdout == f"tfkdoctor, version {__version__}\n"
    codes = [row["code"] for row in json.loads(run("rules", "--format", "json").stdout)["codes"]]
    assert "TFK101" in codes and "PY001" in codes
    file = tmp_path / "train.py"
    file.write_text("from keras.layers.core import Dense\n\nlayer = Dense(3)\n", "utf-8")
    done = run("migrate", "--write", "train.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert file.read_text("utf-8") == "from tensorflow.keras.layers import Dense\n\nlayer = Dense(3)\n"
    assert run("check", "--format", "json").returncode in (0, 1)
