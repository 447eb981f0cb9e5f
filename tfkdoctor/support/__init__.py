"""Pieces of old behaviour that migrated projects carry, plain TensorFlow and Keras.

A piece is a public class or function of a file here. What its file defines beside it (other pieces, helpers with a
leading underscore) comes along, and so do the files from which that file imports. Nothing here is imported by
tfkdoctor; `module_text` puts the pieces that a project needs into one readable module.

A file runs with Keras 3 and with Keras 2 (tf.keras up to TensorFlow 2.15, tf_keras), except those that `KERAS_3_ONLY`
names; a file of the same name under `keras2/` takes its place where the target is Keras 2.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

# What Keras 2 does by itself, or what no rule writes for it: files, by their stem.
KERAS_3_ONLY = frozenset(
    [
        *("adagrad", "in_lambda", "load_model", "load_weights", "model_from_json", "nadam"),
        *("rmsprop", "slots", "time_distributed", "trainable_at_compile", "with_training", "all_masks", "copied"),
        *("fresh_draws", "keras_seed", "seeds_from_numpy", "sequence_epochs", "updates", "with_get_updates"),
        *("by_outputs", "endless_batches", "output_losses", "ordered_weights"),
    ]
)

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


def pieces(keras: str = "3") -> tuple[str, ...]:
    """The names of all pieces that run with a generation of Keras: "2", "3", or "mixed" for both."""
    return tuple(sorted(_homes(keras)))


@cache
def signature(name: str) -> str | None:
    """The parameters of a piece as source text, `(x, rate=0.5)`; None where there is no such piece."""
    keras = next((one for one in ("3", "2") if name in _homes(one)), None)
    text = _files(keras)[_homes(keras)[name]].definitions[name] if keras is not None else ""
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


def module_text(needed: Iterable[str], present: str | None, keras: str = "3", package: str = "tensorflow.keras") -> str:
    """The support module with all `needed` pieces; what is in `present` stays as it is, byte for byte.

    `keras` is the generation that it is for, `package` what the target's Keras is imported from.
    """
    have = names_in(present) if present is not None else frozenset()
    wanted = {_homes(keras)[name] for name in needed if name not in have}
    files = [_imported_from(package, _files(keras)[stem]) for stem in _with_those_before(wanted, keras)]
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


def _imported_from(package: str, file: _File) -> _File:
    """The same file for tf_keras, which is imported as `keras`: what is said of tf.keras in words stays."""
    if package == "tensorflow.keras":
        return file
    definitions = {name: _respelled(text) for name, text in file.definitions.items()}
    used = any(re.search(r"\btf\.", _bare(text)) for text in definitions.values())
    kept = {"import tensorflow as tf"} if used else set()
    imports = {line for line in file.imports if line != "import tensorflow as tf"} | kept
    if any(re.search(r"\bkeras\.", _bare(text)) for text in definitions.values()):
        imports.add(f"import {package} as keras")
    return replace(file, imports=tuple(sorted(imports)), definitions=definitions)


def _respelled(text: str) -> str:
    """`tf.keras` as `keras` wherever it is code."""
    return "".join(part if quoted else re.sub(r"\btf\.keras\b", "keras", part) for part, quoted in _told_apart(text))


def _bare(text: str) -> str:
    return "".join(part for part, quoted in _told_apart(text) if not quoted)


def _told_apart(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of a text in order, and whether each is a string or a comment."""
    position = 0
    for match in re.finditer(r'"""(?:.|\n)*?"""|"[^"\n]*"|#[^\n]*', text):
        yield text[position : match.start()], False
        yield match[0], True
        position = match.end()
    yield text[position:], False


def _with_those_before(stems: Iterable[str], keras: str) -> list[str]:
    """These files, each after the ones that it uses."""
    ordered: dict[str, None] = {}
    for stem in sorted(stems):
        ordered |= dict.fromkeys([*_with_those_before(_files(keras)[stem].after, keras), stem])
    return list(ordered)


@cache
def _homes(keras: str) -> dict[str, str]:
    """Piece -> the file that defines it."""
    return {
        name: stem
        for stem, file in _files(keras).items()
        for name, text in file.definitions.items()
        if not name.startswith("_") and name in names_in(text)
    }


@cache
def _files(keras: str) -> dict[str, _File]:
    """The files of a generation of Keras by their stem; those that run with both only, if a target holds both."""
    folder = Path(__file__).parent
    paths = {path.stem: path for path in sorted(folder.glob("*.py")) if path.stem != "__init__"}
    others = {path.stem: path for path in sorted(folder.glob("keras2/*.py"))}
    if keras != "3":
        paths = {stem: path for stem, path in paths.items() if stem not in KERAS_3_ONLY}
        paths = paths | others if keras == "2" else {s: p for s, p in paths.items() if s not in others}
    files = {stem: _read(path.read_text("utf-8")) for stem, path in sorted(paths.items())}
    while broken := [stem for stem, file in files.items() if not set(file.after) <= files.keys()]:
        files = {stem: file for stem, file in files.items() if stem not in broken}
    return files


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
