"""One self-contained HTML file: the verdict, the command that mends, the findings, tables and diffs.

Nothing is loaded from anywhere; all text of the patient is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tfkdoctor import __version__
from tfkdoctor.model import Finding, Severity
from tfkdoctor.report.text import count, place
from tfkdoctor.report.verdict import tally

ASSETS = Path(__file__).with_name("page")


@dataclass(frozen=True, slots=True)
class Table:
    """`heads` may be empty; the first cell of a row is its title."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Command:
    """A line to copy, and why."""

    title: str
    line: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What a report shows; `about` stands under the verdict."""

    title: str
    verdict: str
    about: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    mended: tuple[Finding, ...] = ()
    commands: tuple[Command, ...] = ()
    first: tuple[Table, ...] = ()  # tables before the findings
    tables: tuple[Table, ...] = ()
    diffs: tuple[str, ...] = ()


def html(page: Page) -> str:
    """The whole document."""
    body = [
        f"<h1>{escape(page.title)}</h1>",
        f'<p class="verdict {tone(page.findings)}">{escape(page.verdict)}</p>',
        f'<div class="head">{"".join(f"<div>{escape(line)}</div>" for line in page.about)}</div>',
        *(part for command in page.commands for part in command_parts(command)),
        *(part for table in page.first for part in table_parts(table)),
        *finding_parts("What was found", page.findings),
        *mended_parts(page.mended),
        *(part for table in page.tables for part in table_parts(table)),
        *diff_parts(page.diffs),
        f"<footer>tfkdoctor {escape(__version__)}</footer>",
    ]
    style, script = ((ASSETS / name).read_text("utf-8") for name in ("style.css", "script.js"))
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(page.verdict)}: {escape(page.title)}</title>",
            f"<style>\n{style}</style>\n</head>\n<body>\n<main>",
            *body,
            f"</main>\n<script>\n{script}</script>\n</body>\n</html>",
        ]
    )


def tone(findings: Sequence[Finding]) -> str:
    found = tally(findings)
    return "error" if found.errors else "warning" if found.warnings else "ok"


def spoken(findings: Sequence[Finding], healthy: str) -> str:
    """The verdict in a few words."""
    found = tally(findings)
    parts = [count(number, noun) for number, noun in ((found.errors, "error"), (found.warnings, "warning")) if number]
    return " and ".join(parts) if parts else healthy


def command_parts(command: Command) -> list[str]:
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in command.notes)
    copy = '<button type="button">copy</button>'
    return [
        f"<h2>{escape(command.title)}</h2>",
        f'<div class="command"><pre>{escape(command.line)}</pre>{copy}</div>{notes}',
    ]


def mended_parts(findings: Sequence[Finding]) -> list[str]:
    """What the diffs below show anyway: a line each, folded away."""
    if not findings:
        return []
    rows = "".join(
        f"<tr><td class=mono>{escape(f.code)}</td><td class=mono>{escape(place(f).rstrip(': '))}</td>"
        f"<td>{escape(f.message)}</td></tr>"
        for f in findings
    )
    title = f"{count(len(findings), 'finding')} mended by itself"
    return [f"<details class=scroll><summary>{title}</summary><table>{rows}</table></details>"]


def finding_parts(title: str, findings: Sequence[Finding]) -> list[str]:
    if not findings:
        return []
    order = list(Severity)
    kinds = [one for one in order if any(finding.severity is one for finding in findings)]
    filters = "".join(
        f'<button type="button" data-kind="{one}" aria-pressed="true">'
        f"{count(sum(f.severity is one for f in findings), one.value)}</button>"
        for one in kinds
    )
    parts = [f"<h2>{escape(title)}</h2>"]
    parts += [f'<div class="filter">{filters}</div>'] if len(kinds) > 1 else []
    return parts + [card(finding) for finding in findings]


def card(finding: Finding) -> str:
    where = place(finding).rstrip(": ")
    parts = [f'<span class="code mono">{escape(finding.code)}</span>']
    parts += [f'<span class="where mono">{escape(where)}</span>'] if where else []
    body = f"<header>{''.join(parts)}</header><p>{escape(finding.message)}</p>"
    if finding.help:
        label = "fix" if finding.path is None and finding.severity is not Severity.HINT else "hint"
        body += f'<p class="fix"><b>{label}</b><span>{escape(finding.help)}</span></p>'
    if finding.evidence:
        rows = "".join(
            f"<tr><th>{escape(e.fact)}</th><td class=mono>{escape(e.value)}</td><td>{escape(e.where)}</td></tr>"
            for e in finding.evidence
        )
        body += f"<details><summary>what was seen</summary><table>{rows}</table></details>"
    return f'<article class="finding {finding.severity.value}">{body}</article>'


def table_parts(table: Table) -> list[str]:
    said = [
        at for at in range(len(table.rows[0])) if any(row[at] for row in table.rows)
    ]  # an empty column says nothing
    heads = "".join(f"<th>{escape(table.heads[at])}</th>" for at in said) if table.heads else ""
    rows = "".join(
        f"<tr><th>{escape(row[0])}</th>{''.join(f'<td>{escape(row[at])}</td>' for at in said if at)}</tr>"
        for row in table.rows
    )
    head = f"<tr>{heads}</tr>" if heads else ""
    return [f"<h2>{escape(table.title)}</h2>", f'<div class="scroll"><table>{head}{rows}</table></div>']


def diff_parts(diffs: Iterable[str]) -> list[str]:
    parts = []
    for diff in diffs:
        lines = diff.rstrip("\n").split("\n")
        title = next((line[4:] for line in lines if line.startswith("+++ ")), "").removeprefix("b/")
        body = "\n".join(diff_line(line) for line in lines[2:])
        parts += [f'<h2 class="mono">{escape(title)}</h2>', f'<div class="diff"><pre>{body}</pre></div>']
    return parts


def diff_line(line: str) -> str:
    kinds = {"+": "add", "-": "del", "@": "at"}
    kind = kinds.get(line[:1])
    return f'<span class="{kind}">{escape(line)}</span>' if kind else escape(line)
