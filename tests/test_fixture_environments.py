"""The tools of the tests themselves: environments are built once and whole, outputs are compared as numbers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import environments
import pytest
from environments import Environment
from printed import differing_value, first_difference, results, values, without_progress

VERSION = f"{sys.version_info[0]}{sys.version_info[1]}"


@pytest.mark.parametrize(
    ("requirements", "stem"),
    [
        (["keras==2.2.5"], environments.KERAS2),
        (["keras==1.2.2"], environments.KERAS1),
        (["tensorflow==1.15.5"], environments.KERAS2),
        (["keras>=2,<2.3", "tensorflow<2"], environments.KERAS2),
        (["Keras<2"], environments.KERAS1),
        (["tensorflow>=2.16"], environments.NEWEST),
    ],
)
def test_environment_of_an_origin(requirements: list[str], stem: str) -> None:
    found = environments.satisfying(requirements)
    assert found is not None
    assert found.stem == stem


def test_no_environment_of_an_origin() -> None:
    assert environments.satisfying(["keras==2.3.1"]) is None


def test_python_that_is_not_there() -> None:
    with pytest.raises(environments.Unavailable, match=r"^no Python 3\.2 on PATH"):
        environments.find_python("3.2")


@pytest.mark.environment
def test_several_processes_build_one_environment(tmp_path: Path) -> None:
    """All wait for one of them, and a build that was interrupted is thrown away."""
    requirements = tmp_path / f"py{VERSION}-six.txt"
    requirements.write_text("six==1.17.0\n")
    folder = tmp_path / "cache" / "py-six"
    (folder / "bin").mkdir(parents=True)
    (folder / "left-over").touch()
    wanted = Environment(requirements.stem, requirements, folder)
    program = (
        f"import sys; sys.path.insert(0, {str(Path(environments.__file__).parent)!r}); import environments; "
        f"from pathlib import Path; print(environments.ensure(environments.Environment("
        f"{wanted.stem!r}, Path({str(requirements)!r}), Path({str(folder)!r}))))"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=300) for process in both]
    assert [out for out, _ in said] == [f"{wanted.python}\n"] * 2
    assert sum(err.count("building") for _, err in said) == 1
    assert not (folder / "left-over").exists()
    assert environments.run(wanted, ["-c", "import six; print(six.__version__)"], tmp_path) == "1.17.0\n"


@pytest.mark.environment
def test_programs_of_one_batch_do_not_see_each_other(tmp_path: Path) -> None:
    requirements = tmp_path / f"py{VERSION}-empty.txt"
    requirements.write_text("")
    wanted = Environment(requirements.stem, requirements, tmp_path / "cache" / "py-empty")
    ended = environments.run_many(
        wanted,
        {
            "sets": "import sys, os; sys.mine = 1; open('file', 'w').close(); print(os.listdir('.'))",
            "asks": "import sys, os; print(hasattr(sys, 'mine'), os.listdir('.'))",
            "fails": "print('so far'); 1 / 0",
            "dies": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        },
    )
    assert {name: (end.status, end.stdout) for name, end in ended.items()} == {
        "sets": (0, "['file']\n"),
        "asks": (0, "False []\n"),
        "fails": (1, "so far\n"),
        "dies": (-9, ""),
    }
    assert "ZeroDivisionError" in ended["fails"].stderr


def test_results_are_read_out_of_everything_else() -> None:
    text = "1/1 [=====] - 0s\rRESULT a 1 2.5\nnoise\nRESULT b [3., nan] word\n"
    assert str(results(text)) == "(('a', (1.0, 2.5)), ('b', (3.0, nan, 'word')))"


@pytest.mark.parametrize(
    ("printed", "difference"),
    [
        ("RESULT a 1.00005\nRESULT b x", None),
        ("RESULT a 1.001\nRESULT b x", "a: 1.001 instead of 1.0"),
        ("RESULT a 1\nRESULT b y", "b: y instead of x"),
        ("RESULT a 1 2\nRESULT b x", "a: 2 values instead of 1"),
        ("RESULT a 1", "1 lines instead of 2"),
        ("RESULT b x\nRESULT a 1", "b printed where a was expected"),
    ],
)
def test_first_difference(printed: str, difference: str | None) -> None:
    assert first_difference(results("RESULT a 1\nRESULT b x"), results(printed)) == difference


def test_numbers_in_any_print() -> None:
    assert values("[[1. 2.]\n [3. 4e-3]] dense_1:0") == (1.0, 2.0, 3.0, 0.004, "dense_1", 0.0)
    assert differing_value(values("loss=0.5, nan"), values("loss: 0.500001 nan")) is None
    assert differing_value(values("inf"), values("-inf")) == "-inf instead of inf"


def test_progress_is_left_out() -> None:
    bar = "\n\x1b[1m1/4\x1b[0m \x1b[32m━━━━━\x1b[0m\x1b[37m━━━━\x1b[0m \x1b[1m0s\x1b[0m 43ms/step\x08\x08\n[[2. 3.]]\n"
    assert without_progress("Epoch 1/3\n4/4 [======] - 0s 2ms/step\r" + bar + "1/2 of it\n") == "[[2. 3.]]\n1/2 of it"
