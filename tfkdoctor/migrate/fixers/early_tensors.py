"""`self.kernel = K.transpose(self.tied_to.kernel)` in `build` of a layer: in a graph it followed the weight.

Computed once and eagerly it stays what the weight was at first, without a word: `call` computes it anew.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import rewrite
from tfkdoctor.migrate.fixers.keras1_weights import is_layer
from tfkdoctor.migrate.plans import Change
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Scope

_MAKES = (
    *("variable", "zeros", "ones", "constant", "eye", "arange", "int_shape", "ndim", "shape", "get_value", "eval"),
    *("random_uniform", "random_normal", "random_uniform_variable", "random_normal_variable", "floatx", "dtype"),
    *("cast_to_floatx", "image_data_format", "backend", "epsilon", "placeholder", "zeros_like", "ones_like"),
)


def run(context: Context, row: Row) -> None:
    """Plan the same statement at the beginning of `call`, for what `call` reads."""
    for scope in context.survey.names.classes if context.moves else ():
        if isinstance(scope.node, ast.ClassDef) and is_layer(context, scope):
            _layer(context, row, scope, scope.node)


def _layer(context: Context, row: Row, scope: Scope, cls: ast.ClassDef) -> None:
    methods = {s.name: s for s in cls.body if isinstance(s, ast.FunctionDef)}
    build, call = methods.get("build"), methods.get("call")
    if build is None or call is None:
        return
    lines = context.survey.lines
    first = _first(call)
    for statement in build.body:
        if not _is_computed(context, scope, statement) or not _reads(call, _target(statement).attr):
            continue
        at = lines.start(first)
        before = lines.text.rfind("\n", 0, at) + 1
        indent = lines.text[before:at]
        assert isinstance(statement, ast.Assign)
        target = lines.segment(statement.targets[0])
        if indent.strip() or first.lineno == call.lineno:
            continue
        change = Change(at, at, (f"{target} = ", statement.value, f"\n{indent}"))
        start = lines.start(statement)
        rewrite(
            context,
            row,
            (change,),
            f"`{target}` followed its weights in the graph; made in `build` alone, it is what they were",
            context.survey.names.use_of[_root(statement)].scope,
            (start, lines.end(statement)),
            silent=True,
            bindings=tuple(context.moves),
        )


def _first(call: ast.FunctionDef) -> ast.stmt:
    """The first statement of a function after its docstring."""
    told = isinstance(call.body[0], ast.Expr) and isinstance(call.body[0].value, ast.Constant)
    return call.body[1] if told and len(call.body) > 1 else call.body[0]


def _target(statement: ast.stmt) -> ast.Attribute:
    assert isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Attribute)
    return statement.targets[0]


def _root(statement: ast.stmt) -> ast.expr:
    return _target(statement).value


def _is_computed(context: Context, scope: Scope, statement: ast.stmt) -> bool:
    """Whether a statement sets an attribute of self to what a backend function makes of weights."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return False
    target, value = statement.targets[0], statement.value
    if not isinstance(target, ast.Attribute) or not _is_self(target.value) or not isinstance(value, ast.Call):
        return False
    reference = context.reference_of.get(value.func)
    name = reference.name if reference is not None else ""
    if not name.startswith("keras.backend.") or name.rpartition(".")[2] in _MAKES:
        return False
    given = [*value.args, *(k.value for k in value.keywords)]
    local = any(isinstance(n, ast.Name) and not _is_global(context, n) for a in given for n in ast.walk(a))
    return not local and any(_is_weight(context, scope, n) for a in given for n in ast.walk(a))


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _is_global(context: Context, node: ast.Name) -> bool:
    use = context.survey.names.use_of.get(node)
    found = use.bindings if use is not None else ()
    return node.id == "self" or all(b.scope is context.survey.names.module for b in found)


def _is_weight(context: Context, scope: Scope, node: ast.AST) -> bool:
    """`self.w` that add_weight made, and a weight of another layer: `self.other.kernel`, `self.other.weights[0]`."""
    if not isinstance(node, ast.Attribute):
        return False
    if _is_self(node.value):
        values = context.survey.names.attributes.get((scope, node.attr), [])
        return any(isinstance(v, ast.Call) and getattr(v.func, "attr", "") == "add_weight" for v in values)
    held = isinstance(node.value, ast.Attribute) and _is_self(node.value.value)
    return held and node.attr in ("kernel", "W", "weights", "trainable_weights", "embeddings", "bias", "b", "variables")


def _reads(call: ast.FunctionDef, name: str) -> bool:
    found: Iterator[bool] = (
        isinstance(n, ast.Attribute) and n.attr == name and isinstance(n.ctx, ast.Load) for n in ast.walk(call)
    )
    return any(found)
