"""`K.gradients` in a loss, of a tensor that the loss was not given: that of a gradient penalty, as in a WGAN.

In a graph the tensor of an Input was the one that the step computed with; the loss of a step has no way to it today.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Scope

_WAY = (
    "override `train_step` in a class of Model: compute the loss and its gradients to these tensors under an inner "
    "tf.GradientTape, and the gradients to the weights under an outer one"
)


def run(context: Context, row: Row) -> None:
    """Tell of gradients to what comes from outside of the step."""
    for call in context.survey.names.calls_of.get("gradients", ()):
        reference = context.reference_of.get(call.func)
        if reference is None or reference.name.removeprefix("tensorflow.") not in row.of:
            continue
        given = [*call.args[1:2], *(k.value for k in call.keywords if k.arg == "variables")]
        if given and context.symbols.functions.is_of_step(call) and _is_from_outside(context, given[0]):
            lines = context.survey.lines
            message = "these tensors are not the step's: a loss sees nothing but its arguments on Keras 3"
            context.found.troubles.append(
                Trouble(row.code, lines.start(call), lines.end(call), message, _WAY, name=reference.name)
            )


def _is_from_outside(context: Context, node: ast.expr) -> bool:
    """Whether a tensor is captured, or an argument beyond those that a step gives."""
    names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
    uses = [use for n in names if (use := context.survey.names.use_of.get(n)) is not None and not use.attrs]
    bindings = [(b, use.scope) for use in uses for b in use.bindings if not b.imported]
    return any(b.scope is not scope or (b.kind == "parameter" and _place(scope, b.name) > 1) for b, scope in bindings)


def _place(scope: Scope, name: str) -> int:
    function = scope.node
    if not isinstance(function, ast.FunctionDef):
        return 0
    ordered = [a.arg for a in function.args.args if a.arg not in ("self", "inputs", "x")]
    return ordered.index(name) if name in ordered else 0
