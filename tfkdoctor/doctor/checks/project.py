"""Checks of what stands around a program: PR."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from tfkdoctor.doctor.checks.case import Case, Found, Look
from tfkdoctor.doctor.facts import Shadow, Unknown
from tfkdoctor.model import Evidence, Severity


def shadowed(case: Case) -> Iterator[Found]:
    shadows = () if isinstance(case.facts.shadows, Unknown) else case.facts.shadows
    for one in shadows:
        yield Found(
            f"{Path(one.path).name} in {Path(one.path).parent} hides {one.hides}"
            + ("" if one.hides.startswith("the inst") else f" ({one.module})")
            + " from every program that is started there",
            f"rename it, and every import of it: {renamed(one)}",
            (Evidence("module", one.module, one.path),),
            None if one.hides.startswith("the installed") else Severity.WARNING,
        )


def renamed(one: Shadow) -> str:
    """The command that gives a module another name, and takes its compiled files away."""
    path = Path(one.path)
    mine = shlex.quote(str(path.with_stem(f"my_{path.stem}")))
    rest = f" && rm -f {shlex.quote(str(path.parent / '__pycache__'))}/{path.stem}.*" if path.suffix == ".py" else ""
    return f"mv {shlex.quote(one.path)} {mine}{rest}"


LOOKS: dict[str, Look] = {
    "PR001": shadowed,
}
