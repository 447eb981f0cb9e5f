"""Checks of what stands around a program: PR."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tfkdoctor.doctor.checks.case import Case, Found, Look
from tfkdoctor.doctor.facts import Unknown
from tfkdoctor.model import Evidence, Severity


def shadowed(case: Case) -> Iterator[Found]:
    shadows = () if isinstance(case.facts.shadows, Unknown) else case.facts.shadows
    for one in shadows:
        yield Found(
            f"{Path(one.path).name} in {Path(one.path).parent} hides {one.hides}"
            + ("" if one.hides.startswith("the inst") else f" ({one.module})")
            + " from every program that is started there",
            f"rename it and delete its __pycache__: {one.path}",
            (Evidence("module", one.module, one.path),),
            None if one.hides.startswith("the installed") else Severity.WARNING,
        )


LOOKS: dict[str, Look] = {
    "PR001": shadowed,
}
