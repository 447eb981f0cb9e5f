"""`fit_generator(flow, validation_data=(x, y))`: arrays were evaluated in batches as large as the last of the training.

keras 2.2.5 engine/training_generator.py, 1.2.2 engine/training.py. It shows where a loss or metric of the program's own
is no mean over samples.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.metrics import compile_calls, elements, is_project_function, metrics_of
from tfkdoctor.migrate.plans import Amendment
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_PURE = (ast.Name, ast.Attribute, ast.Constant, ast.BinOp, ast.operator, ast.expr_context)


def run(context: Context, row: Row) -> None:
    """Give these calls the size of the batches, where the program compiles with functions of its own."""
    calls = context.survey.names.calls_of.get("fit_generator", ())
    if not calls or not context.moves or not context.settings.support or not _has_own(context):
        return
    for call in calls:
        given = {k.arg: k.value for k in call.keywords} | dict(
            zip(("generator", "steps_per_epoch"), call.args, strict=False)
        )
        generator, steps = given.get("generator"), given.get("steps_per_epoch")
        arrays = isinstance(given.get("validation_data"), ast.Tuple | ast.List)
        if not arrays or None in given or not isinstance(generator, ast.Name | ast.Attribute):
            continue
        pieces: tuple[str | ast.expr, ...] = ("{@support.last_batch}(", generator, ")")
        if steps is not None and all(isinstance(n, _PURE) or _is_len(n) for n in ast.walk(steps)):
            pieces = ("{@support.last_batch}(", generator, ", ", steps, ")")
        message = "arrays were evaluated in batches of the size of the last training batch"
        context.amend(call, Amendment(row.code, message, {"validation_batch_size": pieces}))


def _is_len(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("len", "int")


def _has_own(context: Context) -> bool:
    """Whether a compile() of this file gets a function of the project as a loss or metric."""
    for call, scope in compile_calls(context):
        loss = next((k.value for k in call.keywords if k.arg == "loss"), call.args[1] if len(call.args) > 1 else None)
        given = metrics_of(call)
        leaves = [node for node, _ in elements(context, given, scope)] if given is not None else []
        leaves += [loss] if loss is not None else []
        if any(is_project_function(context, n.func if isinstance(n, ast.Call) else n) for n in leaves):
            return True
    return False
