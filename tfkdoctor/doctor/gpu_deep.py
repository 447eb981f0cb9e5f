"""The slow probes of `--deep` around the GPU: open every CUDA library, and compute, each in a process of its own."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tfkdoctor.doctor.deep import LOG
from tfkdoctor.doctor.facts import Library, Tried, Unknown
from tfkdoctor.doctor.process import answers, run_child

LOADER = Path(__file__).with_name("load_child.py")
COMPUTER = Path(__file__).with_name("compute_child.py")
LOAD_SECONDS = 30.0  # cuDNN and cuBLAS are hundreds of megabytes
LINES = 20
WORTH = re.compile(r"^[EWF]\d{4}|libdevice|ptxas|PTX|CuDNN|cuDNN|XLA_FLAGS|compute capability|no kernel image")


def load_libraries(libraries: tuple[Library, ...], env: Mapping[str, str], cwd: Path) -> tuple[Library, ...]:
    """Each library with what opening it showed: the loader's complaint, or the version that it tells of itself."""
    found = [one for one in libraries if one.path]
    if not found:
        return libraries
    command = [sys.executable, "-I", str(LOADER), *(word for one in found for word in (one.soname, one.path))]
    outcome = run_child(command, b"", cwd=cwd, env=dict(env), timeout=LOAD_SECONDS)
    said = answers(outcome.stdout)
    ended = outcome.problem or (f"killed by {outcome.signal}" if outcome.signal else "")
    return tuple(with_answer(one, said, ended) for one in libraries)


def with_answer(one: Library, said: Mapping[str, object], ended: str) -> Library:
    answer = said.get(one.soname)
    if isinstance(answer, dict):
        return replace(one, says=str(answer.get("says", "")), problem=str(answer.get("problem", "")))
    if said.get("loading") == one.soname and ended:
        return replace(one, problem=f"the process that opens it ends: {ended}")
    return one


def compute(python: str, *, env: Mapping[str, str], cwd: Path, timeout: float) -> Tried:
    """Draw a random number and run a compiled function in the examined interpreter; never raises."""
    outcome = run_child([python, "-"], COMPUTER.read_bytes(), cwd=cwd, env={**env, **LOG}, timeout=timeout)
    said = answers(outcome.stdout)
    ended = outcome.problem or (f"killed by {outcome.signal}" if outcome.signal else "")
    if not ended and "done" not in said:
        ended = f"exit status {outcome.code}"
    lines = [line[:300] for line in outcome.stderr.splitlines() if WORTH.search(line)]
    return Tried(
        device=str(said.get("device", "")),
        kernel=step(said, "kernel", ended),
        compiled=step(said, "compiled", ended),
        detail=ended,
        log=tuple(lines[-LINES:]),
    )


def step(said: Mapping[str, object], name: str, ended: str) -> str | Unknown:
    """What a step said; the step that was begun last and said nothing is the one that the process died in."""
    if name in said:
        return str(said[name])
    return ended if said.get("step") == name and ended else Unknown(f"it was not reached: {ended}")
