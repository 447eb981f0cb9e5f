"""The reports of `check` and `smoke`, whole, as they are printed."""

from __future__ import annotations

from textwrap import dedent

from tfkdoctor.doctor.advise import Advice
from tfkdoctor.doctor.examine import CheckRun
from tfkdoctor.doctor.facts import Facts, Patient, Unknown
from tfkdoctor.model import Evidence, Finding, Severity
from tfkdoctor.report.environment import check_report, smoke_report
from tfkdoctor.report.json import check_json, smoke_json
from tfkdoctor.report.style import Style
from tfkdoctor.report.text import Show
from tfkdoctor.validate.smoke import SmokeResult, SmokeRow, StepTime

NO = Unknown("not looked at")
FACTS = Facts(
    patient=Patient("/project/.venv/bin/python", "the project's .venv"),
    interpreter=NO,
    distributions=NO,
    packages=NO,
    overlaps=NO,
    leftovers=NO,
    build=NO,
    shadows=NO,
    keras_config=NO,
    host=NO,
    driver=NO,
    gpus=NO,
    libraries=NO,
    imported=NO,
)
HEAD = ("Python: /project/.venv/bin/python (the project's .venv)", "CPython 3.11.7", "tensorflow 2.14.0", "GPU: none")
NUMPY = Finding(
    "DI009",
    "numpy 2.0.2 is too new for tensorflow 2.14.0",
    Severity.ERROR,
    help='python -m pip install "numpy<2"',
    evidence=(Evidence("numpy", "2.0.2", "/project/.venv/lib/python3.11/site-packages"), Evidence("limit", "numpy<2")),
)
NO_GPU = Finding("GP001", "no NVIDIA GPU here", Severity.HINT, help="nothing to do, unless there should be one")
ADVICE = Advice(
    command='/project/.venv/bin/python -m pip install "numpy<2"',
    changes=("numpy 2.0.2 -> 1.26.4",),
    why="the least change that mends every error",
    alternative=Advice("/project/.venv/bin/python -m pip install tensorflow==2.21.0", (), "the newest TensorFlow"),
)
SICK = CheckRun(FACTS, (NO_GPU, NUMPY), ADVICE, checked=64, seconds=0.21)


def report(run: CheckRun, show: Show) -> str:
    return "\n".join(check_report(run, HEAD, Style(width=80), show)) + "\n"


def test_a_sick_environment() -> None:
    assert report(SICK, Show(evidence=True)) == dedent("""\
        Python: /project/.venv/bin/python (the project's .venv)
        CPython 3.11.7
        tensorflow 2.14.0
        GPU: none

        ✗ DI009 numpy 2.0.2 is too new for tensorflow 2.14.0
            saw: numpy = 2.0.2 (/project/.venv/lib/python3.11/site-packages)
            saw: limit = numpy<2
            fix: python -m pip install "numpy<2"

        – GP001 no NVIDIA GPU here
            hint: nothing to do, unless there should be one

        One command mends all of it:

            /project/.venv/bin/python -m pip install "numpy<2"

          why: the least change that mends every error
          does: numpy 2.0.2 -> 1.26.4

        Or, with the newest versions:

            /project/.venv/bin/python -m pip install tensorflow==2.21.0

          why: the newest TensorFlow

        ✗ 64 checks: 1 error, 1 hint, 0.2 s
        """)


def test_a_healthy_environment() -> None:
    assert report(CheckRun(FACTS, (), None, 64, 0.21), Show(evidence=True)) == dedent("""\
        Python: /project/.venv/bin/python (the project's .venv)
        CPython 3.11.7
        tensorflow 2.14.0
        GPU: none

        ✓ 64 checks: nothing found, 0.2 s
        """)


def test_quiet_says_nothing_of_a_healthy_one_and_the_least_of_a_sick_one() -> None:
    assert check_report(CheckRun(FACTS, (NO_GPU,), None, 64, 0.21), HEAD, Style(), Show(quiet=True)) == []
    lines = check_report(CheckRun(FACTS, (NO_GPU, NUMPY), None, 64, 0.21), HEAD, Style(), Show(quiet=True))
    assert lines == [
        "Python: /project/.venv/bin/python (the project's .venv)",
        "",
        "✗ DI009 numpy 2.0.2 is too new for tensorflow 2.14.0",
        '    fix: python -m pip install "numpy<2"',
        "",
    ]


def test_the_json_of_a_check() -> None:
    report = check_json(SICK, 1)
    assert report["summary"] == {"checked": 64, "seconds": 0.21, "errors": 1, "warnings": 0, "hints": 1}
    assert report["advice"] == {
        "command": '/project/.venv/bin/python -m pip install "numpy<2"',
        "changes": ["numpy 2.0.2 -> 1.26.4"],
        "why": "the least change that mends every error",
        "alternative": {
            "command": "/project/.venv/bin/python -m pip install tensorflow==2.21.0",
            "changes": [],
            "why": "the newest TensorFlow",
            "alternative": None,
        },
    }


ROWS = (
    SmokeRow("import", "", True, 5.42, "TensorFlow 2.21.0, Keras 3.15.1"),
    SmokeRow("build", "CPU:0", True, 0.63, "722006 parameters"),
    SmokeRow(
        "save", "CPU:0", False, 0.2, "ImportError: `save_weights` requires h5py, and this is a long story to tell"
    ),
)
SMOKE = SmokeResult("/project/bin/python", "3.11.7", "2.21.0", "3.15.1", ROWS, (StepTime("CPU:0", 0.0101),), 14.6)


def test_a_smoke_test_that_fails() -> None:
    assert "\n".join(smoke_report(SMOKE, Style(width=80), Show())) + "\n" == dedent("""\
        smoke test: /project/bin/python
        Python 3.11.7, tensorflow 2.21.0, keras 3.15.1

        ✓ import           5.42 s  TensorFlow 2.21.0, Keras 3.15.1
        ✓ build   CPU:0    0.63 s  722006 parameters
        ✗ save    CPU:0    0.20 s  ImportError: `save_weights` requires h5py, and this …
          10.1 ms a training step on CPU:0

        ✗ TFK020 smoke test: stage “save” failed on CPU:0: ImportError: `save_weights`
            requires h5py, and this is a long story to tell
            fix: Saving needs a whole h5py and a writable folder for temporary files.

        ✗ 1 error, 14.6 s
        """)


def test_the_json_of_a_smoke_test() -> None:
    report = smoke_json(SMOKE, 1)
    assert report["stages"] == [
        {
            "stage": row.stage,
            "device": row.device,
            "ok": row.ok,
            "died": False,
            "seconds": row.seconds,
            "detail": row.detail,
        }
        for row in ROWS
    ]
    assert report["steps"] == [{"device": "CPU:0", "seconds": 0.0101}]
