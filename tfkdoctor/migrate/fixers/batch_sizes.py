"""How many samples a generator gives at a time, as its call or its code says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.names import Scope, lookup

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

Size = int | ast.expr
_FLOWS = {"flow": 2, "flow_from_directory": 5}  # method of ImageDataGenerator -> the position of batch_size
_FLOW_DEFAULT = 32
_NAME = re.compile(r"(?i)(n_?b?_?)?batch_?(size|sz)?\Z|bs\Z|minibatch_?size\Z")


def batch_size_of(context: Context, node: ast.expr, near: ast.AST, depth: int = 0) -> Size | None:
    """The batch size of an expression that gives batches, as a number or as code that can stand at `near`."""
    if depth > 4:
        return None
    if not isinstance(node, ast.Call):
        values = _values(context, node)
        if len(values) == 1 and values[0] is not None:
            return _visible(context, batch_size_of(context, values[0], near, depth + 1), values[0], near)
        return None
    flow = _flow_size(node)
    if flow is not None:
        return flow
    given = _argument(node)
    if given is not None:
        return given
    if isinstance(node.func, ast.Attribute):  # `Loader(batch_size=4).generate()`
        return batch_size_of(context, node.func.value, near, depth + 1)
    for function in _definitions(context, node.func):
        found = _of_definition(context, function, node)
        if found is not None:
            return found
    return None


def has_batch_size(context: Context, node: ast.expr | None) -> bool | None:
    """Whether an iterator has an attribute `batch_size`: ImageDataGenerator's do, a generator function's do not."""
    if not isinstance(node, ast.Call):
        values = _values(context, node)
        return has_batch_size(context, values[0]) if len(values) == 1 and isinstance(values[0], ast.Call) else None
    if _flow_size(node) is not None:
        return True
    functions = list(_definitions(context, node.func))
    return False if functions and all(isinstance(f, ast.FunctionDef) for f in functions) else None


def _values(context: Context, node: ast.expr | None) -> list[ast.expr | None]:
    """What a plain name is bound to."""
    use = context.survey.names.use_of.get(node) if node is not None else None
    plain = use is not None and node is not None and use.parts.index(node) == 0
    return [b.value for b in use.bindings] if use is not None and plain else []


def _flow_size(call: ast.Call) -> Size | None:
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if method not in _FLOWS or any(k.arg is None for k in call.keywords):
        return None
    named = next((k.value for k in call.keywords if k.arg == "batch_size"), None)
    if named is not None:
        return named
    position = _FLOWS[method]
    return call.args[position] if position < len(call.args) else _FLOW_DEFAULT


def _argument(call: ast.Call) -> ast.expr | None:
    return next((k.value for k in call.keywords if k.arg is not None and _NAME.match(k.arg)), None)


def _definitions(context: Context, func: ast.expr) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    use = context.survey.names.use_of.get(func)
    for binding in use.bindings if use is not None and not use.attrs else ():
        if isinstance(binding.node, ast.FunctionDef | ast.ClassDef):
            yield binding.node


def _of_definition(context: Context, node: ast.FunctionDef | ast.ClassDef, call: ast.Call) -> Size | None:
    function: ast.AST | None = node
    skipped = 0
    if isinstance(node, ast.ClassDef):
        function = next((s for s in node.body if isinstance(s, ast.FunctionDef) and s.name == "__init__"), None)
        skipped = 1
    if not isinstance(function, ast.FunctionDef):
        return None
    parameters = function.args.args[skipped:]
    for position, parameter in enumerate(parameters):
        if _NAME.match(parameter.arg):
            if position < len(call.args):
                return call.args[position]
            default = position - len(parameters) + len(function.args.defaults)
            value = function.args.defaults[default] if default >= 0 else None
            return value if isinstance(value, ast.Constant) else None
    return _of_body(context, function, call) if isinstance(node, ast.FunctionDef) else None


def _of_body(context: Context, function: ast.FunctionDef, call: ast.Call) -> Size | None:
    """A name of the module that is called a batch size, a local number, or the first side of what is yielded."""
    scope = next((s for s in context.survey.names.functions if s.node is function), None)
    if scope is None:
        return None
    names = sorted({n.id for n in ast.walk(function) if isinstance(n, ast.Name) and _NAME.match(n.id)})
    for name in names:
        bindings = lookup(scope, name)
        if bindings and all(b.scope.kind == "module" for b in bindings):
            return next(n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == name)
        values = [b.value for b in bindings]
        if len(values) == 1 and isinstance(values[0], ast.Constant) and isinstance(values[0].value, int):
            return values[0].value
    sizes = {_length(context, scope, y.value) for y in ast.walk(function) if isinstance(y, ast.Yield)}
    size = sizes.pop() if len(sizes) == 1 else None
    return _given(function, call, size) if isinstance(size, str) else size


def _given(function: ast.FunctionDef, call: ast.Call, name: str) -> ast.expr | None:
    """What a call gives for a parameter that the function does not set anew; its default, if that is a constant."""
    parameters = [a.arg for a in function.args.args]
    stored = any(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Store) for n in ast.walk(function))
    if name not in parameters or stored or any(isinstance(a, ast.Starred) for a in call.args):
        return None
    position = parameters.index(name)
    if position < len(call.args):
        return call.args[position]
    named = next((k.value for k in call.keywords if k.arg == name), None)
    default = position - len(parameters) + len(function.args.defaults)
    if named is not None or default < 0 or any(k.arg is None for k in call.keywords):
        return named
    value = function.args.defaults[default]
    return value if isinstance(value, ast.Constant) else None


def _length(context: Context, scope: Scope, node: ast.expr | None) -> int | str | None:
    """The first side of an array that is made with it in sight: `np.zeros((16, 3))`, `x[i * 4:i * 4 + 4]`.

    A name for `x[i:i + size]`.
    """
    if isinstance(node, ast.Tuple) and node.elts:
        return _length(context, scope, node.elts[0])
    if isinstance(node, ast.Name):
        values = [b.value for b in lookup(scope, node.id)]
        return _length(context, scope, values[0]) if len(values) == 1 and not isinstance(values[0], ast.Name) else None
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        return _slice(node.slice)
    if isinstance(node, ast.Call) and node.args:
        shape = node.args[-1] if isinstance(node.func, ast.Attribute) and node.func.attr == "reshape" else node.args[0]
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        first = shape.elts[0] if isinstance(shape, ast.Tuple) and shape.elts else shape
        if name in ("zeros", "ones", "empty", "full", "rand", "randn", "random_sample", "random"):
            return first.value if isinstance(first, ast.Constant) and isinstance(first.value, int) else None
    return None


def _slice(piece: ast.Slice) -> int | str | None:
    """The length of `[i:i + 4]` or `[:4]`, or its name in `[i:i + size]`."""
    upper = piece.upper
    if piece.lower is None:
        return upper.value if isinstance(upper, ast.Constant) and isinstance(upper.value, int) else None
    if isinstance(upper, ast.BinOp) and isinstance(upper.op, ast.Add) and ast.dump(upper.left) == ast.dump(piece.lower):
        right = upper.right
        if isinstance(right, ast.Name):
            return right.id
        return right.value if isinstance(right, ast.Constant) and isinstance(right.value, int) else None
    return None


def _visible(context: Context, size: Size | None, where: ast.AST, near: ast.AST) -> Size | None:
    """A size that is said elsewhere, if the same words mean the same at `near`: plain names and numbers."""
    if size is None or isinstance(size, int):
        return size
    if isinstance(size, ast.Constant):
        return size
    if isinstance(size, ast.Name):
        use = context.survey.names.use_of.get(size)
        scope = _scope_of(context, near)
        if use is not None and scope is not None and lookup(scope, size.id) == lookup(use.scope, size.id):
            return size
    return None


def _scope_of(context: Context, node: ast.AST) -> Scope | None:
    return next((scope for call, scope in context.survey.names.calls if call is node), None)
