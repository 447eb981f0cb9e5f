"""Children that hang, crash, flood or are no Python at all: each is a value, within its time."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from doctor_values import new_venv, put_dist, seen

from tfkdoctor.doctor.examine import gather
from tfkdoctor.doctor.facts import Facts, Unknown
from tfkdoctor.doctor.process import run_child

ENV = dict(os.environ)


def script(folder: Path, text: str) -> str:
    file = folder / "python"
    file.write_text(text)
    file.chmod(0o755)
    return str(file)


def test_a_script_on_standard_input_is_run(tmp_path: Path) -> None:
    done = run_child([sys.executable, "-"], b"print('hello')", cwd=tmp_path, env=ENV, timeout=20)
    assert (done.code, done.stdout.strip(), done.problem) == (0, "hello", "")


def test_a_signal_has_its_name(tmp_path: Path) -> None:
    crash = b"import os, signal; os.kill(os.getpid(), signal.SIGILL)"
    assert run_child([sys.executable, "-"], crash, cwd=tmp_path, env=ENV, timeout=20).signal == "SIGILL"


def test_a_child_that_hangs_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    hang = script(tmp_path, f"#!/bin/sh\nsleep 300 &\necho $! > {tmp_path}/pid\nwait\n")
    start = time.monotonic()
    done = run_child([hang], b"", cwd=tmp_path, env=ENV, timeout=0.5)
    assert done.problem == "no answer within 0.5 s" and time.monotonic() - start < 5
    grandchild = int((tmp_path / "pid").read_text())
    state = Path(f"/proc/{grandchild}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


def test_a_flood_is_stopped(tmp_path: Path) -> None:
    assert run_child(["yes"], b"", cwd=tmp_path, env=ENV, timeout=20).problem == "printed more than 4 MB"


def reason(one: Facts) -> str:
    assert isinstance(one.interpreter, Unknown)
    return one.interpreter.reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#!/bin/sh\necho hello; exit 3\n", "it does not answer as a Python does (exit status 3): hello"),
        ("#!/bin/sh\nkill -SEGV $$\n", "it does not answer as a Python does (killed by SIGSEGV)"),
        ("no program", "cannot be started: Exec format error"),
    ],
)
def test_what_is_no_python_is_said(tmp_path: Path, text: str, expected: str) -> None:
    one = gather(script(tmp_path, text), deep=True, cwd=tmp_path)
    assert reason(one) == expected
    assert [line[:11] for line in seen(one)] == ["PY017 error"]


def test_an_interpreter_that_hangs_is_said(tmp_path: Path) -> None:
    one = gather(script(tmp_path, "#!/bin/sh\nsleep 300\n"), deep=False, cwd=tmp_path, timeout=1)
    assert reason(one) == "no answer within 1 s"


def test_an_interpreter_that_is_not_there(tmp_path: Path) -> None:
    assert reason(gather("/no/such/python", deep=False, cwd=tmp_path)) == "cannot be started: No such file or directory"


def test_nothing_of_the_examined_folder_is_executed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working folder and PYTHONPATH are full of modules that the child itself imports."""
    site = new_venv(tmp_path / "env")
    project, more = tmp_path / "project", tmp_path / "more"
    for folder in (project, more, site):
        folder.mkdir(exist_ok=True)
        for name in ("json", "platform", "struct", "sysconfig", "keras", "tensorflow"):
            (folder / f"{name}.py").write_text(f"open({str(tmp_path / 'executed')!r}, 'a').write({name!r})\n")
    monkeypatch.setenv("PYTHONPATH", f"{more}{os.pathsep}.")
    one = gather(str(tmp_path / "env"), deep=False, cwd=project)
    assert not (tmp_path / "executed").exists()
    assert not isinstance(one.interpreter, Unknown) and not isinstance(one.shadows, Unknown)
    assert one.interpreter.path[:2] == (str(more), str(project))
    assert [Path(s.path).relative_to(tmp_path).as_posix() for s in one.shadows if s.module == "keras"] == [
        "project/keras.py",
        "more/keras.py",
    ]


@pytest.mark.parametrize(
    "code",
    [
        "print('welcome'); print('tfkdoctor-child {\"version\": \"9')",
        "import sys; sys.stdout.write('no end of line')",
        "raise RuntimeError('at start-up')",
    ],
)
def test_what_start_up_code_prints_does_not_hide_the_answer(tmp_path: Path, code: str) -> None:
    (new_venv(tmp_path / "env") / "sitecustomize.py").write_text(code + "\n")
    one = gather(str(tmp_path / "env"), deep=False, cwd=tmp_path)
    assert not isinstance(one.interpreter, Unknown) and one.interpreter.version == sys.version.split()[0]


def test_the_answer_has_its_own_encoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_venv(tmp_path / "env")
    monkeypatch.setenv("PYTHONIOENCODING", "utf-16")
    assert not isinstance(gather(str(tmp_path / "env"), deep=False, cwd=tmp_path).interpreter, Unknown)


def test_a_path_beyond_ascii_in_the_c_locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python 3.6 reads paths as ASCII there, and every later one that is told to."""
    site = new_venv(tmp_path / "ümlaut und leer")
    for name, value in {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}.items():
        monkeypatch.setenv(name, value)
    one = gather(str(tmp_path / "ümlaut und leer"), deep=False, cwd=tmp_path)
    assert not isinstance(one.interpreter, Unknown) and str(site) in one.interpreter.path


def test_an_environment_whose_python_is_gone(tmp_path: Path) -> None:
    (tmp_path / "env/bin").mkdir(parents=True)
    (tmp_path / "env/bin/python").symlink_to(tmp_path / "removed/bin/python3")
    assert reason(gather(str(tmp_path / "env"), deep=False, cwd=tmp_path)) == (
        f"cannot be started: No such file or directory: it is a link to {tmp_path}/removed/bin/python3, which is gone"
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import os; os.abort()", "DI033 error import tensorflow crashes the interpreter: killed by SIGABRT"),
        ("while True: print('x' * 9999)", "DI033 error import tensorflow fails: printed more than 4 MB"),
        ("import os; os._exit(0)", "DI033 error import tensorflow fails: exit status 0"),
        (
            "import os\n__version__ = '2.21.0'\ndef __getattr__(name): os.kill(os.getpid(), 4)",
            "DI033 error the first use of tf.keras crashes the interpreter: killed by SIGILL",
        ),
        (
            "import os\n__version__ = '2.21.0'\ndef __getattr__(name):\n while name == 'keras': pass",
            "DI033 error the first use of tf.keras does not end: no answer within 2 s",
        ),
        (
            "import os, sys\n__version__ = '2.21.0'\nos.close(1); sys.stdout = None",
            "KE014 error tf.keras cannot be used: AttributeError: module 'tensorflow' has no attribute 'keras'",
        ),
    ],
)
def test_how_far_an_import_came(tmp_path: Path, code: str, expected: str) -> None:
    """A `tensorflow` that does just that; the step is named in which it ended."""
    site = new_venv(tmp_path / "env")
    put_dist(site, "tensorflow", "2.21.0", files=("tensorflow/__init__.py",))
    put_dist(site, "keras", "3.15.1", files=("keras/__init__.py",))
    (site / "tensorflow/__init__.py").write_text(code + "\n")
    found = seen(gather(str(tmp_path / "env"), deep=True, cwd=tmp_path, timeout=2))
    assert [line for line in found if line.startswith(("DI033", "KE014"))] == [expected]
