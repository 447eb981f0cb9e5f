"""Reads `# tfk: ignore[TFK401] reason` comments, for a line, and `# tfk: ignore-file[…]`, for a file."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass

_COMMENT = re.compile(r"#\s*tfk:\s*ignore(?P<file>-file)?(?:\[(?P<codes>[^\]]*)\])?")


@dataclass(frozen=True, slots=True)
class Ignores:
    """(code, line) pairs, the code "" for every code; `file` holds codes for the whole file, "" for all."""

    lines: frozenset[tuple[str, int]] = frozenset()
    file: frozenset[str] = frozenset()

    def hides(self, code: str, line: int) -> bool:
        return code in self.file or "" in self.file or (code, line) in self.lines or ("", line) in self.lines


def spread(ignores: Ignores, tree: ast.Module) -> Ignores:
    """Let a comment on any line of a simple statement, or of the head of a compound one, speak for all its lines."""
    if not ignores.lines:
        return ignores
    heads: dict[int, tuple[int, int]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if isinstance(body, list) and body else node.end_lineno or node.lineno
            for line in range(node.lineno, max(last, node.lineno) + 1):
                heads[line] = (node.lineno, max(last, node.lineno))
    spread_out = {(code, n) for code, line in ignores.lines for n in _lines_of(heads.get(line, (line, line)))}
    return Ignores(frozenset(spread_out), ignores.file)


def _lines_of(span: tuple[int, int]) -> range:
    return range(span[0], span[1] + 1)


def read_ignores(text: str) -> Ignores:
    """The ignore comments of a module; strings that look like one do not count."""
    if "tfk:" not in text:
        return Ignores()
    lines: set[tuple[str, int]] = set()
    file: set[str] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
            match = _COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
            if match:
                codes = [c.strip() for c in (match["codes"] or "").split(",")]
                if match["file"]:
                    file.update(codes)
                else:
                    lines.update((code, token.start[0]) for code in codes)
    except (tokenize.TokenError, IndentationError):
        return Ignores()
    return Ignores(frozenset(lines), frozenset(file))
