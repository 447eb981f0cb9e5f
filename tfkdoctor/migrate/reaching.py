"""Which bindings of a name a use may see: those that a later plain assignment has not overwritten."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from tfkdoctor.migrate.names import Binding, Names, Use


def reaching(names: Names, use: Use) -> tuple[Binding, ...]:
    """The bindings behind a use, without those that another one before it, in a block around it, has replaced."""
    if len(use.bindings) < 2 or any(b.scope is not use.scope for b in use.bindings):
        return use.bindings
    around = _ancestors(use.root, names.parents)
    found: list[Binding] = []
    for binding in sorted(use.bindings, key=_place, reverse=True):
        if binding.statement in around and not isinstance(binding.statement, ast.For | ast.With):
            continue  # the statement that the use itself stands in: `x = f(x)`
        found.append(binding)
        augmented = isinstance(names.parents.get(binding.node), ast.AugAssign)
        block = names.parents.get(binding.statement) if binding.statement is not None else None
        if block in around and not augmented and _same_arm(block, binding.statement, around):
            break
    return tuple(found) or use.bindings


def source_of(binding: Binding, parents: Mapping[ast.AST, ast.AST]) -> ast.expr | None:
    """What a name is unpacked from, iterated over, or augmented with: `a, b = x`, `for a in x`, `a += x`."""
    node: ast.AST | None = binding.node
    while isinstance(node, ast.Name | ast.Tuple | ast.List | ast.Starred):
        parent = parents.get(node)
        if isinstance(parent, ast.Assign) and node in parent.targets:
            return parent.value
        if isinstance(parent, ast.For | ast.AsyncFor | ast.comprehension) and parent.target is node:
            return parent.iter
        if isinstance(parent, ast.AugAssign):
            return parent.value
        node = parent
    return None


def _ancestors(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> set[ast.AST | None]:
    found: set[ast.AST | None] = set()
    current: ast.AST | None = node
    while current is not None:
        found.add(current)
        current = parents.get(current)
    return found


def _same_arm(block: ast.AST | None, statement: ast.stmt | None, around: set[ast.AST | None]) -> bool:
    """Whether a statement lies in the same list of its block as the use: in the body, or both after `else`."""
    for name in ("body", "orelse", "finalbody"):
        listed = getattr(block, name, None)
        if isinstance(listed, list) and statement in listed:
            return any(other in around for other in listed)
    return False


def _place(binding: Binding) -> tuple[int, int]:
    node = binding.statement if binding.imported else binding.node
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
