"""Every code there is, in one table: rules of `migrate` and checks of `check`."""

from __future__ import annotations

from dataclasses import dataclass

from tfkdoctor.report.json import SCHEMA, Json
from tfkdoctor.report.style import Style


@dataclass(frozen=True, slots=True)
class Row:
    """One code. `grade` is the safety of a rule, the severity of a check."""

    code: str
    name: str
    grade: str
    summary: str


def rule_rows() -> list[Row]:
    from tfkdoctor.knowledge import load_rules

    return [Row(rule.code, rule.name, str(rule.safety), rule.summary) for rule in load_rules()]


def check_rows() -> list[Row]:
    from tfkdoctor.doctor.examine import list_checks

    return [Row(check.code, "", str(check.severity), check.title) for check in list_checks()]


def listing(rows: list[Row], style: Style) -> list[str]:
    code = max((len(row.code) for row in rows), default=0)
    name = max((len(row.name) for row in rows), default=0)
    grade = max((len(row.grade) for row in rows), default=0)
    lines = []
    for row in rows:
        head = f"{style.paint(f'{row.code:<{code}}', 'bold')}  {row.grade:<{grade}}  "
        head += f"{row.name:<{name}}  " if name else ""
        start = code + grade + 4 + (name + 2 if name else 0)
        first, *rest = style.wrap(row.summary, start, start)
        lines += [head + first, *(" " * start + line for line in rest)]
    return lines


def listing_json(rows: list[Row]) -> dict[str, Json]:
    return {
        "schema": SCHEMA,
        "codes": [{"code": r.code, "name": r.name, "grade": r.grade, "summary": r.summary} for r in rows],
    }
