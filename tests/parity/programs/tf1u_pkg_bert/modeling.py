"""A transformer encoder as a graph."""
from __future__ import absolute_import
from __future__ import division
from __future__ import print_function

import collections
import copy
import json
import math
import re

import numpy as np
import six
import tensorflow as tf


class BertConfig(object):
    def __init__(self, vocab_size, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12,
                 hidden_act='gelu', hidden_dropout_prob=0.1, max_position_embeddings=8, initializer_range=0.02):
        self.vocab_size = vocab_size
        self.hidden_size = hidden_size
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        self.intermediate_size = intermediate_size
        self.hidden_act = hidden_act
        self.hidden_dropout_prob = hidden_dropout_prob
        self.max_position_embeddings = max_position_embeddings
        self.initializer_range = initializer_range

    @classmethod
    def from_json_file(cls, json_file):
        config = cls(vocab_size=None)
        with tf.gfile.GFile(json_file, 'r') as reader:
            for key, value in six.iteritems(json.loads(reader.read())):
                config.__dict__[key] = value
        return config


def gelu(input_tensor):
    return input_tensor * (0.5 * (1.0 + tf.erf(input_tensor / tf.sqrt(2.0))))


def get_activation(name):
    if not isinstance(name, six.string_types):
        return name
    return {'linear': None, 'relu': tf.nn.relu, 'gelu': gelu, 'tanh': tf.tanh}[name.lower()]


def create_initializer(initializer_range=0.02):
    def initializer(shape, dtype=tf.float32, partition_info=None):
        n = int(np.prod([int(d) for d in shape]))
        return tf.reshape(tf.cast(tf.sin(tf.to_float(tf.range(n)) * 1.7), dtype), shape) * initializer_range
    return initializer


def dropout(input_tensor, dropout_prob):
    if dropout_prob is None or dropout_prob == 0.0:
        return input_tensor
    return tf.nn.dropout(input_tensor, 1.0 - dropout_prob)


def layer_norm(input_tensor, name=None):
    return tf.contrib.layers.layer_norm(inputs=input_tensor, begin_norm_axis=-1, begin_params_axis=-1, scope=name)


def get_shape_list(tensor, expected_rank=None, name=None):
    if name is None:
        name = tensor.name
    if expected_rank is not None and tensor.shape.ndims != expected_rank:
        raise ValueError('For the tensor `%s` in scope `%s`, the rank is wrong' % (name, tf.get_variable_scope().name))
    shape = tensor.shape.as_list()
    non_static_indexes = [index for (index, dim) in enumerate(shape) if dim is None]
    if not non_static_indexes:
        return shape
    dyn_shape = tf.shape(tensor)
    for index in non_static_indexes:
        shape[index] = dyn_shape[index]
    return shape


def attention_layer(x, mask, heads, size, stddev):
    batch, length, width = get_shape_list(x, 3)
    flat = tf.reshape(x, [-1, width])

    def project(name):
        layer = tf.layers.dense(flat, heads * size, name=name, kernel_initializer=create_initializer(stddev))
        return tf.transpose(tf.reshape(layer, [batch, length, heads, size]), [0, 2, 1, 3])

    query, key, value = project('query'), project('key'), project('value')
    scores = tf.multiply(tf.matmul(query, key, transpose_b=True), 1.0 / math.sqrt(float(size)))
    scores += (1.0 - tf.cast(tf.expand_dims(tf.expand_dims(mask, 1), 1), tf.float32)) * -10000.0
    context = tf.transpose(tf.matmul(tf.nn.softmax(scores), value), [0, 2, 1, 3])
    return tf.reshape(context, [batch * length, heads * size])


class BertModel(object):
    def __init__(self, config, is_training, input_ids, input_mask=None, token_type_ids=None, scope=None):
        config = copy.deepcopy(config)
        if not is_training:
            config.hidden_dropout_prob = 0.0
        batch, length = get_shape_list(input_ids, expected_rank=2)
        if input_mask is None:
            input_mask = tf.ones(shape=[batch, length], dtype=tf.int32)
        stddev = config.initializer_range
        with tf.variable_scope(scope, default_name='bert'):
            with tf.variable_scope('embeddings'):
                self.embedding_table = tf.get_variable('word_embeddings', [config.vocab_size, config.hidden_size],
                                                       initializer=create_initializer(stddev))
                one_hot_ids = tf.one_hot(tf.reshape(input_ids, [-1]), depth=config.vocab_size)
                output = tf.reshape(tf.matmul(one_hot_ids, self.embedding_table), [batch, length, config.hidden_size])
                full = tf.get_variable('position_embeddings', [config.max_position_embeddings, config.hidden_size],
                                       initializer=create_initializer(stddev))
                with tf.control_dependencies([tf.assert_less_equal(length, config.max_position_embeddings)]):
                    output += tf.expand_dims(tf.slice(full, [0, 0], [length, -1]), 0)
                self.embedding_output = dropout(layer_norm(output, 'LayerNorm'), config.hidden_dropout_prob)
            with tf.variable_scope('encoder'):
                prev = tf.reshape(self.embedding_output, [-1, config.hidden_size])
                for layer_idx in range(config.num_hidden_layers):
                    with tf.variable_scope('layer_%d' % layer_idx):
                        with tf.variable_scope('attention'):
                            with tf.variable_scope('self'):
                                context = attention_layer(
                                    tf.reshape(prev, [batch, length, config.hidden_size]), input_mask,
                                    config.num_attention_heads, config.hidden_size // config.num_attention_heads, stddev)
                            with tf.variable_scope('output'):
                                attended = tf.layers.dense(context, config.hidden_size,
                                                           kernel_initializer=create_initializer(stddev))
                                attended = layer_norm(dropout(attended, config.hidden_dropout_prob) + prev)
                        with tf.variable_scope('intermediate'):
                            middle = tf.layers.dense(attended, config.intermediate_size,
                                                     activation=get_activation(config.hidden_act),
                                                     kernel_initializer=create_initializer(stddev))
                        with tf.variable_scope('output'):
                            prev = tf.layers.dense(middle, config.hidden_size,
                                                   kernel_initializer=create_initializer(stddev))
                            prev = layer_norm(dropout(prev, config.hidden_dropout_prob) + attended)
                self.sequence_output = tf.reshape(prev, [batch, length, config.hidden_size])
            with tf.variable_scope('pooler'):
                first = tf.squeeze(self.sequence_output[:, 0:1, :], axis=1)
                self.pooled_output = tf.layers.dense(first, config.hidden_size, activation=tf.tanh,
                                                     kernel_initializer=create_initializer(stddev))


def get_assignment_map_from_checkpoint(tvars, init_checkpoint):
    assignment_map = collections.OrderedDict()
    initialized_variable_names = {}
    name_to_variable = collections.OrderedDict()
    for var in tvars:
        m = re.match('^(.*):\\d+$', var.name)
        name_to_variable[m.group(1) if m is not None else var.name] = var
    for name, _ in tf.train.list_variables(init_checkpoint):
        if name not in name_to_variable:
            continue
        assignment_map[name] = name
        initialized_variable_names[name] = 1
        initialized_variable_names[name + ':0'] = 1
    return assignment_map, initialized_variable_names
