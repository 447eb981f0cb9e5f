"""What a fix does, in a line that a person can judge."""

from __future__ import annotations

from collections.abc import Sequence

from tfkdoctor.model import Edit, Finding, Fix, MigrationRun
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
        edits = [edit for fix in fixes for edit in fix.edits]
        shown: set[tuple[int, int]] = set()
        for fix in sorted(fixes, key=lambda fix: min(fix.edits, default=edits[0])):
            blocks = [block for block in blocks_of(fix, lines) if block not in shown]
            told[fix.id] = fix_line(blocks, edits, source.text, lines) if blocks else ""
            shown.update(blocks)
    return told


def blocks_of(fix: Fix, lines: Lines) -> list[tuple[int, int]]:
    """First and last line of each place that a fix touches, neighbours joined."""
    blocks: list[tuple[int, int]] = []
    for edit in sorted(fix.edits):
        first, last = lines.position(edit.start)[0], lines.position(max(edit.start, edit.end - 1))[0]
        if blocks and first <= blocks[-1][1] + 1:
            blocks[-1] = (blocks[-1][0], max(last, blocks[-1][1]))
        else:
            blocks.append((first, last))
    return blocks


def fix_line(blocks: Sequence[tuple[int, int]], edits: Sequence[Edit], text: str, lines: Lines) -> str:
    """These lines as they will read once every fix of the file is applied; where there are many, how many."""
    touched = sum(last - first + 1 for first, last in blocks)
    told = "\n…\n".join(new for block in blocks if (new := after(edits, text, lines, block)))
    if touched > MOST_LINES or len(told) > LONGEST or told.count("\n") >= MOST_LINES:
        return f"{touched} line{'' if touched == 1 else 's'} from line {blocks[0][0]} on (--diff shows them)"
    return told or "the line goes"


def after(edits: Sequence[Edit], text: str, lines: Lines, block: tuple[int, int]) -> str:
    end = lines.starts[block[1]] if block[1] < len(lines.starts) else len(text)
    new = apply_edits(text, list(edits), lines.starts[block[0] - 1], end)
    return "\n".join(line.strip() for line in new.splitlines() if line.strip())
