"""Annotations of GitHub Actions: a line per finding, which the runner shows at its place in the pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions#setting-an-error-message
"""

from __future__ import annotations

from collections.abc import Iterable

from tfkdoctor.model import Finding, Severity

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "notice"}


def github(findings: Iterable[Finding]) -> list[str]:
    """`::error file=a.py,line=3,col=5,title=TFK101::message`"""
    return [annotation(finding) for finding in findings]


def annotation(finding: Finding) -> str:
    properties = {} if finding.path is None else {"file": finding.path}
    span = finding.span
    if span is not None:
        properties |= {"line": str(span.line), "endLine": str(span.end_line)}
        if span.line == span.end_line:  # GitHub refuses columns over several lines
            properties |= {"col": str(span.column), "endColumn": str(span.end_column)}
    properties["title"] = finding.code
    said = ",".join(f"{name}={escaped(value, ':,')}" for name, value in properties.items())
    text = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    return f"::{COMMANDS[finding.severity]} {said}::{escaped(text)}"


def escaped(text: str, more: str = "") -> str:
    """As @actions/toolkit escapes: a percent sign first, then what would end the command or the property."""
    for character in "%\r\n" + more:
        text = text.replace(character, f"%{ord(character):02X}")
    return text
