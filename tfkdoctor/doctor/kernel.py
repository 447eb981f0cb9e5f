"""A notebook's kernel that looks at itself: `from tfkdoctor.doctor.kernel import check_here; check_here()`.

After `!pip install` the kernel keeps the modules that it has imported; only it can see that (PR007).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from tfkdoctor.doctor.examine import CheckRun, check, gather
from tfkdoctor.doctor.facts import Facts, Unknown
from tfkdoctor.doctor.project import Loaded

IMPORTED = {"tensorflow": "tensorflow", "keras": "keras", "tf_keras": "tf-keras", "numpy": "numpy", "h5py": "h5py"}


def check_here() -> CheckRun:
    """All checks of the interpreter that runs this, with what it has imported."""
    return check(with_loaded(gather(sys.executable, deep=False, cwd=Path.cwd()), sys.modules))


def with_loaded(facts: Facts, modules: Mapping[str, ModuleType]) -> Facts:
    """The same facts with the versions of the modules that are loaded."""
    if isinstance(facts.project, Unknown):
        return facts
    loaded = tuple(
        Loaded(distribution, version)
        for name, distribution in IMPORTED.items()
        if isinstance(version := getattr(modules.get(name), "__version__", None), str)
    )
    return replace(facts, project=replace(facts.project, loaded=loaded))
