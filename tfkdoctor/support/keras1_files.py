"""What Keras 1 saved, in the words of Keras 2: arguments of layers, merges, and the weights of each layer.

Keras 2 read such files through its legacy interfaces and `preprocess_weights_for_loading` (keras/engine/saving.py of
2.2.5); Keras 3 has neither. Loading needs it as long as files of Keras 1 are loaded.
"""

import numpy as np


def _layer_of_keras_1(layer):
    """The configuration of a layer or model of Keras 1 as Keras 2 would have written it."""
    name, config = layer["class_name"], layer["config"]
    if name == "Sequential":
        inner = [_layer_of_keras_1(one) for one in config]
        return {**layer, "config": {"name": layer.get("name", "sequential"), "layers": inner}}
    if name == "Model":
        return {**layer, "config": {**config, "layers": [_layer_of_keras_1(one) for one in config["layers"]]}}
    if name == "Merge":
        return _merge_of_keras_1(layer)
    if name in _LEFT_OUT_OF_KERAS_2:
        raise ValueError(f"{name} of Keras 1 is no layer of Keras 3; build the model anew and load its weights")
    if name == "BatchNormalization" and config.get("mode"):
        raise ValueError(f"BatchNormalization of Keras 1 with mode={config['mode']} is no layer of Keras 3")
    if config.get("dropout") and name == "Embedding":
        raise ValueError("Embedding of Keras 1 with dropout is no layer of Keras 3")
    words = {**_ARGUMENTS_OF_ALL, **_ARGUMENTS_OF_KERAS_1.get(name, {})}
    modern = {}
    for key, value in config.items():
        key, value = words.get(key, key), _value_of_keras_1(key, value)
        if key:
            modern[key] = value
    for parts, key in _SIZES_OF_KERAS_1.items():
        if all(part in modern for part in parts):
            modern[key] = [modern.pop(part) for part in parts]
    if "forget_bias_init" in modern:
        modern["unit_forget_bias"] = modern.pop("forget_bias_init") == "one"
    if isinstance(config.get("layer"), dict):
        modern["layer"] = _layer_of_keras_1(config["layer"])
    return {**layer, "class_name": _NAMES_OF_KERAS_1.get(name, name), "config": modern}


def _merge_of_keras_1(layer):
    """`Merge` of a graph as the layer that its mode became."""
    config = layer["config"]
    mode, base = config["mode"], {"name": config["name"]}
    if mode not in _MERGES_OF_KERAS_1 or config.get("layers"):
        raise ValueError(f"Merge of Keras 1 with mode={mode!r} of layers is no layer of Keras 3; build it anew")
    if mode == "concat":
        base["axis"] = config["concat_axis"]
    if mode in ("dot", "cos"):
        base.update(axes=config["dot_axes"], normalize=mode == "cos")
    return {**layer, "class_name": _MERGES_OF_KERAS_1[mode], "config": base}


def _value_of_keras_1(key, value):
    if key == "dim_ordering":
        return {"tf": "channels_last", "th": "channels_first"}.get(value)
    if key in ("init", "inner_init"):
        return {"uniform": "random_uniform", "normal": "random_normal", "zero": "zeros", "one": "ones"}.get(
            value, value
        )
    if not isinstance(value, dict) or "name" not in value or not key.endswith(("_regularizer", "_constraint")):
        return value
    if key.endswith("_regularizer"):
        return {"class_name": "L1L2", "config": {"l1": float(value.get("l1", 0)), "l2": float(value.get("l2", 0))}}
    given = {"max_value" if one == "m" else one: value[one] for one in value if one != "name"}
    return {"class_name": value["name"], "config": given}


_ARGUMENTS_OF_ALL = {
    **dict.fromkeys(("input_length", "consume_less", "mode"), ""),
    "init": "kernel_initializer", "inner_init": "recurrent_initializer", "bias": "use_bias",
    "inner_activation": "recurrent_activation", "border_mode": "padding", "dim_ordering": "data_format",
    **{f"{part}_{what}": f"{kind}_{what}" for part, kind in (("W", "kernel"), ("U", "recurrent"), ("b", "bias"))
       for what in ("regularizer", "constraint")},
    "dropout_W": "dropout", "dropout_U": "recurrent_dropout", "subsample": "strides", "input_dim": "",
    "output_dim": "units", "nb_filter": "filters", "filter_length": "kernel_size", "subsample_length": "strides",
    "atrous_rate": "dilation_rate", "pool_length": "pool_size", "stride": "strides", "p": "rate", "sigma": "stddev",
}  # fmt: skip
_ARGUMENTS_OF_KERAS_1 = {
    "Embedding": {
        "init": "embeddings_initializer",
        "W_regularizer": "embeddings_regularizer",
        "input_dim": "input_dim",
        "W_constraint": "embeddings_constraint",
        "output_dim": "output_dim",
        "dropout": "",
    },
    "InputLayer": {"input_dtype": "dtype"},
    "PReLU": {"init": "alpha_initializer", "weights": ""},
    "UpSampling1D": {"length": "size"},
    "Deconvolution2D": {"output_shape": ""},
}
_SIZES_OF_KERAS_1 = {("nb_row", "nb_col"): "kernel_size", ("kernel_dim1", "kernel_dim2", "kernel_dim3"): "kernel_size"}
_NAMES_OF_KERAS_1 = {
    **{f"Convolution{n}D": f"Conv{n}D" for n in (1, 2, 3)},
    **{f"AtrousConvolution{n}D": f"Conv{n}D" for n in (1, 2)},
    "Deconvolution2D": "Conv2DTranspose",
}
_MERGES_OF_KERAS_1 = {
    "sum": "Add",
    "mul": "Multiply",
    "ave": "Average",
    "max": "Maximum",
    "concat": "Concatenate",
    "dot": "Dot",
    "cos": "Dot",
}
_LEFT_OUT_OF_KERAS_2 = (
    *("MaxoutDense", "Highway", "TimeDistributedDense", "SReLU", "ParametricSoftplus"),
    *("SeparableConvolution2D", "LocallyConnected1D", "LocallyConnected2D"),
)


