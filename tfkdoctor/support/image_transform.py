# mypy: ignore-errors
"""`tf.contrib.image`: rotations, translations and other projective transforms of images.

`tf.keras.layers.RandomRotation` and its kind draw their own angles; Keras 3's `affine_transform` takes rows of
eight.
"""

import tensorflow as tf


def image_transform(images, transforms, interpolation="NEAREST", output_shape=None, name=None):
    """Each image (of NHWC, HWC or HW) through transforms that map its output points to input points."""
    with tf.name_scope(name or "transform"):
        images = tf.convert_to_tensor(images)
        transforms = tf.convert_to_tensor(transforms, tf.float32)
        batch = {2: lambda: images[None, :, :, None], 3: lambda: images[None]}.get(len(images.shape), lambda: images)()
        result = tf.raw_ops.ImageProjectiveTransformV2(
            images=batch,
            transforms=transforms[None] if len(transforms.shape) == 1 else transforms,
            output_shape=tf.shape(batch)[1:3] if output_shape is None else tf.cast(output_shape, tf.int32),
            interpolation=interpolation.upper(),
        )
        if output_shape is None:
            result.set_shape(batch.shape)
        return {2: lambda: result[0, :, :, 0], 3: lambda: result[0]}.get(len(images.shape), lambda: result)()


def image_rotate(images, angles, interpolation="NEAREST", name=None):
    """Images turned counterclockwise by angles in radians; what turns in from outside is zero."""
    with tf.name_scope(name or "rotate"):
        images = tf.convert_to_tensor(images)
        batched = len(images.shape) == 4
        size = tf.cast(tf.shape(images)[1:3] if batched else tf.shape(images)[:2], tf.float32)
        return image_transform(images, angles_to_transforms(angles, size[:1], size[1:]), interpolation)


def image_translate(images, translations, interpolation="NEAREST", name=None):
    """Images moved by `[dx, dy]`, or by one such row each."""
    with tf.name_scope(name or "translate"):
        return image_transform(images, translations_to_transforms(translations), interpolation)


def angles_to_transforms(angles, image_height, image_width, name=None):
    """A row of eight for each angle: the turn about the middle of an image."""
    angles = tf.convert_to_tensor(angles, tf.float32)
    angles = angles[None] if len(angles.shape) == 0 else angles
    cos, sin, width, height = tf.cos(angles), tf.sin(angles), image_width - 1, image_height - 1
    x_offset = (width - (cos * width - sin * height)) / 2.0
    y_offset = (height - (sin * width + cos * height)) / 2.0
    nothing = tf.zeros_like(angles)
    return tf.stack([cos, -sin, x_offset, sin, cos, y_offset, nothing, nothing], axis=1)


def translations_to_transforms(translations, name=None):
    """A row of eight for each `[dx, dy]`."""
    moves = tf.convert_to_tensor(translations, tf.float32)
    moves = moves[None] if len(moves.shape) == 1 else moves
    one, nothing = tf.ones_like(moves[:, 0]), tf.zeros_like(moves[:, 0])
    return tf.stack([one, nothing, -moves[:, 0], nothing, one, -moves[:, 1], nothing, nothing], axis=1)


def transforms_to_matrices(transforms):
    """Rows of eight as matrices of 3x3."""
    rows = tf.reshape(tf.convert_to_tensor(transforms), [-1, 8])
    return tf.reshape(tf.concat([rows, tf.ones([tf.shape(rows)[0], 1])], axis=1), [-1, 3, 3])


def matrices_to_transforms(transform_matrices):
    """Matrices of 3x3 as rows of eight, scaled so that their last entry is 1."""
    rows = tf.reshape(tf.convert_to_tensor(transform_matrices), [-1, 9])
    return (rows / rows[:, 8:9])[:, :8]


def compose_transforms(*transforms):
    """One transform that does what the given ones do in their order."""
    composed = transforms_to_matrices(transforms[0])
    for one in transforms[1:]:
        composed = tf.matmul(composed, transforms_to_matrices(one))
    return matrices_to_transforms(composed)
