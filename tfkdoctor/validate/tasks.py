"""Runs a task of `inside/` in an interpreter: what it reported, and how it ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tfkdoctor.validate import child, scratch, traces

INSIDE = Path(__file__).with_name("inside") / "main.py"


@dataclass(frozen=True, slots=True)
class Ended:
    """The events of a task, its output and the end of its standard error."""

    events: list[traces.Event]
    end: child.End
    output: str
    said: str

    @property
    def death(self) -> str:
        """How the process ended where it did not do so by itself; "" where it did."""
        if self.end.status == 0 and traces.first(self.events, "done"):
            return ""
        return self.end.told(self.said)


def run(
    python: str, task: Mapping[str, object], cwd: Path, folder: Path, timeout: float, *, repeatable: bool = False
) -> Ended:
    """Run a task; its files lie in `folder`, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    asked, journal, output, errors = (folder / name for name in ("request.json", "journal", "stdout", "stderr"))
    asked.write_text(json.dumps({"journal": str(journal), "folder": str(folder), **task}), "utf-8")
    command = [scratch.interpreter(python), str(INSIDE), str(asked)]
    end = child.run(command, cwd, errors, timeout, output, scratch.environment(repeatable=repeatable))
    said = errors.read_bytes()[-100_000:].decode("utf-8", "replace") if errors.exists() else ""
    printed = output.read_text("utf-8", "replace") if output.exists() else ""
    return Ended(traces.read(journal), end, printed, said)
