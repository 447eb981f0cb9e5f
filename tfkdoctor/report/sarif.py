"""SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0): findings for code scanning, with fixes for editors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tfkdoctor import __version__
from tfkdoctor.model import Finding, Fix, Severity
from tfkdoctor.report.json import Json
from tfkdoctor.report.listing import Row

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}


def sarif(
    findings: Sequence[Finding], rules: Sequence[Row], fixes: Mapping[str, tuple[str, Fix]] = {}, place: str = ""
) -> dict[str, Json]:
    """One run of the tool. `fixes`: by the id of a fix, its file and itself; `place`: what a finding without a file
    is about (an interpreter)."""
    codes = sorted({finding.code for finding in findings})
    known = {row.code: row for row in rules}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "tfkdoctor",
                        "version": __version__,
                        "rules": [rule(code, known.get(code)) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [result(finding, codes, fixes, place) for finding in findings],
            }
        ],
    }


def rule(code: str, row: Row | None) -> dict[str, Json]:
    told: dict[str, Json] = {"id": code}
    if row is not None:
        told["shortDescription"] = {"text": row.summary}
        told["help"] = {"text": f"tfkdoctor explain {code}"}
        if row.name:
            told["name"] = "".join(part.capitalize() for part in row.name.split("-"))
    return told


def result(finding: Finding, codes: list[str], fixes: Mapping[str, tuple[str, Fix]], place: str) -> dict[str, Json]:
    text = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    told: dict[str, Json] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [location(finding, place)],
    }
    if finding.evidence:
        told["properties"] = {"evidence": [f"{e.fact} = {e.value}" for e in finding.evidence]}
    path, fix = fixes.get(finding.fix or "", ("", None))
    if fix is not None and fix.edits:
        told["fixes"] = [{"description": {"text": f"tfkdoctor migrate --write ({fix.safety})"}, **change(path, fix)}]
    return told


def location(finding: Finding, place: str) -> dict[str, Json]:
    if finding.path is None:
        return {"logicalLocations": [{"name": place or "environment", "kind": "module"}]}
    physical: dict[str, Json] = {"artifactLocation": {"uri": uri(finding.path)}}
    if finding.span is not None:
        physical["region"] = {
            "startLine": finding.span.line,
            "startColumn": finding.span.column,
            "endLine": finding.span.end_line,
            "endColumn": finding.span.end_column,
        }
    return {"physicalLocation": physical}


def change(path: str, fix: Fix) -> dict[str, Json]:
    replacements: list[Json] = [
        {
            "deletedRegion": {"charOffset": edit.start, "charLength": edit.end - edit.start},
            "insertedContent": {"text": edit.text},
        }
        for edit in fix.edits
    ]
    return {"artifactChanges": [{"artifactLocation": {"uri": uri(path)}, "replacements": replacements}]}


def uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path.replace("\\", "/"))
