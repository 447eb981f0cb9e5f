"""PR003: what is installed against the dependency files that lie where a program is started."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from doctor_values import facts, seen, whole

from tfkdoctor.doctor.examine import check
from tfkdoctor.doctor.facts import Facts, Unknown
from tfkdoctor.doctor.requested import Request, read_requests

TF221 = whole("2.21.0", "3.11.7")
KERAS = TF221["keras"]
LOCK = '[[package]]\nname = "keras"\nversion = "3.14.0"\n[[package]]\nname = "tf-keras"\nversion = "2.21.0"\n'


def beside(folder: Path, files: dict[str, str], one: Facts | None = None, manager: str = "pip") -> Facts:
    """Facts of a whole TensorFlow 2.21 on Python 3.11, started in a folder with these files."""
    for name, text in files.items():
        (folder / name).write_text(text)
    one = one or facts(TF221)
    assert not isinstance(one.project, Unknown)
    project = replace(one.project, requests=read_requests(folder))
    return replace(one, project=project, patient=replace(one.patient, manager=manager))


def told(one: Facts) -> list[str]:
    """`severity files-and-what: way` of each PR003."""
    rows = check(one, select=("PR003",)).findings
    return [f"{row.severity}: {row.message.removeprefix('what is installed is not what ')}" for row in rows]


FILES: dict[str, tuple[dict[str, str], list[str]]] = {
    "requirements.txt": (
        {"requirements.txt": "tensorflow>=2.20\nkeras==3.14.0\nnumpy<2\nrequests==1.0\n"},
        [
            f"warning: requirements.txt asks for: keras==3.14.0 ({KERAS} is installed), numpy<2 ({TF221['numpy']} is "
            "installed)"
        ],
    ),
    "what it includes": (
        {"requirements.txt": "-r base.txt\n-c limits.txt\n", "base.txt": "tf-keras\n", "limits.txt": "tensorboard<2\n"},
        ["warning: base.txt asks for: tf-keras (it is not installed)"],
    ),
    "markers": (
        {"requirements.txt": 'keras<3; python_version < "3.10"\nkeras==3.14.0; sys_platform == "win32"\n'},
        [],
    ),
    "pyproject.toml": (
        {
            "pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.12"\ndependencies = ["tensorflow<2.21"]\n'
            '[project.optional-dependencies]\nold = ["keras<3", "tf-keras"]\n'
        },
        [
            "warning: pyproject.toml asks for: python>=3.12 (this is Python 3.11.7), tensorflow<2.21 (2.21.0 is "
            "installed)",
            f"hint: pyproject.toml asks for: keras<3 ({KERAS} is installed)",
        ],
    ),
    "poetry": (
        {"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.9"\nkeras = "~3.14"\n'},
        [f"warning: pyproject.toml asks for: keras>=3.14,<3.15 ({KERAS} is installed)"],
    ),
    "setup.cfg": (
        {"setup.cfg": "[options]\ninstall_requires =\n  keras==3.14.0\n"},
        [f"warning: setup.cfg asks for: keras==3.14.0 ({KERAS} is installed)"],
    ),
    "setup.py": (
        {"setup.py": "from setuptools import setup\nsetup(install_requires=['keras==3.14.0'])\n"},
        [f"warning: setup.py asks for: keras==3.14.0 ({KERAS} is installed)"],
    ),
    "Pipfile": (
        {"Pipfile": '[packages]\nkeras = "==3.14.0"\n'},
        [f"warning: Pipfile asks for: keras==3.14.0 ({KERAS} is installed)"],
    ),
    "uv.lock, of which nobody needs all": (
        {"uv.lock": f"version = 1\n{LOCK}"},
        [f"warning: uv.lock asks for: keras==3.14.0 ({KERAS} is installed)"],
    ),
    "a lock with a version for each kind of machine": (
        {"uv.lock": f'{LOCK}[[package]]\nname = "keras"\nversion = "{KERAS}"\n'},
        [],
    ),
    "poetry.lock": ({"poetry.lock": LOCK}, [f"warning: poetry.lock asks for: keras==3.14.0 ({KERAS} is installed)"]),
    "Pipfile.lock": (
        {"Pipfile.lock": '{"default": {"keras": {"version": "==3.14.0"}}}'},
        [f"warning: Pipfile.lock asks for: keras==3.14.0 ({KERAS} is installed)"],
    ),
    "environment.yml": (
        {"environment.yml": "dependencies:\n  - python=3.11\n  - tensorflow=2.18\n"},
        ["warning: environment.yml asks for: tensorflow==2.18.* (2.21.0 is installed)"],
    ),
    "environment.yml beside requirements.txt, and no conda": (
        {"environment.yml": "dependencies:\n  - tensorflow=2.18\n", "requirements.txt": "tensorflow\n"},
        ["hint: environment.yml asks for: tensorflow==2.18.* (2.21.0 is installed)"],
    ),
    "requirements of another purpose": (
        {"requirements.txt": "tensorflow\n", "requirements-gpu.txt": "tensorflow==2.18.1\ntensorflow-text\n"},
        ["hint: requirements-gpu.txt asks for: tensorflow==2.18.1 (2.21.0 is installed)"],
    ),
    "a Dockerfile, which is for another machine": ({"Dockerfile": "FROM python\nRUN pip install keras==2.2.4\n"}, []),
    "a file that cannot be read": ({"pyproject.toml": "[project", "requirements.txt": "keras = 2\n"}, []),
    "what fits": ({"requirements.txt": "tensorflow==2.21.*\nkeras>=3\nnumpy\n"}, []),
}


@pytest.mark.parametrize("name", FILES)
def test_what_a_file_asks_for_and_is_not_there(name: str, tmp_path: Path) -> None:
    files, expected = FILES[name]
    assert told(beside(tmp_path, files)) == expected


def test_a_line_is_named_with_its_place(tmp_path: Path) -> None:
    one = beside(tmp_path, {"requirements.txt": "# ours\nkeras==3.14.0\n"})
    (found,) = check(one, select=("PR003",)).findings
    assert [(row.fact, row.value, row.where) for row in found.evidence] == [
        ("keras", KERAS, f"{tmp_path}/requirements.txt:2")
    ]


@pytest.mark.parametrize(
    ("files", "manager", "way"),
    [
        ({"requirements.txt": "keras==3.14.0\n"}, "pip", "/env/bin/python -m pip install -r {}/requirements.txt"),
        (
            {"setup.cfg": "[options]\ninstall_requires =\n  tensorflow\n  keras==3.14.0\n  numpy<3\n"},
            "pip",
            '/env/bin/python -m pip install "tensorflow" "keras==3.14.0" "numpy<3"',
        ),
        ({"uv.lock": LOCK}, "uv", 'uv pip install --python /env/bin/python "keras==3.14.0"'),
        (
            {"environment.yml": "dependencies:\n  - keras=3.14.0\n"},
            "conda",
            "conda env update -p /env -f {}/environment.yml",
        ),
        (
            {"pyproject.toml": '[project]\nrequires-python = "<3.9"\n'},
            "pip",
            "use a Python <3.9: it is the one that this project is for",
        ),
    ],
)
def test_the_way_back_to_the_file(files: dict[str, str], manager: str, way: str, tmp_path: Path) -> None:
    (found,) = check(beside(tmp_path, files, manager=manager), select=("PR003",)).findings
    assert found.help == way.format(tmp_path)


def test_a_project_with_its_own_environment_and_a_lock_of_uv(tmp_path: Path) -> None:
    one = beside(tmp_path, {"uv.lock": LOCK})
    one = replace(one, patient=replace(one.patient, environment=str(tmp_path / ".venv")))
    assert check(one, select=("PR003",)).findings[0].help == f"uv sync --project {tmp_path}"


def test_where_no_tensorflow_is_its_absence_is_told_once(tmp_path: Path) -> None:
    one = beside(tmp_path, {"requirements.txt": "tensorflow==2.15.1\nkeras\n"}, facts({}))
    assert [line.split()[0] for line in seen(one)] == ["DI030"]


def test_advice_keeps_to_what_the_files_ask_for(tmp_path: Path) -> None:
    """Without a TensorFlow the newest is advised; a project that asks for 2.18 gets that, and its numpy."""
    empty = facts({"pip": "24.0"})
    free = check(empty).advice
    lines = "tensorflow==2.18.*\nnumpy<2\ntf-keras\n"
    asked = check(beside(tmp_path, {"requirements.txt": lines}, empty)).advice
    assert free and free.command.endswith('install "tensorflow==2.21.0"')
    assert asked and asked.command.endswith(
        'install "tensorflow==2.18.1" "tf-keras==2.18.0" "numpy==1.26.4" "setuptools==81.0.0"'
    )
    assert asked.heading == "One command mends all of it"


def test_a_file_that_asks_for_what_cannot_be_is_told_as_such(tmp_path: Path) -> None:
    """TensorFlow 2.21 with Keras 2: advice goes on, and says which line stays to be corrected."""
    broken = facts({**TF221, "keras": "2.15.0"})
    advice = check(beside(tmp_path, {"requirements.txt": "tensorflow==2.21.0\nkeras<3\n"}, broken)).advice
    assert advice and "requirements.txt:2 asks for keras<3" in advice.why
    assert f'"keras=={KERAS}"' in advice.command


def test_a_large_or_absent_folder_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("keras==1.0\n" + "#" * 2_000_000)
    assert read_requests(tmp_path) == () and read_requests(tmp_path / "gone") == ()


def test_facts_with_requests_are_kept(tmp_path: Path) -> None:
    one = beside(tmp_path, {"requirements.txt": "tensorflow[and-cuda]==2.21.0\n"})
    again = Facts.from_json(one.to_json())
    assert again == one and not isinstance(again.project, Unknown)
    path = str(tmp_path / "requirements.txt")
    assert again.project.requests == (Request("tensorflow", "==2.21.0", path, 1, extras=("and-cuda",)),)


def test_a_variant_stands_for_tensorflow(tmp_path: Path) -> None:
    one = facts({**whole("2.20.0", "3.11.7", "tensorflow-cpu")})
    assert told(beside(tmp_path, {"requirements.txt": "tensorflow==2.20.0\n"}, one)) == []
