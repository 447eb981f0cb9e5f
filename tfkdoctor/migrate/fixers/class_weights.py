"""`fit(…, class_weight=…, validation_split=…)`: the weights counted for the samples of the validation as well.

keras 1.2.2 and 2.2.5 made weights of samples of them before they split the data (engine/training.py, `fit`).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from packaging.version import Version

from tfkdoctor.migrate.plans import Amendment
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_MULTIPLIED = Version("2.2.5")  # before, Keras looked at no weights of classes where there are weights of samples


def run(context: Context, row: Row) -> None:
    """Give each such call its weights by sample, also one that has both: Keras 3 takes either."""
    if not context.moves:
        return
    for call in context.survey.names.calls_of.get("fit", ()):
        given = {k.arg: k.value for k in call.keywords}
        weights = given.get("class_weight")
        if weights is None or not isinstance(call.func, ast.Attribute) or _is_nothing(weights):
            continue
        classes = context.types.of(call.func.value)
        if not classes or not all(context.types.inherits(c, "keras.Model") for c in classes):
            continue
        both = "sample_weight" in given and not _is_nothing(given["sample_weight"])
        if both and Version(context.knowledge.origin.keras) < _MULTIPLIED:
            message = "weights of classes were not looked at beside those of samples"
            context.amend(call, Amendment(row.code, message, {"class_weight": None}, silent=False))
        elif (both or "validation_split" in given) and context.settings.support:
            y = given.get("y", call.args[1] if len(call.args) > 1 else None)
            if y is None or isinstance(y, ast.Starred | ast.List | ast.Dict):
                continue
            more: tuple[str | ast.expr, ...] = (", ", given["sample_weight"]) if both else ()
            what = "were multiplied with those of samples" if both else "counted for the samples of the validation too"
            new = ("{@support.class_weights}(", y, ", ", weights, *more, ")")
            context.amend(
                call, Amendment(row.code, f"weights of classes {what}", {"sample_weight": new, "class_weight": None})
            )


def _is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
