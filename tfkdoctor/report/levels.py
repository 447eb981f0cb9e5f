"""How the levels `import` and `models` went, a row per module and builder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfkdoctor.report.json import Json, finding_json
from tfkdoctor.report.style import Style
from tfkdoctor.report.text import count

if TYPE_CHECKING:
    from tfkdoctor.validate.importing import ImportResult
    from tfkdoctor.validate.models import ModelRow, ModelsResult


def import_lines(result: ImportResult, style: Style) -> list[str]:
    """Failures and what stands apart, a line each, and a count of the rest."""
    lines = [style.paint(f"imports: {result.python}", "bold")]
    for row in result.rows:
        if row.failed is not None:
            lines.append(f"{style.mark('error')} {row.path}: {row.failed.error}")
        elif row.excused:
            lines.append(f"{style.mark('hint')} {row.path}: {row.excused}")
    well = sum(1 for row in result.rows if row.ok and not row.excused)
    stopped = sum(1 for row in result.rows if row.reached)
    told = f"{style.mark('ok' if well else 'hint')} {count(well, 'changed module')} imported"
    if stopped:
        told += f", {stopped} of them up to their first work on data"
    return [*lines, f"{told}, {result.seconds:.1f} s"]


def models_lines(result: ModelsResult, style: Style) -> list[str]:
    lines = [style.paint(f"models: {result.python}", "bold")]
    lines += [model_line(row, style) for row in result.rows]
    found, failed = len(result.rows), sum(1 for row in result.rows if not row.ok)
    told = f"{found} found, {result.built} built, {result.skipped} skipped, {failed} failed"
    return [*lines, f"  {told}, {result.seconds:.1f} s"]


def model_line(row: ModelRow, style: Style) -> str:
    name = row.builder.name
    if row.skipped:
        return f"{style.mark('hint')} {name}: skipped: {row.skipped}"
    if row.failed is not None:
        return f"{style.mark('error')} {name}: stage “{row.failed.stage}”: {row.failed.told}"
    told = ", ".join(
        f"{word}{'' if number == 1 else f' {number}'}"
        for word, number in (("built", row.models), ("fitted", row.fitted), ("reloaded", row.reloaded))
        if number
    )
    whole = row.models == row.fitted == row.reloaded
    return f"{style.mark('ok' if whole else 'warning')} {name}: {told}{'; ' + row.note if row.note else ''}"


def import_json(result: ImportResult) -> Json:
    return {
        "python": result.python,
        "seconds": round(result.seconds, 3),
        "modules": [
            {"path": row.path, "ok": row.ok, "reached": row.reached, "excused": row.excused} for row in result.rows
        ],
        "findings": [finding_json(finding) for finding in result.findings()],
    }


def models_json(result: ModelsResult) -> Json:
    return {
        "python": result.python,
        "seconds": round(result.seconds, 3),
        "found": len(result.rows),
        "built": result.built,
        "skipped": result.skipped,
        "models": [
            {
                "name": row.builder.name,
                "ok": row.ok,
                "built": row.models,
                "fitted": row.fitted,
                "reloaded": row.reloaded,
                "skipped": row.skipped,
                "note": row.note,
                "failed": row.failed.told if row.failed else "",
            }
            for row in result.rows
        ],
        "findings": [finding_json(finding) for finding in result.findings()],
    }
