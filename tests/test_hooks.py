"""The hooks, run by the real pre-commit in scratch git repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LEGACY = "from keras.layers.core import Dense\n\nlayer = Dense(3)\n"
MODERN = "from tensorflow.keras.layers import Dense\n\nlayer = Dense(3)\n"
OTHER = "import json\n\nprint(json.dumps({}))\n"


@dataclass(frozen=True, slots=True)
class Project:
    """A git repository whose commits run the hooks."""

    folder: Path
    environ: dict[str, str]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.folder, env=self.environ, capture_output=True, text=True, encoding="utf-8", timeout=600
        )

    def commit(self, name: str, text: str) -> subprocess.CompletedProcess[str]:
        (self.folder / name).write_text(text, "utf-8")
        self.run("git", "add", name)
        return self.run("git", "commit", "-m", f"add {name}")

    def commits(self) -> int:
        return len(self.run("git", "log", "--format=%h").stdout.split())


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.org")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository that holds this project as it is now, committed or not: what `repo:` names."""
    folder = tmp_path_factory.mktemp("tool")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file() and not name.startswith(("tests/", "fixtures/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "-q")
    git(folder, "add", "--all")
    git(folder, "commit", "-q", "-m", "as it is")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where pre-commit keeps the hooks' environments: one for all tests of this file."""
    yield tmp_path_factory.mktemp("pre-commit")


def project_with(tool: Path, home: Path, folder: Path, *hooks: str) -> Project:
    folder.mkdir()
    revision = subprocess.run(["git", "rev-parse", "HEAD"], cwd=tool, check=True, capture_output=True, text=True)
    ids = "".join(f"      - id: {hook}\n" for hook in hooks)
    (folder / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {tool}\n    rev: {revision.stdout.strip()}\n    hooks:\n{ids}", "utf-8"
    )
    environ = {
        name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "GIT_DIR", "PYTHONPATH")
    }
    environ |= {"PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never", "GIT_CONFIG_GLOBAL": os.devnull}
    environ |= {f"GIT_{who}_{what}": "somebody@x.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environ['PATH']}"
    project = Project(folder, environ)
    project.run("git", "init", "-q")
    installed = project.run(sys.executable, "-m", "pre_commit", "install", "--hook-type", "pre-commit")
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return project


@pytest.mark.environment
def test_a_legacy_line_is_stopped_and_a_clean_commit_passes(tool: Path, home: Path, tmp_path: Path) -> None:
    project = project_with(tool, home, tmp_path / "project", "tfkdoctor-migrate")

    stopped = project.commit("train.py", LEGACY)
    assert stopped.returncode == 1
    assert "train.py:1:" in stopped.stderr and "TFK1" in stopped.stderr
    assert project.commits() == 0
    assert (project.folder / "train.py").read_text("utf-8") == LEGACY

    assert project.commit("train.py", MODERN).returncode == 0
    assert project.commit("other.py", OTHER).returncode == 0
    assert project.commits() == 2


@pytest.mark.environment
def test_the_fixing_hook_rewrites_and_the_second_commit_passes(tool: Path, home: Path, tmp_path: Path) -> None:
    project = project_with(tool, home, tmp_path / "project", "tfkdoctor-migrate-fix")
    stopped = project.commit("train.py", LEGACY)
    assert stopped.returncode == 1
    assert "files were modified by this hook" in stopped.stderr
    rewritten = (project.folder / "train.py").read_text("utf-8")
    assert rewritten == MODERN
    assert project.commit("train.py", rewritten).returncode == 0


@pytest.mark.environment
def test_the_environment_hook_examines_the_projects_environment(tool: Path, home: Path, tmp_path: Path) -> None:
    """The project's .venv holds TensorFlow 2.14 beside numpy 2, which crashes at import; the hook's own has neither."""
    project = project_with(tool, home, tmp_path / "project", "tfkdoctor-check")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", project.folder / ".venv"], check=True)
    packages = next((project.folder / ".venv").glob("lib/python*/site-packages"))
    for name, version in (("tensorflow", "2.14.0"), ("keras", "2.14.0"), ("numpy", "2.0.2")):
        (packages / name).mkdir()
        (packages / name / "__init__.py").write_text(f"__version__ = '{version}'\n", "utf-8")
        info = packages / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
        (info / "RECORD").write_text(f"{name}/__init__.py,,\n{info.name}/METADATA,,\n{info.name}/RECORD,,\n", "utf-8")
    project.commit(".gitignore", ".venv\n")
    run = project.run(sys.executable, "-m", "pre_commit", "run", "--hook-stage", "pre-push", "--all-files")
    assert run.returncode == 1, run.stdout + run.stderr
    assert str(project.folder / ".venv" / "bin" / "python") in run.stdout
    assert "numpy 2.0.2" in run.stdout


def test_a_commit_without_tensorflow_imports_no_parser(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text(OTHER, "utf-8")
    program = (
        "import sys; from tfkdoctor.cli import run; code = run(['migrate', '--check', 'other.py']); "
        "heavy = {'libcst', 'rich', 'packaging', 'tfkdoctor.knowledge', 'tfkdoctor.migrate.survey'}; "
        "print(code, *sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("0\n", "")
