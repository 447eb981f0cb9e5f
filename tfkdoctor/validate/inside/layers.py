"""The layers of a Keras model of any generation: their weights, and what each puts out for a batch."""

import sys

import numpy

# Classes that do the same under another name; what is missing here is its own name.
KINDS = {
    "convolution1d": "conv1d",
    "convolution2d": "conv2d",
    "convolution3d": "conv3d",
    "atrousconvolution1d": "conv1d",
    "atrousconvolution2d": "conv2d",
    "deconvolution2d": "conv2dtranspose",
    "deconvolution3d": "conv3dtranspose",
    "separableconvolution2d": "separableconv2d",
    "cudnnlstm": "lstm",
    "cudnngru": "gru",
    "add": "merge",
    "subtract": "merge",
    "multiply": "merge",
    "average": "merge",
    "maximum": "merge",
    "minimum": "merge",
    "concatenate": "merge",
    "dot": "merge",
    "timedistributeddense": "timedistributed",
}
OPEN = [16]  # what stands for a length that a model leaves open
KEPT = 20000  # numbers of one layer's output that are compared


def kind(layer):
    """What a layer is, in words that all generations share: `conv2d` for Convolution2D."""
    name = type(layer).__name__.lower()
    return KINDS.get(name, name)


def is_model(layer):
    """Whether a layer has layers of its own in order: a model, or the Merge of Keras 1."""
    inner = getattr(layer, "layers", None)
    return isinstance(inner, (list, tuple)) and bool(inner) and all(hasattr(one, "get_weights") for one in inner)


def leaves(model):
    """Every layer once, those of nested models in their place: [(name, layer)]."""
    found, seen = [], set()

    def visit(layer, prefix):
        if id(layer) in seen:
            return
        seen.add(id(layer))
        if is_model(layer):
            for one in layer.layers:
                visit(one, prefix + (layer.name + "/" if layer is not model else ""))
        else:
            found.append((prefix + layer.name, layer))

    visit(model, "")
    return found


def weighted(model):
    """The layers that have weights: [(name, layer, arrays)]."""
    found = [(name, layer, [numpy.asarray(one) for one in layer.get_weights()]) for name, layer in leaves(model)]
    return [row for row in found if row[2]]


def converted(layer, arrays):
    """Weights of an older generation as `layer` takes them; a list of arrays, or None where no way is known.

    The conversions are those of `keras.engine.saving.preprocess_weights_for_loading` (Keras 2.2.5).
    """
    wanted = [tuple(one.shape) for one in layer.get_weights()]
    for candidate in candidates(layer, arrays):
        if [tuple(one.shape) for one in candidate] == wanted:
            return candidate
    return None


def candidates(layer, arrays):
    yield arrays
    what = kind(layer)
    if what == "bidirectional" and len(arrays) % 2 == 0:
        half, inner = len(arrays) // 2, kind(getattr(layer, "forward_layer", None))
        halves = [joined_gates(inner, part) for part in (arrays[:half], arrays[half:])]
        if None not in [None if one is None else 0 for one in halves]:
            yield halves[0] + halves[1]
    gates = joined_gates(what, arrays)
    if gates is not None:
        yield gates
    if arrays and arrays[0].ndim == 4 and what == "conv1d":
        yield [arrays[0][:, 0]] + arrays[1:]
    if arrays and arrays[0].ndim == 4:
        for axes in ((2, 3, 1, 0), (0, 1, 3, 2), (2, 3, 0, 1)):
            yield [arrays[0].transpose(axes)] + arrays[1:]
    if arrays and arrays[0].ndim == 5:
        yield [arrays[0].transpose((2, 3, 4, 1, 0))] + arrays[1:]


def joined_gates(what, arrays):
    """Keras 1 held each gate of an LSTM or GRU apart."""
    if what == "lstm" and len(arrays) == 12:
        order = [0, 6, 3, 9]
    elif what == "convlstm2d" and len(arrays) == 12:
        order = [0, 6, 3, 9]
    elif what == "gru" and len(arrays) == 9:
        order = [0, 3, 6]
    else:
        return None
    # Keras 1 kept i, c, f, o; Keras 2 keeps i, f, c, o.
    return [numpy.concatenate([arrays[gate + part] for gate in order], axis=-1) for part in range(3)]


