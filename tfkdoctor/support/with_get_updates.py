"""Optimizers of Keras 1 and 2, which say in `get_updates(loss, params)` what each variable becomes.

tf.keras knows `update_step` instead, one variable at a time, and asks no optimizer for its updates.
"""

import tensorflow as tf

from tfkdoctor.support.updates import _Classic, _GetUpdates, _kinds


def with_get_updates(optimizer, epsilon=None):  # type: ignore[no-untyped-def]
    """A class of tf.keras.optimizers as Keras 2 had it, to inherit from; `update_step` and `build` in your class today.

    `Optimizer` takes no `learning_rate`; SGD, Adam and their like take `lr` and have a get_updates of their own,
    and `epsilon` is what they take without one: 1e-8 in Keras 1, K.epsilon() later.
    """
    optimizer = getattr(optimizer, "__wrapped__", optimizer)  # of old_optimizer
    if issubclass(optimizer, _GetUpdates):
        return optimizer
    kinds = _kinds()  # type: ignore[no-untyped-call]
    if optimizer.__name__ not in kinds:
        raise TypeError(f"{optimizer.__name__} computes no updates: write update_step(gradient, variable, rate)")
    kind = kinds[optimizer.__name__]
    return kind if epsilon is None else type(kind.__name__, (kind,), {"default_epsilon": epsilon})


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class _SGD(_Classic):
    slots = ("moment",)

    def __init__(self, lr=0.01, momentum=0.0, decay=0.0, nesterov=False, **kwargs):  # type: ignore[no-untyped-def]
        self._begin(lr, decay, {"momentum": momentum}, kwargs)  # type: ignore[no-untyped-call]
        self.nesterov = nesterov

    def _new(self, p, g, rate, m):  # type: ignore[no-untyped-def]
        v = self.momentum * m - rate * g
        return (p + self.momentum * v - rate * g if self.nesterov else p + v), v


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class _RMSprop(_Classic):
    slots, counts = ("square",), False

    def __init__(self, lr=0.001, rho=0.9, epsilon=None, decay=0.0, **kwargs):  # type: ignore[no-untyped-def]
        self._begin(lr, decay, {"rho": rho}, kwargs)  # type: ignore[no-untyped-call]
        self.epsilon = self._epsilon(epsilon)  # type: ignore[no-untyped-call]

    def _new(self, p, g, rate, a):  # type: ignore[no-untyped-def]
        new_a = self.rho * a + (1.0 - self.rho) * tf.square(g)
        return p - rate * g / (tf.sqrt(new_a) + self.epsilon), new_a


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class _Adagrad(_Classic):
    slots, counts = ("square",), False

    def __init__(self, lr=0.01, epsilon=None, decay=0.0, **kwargs):  # type: ignore[no-untyped-def]
        self._begin(lr, decay, {}, kwargs)  # type: ignore[no-untyped-call]
        self.epsilon = self._epsilon(epsilon)  # type: ignore[no-untyped-call]

    def _new(self, p, g, rate, a):  # type: ignore[no-untyped-def]
        new_a = a + tf.square(g)
        return p - rate * g / (tf.sqrt(new_a) + self.epsilon), new_a


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class _Adadelta(_Classic):
    slots, counts = ("square", "delta"), False

    def __init__(self, lr=1.0, rho=0.95, epsilon=None, decay=0.0, **kwargs):  # type: ignore[no-untyped-def]
        self._begin(lr, decay, {}, kwargs)  # type: ignore[no-untyped-call]
        self.rho, self.epsilon = rho, self._epsilon(epsilon)  # type: ignore[no-untyped-call]

    def _new(self, p, g, rate, a, d):  # type: ignore[no-untyped-def]
        new_a = self.rho * a + (1.0 - self.rho) * tf.square(g)
        change = g * tf.sqrt(d + self.epsilon) / tf.sqrt(new_a + self.epsilon)
        return p - rate * change, new_a, self.rho * d + (1 - self.rho) * tf.square(change)

    def get_config(self):  # type: ignore[no-untyped-def]
        return {**super().get_config(), "rho": self.rho}  # type: ignore[no-untyped-call]


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class _Adam(_Classic):
    slots = ("m", "v", "vhat")

    def __init__(  # type: ignore[no-untyped-def]
        self, lr=0.001, beta_1=0.9, beta_2=0.999, epsilon=None, decay=0.0, amsgrad=False, **kwargs
    ):
        self._begin(lr, decay, {"beta_1": beta_1, "beta_2": beta_2}, kwargs)  # type: ignore[no-untyped-call]
        self.epsilon, self.amsgrad = self._epsilon(epsilon), amsgrad  # type: ignore[no-untyped-call]

    def _of_step(self, rate, t):  # type: ignore[no-untyped-def]
        return rate * (tf.sqrt(1.0 - tf.pow(self.beta_2, t)) / (1.0 - tf.pow(self.beta_1, t)))

    def _new(self, p, g, rate, m, v, vhat):  # type: ignore[no-untyped-def]
        m_t = self.beta_1 * m + (1.0 - self.beta_1) * g
        v_t = self.beta_2 * v + (1.0 - self.beta_2) * tf.square(g)
        most = tf.maximum(vhat, v_t) if self.amsgrad else v_t
        return p - rate * m_t / (tf.sqrt(most) + self.epsilon), m_t, v_t, (most if self.amsgrad else vhat)


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class _Adamax(_Classic):
    slots = ("m", "u")

    def __init__(  # type: ignore[no-untyped-def]
        self, lr=0.002, beta_1=0.9, beta_2=0.999, epsilon=None, decay=0.0, **kwargs
    ):
        self._begin(lr, decay, {"beta_1": beta_1, "beta_2": beta_2}, kwargs)  # type: ignore[no-untyped-call]
        self.epsilon = self._epsilon(epsilon)  # type: ignore[no-untyped-call]

    def _of_step(self, rate, t):  # type: ignore[no-untyped-def]
        return rate / (1.0 - tf.pow(self.beta_1, t))

    def _new(self, p, g, rate, m, u):  # type: ignore[no-untyped-def]
        m_t = self.beta_1 * m + (1.0 - self.beta_1) * g
        u_t = tf.maximum(self.beta_2 * u, tf.abs(g))
        return p - rate * m_t / (u_t + self.epsilon), m_t, u_t


