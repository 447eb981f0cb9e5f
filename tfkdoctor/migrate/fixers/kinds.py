"""What an expression of a Keras program stands for in TensorFlow 1: a session, a graph, their configuration."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.names import Binding

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

KINDS = {
    "tensorflow.Session": "session",
    "tensorflow.Graph": "graph",
    "tensorflow.Operation": "init",
    "tensorflow.ConfigProto": "config",
    "tensorflow.GPUOptions": "options",
}


def kind_of(context: Context, node: ast.expr | None) -> str | None:
    """What an expression stands for: session, graph, init, config, options, or something else."""
    if node is None:
        return None
    if node not in context.kinds:
        context.kinds[node] = None  # what leads back to itself stands for nothing
        context.kinds[node] = _kind_of(context, node)
    return context.kinds[node]


def _kind_of(context: Context, node: ast.expr) -> str | None:
    classes = context.types.of(node)
    if classes:
        found = {KINDS.get(c) for c in classes}
        return found.pop() if len(found) == 1 else None
    if isinstance(node, ast.List | ast.Tuple) and node.elts:
        return "init" if all(kind_of(context, e) == "init" for e in node.elts) else None
    if isinstance(node, ast.Call):
        reference = context.reference_of.get(node.func)
        if reference is not None and reference.name == "tensorflow.group" and node.args:
            return kind_of(context, ast.List(list(node.args), ast.Load()))
        return None
    return _kind_of_name(context, node)


def _kind_of_name(context: Context, node: ast.expr) -> str | None:
    use = context.survey.names.use_of.get(node)
    if use is None or not use.bindings:
        return None
    attrs = use.attrs[: use.parts.index(node)]
    owner = use.scope.enclosing_class()
    if attrs and use.root.id == "self" and owner is not None:
        behind: list[ast.expr | None] = [*context.survey.names.attributes.get((owner, attrs[0]), [])]
        attrs = attrs[1:]
    else:
        behind = [v for b in use.bindings for v in _behind(context, b)]
    found = {kind_of(context, value) for value in behind if not _is_none(value)}
    kind = found.pop() if len(found) == 1 else None
    if not attrs:
        return kind
    return "graph" if kind == "session" and attrs == ("graph",) else None


def _behind(context: Context, binding: Binding) -> Iterator[ast.expr | None]:
    """What gives a name its meaning: a value, what a `with` enters, what callers of its function pass."""
    item = _entered(context, binding)
    if item is not None:
        yield item.context_expr
    elif binding.kind == "parameter":
        yield from _passed(context, binding)
    elif binding.kind == "assign":
        yield binding.value


def _passed(context: Context, binding: Binding) -> Iterator[ast.expr | None]:
    """What the calls in this file give for a parameter."""
    scope, names = binding.scope, context.survey.names
    function = scope.node
    if not isinstance(function, ast.FunctionDef):
        return
    owner = scope.parent if scope.parent is not None and scope.parent.kind == "class" else None
    method = owner is not None
    called = owner.qualname.rpartition(".")[2] if owner is not None and function.name == "__init__" else function.name
    order = [a.arg for a in (*function.args.posonlyargs, *function.args.args)][1 if method else 0 :]
    if binding.name not in order:
        return
    position = order.index(binding.name)
    for call in names.calls_of.get(called, ()):
        given = call.args[position] if position < len(call.args) else None
        yield next((k.value for k in call.keywords if k.arg == binding.name), given)


def _entered(context: Context, binding: Binding) -> ast.withitem | None:
    """The item of a `with` statement that binds a name."""
    parent = context.survey.names.parents.get(binding.node)
    return parent if isinstance(parent, ast.withitem) and parent.optional_vars is binding.node else None


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
