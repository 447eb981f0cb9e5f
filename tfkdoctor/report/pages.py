"""What the HTML report of each command shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tfkdoctor.model import Finding, MigrationRun, Severity
from tfkdoctor.report.html import Command, Page, Table, spoken
from tfkdoctor.report.text import count
from tfkdoctor.report.verdict import Verdict

if TYPE_CHECKING:
    from tfkdoctor.doctor.cluster import Cluster
    from tfkdoctor.doctor.examine import Advice, CheckRun
    from tfkdoctor.doctor.facts import Facts
    from tfkdoctor.doctor.files.examine import FileReport
    from tfkdoctor.validate.smoke import SmokeResult


def check_page(run: CheckRun, smoke: SmokeResult | None) -> Page:
    """One environment: what is wrong, the command that mends it, what is in it."""
    from tfkdoctor.doctor.facts import headline

    findings = ranked(run.findings + (smoke.findings() if smoke else ()))
    return Page(
        title=f"{environment_name(run.facts.patient.python)} · tfkdoctor check",
        verdict=spoken(findings, "This environment is well"),
        about=(*headline(run.facts), f"{count(run.checked, 'check')}, {run.seconds:.1f} s"),
        findings=findings,
        commands=tuple(commands(run.advice)),
        tables=tuple(table for table in (*fact_tables(run.facts), *smoke_tables(smoke)) if table.rows),
    )


def environment_name(python: str) -> str:
    """What a person calls an environment: its folder."""
    parts = python.replace("\\", "/").split("/")
    return parts[-3] if len(parts) > 3 and parts[-2] in ("bin", "Scripts") and parts[-3] else parts[-1]


def ranked(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The worst first."""
    order = list(Severity)
    return tuple(sorted(findings, key=lambda finding: order.index(finding.severity)))


def commands(advice: Advice | None) -> list[Command]:
    if advice is None:
        return []
    told = [Command(advice.heading, advice.command, tuple(filter(None, (advice.why, *advice.changes))))]
    if advice.alternative is not None:
        other = advice.alternative
        told.append(Command("Or, with the newest versions", other.command, tuple(filter(None, (other.why,)))))
    return told


def fact_tables(facts: Facts) -> list[Table]:
    from tfkdoctor.doctor.facts import Unknown

    tables = []
    if not isinstance(facts.gpus, Unknown):
        rows = tuple((g.name, g.capability, f"{g.used} of {g.memory} MiB used", g.uuid) for g in facts.gpus)
        tables.append(Table("GPUs", ("", "compute capability", "memory", "id"), rows))
    if not isinstance(facts.libraries, Unknown):
        rows = tuple((one.soname, one.path or "not found", one.found_by, one.version) for one in facts.libraries)
        tables.append(Table("CUDA libraries that this TensorFlow opens", ("", "file", "found by", "version"), rows))
    if not isinstance(facts.distributions, Unknown):
        wanted = [one for one in facts.distributions if matters(one.name)]
        rows = tuple((one.name, one.version, one.installer, one.location) for one in wanted)
        tables.append(Table("Distributions that matter", ("", "version", "installed by", "where"), rows))
    if not isinstance(facts.interpreter, Unknown):
        shown = {k: v for k, v in facts.interpreter.environment.items() if k not in ("HOME", "USERPROFILE")}
        tables.append(Table("Variables", (), tuple(sorted(shown.items()))))
    return tables


def matters(name: str) -> bool:
    return name.startswith(("tensorflow", "tf-", "keras", "tensorboard", "nvidia-", "ml-dtypes")) or name in (
        *("numpy", "protobuf", "h5py", "setuptools", "pip", "jax", "torch", "wrapt", "typing-extensions"),
    )


def smoke_tables(smoke: SmokeResult | None) -> list[Table]:
    if smoke is None:
        return []
    rows = tuple(
        (row.stage, row.device, "passed" if row.ok else "failed", f"{row.seconds:.2f} s", row.detail)
        for row in smoke.rows
    )
    return [Table("Smoke test", ("stage", "device", "", "time", ""), rows)]


def cluster_page(cluster: Cluster, runs: Sequence[CheckRun]) -> Page:
    """Several machines: what differs, then the findings of each with its name."""
    from dataclasses import replace

    names = [node.name for node in cluster.nodes]
    each = tuple(
        replace(finding, message=f"{name}: {finding.message}")
        for name, run in zip(names, runs, strict=True)
        for finding in run.findings
    )
    findings = ranked((*cluster.findings, *each))
    groups = cluster.groups()
    rows = tuple((one.subject.title, *(one.values[group[0]] for group in groups)) for one in cluster.differences)
    heads = ("", *(", ".join(names[at] for at in group) for group in groups))
    return Page(
        title=f"{count(len(names), 'machine')} · tfkdoctor check",
        verdict=spoken(findings, "These machines fit together"),
        about=(", ".join(names), f"{cluster.compared} things compared"),
        findings=findings,
        first=(Table("What differs", heads, rows),) if rows else (),
    )


def files_page(reports: Sequence[FileReport], findings: Sequence[Finding]) -> Page:
    """Dependency files: what an installer would bring, what is wrong with that, and the corrected lines."""
    from tfkdoctor.report.files import diffs_of

    names = ", ".join(report.path for report in reports)
    rows = tuple(
        (report.path, one.where, ", ".join(f"{name} {version}" for name, version in one.versions.items()) or "nothing")
        for report in reports
        for one in report.outlooks
    )
    return Page(
        title=f"{names} · tfkdoctor check",
        verdict=spoken(findings, "An installer brings a set that works"),
        about=(names,),
        findings=ranked(tuple(findings)),
        tables=(Table("What an installer would bring today", ("", "for", "versions"), rows),) if rows else (),
        diffs=tuple(diff for report in reports for diff in diffs_of(report)),
    )


def migration_page(run: MigrationRun, verdict: Verdict, diffs: Sequence[str], smoke: SmokeResult | None) -> Page:
    """A migration: what is left to a person, what is mended, and each file's diff."""
    changed = len(verdict.pending or verdict.written)
    word = "would change" if verdict.pending else "changed"
    keras = " with tf_keras" if run.target.keras else ""
    return Page(
        title=f"{Path(run.root).name} · tfkdoctor migrate",
        verdict=spoken(verdict.remaining, "Nothing is left to a person" if changed else "Nothing legacy found"),
        about=(
            f"from keras {run.origin.keras}, tensorflow {run.origin.tensorflow} ({run.origin.reason})",
            f"to {run.target.spec}{keras} ({run.target.reason})",
            f"{count(run.scanned, 'file')} scanned, {count(changed, 'file')} {word}, {run.seconds:.1f} s",
        ),
        findings=ranked(verdict.remaining),
        mended=verdict.mended,
        commands=(Command("Apply it", "tfkdoctor migrate --write"),) if verdict.pending else (),
        tables=tuple(table for table in smoke_tables(smoke) if table.rows),
        diffs=tuple(diffs),
    )
