"""Import TensorFlow in a process of its own and take down what happens: an exception, an abort, a hang, its devices."""

from __future__ import annotations

import re
from pathlib import Path

from tfkdoctor.doctor.facts import Imported, Unknown
from tfkdoctor.doctor.process import NO_ANSWER, Outcome, answers, run_child

SCRIPT = Path(__file__).with_name("deep_child.py")
# TensorFlow names the libraries that it cannot load at VLOG(1) of its loader only (since 2.12).
LOG = {"TF_CPP_MIN_LOG_LEVEL": "0", "TF_CPP_VMODULE": "dso_loader=1,cudart_stub=1,gpu_device=1,cuda_executor=1"}
NOT_LOADED = re.compile(r"Could not load dynamic library '([^']+)'")
LINES = 40  # lines of the log that are kept
WORTH = re.compile(
    r"factory|NUMA|TensorRT|oneDNN|cpu_feature|"
    r"dynamic library|cuInit|cuda|CUDA|cuDNN|CuDNN|compute capability|GPU|Keras|Error|error|XLA_FLAGS|F0000"
)


def import_tensorflow(python: str, *, env: dict[str, str], cwd: Path, timeout: float) -> Imported:
    """Run the deep child in the examined interpreter; at most `timeout` seconds; never raises."""
    outcome = run_child([python, "-"], SCRIPT.read_bytes(), cwd=cwd, env={**env, **LOG}, timeout=timeout)
    facts = answers(outcome.stdout)
    kind, detail = verdict(outcome, facts)
    nothing = Unknown(detail if "version" in facts else "TensorFlow could not be imported")
    devices = facts.get("devices")
    return Imported(
        outcome=kind,
        detail=detail,
        seconds=round(outcome.seconds, 2),
        version=str(facts.get("version", "")),
        file=str(facts.get("file", "")),
        keras_module=said(facts, "keras_module", "keras_error", nothing),
        keras_version=said(facts, "keras_version", "keras_error", nothing),
        devices=tuple(map(str, devices)) if isinstance(devices, list) else said_why(facts, "devices_error", nothing),
        not_loaded=tuple(dict.fromkeys(NOT_LOADED.findall(outcome.stderr))),
        log=tuple(line[:300] for line in outcome.stderr.splitlines() if WORTH.search(line))[-LINES:],
    )


def verdict(outcome: Outcome, facts: dict[str, object]) -> tuple[str, str]:
    """(ok | error | signal | timeout, what happened in words)"""
    if outcome.problem:
        return "timeout" if outcome.problem.startswith(NO_ANSWER) else "error", outcome.problem
    if outcome.signal:
        return "signal", f"killed by {outcome.signal}"
    if "error" in facts:
        return "error", str(facts["error"])
    if "done" not in facts:
        last = [line for line in outcome.stderr.splitlines() if line.strip()][-1:]
        return "error", f"exit status {outcome.code}" + (f": {last[0].strip()[:300]}" if last else "")
    return "ok", ""


def said(facts: dict[str, object], key: str, error: str, nothing: Unknown) -> str | Unknown:
    return str(facts[key]) if key in facts else said_why(facts, error, nothing)


def said_why(facts: dict[str, object], error: str, nothing: Unknown) -> Unknown:
    return Unknown(str(facts[error])) if error in facts else nothing
