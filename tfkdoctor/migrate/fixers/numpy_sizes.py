"""`Dense(np.prod(shape))`: Keras 3 takes only Python's int for the size of a layer."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, TemplatePlan
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_SIZES = frozenset(["units", "filters", "output_dim", "nb_filter", "n", "input_dim"])


def run(context: Context, row: Row) -> None:
    """Write `int(…)` around what numpy computes."""
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is None or not reference.name.startswith("keras.layers.") or reference.kind != "class":
            continue
        for node in (*call.args[:1], *(k.value for k in call.keywords if k.arg in _SIZES)):
            if not _is_numpy(context, node):
                continue
            start, end = context.survey.lines.start(node), context.survey.lines.end(node)
            context.add(
                TemplatePlan(
                    id=context.id(row.code, start),
                    code=row.code,
                    start=start,
                    end=end,
                    message="what numpy computes is no Python int, which Keras 3 asks for",
                    severity=Severity.ERROR,
                    bindings=context.movable(reference.bindings),
                    changes=(Change(start, start, ("int(",)), Change(end, end, (")",))),
                    scope=scope,
                )
            )


def _is_numpy(context: Context, node: ast.expr) -> bool:
    """Whether an expression is a call of numpy, or a name that is only ever bound to one."""
    if isinstance(node, ast.Call):
        return any(v.kind == "ref" and v.name.startswith("numpy.") for v in context.survey.describe(node.func))
    use = context.survey.names.use_of.get(node)
    if not isinstance(node, ast.Name) or use is None or not use.bindings:
        return False
    return all(isinstance(b.value, ast.Call) and _is_numpy(context, b.value) for b in use.bindings)
