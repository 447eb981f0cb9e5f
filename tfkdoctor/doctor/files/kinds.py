"""Which reader a file is for: told by its name, and by its content where the name says nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tfkdoctor.doctor.files.declared import Manifest, Unreadable, read_text

KNOWN = (
    "requirements.txt, pyproject.toml, setup.cfg, setup.py, environment.yml, Pipfile, Dockerfile, uv.lock, poetry.lock,"
    " Pipfile.lock"
)


def reader_of(path: Path) -> Callable[[Path], Manifest] | None:
    """The function that reads a dependency file, None for facts (JSON) and for what is no dependency file."""
    from tfkdoctor.doctor.files import dockerfile, locks, pipfile, pyproject, requirements, setuptools_files

    exact = {
        "pyproject.toml": pyproject.read_pyproject,
        "setup.cfg": setuptools_files.read_setup_cfg,
        "setup.py": setuptools_files.read_setup_py,
        "Pipfile": pipfile.read_pipfile,
        "Pipfile.lock": locks.read_pipfile_lock,
        "uv.lock": locks.read_uv_lock,
        "poetry.lock": locks.read_poetry_lock,
    }
    if path.name in exact:
        return exact[path.name]
    if re.search(r"dockerfile|containerfile", path.name, re.IGNORECASE):
        return dockerfile.read_dockerfile
    by_ending = {
        ".txt": requirements.read_requirements,
        ".in": requirements.read_requirements,
    }
    if path.suffix in (".yml", ".yaml"):  # the reader of YAML is slow to load, and most projects have no such file
        from tfkdoctor.doctor.files import conda

        return conda.read_environment
    if path.suffix in by_ending:
        return by_ending[path.suffix]
    if path.suffix == ".toml":  # `pyproject.toml` under another name, or a Pipfile: their tables tell
        return pyproject.read_pyproject
    return None


def is_facts(path: Path) -> bool:
    """Whether a file of another name holds JSON, as facts do."""
    try:
        return path.suffix == ".json" or read_text(path).lstrip()[:1] == "{"
    except Unreadable:
        return False
