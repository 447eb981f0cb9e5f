"""How logs and templates of file names come to a place: through callbacks' functions, paths, and CSVLogger's files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.names import Binding

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_DEPTH = 8
_READERS = ("DictReader", "read_csv", "read_table", "genfromtxt")
_KEPT = ("list", "sorted", "reversed", "iter", "next", "tuple", "iterrows", "itertuples", "head", "tail", "enumerate")


def is_logs_of_lambda_callback(context: Context, node: ast.Name) -> bool:
    """Whether a name is a parameter of a function that a LambdaCallback is given."""
    use = context.survey.names.use_of.get(node)
    if use is None or not use.bindings or any(b.kind != "parameter" for b in use.bindings):
        return False
    function = use.bindings[0].scope.node
    if isinstance(function, ast.Lambda):
        return _goes_to_callback(context, function)
    return any(
        _goes_to_callback(context, other.root)
        for other in context.survey.names.uses
        if not other.attrs and any(b.node is function for b in other.bindings)
    )


def _goes_to_callback(context: Context, node: ast.expr) -> bool:
    parent = context.survey.names.parents.get(node)
    call = context.survey.names.parents.get(parent) if isinstance(parent, ast.keyword) else parent
    reference = context.reference_of.get(call.func) if isinstance(call, ast.Call) else None
    return reference is not None and reference.name.endswith("callbacks.LambdaCallback")


def literals_of(context: Context, node: ast.expr, depth: int = 0) -> Iterator[ast.Constant]:
    """The literals that a path is joined of, also through variables; what `format` fills at once is no template."""
    if isinstance(node, ast.Constant):
        yield node
    elif depth > _DEPTH:
        return
    elif isinstance(node, ast.BinOp):
        yield from literals_of(context, node.left, depth + 1)
        yield from literals_of(context, node.right, depth + 1)
    elif isinstance(node, ast.Call) and _leaf(node.func) in ("join", "str", "abspath", "Path"):
        for value in node.args:
            yield from literals_of(context, value, depth + 1)
    elif isinstance(node, ast.Name):
        use = context.survey.names.use_of.get(node)
        for binding in use.bindings if use is not None else ():
            if binding.value is not None:
                yield from literals_of(context, binding.value, depth + 1)


def is_logged_row(context: Context, node: ast.expr) -> bool:
    """Whether this is a table, or a row of one, that the program reads from a CSV file, and it logs to such files."""
    names = context.facts.program_names(context.path)
    return any(name.endswith("callbacks.CSVLogger") for name in names) and _is_read(context, node)


def _is_read(context: Context, node: ast.expr, depth: int = 0) -> bool:
    if depth > _DEPTH:
        return False
    if isinstance(node, ast.Call):
        leaf = _leaf(node.func)
        if leaf in _READERS:
            return True
        inner = node.func.value if isinstance(node.func, ast.Attribute) else node.args[0] if node.args else None
        return leaf in _KEPT and inner is not None and _is_read(context, inner, depth + 1)
    if isinstance(node, ast.Subscript):
        return _is_read(context, node.value, depth + 1)
    if isinstance(node, ast.ListComp):
        return _is_read(context, node.elt, depth + 1)
    if isinstance(node, ast.Name):
        use = context.survey.names.use_of.get(node)
        sources = [_source(context, b) for b in use.bindings] if use is not None else []
        return bool(sources) and all(s is not None and _is_read(context, s, depth + 1) for s in sources)
    return False


def _source(context: Context, binding: Binding) -> ast.expr | None:
    """What a name is assigned, or what is gone through where it is the variable of a loop."""
    if binding.value is not None:
        return binding.value
    node: ast.AST | None = binding.node
    while isinstance(node, ast.Name | ast.Tuple | ast.List):
        node = context.survey.names.parents.get(node)
    return node.iter if isinstance(node, ast.For | ast.comprehension) else None


def _leaf(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
