"""`K.set_learning_phase(0)`: it goes where it is shown to have made no difference, and is reported elsewhere.

In Keras 2 the flag, once set, holds for training and prediction alike: with 0, dropout and batch normalization rest
while a model is trained; with 1, they work while it predicts. Without it the phase is 1 in fit and 0 in predict, as
today. Source: keras 2.2.5, engine/training.py (`_uses_learning_phase`), backend/tensorflow_backend.py.
"""

from __future__ import annotations

import ast
import fnmatch
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_SETTERS = ("keras.backend.set_learning_phase", "keras.backend.tensorflow_backend.set_learning_phase")
_SENSITIVE = (
    "*Dropout*",
    "GaussianNoise",
    "*BatchNorm*",
    "in_train_phase",
    "in_test_phase",
    "dropout",
    "learning_phase",
    "load_model",
    "model_from_*",
)
_TRAINING = frozenset(["fit", "fit_generator", "train_on_batch"])
_INFERENCE = frozenset(
    [
        "predict",
        "predict_on_batch",
        "predict_generator",
        "predict_classes",
        "predict_proba",
        "evaluate",
        "evaluate_generator",
        "test_on_batch",
    ]
)
_VALIDATION = ("validation_data", "validation_split")


def run(context: Context, row: Row) -> None:
    """Report each setting of the phase that may have made a difference."""
    if context.graph is not None:
        return
    lines = context.survey.lines
    without = set(without_effect(context))
    for statement, call in settings(context):
        if statement is not None and statement in without:
            continue
        training = _value(call) == 0
        what = "dropout and batch normalization rested while the model was trained" if training else ""
        what = what or "dropout and batch normalization worked while the model predicted"
        way = "call the model, or these layers, with `training=False`: BatchNormalization()(x, training=False)"
        way = way if training else "call the model with `training=True` where it predicts: model(x, training=True)"
        message = f"the learning phase cannot be set for all calls any more: {what}"
        context.found.troubles.append(
            Trouble(row.code, lines.start(call), lines.end(call), message, way, name="keras.backend.set_learning_phase")
        )


def without_effect(context: Context) -> Iterator[ast.Expr]:
    """The statements that set the phase and made no difference by that."""
    summaries = [context.facts.summaries[p] for p in context.facts.programs.get(context.path, ())]
    methods = context.facts.program_methods(context.path)
    given = {keyword for s in summaries for _, keyword in s.keywords}
    names = context.facts.program_names(context.path)
    sensitive = _is_sensitive(names, given) or any(star.startswith("keras.") for s in summaries for star in s.stars)
    trains = bool(methods & _TRAINING)
    infers = bool(methods & _INFERENCE) or any(v in given for v in _VALIDATION)
    infers = infers or any(name.endswith(".function") for name in names)
    for statement, call in settings(context):
        value = _value(call)
        idle = (value == 0 and not trains) or (value == 1 and not infers)
        if statement is not None and (not sensitive or idle):
            yield statement


def settings(context: Context) -> Iterator[tuple[ast.Expr | None, ast.Call]]:
    """Calls that set the phase, with the statements that they are."""
    for call, _ in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is not None and reference.name in _SETTERS:
            parent = context.survey.names.parents.get(call)
            yield (parent if isinstance(parent, ast.Expr) else None), call


def _value(call: ast.Call) -> int | None:
    given = [*call.args, *(k.value for k in call.keywords)]
    value = given[0].value if len(given) == 1 and isinstance(given[0], ast.Constant) else None
    return int(value) if isinstance(value, int) and value in (0, 1) else None


def _is_sensitive(names: frozenset[str], given: set[str]) -> bool:
    """Whether the program may hold a layer that works otherwise in training."""
    leaves = {name.rpartition(".")[2] for name in names}
    known = any(fnmatch.fnmatchcase(leaf, pattern) for leaf in leaves for pattern in _SENSITIVE)
    applications = any(".applications" in name for name in names)
    return known or applications or bool(given & {"dropout", "recurrent_dropout", "dropout_W", "dropout_U"})
