"""Why code of a project failed in a child: a fault that the migration answers for, or something from outside."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tfkdoctor.validate import traces

FRAMEWORK = ("tensorflow", "keras", "tf_keras", "tf_legacy")
NO_NETWORK = "tfkdoctor runs this without network"
OUTSIDE = frozenset({"FileNotFoundError", "PermissionError", "ConnectionError", "URLError", "HTTPError", "EOFError"})


@dataclass(frozen=True, slots=True)
class Failure:
    """What an exception said, the place in the project, and why it comes from outside ("" where it does not)."""

    error: str
    path: str
    line: int
    stage: str
    outside: str = ""

    @property
    def told(self) -> str:
        return f"{self.error} ({self.path}:{self.line})" if self.path else self.error


def failure(event: traces.Event, root: Path, modules: Collection[str]) -> Failure:
    """Read a `broke` event; `modules` are the top names that the project itself provides."""
    file = Path(str(event["file"]))
    path = file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name
    line = event["line"]
    return Failure(
        str(event["error"]),
        path,
        line if isinstance(line, int) else 0,
        str(event["stage"]),
        outside(event, modules),
    )


def outside(event: traces.Event, modules: Collection[str]) -> str:
    """Why the failure has nothing to do with TensorFlow and Keras; "" where it may have."""
    error, missing = str(event["error"]), str(event.get("module", ""))
    bases = event.get("bases", [])
    kinds = {str(base) for base in bases} if isinstance(bases, list) else set[str]()
    if "ModuleNotFoundError" in kinds and missing:
        top = missing.partition(".")[0]
        return "" if top in FRAMEWORK or top in modules else f"it needs the module {top}, which is not installed there"
    if NO_NETWORK in error:
        return "it needs the network"
    if kinds & OUTSIDE:
        return "it needs a file that is not there" if "FileNotFoundError" in kinds else "it needs what is not there"
    if event["type"] == "SystemExit":
        return "it ends the process by itself"
    return ""


def own_modules(paths: Collection[str]) -> frozenset[str]:
    """Every name by which a module or package of the project could be imported."""
    names: set[str] = set()
    for path in paths:
        parts = Path(path).with_suffix("").parts
        names.update(parts)
    return frozenset(names)
