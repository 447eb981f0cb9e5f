"""Puts the recorder between a program and Keras: methods of its models tell what they are given and give back."""

import functools
import inspect
import itertools
import sys

import numpy

from . import layers

ENTRIES = (
    "compile",
    "fit",
    "fit_generator",
    "train_on_batch",
    "evaluate",
    "evaluate_generator",
    "test_on_batch",
    "predict",
    "predict_classes",
    "predict_proba",
    "predict_generator",
    "predict_on_batch",
    "save",
    "save_weights",
)
FIRST = 4  # samples of the first batch that the layers' outputs are compared for


def watch(recorder, modules):
    """Hook every class of these Keras packages that holds methods of models, and what runs after a training step."""
    for keras in modules:
        for name in ("Model", "Sequential"):
            for base in getattr(keras.models, name).__mro__:
                for method in ENTRIES:
                    if method in base.__dict__ and not hasattr(base.__dict__[method], "of_tfkdoctor"):
                        setattr(base, method, hooked(recorder, base.__dict__[method], method))
        hook_steps(recorder, keras)


def hooked(recorder, method, name):
    @functools.wraps(method)
    def wrapper(self, *args, **kwargs):
        if recorder.busy or recorder.depth or not hasattr(self, "layers"):
            return method(self, *args, **kwargs)
        recorder.depth = 1
        try:
            if name == "compile":
                result = method(self, *args, **kwargs)
                recorder.meet(self)
                return result
            args, kwargs, batch = prepared(self, method, name, args, kwargs)
            recorder.meet(self, batch, name not in ("save", "save_weights"))
            result = method(self, *args, **kwargs)
            if name == "train_on_batch":
                loss = result[0] if isinstance(result, (list, tuple)) else result
                loss = loss.get("loss") if isinstance(loss, dict) else loss
                recorder.step(self, float(loss), False)
            return result
        finally:
            recorder.depth = 0

    wrapper.of_tfkdoctor = True
    return wrapper


def names_of(method):
    get = getattr(inspect, "getfullargspec", None) or inspect.getargspec
    try:
        return [
            name for name in get(inspect.unwrap(method) if hasattr(inspect, "unwrap") else method)[0] if name != "self"
        ]
    except (TypeError, ValueError):
        return []


def prepared(model, method, name, args, kwargs):
    """The arguments with shuffling switched off, and the first batch as a list of arrays (None: cannot be told)."""
    args, kwargs, names = list(args), dict(kwargs), names_of(method)
    if name in ("fit", "fit_generator") and "shuffle" in names:
        place = names.index("shuffle")
        if place < len(args):
            args[place] = False
        else:
            kwargs["shuffle"] = False
    first = names[0] if names else "x"
    if name in ("save", "save_weights") or not (args or first in kwargs):
        return args, kwargs, None
    given = args[0] if args else kwargs[first]
    batch, given = first_batch(model, given)
    if args:
        args[0] = given
    else:
        kwargs[first] = given
    return args, kwargs, batch


def first_batch(model, given):
    """(the first samples as a list of arrays or None, what to hand on in place of what was given)"""
    if hasattr(given, "index_array"):  # batches of pictures: looking at one draws the order of all
        return None, given
    if any(base.__name__ in ("Sequence", "PyDataset") for base in type(given).__mro__):
        head = given[0]
        return arrays(model, head[0] if isinstance(head, tuple) else head), given
    if hasattr(given, "__next__") or hasattr(given, "next"):
        try:
            head = next(given)
        except StopIteration:
            return None, given
        rest = itertools.chain([head], given)
        return arrays(model, head[0] if isinstance(head, (tuple, list)) else head), (one for one in rest)
    return arrays(model, given), given


def arrays(model, given):
    if isinstance(given, dict):
        wanted = list(getattr(layers.graph_of(model), "input_names", None) or sorted(given))
        given = [given[name] for name in wanted if name in given]
    elif isinstance(given, (list, tuple)) and given and all(numpy.isscalar(one) for one in given):
        given = [numpy.asarray(given)]
    elif not isinstance(given, (list, tuple)):
        given = [given]
    try:
        found = [numpy.asarray(one) for one in given]
    except Exception:
        return None
    if not found or any(one.dtype.kind not in "fiub" or not one.ndim for one in found):
        return None
    return [one[: fixed_batch(model) or FIRST] for one in found]


def fixed_batch(model):
    try:
        return int(layers.inputs_of(model)[0].shape[0])
    except (AttributeError, TypeError, ValueError, IndexError):
        return None


def hook_steps(recorder, keras):
    """Every end of a training step inside `fit` tells its loss."""
    running = is_running(keras)
    home = sys.modules[keras.callbacks.Callback.__module__]
    lists = getattr(home, "CallbackList", None)
    if lists is None:
        lists = sys.modules["keras.src.callbacks.callback_list"].CallbackList
    for name in ("on_train_batch_end", "on_batch_end", "_call_batch_hook"):
        if name in lists.__dict__ and not hasattr(lists.__dict__[name], "of_tfkdoctor"):
            setattr(lists, name, told(recorder, lists.__dict__[name], name, running))


def is_running(keras):
    """Whether a Keras tells means over the epoch after each step: tf.keras from 2.2 on, tf_keras, Keras 3."""
    home = keras.callbacks.Callback.__module__
    if home.startswith("keras.") and ".src" not in home:
        return False
    if home.startswith("tensorflow.python.keras"):
        tensorflow = sys.modules["tensorflow"].__version__.split(".")
        return (int(tensorflow[0]), int(tensorflow[1])) >= (2, 2)
    return True


def told(recorder, method, name, running):
    @functools.wraps(method)
    def wrapper(self, *args, **kwargs):
        outermost = not recorder.telling
        recorder.telling += 1
        try:
            result = method(self, *args, **kwargs)
        finally:
            recorder.telling -= 1
        training, batch, logs = arguments(name, args, kwargs)
        if outermost and training and not recorder.busy and logs and "loss" in logs:
            model = getattr(self, "_model", None) or self.callbacks[0].model
            size = logs.get("size")
            recorder.step(model, scalar(logs["loss"]), running, int(batch), None if size is None else scalar(size))
        return result

    wrapper.of_tfkdoctor = True
    return wrapper


def arguments(name, args, kwargs):
    if name == "_call_batch_hook":
        mode, hook = args[0], args[1]
        batch = args[2] if len(args) > 2 else kwargs.get("batch")
        logs = args[3] if len(args) > 3 else kwargs.get("logs")
        return str(mode).endswith("train") and hook == "end", batch, logs
    batch = args[0] if args else kwargs.get("batch")
    return True, batch, args[1] if len(args) > 1 else kwargs.get("logs")


def scalar(value):
    return float(numpy.asarray(value).reshape(-1)[0])
