"""The classes of keras.wrappers.scikit_learn: support code has them, to call, to inherit from and to compare with."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, TemplatePlan
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_CLASSES = frozenset(["KerasClassifier", "KerasRegressor"])
_HOMES = ("keras.wrappers.scikit_learn.", "tensorflow.keras.wrappers.scikit_learn.")


def run(context: Context, row: Row) -> None:
    for reference in context.found.references:
        home, _, name = reference.name.rpartition(".")
        node = reference.node
        if not (f"{home}." in _HOMES and name in _CLASSES and context.settings.support and context.writable(node)):
            continue
        lines = context.survey.lines
        changes = [Change(lines.start(node), lines.end(node), ("{@support." + name + "}",))]
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
                needs=frozenset(["pip:scikit-learn"]),
                introduces=introduced(changes),
                changes=tuple(changes),
                scope=reference.use.scope,
                name=reference.name,
            ),
            [node],
        )
