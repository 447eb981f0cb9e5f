"""The step of an optimizer that has `get_updates(loss, params)`, as those of Keras 1 and 2 had.

get_updates is called once for a set of weights, as it was when a model's train function was made, and K.update and
its kin in it only note what a step assigns: each step computes all new values from those before it, and then assigns
the ones that get_updates returned. (Where a graph read a variable that the same step changed, either came first.)
"""

import contextlib
import inspect

import tensorflow as tf


class _Loss:
    """What get_updates is handed for a loss: its gradients are all that is known of it."""

    def __init__(self, params, gradients):  # type: ignore[no-untyped-def]
        self.found = {id(p): gradient for p, gradient in zip(params, gradients, strict=True)}

    def gradients(self, variables):  # type: ignore[no-untyped-def]
        """Those of an Embedding as they come: a row for each word of the batch."""
        return [self.found[id(variable)] for variable in variables]


class _GetUpdates(tf.keras.optimizers.Optimizer):  # type: ignore[misc]
    def __init__(self, **kwargs):  # type: ignore[no-untyped-def]
        name = kwargs.pop("name", None)
        if unknown := kwargs.keys() - {"clipnorm", "clipvalue"}:
            raise TypeError(f"Unexpected keyword argument passed to optimizer: {', '.join(sorted(unknown))}")
        before = dict(self.__dict__)
        super().__init__(learning_rate=0.0, name=name)
        for gone in ("clipnorm", "clipvalue", "weight_decay"):
            self.__dict__.pop(gone, None)
        self.__dict__.update(before | kwargs)
        self.updates, self.weights, self._steps = [], [], {}

    def __setattr__(self, name, value):  # type: ignore[no-untyped-def]
        if isinstance(value, tf.keras.optimizers.Optimizer) and not isinstance(value, _GetUpdates):
            value = _as_it_was(value)  # type: ignore[no-untyped-call]
        object.__setattr__(self, "learning_rate" if name == "lr" and "learning_rate" in self.__dict__ else name, value)

    def __getattr__(self, name):  # type: ignore[no-untyped-def]
        if name == "lr" and "learning_rate" in self.__dict__:
            return self.__dict__["learning_rate"]
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __dir__(self):  # type: ignore[no-untyped-def]
        return [name for name in super().__dir__() if vars(self).get(name) is not self]  # saving walks through these

    @property
    def learning_rate(self):  # type: ignore[no-untyped-def]
        given = self.__dict__.get("learning_rate")
        return self.lr if given is None else given  # type: ignore[has-type]

    @learning_rate.setter
    def learning_rate(self, value):  # type: ignore[no-untyped-def]
        if isinstance(getattr(self, "lr", None), tf.Variable) and not tf.is_tensor(value):
            self.lr.assign(value)  # type: ignore[has-type]
        elif hasattr(self, "lr") and "learning_rate" not in self.__dict__:
            self.lr = value
        else:
            self.__dict__["learning_rate"] = value

    @property
    def iterations(self):  # type: ignore[no-untyped-def]
        return self.__dict__.get("iterations", self._iterations)

    @iterations.setter
    def iterations(self, value):  # type: ignore[no-untyped-def]
        self.__dict__["iterations"] = value

    @property
    def variables(self):  # type: ignore[no-untyped-def]
        for number, weight in enumerate(self.weights):
            weight.path = f"{self.name}/{number}"  # files of tf.keras ask for it
        return list(self.weights)

    def get_gradients(self, loss, params):  # type: ignore[no-untyped-def]
        gradients = loss.gradients(params)
        if getattr(self, "clipnorm", 0) > 0:
            norm = tf.sqrt(sum(tf.reduce_sum(tf.square(tf.convert_to_tensor(g))) for g in gradients))
            scale = tf.where(norm >= self.clipnorm, self.clipnorm / norm, 1.0)
            gradients = [tf.math.scalar_mul(scale, gradient) for gradient in gradients]
        if getattr(self, "clipvalue", 0) > 0:
            gradients = [tf.clip_by_value(g, -self.clipvalue, self.clipvalue) for g in gradients]
        return [tf.convert_to_tensor(gradient) for gradient in gradients]

    def get_updates(self, loss, params):  # type: ignore[no-untyped-def]
        raise NotImplementedError

    def build(self, variables):  # type: ignore[no-untyped-def]
        self._step(variables)  # type: ignore[no-untyped-call]
        self._trainable_variables = list(variables)
        self.built = True

    def apply(self, grads, trainable_variables=None):  # type: ignore[no-untyped-def]
        variables = list(self._trainable_variables if trainable_variables is None else trainable_variables)
        if not self.built:
            self.build(variables)  # type: ignore[no-untyped-call]
        if any(gradient is None for gradient in grads):
            raise ValueError(
                "A weight has no gradient: does the loss depend on it, and is each operation differentiable?"
            )
        step = self._step(variables)  # type: ignore[no-untyped-call]
        step(*[part for g, v in zip(grads, variables, strict=True) for part in _parts(g, v)])  # type: ignore[no-untyped-call]
        self._iterations.assign_add(1)

    def _step(self, variables):  # type: ignore[no-untyped-def]
        """What runs get_updates for these weights; made when they are trained for the first time."""
        with tf.init_scope():
            params = [_parameter(variable) for variable in variables]  # type: ignore[no-untyped-call]
            key = tuple(param._unique_id for param in params)
            if key not in self._steps:
                specs, made = [spec for param in params for spec in _specs(param)], []  # type: ignore[no-untyped-call]

                def at_once(_, **kwargs):  # type: ignore[no-untyped-def]
                    made.append(_variable(kwargs))  # type: ignore[no-untyped-call]
                    return made[-1]

                def step(*parts):  # type: ignore[no-untyped-def]
                    rest = iter(parts)
                    gradients = [_whole([next(rest) for _ in _specs(p)], p) for p in params]  # type: ignore[no-untyped-call]
                    with _noted() as noted, tf.variable_creator_scope(at_once):
                        updates = self._updates(_Loss(params, gradients), params)  # type: ignore[no-untyped-call]
                    _assign(updates, noted)  # type: ignore[no-untyped-call]

                concrete = tf.function(step, autograph=False).get_concrete_function(*specs)
                self._steps[key] = concrete, params, made  # a concrete function holds no variables itself
            return self._steps[key][0]

    def _updates(self, loss, params):  # type: ignore[no-untyped-def]
        constraints = {param: param.constraint for param in params if param.constraint is not None}
        given = {"loss": loss, "params": params, "constraints": constraints}
        names = [name for name in inspect.signature(self.get_updates).parameters if name in given]
        if {"loss", "params"} <= set(names):
            return self.get_updates(**{name: given[name] for name in names})  # type: ignore[no-untyped-call]
        return self.get_updates(loss, params)  # type: ignore[no-untyped-call]

    def set_weights(self, weights):  # type: ignore[no-untyped-def]
        if len(weights) != len(self.weights):
            raise ValueError(f"{len(weights)} arrays for an optimizer with {len(self.weights)} weights")
        for variable, value in zip(self.weights, weights, strict=True):
            variable.assign(value)

    def get_weights(self):  # type: ignore[no-untyped-def]
        return [tf.keras.backend.get_value(weight) for weight in self.weights]

    def get_config(self):  # type: ignore[no-untyped-def]
        return {name: getattr(self, name) for name in ("clipnorm", "clipvalue") if hasattr(self, name)}

    @classmethod
    def from_config(cls, config, custom_objects=None):  # type: ignore[no-untyped-def]
        return cls(**config)