def _check_sizes_of_keras_1(model, config):
    """Raise for a deconvolution that put out another size than its strides ask for, as Keras 1 could."""
    built = {layer.name: layer for layer in model._flatten_layers(include_self=False)}
    layers = config["config"] if isinstance(config["config"], list) else config["config"]["layers"]
    for layer in layers:
        if layer["class_name"] in ("Sequential", "Model"):
            _check_sizes_of_keras_1(model, layer)
        elif layer["class_name"] == "Deconvolution2D":
            name, wanted = layer["config"]["name"], layer["config"]["output_shape"]
            if tuple(built[name].output.shape[1:]) != tuple(wanted[1:]):
                told = f"Deconvolution2D of Keras 1 named {name} puts out {wanted[1:]}"
                raise ValueError(f"{told}; build it as Conv2DTranspose with output_padding, and load the weights")


def _set_weights_of_keras_1(model, group):
    """Give a model the weights of the HDF5 group in which Keras 1 kept them, layer by layer."""
    for name in group.attrs["layer_names"]:
        name = name.decode() if isinstance(name, bytes) else name
        names = group[name].attrs["weight_names"]
        arrays = [np.asarray(group[name][one]) for one in names]
        if arrays:
            layer = model.get_layer(name)
            _taken_by(layer, arrays)
            if arrays:
                raise ValueError(f"the layer {name} takes other weights than the file holds")


def _taken_by(layer, arrays):
    """Set the weights of a layer from the first of these arrays, which are taken away; those of a model layer by layer.

    Keras 1 kept what is trained of all layers of a model before what is not.
    """
    if not hasattr(layer, "layers"):
        count = _count_in_keras_1(layer)
        layer.set_weights(_weights_of_keras_1(layer, arrays[:count]))
        del arrays[:count]
        return
    inner = [one for one in layer.layers if one.weights]
    trained = {id(one): _count_in_keras_1(one) - len(one.non_trainable_weights) for one in inner}
    parts = {}
    for one in inner:
        parts[id(one)] = arrays[: trained[id(one)]]
        del arrays[: trained[id(one)]]
    for one in inner:
        rest = len(one.non_trainable_weights)
        _taken_by(one, [*parts[id(one)], *arrays[:rest]])
        del arrays[:rest]


def _count_in_keras_1(layer):
    """How many arrays Keras 1 kept for a layer: three for each gate of a recurrent one."""
    if hasattr(layer, "layers"):
        return sum(_count_in_keras_1(one) for one in layer.layers)
    if hasattr(layer, "forward_layer"):
        return 2 * _count_in_keras_1(layer.forward_layer)
    gates = {"LSTM": 12, "ConvLSTM2D": 12, "GRU": 9}
    return gates.get(type(layer).__name__, len(layer.weights))


def _weights_of_keras_1(layer, arrays):
    """The arrays of one layer as Keras 2 keeps them."""
    kind = type(layer).__name__
    if kind == "Bidirectional":
        half = len(arrays) // 2
        parts = (arrays[:half], arrays[half:])
        return [one for part in parts for one in _weights_of_keras_1(layer.forward_layer, part)]
    if kind == "TimeDistributed":
        return _weights_of_keras_1(layer.layer, arrays)
    order = {"LSTM": (0, 6, 3, 9), "ConvLSTM2D": (0, 6, 3, 9), "GRU": (0, 3, 6)}.get(kind)
    if order:  # each gate apart; Keras 1 kept those of an LSTM as i, c, f, o, Keras 2 as i, f, c, o
        return [np.concatenate([arrays[gate + part] for gate in order], axis=-1) for part in range(3)]
    kernel = arrays[0]
    first = getattr(layer, "data_format", "") == "channels_first"
    if kind == "Conv1D":
        length = layer.kernel_size[0]
        old = kernel.shape[:2] != (length, 1) or kernel.shape[3] != layer.filters  # before Keras 1.1
        kernel = (kernel.transpose((2, 3, 1, 0)) if old else kernel)[:, 0]
    elif kind == "Conv2DTranspose":
        kernel = kernel.transpose((2, 3, 0, 1) if first else (0, 1, 3, 2))
    elif first and kind in ("Conv2D", "Conv3D"):
        kernel = kernel.transpose((2, 3, 1, 0) if kind == "Conv2D" else (2, 3, 4, 1, 0))
    return [kernel, *arrays[1:]]
