"""The random numbers that Keras 2 on TensorFlow 1 drew after np.random.seed: initial weights, and the order of fit().

Keras 2 took the seed of each random initializer and dropout from NumPy when a layer was built, drew orthogonal
matrices with NumPy itself, and shuffled with it at each epoch; TensorFlow's generator gives the same numbers for the
same seeds still. What dropout drops is random all the same, and not what it was.
"""

import functools
import random
import sys

import numpy as np
import tensorflow as tf


def numpy_draws(seed):  # type: ignore[no-untyped-def]
    """The seed as it is, for np.random.seed(numpy_draws(7)), once Keras draws from NumPy as it did.

    Call it before any layer is made. Where other numbers will do, tf.keras.utils.set_random_seed(7) is enough.
    """
    if not getattr(tf.keras.initializers.VarianceScaling.__call__, "of_numpy", False):
        _draw_from_numpy()  # type: ignore[no-untyped-call]
    if seed is not None:
        seeds = sys.modules[tf.keras.random.SeedGenerator.__module__]
        seeds.python_random = random.Random(str(seed))  # type: ignore[attr-defined]
        tf.random.set_seed(seed if isinstance(seed, int) else random.Random(str(seed)).randrange(2**31))
    return seed


def _draw_from_numpy():  # type: ignore[no-untyped-def]
    kinds, layers = tf.keras.initializers, tf.keras.layers
    draws = {kinds.RandomUniform: _uniform, kinds.RandomNormal: _normal, kinds.TruncatedNormal: _truncated}
    for kind, draw in {**draws, kinds.VarianceScaling: _of_variance, kinds.Orthogonal: _orthogonal}.items():
        kind.__call__ = _drawing(draw)  # type: ignore[no-untyped-call]
    noises = (layers.Dropout, layers.SpatialDropout1D, layers.SpatialDropout2D, layers.SpatialDropout3D)
    for noise in (*noises, layers.GaussianNoise, layers.GaussianDropout, layers.AlphaDropout):
        noise.compute_output_spec = _counted(noise.compute_output_spec)  # type: ignore[no-untyped-call]
    adapter = sys.modules["keras.src.trainers.data_adapters.array_data_adapter"].ArrayDataAdapter
    adapter.get_tf_dataset = _in_order_of_numpy(adapter.get_tf_dataset)  # type: ignore[no-untyped-call]


def _drawing(draw):  # type: ignore[no-untyped-def]
    def call(self, shape, dtype=None, **kwargs):  # type: ignore[no-untyped-def]
        given = self.get_config()["seed"]
        return tf.constant(draw(self, tuple(shape), given), dtype or tf.keras.config.floatx())

    call.of_numpy = True  # type: ignore[attr-defined]
    return call


def _drawn(function, shape, low, high, seed):  # type: ignore[no-untyped-def]
    """The first numbers of an operation with this seed: in a graph of its own, since an operation goes on counting."""
    seed = int(np.random.randint(10e6)) if seed is None else seed
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        return session.run(function(shape, low, high, tf.float32, seed))


def _uniform(self, shape, seed):  # type: ignore[no-untyped-def]
    return _drawn(tf.random.uniform, shape, self.minval, self.maxval, seed)  # type: ignore[no-untyped-call]


def _normal(self, shape, seed):  # type: ignore[no-untyped-def]
    return _drawn(tf.random.normal, shape, self.mean, self.stddev, seed)  # type: ignore[no-untyped-call]


def _truncated(self, shape, seed):  # type: ignore[no-untyped-def]
    return _drawn(tf.random.truncated_normal, shape, self.mean, self.stddev, seed)  # type: ignore[no-untyped-call]


def _of_variance(self, shape, seed):  # type: ignore[no-untyped-def]
    receptive = int(np.prod(shape[:-2]))
    plain = len(shape) in (2, 3, 4, 5)
    fans = [float(n * receptive) for n in shape[-2:]] if plain else [float(np.sqrt(np.prod(shape)))] * 2
    count = {"fan_in": fans[0], "fan_out": fans[1]}.get(self.mode, sum(fans) / 2)
    scale = self.scale / max(1.0, count)
    if self.distribution == "uniform":
        limit = np.sqrt(3.0 * scale)
        return _drawn(tf.random.uniform, shape, -limit, limit, seed)  # type: ignore[no-untyped-call]
    stddev = np.sqrt(scale) / 0.87962566103423978
    return _drawn(tf.random.truncated_normal, shape, 0.0, stddev, seed)  # type: ignore[no-untyped-call]


def _orthogonal(self, shape, seed):  # type: ignore[no-untyped-def]
    flat = int(np.prod(shape[:-1])), shape[-1]
    generator = np.random if seed is None else np.random.RandomState(seed)
    u, _, v = np.linalg.svd(generator.normal(0.0, 1.0, flat), full_matrices=False)
    return self.gain * (u if u.shape == flat else v).reshape(shape)


def _counted(compute_output_spec):  # type: ignore[no-untyped-def]
    """Dropout took a seed from NumPy when it was called for the first time, as it does here, to no other effect."""

    @functools.wraps(compute_output_spec)
    def spec(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        amount = getattr(self, "rate", getattr(self, "stddev", 0.0))
        if amount and self.seed is None and not getattr(self, "_has_drawn", False):
            self._has_drawn = bool(np.random.randint(10e6) + 1)
        return compute_output_spec(self, *args, **kwargs)

    return spec


def _in_order_of_numpy(get_tf_dataset):  # type: ignore[no-untyped-def]
    @functools.wraps(get_tf_dataset)
    def dataset(self):  # type: ignore[no-untyped-def]
        kept, order = tf.random.shuffle, np.arange(self._num_samples)

        def shuffled(indices):  # type: ignore[no-untyped-def]
            found = tf.numpy_function(next_order, [], tf.int64)
            found.set_shape([self._num_samples])
            return found

        def next_order():  # type: ignore[no-untyped-def]
            np.random.shuffle(order)
            return order.copy()

        tf.random.shuffle = shuffled if self._shuffle != "batch" else kept
        try:
            return get_tf_dataset(self)
        finally:
            tf.random.shuffle = kept

    return dataset
