"""Configuration: what may stand in [tool.tfkdoctor], what is said about what may not, and what goes before what."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfkdoctor.config import KEYS, Config, ConfigError, load_config, make_settings
from tfkdoctor.model import Numerics, Settings

FULL = """
[project]
name = "example"

[tool.tfkdoctor]
target = "tensorflow>=2.16"
keras = "legacy"
source = ["keras==2.2.4", "tensorflow==1.13.1"]
numerics = "modern"
unsafe = true
support = false
support-name = "legacy_pieces"
tf1 = "compat"
select = ["TFK1", "TFK4"]
ignore = "TFK401"
exclude = ["vendor/*"]
jobs = 3
python = "venv/bin/python"

[tool.tfkdoctor.smoke]
"net.py:build" = {classes = 10}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "pyproject.toml"
    path.write_text(text, "utf-8")
    return path


def test_every_key_reaches_the_settings(tmp_path: Path) -> None:
    path = write(tmp_path, FULL)
    config = load_config(tmp_path)
    assert config.path == path
    assert config.python == str(tmp_path / "venv/bin/python")
    assert make_settings(config, {}) == Settings(
        target="tensorflow>=2.16",
        keras="legacy",
        source=("keras==2.2.4", "tensorflow==1.13.1"),
        numerics=Numerics.MODERN,
        unsafe=True,
        support=False,
        support_name="legacy_pieces",
        tf1="compat",
        select=("TFK1", "TFK4"),
        ignore=("TFK401",),
        exclude=("vendor/*",),
        jobs=3,
    )
    assert set(config.values) == set(KEYS)


def test_the_command_line_goes_before_the_configuration(tmp_path: Path) -> None:
    write(tmp_path, FULL)
    settings = make_settings(
        load_config(tmp_path),
        {"target": "tensorflow==2.15.*", "unsafe": False, "select": ("TFK2",), "source": (), "numerics": None},
    )
    assert settings.target == "tensorflow==2.15.*"
    assert settings.unsafe is False
    assert settings.select == ("TFK2",)
    assert settings.source == ("keras==2.2.4", "tensorflow==1.13.1")
    assert settings.numerics is Numerics.MODERN


def test_the_nearest_table_upwards_counts(tmp_path: Path) -> None:
    write(tmp_path, "[tool.tfkdoctor]\njobs = 2\n")
    package = tmp_path / "package"
    (package / "deep").mkdir(parents=True)
    write(package, "[project]\nname = 'package without the table'\n")
    assert load_config(package / "deep").values == {"jobs": 2}
    assert load_config(package / "deep" / "train.py").values == {"jobs": 2}


def test_without_a_table_the_defaults_hold(tmp_path: Path) -> None:
    write(tmp_path, "[tool.other]\n")
    config = load_config(tmp_path)
    assert config.values == {} and config.python is None
    assert make_settings(config, {}) == Settings()


def test_an_interpreter_without_a_folder_is_a_command() -> None:
    assert Config(Path("/project/pyproject.toml"), {"python": "python3.11"}).python == "python3.11"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("numeric = 'keep'", "numeric: unknown key; did you mean 'numerics'?"),
        ("Per_Python = 'x'", "Per_Python: unknown key; did you mean 'python'?"),
        (
            "xyz = 1",
            "xyz: unknown key; known keys: exclude, ignore, jobs, keras, numerics, python, select, smoke, "
            "source, support, support-name, target, tf1, unsafe",
        ),
        ("numerics = 'kept'", "numerics: 'kept' is none of keep, exact, modern"),
        ("target = 3", "target: must be a string, not 3"),
        ("unsafe = 'yes'", "unsafe: must be true or false, not 'yes'"),
        ("smoke = 3", 'smoke: must be a table of tables, such as "model.py:build" = {classes = 10}, not 3'),
        ("jobs = -1", "jobs: must be a whole number, 0 or more, not -1"),
        ("jobs = true", "jobs: must be a whole number, 0 or more, not True"),
        ("select = [1]", "select: must be a list of strings, not [1]"),
    ],
)
def test_what_cannot_be_meant_names_the_file_and_the_key(tmp_path: Path, line: str, message: str) -> None:
    path = write(tmp_path, f"[tool.tfkdoctor]\n{line}\n")
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path)
    assert str(caught.value) == f"{path}: [tool.tfkdoctor] {message}"


def test_a_table_must_be_one_and_a_file_must_be_toml(tmp_path: Path) -> None:
    path = write(tmp_path, "[tool]\ntfkdoctor = 1\n")
    with pytest.raises(ConfigError, match="must be a table"):
        load_config(tmp_path)
    path.write_bytes(b"[tool.tfkdoctor\n")
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path)
    assert str(caught.value).startswith(f"{path}: cannot be read: ")


def test_codes_of_environments_and_of_code_share_a_table(tmp_path: Path) -> None:
    """`select = ["TFK4"]` does not turn off every check of an environment, nor the other way round."""
    write(tmp_path, "[tool.tfkdoctor]\nselect = ['TFK4']\nignore = ['TFK401', 'GP001']\n")
    config = load_config(tmp_path)
    assert make_settings(config, {}).select == ("TFK4",)
    assert make_settings(config, {}).ignore == ("TFK401",)
    assert config.codes("select", of_code=False) == ()
    assert config.codes("ignore", of_code=False) == ("GP001",)
