"""Image preprocessing functions of a detector, called eagerly."""
import numpy as np
import tensorflow as tf

tf.enable_eager_execution()

image = tf.constant(np.arange(2 * 3 * 3, dtype=np.float32).reshape(2, 3, 3) / 18.)
batch = tf.expand_dims(image, 0)


def show(name, value):
    value = np.asarray(value.numpy() if hasattr(value, 'numpy') else value, dtype=np.float64)
    print('RESULT', name, *(list(value.shape) + list(value.ravel()[:8]) + [value.sum()]))


show('resize_images', tf.image.resize_images(image, [4, 6]))
show('resize_nearest', tf.image.resize_images(batch, [4, 5], method=tf.image.ResizeMethod.NEAREST_NEIGHBOR))
show('resize_bilinear', tf.image.resize_bilinear(batch, [5, 7]))
show('resize_corners', tf.image.resize_bilinear(batch, [5, 7], align_corners=True))
show('resize_bicubic', tf.image.resize_bicubic(batch, (4, 4)))
show('resize_area', tf.image.resize_area(batch, (3, 2)))
show('resize_neighbor', tf.image.resize_nearest_neighbor(batch, tf.shape(batch)[1:3] * 2))
show('crop_or_pad', tf.image.resize_image_with_crop_or_pad(image, 4, 2))
show('with_pad', tf.image.resize_image_with_pad(image, 6, 4))
show('bbox', tf.image.crop_and_resize(batch, [[0., 0., 1., .5]], box_ind=[0], crop_size=[2, 2]))
show('standard', tf.image.per_image_standardization(image))
show('flip', tf.image.flip_left_right(tf.image.flip_up_down(image)))
show('gray', tf.image.rgb_to_grayscale(image))
show('hsv', tf.image.rgb_to_hsv(image))
show('bright', tf.clip_by_value(tf.image.adjust_brightness(tf.image.adjust_contrast(image, 2.0), 0.1), 0.0, 1.0))
show('central', tf.image.central_crop(tf.image.resize_images(image, (4, 4), align_corners=True), 0.5))
show('patches', tf.extract_image_patches(tf.ones([1, 4, 4, 1]), ksizes=[1, 2, 2, 1], strides=[1, 2, 2, 1], rates=[1, 1, 1, 1], padding='VALID'))
show('variation', tf.image.total_variation(batch))
boxes = tf.constant([[0., 0., 1., 1.], [0., 0., .9, 1.], [.5, .5, .7, .7]])
show('nms', tf.image.non_max_suppression(boxes, [0.5, 0.9, 0.3], max_output_size=3, iou_threshold=0.5))
show('drawn', tf.image.draw_bounding_boxes(batch, [[[0.1, 0.1, 0.9, 0.9]]]))
show('space', tf.space_to_depth(tf.image.resize_images(batch, (4, 4)), 2))
encoded = tf.image.encode_png(tf.image.convert_image_dtype(image, tf.uint8))
show('decoded', tf.image.decode_image(encoded, channels=3))
show('sobel', tf.image.sobel_edges(batch))
show('psnr', tf.image.psnr(image, image * 0.9, max_val=1.0))
