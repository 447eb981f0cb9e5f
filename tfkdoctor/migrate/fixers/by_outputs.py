"""Targets and weights by the names of outputs: `fit(x, {"age": y}, sample_weight={"age": w})`, also of generators."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.migrate.methods import gives_models, is_foreign
from tfkdoctor.migrate.names import Scope, lookup
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_PLACES = {
    "fit": ("x", "y"),
    "evaluate": ("x", "y", "batch_size", "verbose", "sample_weight"),
    "train_on_batch": ("x", "y", "sample_weight", "class_weight"),
    "test_on_batch": ("x", "y", "sample_weight"),
    "fit_generator": ("generator",),
    "evaluate_generator": ("generator",),
}
_DEPTH = 6


def run(context: Context, row: Row) -> None:
    """Let each such call find the outputs by their names."""
    if not context.moves and not context.facts.is_standalone(context.path):
        return
    names = context.survey.names
    wanted = {id(call) for method in _PLACES for call in names.calls_of.get(method, ())}
    for call, scope in names.calls if wanted else ():
        func = call.func
        if id(call) not in wanted or not isinstance(func, ast.Attribute) or not _is_model(context, func.value):
            continue
        if _goes_by_outputs(context, call, scope, func.attr):
            bindings = tuple(b for b in context.moves if gives_models(context, b))
            wrap_call(context, func.value, scope, row, f".{func.attr}(…)", bindings, True)


def weighs_by_outputs(context: Context) -> bool:
    """Whether the file gives a training method sample weights by the names of outputs."""
    names = context.survey.names
    wanted = {id(call) for method in _PLACES for call in names.calls_of.get(method, ())}
    for call, scope in names.calls if wanted else ():
        if id(call) in wanted and isinstance(call.func, ast.Attribute):
            given = _given(call, call.func.attr)
            if any(map(_by_names, _literals(given.get("sample_weight"), scope))):
                return True
    return False


def _given(call: ast.Call, method: str) -> dict[str, ast.expr]:
    """The arguments of a training method by name."""
    given = dict(zip(_PLACES.get(method, ()), call.args, strict=False))
    return given | {k.arg: k.value for k in call.keywords if k.arg}


def _goes_by_outputs(context: Context, call: ast.Call, scope: Scope, method: str) -> bool:
    given = _given(call, method)
    targets = _literals(given.get("y"), scope)
    weights = _literals(given.get("sample_weight"), scope)
    if any(map(_by_names, weights)) or any(map(_of_classes, _literals(given.get("class_weight"), scope))):
        return True
    if any(isinstance(w, ast.List) for w in weights) and any(map(_by_names, targets)):
        return True
    if any(isinstance(t, ast.Dict) and len(t.keys) == 1 and _by_names(t) for t in targets):
        return not _is_sequential(context, call)  # of which the one value is given in its place
    if "sample_weight" in given and any(map(_by_names, targets)):
        return True
    data = [given.get("validation_data"), given.get("generator"), given.get("x") if "y" not in given else None]
    return any(_feeds(context, node, scope) for node in data if node is not None)


def _feeds(context: Context, node: ast.expr, scope: Scope) -> bool:
    """Whether data is a tuple with such weights, or comes from a generator of this file that yields some."""
    for value in _literals(node, scope):
        if isinstance(value, ast.Tuple) and _is_batch_by_outputs(value, scope):
            return True
    yielding = {s.qualname for s in context.survey.names.functions if any(_yields_by_outputs(s))}
    called = {v.name for v in context.survey.describe(node) if v.kind in ("call", "method")}
    return any(name.rpartition(".")[2] == one.rpartition(".")[2] for name in called for one in yielding)


def _yields_by_outputs(scope: Scope) -> Iterator[bool]:
    for node in ast.walk(scope.node):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            yield from [True] if _is_batch_by_outputs(node.value, scope) else []


def _is_batch_by_outputs(batch: ast.Tuple, scope: Scope) -> bool:
    """(inputs, targets, weights): weights by outputs, or targets by the name of a single one."""
    if len(batch.elts) == 3 and any(map(_by_names, _literals(batch.elts[2], scope))):
        return True
    targets = _literals(batch.elts[1], scope) if len(batch.elts) > 1 else ()
    return any(isinstance(t, ast.Dict) and len(t.keys) == 1 and _by_names(t) for t in targets)


def _literals(node: ast.expr | None, scope: Scope, depth: int = 0) -> tuple[ast.expr, ...]:
    """What is given, or what the variable that is given may hold."""
    if node is None or depth > _DEPTH:
        return ()
    if isinstance(node, ast.Name):
        values = [(b.value, b.scope) for b in lookup(scope, node.id) if b.value is not None]
        return tuple(one for value, owner in values for one in _literals(value, owner, depth + 1))
    if isinstance(node, ast.IfExp):
        return (*_literals(node.body, scope, depth + 1), *_literals(node.orelse, scope, depth + 1))
    return (node,)


def _by_names(node: ast.expr) -> bool:
    """A dict whose keys are words, or may be."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
        return bool(node.keywords) or bool(node.args)
    if isinstance(node, ast.DictComp):
        return not isinstance(node.key, ast.Constant) or isinstance(node.key.value, str)
    keys = node.keys if isinstance(node, ast.Dict) else ()
    return bool(keys) and all(k is not None and not _is_number(k) for k in keys)


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and not isinstance(node.value, str)


def _of_classes(node: ast.expr) -> bool:
    """Class weights by outputs: `{"sex": {0: 1.0, 1: 2.0}}`, or a list of such."""
    if isinstance(node, ast.Dict):
        words = any(isinstance(k, ast.Constant) and isinstance(k.value, str) for k in node.keys)
        return words or any(isinstance(v, ast.Dict) for v in node.values)
    return isinstance(node, ast.List) and any(isinstance(e, ast.Dict) for e in node.elts)


def _is_model(context: Context, receiver: ast.expr) -> bool:
    classes = context.types.of(receiver)
    if classes:
        return all(context.types.inherits(c, "keras.Model") for c in classes)
    return not is_foreign(context, receiver)


def _is_sequential(context: Context, call: ast.Call) -> bool:
    assert isinstance(call.func, ast.Attribute)
    classes = context.types.of(call.func.value)
    return bool(classes) and all(c.endswith(".Sequential") for c in classes)
