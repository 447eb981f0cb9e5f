import numpy as np
import tensorflow as tf
from base import BaseModel


class ExampleModel(BaseModel):
    def __init__(self, config):
        super(ExampleModel, self).__init__(config)
        self.build_model()
        self.init_saver()

    def build_model(self):
        draws = np.random.RandomState(6)
        self.is_training = tf.placeholder(tf.bool)
        self.x = tf.placeholder(tf.float32, shape=[None] + self.config.state_size)
        self.y = tf.placeholder(tf.float32, shape=[None, 3])
        d1 = tf.layers.dense(self.x, 6, activation=tf.nn.relu, name='dense1',
                             kernel_initializer=tf.constant_initializer(draws.randn(4, 6) * .4))
        d1 = tf.layers.batch_normalization(d1, training=self.is_training, momentum=0.8, name='bn')
        d1 = tf.layers.dropout(d1, 0.0, training=self.is_training)
        d2 = tf.layers.dense(d1, 3, name='dense2', kernel_initializer=tf.constant_initializer(draws.randn(6, 3) * .4))
        with tf.name_scope('loss'):
            self.cross_entropy = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=self.y, logits=d2))
            update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
            with tf.control_dependencies(update_ops):
                self.train_step = tf.train.AdamOptimizer(self.config.learning_rate).minimize(
                    self.cross_entropy, global_step=self.global_step_tensor)
            correct_prediction = tf.equal(tf.argmax(d2, 1), tf.argmax(self.y, 1))
            self.accuracy = tf.reduce_mean(tf.cast(correct_prediction, tf.float32))

    def init_saver(self):
        self.saver = tf.train.Saver(max_to_keep=self.config.max_to_keep)
