"""Finds the project around the given paths, and the Python files in it."""

from __future__ import annotations

import fnmatch
import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tfkdoctor.model import Finding, Severity

SUFFIXES = (".py", ".pyi")
_MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", "tfkdoctor.lock.json")
_EXCLUDED = frozenset(
    (
        *(
            ".git",
            ".hg",
            ".svn",
            ".venv",
            "venv",
            "env",
            "node_modules",
            "build",
            "dist",
            "__pycache__",
            "site-packages",
        ),
        *(".tox", ".nox", ".eggs", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints"),
    )
)


@dataclass(frozen=True, slots=True)
class Project:
    """The root, every Python file below it (relative, with `/`), and those that the user asked for."""

    root: Path
    files: tuple[str, ...]
    wanted: tuple[str, ...]
    start: Path  # the folder that holds all that was asked for; dependency files nearest to it speak first
    findings: tuple[Finding, ...] = ()


def discover(paths: Sequence[Path], exclude: Iterable[str] = (), cwd: Path | None = None) -> Project:
    """The project of `paths`: git's file list where there is one, else a walk.

    Raises FileNotFoundError for a path that does not exist (a dangling link is a finding, not an error).
    """
    paths = [(cwd or Path.cwd()) / p for p in paths]
    paths = [Path(os.path.normpath(p)) for p in paths]  # links stay links
    for path in paths:
        if not path.exists() and not path.is_symlink():
            raise FileNotFoundError(f"{path}: no such file or directory")
    patterns = tuple(exclude)
    top = Path(os.path.commonpath([p if p.is_dir() else p.parent for p in paths]))
    listed = _git_files(top, paths)
    root = listed[0] if listed else _marked_root(top)
    names = listed[1] if listed else _walk(root if all(p.is_file() for p in paths) and _is_marked(root) else top)
    if not listed and top != root and not _is_marked(root):
        root = top
    base = root
    found = {_relative(base, name) for name in names}
    given = [p for p in paths if not p.is_dir()]
    strange = [p for p in given if p.is_file() and not _is_python(p)]
    explicit = {_relative(base, p) for p in given if p not in strange}
    kept = sorted(f for f in found | explicit if f in explicit or not _is_excluded(f, ()))
    asked = [f for f in kept if f in explicit or not _is_excluded(f, patterns)]  # the rest is linked, not changed
    wanted = tuple(f for f in asked if f in explicit or any(_inside(base / f, p) for p in paths if p.is_dir()))
    dangling = [f for f in wanted if not (base / f).is_file()]
    files = tuple(f for f in kept if (base / f).is_file())
    return Project(
        base,
        files,
        tuple(f for f in wanted if f not in dangling),
        top,
        (*map(_no_file, dangling), *(_no_python(_relative(base, p)) for p in strange)),
    )


def _git_files(top: Path, paths: Sequence[Path]) -> tuple[Path, list[Path]] | None:
    """git's root and file list, or None where git is absent, this is no work tree, or git ignores the paths."""
    if not any((folder / ".git").exists() for folder in (top, *top.parents)):
        return None
    try:
        shown = subprocess.run(
            ["git", "rev-parse", "--show-toplevel"], cwd=top, capture_output=True, text=True, timeout=30
        )
        if shown.returncode:
            return None
        root = Path(shown.stdout.strip())
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.py", "*.pyi"],
            cwd=root,
            capture_output=True,
            timeout=120,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    files = [root / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]
    if listed.returncode or not all(any(_inside(f, p) for f in files) for p in paths):
        return None
    return root, files


def _marked_root(top: Path) -> Path:
    return next((folder for folder in (top, *top.parents) if _is_marked(folder)), top)


def _is_marked(folder: Path) -> bool:
    return any((folder / marker).exists() for marker in _MARKERS)


def _walk(root: Path) -> list[Path]:
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(d for d in folders if d not in _EXCLUDED and not d.endswith(".egg-info"))
        found += [Path(folder, name) for name in files if name.endswith(SUFFIXES)]
    return found


def _is_excluded(name: str, patterns: tuple[str, ...]) -> bool:
    parts = name.split("/")
    if any(part in _EXCLUDED for part in parts[:-1]):
        return True
    return any(
        fnmatch.fnmatch(name, p)
        or name.startswith(p.rstrip("/") + "/")
        or any(fnmatch.fnmatch(part, p) for part in parts)
        for p in patterns
    )


def _relative(root: Path, path: Path) -> str:
    return Path(os.path.relpath(path, root)).as_posix()


def _inside(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _is_python(path: Path) -> bool:
    """By its suffix, or by a first line that names Python."""
    if path.suffix in SUFFIXES:
        return True
    try:
        with path.open("rb") as file:
            first = file.readline(200)
    except OSError:
        return True  # reading it will say why not
    return first.startswith(b"#!") and b"python" in first


def _no_python(name: str) -> Finding:
    what = "a notebook, which is not read yet" if name.endswith(".ipynb") else "no Python file"
    help_text = (
        "export its code with `jupyter nbconvert --to script`"
        if name.endswith(".ipynb")
        else "name a .py file or a folder"
    )
    return Finding("TFK005", f"this is {what}", Severity.WARNING, name, help=help_text)


def _no_file(name: str) -> Finding:
    return Finding(
        "TFK003",
        "this is no file that can be read: a dangling link?",
        Severity.ERROR,
        name,
        help="remove the link, or mend it",
    )
