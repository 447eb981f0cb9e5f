"""multi_gpu_model of Keras 2, which copied a model to several GPUs and gave each a part of the batch.

tf.keras has tf.distribute.MirroredStrategy for it, which must be there before the model is made.
"""

import tensorflow as tf


def use_gpus(gpus=None):  # type: ignore[no-untyped-def]
    """Train the models that are made from now on, on so many GPUs (or on those, or on all); nothing without two.

    `with tf.distribute.MirroredStrategy().scope():` around what makes and compiles a model does the same.
    """
    found = tf.config.list_logical_devices("GPU")
    chosen = [found[number] for number in gpus] if isinstance(gpus, list | tuple) else found[: gpus or None]
    if len(chosen) > 1:
        tf.distribute.experimental_set_strategy(tf.distribute.MirroredStrategy([device.name for device in chosen]))