def sample(array):
    """At most KEPT numbers of an array, evenly spaced; the same ones for the same shape."""
    flat = numpy.asarray(array).reshape(-1)
    step = max(1, -(-flat.size // KEPT))
    return flat[::step]


def backend_of(model):
    """The backend module of the Keras that a model belongs to."""
    for base in type(model).__mro__:
        root = base.__module__
        if root.startswith("keras.") and "keras.src" not in root and not root.startswith("keras.api"):
            return sys.modules["keras.backend"]
        if root.startswith("tensorflow.python.keras"):
            return sys.modules["tensorflow.python.keras.backend"]
        if root.startswith(("keras.src", "tf_keras.src")):
            return sys.modules[root.split(".")[0] + ".src.backend"]
    return None


def generation(model):
    """3 for a model of Keras 3, 2 for an older one that runs in TensorFlow 2's way, 1 for one of graphs."""
    backend = backend_of(model)
    if backend is not None and hasattr(backend, "KerasTensor") and backend.__name__ == "keras.src.backend":
        return 3
    tensorflow = sys.modules.get("tensorflow")
    eager = getattr(tensorflow, "executing_eagerly", None)
    name = getattr(backend, "__name__", "")
    return 2 if eager is not None and eager() and name != "keras.backend" else 1


def graph_of(model):
    """The model that holds the graph: Sequential kept one inside in Keras 1, and does again in Keras 3."""
    for name in ("_functional", "model"):
        inner = getattr(model, name, None)
        if inner is not None and hasattr(inner, "inputs"):
            return inner
    return model


def tensors(model):
    """[(layer, tensor)] for each layer of a graph model, in order: its first output, where it is used in this model."""
    graph = graph_of(model)
    keys = getattr(graph, "_network_nodes", None) or getattr(graph, "container_nodes", None) or graph._nodes
    found = []
    for layer in graph.layers:
        inbound = getattr(layer, "_inbound_nodes", None) or getattr(layer, "inbound_nodes", None) or []
        for index, node in enumerate(inbound):
            if {"{}_ib-{}".format(name, index) for name in (layer.name, id(layer))} & set(keys):
                output = getattr(node, "output_tensors", None)
                if output is None:
                    output = node.outputs
                flat = list(output) if isinstance(output, (list, tuple)) else [output]
                if flat:
                    found.append((layer, flat[0]))
                break
    return found


def inputs_of(model):
    return list(graph_of(model).inputs)


def is_graph(model):
    """Whether the layers of a model form a graph that is known before any data is seen."""
    try:
        return bool(inputs_of(model)) and bool(tensors(model))
    except (AttributeError, TypeError, ValueError):
        return False


def outputs(model, batch):
    """What each layer and then the model itself put out for a batch (a list of arrays), not training.

    [(name, kind, array)]; a model without a graph of layers has only its own row, named "the output".
    """
    whole_name = "the output"
    if not is_graph(model):
        whole = called(model, batch)
        rows = []
    else:
        pairs = [(layer, tensor) for layer, tensor in tensors(model) if kind(layer) != "inputlayer"]
        ends = list(graph_of(model).outputs)
        arrays = computed(model, [tensor for _, tensor in pairs] + ends, batch)
        rows = [(layer.name, kind(layer), array) for (layer, _), array in zip(pairs, arrays)]
        whole = arrays[len(pairs) :]
    for number, array in enumerate(whole):
        rows.append((whole_name + (" {}".format(number + 1) if number else ""), "output", array))
    return rows


def called(model, batch):
    """The outputs of a model that has no graph."""
    values = [numpy.asarray(one) for one in batch]
    values = values if len(values) > 1 else values[0]
    if generation(model) == 1:
        result = model.predict_on_batch(values)
    else:
        result = model(values, training=False)
    return [numpy.asarray(one) for one in (result if isinstance(result, (list, tuple)) else [result])]


def states(model):
    """The variables that calling a model may change (states of layers, counters), with their values."""
    if generation(model) == 1:
        return []
    found = list(getattr(model, "non_trainable_variables", None) or [])
    for _, layer in leaves(model):
        inner = getattr(layer, "states", None) if getattr(layer, "stateful", False) else None
        found.extend(one for one in (inner or []) if hasattr(one, "assign"))
    return [(variable, numpy.array(variable)) for variable in found if hasattr(variable, "assign")]


def computed(model, wanted, batch):
    number = generation(model)
    if number == 1:
        backend = backend_of(model)
        feeds, values = inputs_of(model), list(batch)
        phase = backend.learning_phase()
        if not isinstance(phase, (int, bool)):
            feeds, values = feeds + [phase], values + [0]
        try:
            return backend.function(feeds, wanted)(values)
        except (TypeError, ValueError):
            return backend.function(inputs_of(model), wanted)(list(batch))
    model_class = [base for base in type(graph_of(model)).__mro__ if base.__name__ == "Model"][0]
    inner = model_class(inputs_of(model), wanted)
    values = [numpy.asarray(one) for one in batch]
    result = inner(values if len(values) > 1 else values[0], training=False)
    return [numpy.asarray(one) for one in (result if isinstance(result, (list, tuple)) else [result])]


def made_up(model, samples=4, seed=0):
    """Random inputs of the shapes that a graph model declares; whole numbers where an Embedding reads them."""
    draw = numpy.random.RandomState(seed)
    rows = [layer.input_dim for _, layer in leaves(model) if kind(layer) == "embedding"]
    found = []
    for tensor in inputs_of(model):
        shape = [None if one is None or str(one) in ("None", "?") else int(one) for one in declared(tensor)]
        shape = [samples if shape[0] is None else shape[0]] + [free(one) for one in shape[1:]]
        if rows and len(shape) <= 2:
            found.append(draw.randint(0, min(rows), shape).astype("float32"))
        else:
            found.append(draw.uniform(0, 1, shape).astype("float32"))
    return found


def free(length):
    """A length that the model leaves open."""
    return OPEN[0] if length is None else length


def is_open(model):
    """Whether a model leaves lengths of its inputs open, beside the number of samples."""
    return any(
        None in [None if str(one) in ("None", "?") else one for one in declared(tensor)[1:]]
        for tensor in inputs_of(model)
    )


def declared(tensor):
    shape = getattr(tensor, "_keras_shape", None) or tensor.shape
    return shape.as_list() if hasattr(shape, "as_list") else list(shape)
