"""Rules that are code: each takes the match context of a file and adds plans and trouble."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from tfkdoctor.migrate.arguments import Fitted
from tfkdoctor.migrate.fixers import (
    added_losses,
    batch_shapes,
    captured,
    first_api,
    fixed_training,
    generator_tuples,
    initial_weights,
    layer_names,
    layer_shapes,
    learning_phase,
    metrics,
    model_ends,
    optimizer_strings,
    rate_key,
    sessions,
    shapes,
    summaries,
    symbolic_calls,
    trainable,
    weight_sets,
    weighted_loss,
)
from tfkdoctor.migrate.names import Scope
from tfkdoctor.migrate.plans import Reference
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_Fixers = dict[str, Callable[["Context", Row], None]]

DURING: dict[str, Callable[[Context, ast.Call, Scope, Reference, Fitted, Row], bool]] = {  # of a call that is fitted
    "first_api": first_api.plan,
}

BEFORE: _Fixers = {  # these amend calls
    "batch_shapes": batch_shapes.run,
    "initial_weights": initial_weights.run,
    "layer_names": layer_names.run,
}

AFTER: _Fixers = {
    "added_losses": added_losses.run,
    "captured": captured.run,
    "fixed_training": fixed_training.run,
    "generator_tuples": generator_tuples.run,
    "layer_shapes": layer_shapes.run,
    "learning_phase": learning_phase.run,
    "metric_functions": metrics.functions,
    "metric_names": metrics.names,
    "model_ends": model_ends.run,
    "optimizer_strings": optimizer_strings.run,
    "rate_key": rate_key.run,
    "sessions": sessions.run,
    "shapes": shapes.run,
    "summaries": summaries.run,
    "symbolic_calls": symbolic_calls.run,
    "trainable": trainable.run,
    "weight_sets": weight_sets.run,
    "weighted_loss": weighted_loss.run,
}
