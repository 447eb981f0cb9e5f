"""Reads out of migrated files how a project reaches TensorFlow and Keras: its import lines and the names it uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

ROOTS = frozenset({"tensorflow", "tf_keras", "keras"})
KERAS = "tensorflow.keras"
LEGACY_KERAS = "tf_keras"
ASKED = re.compile(r"\bgetattr\s*\(|\bimport\s*\*")  # names that `reached.py` has to look for
_CATCHES = re.compile(r"\b(ImportError|ModuleNotFoundError|AttributeError|Exception|BaseException)\b")
_ASKS = re.compile(r"version|hasattr|getattr|backend|platform|os\.name|TYPE_CHECKING|PY[23]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """A piece of a project's text (an import line, or a canonical dotted name) and where it stands first."""

    text: str
    where: str  # path:line


@dataclass(frozen=True, slots=True)
class ImportStyle:
    """The import lines and the API names that a project uses, each once, and the Keras that it stands on."""

    statements: tuple[Use, ...] = ()
    names: tuple[Use, ...] = ()
    root: str = KERAS


def import_style(files: Mapping[str, str]) -> ImportStyle:
    """The style of a project (path -> text). Left out is whatever a project itself expects to fail in some versions.

    That is: what stands in a `try` that catches a missing name, or under a version switch; files that do not parse;
    names that a file also binds otherwise; and modules of the project that bear the name of a package.
    """
    roots = ROOTS - {_top_module(path) for path in files}
    statements: dict[str, str] = {}
    names: dict[str, str] = {}
    for path, text in sorted(files.items()):
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        expected = (node for node in unconditional(tree) if isinstance(node, ast.Import | ast.ImportFrom))
        imports = [node for node in expected if is_import_from(node, roots)]
        for node in imports:
            statements.setdefault(ast.unparse(node), f"{path}:{node.lineno}")
        for name, line in _used_names(tree, imports):
            names.setdefault(name, f"{path}:{line}")
    root = LEGACY_KERAS if any(_root(name) == LEGACY_KERAS for name in [*names, *statements]) else KERAS
    return ImportStyle(_uses(statements), _uses(names), root)


def _top_module(path: str) -> str:
    """What `import` calls the first folder of a path, or the file itself at the top."""
    return PurePath(path).with_suffix("").parts[0]


def _uses(found: Mapping[str, str]) -> tuple[Use, ...]:
    return tuple(Use(text, where) for text, where in found.items())


def _root(text: str) -> str:
    """The package that a dotted name or an import line begins with."""
    return text.removeprefix("from ").removeprefix("import ").split(".")[0].split(" ")[0]


def is_import_from(node: ast.Import | ast.ImportFrom, roots: Iterable[str]) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.level == 0 and (node.module or "").split(".")[0] in roots
    return all(alias.name.split(".")[0] in roots for alias in node.names)


def unconditional(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node that stands under no `try` that catches a missing name and no `if` that asks for a version."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if not _expects_failure(node):
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def _expects_failure(node: ast.AST) -> bool:
    if isinstance(node, ast.Try):
        return any(h.type is None or _CATCHES.search(ast.unparse(h.type)) for h in node.handlers)
    return isinstance(node, ast.If | ast.IfExp) and bool(_ASKS.search(ast.unparse(node.test)))


def _used_names(tree: ast.AST, imports: Iterable[ast.Import | ast.ImportFrom]) -> Iterator[tuple[str, int]]:
    """Canonical names of what is used of an import, alone or at the head of attributes, with their lines."""
    bound = bindings(imports)
    for name in bound_otherwise(tree):
        bound.pop(name, None)
    inner: set[int] = set()
    for node in unconditional(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and id(node) not in inner:
            chain, base = [node.attr], node.value
            while isinstance(base, ast.Attribute):
                inner.add(id(base))
                chain.append(base.attr)
                base = base.value
            inner.add(id(base))
            if isinstance(base, ast.Name) and base.id in bound:
                yield ".".join([bound[base.id], *reversed(chain)]), node.lineno
        elif isinstance(node, ast.Name) and id(node) not in inner and "." in bound.get(node.id, ""):
            yield bound[node.id], node.lineno


def bindings(imports: Iterable[ast.Import | ast.ImportFrom]) -> dict[str, str]:
    """Local name -> canonical name, for names that mean the same in every import statement of the file."""
    bound: dict[str, set[str]] = {}
    for node in imports:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                bound.setdefault(alias.asname or alias.name, set()).add(f"{node.module}.{alias.name}")
        else:
            for alias in node.names:
                local = alias.asname or _root(alias.name)
                bound.setdefault(local, set()).add(alias.name if alias.asname else local)
    return {local: meanings.pop() for local, meanings in bound.items() if len(meanings) == 1}


def bound_otherwise(tree: ast.AST) -> Iterator[str]:
    """Names that an assignment, a parameter, a definition or an import from elsewhere binds anywhere in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom) and not is_import_from(node, ROOTS):
            yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