def _parameter(variable):  # type: ignore[no-untyped-def]
    """The variable under a weight, with the name of Keras 2, its constraint, and a hash."""
    inner = variable.value if isinstance(variable, tf.keras.Variable) else variable
    parts = [part for part in getattr(variable, "path", variable.name).split("/") if not part.endswith("_cell")]
    own = {
        "name": "/".join(parts[-2:]).removesuffix(":0") + ":0",
        "constraint": getattr(variable, "constraint", None),
        "__eq__": lambda self, other: self is other,
        "__ne__": lambda self, other: self is not other,
        "__hash__": lambda self: id(self),
    }
    same = object.__new__(type("Parameter", (type(inner),), own))  # type: ignore[var-annotated]
    same.__dict__ = inner.__dict__
    return same


def _is_embedding(variable):  # type: ignore[no-untyped-def]
    return variable.name.removesuffix(":0").endswith("embeddings")


def _specs(param):  # type: ignore[no-untyped-def]
    if _is_embedding(param):  # type: ignore[no-untyped-call]
        return [tf.TensorSpec([None, *param.shape[1:]], param.dtype), tf.TensorSpec([None], tf.int64)]
    return [tf.TensorSpec(param.shape, param.dtype)]


def _parts(gradient, variable):  # type: ignore[no-untyped-def]
    """The tensors of a gradient, as many as `_specs` says."""
    if not _is_embedding(variable):  # type: ignore[no-untyped-call]
        return [tf.cast(tf.convert_to_tensor(gradient), variable.dtype)]
    if isinstance(gradient, tf.IndexedSlices):
        return [tf.cast(gradient.values, variable.dtype), tf.cast(gradient.indices, tf.int64)]
    return [tf.cast(gradient, variable.dtype), tf.range(variable.shape[0], dtype=tf.int64)]


