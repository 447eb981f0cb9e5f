"""Optimizer classes whose calls cannot be seen: handed on, or called with `*args` and `**kwargs`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_CLASSES = frozenset(["SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam"])


def run(context: Context, row: Row) -> None:
    """Give such a class the arguments that it took."""
    for reference in context.found.references:
        name, node = reference.name, reference.node
        if not name.startswith("keras.optimizers.") or name.rpartition(".")[2] not in _CLASSES or reference.use.stored:
            continue
        if reference.size < len(reference.use.attrs) or not isinstance(node, ast.Name | ast.Attribute):
            continue
        parent = context.survey.names.parents.get(node)
        if isinstance(parent, ast.Call) and parent.func is node:
            handed = any(isinstance(a, ast.Starred) for a in parent.args) or any(k.arg is None for k in parent.keywords)
        else:
            handed = isinstance(parent, ast.Tuple | ast.List | ast.Dict | ast.keyword) or (
                isinstance(parent, ast.Call) and _hands_on(parent)
            )
        if handed:
            bindings = context.movable(reference.bindings)
            wrap_call(context, node, reference.use.scope, row, name, bindings, reference.certain)
            context.handed.add(node)


def _hands_on(call: ast.Call) -> bool:
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    return name not in ("isinstance", "issubclass", "type", "hasattr", "getattr")
