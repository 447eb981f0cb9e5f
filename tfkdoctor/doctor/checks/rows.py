"""The checks as data: `rules/checks/*.toml`, one row per code; the function that looks stands in LOOKS of a module.

A row says what a person is told of a check: how bad it is as a rule, what shows it, where it comes from, the way out,
and how all of this is known. `reads` names the facts without which nothing can be said.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tfkdoctor.doctor.checks.case import Look
from tfkdoctor.doctor.facts import Facts, Unknown
from tfkdoctor.model import Severity


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its row, and the function that looks."""

    code: str
    severity: Severity  # as a rule; a single finding may be milder
    title: str
    symptom: str  # what a person sees or reads in a log; "" where nothing shows
    cause: str
    fix: str
    source: str  # measured (with what), wheel, source, docs, thread: how it is known
    reads: tuple[str, ...]
    look: Look

    def unknown(self, facts: Facts) -> str:
        """Why this check can say nothing, "" if it can: the reason of the first fact that it lacks."""
        return next((reason for name in self.reads if (reason := missing(facts, name))), "")


def missing(facts: Facts, name: str) -> str:
    """The reason why a fact is not known; `host.libc` is a fact within a fact."""
    value: object = facts
    for part in name.split("."):
        value = getattr(value, part)
        if isinstance(value, Unknown):
            return value.reason
    return ""


def read_checks(folder: Path, looks: Mapping[str, Look]) -> tuple[Check, ...]:
    """The rows by code, each with its function; ValueError for a row or a function without the other."""
    rows: list[dict[str, Any]] = []
    for file in sorted(folder.glob("*.toml")):
        rows += tomllib.loads(file.read_text(encoding="utf-8"))["check"]
    codes = sorted(str(row["code"]) for row in rows)
    if codes != sorted(looks):
        odd = sorted(set(codes) ^ set(looks)) or [code for code in codes if codes.count(code) > 1]
        raise ValueError(f"{folder}: {odd[0]} needs one row here and one function in LOOKS")
    return tuple(check(row, looks[row["code"]]) for row in sorted(rows, key=lambda row: str(row["code"])))


def check(row: Mapping[str, Any], look: Look) -> Check:
    """A row with a key too many or too few is a TypeError of this call."""
    return Check(**{**row, "severity": Severity(row["severity"]), "reads": tuple(row["reads"]), "look": look})
