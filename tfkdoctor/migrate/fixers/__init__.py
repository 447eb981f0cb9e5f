"""Rules that are code: each takes the match context of a file and adds plans and trouble."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from tfkdoctor.migrate.arguments import Fitted
from tfkdoctor.migrate.fixers import (
    added_losses,
    batch_logs,
    batch_shapes,
    captured,
    channels_first,
    checkpoint_names,
    decays,
    dim_ordering,
    first_api,
    fixed_training,
    generator_tuples,
    handed_classes,
    initial_weights,
    initializer_functions,
    keras1_layers,
    keras1_weights,
    keyword_dicts,
    layer_names,
    layer_shapes,
    learning_phase,
    loss_functions,
    merge_layers,
    metrics,
    model_ends,
    monitors,
    numpy_sizes,
    old_losses,
    optimizer_strings,
    popped_layers,
    rate_key,
    registered_activations,
    sample_counts,
    schedules,
    sequential_targets,
    sessions,
    shapes,
    summaries,
    symbolic_calls,
    trainable,
    weight_sets,
    weight_shapes,
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
    "dim_ordering": dim_ordering.run,
    "embedding_input": keras1_layers.embedding_input,
    "decays": decays.run,
    "handed_layers": handed_classes.layers,
    "handed_optimizers": handed_classes.optimizers,
    "initial_weights": initial_weights.run,
    "keras1_weights": keras1_weights.run,
    "layer_names": layer_names.run,
    "merge_layers": merge_layers.run,
    "monitors": monitors.run,
    "old_loss_functions": old_losses.functions,
    "recurrent_weights": keras1_layers.recurrent_weights,
    "sample_counts": sample_counts.run,
    "schedules": schedules.run,
    "separable_init": keras1_layers.separable_init,
}

AFTER: _Fixers = {
    "added_losses": added_losses.run,
    "batch_logs": batch_logs.run,
    "captured": captured.run,
    "channels_first": channels_first.run,
    "checkpoint_names": checkpoint_names.run,
    "fixed_training": fixed_training.run,
    "generator_tuples": generator_tuples.run,
    "initializer_functions": initializer_functions.run,
    "keras1_methods": keras1_weights.method_names,
    "keyword_dicts": keyword_dicts.run,
    "layer_shapes": layer_shapes.run,
    "learning_phase": learning_phase.run,
    "loss_functions": loss_functions.run,
    "metric_functions": metrics.functions,
    "metric_names": metrics.names,
    "model_ends": model_ends.run,
    "numpy_sizes": numpy_sizes.run,
    "old_losses": old_losses.losses,
    "old_names": old_losses.constraints,
    "optimizer_strings": optimizer_strings.run,
    "padded_targets": weighted_loss.padded,
    "popped_layers": popped_layers.run,
    "rate_key": rate_key.run,
    "registered_activations": registered_activations.run,
    "sequential_targets": sequential_targets.run,
    "sessions": sessions.run,
    "shapes": shapes.run,
    "summaries": summaries.run,
    "symbolic_calls": symbolic_calls.run,
    "trainable": trainable.run,
    "weight_sets": weight_sets.run,
    "weight_shapes": weight_shapes.run,
    "weighted_loss": weighted_loss.run,
}
