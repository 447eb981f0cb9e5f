"""What runs in examined interpreters is read by Python 2.7 as well."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import environments
import pytest

import tfkdoctor.validate.inside

FILES = sorted(Path(tfkdoctor.validate.inside.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_only_ascii(path: Path) -> None:
    """Python 2 refuses anything else without a declared encoding."""
    assert path.read_bytes().isascii()


@pytest.mark.environment
@pytest.mark.parametrize("version", ["2.7", "3.6"])
def test_old_pythons_compile_it(version: str) -> None:
    try:
        python = environments.find_python(version)
    except environments.Unavailable as reason:
        if os.environ.get("TFKDOCTOR_REQUIRE_ENVS") == "1" and version != "2.7":  # CI has no Python 2
            raise
        pytest.skip(str(reason))
    check = "import sys\nfor path in sys.argv[1:]: compile(open(path).read(), path, 'exec')"
    done = subprocess.run([python, "-c", check, *map(str, FILES)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
