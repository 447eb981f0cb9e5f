"""Rules that are code: each takes the match context of a file and adds plans and trouble."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers import (
    channels_first,
    dim_ordering,
    history_keys,
    initializer_functions,
    keras1_layers,
    keras1_weights,
    layer_names,
    merge_layers,
    old_losses,
    optimizer_strings,
    rate_key,
    sample_counts,
    trainable,
)
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_Fixers = dict[str, Callable[["Context", Row], None]]

BEFORE: _Fixers = {  # these amend calls
    "dim_ordering": dim_ordering.run,
    "embedding_input": keras1_layers.embedding_input,
    "keras1_weights": keras1_weights.run,
    "merge_layers": merge_layers.run,
    "old_loss_functions": old_losses.functions,
    "sample_counts": sample_counts.run,
    "separable_init": keras1_layers.separable_init,
}

AFTER: _Fixers = {
    "channels_first": channels_first.run,
    "history_keys": history_keys.run,
    "initializer_functions": initializer_functions.run,
    "keras1_methods": keras1_weights.method_names,
    "layer_names": layer_names.run,
    "old_losses": old_losses.losses,
    "old_names": old_losses.constraints,
    "optimizer_strings": optimizer_strings.run,
    "rate_key": rate_key.run,
    "trainable": trainable.run,
}
