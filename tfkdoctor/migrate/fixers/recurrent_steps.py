"""What recurrent layers of the project override that tf.keras never calls: `step` of an LSTM, constants of a cell."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_LAYERS = frozenset(["LSTM", "GRU", "SimpleRNN", "ConvLSTM2D", "RNN"])
_GONE = frozenset(["step", "get_constants", "preprocess_input", "get_initial_states"])
_CONSTANTS = "put the constants beside the inputs: repeat them over the steps and concatenate, or keep them on the cell"


def run(context: Context, row: Row) -> None:
    for scope in context.survey.names.classes:
        if isinstance(scope.node, ast.ClassDef):
            _class(context, row, scope.node)
    for call, _ in context.survey.names.calls:
        given = next((k for k in call.keywords if k.arg == "constants"), None)
        if given is not None and _is_recurrent(context, call.func):
            message = "recurrent layers of Keras 3 take no constants"
            _tell(context, row, given.value, message, _CONSTANTS)


def _class(context: Context, row: Row, node: ast.ClassDef) -> None:
    bases = {
        r.name for b in node.bases if (r := context.reference_of.get(b)) is not None and r.name.startswith("keras.")
    }
    kinds = {name.rpartition(".")[2] for name in bases}
    for method in node.body:
        if not isinstance(method, ast.FunctionDef):
            continue
        if kinds & _LAYERS and method.name in _GONE:
            message = f"`{method.name}` of a class of {min(kinds)} is never called: the layer runs its cell"
            way = "give tf.keras.layers.RNN a cell with `call(inputs, states)`, or inherit from Recurrent"
            _tell(context, row, method, message, way)
        parameters = [a.arg for a in method.args.args]
        if method.name == "call" and "states" in parameters and "constants" in parameters:
            _tell(context, row, method.args.args[parameters.index("constants")], "cells get no constants", _CONSTANTS)


def _is_recurrent(context: Context, func: ast.expr) -> bool:
    return any(c.rpartition(".")[2] in _LAYERS and c.startswith("keras.") for c in context.types.of(func))


def _tell(context: Context, row: Row, node: ast.expr | ast.stmt | ast.arg, message: str, way: str) -> None:
    lines = context.survey.lines
    start = lines.start(node)
    end = start + len("def") if isinstance(node, ast.FunctionDef) else lines.end(node)
    context.found.troubles.append(Trouble(row.code, start, end, message, way, name="step"))
