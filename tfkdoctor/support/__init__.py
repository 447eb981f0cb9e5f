"""Pieces of old behaviour that migrated projects carry: one per file, plain TensorFlow and Keras.

Nothing here is imported by tfkdoctor; `module_text` puts the pieces that a project needs into one readable module.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

_HEADER = '''"""Old Keras and TensorFlow behaviour that this project's numbers rest on.

Written by tfkdoctor; yours to keep and edit. Each piece says what it keeps and what would remove it. tfkdoctor adds
missing pieces and never changes those that are here.
"""
'''


def pieces() -> tuple[str, ...]:
    """The names of all pieces."""
    return tuple(sorted(p.stem for p in Path(__file__).parent.glob("*.py") if p.stem != "__init__"))


def names_in(text: str) -> frozenset[str]:
    """The pieces that a support module holds already; empty for one that does not parse."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return frozenset()
    return frozenset(n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef))


def module_text(needed: Iterable[str], present: str | None) -> str:
    """The support module with all `needed` pieces; what is in `present` stays as it is, byte for byte."""
    have = names_in(present) if present is not None else frozenset()
    missing = [name for name in sorted(needed) if name not in have]
    if present is None:
        imports = sorted({line for name in missing for line in _imports(name)})
        parts = [_HEADER, "\n".join(imports) + "\n", *(_body(name) for name in missing)]
        return "\n\n".join(part.strip("\n") for part in parts).replace('"""\n\n\n', '"""\n\n', 1) + "\n"
    if not missing:
        return present
    imports = [line for line in sorted({i for name in missing for i in _imports(name)}) if line not in present]
    added = "\n\n".join(_body(name).strip("\n") for name in missing)
    block = "\n".join(imports) + "\n\n\n" + added if imports else added
    return present.rstrip("\n") + "\n\n\n" + block + "\n"


def _source(name: str) -> str:
    return (Path(__file__).parent / f"{name}.py").read_text("utf-8")


def _imports(name: str) -> list[str]:
    tree = ast.parse(_source(name))
    return [ast.unparse(n) for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]


def _body(name: str) -> str:
    """The definitions of a piece, with what its file says about it as a comment above."""
    text = _source(name)
    tree = ast.parse(text)
    lines = text.splitlines()
    first = next(n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef))
    start = min([first.lineno, *(d.lineno for d in first.decorator_list)]) - 1
    about = [f"# {line}".rstrip() for line in (ast.get_docstring(tree) or "").splitlines()]
    code = [line.split("  # type: ignore")[0] for line in lines[start:]]
    return "\n".join([*about, *code]) + "\n"
