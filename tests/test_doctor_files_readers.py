"""Dependency files as they are read: which requirements, for which Python, and where a file cannot be understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfkdoctor.doctor.files.declared import Manifest, Unreadable
from tfkdoctor.doctor.files.kinds import reader_of


def read(folder: Path, name: str, text: str | bytes) -> Manifest:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    reader = reader_of(path)
    assert reader is not None
    return reader(path)


def said(manifest: Manifest) -> dict[str, list[str]]:
    """label -> `line: requirement` of each setting; the first entry's label is the file's own, "" for no extra."""
    return {
        one.label: [
            f"{pin.line}: {pin.name}{list(pin.extras) if pin.extras else ''}{pin.specifier}"
            + (f"; {pin.marker}" if pin.marker else "")
            + (" (limit)" if pin.constraint else "")
            for pin in one.pins
        ]
        for one in manifest.settings
    }


def complaints(manifest: Manifest) -> list[str]:
    return [f"{one.span.line if one.span else 0}: {one.message} | {one.help}" for one in manifest.findings]


def test_requirements_as_pip_reads_them(tmp_path: Path) -> None:
    (tmp_path / "base.txt").write_text("numpy>=1.20\n-r requirements.txt\n")
    (tmp_path / "limits.txt").write_text("protobuf<4\n")
    text = """\
# a comment
--extra-index-url https://example.org/simple
-r base.txt
-c limits.txt
-e .
tensorflow[and-cuda] >= 2.14 , < 2.16 ; python_version < "3.12"  # why
Keras_Preprocessing==1.1.2 \\
    --hash=sha256:00
git+https://example.org/x.git#egg=x
https://example.org/y-1.0-py3-none-any.whl
z @ file:///tmp/z
./local
"""
    found = read(tmp_path, "requirements.txt", text)
    assert said(found) == {
        "": [
            "1: numpy>=1.20",
            "1: protobuf<4 (limit)",
            "6: tensorflow['and-cuda']>=2.14,<2.16; python_version < \"3.12\"",
            "7: keras-preprocessing==1.1.2",
        ]
    }
    assert complaints(found) == []


def test_requirements_written_by_powershell(tmp_path: Path) -> None:
    found = read(tmp_path, "requirements.txt", "tensorflow==2.10.0\r\nkeras\r\n".encode("utf-16"))
    assert said(found) == {"": ["1: tensorflow==2.10.0", "2: keras"]}


def test_a_line_that_is_no_requirement_is_named_with_what_was_meant(tmp_path: Path) -> None:
    found = read(tmp_path, "requirements.txt", "keras\ntensorflow=1.15\nnumpy 1.19\n-r missing.txt\n>=2\n")
    lines = complaints(found)
    assert [line.partition(":")[0] for line in lines] == ["2", "3", "4", "5"]
    assert lines[0].endswith("| write tensorflow==1.15") and lines[1].endswith("| write numpy==1.19")
    assert "includes missing.txt, which cannot be read: No such file" in lines[2]


def test_pyproject_with_extras_groups_and_limits(tmp_path: Path) -> None:
    text = """\
[project]
requires-python = ">=3.9,<3.12"
dependencies = [
    "tensorflow~=2.15.0",  # "numpy<1"
    'numpy>=1.22; sys_platform == "linux"',
]
[project.optional-dependencies]
test = ["keras", "pytest"]
[dependency-groups]
lint = ["ruff"]
dev = [{include-group = "lint"}, "tf-keras"]
[tool.uv]
constraint-dependencies = ["protobuf<5"]
"""
    found = read(tmp_path, "pyproject.toml", text)
    always = ["4: tensorflow~=2.15.0", '5: numpy>=1.22; sys_platform == "linux"', "13: protobuf<5 (limit)"]
    assert said(found) == {
        "": always,
        "with extra test": [*always, "8: keras", "8: pytest"],
        "with group lint": [*always, "10: ruff"],
        "with group dev": [*always, "10: ruff", "11: tf-keras"],
    }
    assert {one.python for one in found.settings} == {">=3.9,<3.12"}


def test_poetry_has_its_own_operators(tmp_path: Path) -> None:
    text = """\
