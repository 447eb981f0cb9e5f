"""`tfkdoctor check FILE…` on dependency files: what a person sees, and that the corrected lines are sound."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from doctor_values import facts, whole
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tfkdoctor.cli import run
from tfkdoctor.doctor import compat
from tfkdoctor.doctor.files.examine import FileReport, examine
from tfkdoctor.model import Severity

TABLE = compat.load()


@pytest.fixture(autouse=True)
def in_scratch_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@dataclass(frozen=True)
class Case:
    """A file, the codes that are found by line (without hints), and its corrected text (None: as it was)."""

    name: str
    before: str
    found: tuple[str, ...]
    after: str | None = None


CASES = (
    Case(
        "requirements.txt",  # what pip brings today kills it, and no metadata says so
        "tensorflow==2.10.1\nKeras==2.10.0  # the same\npandas\n",
        ("1 error DI009", "1 warning DI016"),
        "tensorflow==2.10.1\nsetuptools<82\nnumpy<2\nKeras==2.10.0  # the same\npandas\n",
    ),
    Case(
        "requirements.txt",  # two contradictions, the second one behind the first
        "tensorflow==2.16.1\nkeras<3\nnumpy>=2.0\nsetuptools<82\n",
        ("2 error KE002", "3 error DI009"),
        "tensorflow==2.16.1\nkeras>=3.0.0\nnumpy<2.0.0,>=1.26.0\nsetuptools<82\n",
    ),
    Case(
        "requirements.txt",
        "tensorflow-gpu>=2.4\n",
        ("1 error DI005",),
        "tensorflow>=2.4\n",
    ),
    Case(
        "requirements.txt",  # two names of one folder
        "tensorflow==2.12.1\r\ntensorflow-cpu==2.12.0\r\nsetuptools<82\r\n",
        ("2 error DI001",),
        "tensorflow==2.12.1\r\nsetuptools<82\r\n",
    ),
    Case(
        "requirements.txt",  # one on each platform is none too many
        "tensorflow==2.15.0; sys_platform != 'darwin'\n"
        "tensorflow-macos==2.15.0; sys_platform == 'darwin'\nsetuptools<82\n",
        (),
    ),
    Case(
        "requirements.txt",
        "tensorflow==2.16.1\ntf-keras==2.15.0\nsetuptools<82\n",
        ("2 error KE008",),
        "tensorflow==2.16.1\ntf-keras==2.16.*\nsetuptools<82\n",
    ),
    Case(
        "requirements.txt",
        "tensorflow==2.99\n",
        ("1 error PY001",),
        "tensorflow==2.21.0\n",
    ),
    Case(
        "requirements.txt",
        "tensorflow\nnumpy<2\nnumpy>=2.1\n",
        ("2 error PR004",),
        "tensorflow\nnumpy>=2.1\n",
    ),
    Case(
        "pyproject.toml",
        """\
[project]
requires-python = ">=3.11,<3.12"
dependencies = ["tensorflow==2.14.0", "setuptools<82"]
[project.optional-dependencies]
new = [
    "keras>=3",
]
""",
        ("3 error DI009", "6 error KE001"),
        """\
