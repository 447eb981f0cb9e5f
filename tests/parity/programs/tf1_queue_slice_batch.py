"""Input pipeline with slice_input_producer and tf.train.batch."""
import numpy as np
import tensorflow as tf

NUM_EPOCHS = 2
BATCH_SIZE = 4


def input_pipeline(images, labels):
    image, label = tf.train.slice_input_producer([images, labels], num_epochs=NUM_EPOCHS, shuffle=False)
    image = tf.image.per_image_standardization(tf.reshape(image, [3, 3, 1]))
    image_batch, label_batch = tf.train.batch([image, label], batch_size=BATCH_SIZE, num_threads=1,
                                              capacity=16, allow_smaller_final_batch=True)
    return image_batch, tf.reshape(label_batch, [-1])


all_images = tf.convert_to_tensor(np.random.RandomState(2).rand(7, 9).astype(np.float32))
all_labels = tf.convert_to_tensor(np.arange(7, dtype=np.int32))
image_batch, label_batch = input_pipeline(all_images, all_labels)
feature = tf.reduce_mean(tf.nn.relu(image_batch), axis=[1, 2, 3])

init = tf.group(tf.global_variables_initializer(), tf.local_variables_initializer())
with tf.Session() as sess:
    sess.run(init)
    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(sess=sess, coord=coord)
    n = 0
    try:
        while not coord.should_stop():
            f, l = sess.run([feature, label_batch])
            print('RESULT labels', *l)
            print('RESULT feature', *f)
            n += len(l)
    except tf.errors.OutOfRangeError:
        print('RESULT done', n)
    finally:
        coord.request_stop()
    coord.join(threads)
