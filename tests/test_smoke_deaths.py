"""However the child of `smoke` ends, the stage it was in is named; here with a `tensorflow` that does just that."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tfkdoctor.model import Severity
from tfkdoctor.validate.smoke import smoke


@pytest.fixture
def tensorflow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that `import tensorflow` runs in the child."""
    (tmp_path / "tensorflow").mkdir()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path / "tensorflow" / "__init__.py"


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        ("import os; os.abort()", "the process died of SIGABRT: Fatal Python error: Aborted"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "the process was killed by SIGKILL"),
        (
            "import os, signal; os.kill(os.getpid(), signal.SIGILL)",
            "the process died of SIGILL: Fatal Python error: Illegal instruction",
        ),
        ("import os; os._exit(0)", "the process ended with status 0"),
        (
            "import os; os.write(2, b'F0000 no room\\nlast words\\n'); os._exit(3)",
            "the process ended with status 3: F0000 no room",
        ),
    ],
)
def test_death(tensorflow: Path, code: str, detail: str) -> None:
    tensorflow.write_text(code)
    result = smoke(sys.executable)
    (row,) = result.rows
    assert (row.stage, row.ok, row.died, row.detail) == ("import", False, True, detail)
    (finding,) = result.findings()
    assert (finding.code, finding.severity) == ("TFK021", Severity.ERROR)


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        ("raise SystemExit(4)", "SystemExit: 4"),
        (
            "raise ImportError('numpy.core.multiarray\\nfailed to import')",
            "ImportError: numpy.core.multiarray failed to import",
        ),
        ("this is no Python", "SyntaxError: invalid syntax (__init__.py, line 1)"),
    ],
)
def test_exception(tensorflow: Path, code: str, detail: str) -> None:
    tensorflow.write_text(code)
    result = smoke(sys.executable)
    (row,) = result.rows
    assert (row.stage, row.ok, row.died) == ("import", False, False)
    assert row.detail.split(" (in ")[0] == detail
    assert [finding.code for finding in result.findings()] == ["TFK020"]


def test_hang(tensorflow: Path, tmp_path: Path) -> None:
    """It is ended, and with it what it has started."""
    beat = tmp_path / "beat"
    beating = f"import time\nwhile True: open({str(beat)!r}, 'w').write(str(time.time())); time.sleep(0.05)"
    tensorflow.write_text(
        f"import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', {beating!r}])\ntime.sleep(60)\n"
    )
    started = time.monotonic()
    result = smoke(sys.executable, timeout=2)
    assert time.monotonic() - started < 10
    assert [(row.stage, row.died, row.detail) for row in result.rows] == [("import", True, "no end within 2 s")]
    last = beat.read_text()
    time.sleep(0.3)
    assert beat.read_text() == last


def test_interpreter_that_does_not_exist(tmp_path: Path) -> None:
    result = smoke(str(tmp_path / "python"))
    assert [(row.stage, row.detail) for row in result.rows] == [
        ("start", f"{tmp_path / 'python'} does not start: No such file or directory")
    ]
    assert result.findings()[0].help == "Name an interpreter with --python; the smoke test runs on Python 3.6 or newer."


def test_interpreter_by_a_relative_path(tensorflow: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tensorflow.write_text("import os; os._exit(7)")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    assert smoke("bin/python").rows[0].detail == "the process ended with status 7"


def test_neighbours_of_the_script_are_no_modules(tensorflow: Path) -> None:
    """`import imports` in the examined interpreter must not find a file of tfkdoctor."""
    tensorflow.write_text("import imports")
    assert smoke(sys.executable).rows[0].detail.startswith("ModuleNotFoundError: No module named 'imports'")


def test_a_flood_of_messages_is_stopped(tensorflow: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tfkdoctor.validate.child.FLOOD", 1_000_000)
    monkeypatch.setattr("tfkdoctor.validate.child.LOOK_EVERY", 0.05)
    tensorflow.write_text("import sys\nfor _ in range(20_000_000): sys.stderr.write('x' * 999)\n")
    (row,) = smoke(sys.executable, timeout=60).rows
    assert (row.stage, row.died, row.detail) == ("import", True, "it printed more than 1 MB of messages")
    assert row.seconds < 30
