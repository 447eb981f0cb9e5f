"""Rules that are code: each takes the match context of a file and adds plans and trouble."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers import (
    batch_shapes,
    generator_tuples,
    initial_weights,
    layer_names,
    metrics,
    optimizer_strings,
    rate_key,
    trainable,
    weighted_loss,
)
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_Fixers = dict[str, Callable[["Context", Row], None]]

BEFORE: _Fixers = {  # these amend calls
    "batch_shapes": batch_shapes.run,
    "initial_weights": initial_weights.run,
    "layer_names": layer_names.run,
}

AFTER: _Fixers = {
    "generator_tuples": generator_tuples.run,
    "weighted_loss": weighted_loss.run,
    "metric_functions": metrics.functions,
    "metric_names": metrics.names,
    "optimizer_strings": optimizer_strings.run,
    "rate_key": rate_key.run,
    "trainable": trainable.run,
}
