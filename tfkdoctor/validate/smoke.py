"""Builds and fits a small CNN in another interpreter, and says which stage failed, however the process ended.

Findings: TFK020 a stage ran and failed (`smoke-stage`), TFK021 the process died or hung in a stage (`smoke-died`).
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tfkdoctor.model import Evidence, Finding, Severity
from tfkdoctor.validate import child
from tfkdoctor.validate.imports import ImportStyle

SCRIPT = Path(__file__).with_name("smoke_script.py")
LAST_WORDS = 100_000  # bytes of standard error that are looked at
STARTING, ENDING = "start", "exit"  # before the first stage and after the last one

HELP = {
    STARTING: "Name an interpreter with --python; the smoke test runs on Python 3.6 or newer.",
    "import": "`tfkdoctor check --deep` says what is wrong with this installation.",
    "project imports": "The migrated project's own imports do not work there: is this the target's TensorFlow?",
    "devices": "`tfkdoctor check --deep` lists the devices and what keeps one from being used.",
    "save": "Saving needs a whole h5py and a writable folder for temporary files.",
    "reload": "Loading needs the h5py that saving used.",
    "HDF5": "It needs a whole h5py; `.keras` files work without HDF5 underneath.",
    "TFLite": "Training and saving do not need it; the converter is part of TensorFlow, ai-edge-litert succeeds it.",
    "tf.distribute": "One device works; with several, NCCL and the driver must fit: `tfkdoctor check --deep`.",
    "project API": "These are the target's own: install what the message misses, or give the name other arguments.",
    "mixed precision": "float16 needs a GPU of compute capability 7.0 or more, and the cuDNN of TensorFlow's build.",
}
SIGNAL_HELP = {
    "SIGKILL": "The kernel kills what takes too much memory: `dmesg | tail` tells.",
    "SIGILL": "Official TensorFlow builds from 1.6 on need a CPU with AVX.",
}


@dataclass(frozen=True, slots=True)
class SmokeRow:
    """One stage on one device (empty: of all); seconds it took, and what it saw or why it failed."""

    stage: str
    device: str
    ok: bool
    seconds: float
    detail: str
    died: bool = False  # the process ended, or hung, in this stage


@dataclass(frozen=True, slots=True)
class StepTime:
    """Seconds for one training step of 32 pictures, in the last epoch."""

    device: str
    seconds: float


@dataclass(frozen=True, slots=True)
class SmokeResult:
    """What became of every stage; versions are empty where TensorFlow could not be imported."""

    python: str
    python_version: str
    tensorflow: str
    keras: str
    rows: tuple[SmokeRow, ...]
    steps: tuple[StepTime, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        return all(row.ok for row in self.rows)

    def findings(self) -> tuple[Finding, ...]:
        """One finding for each failing stage."""
        return tuple(self._finding(row) for row in self.rows if not row.ok)

    def _finding(self, row: SmokeRow) -> Finding:
        on = f" on {row.device}" if row.device else ""
        evidence = [Evidence("interpreter", self.python, "--python"), Evidence("stage", row.stage + on, SCRIPT.name)]
        if self.tensorflow:
            evidence.append(Evidence("tensorflow", self.tensorflow, "tensorflow.__version__"))
        signals = (text for name, text in SIGNAL_HELP.items() if row.died and name in row.detail)
        return Finding(
            code="TFK021" if row.died else "TFK020",
            message=f"smoke test: stage “{row.stage}” failed{on}: {row.detail}",
            # All stages passed, and then the interpreter did not end well: a person must look.
            severity=Severity.WARNING if row.stage == ENDING else Severity.ERROR,
            help=next(signals, "") or HELP.get(row.stage, ""),
            evidence=tuple(evidence),
        )


def smoke(
    python: str,
    *,
    device: str | None = None,
    imports: ImportStyle | None = None,
    timeout: float = 300,
    full: bool = False,
) -> SmokeResult:
    """Run the smoke test in the interpreter `python`; never raises for what that interpreter does.

    `device` is `cpu`, `gpu`, `gpu:1` or None for every visible one; `imports` is tried first, after TensorFlow itself;
    `timeout` is in seconds, for the whole test; `full` adds the stages of `smoke_more.py`.
    """
    style = imports or ImportStyle()
    started = time.monotonic()
    # Whatever the test leaves running may still write there.
    with tempfile.TemporaryDirectory(prefix="tfkdoctor-smoke-", ignore_cleanup_errors=True) as folder:
        journal, errors, asked = (Path(folder) / name for name in ("journal.jsonl", "stderr.txt", "request.json"))
        request = {"out": str(journal), "folder": folder, "device": device, "full": full, **asdict(style)}
        asked.write_text(json.dumps(request), "utf-8")
        # The child starts in `folder`, so a path that is relative to where we are would lead nowhere.
        interpreter = str(Path(python).absolute()) if Path(python).name != python else python
        end = child.run([interpreter, str(SCRIPT), str(asked)], Path(folder), errors, timeout)
        events = list(_events(journal))
        said = errors.read_bytes()[-LAST_WORDS:].decode("utf-8", "replace") if errors.exists() else ""
    return _result(python, events, end, said, time.monotonic() - started)


def _events(journal: Path) -> Iterator[dict[str, object]]:
    """The events of the journal; its last line may be cut off."""
    if not journal.exists():
        return
    for line in journal.read_text("utf-8", "replace").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            return


def _result(python: str, events: list[dict[str, object]], end: child.End, said: str, seconds: float) -> SmokeResult:
    rows: list[SmokeRow] = []
    steps: list[StepTime] = []
    facts = {"python": "", "tensorflow": "", "keras": ""}
    unfinished: tuple[str, str] | None = (STARTING, "")
    done = False
    for event in events:
        stage, device = str(event.get("stage", "")), str(event.get("device", ""))
        match event["event"]:
            case "start" | "versions":
                facts |= {name: str(event[name]) for name in facts if name in event}
                unfinished = None if event["event"] == "start" else unfinished
            case "begin":
                unfinished = stage, device
            case "end":
                unfinished = None
                rows.append(SmokeRow(stage, device, bool(event["ok"]), _float(event["seconds"]), str(event["detail"])))
            case "step":
                steps.append(StepTime(device, _float(event["seconds"])))
            case "done":
                done = True
    if end.status != 0 or not done:
        stage, device = unfinished or (ENDING, "")
        spent = max(0.0, seconds - sum(row.seconds for row in rows))
        rows.append(SmokeRow(stage, device, False, spent, end.told(said), died=True))
    return SmokeResult(python, facts["python"], facts["tensorflow"], facts["keras"], tuple(rows), tuple(steps), seconds)


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
