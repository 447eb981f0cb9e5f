"""Takes chance out of a program, the same way in both interpreters; what it computes stays what it is.

- `random` and NumPy are seeded, and Keras draws its own seeds from another source, so that building a model takes
  nothing from the numbers that the program draws (Keras 1 and 2 take them from NumPy, Keras 3 from `random`).
- Dropout passes everything on: two generators cannot draw the same masks.
- Keras 1 and 2 on TensorFlow 1 race inside one `session.run`: an optimizer may read a variable before or after
  another operation of the same run has overwritten it. All new values are computed before the first is assigned, and
  variables are resource variables, whose reads have a place in the graph. Every formula stays as it is.
"""

import random
import sys

BACKENDS = (
    "keras.backend.tensorflow_backend",
    "keras.initializers",
    "keras.initializations",
    "keras.src.backend",
    "tf_keras.src.backend",
    "tensorflow.python.keras.backend",
)


class Apart(object):
    """A module whose `random` is another generator than everybody's."""

    def __init__(self, module, generator):
        self.__dict__["module"] = module
        self.__dict__["random"] = generator

    def __getattr__(self, name):
        return getattr(self.module, name)


def seed(number):
    import numpy

    random.seed(number)
    numpy.random.seed(number)


def apart():
    """Give the modules of Keras that draw seeds generators of their own."""
    import numpy

    for name in BACKENDS:
        module = sys.modules.get(name)
        if module is not None and getattr(module, "np", None) is numpy:
            module.np = Apart(numpy, numpy.random.RandomState(0))
        if module is not None and getattr(module, "random", None) is random:
            module.random = random.Random(0)
    for name in ("keras.src.random.seed_generator",):
        module = sys.modules.get(name)
        if module is not None and getattr(module, "python_random", None) is random:
            module.python_random = random.Random(0)


def without_dropout():
    """Dropout of Keras, whichever is loaded, and of TensorFlow passes everything on."""

    def of_value(x, *unused, **named):
        return x + 0 * x if named.get("copy") else x

    for name in ("keras.backend.tensorflow_backend", "keras.backend", "tensorflow.python.keras.backend"):
        replace(sys.modules.get(name), "dropout", of_value)
    for name in ("keras.src.backend", "tf_keras.src.backend"):
        module = sys.modules.get(name)
        replace(module, "dropout", of_value)  # Keras 2
        replace(getattr(module, "random", None), "dropout", of_value)  # Keras 3

        generator = getattr(module, "RandomGenerator", None)
        replace(generator, "dropout", lambda self, x, *unused, **named: x)
    for name in ("tensorflow.python.ops.nn_ops", "tensorflow.python.ops.nn"):
        for function in ("dropout", "dropout_v2"):
            replace(sys.modules.get(name), function, of_value)
    tensorflow = sys.modules.get("tensorflow")
    for parent in (tensorflow, getattr(getattr(tensorflow, "compat", None), "v1", None)):
        replace(getattr(parent, "nn", None), "dropout", of_value)


def replace(owner, name, function):
    if owner is not None and hasattr(owner, name):
        try:
            setattr(owner, name, function)
        except (AttributeError, TypeError):
            pass


def in_order():
    """Keras 1 and 2 on TensorFlow 1: optimizers compute every new value before they assign the first."""
    backend = sys.modules.get("keras.backend.tensorflow_backend")
    tensorflow = sys.modules.get("tensorflow")
    if backend is None or tensorflow is None or not hasattr(backend, "Function"):
        return
    if not tensorflow.__version__.startswith("1."):
        return
    if hasattr(tensorflow, "enable_resource_variables"):
        tensorflow.enable_resource_variables()

    def deferred(update, new_value):
        def replacement(variable, change):
            if sys._getframe(1).f_globals.get("__name__") == "keras.optimizers":
                return (variable, new_value(variable, change))
            return update(variable, change)

        return replacement

    backend.update = deferred(backend.update, lambda variable, change: change)
    backend.update_add = deferred(backend.update_add, lambda variable, change: variable + change)
    backend.update_sub = deferred(backend.update_sub, lambda variable, change: variable - change)
    for module in (sys.modules.get("keras.backend"),):
        for name in ("update", "update_add", "update_sub"):
            replace(module, name, getattr(backend, name))
    construct = backend.Function.__init__

    def construct_ordered(self, inputs, outputs, updates=None, *more, **named):
        updates = list(updates or [])
        values = [update[1] for update in updates if isinstance(update, tuple)]
        with tensorflow.control_dependencies(list(outputs) + values):
            updates = [tensorflow.assign(*update) if isinstance(update, tuple) else update for update in updates]
        construct(self, inputs, outputs, updates, *more, **named)

    backend.Function.__init__ = construct_ordered