[tool.poetry.dependencies]
python = "^3.8"
tensorflow = "^2.10"
numpy = "~1.23.1"
keras = "2.10.0"
protobuf = {version = "3.*", markers = "sys_platform == 'linux'"}
h5py = [{version = "<3", python = "<3.8"}, {version = ">=3", python = ">=3.8"}]
tf-keras = {version = "*", optional = true}
local = {path = "../x"}
[tool.poetry.group.dev.dependencies]
tensorboard = ">=2.10,<2.12"
"""
    found = read(tmp_path, "pyproject.toml", text)
    always = [
        "3: tensorflow>=2.10,<3",
        "4: numpy>=1.23.1,<1.24",
        "5: keras==2.10.0",
        "6: protobuf==3.*; sys_platform == 'linux'",
        '7: h5py<3; python_full_version < "3.8"',
        '7: h5py>=3; python_full_version >= "3.8"',
        "11: tensorboard>=2.10,<2.12",
    ]
    assert said(found) == {"": always, "with extras": [*always, "8: tf-keras"]}
    assert found.settings[0].python == ">=3.8,<4"


def test_setup_cfg_and_setup_py_are_read_and_not_run(tmp_path: Path) -> None:
    cfg = """\
[options]
python_requires = >=3.7
install_requires =
    tensorflow>=2.4,<2.6
    keras==2.4.3  # old
[options.extras_require]
gpu = tensorflow-gpu
"""
    found = read(tmp_path, "setup.cfg", cfg)
    assert said(found) == {
        "": ["4: tensorflow>=2.4,<2.6", "5: keras==2.4.3"],
        "with extra gpu": ["4: tensorflow>=2.4,<2.6", "5: keras==2.4.3", "7: tensorflow-gpu"],
    }
    (tmp_path / "requirements.txt").write_text("h5py<3\n")
    py = """\
import sys
from setuptools import setup
raise SystemExit("never run")
base = ["tensorflow==2.4.1", 'numpy']
setup(
    python_requires=">=3.6",
    install_requires=base + ["keras"] + open("requirements.txt").read().splitlines(),
    extras_require={"dev": ["tf-keras"], "more": more()},
)
"""
    found = read(tmp_path, "setup.py", py)
    always = ["4: tensorflow==2.4.1", "4: numpy", "7: keras", "1: h5py<3"]
    assert said(found) == {"": always, "with extra dev": [*always, "8: tf-keras"]}
    assert [line.partition(";")[0] for line in complaints(found)] == ["8: these requirements are computed"]


def test_conda_environment(tmp_path: Path) -> None:
    text = """\
name: x
dependencies:
  - python=3.8
  - conda-forge::numpy=1.19
  - h5py >=2.10,<3
  - tensorflow-gpu=2.4.1=h30adc30_0
  - cudatoolkit 11.0.3
  - pip:
    - "keras==2.4.3"
    - tf-keras ; python_version > "3.9"
"""
    found = read(tmp_path, "environment.yml", text)
    assert said(found) == {
        "": [
            "4: numpy==1.19.*",
            "5: h5py>=2.10,<3",
            "6: tensorflow==2.4.1",
            "7: cudatoolkit==11.0.3",
            "9: keras==2.4.3",
            '10: tf-keras; python_version > "3.9"',
        ]
    }
    assert found.settings[0].python == "==3.8.*" and found.settings[0].pins[0].conda


def test_pipfile_and_lock_files(tmp_path: Path) -> None:
    text = '[packages]\ntensorflow = "==2.15.0"\nnumpy = "*"\n[dev-packages]\nkeras = {version = ">=3"}\n'
    found = read(tmp_path, "Pipfile", text + '[requires]\npython_version = "3.10"\n')
    always = ["2: tensorflow==2.15.0", "3: numpy"]
    assert said(found) == {"": always, "with dev-packages": [*always, "5: keras>=3"]}
    assert found.settings[0].python == "==3.10.*"
    uv = """\
