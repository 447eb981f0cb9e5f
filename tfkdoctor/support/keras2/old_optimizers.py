"""The optimizers of Keras 1 and 2 where their calls or names cannot be seen: their arguments, defaults and formulas.

Those of tf.keras.optimizers.legacy have the formulas of old, and call `lr` `learning_rate`; they clip each gradient by
itself, and begin with other rates.
"""

import functools

import tensorflow as tf

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


def old_optimizer(optimizer):  # type: ignore[no-untyped-def]
    """A class of tf.keras.optimizers that takes the arguments of Keras 2, by position as well; call it as it was.

    Where the calls are yours to write anew, a class of tf.keras.optimizers.legacy with `learning_rate=` does the same.
    """
    kind = optimizer.__name__
    kept = getattr(tf.keras.optimizers.legacy, kind)

    @functools.wraps(optimizer)
    def make(*args, **kwargs):  # type: ignore[no-untyped-def]
        given = {**dict(zip(_ARGUMENTS[kind], args, strict=False)), **kwargs}
        rate = given.pop("lr", _RATES.get(kind, 0.001))
        rate = given.pop("learning_rate", rate)
        if given.get("epsilon", 0.0) is None:
            del given["epsilon"]
        if "clipnorm" in given:
            given["global_clipnorm"] = given.pop("clipnorm")
        if kind == "Adagrad":
            given.setdefault("initial_accumulator_value", 0.0)
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
