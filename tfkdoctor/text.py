"""Source text: decoding by PEP 263, and the way between `ast` positions and offsets of the decoded text.

Newlines are kept as they are. What Python takes for the end of a line is `\\n`, `\\r\\n` or `\\r`; a form feed, `\\v`
or U+2028, where `str.splitlines` would split too, is none.
"""

from __future__ import annotations

import ast
import codecs
import io
import re
import tokenize
from bisect import bisect_right
from dataclasses import dataclass

from tfkdoctor.model import Edit, Finding, Severity, Span

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read: its bytes, and its text without the byte order mark."""

    path: str
    content: bytes
    text: str
    encoding: str
    bom: bytes = b""


def decode(path: str, content: bytes) -> Source | Finding:
    """Decode a Python file by its byte order mark and coding comment; a finding (TFK002) where it is no text."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        bom = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
        name = "utf-8" if encoding == "utf-8-sig" else encoding
        text = content[len(bom) :].decode(name)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        return _unreadable(path, f"the file is not text in its declared encoding: {error}")
    if "\0" in text:
        return _unreadable(path, "the file holds a null byte, so it is no Python source")
    source = Source(path, content, text, name, bom)
    if encode(text, source) != content:
        return _unreadable(path, f"the file does not survive decoding and encoding as {name}")
    return source


def encode(text: str, source: Source) -> bytes:
    """The bytes of `text` in the encoding, and with the byte order mark, of `source`."""
    return source.bom + text.encode(source.encoding)


def _unreadable(path: str, message: str) -> Finding:
    return Finding(
        "TFK002",
        message,
        Severity.ERROR,
        path,
        help="save it as UTF-8, or state its encoding in a `# -*- coding: … -*-` line; it was left untouched",
    )


def newline_of(text: str) -> str:
    """The newline that the first line ends with; `\\n` where there is none."""
    match = re.search(r"\r\n|\r|\n", text)
    return match[0] if match else "\n"


class Lines:
    """The lines of a text: maps `ast` positions (line, UTF-8 byte column) to offsets in code points and back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [m.start() for m in _LINE.finditer(text) if m.start() < len(text)] or [0]

    def offset(self, line: int, column: int) -> int:
        """Offset of an `ast` position; `line` counts from 1, `column` in UTF-8 bytes."""
        start = self.starts[line - 1] if line <= len(self.starts) else len(self.text)
        piece = self.text[start : start + column]
        if piece.isascii():
            return start + column
        return start + len(self.text[start:].encode("utf-8", "surrogatepass")[:column].decode("utf-8", "surrogatepass"))

    def start(self, node: ast.expr | ast.stmt | ast.alias | ast.keyword | ast.arg) -> int:
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt | ast.alias | ast.keyword | ast.arg) -> int:
        return self.offset(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def segment(self, node: ast.expr | ast.stmt) -> str:
        return self.text[self.start(node) : self.end(node)]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1, the column in code points."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        return Span(*self.position(start), *self.position(end))


def apply_edits(text: str, edits: list[Edit] | tuple[Edit, ...], start: int = 0, end: int | None = None) -> str:
    """`text[start:end]` with the edits inside it applied; an edit that lies within another one is swallowed by it.

    Insertions at one offset keep their order; they come before a replacement that begins there.
    """
    end = len(text) if end is None else end
    pieces: list[str] = []
    position = start
    for edit in sorted(edits, key=lambda e: (e.start, e.end > e.start, -e.end)):
        if edit.start < position or edit.end > end:
            continue
        pieces += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*pieces, text[position:end]])