version = 1
requires-python = ">=3.9"
[[package]]
name = "me"
version = "0.1"
source = { virtual = "." }
[[package]]
name = "numpy"
version = "2.0.2"
resolution-markers = ["python_full_version < '3.10'"]
[[package]]
name = "tensorflow"
version = "2.15.1"
"""
    found = read(tmp_path, "uv.lock", uv)
    assert said(found) == {"": ["8: numpy==2.0.2; (python_full_version < '3.10')", "12: tensorflow==2.15.1"]}
    lock = '[[package]]\nname = "keras"\nversion = "3.0.5"\noptional = false\n[metadata]\npython-versions = "^3.10"\n'
    assert said(read(tmp_path, "poetry.lock", lock)) == {"": ["2: keras==3.0.5"]}
    pipenv = '{"_meta": {"requires": {"python_version": "3.9"}}, "default": {\n"keras": {"version": "==2.10.0"}}}'
    assert said(read(tmp_path, "Pipfile.lock", pipenv)) == {"": ["2: keras==2.10.0"]}


def test_dockerfile_stages_images_and_commands(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("tensorflow==2.15.0\n")
    text = """\
# syntax=docker/dockerfile:1
ARG PY=3.10
FROM python:${PY}-slim AS base
COPY requirements.txt /app/
RUN apt-get update && \\
    # the libraries
    pip install --no-cache-dir -r /app/requirements.txt "numpy<2" -i https://example.org/simple \\
      keras
FROM base
RUN ["pip3", "install", "tf-keras==2.15.*"]
FROM tensorflow/tensorflow:2.10.0-gpu
RUN conda install -y -c conda-forge "h5py<3" && python -m pip install protobuf==3.19.6
"""
    found = read(tmp_path, "Dockerfile", text)
    assert said(found) == {
        "in stage base": ["1: tensorflow==2.15.0", "7: numpy<2", "8: keras"],
        "in stage 1": ["1: tensorflow==2.15.0", "7: numpy<2", "8: keras", "10: tf-keras==2.15.*"],
        "in stage 2": ["12: h5py<3", "12: protobuf==3.19.6", "11: tensorflow==2.10.0"],
    }
    assert [one.python for one in found.settings] == ["==3.10.*", "==3.10.*", ""]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("pyproject.toml", "[project]\ndependencies = [\n'tensorflow'\n", "4: is no TOML: Unclosed array"),
        ("pyproject.toml", "[project]\n\ndependencies = tensorflow\n", "3: is no TOML: Invalid value"),
        ("environment.yml", "dependencies:\n  - numpy\n bad\n", "3: is no YAML: "),
        ("setup.py", "from setuptools import setup\n\nsetup(\n  install_requires=[\n", "4: is no Python 3: '[' was"),
        ("setup.py", "import sys\nprint 'x'\n", "2: is no Python 3: Missing parentheses"),
        ("setup.cfg", "[options\ninstall_requires = x\n", "1: cannot be read: File contains no section headers."),
        ("Pipfile", "[packages]\ntensorflow = \n", "2: is no TOML: Invalid value"),
        ("uv.lock", "[[package]\n", "1: is no TOML: "),
        ("Pipfile.lock", "{\n", "2: is no JSON: "),
        ("Dockerfile", "FROM x\nRUN true\npip install y\n", "3: is no Dockerfile: 'pip install y' is no instruction"),
        ("Dockerfile", "RUN true\n", "1: is no Dockerfile: it has no FROM"),
        ("requirements.txt", b"tensorflow\xff\n", "0: cannot be read: "),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line(
    tmp_path: Path, name: str, text: str | bytes, expected: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        read(tmp_path, name, text)
    finding = caught.value.finding
    line = finding.span.line if finding.span else 0
    assert finding.code == "PR022" and finding.path == str(tmp_path / name)
    assert f"{line}: {finding.message}".startswith(expected)
