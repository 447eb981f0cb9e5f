"""Templates of code: texts with holes, `{x}` for nodes of the original, `{@keras.ops.mean}` for canonical names.

`{arguments}` is the whole argument list of a call as it stands.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from tfkdoctor.migrate.plans import Change, Piece, TemplatePlan
from tfkdoctor.model import Edit
from tfkdoctor.spellings import target_name
from tfkdoctor.text import Lines, apply_edits

NAME = re.compile(r"\{@([\w.]+)\}")
_HOLE = re.compile(r"\{(\w+)\}")
_CLOSED = (
    ast.Name,
    ast.Attribute,
    ast.Call,
    ast.Subscript,
    ast.List,
    ast.Dict,
    ast.Set,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.JoinedStr,
)  # binds as tightly as an expression can, without parentheses


def holes_of(template: str) -> tuple[str, ...]:
    """The names of the nodes that a template asks for."""
    return tuple(_HOLE.findall(NAME.sub("", template)))


def fill(template: str, nodes: Mapping[str, ast.expr], lines: Lines, call: ast.expr | None = None) -> tuple[Piece, ...]:
    """The pieces of a template with these nodes in its holes, in parentheses where what stands around asks for them."""
    pieces: list[Piece] = []
    position = 0
    for match in _HOLE.finditer(template):
        if template[match.start() - 1 : match.start()] == "@":
            continue
        before, after = template[position : match.start()], template[match.end() :]
        if match[1] == "arguments" and isinstance(call, ast.Call):
            start, end = lines.end(call.func) + 1, lines.end(call) - 1
            broken = lines.text[start:end].startswith(("\n", "\r"))  # the first argument stands in a line of its own
            pieces += [before.rstrip(" ") if broken else before, (start, end)]
            position = match.end()
            continue
        node = nodes[match[1]]
        if is_closed(node, lines) or _is_alone(before or "".join(map(str, pieces[-1:])), after):
            pieces += [before, node]
        else:
            pieces += [before + "(", node, ")"]
        position = match.end()
    return tuple(p for p in [*pieces, template[position:]] if p != "")


def is_closed(node: ast.expr, lines: Lines) -> bool:
    """Whether a node can stand anywhere without parentheses: before a dot, beside an operator."""
    if isinstance(node, ast.Constant):
        return not isinstance(node.value, int | float | complex) or isinstance(node.value, bool)
    if isinstance(node, ast.Tuple):
        return lines.segment(node).startswith("(")
    return isinstance(node, _CLOSED) and "\n" not in lines.segment(node)


def _is_alone(before: str, after: str) -> bool:
    """Whether a hole is a whole argument or element: `f({x}, axis=1)`."""
    return before.rstrip().endswith(("(", "[", ",", "=", "{")) and after.lstrip().startswith((")", "]", ",", "}"))


def names_of(changes: Sequence[Change]) -> list[str]:
    """The canonical names that changes ask for, as the templates say them."""
    return [n for c in changes for p in c.pieces if isinstance(p, str) for n in NAME.findall(p)]


def introduced(changes: Sequence[Change]) -> frozenset[str]:
    """The canonical names of the target that changes bring in."""
    return frozenset(target_name(name) for name in names_of(changes))


def change_edits(plan: TemplatePlan, lines: Lines, inner: Sequence[Edit], words: Mapping[str, str]) -> tuple[Edit, ...]:
    """The edits of a plan; `inner` are edits within the nodes that it carries along."""

    def text(piece: Piece) -> str:
        if isinstance(piece, str):
            return NAME.sub(lambda m: words.get(m[1], m[1]), piece)
        start, end = piece if isinstance(piece, tuple) else (lines.start(piece), lines.end(piece))
        return apply_edits(lines.text, list(inner), start, end)

    return tuple(Edit(c.start, c.end, "".join(map(text, c.pieces))) for c in plan.changes)


def size_of(plan: TemplatePlan, lines: Lines) -> int:
    """The length of the longest range that must be ready before this plan."""
    nodes = [p for c in plan.changes for p in c.pieces if isinstance(p, ast.expr)]
    spans = [c.end - c.start for c in plan.changes] + [lines.end(n) - lines.start(n) for n in nodes]
    return max(spans, default=0)
