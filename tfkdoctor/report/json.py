"""Reports for programs. `schema` grows when a key changes its meaning or goes; new keys may come at any time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tfkdoctor import __version__
from tfkdoctor.model import Fallback, FileResult, Finding, MigrationRun
from tfkdoctor.report.verdict import Verdict, applied_fixes, reasons, tally

if TYPE_CHECKING:
    from tfkdoctor.doctor.examine import Advice, CheckRun
    from tfkdoctor.validate.smoke import SmokeResult

SCHEMA = 1

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


def dump(value: Json) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def head(command: str, exit_code: int) -> dict[str, Json]:
    return {"schema": SCHEMA, "tool": "tfkdoctor", "version": __version__, "command": command, "exit": exit_code}


def finding_json(finding: Finding, mended: bool = False) -> dict[str, Json]:
    """One finding; positions count from 1, columns in code points, the end is exclusive, null where there is none."""
    span = finding.span
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "help": finding.help,
        "path": finding.path,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_line": span.end_line if span else None,
        "end_column": span.end_column if span else None,
        "name": finding.name,
        "fix": finding.fix,
        "mended": mended,
        "evidence": [{"fact": e.fact, "value": e.value, "where": e.where} for e in finding.evidence],
    }


def file_json(file: FileResult) -> dict[str, Json]:
    """One file; the offsets of edits are code points of the decoded original."""
    return {
        "path": file.path,
        "outcome": file.outcome.value,
        "references": file.references,
        "rewritten": file.rewritten,
        "fixes": [
            {
                "id": fix.id,
                "code": fix.code,
                "safety": fix.safety.value,
                "requires": sorted(fix.requires),
                "needs": sorted(fix.needs),
                "edits": [{"start": edit.start, "end": edit.end, "text": edit.text} for edit in fix.edits],
            }
            for fix in applied_fixes(file)
        ],
    }


def counts_json(findings: tuple[Finding, ...]) -> dict[str, Json]:
    found = tally(findings)
    return {"errors": found.errors, "warnings": found.warnings, "hints": found.hints}


def fallbacks_json(fallbacks: tuple[Fallback, ...]) -> dict[str, Json]:
    """Programs that go to tensorflow.compat.v1: how many for which name, and each with its reason."""
    return {
        "programs": sum(one.program for one in fallbacks),
        "modules": sum(not one.program for one in fallbacks),
        "reasons": dict(reasons(fallbacks)),
        "fallbacks": [
            {"path": one.path, "name": one.name, "reason": one.reason, "program": one.program} for one in fallbacks
        ],
    }


def migration_json(
    run: MigrationRun, verdict: Verdict, exit_code: int, diffs: list[str] | None, smoke: SmokeResult | None
) -> dict[str, Json]:
    """A migration: files that were judged, then every finding in the order of the text report."""
    report = head("migrate", exit_code)
    report["root"] = run.root
    report["origin"] = {
        "keras": run.origin.keras,
        "tensorflow": run.origin.tensorflow,
        "reason": run.origin.reason,
        "assumed": run.origin.assumed,
    }
    report["target"] = {"spec": run.target.spec, "reason": run.target.reason, "keras": run.target.keras or "tf.keras"}
    report["numerics"] = run.numerics.value
    report["summary"] = {
        "scanned": run.scanned,
        "seconds": round(run.seconds, 3),
        "references": sum(file.references for file in run.files),
        "rewritten": sum(file.rewritten for file in run.files),
        "mended": len(verdict.mended),
        "remaining": counts_json(verdict.remaining),
        "pending": list(verdict.pending),
        "written": list(verdict.written),
    }
    report["support"] = sorted(run.support)
    report["compat"] = fallbacks_json(run.fallbacks)
    report["files"] = [file_json(file) for file in run.files]
    report["findings"] = [finding_json(f) for f in verdict.remaining] + [finding_json(f, True) for f in verdict.mended]
    if diffs is not None:
        report["diffs"] = list(diffs)
    if smoke is not None:
        report["smoke"] = smoke_part(smoke)
    return report


def advice_json(advice: Advice | None) -> Json:
    if advice is None:
        return None
    return {
        "command": advice.command,
        "changes": list(advice.changes),
        "why": advice.why,
        "alternative": advice_json(advice.alternative),
    }


def check_json(run: CheckRun, exit_code: int, smoke: SmokeResult | None = None) -> dict[str, Json]:
    report = head("check", exit_code)
    report["summary"] = {"checked": run.checked, "seconds": round(run.seconds, 3), **counts_json(run.findings)}
    report["findings"] = [finding_json(finding) for finding in run.findings]
    report["advice"] = advice_json(run.advice)
    report["passed"] = [one.code for one in run.quiet if not one.unknown]
    report["unknown"] = {one.code: one.unknown for one in run.quiet if one.unknown}
    report["facts"] = json.loads(run.facts.to_json())
    if smoke is not None:
        report["smoke"] = smoke_part(smoke)
    return report


def smoke_json(result: SmokeResult, exit_code: int) -> dict[str, Json]:
    return head("smoke", exit_code) | smoke_part(result)


def smoke_part(result: SmokeResult) -> dict[str, Json]:
    """Stages in their order; seconds for all of it, per stage, and per training step and device."""
    return {
        "python": result.python,
        "python_version": result.python_version,
        "tensorflow": result.tensorflow,
        "keras": result.keras,
        "seconds": round(result.seconds, 3),
        "stages": [
            {
                "stage": row.stage,
                "device": row.device,
                "ok": row.ok,
                "died": row.died,
                "seconds": round(row.seconds, 4),
                "detail": row.detail,
            }
            for row in result.rows
        ],
        "steps": [{"device": step.device, "seconds": round(step.seconds, 6)} for step in result.steps],
        "findings": [finding_json(finding) for finding in result.findings()],
    }
