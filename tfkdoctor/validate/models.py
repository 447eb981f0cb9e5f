"""Level `models`: builds every model that the project can build, fits one batch, saves and reloads.

Findings: TFK024 a model could not be built, fitted, saved or reloaded; TFK025 no model was tried.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tfkdoctor.model import Evidence, Finding, Severity, Span
from tfkdoctor.validate import tasks, traces
from tfkdoctor.validate.builders import Builder
from tfkdoctor.validate.failures import Failure, failure, own_modules

FAILED, NONE_TRIED = "TFK024", "TFK025"
STAGES = ("build", "fit", "reload")
GUESSED = (
    "InvalidArgumentError",
    "ValueError",
)  # what labels of another form than a loss of the project's own wants raise


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
        return sum(1 for row in self.rows if row.models)

    @property
    def skipped(self) -> int:
        return sum(1 for row in self.rows if row.skipped)

    def findings(self) -> tuple[Finding, ...]:
        found = [model_finding(row, row.failed, self.python) for row in self.rows if row.failed is not None]
        if not self.built and not found:
            what = f"none of {len(self.rows)} could be built" if self.rows else "nothing that builds a model was found"
            help_text = (
                'Say how to call one: [tool.tfkdoctor.smoke] "model.py:build" = {classes = 10} in pyproject.toml.'
            )
            found.append(Finding(NONE_TRIED, f"no model was tried: {what}", Severity.WARNING, help=help_text))
        return tuple(found)


def model_finding(row: ModelRow, failed: Failure, python: str) -> Finding:
    line = failed.line if failed.path == row.builder.path and failed.line else row.builder.line
    at = f" ({failed.path}:{failed.line})" if failed.path and failed.path != row.builder.path else ""
    return Finding(
        FAILED,
        f"{row.builder.attribute or 'the model of this module'} fails in stage “{failed.stage}”: {failed.error}{at}",
        Severity.ERROR,
        row.builder.path,
        Span(line, 1, line, 1),
        evidence=(Evidence("interpreter", python, "--python"),),
    )


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
    row = ModelRow(builder, count, names.count("fitted"), names.count("reloaded"), note=note)
    broke = traces.first(events, "broke")
    if "end" not in names:
        stage = STAGES[min(len(STAGES) - 1, (row.models > 0) + (row.fitted > 0))]
        return with_failure(row, Failure(ended.death, "", 0, stage), "")
    if not broke:
        return row if count else with_failure(row, None, "it gave back no model")
    failed = failure(broke, root, modules)
    return with_failure(row, None if allowed(broke, failed) else failed, failed.outside or allowed(broke, failed))


def with_failure(row: ModelRow, failed: Failure | None, why: str) -> ModelRow:
    if row.models and failed is None:
        return ModelRow(row.builder, row.models, row.fitted, row.reloaded, note=row.note or why)
    if failed is not None and failed.outside:
        failed = None
    return ModelRow(
        row.builder, row.models, row.fitted, row.reloaded, "" if failed or row.models else why, failed, row.note
    )


def allowed(broke: traces.Event, failed: Failure) -> str:
    """Why a failure says nothing of the migration, where it does not; "" where it may."""
    if failed.outside:
        return failed.outside
    if failed.stage in ("save", "reload") and broke["type"] == "NotImplementedError":
        return f"not saved: {failed.error}"
    if failed.stage == "shapes":
        return f"not fitted: {failed.error}"
    return ""


def smoke_arguments(table: object) -> dict[str, Mapping[str, object]]:
    """`[tool.tfkdoctor.smoke]`: builder -> keyword arguments."""
    if not isinstance(table, dict):
        return {}
    return {str(name): value for name, value in table.items() if isinstance(value, dict)}
