"""How a text ends, as far as an expression shows it: by a literal, or the names that lead to one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from tfkdoctor.migrate.names import Names, Scope, lookup

_DEPTH = 8
_PERCENT = re.compile(r"%(?:\(\w+\))?[-#0 +]*[\d*]*(?:\.[\d*]+)?[a-zA-Z%]")
_BRACES = re.compile(r"\{[^{}]*\}")
_KEPT = ("str", "fspath", "abspath", "realpath", "normpath", "expanduser", "Path")  # the text of a path still ends so


def endings(node: ast.expr, scope: Scope, names: Names, depth: int = 0) -> frozenset[str] | None:
    """The texts that a value may end with, one for each way that leads to it; None where one shows nothing."""
    if depth > _DEPTH:
        return None
    if isinstance(node, ast.Constant):
        return frozenset([node.value]) if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return endings(node.values[-1], scope, names, depth + 1) if node.values else None
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Mod):
            return _behind(endings(node.left, scope, names, depth + 1), _PERCENT)
        if isinstance(node.op, ast.Add | ast.Div):
            return endings(node.right, scope, names, depth + 1)
        return None
    if isinstance(node, ast.IfExp):
        return _united([node.body, node.orelse], scope, names, depth)
    if isinstance(node, ast.Call):
        return _of_call(node, scope, names, depth)
    if isinstance(node, ast.Name):
        bindings = lookup(scope, node.id)
        if not bindings or any(b.kind != "assign" or not isinstance(b.statement, ast.Assign) for b in bindings):
            return None
        return _united([b.value for b in bindings], bindings[0].scope, names, depth)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        owner = scope.enclosing_class()
        values = names.attributes.get((owner, node.attr), []) if owner is not None else []
        return _united(values, Scope("function", node, scope.module), names, depth) if values else None
    return None


def _of_call(node: ast.Call, scope: Scope, names: Names, depth: int) -> frozenset[str] | None:
    """`os.path.join(folder, "a.h5")`, `"{}.h5".format(n)`, `str(path)`."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name == "format" and isinstance(node.func, ast.Attribute):
        return _behind(endings(node.func.value, scope, names, depth + 1), _BRACES)
    if name in ("join", *_KEPT) and node.args and not isinstance(node.args[-1], ast.Starred):
        of_text = isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Constant)
        return None if of_text else endings(node.args[-1], scope, names, depth + 1)
    return None


def _behind(texts: frozenset[str] | None, field: re.Pattern[str]) -> frozenset[str] | None:
    """What follows the last place that something is put into: of `%s.h5` it is `.h5`."""
    return frozenset(field.split(text)[-1] for text in texts) if texts is not None else None


def _united(nodes: Iterable[ast.expr | None], scope: Scope, names: Names, depth: int) -> frozenset[str] | None:
    found: set[str] = set()
    for node in nodes:
        texts = endings(node, scope, names, depth + 1) if node is not None else None
        if texts is None:
            return None
        found |= texts
    return frozenset(found)
