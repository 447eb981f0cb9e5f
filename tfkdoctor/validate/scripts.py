"""Runs one script on both sides, the original in its old interpreter and the migrated one in the new, and compares."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from tfkdoctor.validate import printed, scratch, tasks, traces
from tfkdoctor.validate.traces import Difference, ModelAccount

STANDALONE = re.compile(r"^\s*(?:import|from)\s+keras\b", re.MULTILINE)
BUNDLED = re.compile(r"\btf\.(?:\w+\.)*keras\b|\btensorflow\.(?:\w+\.)*keras\b|from tensorflow import [^\n]*\bkeras\b")
LEGACY = re.compile(r"\btf_keras\b")


@dataclass(frozen=True, slots=True)
class Options:
    """`tolerance`: numbers are equal within this share (and a hundredth of it near zero); `steps` 0: to the end."""

    tolerance: float = 1e-3
    steps: int = 0
    timeout: float = 1800
    dropout: bool = True  # whether dropout is switched off on both sides
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Side:
    """A project, the folder of its copy, and the interpreter that it runs in."""

    python: str
    project: Path


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of one side; `trouble` is empty where it came to its end."""

    versions: dict[str, str]
    python: str
    trouble: str
    output: str
    events: list[traces.Event]


@dataclass(frozen=True, slots=True)
class Account:
    """A script (or the models of a project) on both sides, compared."""

    name: str
    old: Ran
    new: Ran | None
    models: tuple[ModelAccount, ...] = ()
    numbers: int = 0
    lines: int = 0
    unequal: Difference | None = None
    words: tuple[str, str] | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def trouble(self) -> str:
        return self.old.trouble or (self.new.trouble if self.new else "")

    @property
    def differences(self) -> tuple[Difference, ...]:
        found = [difference for model in self.models for difference in model.differences]
        return tuple([*found, self.unequal] if self.unequal else found)


def packages(root: Path) -> list[str]:
    """Which Kerases a project names: those are watched."""
    text = "\n".join(text for _, text in scratch.sources(root))
    named = {"keras": STANDALONE, "tensorflow.keras": BUNDLED, "tf_keras": LEGACY}
    return [name for name, pattern in named.items() if pattern.search(text)]


def run(side: Side, task: dict[str, object], folder: Path, peer: Path | None, options: Options) -> Ran:
    """Run a task of `inside/` in a side's interpreter; its files lie in `folder`, those of the old side in `peer`."""
    request = task | {
        "peer": str(peer) if peer else None,
        "packages": packages(side.project),
        "tolerance": options.tolerance,
        "steps": options.steps,
        "dropout": options.dropout,
        "seed": options.seed,
    }
    ended = tasks.run(side.python, request, side.project, folder, options.timeout, repeatable=True)
    versions = traces.first(ended.events, "versions").get("versions", {})
    return Ran(
        versions if isinstance(versions, dict) else {},
        str(traces.first(ended.events, "start").get("python", "")),
        trouble_of(ended, side),
        ended.output,
        ended.events,
    )


def trouble_of(ended: tasks.Ended, side: Side) -> str:
    """Why a program did not come to its end, with the line of the project where it failed; "" where it did."""
    failed = traces.first(ended.events, "failed")
    if failed:
        file = Path(str(failed["file"]))
        if file.is_relative_to(side.project):
            file = file.relative_to(side.project)
        return f"{failed['error']} ({file}:{failed['line']})"
    if ended.end.status == 0:
        return ""
    if traces.first(ended.events, "ended") and ended.end.status is not None and ended.end.status > 0:
        return f"it ended with status {ended.end.status}"
    return ended.end.told(ended.said)


def compare_script(script: str, arguments: list[str], old: Side, new: Side, folder: Path, options: Options) -> Account:
    """Run a script of both projects and compare; a side that fails is the account's trouble."""
    task: dict[str, object] = {"task": "script", "script": script, "args": arguments}
    place = re.sub(r"\W+", "_", script)
    before = run(old, task, folder / f"{place}-old", None, options)
    return compare(script, before, folder / f"{place}-old", new, task, folder / f"{place}-new", options)


def compare(
    script: str,
    before: Ran,
    peer: Path,
    new: Side,
    task: dict[str, object],
    folder: Path,
    options: Options | None = None,
) -> Account:
    """Run the new side, in `folder`, and hold it against the old one, whose files lie in `peer`."""
    if before.trouble:
        return Account(script, before, None)
    options = options or Options()
    after = run(new, task, folder, peer, options)
    models = traces.accounts(before.events, after.events, options.tolerance)
    if after.trouble:
        return Account(script, before, after, models)
    a, b = printed.printed(before.output), printed.printed(after.output)
    unequal = printed.first_unequal(a, b, options.tolerance, options.tolerance / 100)
    stopped = [f"stopped after {options.steps} training steps"] if traces.first(after.events, "enough") else []
    return Account(
        script,
        before,
        after,
        models,
        len(a.numbers),
        len({number.line for number in a.numbers}),
        printed_difference(unequal) if unequal else None,
        printed.other_words(a.lines, b.lines),
        tuple(stopped),
    )


def printed_difference(unequal: printed.Unequal) -> Difference:
    where = f"number {unequal.position + 1} that is printed"
    old, new = (
        f"{value:.7g} (in “{line[:100]}”)" if value is not None else "nothing more"
        for value, line in ((unequal.old_value, unequal.old), (unequal.new_value, unequal.new))
    )
    return Difference("printed", where, old, new)
