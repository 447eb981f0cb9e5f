"""Reports for people: one reporter for `check`, `migrate` and `smoke`; functions return lines without newlines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tfkdoctor.model import Fallback, Finding, MigrationRun, Severity
from tfkdoctor.report.style import Style
from tfkdoctor.report.verdict import Verdict, fails, in_order, reasons, tally


@dataclass(frozen=True, slots=True)
class Show:
    """How much a person wants to see."""

    quiet: bool = False
    verbose: bool = False
    strict: bool = False
    evidence: bool = False  # what a finding rests on: always for environments, with -v for code
    mended: bool = True  # what is, or would be, mended: not after writing, not beside a diff


def place(finding: Finding) -> str:
    """`path:line:col: `, as much of it as is known."""
    if finding.path is None:
        return ""
    if finding.span is None:
        return f"{finding.path}: "
    return f"{finding.path}:{finding.span.line}:{finding.span.column}: "


def finding_line(finding: Finding) -> str:
    """A finding on one line, for hooks and CI: `path:line:col: CODE message`."""
    return f"{place(finding)}{finding.code} {' '.join(finding.message.split())}"


def finding_lines(finding: Finding, style: Style, show: Show, mark: str = "", fix: str = "") -> list[str]:
    """A finding with what it rests on and what to do about it.

    `mark` replaces the mark of the severity. `fix` is what the tool itself would do; without it the help of an
    environment's error is a fix, every other help a hint.
    """
    where = place(finding)
    head = (
        f"{style.paint(where, 'bold')}{mark or style.severity(finding.severity)} {style.paint(finding.code, 'bold')} "
    )
    width = len(where) + (1 if style.unicode else 2) + len(finding.code) + 2
    indent = 4
    message = style.wrap(finding.message, width, indent)
    lines = [head + message[0]] + [" " * indent + line for line in message[1:]]
    if show.evidence:
        for evidence in finding.evidence:
            source = f" ({evidence.where})" if evidence.where else ""
            lines += labelled("saw", f"{evidence.fact} = {evidence.value}{source}", style, "dim")
    if fix:
        lines += labelled("fix", fix, style, "green")
    if finding.help:
        is_fix = not fix and finding.path is None and finding.severity is not Severity.HINT
        lines += labelled("fix" if is_fix else "hint", finding.help, style, "green" if is_fix else "cyan")
    return lines


def labelled(label: str, text: str, style: Style, look: str, indent: int = 4) -> list[str]:
    """`label: text` below a finding, wrapped under itself."""
    start = indent + len(label) + 2
    first, *rest = style.wrap(text, start, start)
    head = " " * indent + style.paint(f"{label}:", look) + " "
    return [head + (style.paint(first, "dim") if look == "dim" else first)] + [
        " " * start + (style.paint(line, "dim") if look == "dim" else line) for line in rest
    ]


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`, `no files`."""
    return f"{number if number else 'no'} {noun}{'' if number == 1 else 's'}"


def counts(findings: Iterable[Finding]) -> str:
    """`2 errors, 1 warning`, or `nothing found`."""
    found = tally(findings)
    parts = [(found.errors, "error"), (found.warnings, "warning"), (found.hints, "hint")]
    return ", ".join(count(number, noun) for number, noun in parts if number) or "nothing found"


def worst_mark(findings: Sequence[Finding], style: Style, pending: bool = False) -> str:
    """The mark of the whole: that of the worst finding; ✓ where nothing or only hints are left."""
    found = tally(findings)
    if found.errors:
        return style.mark("error")
    return style.mark("warning" if found.warnings or pending else "ok")


def statistics(verdict: Verdict, names: Mapping[str, str], style: Style) -> list[str]:
    """Findings by code, the most frequent first, and how many of them the tool mends itself."""
    mended, remaining = verdict.mended, verdict.remaining
    word = "fixable" if verdict.pending else "fixed"
    total = Counter(finding.code for finding in (*mended, *remaining))
    fixed = Counter(finding.code for finding in mended)
    ordered = sorted(total.items(), key=lambda item: (-item[1], item[0]))
    rows = [(str(n), code, f"{fixed[code]} {word}" * bool(fixed[code]), names.get(code, "")) for code, n in ordered]
    numbers, codes, mends = (max((len(row[column]) for row in rows), default=0) for column in range(3))
    return [
        f"{number:>{numbers}}  {style.paint(f'{code:<{codes}}', 'bold')}  {mend:<{mends}}  {name}".rstrip()
        for number, code, mend, name in rows
    ]


