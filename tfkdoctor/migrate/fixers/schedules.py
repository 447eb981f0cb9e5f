"""LearningRateScheduler before Keras 2.1.4 called `schedule(epoch)`; since then the learning rate comes second.

A function whose second parameter has a default, `def schedule(epoch, initial=0.1)`, would get the rate there.
Source: keras 2.1.3 and 2.1.4, callbacks.py, `LearningRateScheduler.on_epoch_begin`.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.names import Scope, lookup
from tfkdoctor.migrate.plans import Amendment
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Give the scheduler a function of one argument, unless the one that it has is seen to take no second."""
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is None or reference.name != "keras.callbacks.LearningRateScheduler":
            continue
        given = [*call.args[:1], *(k.value for k in call.keywords if k.arg == "schedule")]
        if not given or isinstance(given[0], ast.Starred) or not _may_take_two(given[0], scope):
            continue
        message = "the schedule got the epoch alone, and would get the learning rate as its second argument"
        closed = isinstance(given[0], ast.Name)
        new = ("lambda epoch: " if closed else "lambda epoch: (", given[0], "(epoch)" if closed else ")(epoch)")
        context.amend(call, Amendment(row.code, message, {"schedule": new}))


def _may_take_two(node: ast.expr, scope: Scope) -> bool:
    """Whether a function that is seen has room for a second positional argument."""
    if isinstance(node, ast.Lambda):
        return _has_room(node.args)
    if isinstance(node, ast.Name):
        bindings = lookup(scope, node.id)
        return any(isinstance(b.node, ast.FunctionDef) and _has_room(b.node.args) for b in bindings)
    return False


def _has_room(arguments: ast.arguments) -> bool:
    return len(arguments.posonlyargs) + len(arguments.args) > 1 or arguments.vararg is not None