def _whole(parts, param):  # type: ignore[no-untyped-def]
    return tf.IndexedSlices(*parts, dense_shape=tf.constant(list(param.shape))) if len(parts) > 1 else parts[0]


def _variable(kwargs):  # type: ignore[no-untyped-def]
    """A variable that get_updates makes, such as K.zeros: it exists from now on, whatever is being traced."""
    names = ("initial_value", "trainable", "name", "dtype", "constraint", "shape")
    with tf.Graph().as_default(), tf.__internal__.eager_context.eager_mode():  # a graph without this creator
        return tf.Variable(**{name: kwargs[name] for name in names if kwargs.get(name) is not None})


@contextlib.contextmanager
def _noted():  # type: ignore[no-untyped-def]
    """K.update and its kin for a while: they return the new value, and what they are to assign is in the dictionary."""
    backend, noted = tf.keras.backend, {}

    same = {}  # type: ignore[var-annotated]

    def note(assign, new):  # type: ignore[no-untyped-def]
        def update(x, value):  # type: ignore[no-untyped-def]
            key = (assign, id(x), value) if isinstance(value, int | float) else None
            if key in same:
                return same[key]  # TensorFlow 1 counted once where two optimizers in one counted the same
            value = tf.convert_to_tensor(value, x.dtype)
            result = tf.identity(new(x, value))
            noted[id(result)] = result, getattr(x, assign), value
            if key is not None:
                same[key] = result
            return result

        return update

    def moving_average_update(x, value, momentum):  # type: ignore[no-untyped-def]
        return backend.update_sub(x, (x - value) * (1.0 - momentum))

    instead = {
        "update": note("assign", lambda x, value: value),  # type: ignore[no-untyped-call]
        "update_add": note("assign_add", lambda x, value: x + value),  # type: ignore[no-untyped-call]
        "update_sub": note("assign_sub", lambda x, value: x - value),  # type: ignore[no-untyped-call]
        "moving_average_update": moving_average_update,
    }
    before = {name: getattr(backend, name) for name in instead}
    try:
        for name, function in instead.items():
            setattr(backend, name, function)
        yield noted
    finally:
        for name, function in before.items():
            setattr(backend, name, function)


def _assign(updates, noted):  # type: ignore[no-untyped-def]
    """Do what was returned, and what another value was computed from, now that all values are computed."""
    returned = {id(update) for update in updates}
    todo = [
        (assign, value)
        for key, (result, assign, value) in noted.items()
        if key in returned or result.op.outputs[0].consumers()
    ]
    pairs = [update for update in updates if isinstance(update, tuple)]
    todo += [(variable.assign, new() if callable(new) else new) for variable, new in pairs]
    values = [tf.identity(value) for _, value in todo]
    with tf.control_dependencies(values):
        for (assign, _), value in zip(todo, values, strict=True):
            assign(value)


