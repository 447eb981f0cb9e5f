"""Keyword arguments of Keras 1 that go into calls through `**`, under the names that tf.keras has for them.

Where the dictionary is yours to write anew, rename its keys (`border_mode` is `padding`, `nb_epoch` is `epochs`) and
this is not needed any more.
"""

_TODAY = {
    "nb_filter": "filters",
    "filter_length": "kernel_size",
    "border_mode": "padding",
    "subsample": "strides",
    "subsample_length": "strides",
    "atrous_rate": "dilation_rate",
    "dim_ordering": "data_format",
    "output_dim": "units",
    "init": "kernel_initializer",
    "inner_init": "recurrent_initializer",
    "beta_init": "beta_initializer",
    "gamma_init": "gamma_initializer",
    "inner_activation": "recurrent_activation",
    "W_regularizer": "kernel_regularizer",
    "U_regularizer": "recurrent_regularizer",
    "b_regularizer": "bias_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "bias": "use_bias",
    "p": "rate",
    "sigma": "stddev",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "pool_length": "pool_size",
    "stride": "strides",
    "length": "size",
    "nb_epoch": "epochs",
    "epsilon": "min_delta",  # of ReduceLROnPlateau
}
_OWN = {  # what the layers of these names call otherwise; "" where nothing is left of it
    "Embedding": {
        "init": "embeddings_initializer",
        "W_regularizer": "embeddings_regularizer",
        "W_constraint": "embeddings_constraint",
        "output_dim": "output_dim",
        "dropout": "",
    },
    "PReLU": {"init": "alpha_initializer"},
    "BatchNormalization": {"epsilon": "epsilon", "mode": ""},
}
_GONE = ("consume_less", "nb_worker", "pickle_safe", "max_q_size", "workers", "use_multiprocessing", "max_queue_size")
_FORMATS = {"th": "channels_first", "tf": "channels_last", "default": None}


def old_keywords(given, kind, **defaults):  # type: ignore[no-untyped-def]
    """Today's names for what is given to a layer or method of this name; `defaults` count for what is not given."""
    given, own = dict(given), dict(_OWN.get(kind, {}))
    for sides in (("nb_row", "nb_col"), ("kernel_dim1", "kernel_dim2", "kernel_dim3")):
        if all(side in given for side in sides):
            given["kernel_size"] = tuple(given.pop(side) for side in sides)
    if "dim_ordering" in given:
        given["dim_ordering"] = _FORMATS.get(given["dim_ordering"], given["dim_ordering"])
    if "forget_bias_init" in given:
        given["unit_forget_bias"] = given.pop("forget_bias_init") in ("one", "ones")
    if kind == "SeparableConv2D" and "init" in given:
        given["depthwise_initializer"] = given["pointwise_initializer"] = given.pop("init")
    named = {own.get(name, _TODAY.get(name, name)): value for name, value in given.items() if name not in _GONE}
    named.pop("", None)
    return {**defaults, **named}