@tf.keras.utils.register_keras_serializable(package="tf_legacy")
class _Nadam(_Classic):
    slots = ("m", "v")

    def __init__(  # type: ignore[no-untyped-def]
        self, lr=0.002, beta_1=0.9, beta_2=0.999, epsilon=None, schedule_decay=0.004, **kwargs
    ):
        self._begin(lr, 0.0, {"beta_1": beta_1, "beta_2": beta_2}, kwargs)  # type: ignore[no-untyped-call]
        self.epsilon, self.schedule_decay = self._epsilon(epsilon), schedule_decay  # type: ignore[no-untyped-call]
        self.m_schedule = tf.keras.backend.variable(1.0, name="m_schedule")

    def _of_step(self, rate, t):  # type: ignore[no-untyped-def]
        now, then = (self.beta_1 * (1.0 - 0.5 * tf.pow(0.96, n * self.schedule_decay)) for n in (t, t + 1.0))
        schedule = self.m_schedule * now
        self.updates.append((self.m_schedule, schedule))
        return rate, t, now, then, schedule

    def _new(self, p, g, context, m, v):  # type: ignore[no-untyped-def]
        rate, t, now, then, schedule = context
        m_t = self.beta_1 * m + (1.0 - self.beta_1) * g
        v_t = self.beta_2 * v + (1.0 - self.beta_2) * tf.square(g)
        mean = (1.0 - now) * g / (1.0 - schedule) + then * m_t / (1.0 - schedule * then)
        return p - rate * mean / (tf.sqrt(v_t / (1.0 - tf.pow(self.beta_2, t))) + self.epsilon), m_t, v_t

    def get_config(self):  # type: ignore[no-untyped-def]
        return {**super().get_config(), "schedule_decay": self.schedule_decay}  # type: ignore[no-untyped-call]
