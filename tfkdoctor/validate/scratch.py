"""Copies of projects for code to run in, and the environment that it runs in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

SKIPPED = frozenset(
    {".git", ".hg", ".svn", ".tox", ".nox", "node_modules", "__pycache__", ".mypy_cache", ".ipynb_checkpoints"}
)
LARGE = 100_000_000  # bytes from which a file is linked, not copied
# One thread, one device and no oneDNN: the same sums in the same order.
REPEATABLE: Mapping[str, str] = {
    "PYTHONHASHSEED": "0",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
}
QUIET: Mapping[str, str] = {
    "PYTHONIOENCODING": "utf-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUNBUFFERED": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "KERAS_BACKEND": "tensorflow",
    "MPLBACKEND": "Agg",
}
OURS = frozenset({"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__"})


def copy(source: Path, target: Path) -> Path:
    """A copy of a project (or of a single file, in a folder of its own) without histories and environments."""
    if source.is_file():
        target.mkdir(parents=True)
        shutil.copy2(source, target / source.name)
        return target
    return Path(shutil.copytree(source, target, ignore=unneeded, copy_function=put, ignore_dangling_symlinks=True))


def unneeded(folder: str, names: list[str]) -> set[str]:
    return {n for n in names if n in SKIPPED or (Path(folder) / n / "pyvenv.cfg").exists()}


def put(source: str, target: str) -> str:
    """Copy a file; large data is linked: hundreds of gigabytes of pictures are not for copying."""
    if Path(source).stat().st_size > LARGE:
        Path(target).symlink_to(Path(source).resolve())
        return target
    return str(shutil.copy2(source, target))


def environment(*, repeatable: bool) -> dict[str, str]:
    """The variables of a child: ours without what belongs to this interpreter."""
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**clean, **QUIET, **(REPEATABLE if repeatable else {})}


def interpreter(python: str) -> str:
    """An interpreter as a command for a child that starts in another folder."""
    return str(Path(python).absolute()) if Path(python).name != python else python


def sources(root: Path) -> Iterator[tuple[str, str]]:
    """The Python files of a project: relative path, text (what cannot be decoded is replaced)."""
    for folder, names, files in os.walk(root):
        names[:] = sorted(set(names) - unneeded(folder, names))
        for name in sorted(files):
            if name.endswith(".py"):
                path = Path(folder) / name
                yield path.relative_to(root).as_posix(), path.read_text("utf-8-sig", "replace")
