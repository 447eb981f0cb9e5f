"""The reports of `check` and `smoke` for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfkdoctor.model import Finding
from tfkdoctor.report.style import Style
from tfkdoctor.report.text import Show, count, counts, finding_lines, labelled, worst_mark
from tfkdoctor.report.verdict import fails

if TYPE_CHECKING:
    from tfkdoctor.doctor.examine import Advice, CheckRun
    from tfkdoctor.validate.smoke import SmokeResult


def check_report(run: CheckRun, head: tuple[str, ...], style: Style, show: Show) -> list[str]:
    """Which interpreter and why, what is in it, each finding with what was seen, and one command that mends all."""
    told = shown(run.findings, show)
    lines: list[str] = []
    if told or not show.quiet:
        lines.append(style.paint(head[0], "bold"))
        lines += [""] if show.quiet else [*head[1:], ""]
    for finding in told:
        lines += [*finding_lines(finding, style, show), ""]
    if run.advice is not None:
        lines += [*advice_lines(run.advice, style), ""]
    if show.verbose and not show.quiet:
        lines += [*quiet_lines(run, style), ""]
    if not show.quiet:
        said = f"{count(run.checked, 'check')}: {counts(run.findings)}, {run.seconds:.1f} s"
        lines.append(f"{worst_mark(run.findings, style)} {said}")
    return lines


def quiet_lines(run: CheckRun, style: Style) -> list[str]:
    """The checks that found nothing: what each would have found, or which fact it lacks."""
    lines = []
    for one in run.quiet:
        mark = style.paint("?", "yellow") if one.unknown else style.mark("ok")
        start = 2 + len(one.code) + 1
        what = f"not known: {one.title} ({one.unknown})" if one.unknown else f"not found: {one.title}"
        first, *rest = style.wrap(what, start, start)
        lines += [f"{mark} {style.paint(one.code, 'bold')} {first}", *(" " * start + line for line in rest)]
    return lines


def shown(findings: tuple[Finding, ...], show: Show) -> list[Finding]:
    """The worst first; -q keeps what fails."""
    rank = {"error": 0, "warning": 1, "hint": 2}
    kept = [finding for finding in findings if not show.quiet or fails(finding, show.strict)]
    return sorted(kept, key=lambda finding: (rank[finding.severity.value], finding.code))


def advice_lines(advice: Advice, style: Style) -> list[str]:
    """The command on a line of its own, whole, so that it can be copied."""
    lines = [
        style.paint(f"{advice.heading}:", "bold"),
        "",
        f"    {style.paint(advice.command, 'bold green')}",
        "",
    ]
    lines += labelled("why", advice.why, style, "cyan", 2) if advice.why else []
    for change in advice.changes:
        lines += labelled("does", change, style, "cyan", 2)
    if advice.alternative is not None:
        lines += ["", "Or, with the newest versions:", "", f"    {style.paint(advice.alternative.command, 'green')}"]
        lines += ["", *labelled("why", advice.alternative.why, style, "cyan", 2)] if advice.alternative.why else []
    return lines


def smoke_report(result: SmokeResult, style: Style, show: Show) -> list[str]:
    """Where it ran and how the stages went, what failed, and a summary."""
    lines = [] if show.quiet else [*smoke_stages(result, style), ""]
    findings = result.findings()
    for finding in findings:
        lines += [*finding_lines(finding, style, show), ""]
    if not show.quiet:
        said = counts(findings) if findings else "every stage passed"
        lines.append(f"{worst_mark(findings, style)} {said}, {result.seconds:.1f} s")
    return lines


def smoke_stages(result: SmokeResult, style: Style) -> list[str]:
    """Where it ran, a line per stage and device, and the time of a training step."""
    lines = [style.paint(f"smoke test: {result.python}", "bold")]
    if result.tensorflow:
        keras = f", keras {result.keras}" if result.keras else ""
        lines.append(f"Python {result.python_version}, tensorflow {result.tensorflow}{keras}")
    lines += ["", *stage_lines(result, style)]
    return lines + [f"  {1000 * step.seconds:.1f} ms a training step on {step.device}" for step in result.steps]


def stage_lines(result: SmokeResult, style: Style) -> list[str]:
    """The stages in columns; what a stage saw is cut to the width: the finding of a failing one says it all."""
    stages = max((len(row.stage) for row in result.rows), default=0)
    devices = max((len(row.device) for row in result.rows), default=0)
    lines = []
    for row in result.rows:
        before = f" {row.stage:<{stages}}  {row.device:<{devices}}  {row.seconds:6.2f} s  "
        room = None if style.width is None else max(20, style.width - len(before) - 1)
        detail = row.detail if room is None or len(row.detail) <= room else row.detail[: room - 2] + " …"
        lines.append((style.mark("ok" if row.ok else "error") + before + style.paint(detail, "dim")).rstrip())
    return lines
