"""The models of a project on both sides: each builder is called in both interpreters, on random data of its shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tfkdoctor.validate import scratch, scripts, traces
from tfkdoctor.validate.builders import Builder, find_builders
from tfkdoctor.validate.failures import failure
from tfkdoctor.validate.scripts import Account, Options, Side
from tfkdoctor.validate.traces import Difference, Event, ModelAccount

MODELS = "models"
ORIGINAL_FAILS = "the original fails there"


def compare_models(
    old: Side, new: Side, folder: Path, options: Options, calls: Mapping[str, Mapping[str, object]]
) -> Account:
    """Build every model in both projects; the same weights, inputs and labels, layer by layer and step by step."""
    builders = find_builders(dict(scratch.sources(new.project)), calls)
    usable = {
        place: one for place, one in enumerate(builders) if not one.skipped and (old.project / one.path).is_file()
    }
    before = scripts.run(old, task(usable, old), folder / "models-old", None, options)
    notes = [f"{one.name}: {one.skipped}" for one in builders if one.skipped]
    if before.trouble or not usable:
        return Account(MODELS, before, None, notes=tuple(notes))
    failed_before = broken(before.events, old)
    notes += [f"{name}: {ORIGINAL_FAILS}: {error}" for name, error in failed_before.items()]
    usable = {place: one for place, one in usable.items() if one.name not in failed_before}
    after = scripts.run(new, task(usable, new), folder / "models-new", folder / "models-old", options)
    models = list(traces.accounts(before.events, after.events, options.tolerance))
    models = [model for model in models if not any(model.label.startswith(name) for name in failed_before)]
    for name, error in broken(after.events, new).items():
        models = with_difference(
            models, name, Difference("build", name, "it is built and trained", f"it fails: {error}")
        )
    return Account(MODELS, before, after, tuple(models), notes=tuple(notes))


def task(usable: Mapping[int, Builder], side: Side) -> dict[str, object]:
    return {
        "task": "build",
        "purpose": "compare",
        "root": str(side.project),
        "builders": [one.request() | {"place": place} for place, one in usable.items()],
    }


def broken(events: list[Event], side: Side) -> dict[str, str]:
    """Builder -> why it failed."""
    return {
        str(event["builder"]): failure(event, side.project, ()).told for event in events if event["event"] == "broke"
    }


def with_difference(models: list[ModelAccount], name: str, difference: Difference) -> list[ModelAccount]:
    for place, model in enumerate(models):
        if model.label.startswith(name):
            models[place] = replace(model, differences=(*model.differences, difference))
            return models
    return [*models, ModelAccount(0, name, 0, 0.0, "", 0, 0.0, (difference,))]
