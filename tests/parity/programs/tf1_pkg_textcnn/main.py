#! /usr/bin/env python
"""Training script of a convolutional sentence classifier (flags, batches, checkpoints, evaluation from the meta graph)."""
import os
import tempfile
import numpy as np
import tensorflow as tf
import data_helpers
from text_cnn import TextCNN

tf.flags.DEFINE_integer("embedding_dim", 6, "Dimensionality of character embedding")
tf.flags.DEFINE_string("filter_sizes", "2,3", "Comma-separated filter sizes")
tf.flags.DEFINE_integer("num_filters", 4, "Number of filters per filter size")
tf.flags.DEFINE_float("l2_reg_lambda", 0.05, "L2 regularization lambda")
tf.flags.DEFINE_integer("batch_size", 3, "Batch Size")
tf.flags.DEFINE_integer("num_epochs", 3, "Number of training epochs")
tf.flags.DEFINE_boolean("allow_soft_placement", True, "Allow device soft device placement")
FLAGS = tf.flags.FLAGS


def train(x, y, vocab_size, out_dir):
    with tf.Graph().as_default():
        session_conf = tf.ConfigProto(allow_soft_placement=FLAGS.allow_soft_placement, log_device_placement=False)
        sess = tf.Session(config=session_conf)
        with sess.as_default():
            cnn = TextCNN(x.shape[1], y.shape[1], vocab_size, FLAGS.embedding_dim,
                          list(map(int, FLAGS.filter_sizes.split(","))), FLAGS.num_filters, FLAGS.l2_reg_lambda)
            global_step = tf.Variable(0, name="global_step", trainable=False)
            optimizer = tf.train.AdamOptimizer(1e-2)
            grads_and_vars = optimizer.compute_gradients(cnn.loss)
            train_op = optimizer.apply_gradients(grads_and_vars, global_step=global_step)
            saver = tf.train.Saver(tf.global_variables(), max_to_keep=1)
            sess.run(tf.global_variables_initializer())
            for batch in data_helpers.batch_iter(list(zip(x, y)), FLAGS.batch_size, FLAGS.num_epochs):
                x_batch, y_batch = zip(*batch)
                feed_dict = {cnn.input_x: np.stack(x_batch), cnn.input_y: np.stack(y_batch), cnn.dropout_keep_prob: 1.0}
                _, step, loss, accuracy = sess.run([train_op, global_step, cnn.loss, cnn.accuracy], feed_dict)
                current_step = tf.train.global_step(sess, global_step)
                print("RESULT loss", current_step, loss, accuracy)
            path = saver.save(sess, os.path.join(out_dir, "model"), global_step=current_step)
        sess.close()
    return path


def evaluate(path, x):
    graph = tf.Graph()
    with graph.as_default(), tf.Session() as sess:
        saver = tf.train.import_meta_graph("{}.meta".format(path))
        saver.restore(sess, path)
        input_x = graph.get_operation_by_name("input_x").outputs[0]
        keep = graph.get_operation_by_name("dropout_keep_prob").outputs[0]
        scores = graph.get_operation_by_name("output/scores").outputs[0]
        predictions = graph.get_tensor_by_name("output/predictions:0")
        s, p = sess.run([scores, predictions], {input_x: x, keep: 1.0})
        print("RESULT scores", *s[:2].ravel())
        print("RESULT predictions", *p)


def main(argv=None):
    x_text, y = data_helpers.load_data_and_labels()
    vocab_processor = data_helpers.VocabularyProcessor(max(len(t.split(" ")) for t in x_text))
    x = vocab_processor.fit_transform(x_text)
    print("RESULT vocabulary", len(vocab_processor.vocabulary), *x.shape)
    evaluate(train(x, y, len(vocab_processor.vocabulary), tempfile.mkdtemp()), x)


if __name__ == "__main__":
    tf.app.run()
