"""The part of level `index` that asks how names are reached: `getattr` with a literal, and star imports.

The engine judges every name that is written: directly, through variables, aliases and the project's own modules. Here
the migrated text is asked for what is spelled in a string, and for names that its star imports bring no more.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping

from tfkdoctor.knowledge import Knowledge, load
from tfkdoctor.model import Finding, MigrationRun, Severity, Span
from tfkdoctor.validate import index
from tfkdoctor.validate.imports import ROOTS, bindings, bound_otherwise, is_import_from, unconditional

GONE_KERAS, GONE_TENSORFLOW, KEYWORD = "TFK202", "TFK204", "TFK304"


def reached(run: MigrationRun, texts: Mapping[str, str]) -> tuple[Finding, ...]:
    """Findings about the migrated texts (path -> text) that the engine cannot have."""
    knowledge = load(run.target.spec, run.origin, keras=run.target.keras or None)
    told = {(f.path, f.span.line) for f in run.all_findings() if f.span and f.code.startswith("TFK2") and not f.fix}
    found = []
    for path, text in sorted(texts.items()):
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        old = original(run, path)
        for finding in (*asked_for(tree, path, knowledge), *unbound(tree, path, knowledge)):
            placed = moved(finding, text.splitlines(), old)
            if placed.span is None or (path, placed.span.line) not in told:
                found.append(placed)
    return tuple(found)


def original(run: MigrationRun, path: str) -> list[str] | None:
    """The lines of a file before the migration; None where it is unchanged."""
    changed = any(file.path == path and file.text is not None for file in run.files)
    content = run.kept.get(path)
    return content.decode("utf-8-sig", "replace").splitlines() if changed and content is not None else None


def moved(finding: Finding, new: list[str], old: list[str] | None) -> Finding:
    """The finding with its line in the original, where that line was not rewritten; else without a place."""
    if old is None or finding.span is None:
        return finding
    line = new[finding.span.line - 1]
    places = [number for number, other in enumerate(old, 1) if other == line]
    if not places:
        return Finding(finding.code, finding.message, finding.severity, finding.path, help=finding.help)
    at = min(places, key=lambda number: abs(number - finding.span.line) if finding.span else 0)
    span = Span(at, finding.span.column, at, finding.span.end_column)
    return Finding(finding.code, finding.message, finding.severity, finding.path, span, finding.help)


def asked_for(tree: ast.Module, path: str, knowledge: Knowledge) -> Iterator[Finding]:
    """`getattr(keras.layers, 'CuDNNLSTM')` without a default: a name that is gone, or keywords it does not take."""
    nodes = list(unconditional(tree))
    known = names(tree, [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)])
    for node in nodes:
        call = node.func if isinstance(node, ast.Call) and isinstance(node.func, ast.Call) else None
        if isinstance(node, ast.Call) and (owner := owner_of(node, known)) and knowledge.is_module(owner):
            name = f"{owner}.{literal(node)}"
            if not knowledge.exists(name):
                code = GONE_KERAS if "keras" in name else GONE_TENSORFLOW
                yield error(code, f"`{name}`, taken with getattr, does not exist in the target", path, node)
        if isinstance(node, ast.Call) and call is not None and (owner := owner_of(call, known)):
            name = f"{owner}.{literal(call)}"
            for keyword in node.keywords:
                signatures = knowledge.target_signatures(name)
                if keyword.arg and signatures and not all(one.accepts(keyword.arg) for one in signatures):
                    yield error(KEYWORD, f"`{name}` takes no argument `{keyword.arg}` in the target", path, node)


def literal(call: ast.Call) -> str:
    """The name that a `getattr` of two arguments spells out; "" for other calls."""
    plain = isinstance(call.func, ast.Name) and call.func.id == "getattr" and len(call.args) == 2 and not call.keywords
    value = call.args[1] if plain else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""


def owner_of(call: ast.Call, known: Mapping[str, str]) -> str:
    """The canonical name of what a literal `getattr` asks; "" where that is not TensorFlow or Keras."""
    return canonical(call.args[0], known) if literal(call) else ""


def names(tree: ast.Module, imports: Iterable[ast.Import | ast.ImportFrom]) -> dict[str, str]:
    """Local name -> canonical one: imports, and variables that are given such a name once."""
    known = bindings([node for node in imports if is_import_from(node, ROOTS)])
    others = list(bound_otherwise(tree))
    for name in others:
        known.pop(name, None)
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name, value = node.targets[0].id, canonical(node.value, known)
            if value and others.count(name) == 1:
                known[name] = value
    return known


def canonical(node: ast.expr, known: Mapping[str, str]) -> str:
    chain: list[str] = []
    while isinstance(node, ast.Attribute):
        chain.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in known:
        return ""
    return ".".join([known[node.id], *reversed(chain)])


def unbound(tree: ast.Module, path: str, knowledge: Knowledge) -> Iterator[Finding]:
    """Names that nothing binds but a star import of Keras that brought them once and does not any more."""
    stars = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"]
    modules = [node.module or "" for node in stars]
    if not stars or not all(is_import_from(node, ROOTS) for node in stars):
        return
    bound = set(bound_otherwise(tree)) | set(dir(builtins)) | {"__file__", "__name__", "__doc__"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            bound.update(alias.asname or alias.name.split(".")[0] for alias in node.names)
    bound.update(*(knowledge.star_names(module) for module in modules))
    for node in sorted((n for n in ast.walk(tree) if isinstance(n, ast.Name)), key=lambda n: (n.lineno, n.col_offset)):
        if node.id in bound:
            continue
        old = [m for m in modules if brought(m, node.id)]
        if old:
            bound.add(node.id)  # once is enough
            message = f"`{node.id}` does not exist in the target: `from {old[0]} import *` brings it no more"
            yield error(GONE_KERAS, message, path, node)


def brought(module: str, name: str) -> bool:
    """Whether a star import of this module brought the name in any old Keras."""
    view = index.load("keras")
    return any(name in view.star(module.removeprefix("tensorflow."), version) for version in view.versions())


def error(code: str, message: str, path: str, node: ast.expr) -> Finding:
    end = node.end_col_offset or node.col_offset
    span = Span(node.lineno, node.col_offset + 1, node.end_lineno or node.lineno, end + 1)
    return Finding(code, message, Severity.ERROR, path, span)
