"""Pre-activation residual net in slim (package nets/), trained with slim.learning.create_train_op."""
import numpy as np
import tensorflow as tf
from nets import resnet, resnet_utils

slim = tf.contrib.slim


def main():
    rng = np.random.RandomState(0)
    image_data = rng.rand(6, 8, 8, 3).astype(np.float32)
    label_data = np.array([0, 1, 2, 0, 1, 2])
    with tf.Graph().as_default():
        tf.logging.set_verbosity(tf.logging.ERROR)
        images = tf.placeholder(tf.float32, [None, 8, 8, 3])
        labels = tf.placeholder(tf.int64, [None])
        with slim.arg_scope(resnet_utils.resnet_arg_scope()):
            logits, end_points = resnet.resnet_tiny(images, num_classes=3, is_training=True)
            eval_logits, _ = resnet.resnet_tiny(images, num_classes=3, is_training=False, reuse=True)
        tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
        n_reg = len(tf.losses.get_regularization_losses())
        total_loss = tf.losses.get_total_loss()
        optimizer = tf.train.MomentumOptimizer(0.05, 0.9)
        train_op = slim.learning.create_train_op(total_loss, optimizer)
        accuracy, update_acc = slim.metrics.streaming_accuracy(tf.argmax(eval_logits, 1), labels)
        with tf.Session() as sess:
            sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
            feed = {images: image_data, labels: label_data}
            for step in range(4):
                print('RESULT loss', step, sess.run(train_op, feed))
            print('RESULT eval_logits', np.abs(sess.run(eval_logits, feed)).sum())
            sess.run(update_acc, feed)
            print('RESULT accuracy', sess.run(accuracy))
            print('RESULT counts', n_reg, len(slim.get_model_variables()), len(tf.trainable_variables()))
            moving = [v for v in slim.get_variables_by_name('moving_variance') if 'postnorm' in v.op.name]
            print('RESULT', moving[0].op.name, *sess.run(moving[0]))
            block = end_points['resnet_tiny/block2']
            print('RESULT block2', *list(sess.run(tf.shape(block), feed)))
            print('RESULT predictions', *sess.run(end_points['predictions'], feed)[1])


if __name__ == '__main__':
    main()
