"""What two programs did with their models, from the journals of both: equal, or where they part.

The old side only writes down; the new side has compared arrays already (`held`, `differs`, `moved`). Here the losses
of the training steps are compared, and everything is put in the order in which a person wants to know it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

Event = dict[str, object]

STILL, FAR = 0.01, 0.5  # the share of a movement below which weights stand still, and of two movements that differ
NOTHING = 1e-6  # a movement that is none
OF_PROGRAM = ("graph", "eager")  # the kinds of what has trainable variables and no models


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not equal. `what`: structure, weights, start, inputs, layer, step, moved, printed."""

    what: str
    where: str
    old: str
    new: str

    def told(self) -> str:
        return f"{self.where}: {self.old} before, {self.new} now"


@dataclass(frozen=True, slots=True)
class ModelAccount:
    """One model: how many layers' outputs and steps' losses were compared, and the largest difference among them."""

    number: int
    label: str
    layers: int
    apart: float
    apart_in: str
    steps: int
    step_apart: float
    differences: tuple[Difference, ...]
    unseen: str = ""  # why the layers could not be compared
    variables: int = 0  # of a program without Keras: how many were compared at its end
    alone: tuple[str, ...] = ()  # its variables that have no partner in the migrated program


def read(journal: Path) -> list[Event]:
    """The events; the last line may be cut off."""
    found: list[Event] = []
    if not journal.exists():
        return found
    for line in journal.read_text("utf-8", "replace").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            break
    return found


def first(events: Iterable[Event], name: str) -> Event:
    return next((event for event in events if event.get("event") == name), {})


def accounts(old: list[Event], new: list[Event], tolerance: float) -> tuple[ModelAccount, ...]:
    """One account for each model, in the order in which the programs use them."""
    numbers = sorted({number for event in [*old, *new] if isinstance(number := event.get("model"), int)})
    return tuple(account(number, old, new, tolerance) for number in numbers)


def account(number: int, old: list[Event], new: list[Event], tolerance: float) -> ModelAccount:
    mine = [event for event in new if event.get("model") == number]
    theirs = [event for event in old if event.get("model") == number]
    head = first(mine, "model") or first(theirs, "model")
    label = f"{head.get('label') or 'model ' + str(number)} ({head.get('kind', 'unknown')})"
    of_program = head.get("kind") in OF_PROGRAM
    noun = "variable" if of_program else "layer"
    held = [event for event in mine if event["event"] == "held" and event["what"] == noun]
    worst = max(held, key=lambda event: relative(event), default={})
    a, b = losses(theirs), losses(mine)
    if any(event["running"] for event in steps(mine)) and not any(event["running"] for event in steps(theirs)):
        a = list(running(steps(theirs), steps(mine)))
    apart, step = compared(a, b, tolerance)
    differences = [*of_arrays(label, mine, noun), *([step_difference(label, a, b, step)] if step is not None else [])]
    differences += of_movement(label, mine, noun)
    unseen = str((first(mine, "unseen") or first(theirs, "unseen")).get("error", ""))
    if of_program and not held:
        unseen = "none of them was found in the migrated program"
    elif not first(mine, "model") and first(theirs, "model"):
        differences.append(Difference("structure", label, "a model", "no such model"))
    return ModelAccount(
        number,
        label,
        0 if of_program else len(held),
        relative(worst) if worst else 0.0,
        str(worst.get("layer", "")),
        min(len(a), len(b)),
        apart,
        tuple(differences),
        unseen,
        len(held) if of_program else 0,
        tuple(str(event["name"]) for event in mine if event["event"] == "alone"),
    )


def relative(event: Event) -> float:
    """The largest difference of two arrays as a share of the largest number."""
    return real(event["apart"]) / max(real(event["scale"]), 1e-12)


def real(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def steps(events: list[Event]) -> list[Event]:
    return [event for event in events if event["event"] == "step"]


def losses(events: list[Event]) -> list[float]:
    return [real(event["loss"]) for event in steps(events)]


def running(theirs: list[Event], mine: list[Event]) -> Iterator[float]:
    """The old losses as means over the epoch so far, where the new side tells those."""
    total = weight = 0.0
    for place, event in enumerate(theirs):
        if place < len(mine) and not mine[place]["running"]:
            yield real(event["loss"])
            continue
        if event["batch"] in (0, None):
            total = weight = 0.0
        size = real(event["size"]) or 1.0
        total, weight = total + size * real(event["loss"]), weight + size
        yield total / weight


def compared(old: list[float], new: list[float], tolerance: float) -> tuple[float, int | None]:
    """The largest difference of two losses as a share, and the first step at which they are not equal."""
    worst, at = 0.0, None
    for place, (a, b) in enumerate(zip(old, new, strict=False)):
        if a == b or (a != a and b != b):
            continue
        share = abs(a - b) / max(abs(a), 1e-12)
        worst = max(worst, share) if share == share else float("inf")
        if at is None and not abs(a - b) <= tolerance * abs(a) + tolerance / 100:
            at = place
    if at is None and len(old) != len(new):
        at = min(len(old), len(new))
    return worst, at


def step_difference(label: str, old: list[float], new: list[float], step: int) -> Difference:
    if step >= min(len(old), len(new)):
        return Difference("step", label, f"{len(old)} training steps", str(len(new)))
    where = f"{label}, loss of training step {step + 1}"
    return Difference("step", where, f"{old[step]:.7g}", f"{new[step]:.7g}")


def of_arrays(label: str, mine: list[Event], noun: str = "layer") -> Iterator[Difference]:
    for event in mine:
        if event["event"] == "differs":
            layer = event.get("layer")
            where = f"{label}, {event['what']}" if not layer else f"{label}, {noun} {named(event)}"
            if event["what"] in ("weights", "start"):
                where += ", shapes of its weights" if event["what"] == "weights" else ", initial weights"
            if event["what"] == "layer":
                where += ", shape of its output"
            yield Difference(str(event["what"]), where, str(event["old"]), str(event["new"]))
    failed = [event for event in mine if event["event"] == "held" and not event["ok"]]
    for event in failed[:1]:
        what = "output" if event["what"] == "layer" else "value"
        subject = f"{noun} {named(event)}" if event["what"] == noun else str(event["layer"])
        where = f"{label}, {subject}, {what} {event['at']}"
        yield Difference(str(event["what"]), where, f"{real(event['old']):.7g}", f"{real(event['new']):.7g}")


def of_movement(label: str, mine: list[Event], noun: str = "layer") -> Iterator[Difference]:
    """Weights that one side trains and the other does not, or about twice as far."""
    for event in mine:
        if event["event"] != "moved":
            continue
        old, new = real(event["old"]), real(event["new"])
        small, large = sorted((old, new))
        if large > NOTHING and small < (1 - FAR) * large:
            of_what = "values" if noun == "variable" else "weights"
            where = f"{label}, {noun} {named(event)}, way of its {of_what} in training"
            still = small < STILL * large
            told = [("none" if still and one == small else f"{one:.3g}") for one in (old, new)]
            yield Difference("moved", where, *told)


def named(event: Event) -> str:
    old, new = str(event.get("layer", "")), str(event.get("other", ""))
    return old if not new or new == old else f"{old} (now {new})"
