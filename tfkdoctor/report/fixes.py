"""What a fix does, in a line that a person can judge."""

from __future__ import annotations

from tfkdoctor.model import Finding, Fix, MigrationRun
from tfkdoctor.report.verdict import applied_fixes
from tfkdoctor.text import Lines, apply_edits, decode

MOST_LINES = 3  # beyond that, and beyond LONGEST code points, the diff tells it better
LONGEST = 240


def fix_lines(run: MigrationRun) -> dict[str, str]:
    """For each fix that the new files hold, by its id: the lines as they would be, or where else to look.

    Empty for a fix without edits of its own: what another one does mends it too.
    """
    told: dict[str, str] = {}
    for file in run.files:
        fixes = applied_fixes(file)
        source = decode(file.path, run.kept[file.path]) if fixes else None
        if source is None or isinstance(source, Finding):
            continue
        lines = Lines(source.text)
        told |= {fix.id: fix_line(fix, source.text, lines) if fix.edits else "" for fix in fixes}
    return told


def fix_line(fix: Fix, text: str, lines: Lines) -> str:
    """The lines that the edits touch, as they will read; where there are many, how many."""
    blocks: list[tuple[int, int]] = []  # first and last line, neighbours joined
    for edit in sorted(fix.edits):
        first, last = lines.position(edit.start)[0], lines.position(max(edit.start, edit.end - 1))[0]
        if blocks and first <= blocks[-1][1] + 1:
            blocks[-1] = (blocks[-1][0], max(last, blocks[-1][1]))
        else:
            blocks.append((first, last))
    touched = sum(last - first + 1 for first, last in blocks)
    told = "\n…\n".join(new for block in blocks if (new := after(fix, text, lines, block)))
    if touched > MOST_LINES or len(told) > LONGEST or told.count("\n") >= MOST_LINES:
        return f"{touched} line{'' if touched == 1 else 's'} from line {blocks[0][0]} on (--diff shows them)"
    return told or "the line goes"


def after(fix: Fix, text: str, lines: Lines, block: tuple[int, int]) -> str:
    end = lines.starts[block[1]] if block[1] < len(lines.starts) else len(text)
    new = apply_edits(text, fix.edits, lines.starts[block[0] - 1], end)
    return "\n".join(line.strip() for line in new.splitlines() if line.strip())