def failing_lines(verdict: Verdict, strict: bool) -> list[str]:
    """What makes a run fail, a line each: findings that remain, and what `--write` would mend or change."""
    told = [finding for finding in verdict.remaining if fails(finding, strict)]
    if verdict.pending:
        told += verdict.mended
    lines = [finding_line(finding) for finding in in_order(told)]
    silent = sorted(set(verdict.pending) - {finding.path for finding in verdict.mended})
    return lines + [f"{path}: would be written" for path in silent]


def findings(verdict: Verdict, style: Style, show: Show, fixes: Mapping[str, str]) -> list[str]:
    """The findings of a migration by file and line. `fixes`: what each applied fix does, by its id."""
    mended = set(verdict.mended)
    told = [finding for finding in verdict.remaining if not show.quiet or fails(finding, show.strict)]
    if show.mended or show.verbose:
        told += verdict.mended
    lines: list[str] = []
    before: str | None = None
    for group in together(in_order(told), mended, {} if show.verbose else fixes):
        finding = group[0]
        if lines and finding.path != before:
            lines.append("")
        before = finding.path
        done = style.mark("ok") if finding in mended and not verdict.pending else ""
        fix = fixes.get(finding.fix or "", "") if finding in mended else ""
        if len(group) > 1:
            finding = replace(finding, message=f"{finding.message}, and {len(group) - 1} more in this line")
        lines += finding_lines(finding, style, show, done, fix)
    return lines


def together(ordered: list[Finding], mended: set[Finding], fixes: Mapping[str, str]) -> list[list[Finding]]:
    """Findings that are told as one: of one code and one line, mended by what mends the first (names of one import)."""
    groups: list[list[Finding]] = []
    for finding in ordered:
        first = groups[-1][0] if groups else None
        follows = (
            first is not None
            and first.span is not None
            and finding.span is not None
            and (first.path, first.code, first.span.line) == (finding.path, finding.code, finding.span.line)
            and first in mended
            and finding in mended
            and fixes.get(finding.fix or "", "?") == ""
        )
        if follows:
            groups[-1].append(finding)
        else:
            groups.append([finding])
    return groups


def migration_summary(run: MigrationRun, verdict: Verdict, style: Style, shown: bool = False) -> list[str]:
    """Where from, where to, what was done, what is left. `shown`: the diff stands above."""
    origin, target = run.origin, run.target
    reason = origin.reason
    if origin.assumed and not reason.startswith("assumed"):
        reason = f"assumed: {reason}"
    noted: list[str] = []
    references = sum(file.references for file in run.files)
    rewritten = sum(file.rewritten for file in run.files)
    if not run.scanned:
        return [f"{style.mark('hint')} no Python files to scan, {run.seconds:.1f} s"]
    if not (references or verdict.pending or verdict.written or verdict.remaining):
        return [f"{style.mark('ok')} {count(run.scanned, 'file')} scanned, nothing legacy found, {run.seconds:.1f} s"]
    if verdict.pending:
        how = "--write does it" if shown else "--write does it, --diff shows it"
        files = f"{count(len(verdict.pending), 'file')} would change ({how})"
    else:
        files = f"{count(len(verdict.written), 'file')} changed"
        if verdict.written and run.record is not None:
            noted = [f"  {run.record[0]} keeps what was assumed and decided: commit it too"]
    mark = worst_mark(verdict.remaining, style, pending=bool(verdict.pending))
    left = f"{counts(verdict.remaining)} left" if verdict.remaining else "nothing left to do"
    if verdict.pending and not verdict.remaining:
        left = "nothing else to do"
    return [
        *hanging("from  ", f"keras {origin.keras}, tensorflow {origin.tensorflow} ({reason})", style),
        *hanging("to    ", f"{target.spec}{' with tf_keras' if target.keras else ''} ({target.reason})", style),
        f"{mark} {count(run.scanned, 'file')} scanned, {files}",
        *noted,
        f"  {count(references, 'reference')} to TensorFlow and Keras judged, {rewritten} rewritten",
        *fallback_lines(run.fallbacks, style),
        f"  {left}, {run.seconds:.1f} s",
    ]


def fallback_lines(fallbacks: Sequence[Fallback], style: Style) -> list[str]:
    """How many programs stay in graph mode, and for what."""
    if not fallbacks:
        return []
    programs = sum(one.program for one in fallbacks)
    modules = len(fallbacks) - programs
    who = " and ".join(
        [count(programs, "program")] * bool(programs) + [f"{count(modules, 'module')} of no program"] * bool(modules)
    )
    why = ", ".join(f"{number} for {name}" for name, number in reasons(fallbacks))
    return hanging("  ", f"{who} on tensorflow.compat.v1: {why}", style)


def hanging(label: str, text: str, style: Style) -> list[str]:
    first, *rest = style.wrap(text, len(label), len(label))
    return [style.paint(label, "dim") + first, *(" " * len(label) + line for line in rest)]
