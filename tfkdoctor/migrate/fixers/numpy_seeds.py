"""`np.random.seed(7)`: the seed that made the initial weights of Keras 1 and 2 reproducible, and no longer does."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.random_seeds import draws_as_then, seeded
from tfkdoctor.migrate.methods import gives_models
from tfkdoctor.migrate.plans import Change, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_SEED = "numpy.random.seed"


def run(context: Context, row: Row) -> None:
    """Hand numpy's seed on to what Keras 3 draws from, where the program does not draw from it itself."""
    if not context.moves or context.graph is not None:
        return
    program = [context.facts.summaries[p] for p in context.facts.programs.get(context.path, (context.path,))]
    builds = any(name.startswith(("keras.layers", "keras.models")) for s in program for name in s.names)
    imports = {name for summary in program for name in summary.imports}
    if not builds or "set_random_seed" in {n.rpartition(".")[2] for s in program for n in s.names if ".utils." in n}:
        return
    as_then = draws_as_then(context)
    draws = not as_then and any(name == "random" or name.startswith("random.") for name in imports)
    if draws and context.settings.support and seeded(context):
        return  # Keras draws from NumPy there, as it did
    for call in context.survey.names.calls_of.get("seed", ()):
        value = call.args[0] if len(call.args) == 1 and not call.keywords else None
        if value is None or isinstance(value, ast.Starred) or not _is_of_numpy(context, call.func):
            continue
        start, end = context.survey.lines.start(value), context.survey.lines.end(value)
        message = "numpy's seed made initial weights reproducible, which come from Python's `random` on Keras 3"
        if draws or not context.settings.support or not context.writable(call):
            way = "seed that too, or call keras.utils.set_random_seed(seed); the numbers of old do not come back"
            context.found.troubles.append(Trouble(row.code, start, end, message, way, Severity.HINT))
            continue
        piece = "{@support.numpy_draws}(" if as_then else "{@support.keras_seed}("
        around = (Change(start, start, (piece,)), Change(end, end, (")",)))
        changes = around if as_then else _whole(context, call, value) or around
        context.add(
            TemplatePlan(
                id=context.id(row.code, start),
                code=row.code,
                start=start,
                end=end,
                message=message if as_then else f"{message}; the numbers of old do not come back",
                severity=Severity.WARNING,
                bindings=tuple(b for b in context.moves if gives_models(context, b)),
                introduces=introduced(changes),
                changes=changes,
                scope=context.survey.names.scope_of(call),
            )
        )


def _whole(context: Context, call: ast.Call, value: ast.expr) -> tuple[Change, ...]:
    """A seed that is shown to be a whole number goes to `keras.utils.set_random_seed`, which seeds numpy as well."""
    plain = isinstance(value, ast.Constant) and type(value.value) is int
    if not plain or not isinstance(context.survey.names.parents.get(call), ast.Expr):
        return ()
    lines = context.survey.lines
    return (Change(lines.start(call.func), lines.end(call.func), ("{@keras.utils.set_random_seed}",)),)


def _is_of_numpy(context: Context, node: ast.expr) -> bool:
    values = context.survey.describe(node)
    return any(v.kind == "ref" and v.name == _SEED for v in values)
