"""Imports modules of a project, and finds the models that they build."""

import ast
import importlib
import os
import sys
import types

from . import layers

# Methods with which a module works on data as soon as it is imported.
WORKS = frozenset(
    [
        "fit",
        "fit_generator",
        "train_on_batch",
        "evaluate",
        "evaluate_generator",
        "test_on_batch",
        "predict",
        "predict_classes",
        "predict_generator",
        "predict_on_batch",
    ]
)


def reach(root, base):
    """Put a project and the folder of its topmost package in front of what can be imported."""
    for folder in (root, os.path.join(root, base)):
        folder = os.path.normpath(folder)
        if folder not in sys.path:
            sys.path.insert(0, folder)


def load(name):
    """A module by its dotted name."""
    return importlib.import_module(name)


def up_to_work(path, name):
    """A module of everything that a file does before it first works on data at its top level."""
    with open(path, "rb") as file_:
        tree = ast.parse(file_.read(), path)
    body = []
    for node in tree.body:
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) and works(node):
            break
        body.append(node)
    tree.body = body
    module = types.ModuleType(str(name))
    module.__file__ = path
    sys.modules[name] = module
    exec(compile(tree, path, "exec"), module.__dict__)  # noqa: S102
    return module


def works(node):
    return any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in WORKS
        for one in ast.walk(node)
    )


def models_in(value, depth=2):
    """The models in what a builder gave back: itself, or what a list, a tuple or a dictionary holds."""
    if is_model(value):
        return [value]
    if depth and isinstance(value, dict):
        value = [value[key] for key in sorted(value, key=str)]
    if depth and isinstance(value, (list, tuple)):
        found = []
        for one in value:
            found.extend(models_in(one, depth - 1))
        return found
    return []


def is_model(value):
    return not isinstance(value, type) and all(hasattr(value, name) for name in ("predict", "get_weights", "layers"))


def own_objects(root):
    """The classes and functions of the project's modules by name: what loading a model must be told of."""
    found = {}
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if path and os.path.abspath(path).startswith(root + os.sep):
            for name, value in vars(module).items():
                if isinstance(value, (type, types.FunctionType)) and not name.startswith("__"):
                    found[name] = value
    return found


def labels(model, samples, seed=0):
    """Random labels for each output of a compiled model, such as its loss takes; a list of arrays."""
    import numpy

    draw = numpy.random.RandomState(seed)
    found = []
    tensors = layers.graph_of(model).outputs
    for number, tensor in enumerate(tensors):
        shape = [samples] + [
            layers.free(None if one is None or str(one) in ("None", "?") else int(one))
            for one in layers.declared(tensor)[1:]
        ]
        loss = loss_of(model, number)
        if "sparse" in loss:
            found.append(draw.randint(0, max(1, shape[-1]), shape[:-1] + [1] if len(shape) == 2 else shape[:-1]))
        elif "categorical" in loss:
            found.append(numpy.eye(shape[-1])[draw.randint(0, shape[-1], shape[:-1])].astype("float32"))
        elif "binary" in loss or "hinge" in loss:
            found.append(draw.randint(0, 2, shape).astype("float32"))
        else:
            found.append(draw.uniform(0, 1, shape).astype("float32"))
    return found


def loss_of(model, number):
    """The loss of an output as a name in lower case without underscores' meaning lost: `categorical_crossentropy`."""
    loss = getattr(model, "loss", None)
    if isinstance(loss, dict):
        names = list(getattr(layers.graph_of(model), "output_names", None) or sorted(loss))
        loss = loss.get(names[number]) if number < len(names) else None
    elif isinstance(loss, (list, tuple)):
        loss = loss[number] if number < len(loss) else None
    name = loss if isinstance(loss, str) or type(loss).__name__ == "unicode" else None
    name = name or getattr(loss, "__name__", None) or getattr(loss, "name", None) or type(loss).__name__
    return str(name).lower()


def compiled(model):
    """Whether compile() was called on a model."""
    if hasattr(model, "compiled"):
        return bool(model.compiled)
    return getattr(model, "optimizer", None) is not None
