"""The optimizers of Keras 1 and 2 where their calls or names cannot be seen: their arguments, defaults and formulas.

tf.keras calls `lr` `learning_rate`, has no `decay`, clips each gradient by itself, and begins with other rates.
"""

import functools

import tensorflow as tf

from tfkdoctor.support.adagrad import Adagrad
from tfkdoctor.support.nadam import Nadam
from tfkdoctor.support.rmsprop import RMSprop

_ARGUMENTS = {
    "SGD": ("lr", "momentum", "decay", "nesterov"),
    "RMSprop": ("lr", "rho", "epsilon", "decay"),
    "Adagrad": ("lr", "epsilon", "decay"),
    "Adadelta": ("lr", "rho", "epsilon", "decay"),
    "Adam": ("lr", "beta_1", "beta_2", "epsilon", "decay", "amsgrad"),
    "Adamax": ("lr", "beta_1", "beta_2", "epsilon", "decay"),
    "Nadam": ("lr", "beta_1", "beta_2", "epsilon", "schedule_decay"),
}
_RATES = {"SGD": 0.01, "Adagrad": 0.01, "Adadelta": 1.0, "Adamax": 0.002, "Nadam": 0.002}
_CLASSES = {"RMSprop": RMSprop, "Adagrad": Adagrad, "Nadam": Nadam}


def old_optimizer(optimizer):  # type: ignore[no-untyped-def]
    """A class of tf.keras.optimizers that takes the arguments of Keras 2, by position as well; call it as it was.

    Where the calls are yours to write anew, the class itself with `learning_rate=` does the same.
    """
    kind = optimizer.__name__
    kept = _CLASSES.get(kind, optimizer)

    @functools.wraps(optimizer)
    def make(*args, **kwargs):  # type: ignore[no-untyped-def]
        given = {**dict(zip(_ARGUMENTS[kind], args, strict=False)), **kwargs}
        rate, decay = given.pop("lr", _RATES.get(kind, 0.001)), given.pop("decay", 0.0)
        rate = given.pop("learning_rate", rate)
        if decay:
            rate = tf.keras.optimizers.schedules.InverseTimeDecay(rate, decay_steps=1, decay_rate=decay)
        if given.get("epsilon", 0.0) is None:
            del given["epsilon"]
        if "clipnorm" in given:
            given["global_clipnorm"] = given.pop("clipnorm")
        return kept(learning_rate=rate, **given)

    return make


def optimizer_by_name(identifier, epsilon=None):  # type: ignore[no-untyped-def]
    """What Keras 2 made of a name such as 'adagrad'; an optimizer stays what it is. Keras 1 had an epsilon of 1e-8."""
    if not isinstance(identifier, str):
        return identifier
    kinds = {kind.lower(): kind for kind in _ARGUMENTS}
    kind = kinds[identifier.lower()]
    given = {} if kind == "SGD" else {"epsilon": epsilon}
    return old_optimizer(getattr(tf.keras.optimizers, kind))(**given)  # type: ignore[no-untyped-call]


def old_compile(epsilon, arguments):  # type: ignore[no-untyped-def]
    """The keyword arguments of a compile() with what Keras 2 made of the name of an optimizer among them."""
    named = {k: optimizer_by_name(v, epsilon) for k, v in arguments.items() if k == "optimizer"}  # type: ignore[no-untyped-call]
    return {**arguments, **named}


def optimizer_config(optimizer):  # type: ignore[no-untyped-def]
    """An optimizer's get_config() with the rate as 'lr', and the 'decay' that a schedule stands for."""
    config = optimizer.get_config()
    rate = config.get("learning_rate")
    if isinstance(rate, dict):
        schedule = rate.get("config", {})
        config["learning_rate"] = schedule.get("initial_learning_rate")
        config["decay"] = schedule.get("decay_rate", 0.0)
    return {"decay": 0.0, **config, "lr": config.get("learning_rate")}