[project]
requires-python = ">=3.11,<3.12"
dependencies = ["tensorflow==2.14.0", "numpy<2", "setuptools<82"]
[project.optional-dependencies]
new = [
    "keras<2.15,>=2.14.0",
]
""",
    ),
    Case(
        "pyproject.toml",  # no wheel for the declared Python
        '[project]\nrequires-python = ">=3.12"\ndependencies = [\n    "tensorflow==1.15.0",\n]\n',
        ("4 error PY001", "4 warning DI016"),
        '[project]\nrequires-python = ">=3.12"\ndependencies = [\n    "tensorflow==2.16.2",\n    "setuptools<82",\n]\n',
    ),
    Case(
        "pyproject.toml",
        '[tool.poetry.dependencies]\npython = "^3.10"\ntensorflow = "2.10.1"\nnumpy = "^1 || ^2"\nsetuptools = "*"\n',
        ("4 error DI009", "5 warning DI016"),
        '[tool.poetry.dependencies]\npython = "^3.10"\ntensorflow = "2.10.1"\nnumpy = "<2"\nsetuptools = "<82"\n',
    ),
    Case(
        "setup.py",
        'from setuptools import setup\nsetup(python_requires="==3.9.*", install_requires=["tensorflow==2.5.3"])\n',
        ("2 error DI010",),
        'from setuptools import setup\nsetup(python_requires="==3.9.*", install_requires=["tensorflow==2.5.3", '
        '"protobuf<3.21"])\n',
    ),
    Case(
        "environment.yml",
        "dependencies:\n  - python=3.9\n  - numpy\n  - pip:\n    - tensorflow==2.5.3  # gpu\n",
        ("5 error DI010",),
        "dependencies:\n  - python=3.9\n  - numpy\n  - pip:\n    - tensorflow==2.5.3  # gpu\n    - protobuf<3.21\n",
    ),
    Case(
        "environment.yml",
        "dependencies: [python=3.9, cudatoolkit=10.1, {pip: [tensorflow==2.11.1, numpy<2, setuptools<82]}]\n",
        ("1 warning PR005",),
    ),
    Case(
        "Pipfile",
        '[packages]\ntensorflow = "==2.14.0"\nsetuptools = "<82"\n[requires]\npython_version = "3.11"\n',
        ("2 error DI009",),
        '[packages]\ntensorflow = "==2.14.0"\nnumpy = "<2"\nsetuptools = "<82"\n[requires]\npython_version = "3.11"\n',
    ),
    Case(
        "Dockerfile",
        "FROM python:3.11\nRUN pip install tensorflow==2.14.0 'setuptools<82'; \\\n pip install numpy>=1.22\n",
        ("3 error PR022", "3 error DI009"),
        "FROM python:3.11\nRUN pip install tensorflow==2.14.0 'setuptools<82'; \\\n pip install \"numpy>=1.22,<2\"\n",
    ),
    Case(
        "Dockerfile",
        "FROM python:3.12-alpine\nRUN pip install tensorflow\n",
        ("2 error PY004",),
    ),
    Case(
        "Dockerfile",
        "FROM tensorflow/tensorflow:2.15.0-gpu\nRUN pip install -U tensorflow\n",
        ("2 warning PR005",),
    ),
    Case(
        "Dockerfile",  # the image's own TensorFlow stays
        "FROM tensorflow/tensorflow:2.15.0-gpu\nRUN pip install tensorflow pandas\n",
        (),
    ),
    Case(
        "Dockerfile",  # and with it what fits to it, unless a command says otherwise
        "FROM tensorflow/tensorflow:2.9.1\nRUN pip install pandas numpy==2.0.0\n",
        ("2 error DI009",),
        'FROM tensorflow/tensorflow:2.9.1\nRUN pip install pandas "numpy<2"\n',
    ),
    Case(
        "Dockerfile",
        "FROM nvidia/cuda:11.8.0-cudnn8-runtime-ubuntu22.04\nRUN pip install tensorflow==2.21.0\n",
        ("2 warning PR005",),
    ),
    Case(
        "Dockerfile",
        "FROM nvidia/cuda:11.8.0-cudnn8-runtime-ubuntu22.04\nRUN pip install 'tensorflow[and-cuda]==2.21.0'\n",
        (),
    ),
    Case(
        "uv.lock",
        'version = 1\nrequires-python = "==3.11.*"\n[[package]]\nname = "tensorflow"\nversion = "2.14.0"\n'
        '[[package]]\nname = "numpy"\nversion = "2.1.0"\n[[package]]\nname = "setuptools"\nversion = "80.0.0"\n',
        ("7 error DI009",),
    ),
)


def looked_at(folder: Path, name: str, text: str) -> FileReport:
    path = folder / name
    path.write_bytes(text.encode())
    return examine(path, TABLE)


def serious(report: FileReport) -> list[str]:
    return [
        f"{one.span.line if one.span else 0} {one.severity} {one.code}"
        for one in report.findings
        if one.severity is not Severity.HINT
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}: {case.before.strip().splitlines()[-1][:50]}")
def test_findings_and_corrected_lines(case: Case, tmp_path: Path) -> None:
    report = looked_at(tmp_path, case.name, case.before)
    assert sorted(serious(report)) == sorted(case.found)
    after = "".join(new for _, new in report.corrected.values()) or None
    assert after == case.after


@pytest.mark.parametrize("case", [case for case in CASES if case.after], ids=lambda case: case.name)
def test_corrected_lines_are_sound(case: Case, tmp_path: Path) -> None:
    report = looked_at(tmp_path, case.name, case.after or "")
    assert serious(report) == [] and report.corrected == {}


def test_what_is_included_is_corrected_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "base.txt").write_text("tensorflow==2.14.0\nsetuptools<82\n")
    report = looked_at(tmp_path, "requirements.txt", "-r base.txt\nnumpy>=2\n")
    assert serious(report) == ["2 error DI009"]
    assert {Path(path).name: new for path, (_, new) in report.corrected.items()} == {
        "requirements.txt": "-r base.txt\nnumpy<2\n"
    }


def test_a_limit_counts_only_where_something_brings_the_name(tmp_path: Path) -> None:
    (tmp_path / "limits.txt").write_text("numpy<2\nkeras<3\nsetuptools<82\n")
    assert serious(looked_at(tmp_path, "requirements.txt", "-c limits.txt\ntensorflow==2.14.0\n")) == []
    assert serious(looked_at(tmp_path, "requirements.txt", "-c limits.txt\npandas\n")) == []


def test_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "requirements.txt").write_text("tensorflow==2.14.0\nsetuptools<82\n")
    assert run(["check", "requirements.txt"]) == 1
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "requirements.txt"
    assert shown[1].startswith(
        "Python 3.11, Linux x86_64: an installer brings tensorflow 2.14.0, keras 2.14.0, numpy 2."
    )
    assert shown[3].startswith(
        "requirements.txt:1:1: – PY001 tensorflow==2.14.0 has wheels for Python 3.9 to 3.11, and the file names no"
    )
    assert shown[5].startswith("requirements.txt:1:1: ✗ DI009 nothing limits numpy, and an installer brings 2.")
    assert shown[6:] == [
        "    fix: add numpy<2",
        "",
        "One change corrects all of it:",
        "",
        "--- a/requirements.txt",
        "+++ b/requirements.txt",
        "@@ -1,2 +1,3 @@",
        " tensorflow==2.14.0",
        "+numpy<2",
        " setuptools<82",
        "",
        "✗ 1 error, 1 hint",
    ]


def test_exit_codes_and_choices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "requirements.txt").write_text("tensorflow==2.14.0\nsetuptools<82\n")
    assert run(["check", "requirements.txt", "--ignore", "DI009"]) == 0
    assert run(["check", "requirements.txt", "--ignore", "DI009", "--strict"]) == 1
    assert run(["check", "requirements.txt", "--select", "KE"]) == 0
    assert run(["check", "requirements.txt", "--exit-zero"]) == 0
    (tmp_path / "notes.md").write_text("# no dependencies\n")
    capsys.readouterr()
    assert run(["check", "notes.md"]) == 2
    assert "notes.md: neither facts (JSON) nor a dependency file: requirements.txt, " in capsys.readouterr().err


def test_a_broken_pyproject_is_a_finding_and_no_configuration_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\ndependencies = [tensorflow]\n")
    assert run(["check", "pyproject.toml"]) == 1
    assert "pyproject.toml:2:1: ✗ PR022 is no TOML: Invalid value" in capsys.readouterr().out


def test_facts_and_dependency_files_beside_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "node.json").write_text(facts(whole("2.15.1", "3.11.7")).to_json())
    (tmp_path / "requirements.txt").write_text("tensorflow\n")
    assert run(["check", "node.json", "requirements.txt", "--format", "json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert first["facts"]["schema"] == 1
    assert (second["path"], second["findings"], second["diffs"]) == ("requirements.txt", [], [])
    assert second["installs"][0]["versions"]["tensorflow"] == "2.21.0"
    assert run(["check", "node.json", "requirements.txt"]) == 0
    assert capsys.readouterr().out.startswith("== node.json\nPython: /env/bin/python")


# The law: whatever lines a file has, its corrected lines ask for nothing that dies, as far as lines can say.

NAMES = ("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "keras", "tf-keras", "numpy", "protobuf", "h5py")


@st.composite
def lines(draw: st.DrawFn) -> str:
    python = draw(st.sampled_from(("3.8", "3.9", "3.10", "3.11", "3.12", "3.13")))
    found = []
    for name in dict.fromkeys(["tensorflow", *draw(st.lists(st.sampled_from(NAMES), max_size=4))]):
        known = [v for v, _ in TABLE.releases.get(name, ())] or [one.version for one in TABLE.finals()]
        sign = draw(st.sampled_from(("==", ">=", "<=", "~=", "")))
        found.append(f'"{name}{sign}{draw(st.sampled_from(known)) if sign else ""}",')
    return f'[project]\nrequires-python = "=={python}.*"\ndependencies = [\n    ' + "\n    ".join(found) + "\n]\n"


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(lines())
def test_whatever_is_corrected_is_sound(tmp_path: Path, text: str) -> None:
    report = looked_at(tmp_path, "pyproject.toml", text)
    if not report.corrected:
        return
    again = looked_at(tmp_path, "pyproject.toml", next(iter(report.corrected.values()))[1])
    before = {one.code for one in report.findings if one.severity is Severity.ERROR and not one.fix}
    after = {one.code for one in again.findings if one.severity is Severity.ERROR}
    assert after <= before, [one.message for one in again.findings]
    assert not again.corrected, again.corrected
