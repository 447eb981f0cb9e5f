"""Convolutions with the channels first: TensorFlow's kernels on a CPU want them last, unless oneDNN is on.

Measured on TF 2.21: with TF_ENABLE_ONEDNN_OPTS=0 Conv2D and Conv2DTranspose raise, all else runs. Keras 1 and 2
transposed on a CPU (keras 2.2.5 backend/tensorflow_backend.py, `_preprocess_conv2d_input`).
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from tfkdoctor.migrate.context import is_legacy_root
from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.migrate.methods import is_foreign
from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_SETTERS = ("set_image_dim_ordering", "set_image_data_format")
_LAYERS = (
    "Conv2D",
    "Convolution2D",
    "AtrousConvolution2D",
    "AtrousConv2D",
    "Conv2DTranspose",
    "Deconvolution2D",
    "Deconv2D",
)
_FIRST, _LAST = ("th", "channels_first"), ("tf", "channels_last")
_WEIGHTS = ("get_weights", "set_weights", "load_weights")


def run(context: Context, row: Row) -> None:
    """Plan the wrapper around each convolution that has the channels first, or gets them by the program's setting."""
    everywhere = sets_channels_first(context)
    wrapper = replace(row, wrap="support.channels_first", size="with the channels first it needs help on a CPU")
    some = False
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is None or not is_legacy_root(context, reference.name):
            continue
        if reference.name.startswith("keras.layers.") and reference.name.rpartition(".")[2] in _LAYERS:
            given = [k.value for k in call.keywords if k.arg in ("dim_ordering", "data_format")]
            said = {v.value for v in (*given, *call.args) if isinstance(v, ast.Constant) and isinstance(v.value, str)}
            if said & set(_FIRST) or (everywhere and not said & set(_LAST)):
                some = True
                bindings = context.movable(reference.bindings)
                wrap_call(context, call, scope, wrapper, reference.name, bindings, reference.certain)
    if some and context.knowledge.origin_keras.startswith("1."):
        _tell_of_weights(context, row)


def sets_channels_first(context: Context) -> bool:
    """Whether this file sets the order of the program's images to channels first, or to what cannot be seen."""
    for call, _ in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is not None and reference.name.startswith("keras.backend."):
            values = [*call.args, *(k.value for k in call.keywords)]
            if reference.name.rpartition(".")[2] in _SETTERS and values:
                first = values[0]
                return not isinstance(first, ast.Constant) or first.value in _FIRST
    return False


def _tell_of_weights(context: Context, row: Row) -> None:
    """Kernels of Keras 1 with 'th' begin with the filters, today's end with them."""
    lines = context.survey.lines
    for call, _ in context.survey.names.calls:
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr in _WEIGHTS and not is_foreign(context, func.value):
            start, end = lines.end(func) - len(func.attr), lines.end(call)
            message = f"`.{func.attr}(…)`: kernels of Keras 1 with 'th' were (filters, channels, rows, columns)"
            way = "today's are (rows, columns, channels, filters): take kernel.transpose(2, 3, 1, 0)"
            context.found.troubles.append(Trouble(row.code, start, end, message, way, Severity.WARNING))
