"""Pieces of old behaviour that migrated projects carry, plain TensorFlow and Keras.

A piece is a public class or function of a file here. What its file defines beside it (other pieces, helpers with a
leading underscore) comes along, and so do the files from which that file imports. Nothing here is imported by
tfkdoctor; `module_text` puts the pieces that a project needs into one readable module.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_HEADER = '''"""Old Keras and TensorFlow behaviour that this project's numbers rest on.

Written by tfkdoctor; yours to keep and edit. Each piece says what it keeps and what would remove it. tfkdoctor adds
missing pieces and never changes those that are here.
"""
'''


@dataclass(frozen=True, slots=True)
class _File:
    """A file of pieces: what it says about them, what it imports, and name -> text of what it defines, in order."""

    about: str
    imports: tuple[str, ...]
    after: tuple[str, ...]  # the files whose definitions these ones use
    definitions: dict[str, str]


def is_module(content: bytes) -> bool:
    """Whether a file is a support module that was written here: it is its owner's, and never migrated."""
    return content.replace(b"\r\n", b"\n").startswith(_HEADER.encode())


def pieces() -> tuple[str, ...]:
    """The names of all pieces."""
    return tuple(sorted(_homes()))


@cache
def signature(name: str) -> str | None:
    """The parameters of a piece as source text, `(x, rate=0.5)`; None where there is no such piece."""
    text = _files()[_homes()[name]].definitions[name] if name in _homes() else ""
    node = next((n for n in _parsed(text).body if isinstance(n, ast.FunctionDef | ast.ClassDef)), None)
    if isinstance(node, ast.ClassDef):
        made = (n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__")
        node = next(made, None)
        if node is not None:
            del node.args.args[0]
    return f"({ast.unparse(node.args)})" if node is not None else None


def names_in(text: str) -> frozenset[str]:
    """The classes and functions that a support module holds already; empty for one that does not parse."""
    return frozenset(n.name for n in _parsed(text).body if isinstance(n, ast.FunctionDef | ast.ClassDef))


def module_text(needed: Iterable[str], present: str | None) -> str:
    """The support module with all `needed` pieces; what is in `present` stays as it is, byte for byte."""
    have = names_in(present) if present is not None else frozenset()
    files = [_files()[stem] for stem in _with_those_before({_homes()[name] for name in needed if name not in have})]
    if present is not None and not files:
        return present
    there = _read(present or "")
    bodies = [body for file in files if (body := _body(file, there.definitions))]
    imports = _imports({line for file in files for line in file.imports} - set(there.imports))
    added = "\n\n\n".join(part for part in (imports, *bodies) if part)
    return f"{_HEADER}\n{added}\n" if present is None else present.rstrip("\n") + f"\n\n\n{added}\n"


def _imports(lines: Iterable[str]) -> str:
    """Import statements in two blocks: Python's own modules, and others."""
    own = {line: line.split()[1].partition(".")[0] in sys.stdlib_module_names for line in sorted(lines)}
    blocks = ("\n".join(line for line in own if own[line] is wanted) for wanted in (True, False))
    return "\n\n".join(block for block in blocks if block)


def _body(file: _File, defined: Container[str]) -> str:
    """The definitions of a file that are not there yet, with what the file says about them as a comment above."""
    missing = [text for name, text in file.definitions.items() if name not in defined]
    about = "\n".join(f"# {line}".rstrip() for line in file.about.splitlines())
    return "\n\n\n".join([f"{about}\n{missing[0]}", *missing[1:]]) if missing else ""


def _with_those_before(stems: Iterable[str]) -> list[str]:
    """These files, each after the ones that it uses."""
    ordered: dict[str, None] = {}
    for stem in sorted(stems):
        ordered |= dict.fromkeys([*_with_those_before(_files()[stem].after), stem])
    return list(ordered)


@cache
def _homes() -> dict[str, str]:
    """Piece -> the file that defines it."""
    return {
        name: stem
        for stem, file in _files().items()
        for name, text in file.definitions.items()
        if not name.startswith("_") and name in names_in(text)
    }


@cache
def _files() -> dict[str, _File]:
    paths = sorted(Path(__file__).parent.glob("*.py"))
    return {path.stem: _read(path.read_text("utf-8")) for path in paths if path.stem != "__init__"}


def _read(text: str) -> _File:
    tree = _parsed(text)
    lines = [line.split("  # type: ignore")[0] for line in text.splitlines()]
    imports = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
    after = [n.module for n in imports if isinstance(n, ast.ImportFrom) and (n.module or "").startswith(__name__)]
    definitions = {}
    end = max((n.end_lineno or 0 for n in tree.body if n in imports or isinstance(n, ast.Expr)), default=0)
    for name, node in _definitions(tree):
        assert node.end_lineno is not None
        definitions[name] = "\n".join(lines[end : node.end_lineno]).strip("\n")
        end = node.end_lineno
    return _File(
        ast.get_docstring(tree) or "",
        tuple(ast.unparse(n) for n in imports if not ast.unparse(n).startswith(f"from {__name__}")),
        tuple(str(module).rpartition(".")[2] for module in after),
        definitions,
    )


def _definitions(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    """What a module defines at its top: classes, functions and constants."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node


def _parsed(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.Module([], [])
