"""Takes statements out of a file, and the headers of `with` statements, whose bodies move to the left."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, Piece
from tfkdoctor.text import newline_of

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_REST = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")  # of a line behind a statement, with its comment
_INDENT = re.compile(r"[ \t]*")


def block_of(context: Context, node: ast.stmt) -> list[ast.stmt]:
    """The list of statements that a statement stands in."""
    parent = context.survey.names.parents.get(node)
    lists = [getattr(parent, field, None) for field in ("body", "orelse", "finalbody", "handlers")]
    return next((b for b in lists if isinstance(b, list) and node in b), [node])


def statement_of(context: Context, node: ast.AST) -> ast.stmt | None:
    """The statement that a node stands in."""
    current: ast.AST | None = node
    while current is not None and not isinstance(current, ast.stmt):
        current = context.survey.names.parents.get(current)
    return current


def line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def stands_alone(context: Context, node: ast.stmt) -> bool:
    """Whether nothing but a comment shares the lines of a statement."""
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    return not lines.text[line_start(lines.text, start) : start].strip() and _REST.match(lines.text, end) is not None


def removal(context: Context, node: ast.stmt, emptied: bool) -> Change:
    """The statement is no longer there; `emptied` says that its block would have none left."""
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    rest = _REST.match(lines.text, end)
    if emptied or not stands_alone(context, node) or rest is None:
        return Change(start, end, ("pass",))
    return Change(line_start(lines.text, start), rest.end(), ())


def replacement(
    context: Context, node: ast.stmt, statements: Sequence[tuple[Piece, ...]], vanished: Sequence[ast.With]
) -> Change:
    """Other statements in the place of one; `vanished` are the `with` statements whose bodies move to the left."""
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    separator: str = "; "
    if stands_alone(context, node):
        separator = newline_of(lines.text) + indentation(context, node, vanished)
    pieces: list[Piece] = []
    for number, statement in enumerate(statements):
        pieces += [separator] if number else []
        pieces += [p.replace("\n", separator) if isinstance(p, str) else p for p in statement]
    return Change(start, end, tuple(pieces))


def indentation(context: Context, node: ast.stmt, vanished: Sequence[ast.With]) -> str:
    """The blanks before a statement, once the `with` statements around it have gone."""
    width = _indent(context, node)
    less = sum(len(_indent(context, w.body[0])) - len(_indent(context, w)) for w in vanished if _is_within(node, w))
    return width[: len(width) - less]


def _indent(context: Context, node: ast.stmt) -> str:
    text = context.survey.lines.text
    match = _INDENT.match(text, line_start(text, context.survey.lines.start(node)))
    return match[0] if match is not None else ""


def _is_within(node: ast.stmt, outer: ast.With) -> bool:
    return node is not outer and outer.lineno < node.lineno <= (outer.end_lineno or outer.lineno)


def can_vanish(node: ast.With) -> bool:
    """Whether the body can move to the left: imports in it may become several lines, which would not."""
    return not any(isinstance(n, ast.Import | ast.ImportFrom) for s in node.body for n in ast.walk(s))


def header_gone(
    context: Context, node: ast.With, before: Sequence[tuple[Piece, ...]], vanished: Sequence[ast.With]
) -> list[Change]:
    """A `with` without its header: `before` stands in its place, and the body moves to the left."""
    lines, text = context.survey.lines, context.survey.lines.text
    start, first = lines.start(node), lines.start(node.body[0])
    colon = _colon(context, node)
    if node.body[0].lineno == _line(context, colon):
        head = _joined(before, newline_of(text) + indentation(context, node, vanished))
        return [Change(start, first, head)]
    rest = _REST.match(text, colon + 1)
    assert rest is not None
    changes = []
    if before:
        separator = newline_of(text) + indentation(context, node, vanished)
        changes.append(Change(start, rest.end(), (*_joined(before, separator)[:-1], newline_of(text))))
    else:
        changes.append(Change(line_start(text, start), rest.end(), ()))
    outer, inner = _indent(context, node), _indent(context, node.body[0])
    held = set(_lines_in_strings(node))
    last = node.end_lineno or node.lineno
    for line in range(_line(context, rest.end()), last + 1):
        at = lines.starts[line - 1]
        if line not in held and text.startswith(inner, at):
            changes.append(Change(at + len(outer), at + len(inner), ()))
    return changes


def _joined(statements: Sequence[tuple[Piece, ...]], separator: str) -> tuple[Piece, ...]:
    """Statements, each with the separator behind it."""
    pieces: list[Piece] = []
    for statement in statements:
        pieces += [p.replace("\n", separator) if isinstance(p, str) else p for p in statement]
        pieces.append(separator)
    return tuple(pieces)


def _colon(context: Context, node: ast.With) -> int:
    """Where the header of a `with` ends."""
    lines = context.survey.lines
    item = node.items[-1]
    position = lines.end(item.optional_vars or item.context_expr)
    return lines.text.index(":", position)


def _line(context: Context, offset: int) -> int:
    return context.survey.lines.position(offset)[0]


def _lines_in_strings(node: ast.stmt) -> Iterator[int]:
    """Lines that begin within a string: their blanks are its text."""
    for child in ast.walk(node):
        text = isinstance(child, ast.Constant) and isinstance(child.value, str | bytes)
        if (text or isinstance(child, ast.JoinedStr)) and isinstance(child, ast.expr):
            yield from range(child.lineno + 1, (child.end_lineno or child.lineno) + 1)
