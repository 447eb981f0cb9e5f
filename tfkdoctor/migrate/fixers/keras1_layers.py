"""Arguments of Keras 1 layers whose new form depends on where the layer stands, or that became two arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.context import is_legacy_root
from tfkdoctor.migrate.plans import Amendment
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_SHAPES = ("input_shape", "batch_input_shape", "batch_size")


def calls_of(context: Context, *leaves: str) -> Iterator[ast.Call]:
    """The calls of standalone Keras layers with these names."""
    for call, _ in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is not None and is_legacy_root(context, reference.name):
            parts = reference.name.split(".")
            if parts[-1] in leaves and parts[:2] == ["keras", "layers"]:
                yield call


def embedding_input(context: Context, row: Row) -> None:
    """`Embedding(1000, 64, input_length=10)` as first layer: its input shape, without which Keras 3 does not build it.

    Keras 1 and 2 took (input_length,), or (None,) where it was not given.
    """
    for call in calls_of(context, "Embedding"):
        given = {k.arg: k.value for k in call.keywords}
        if None in given or any(isinstance(a, ast.Starred) for a in call.args) or any(s in given for s in _SHAPES):
            continue
        length = given.get("input_length")
        if length is not None and not isinstance(
            length, ast.Tuple | ast.List | ast.Constant | ast.Name | ast.Attribute
        ):
            continue
        message = "Keras 3 takes the shape of a model's input as `input_shape=`"
        if length is not None and not (isinstance(length, ast.Constant) and length.value is None):
            shape: tuple[str | ast.expr, ...] = (length,) if isinstance(length, ast.Tuple) else ("(", length, ",)")
            arguments = {"input_shape": shape, "input_length": None}
        elif _is_first(context, call) and len(call.args) <= 2:
            arguments = {"input_shape": ("(None,)",), **({"input_length": None} if length is not None else {})}
        else:
            continue
        context.amend(call, Amendment(row.code, message, arguments, silent=False))


def _is_first(context: Context, call: ast.Call) -> bool:
    """Whether a layer is the first of a Sequential: of its list, or the first that is added in its block."""
    parents = context.survey.names.parents
    parent = parents.get(call)
    if isinstance(parent, ast.List):
        above = parents.get(parent)
        reference = context.reference_of.get(above.func) if isinstance(above, ast.Call) else None
        return parent.elts[0] is call and reference is not None and reference.name.endswith(".Sequential")
    if not (isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr == "add"):
        return False
    model = ast.dump(parent.func.value)
    statement = parents.get(parent)
    above_statement = parents.get(statement) if statement is not None else None
    for block in (getattr(above_statement, name, None) for name in ("body", "orelse", "finalbody")):
        if isinstance(block, list) and statement in block:
            before = block[: block.index(statement)]
            for one in reversed(before):
                if isinstance(one, ast.Assign) and any(_same(target, model) for target in one.targets):
                    return True
                value = one.value if isinstance(one, ast.Expr) else None
                if _adds_to(value, model):
                    return False
    return False


def _adds_to(value: ast.expr | None, model: str) -> bool:
    method = value.func if isinstance(value, ast.Call) else None
    return isinstance(method, ast.Attribute) and method.attr == "add" and ast.dump(method.value) == model


def _same(target: ast.expr, model: str) -> bool:
    return ast.dump(target).replace("Store()", "Load()") == model


def separable_init(context: Context, row: Row) -> None:
    """`SeparableConvolution2D(…, init="one")`: both kernels were initialized alike."""
    for call in calls_of(context, "SeparableConvolution2D", "SeparableConv2D"):
        for keyword in call.keywords:
            if keyword.arg == "init":
                both = (keyword.value,)
                arguments = {"depthwise_initializer": both, "pointwise_initializer": both, "init": None}
                context.amend(call, Amendment(row.code, "`init=` was for both kernels", arguments, silent=False))


_RANDOM = ("uniform", "normal", "orthogonal")  # ends of the names of all random initializers


def recurrent_weights(context: Context, row: Row) -> None:
    """`LSTM(3, init="one", inner_init="identity")`: recurrent weights that Keras 1.2 made as it made the kernel.

    With `consume_less` other than 'gpu' LSTM and GRU gave their recurrent weights `init=` and `W_regularizer=`, and
    did not look at `inner_init=` and `U_regularizer=` (keras 1.2.2 layers/recurrent.py). What is random anyway stays.
    """
    if not context.knowledge.origin_keras.startswith("1.2"):
        return
    for call in calls_of(context, "LSTM", "GRU"):
        names = ("output_dim", "init", "inner_init")
        given = {k.arg: k.value for k in call.keywords} | dict(zip(names, call.args, strict=False))
        less = given.get("consume_less")
        if (
            None in given
            or any(isinstance(a, ast.Starred) for a in call.args)
            or not (less is None or (isinstance(less, ast.Constant) and less.value != "gpu"))
        ):
            continue
        arguments: dict[str, tuple[str | ast.expr, ...] | None] = {}
        init, inner = given.get("init"), given.get("inner_init")
        if not (_is_random(init) and _is_random(inner)) and not _alike(init, inner):
            arguments["recurrent_initializer"] = (init,) if init is not None else ("'glorot_uniform'",)
        kernel, recurrent = given.get("W_regularizer"), given.get("U_regularizer")
        if not _alike(kernel, recurrent):
            arguments["recurrent_regularizer"] = (kernel,) if kernel is not None else None
        if arguments:
            message = "Keras 1.2 made the recurrent weights as it made the kernel, unless `consume_less='gpu'`"
            context.amend(call, Amendment(row.code, message, arguments, silent=True))


def _is_random(node: ast.expr | None) -> bool:
    """Whether an initializer is random; that of today's and the old default is."""
    return node is None or (isinstance(node, ast.Constant) and str(node.value).endswith(_RANDOM))


def _alike(first: ast.expr | None, second: ast.expr | None) -> bool:
    return (ast.dump(first) if first is not None else "") == (ast.dump(second) if second is not None else "")
