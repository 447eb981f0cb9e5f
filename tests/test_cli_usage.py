"""The edge: usage errors, bugs and interrupts become one clear line and an exit code, and start-up stays cheap."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tfkdoctor import __version__
from tfkdoctor.cli import run


@pytest.fixture(autouse=True)
def in_scratch_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text("x = 1\n", "utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["migrate"], "Missing argument 'PATHS...'"),
        (["migrate", "nowhere.py"], "path 'nowhere.py' does not exist"),
        (["migrate", "--write", "--check", "train.py"], "--check touches nothing and --write does: choose one"),
        (["migrate", "--wrte", "train.py"], "No such option '--wrte'"),
        (["migrate", "--numerics", "kept", "train.py"], "'kept' is not one of 'keep', 'exact', 'modern'"),
        (["migrate", "--validate", "smok", "train.py"], "--validate: unknown level 'smok'; known: import, index, models, smoke"),
        (["migrate", "--target", "tensorflow>", "train.py"], "'tensorflow>' is no requirement"),
        (["migrate", "--target", "torch>=2", "train.py"], "the target is a TensorFlow range"),
        (["migrate", "--source", "keras", "train.py"], "say for example 'keras==2.2.4'"),
        (["migrate", "--select", "TKF4", "train.py"], "no code begins with 'TKF4'; did you mean 'TFK"),
        (["check", "--ignore", "XX001"], "no code begins with 'XX001'"),
        (["check", "--deep", "train.py"], "FILES are read, not examined"),
        (["check", "train.py"], "train.py: neither facts"),
        (["explain", "TFK999"], "'TFK999' is neither a code (see `tfkdoctor rules`) nor a name of TensorFlow or Keras"),
        (["chek"], "No such command 'chek'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_usage_errors_say_what_is_wrong(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err
    assert "Traceback" not in printed.err


def test_a_wrong_configuration_names_file_and_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool.tfkdoctor]\ntaget = 'tensorflow>=2.16'\n", "utf-8")
    assert run(["migrate", "train.py"]) == 2
    expected = f"Error: {path}: [tool.tfkdoctor] taget: unknown key; did you mean 'target'?\n"
    assert capsys.readouterr() == ("", expected)


def break_the_engine(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr("tfkdoctor.run.migrate_paths", broken)


def test_a_bug_is_one_line_and_a_traceback_only_with_v(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    break_the_engine(monkeypatch, KeyError("nobody\nexpects this"))
    assert run(["migrate", "train.py"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("tfkdoctor: internal error: KeyError: ")
    assert said.endswith("; -v shows the traceback\n")
    assert said.count("\n") == 1

    assert run(["migrate", "-v", "train.py"]) == 2
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_an_interrupt_ends_with_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    break_the_engine(monkeypatch, KeyboardInterrupt())
    assert run(["migrate", "train.py"]) == 130
    assert capsys.readouterr().err.strip() == "tfkdoctor: interrupted"


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"tfkdoctor, version {__version__}\n"


@pytest.mark.parametrize("command", [[], ["check"], ["facts"], ["migrate"], ["smoke"], ["explain"], ["rules"]])
def test_help_imports_nothing_but_click(command: list[str]) -> None:
    program = (
        "import sys; from tfkdoctor.cli import run; code = run(sys.argv[1:]); "
        "own = {name for name in sys.modules if name.startswith('tfkdoctor')}; "
        "heavy = {'libcst', 'rich', 'packaging', 'tomllib', 'subprocess', 'json'} & set(sys.modules); "
        "print(code, sorted(own), sorted(heavy), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *command, "--help"],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.stdout.startswith("Usage: tfkdoctor")
    assert done.stderr == "0 ['tfkdoctor', 'tfkdoctor.cli'] []\n"


def test_python_m_and_a_reader_that_stops_early() -> None:
    """`tfkdoctor rules | head -1` prints one line and no error."""
    rules = subprocess.Popen(
        [sys.executable, "-m", "tfkdoctor", "rules"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert rules.stdout is not None and rules.stderr is not None
    rules.stdout.close()
    assert rules.wait(60) in (0, 1, 141)
    assert rules.stderr.read() == b""
    rules.stderr.close()


def test_a_stream_that_cannot_say_a_character_gets_it_escaped() -> None:
    environ = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, "-m", "tfkdoctor", "rules"], env=environ, capture_output=True, check=True)
    assert done.stdout.isascii() and done.stderr == b""


def test_examining_an_environment_imports_no_parser_of_code() -> None:
    program = (
        "import sys; from tfkdoctor.cli import run; run(['check', '--exit-zero', '--python', sys.executable]); "
        "heavy = {'libcst', 'rich', 'tfkdoctor.knowledge', 'tfkdoctor.migrate'}; "
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.startswith(f"Python: {sys.executable} (--python)\n")
    assert done.stderr == "[]\n"
