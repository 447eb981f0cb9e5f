"""Classes of optimizers and layers whose calls cannot be seen: handed on, or called with `*args` and `**kwargs`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.migrate.plans import Reference
from tfkdoctor.migrate.refer import merely_asks
from tfkdoctor.migrate.rows import silent_row
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_CLASSES = frozenset(["SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam"])
_LAYERS = frozenset(["Conv2D", "SeparableConv2D", "LSTM", "GRU", "ConvLSTM2D", "LSTMCell", "GRUCell"])


def optimizers(context: Context, row: Row) -> None:
    """Give an optimizer the arguments that it took."""
    for reference in context.found.references:
        leaf = reference.name.rpartition(".")[2]
        if reference.name.startswith("keras.optimizers.") and leaf in _CLASSES and _is_handed(context, reference, True):
            _wrap(context, row, reference)


def layers(context: Context, row: Row) -> None:
    """Give a layer the positions and defaults that it had."""
    for reference in context.found.references:
        known = reference.name.rpartition(".")[2] in _LAYERS and silent_row(context, reference.name) is not None
        if known and _is_handed(context, reference, False):
            _wrap(context, row, reference)


def _wrap(context: Context, row: Row, reference: Reference) -> None:
    bindings = context.movable(reference.bindings)
    if bindings or reference.providers:
        wrap_call(context, reference.node, reference.use.scope, row, reference.name, bindings, reference.certain)
        context.handed.add(reference.node)


def _is_handed(context: Context, reference: Reference, starred: bool) -> bool:
    """Whether a class stands for itself here, or is called with arguments that come through stars."""
    node = reference.node
    if reference.use.stored or reference.size < len(reference.use.attrs) or not reference.name.startswith("keras."):
        return False
    parent = context.survey.names.parents.get(node)
    if isinstance(parent, ast.Call) and parent.func is node:
        stars = any(isinstance(a, ast.Starred) for a in parent.args) or any(k.arg is None for k in parent.keywords)
        return starred and stars
    if isinstance(parent, ast.Call):
        return not merely_asks(parent, "getattr")
    if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return node in (*parent.args.defaults, *parent.args.kw_defaults)
    if isinstance(parent, ast.Compare):
        return not any(_is_class_of(side) for side in (parent.left, *parent.comparators))
    return isinstance(parent, ast.Tuple | ast.List | ast.Dict | ast.keyword | ast.IfExp | ast.Return)


def _is_class_of(node: ast.expr) -> bool:
    """`type(layer)` and `layer.__class__`: the class itself, whatever was handed on."""
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "type"
    return called or (isinstance(node, ast.Attribute) and node.attr == "__class__")
