"""Asks an interpreter, without importing anything of it, which TensorFlow is installed there."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass

# Distributions that provide the package `tensorflow`.
DISTRIBUTIONS = frozenset(
    {
        "tensorflow",
        "tensorflow_cpu",
        "tensorflow_gpu",
        "tensorflow_intel",
        "tensorflow_macos",
        "tensorflow_rocm",
        "tensorflow_aarch64",
        "tf_nightly",
    }
)
_LISTING = """
import json, os, sys
names = []
for folder in sys.path:
    if os.path.isdir(folder or "."):
        names += os.listdir(folder or ".")
print(json.dumps([n for n in names if n.endswith((".dist-info", ".egg-info"))]))
"""


@dataclass(frozen=True, slots=True)
class Installed:
    """The TensorFlow of an interpreter: its version, or None and why there is none."""

    version: str | None
    reason: str = ""


def installed_tensorflow(python: str, timeout: float = 30) -> Installed:
    """The version of TensorFlow on the interpreter's path, from the names of its metadata folders; never raises."""
    try:
        answer = subprocess.run(
            [python, "-c", _LISTING], capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL
        )
        folders = json.loads(answer.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        return Installed(None, f"{python} does not answer ({type(error).__name__})")
    for folder in folders:
        match = re.match(r"(?P<name>.+?)-(?P<version>\d[^-]*)(?:-py[\d.]+)?\.(?:dist|egg)-info$", folder)
        if match and match["name"].lower().replace("-", "_") in DISTRIBUTIONS:
            return Installed(match["version"])
    return Installed(None, f"{python} has no TensorFlow")
