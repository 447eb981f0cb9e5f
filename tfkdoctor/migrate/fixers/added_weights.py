"""`self.add_variable("kernel", [3, 2])` in layers of TensorFlow 1's tf.keras: the name came first, today the shape.

Source: tensorflow/python/keras/engine/base_layer.py of TF 1.13 and 1.15, `add_weight`, also called
`add_variable`.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, TemplatePlan
from tfkdoctor.migrate.survey import join
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_PARAMETERS = ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint")


def run(context: Context, row: Row) -> None:
    """Say the names of the arguments, and the method's name of today."""
    if not context.first_keras:
        return
    lines = context.survey.lines
    for method in ("add_weight", "add_variable"):
        for call in context.survey.names.calls_of.get(method, ()):
            func = call.func
            if not isinstance(func, ast.Attribute) or not _is_own_layer(context, func.value):
                continue
            if len(call.args) > len(_PARAMETERS) or any(isinstance(a, ast.Starred) for a in call.args):
                continue
            if method == "add_weight" and not call.args:
                continue
            renamed = (Change(lines.end(func) - len(method), lines.end(func), ("add_weight",)),)
            named = (
                Change(lines.start(value), lines.start(value), (f"{name}=",))
                for name, value in zip(_PARAMETERS, call.args, strict=False)
            )
            context.add(
                TemplatePlan(
                    id=context.id(row.code, lines.end(func)),
                    code=row.code,
                    start=lines.start(call),
                    end=lines.end(call),
                    message="the name of a weight came first in TensorFlow 1",
                    severity=Severity.ERROR,
                    changes=(*(renamed if method != "add_weight" else ()), *named),
                    scope=context.survey.names.scope_of(call),
                )
            )


def _is_own_layer(context: Context, node: ast.expr) -> bool:
    """Whether this is `self` in a class that is derived from a layer of tf.keras."""
    use = context.survey.names.use_of.get(node)
    owner = use.scope.enclosing_class() if use is not None and node is use.root and use.root.id == "self" else None
    name = join(context.survey.module, owner.qualname) if owner is not None else ""
    bases = context.types.ancestors(name) if name else ()
    return any(
        base.startswith("tensorflow.") and base.endswith((".keras.layers.Layer", "keras.Model")) for base in bases
    )
