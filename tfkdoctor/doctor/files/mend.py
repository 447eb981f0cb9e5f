"""Correct a file's lines until nothing that lines can correct is left, and say it as edits of the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tfkdoctor.doctor.files.changes import Change, Problem
from tfkdoctor.doctor.files.declared import Pin, Setting
from tfkdoctor.doctor.files.write import deletion, insertion, new_words
from tfkdoctor.model import Edit, Severity

ROUNDS = 24
REFUSAL = 10


@dataclass
class Draft:
    """The settings with corrections; `now` maps each original pin to what it says now, None where its line goes."""

    settings: tuple[Setting, ...]
    now: dict[Pin, Pin | None] = field(default_factory=dict)
    added: dict[Pin, list[Pin]] = field(default_factory=dict)  # original pin -> lines beside it
    taken: tuple[Change, ...] = ()

    def apply(self, change: Change) -> Draft | None:
        """The draft with one more correction, None if that changes nothing."""
        origin = next((old for old, new in self.now.items() if new == change.pin), change.pin)
        beside = next((old for old, those in self.added.items() if change.pin in those), None)
        now, added = dict(self.now), {old: list(those) for old, those in self.added.items()}
        if change.add:
            line = replace(
                change.pin,
                name=change.name,
                specifier=change.specifier or "",
                text="",
                extras=(),
                name_at=change.pin.name_at,
            )
            anchor = beside or origin
            if line in added.get(anchor, []):
                return None
            added.setdefault(anchor, []).append(line)
            settings = with_line(self.settings, change.pin, line)
        else:
            new = (
                None
                if change.specifier is None
                else replace(change.pin, name=change.name or change.pin.name, specifier=change.specifier)
            )
            if new == change.pin:
                return None
            if beside:
                added[beside] = [new if one == change.pin else one for one in added[beside] if new or one != change.pin]  # type: ignore[misc]
            else:
                now[origin] = new
            settings = replaced(self.settings, change.pin, new)
        return Draft(settings, now, added, (*self.taken, change))

    def edits(self, texts: dict[str, str]) -> dict[str, list[Edit]]:
        """path -> edits of its text."""
        found: dict[str, list[Edit]] = {}
        for old, new in self.now.items():
            if new is None:
                found.setdefault(old.path, []).append(deletion(texts[old.path], old))
            elif new != old:
                found.setdefault(old.path, []).extend(new_words(texts[old.path], old, new))
        for anchor, lines in self.added.items():
            for line in lines:
                found.setdefault(anchor.path, []).append(insertion(texts[anchor.path], anchor, line))
        return found


def with_line(settings: Sequence[Setting], anchor: Pin, line: Pin) -> tuple[Setting, ...]:
    return tuple(replace(one, pins=(*one.pins, line)) if anchor in one.pins else one for one in settings)


def replaced(settings: Sequence[Setting], old: Pin, new: Pin | None) -> tuple[Setting, ...]:
    return tuple(
        replace(one, pins=tuple(kept for pin in one.pins if (kept := new if pin == old else pin) is not None))
        for one in settings
    )


def mend(settings: tuple[Setting, ...], judge: Callable[[Setting], list[Problem]]) -> tuple[Draft, list[Problem]]:
    """(the corrections; what was found on the way: a refusal hides what is wrong behind it).

    A correction that makes it worse is not taken.
    """
    draft, refused, found = Draft(settings), set[Change](), list[Problem]()
    for _ in range(ROUNDS):
        problems = [problem for setting in draft.settings for problem in judge(setting)]
        found += [one for one in problems if serious(one)] if draft.now or draft.added else []
        change = next((p.change for p in problems if p.change and p.change not in refused and serious(p)), None)
        if change is None:
            break
        after = draft.apply(change)
        if after is None or badness(after, judge) > badness(draft, judge):
            refused.add(change)
            continue
        draft = after
    return draft, found


def serious(problem: Problem) -> bool:
    return problem.severity is not Severity.HINT


def badness(draft: Draft, judge: Callable[[Setting], list[Problem]]) -> int:
    """Errors; a refusal counts for all that it may hide."""
    problems = [one for setting in draft.settings for one in judge(setting)]
    return sum(REFUSAL if one.refusal else 1 for one in problems if one.severity is Severity.ERROR)