class _Classic(_GetUpdates):
    """An optimizer of Keras 2: a rate that may decay, hyperparameters as variables, and slots beside each weight."""

    slots: tuple[str, ...] = ()
    counts = True
    default_epsilon: float | None = None

    def _begin(self, lr, decay, hyper, kwargs):  # type: ignore[no-untyped-def]
        lr = kwargs.pop("learning_rate", lr)
        _GetUpdates.__init__(self, **kwargs)  # type: ignore[no-untyped-call]
        variable = tf.keras.backend.variable
        self.iterations, self.lr = variable(0, dtype="int64", name="iterations"), variable(lr, name="lr")
        self.decay, self.initial_decay = variable(decay, name="decay"), decay
        self.hyper = hyper.keys()
        for name, value in hyper.items():
            setattr(self, name, variable(value, name=name))

    def get_updates(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        named = dict(
            zip(("params", "constraints", "loss") if len(args) == 3 else ("loss", "params"), args, strict=False)
        )
        loss, params = ({**named, **kwargs}[name] for name in ("loss", "params"))
        grads = self.get_gradients(loss, params)  # type: ignore[no-untyped-call]
        backend = tf.keras.backend
        self.updates = [backend.update_add(self.iterations, 1)]
        step = tf.cast(self.iterations, tf.float32)
        rate = self.lr * (1.0 / (1.0 + self.decay * step)) if self.initial_decay > 0 else self.lr
        unused = "" if getattr(self, "amsgrad", True) else "vhat"
        slots = [[backend.zeros((1,) if s == unused else p.shape, p.dtype) for p in params] for s in self.slots]
        self.weights = [self.iterations] * self.counts + [slot for kind in slots for slot in kind]
        context = self._of_step(rate, step + 1.0)  # type: ignore[no-untyped-call]
        for param, grad, *states in zip(params, grads, *slots, strict=True):
            new, *states_now = self._new(param, grad, context, *states)
            self.updates += [backend.update(state, now) for state, now in zip(states, states_now, strict=True)]
            if getattr(param, "constraint", None) is not None:
                new = param.constraint(new)
            self.updates.append(backend.update(param, new))
        return self.updates

    def _epsilon(self, given):  # type: ignore[no-untyped-def]
        default = self.default_epsilon or tf.keras.backend.epsilon()
        return default if given is None else given

    def _of_step(self, rate, t):  # type: ignore[no-untyped-def]
        return rate

    def get_config(self):  # type: ignore[no-untyped-def]
        own = {name: float(tf.keras.backend.get_value(getattr(self, name))) for name in ("lr", *self.hyper)}
        plain = {name: vars(self)[name] for name in ("epsilon", "nesterov", "amsgrad") if name in vars(self)}
        decay = {} if "m_schedule" in vars(self) else {"decay": float(tf.keras.backend.get_value(self.decay))}
        return {**super().get_config(), **own, **decay, **plain}  # type: ignore[no-untyped-call]


def _kinds():  # type: ignore[no-untyped-def]
    return {"Optimizer": _GetUpdates} | {kind.__name__[1:]: kind for kind in _Classic.__subclasses__()}


def _as_it_was(optimizer):  # type: ignore[no-untyped-def]
    """An optimizer of tf.keras that one with get_updates holds: the one of Keras 2 with its hyperparameters."""
    kind, config, kinds = type(optimizer).__name__, optimizer.get_config(), _kinds()  # type: ignore[no-untyped-call]
    if kind not in kinds or "update_step" in vars(optimizer):
        raise TypeError(f"{kind} computes no updates: hand over one of {', '.join(kinds)}")
    rate = config["learning_rate"]
    names = ("momentum", "nesterov", "rho", "beta_1", "beta_2", "epsilon", "amsgrad", "schedule_decay", "clipvalue")
    given = {name: config[name] for name in names if config.get(name) is not None}
    if isinstance(rate, dict):  # InverseTimeDecay, which is what `decay` has become
        given["decay"], rate = rate["config"]["decay_rate"], rate["config"]["initial_learning_rate"]
    if config.get("global_clipnorm"):
        given["clipnorm"] = config["global_clipnorm"]
    if type(optimizer) in (tf.keras.optimizers.RMSprop, tf.keras.optimizers.Adagrad):
        given["epsilon"] = given["epsilon"] ** 0.5  # it stands inside the root there
    if kind == "RMSprop":
        given.pop("momentum", None)
    return kinds[kind](lr=rate, **given)
