"""Command line flags."""
import tensorflow as tf

FLAGS = tf.flags.FLAGS
tf.flags.DEFINE_string('name', 'triplet', 'Name of the run.')
tf.flags.DEFINE_integer('seed', 12, 'Seed.')
tf.flags.DEFINE_integer('inputs', 4, 'Width of the data.')
tf.flags.DEFINE_integer('steps', 4, 'Steps of training.')
tf.flags.DEFINE_float('margin', 0.4, 'Margin of the triplets.')
tf.flags.DEFINE_float('lr', 0.05, 'Learning rate.')
tf.flags.DEFINE_bool('normalize', True, 'Unit length.')


def get_config():
    return FLAGS
