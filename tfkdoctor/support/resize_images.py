# mypy: ignore-errors
"""`tf.image.resize_images`: pixels lie at whole numbers, not in the middle of squares as tf.image.resize has it."""

import tensorflow as tf


def resize_images(images, size, method=0, align_corners=False, preserve_aspect_ratio=False, name=None):
    """The image or images in another size; unchanged where it is theirs already."""
    images = tf.convert_to_tensor(images)
    single = images.shape.rank == 3
    batch = tf.expand_dims(images, 0) if single else images
    size = tf.cast(tf.convert_to_tensor(size), tf.int32)
    if preserve_aspect_ratio:
        now = tf.cast(tf.shape(batch)[1:3], tf.float32)
        scale = tf.reduce_min(tf.cast(size, tf.float32) / now)
        size = tf.cast(tf.round(scale * now), tf.int32)
    wanted = tf.get_static_value(size)
    if wanted is not None and tuple(wanted) == tuple(batch.shape[1:3]):
        return images
    names = {"bilinear": 0, "nearest": 1, "bicubic": 2, "area": 3}
    number = names.get(getattr(method, "value", method), method)
    operations = ("ResizeBilinear", "ResizeNearestNeighbor", "ResizeBicubic", "ResizeArea")
    resize = getattr(tf.raw_ops, operations[number])
    resized = resize(images=batch, size=size, align_corners=align_corners)
    return tf.squeeze(resized, axis=[0]) if single else resized
