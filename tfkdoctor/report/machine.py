"""The formats for programs that take plain findings: SARIF and GitHub's annotations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tfkdoctor.model import Finding, Fix


def machine_report(
    format_: str, findings: Sequence[Finding], fixes: Mapping[str, tuple[str, Fix]] = {}, place: str = ""
) -> str:
    """The text of a `sarif` or `github` report."""
    if format_ == "github":
        from tfkdoctor.report.github import github

        return "\n".join(github(findings))
    from tfkdoctor.report.json import dump
    from tfkdoctor.report.listing import check_rows, rule_rows
    from tfkdoctor.report.sarif import sarif

    return dump(sarif(findings, rule_rows() + check_rows(), fixes, place))
