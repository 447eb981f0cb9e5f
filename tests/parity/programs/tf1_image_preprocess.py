"""Image preprocessing: crops, flips, standardization, colour changes and several resize calls."""
import numpy as np
import tensorflow as tf

IMAGE_SIZE = 6


def distorted(image, flip):
    image = tf.cast(image, tf.float32)
    image = tf.image.crop_to_bounding_box(image, 1, 1, IMAGE_SIZE, IMAGE_SIZE)
    image = tf.cond(flip, lambda: tf.image.flip_left_right(image), lambda: image)
    image = tf.image.adjust_brightness(image, delta=10.)
    image = tf.image.adjust_contrast(image, contrast_factor=1.4)
    float_image = tf.image.per_image_standardization(image)
    float_image.set_shape([IMAGE_SIZE, IMAGE_SIZE, 3])
    return float_image


raw = tf.placeholder(tf.uint8, [8, 8, 3])
flip = tf.placeholder(tf.bool, [])
out = distorted(raw, flip)

as_float = tf.image.convert_image_dtype(raw, tf.float32)
ops = {
    'padded': tf.image.resize_image_with_crop_or_pad(as_float, 10, 5),
    'central': tf.image.central_crop(as_float, 0.5),
    'gray': tf.image.rgb_to_grayscale(as_float),
    'hsv': tf.image.rgb_to_hsv(as_float),
    'hue': tf.image.adjust_hue(as_float, 0.1),
    'saturation': tf.image.adjust_saturation(as_float, 0.5),
    'rot': tf.image.rot90(as_float),
    'transpose': tf.image.transpose_image(as_float),
    'updown': tf.image.flip_up_down(as_float),
    'nearest': tf.image.resize_images(as_float, [16, 16], method=tf.image.ResizeMethod.NEAREST_NEIGHBOR),
    'area': tf.image.resize_area(tf.expand_dims(as_float, 0), [4, 4]),
    'same_size': tf.image.resize_images(as_float, (8, 8)),
    'crop_resize': tf.image.crop_and_resize(tf.expand_dims(as_float, 0), [[0.1, 0.2, 0.8, 0.9]], [0], [3, 3]),
    'glimpse': tf.extract_image_patches(tf.expand_dims(as_float, 0), [1, 4, 4, 1], [1, 4, 4, 1], [1, 1, 1, 1], 'VALID'),
    'tv': tf.image.total_variation(as_float),
}
boxes = tf.image.non_max_suppression([[0., 0., 1., 1.], [0., .1, 1., 1.1], [.5, .5, 2., 2.]], [.9, .8, .7], 3, iou_threshold=0.5)
drawn = tf.image.draw_bounding_boxes(tf.expand_dims(as_float, 0), [[[.25, .25, .75, .75]]])

with tf.Session() as sess:
    image = np.random.RandomState(123).randint(0, 256, (8, 8, 3)).astype(np.uint8)
    for f in (False, True):
        o = sess.run(out, {raw: image, flip: f})
        print('RESULT distorted', int(f), *o[0, 0])
    values = sess.run(ops, {raw: image})
    ramp = lambda a: float((a.ravel() * np.linspace(0.5, 1, a.size)).sum())
    for name in sorted(values):
        v = np.asarray(values[name])
        print('RESULT', name, ramp(v), *v.shape)
    print('RESULT nms', *sess.run(boxes))
    png = tf.image.decode_png(tf.image.encode_png(raw), channels=3)
    decoded = sess.run(png, {raw: image})
    print('RESULT png', int((decoded == image).all()), decoded.astype(int).sum())
