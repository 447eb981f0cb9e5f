# mypy: ignore-errors
"""`tf.estimator.WarmStartSettings`: which variables start from which checkpoint; tf.train.warm_start does the work."""

import collections

_WARM_START = ("ckpt_to_initialize_from", "vars_to_warm_start", "var_name_to_vocab_info", "var_name_to_prev_var_name")


class WarmStartSettings(collections.namedtuple("WarmStartSettings", _WARM_START)):
    """`tf.estimator.WarmStartSettings`."""

    def __new__(
        cls,
        ckpt_to_initialize_from,
        vars_to_warm_start=".*",
        var_name_to_vocab_info=None,
        var_name_to_prev_var_name=None,
    ):
        if not ckpt_to_initialize_from:
            raise ValueError("`ckpt_to_initialize_from` MUST be set in WarmStartSettings")
        names, earlier = var_name_to_vocab_info or {}, var_name_to_prev_var_name or {}
        return super().__new__(cls, ckpt_to_initialize_from, vars_to_warm_start, names, earlier)
