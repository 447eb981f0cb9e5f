"""Writes import statements anew: what moves, what stays, what must be imported besides.

Comments and layout survive: where everything that a statement imports moves to one module, only the module's name is
replaced; else the moved names are taken out of it and get statements of their own before it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tfkdoctor.migrate.names import Names
from tfkdoctor.migrate.plans import ImportPlan
from tfkdoctor.model import Edit
from tfkdoctor.text import Lines, newline_of

_FROM = re.compile(r"from(\s+)((?:[.\w]|\s|\\\r?\n)+?)(\s+)import\b")


@dataclass(frozen=True, slots=True)
class Spelling:
    """One import: `from module import name as bound`, or a star."""

    module: str
    name: str
    bound: str

    @property
    def alias(self) -> str:
        return self.name if self.name in (self.bound, "*") else f"{self.name} as {self.bound}"

    @property
    def statement(self) -> str:
        return f"from {self.module} import {self.alias}" if self.module else f"import {self.alias}"


def spelling(plan: ImportPlan, target: str) -> Spelling:
    """How the import of a moved binding is written; `target` is the name that it is imported by."""
    binding = plan.binding
    assert binding is not None
    if binding.kind == "star":
        return Spelling(target, "*", "*")
    if target == "tensorflow.compat.v1":
        return Spelling("", target, binding.name)
    module, _, name = target.rpartition(".")
    return Spelling(module, name, binding.name)


def statement_edits(
    node: ast.Import | ast.ImportFrom,
    moved: dict[ast.alias, tuple[Spelling, ...]],
    extra: Sequence[Spelling],
    lines: Lines,
    names: Names,
    duplicate: bool,
) -> tuple[Edit, ...]:
    """The edits of one import statement.

    `moved` gives each alias that moves its new imports (none: it is no longer needed); `extra` are imports that must be
    there besides; `duplicate` says that an earlier statement of the block imports the very same already.
    """
    start, end = lines.start(node), lines.end(node)
    plain = isinstance(node, ast.Import)  # `import keras.layers` beside `import keras`
    if duplicate and plain and not extra and len(moved) == len(node.names) and _is_alone(node, lines, names):
        return (_whole_line(start, end, lines),)
    staying = [a for a in node.names if a not in moved]
    spellings = [s for a in node.names for s in moved.get(a, ())]
    new = _unique([*spellings, *extra])
    if not staying and not new:
        return (_whole_line(start, end, lines) if _is_alone(node, lines, names) else Edit(start, end, "pass"),)
    if isinstance(node, ast.ImportFrom) and not staying and not extra:
        edits = _in_place(node, moved, lines)
        if edits is not None:
            return edits
    separator = _separator(start, lines)
    if staying:
        before = separator.join(_statements(new)) + separator if new else ""
        if isinstance(node, ast.Import):
            kept = "import " + ", ".join(lines.text[lines.start(a) : lines.end(a)] for a in staying)
            return (Edit(start, end, before + kept),)
        first = (Edit(start, start, before),) if before else ()
        return (*first, *_without(node, [a for a in node.names if a in moved], lines))
    if "#" not in lines.text[start:end]:
        return (Edit(start, end, separator.join(_statements(new))),)
    return _keeping_comments(node, moved, new, separator, lines)


def _in_place(
    node: ast.ImportFrom, moved: dict[ast.alias, tuple[Spelling, ...]], lines: Lines
) -> tuple[Edit, ...] | None:
    """One module for all names: replace its name, and each alias that is called differently there."""
    gone = [a for a in node.names if not moved[a]]
    groups = [moved[a] for a in node.names if moved[a]]
    modules = {s.module for group in groups for s in group}
    if len(modules) != 1 or "" in modules or any(len(group) != 1 for group in groups):
        return None
    start, end = lines.start(node), lines.end(node)
    match = _FROM.match(lines.text, start, end)
    if match is None:
        return None
    edits = [Edit(match.start(2), match.end(2), modules.pop())]
    for alias, (new,) in zip([a for a in node.names if moved[a]], groups, strict=True):
        old = lines.text[lines.start(alias) : lines.end(alias)]
        written = new.alias
        if old != written and " ".join(old.split()) != written:
            edits.append(Edit(lines.start(alias), lines.end(alias), written))
    return (*edits, *_without(node, gone, lines))


def _keeping_comments(
    node: ast.Import | ast.ImportFrom,
    moved: dict[ast.alias, tuple[Spelling, ...]],
    new: Sequence[Spelling],
    separator: str,
    lines: Lines,
) -> tuple[Edit, ...]:
    """A statement with comments in it whose names part: the largest group stays in it, the others go before it."""
    assert isinstance(node, ast.ImportFrom)
    counts: dict[str, int] = {}
    for group in moved.values():
        for one in group:
            counts[one.module] = counts.get(one.module, 0) + 1
    home = max(counts, key=lambda module: counts[module])
    stays = {a: group[0] for a, group in moved.items() if len(group) == 1 and group[0].module == home}
    others = [s for s in new if s not in stays.values()]
    start, end = lines.start(node), lines.end(node)
    match = _FROM.match(lines.text, start, end)
    assert match is not None
    edits = [Edit(match.start(2), match.end(2), home)]
    if others:
        edits.append(Edit(start, start, separator.join(_statements(others)) + separator))
    for alias, one in stays.items():
        if lines.text[lines.start(alias) : lines.end(alias)] != one.alias:
            edits.append(Edit(lines.start(alias), lines.end(alias), one.alias))
    return (*edits, *_without(node, [a for a in node.names if a not in stays], lines))


def _without(node: ast.ImportFrom, gone: Sequence[ast.alias], lines: Lines) -> tuple[Edit, ...]:
    """Take aliases out of a from-import, each with the comma after it, the last one with the comma before it."""
    edits = []
    names = list(node.names)
    end = lines.end(node)
    runs: list[list[ast.alias]] = []
    for alias in names:
        if alias in gone:
            if runs and names.index(runs[-1][-1]) == names.index(alias) - 1:
                runs[-1].append(alias)
            else:
                runs.append([alias])
    for run in runs:
        first, last = names.index(run[0]), names.index(run[-1])
        if last + 1 < len(names) and "#" not in lines.text[lines.start(run[0]) : lines.start(names[last + 1])]:
            edits.append(Edit(lines.start(run[0]), lines.start(names[last + 1]), ""))
        elif (
            last + 1 == len(names)
            and first > 0
            and "#" not in lines.text[lines.end(names[first - 1]) : lines.end(run[-1])]
        ):
            edits.append(Edit(lines.end(names[first - 1]), lines.end(run[-1]), ""))
        else:
            edits += [_alias_and_comma(alias, end, lines) for alias in run]
    return tuple(edits)


def _alias_and_comma(alias: ast.alias, end: int, lines: Lines) -> Edit:
    start, stop = lines.start(alias), lines.end(alias)
    comma = re.compile(r"[ \t]*,[ \t]?").match(lines.text, stop, end)
    return Edit(start, comma.end() if comma else stop, "")


def _statements(spellings: Sequence[Spelling]) -> list[str]:
    """One statement per module, in the order of first appearance."""
    groups: dict[str, list[Spelling]] = {}
    for one in spellings:
        groups.setdefault(one.module if one.name != "*" else one.module + " *", []).append(one)
    return [
        f"from {group[0].module} import {', '.join(s.alias for s in group)}" if group[0].module else group[0].statement
        for group in groups.values()
    ]


def _unique(spellings: Sequence[Spelling]) -> list[Spelling]:
    return list(dict.fromkeys(spellings))


def _separator(start: int, lines: Lines) -> str:
    """What stands between two statements here: a line break and the indentation, or a semicolon within a line."""
    line = lines.text.rfind("\n", 0, start) + 1
    line = max(line, lines.text.rfind("\r", 0, start) + 1)
    indent = lines.text[line:start]
    return newline_of(lines.text) + indent if not indent.strip() else "; "


def _is_alone(node: ast.stmt, lines: Lines, names: Names) -> bool:
    """Whether a statement can go without a trace: nothing else on its line, something else in its block."""
    start, end = lines.start(node), lines.end(node)
    before = re.split(r"[\r\n]", lines.text[:start])[-1]
    after = re.split(r"[\r\n]", lines.text[end:], maxsplit=1)[0]
    parent = names.parents.get(node)
    blocks = [getattr(parent, field, None) for field in ("body", "orelse", "finalbody")]
    block = next((b for b in blocks if isinstance(b, list) and node in b), [])
    return not before.strip() and not after.strip() and len(block) > 1


def _whole_line(start: int, end: int, lines: Lines) -> Edit:
    first = max(lines.text.rfind("\n", 0, start), lines.text.rfind("\r", 0, start)) + 1
    newline = re.compile(r"[ \t]*(?:\r\n|\r|\n|\Z)").match(lines.text, end)
    return Edit(first, newline.end() if newline else end, "")
