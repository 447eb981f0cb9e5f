"""Level `models`: builds every model that the project can build, fits one batch, saves and reloads.

Findings: TFK024 a model could not be built, fitted, saved or reloaded; TFK025 no model was tried.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tfkdoctor.model import Evidence, Finding, Severity, Span
from tfkdoctor.validate import scratch, tasks, traces
from tfkdoctor.validate.builders import Builder
from tfkdoctor.validate.failures import Failure, failure, own_modules

FAILED, NONE_TRIED, OTHERWISE = "TFK024", "TFK025", "TFK028"
LARGE_MODEL = 600_000_000  # bytes
STAGES = ("build", "fit", "reload")
WEIGHTS = (
    "Build the model with the code that `tfkdoctor migrate` writes, and load the weights: `model.load_weights(path)`."
)
# What to do about a file that nothing loads, by a word of the reason.
FILE_HELP = {
    "Lambda": f"A Lambda layer's code was saved as bytecode of its old Python. {WEIGHTS}",
    "marshal": f"A Lambda layer's code was saved as bytecode of its old Python. {WEIGHTS}",
    "nknown layer": "Pass the class of that layer: `load_model(path, custom_objects={'Name': Name})`.",
    "ould not locate class": "Pass the class of that layer: `load_model(path, custom_objects={'Name': Name})`.",
}
KERAS_1_HELP = (
    f"Keras 1 wrote it, whose words Keras 3 does not know. {WEIGHTS} "
    "Where it holds an LSTM or a GRU, whose gates Keras 1 kept apart, let Keras 2.2.5 join them first: there "
    "`model.load_weights(path); model.save_weights(new)`, in an environment that "
    "`tfkdoctor verify --make-legacy-env DIR --source keras==2.2.5 .` builds."
)


@dataclass(frozen=True, slots=True)
class ModelRow:
    """What became of one builder: how many models it gave, how far they came, and why no further."""

    builder: Builder
    models: int = 0
    fitted: int = 0
    reloaded: int = 0
    skipped: str = ""
    failed: Failure | None = None
    note: str = ""
    written_by: str = ""  # of a file: the version of Keras
    otherwise: str = ""  # of a file: why it loads with the support code's load_model alone

    @property
    def ok(self) -> bool:
        return self.failed is None


@dataclass(frozen=True, slots=True)
class ModelsResult:
    rows: tuple[ModelRow, ...]
    python: str
    seconds: float

    @property
    def built(self) -> int:
        """How many builders, not files, gave a model."""
        return sum(1 for row in self.rows if row.models)

    @property
    def skipped(self) -> int:
        return sum(1 for row in self.rows if row.skipped)

    def findings(self) -> tuple[Finding, ...]:
        alike: dict[tuple[str, str], list[ModelRow]] = {}
        for row in self.rows:
            if row.failed is not None:  # one line of the project often fails for many builders
                place = row.failed.told if row.failed.path else row.builder.name
                alike.setdefault((row.failed.stage, place), []).append(row)
        found = [
            model_finding(rows[0], rows[0].failed, self.python, len(rows) - 1)
            for rows in alike.values()
            if rows[0].failed
        ]
        found += [otherwise_finding(row) for row in self.rows if row.otherwise]
        if not self.built and not found:
            what = f"none of {len(self.rows)} could be built" if self.rows else "nothing that builds a model was found"
            help_text = (
                'Say how to call one: [tool.tfkdoctor.smoke] "model.py:build" = {classes = 10} in pyproject.toml.'
            )
            found.append(Finding(NONE_TRIED, f"no model was tried: {what}", Severity.WARNING, help=help_text))
        return tuple(found)


def otherwise_finding(row: ModelRow) -> Finding:
    """Loading this file takes the support code; where the project calls it already, that is a hint."""
    return Finding(
        OTHERWISE,
        f"this file loads with the support code's load_model, and not with keras.models.load_model: {row.otherwise}",
        Severity.HINT,
        row.builder.path,
        help="Write `from tf_legacy import load_model` where it is loaded (`tfkdoctor migrate --write` does so for "
        "each `keras.models.load_model`), or save it anew in its old environment as weights and load those.",
    )


def model_finding(row: ModelRow, failed: Failure, python: str, others: int = 0) -> Finding:
    """The failure of a builder, and of `others` that fail at the same place."""
    if row.builder.kind == "file":
        return file_finding(row, failed, python)
    line = failed.line if failed.path == row.builder.path and failed.line else row.builder.line
    at = f" ({failed.path}:{failed.line})" if failed.path and failed.path != row.builder.path else ""
    name = row.builder.attribute or "the model of this module"
    fails = f"{name} and {others} more fail" if others else f"{name} fails"
    return Finding(
        FAILED,
        f"{fails} in stage “{failed.stage}”: {failed.error}{at}",
        Severity.ERROR,
        row.builder.path,
        Span(line, 1, line, 1),
        evidence=(Evidence("interpreter", python, "--python"),),
    )


def file_finding(row: ModelRow, failed: Failure, python: str) -> Finding:
    """A model file that nothing loads, and what to do about the reason."""
    known = (text for word, text in FILE_HELP.items() if word in failed.error)
    help_text = KERAS_1_HELP if row.written_by.startswith("1") else next(known, WEIGHTS)
    evidence = (Evidence("interpreter", python, "--python"),)
    message = f"this model file does not load: {failed.error}"
    return Finding(FAILED, message, Severity.ERROR, row.builder.path, help=help_text, evidence=evidence)


def try_models(
    root: Path, builders: Sequence[Builder], python: str, folder: Path, paths: Sequence[str], timeout: float = 600
) -> ModelsResult:
    """Try all builders in one child; where it dies or hangs, the rest goes on in another one."""
    started = time.monotonic()
    rows: dict[str, ModelRow] = {b.name: ModelRow(b, skipped=b.skipped) for b in builders}
    waiting = [builder for builder in builders if not builder.skipped]
    attempt = 0
    while waiting:
        attempt += 1
        ended = tasks.run(python, request(root, waiting, "try"), root, folder / f"models{attempt}", timeout)
        begun = [str(event["builder"]) for event in ended.events if event["event"] == "begin"]
        for builder in waiting:
            mine = [event for event in ended.events if event.get("builder") == builder.name]
            if mine:
                rows[builder.name] = row_of(builder, mine, root, own_modules(paths), ended)
        left = [builder for builder in waiting if builder.name not in begun]
        if not begun:  # it died before the first
            for builder in waiting:
                rows[builder.name] = ModelRow(builder, failed=Failure(ended.death or "it did nothing", "", 0, "start"))
            break
        waiting = left if ended.death else []
    return ModelsResult(tuple(rows.values()), python, time.monotonic() - started)


def request(root: Path, builders: Sequence[Builder], purpose: str) -> dict[str, object]:
    return {
        "task": "build",
        "purpose": purpose,
        "root": str(root),
        "builders": [builder.request() | {"place": 0} for builder in builders],
        "packages": ["tensorflow.keras"],
        "peer": None,
        "seed": 0,
    }


def row_of(
    builder: Builder, events: list[traces.Event], root: Path, modules: frozenset[str], ended: tasks.Ended
) -> ModelRow:
    names = [str(event["event"]) for event in events]
    models = traces.first(events, "built").get("models", 0)
    count = models if isinstance(models, int) else 0
    note = "; ".join(f"not fitted: {event['reason']}" for event in events if event["event"] == "skipped")
    told = str(traces.first(events, "otherwise").get("reason", "")) if count else ""
    row = ModelRow(builder, count, names.count("fitted"), names.count("reloaded"), note=note, otherwise=told)
    row = replace(row, written_by=str(traces.first(events, "file").get("keras", "")))
    broke = traces.first(events, "broke")
    if "end" not in names:
        stage = STAGES[min(len(STAGES) - 1, (row.models > 0) + (row.fitted > 0))]
        row = replace(row, otherwise="")
        return with_failure(row, Failure(ended.death, "", 0, stage), "")
    if not broke:
        return row if count else with_failure(row, None, "it gave back no model")
    failed = failure(broke, root, modules)
    return with_failure(row, None if allowed(broke, failed) else failed, failed.outside or allowed(broke, failed))


def with_failure(row: ModelRow, failed: Failure | None, why: str) -> ModelRow:
    """The row with its failure, or with the reason why it came no further: a note beside a model, else a skip."""
    if failed is not None:
        return replace(row, failed=failed)
    return replace(row, note=row.note or why) if row.models else replace(row, skipped=why)


def allowed(broke: traces.Event, failed: Failure) -> str:
    """Why a failure says nothing of the migration, where it does not; "" where it may."""
    if failed.outside:
        return failed.outside
    if failed.stage in ("save", "reload") and broke["type"] == "NotImplementedError":
        return f"not saved: {failed.error}"
    if failed.stage == "shapes":
        return f"not fitted: {failed.error}"
    return ""


def model_files(root: Path, modules: Sequence[str], support: Path | None) -> Iterator[Builder]:
    """The saved models of a project as builders: whole ones, since weights alone say nothing without their model."""
    for folder, names, files in os.walk(root):
        names[:] = sorted(set(names) - scratch.unneeded(folder, names))
        for name in sorted(files):
            path = Path(folder) / name
            if path.suffix in (".h5", ".hdf5", ".keras") and path.stat().st_size < LARGE_MODEL:
                place = path.relative_to(root).as_posix()
                whole = path.suffix == ".keras" or b"model_config" in path.read_bytes()
                extra = {"support": str(support) if support else "", "modules": list(modules)}
                why = "" if whole else "weights alone: they load into the model that they were saved from"
                yield Builder(place, "file", place, 1, ".", "", "", reason=why, extra=extra)


def smoke_arguments(table: object) -> dict[str, Mapping[str, object]]:
    """`[tool.tfkdoctor.smoke]`: builder -> keyword arguments."""
    if not isinstance(table, dict):
        return {}
    return {str(name): value for name, value in table.items() if isinstance(value, dict)}
