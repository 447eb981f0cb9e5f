"""The report of `check FILE…` on dependency files, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfkdoctor.report.diff import painted, unified
from tfkdoctor.report.json import Json, counts_json, finding_json, head
from tfkdoctor.report.style import Style
from tfkdoctor.report.text import Show, counts, finding_lines, worst_mark
from tfkdoctor.report.verdict import fails

if TYPE_CHECKING:
    from tfkdoctor.doctor.files.examine import FileReport


def file_report(report: FileReport, style: Style, show: Show) -> list[str]:
    """What an installer would bring, each finding at its line, and the corrected lines as one diff."""
    told = [one for one in report.findings if not show.quiet or fails(one, show.strict)]
    lines: list[str] = []
    if not show.quiet:
        lines += [style.paint(report.path, "bold"), *outlook_lines(report), ""]
    for finding in told:
        lines += [*finding_lines(finding, style, show, fix=report.fixes.get(finding.fix or "", "")), ""]
    if diffs := diffs_of(report):
        lines += [style.paint("One change corrects all of it:" if whole(report) else "Corrected lines:", "bold"), ""]
        lines += [line for diff in diffs for line in painted(diff, style).rstrip("\n").split("\n")] + [""]
    if not show.quiet:
        lines.append(f"{worst_mark(report.findings, style)} {counts(report.findings)}")
    return lines


def outlook_lines(report: FileReport) -> list[str]:
    """`Python 3.10, Linux x86_64: tensorflow 2.10.1, …` for each Python that it was judged on."""
    lines = []
    for one in report.outlooks:
        chosen = ", ".join(f"{name} {version}" for name, version in one.versions.items())
        lines.append(
            f"{one.where}: an installer brings {chosen}" if chosen else f"{one.where}: an installer finds no versions"
        )
    if not report.declares and not report.findings:
        lines.append("it asks for no TensorFlow: there is nothing to judge")
    return lines


def whole(report: FileReport) -> bool:
    """Whether every finding that makes the run fail has its correction in the diff."""
    return all(finding.fix for finding in report.findings if fails(finding, strict=False))


def diffs_of(report: FileReport) -> list[str]:
    """The corrections of each file as a unified diff."""
    return [unified(path.lstrip("/"), old, new) for path, (old, new) in report.corrected.items() if old != new]


def file_json(report: FileReport, exit_code: int) -> dict[str, Json]:
    """One file; `installs` is what an installer would bring, `diffs` the corrections as `git apply` reads them."""
    return head("check", exit_code) | {
        "path": report.path,
        "summary": counts_json(report.findings),
        "installs": [{"where": one.where, "versions": one.versions} for one in report.outlooks],
        "findings": [
            {**finding_json(finding), "correction": report.fixes.get(finding.fix or "", "")}
            for finding in report.findings
        ],
        "diffs": list[Json](diffs_of(report)),
    }
