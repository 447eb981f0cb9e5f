"""Classes and functions that support code has as they were: to call, to inherit from and to compare with."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, TemplatePlan
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_PIECES = {
    "KerasClassifier": "KerasClassifier",
    "KerasRegressor": "KerasRegressor",
    "Recurrent": "Recurrent",
    "time_distributed_dense": "time_distributed_dense",
    "_time_distributed_dense": "time_distributed_dense",
}


def run(context: Context, row: Row) -> None:
    """Plan the piece in the place of each use of the names that the row gives."""
    for reference in context.found.references:
        node = reference.node
        if reference.name not in row.of or not context.settings.support or not context.writable(node):
            continue
        name = reference.name.rpartition(".")[2]
        lines = context.survey.lines
        changes = [Change(lines.start(node), lines.end(node), ("{@support." + _PIECES[name] + "}",))]
        call = context.survey.names.parents.get(node)
        if isinstance(call, ast.Call) and call.func is node and context.knowledge.origin.keras.startswith("1."):
            places = (lines.start(k) for k in call.keywords if k.arg == "nb_epoch")
            changes += [Change(place, place + len("nb_epoch"), ("epochs",)) for place in places]
        context.add(
            TemplatePlan(
                id=context.id(row.code, lines.start(node)),
                code=row.code,
                start=lines.start(node),
                end=lines.end(node),
                message=f"`{name}` is gone from Keras: support code takes and gives what it did",
                severity=Severity.ERROR,
                safety=Safety.SAFE if reference.certain else Safety.UNSAFE,
                bindings=context.movable(reference.bindings),
                requires=reference.providers,
                providers=reference.providers,
                needs=frozenset(f"pip:{distribution}" for distribution in row.needs),
                introduces=introduced(changes),
                changes=tuple(changes),
                scope=reference.use.scope,
                name=reference.name,
            ),
            [node],
        )
