"""Calls of TensorFlow functions that no longer fit: the same function of the first API takes them as they stand.

`tf.compat.v1.X` of the target is the function of TF 1.15; the row names those that run eagerly.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.arguments import Fitted
from tfkdoctor.migrate.callplans import plan_call
from tfkdoctor.migrate.names import Scope
from tfkdoctor.migrate.plans import Reference
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def plan(context: Context, call: ast.Call, scope: Scope, reference: Reference, fitted: Fitted, row: Row) -> bool:
    """Plan the first API's function where the target's takes other arguments; True if that is planned."""
    name = f"tensorflow.compat.v1.{reference.name.removeprefix('tensorflow.')}"
    unfit = fitted.gone or fitted.renamed or fitted.unseen or fitted.twice
    if not unfit or not context.knowledge.exists(name):
        return False
    arguments = [argument for argument, _ in fitted.gone] or [old for old, _ in fitted.renamed]
    what = f"no `{arguments[0]}` where it stood" if arguments else "its arguments in another order"
    plan_call(
        context,
        call,
        scope,
        Fitted(notes=[(row.code, f"it takes {what} today; the first API does")], silent=True),
        [],
        context.movable(reference.bindings),
        reference.name,
        reference.certain,
        providers=reference.providers,
        callee="{@" + name + "}",
    )
    return True
