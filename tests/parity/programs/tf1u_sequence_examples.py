"""SequenceExamples: written, parsed with ragged context, padded, bucketed by length and read by a masked LSTM."""
import os
import tempfile

import numpy as np
import tensorflow as tf

rng = np.random.RandomState(17)
filename = os.path.join(tempfile.mkdtemp(), 'seq.tfrecord')


def make_example(tokens, label, name):
    ex = tf.train.SequenceExample()
    ex.context.feature['length'].int64_list.value.append(len(tokens))
    ex.context.feature['label'].int64_list.value.append(label)
    ex.context.feature['name'].bytes_list.value.append(tf.compat.as_bytes(name))
    fl_tokens = ex.feature_lists.feature_list['tokens']
    fl_scores = ex.feature_lists.feature_list['scores']
    for token in tokens:
        fl_tokens.feature.add().int64_list.value.append(token)
        fl_scores.feature.add().float_list.value.extend([token / 10., 1.0])
    return ex


with tf.python_io.TFRecordWriter(filename) as writer:
    for i in range(9):
        writer.write(make_example(rng.randint(1, 8, 2 + (i * 2) % 7), i % 2, 's%d' % i).SerializeToString())


def parse(serialized):
    context, sequence = tf.parse_single_sequence_example(
        serialized,
        context_features={'length': tf.FixedLenFeature([], dtype=tf.int64),
                          'label': tf.FixedLenFeature([], dtype=tf.int64),
                          'weight': tf.FixedLenFeature([], dtype=tf.float32, default_value=1.5),
                          'name': tf.FixedLenFeature((), tf.string)},
        sequence_features={'tokens': tf.FixedLenSequenceFeature([], dtype=tf.int64),
                           'scores': tf.FixedLenSequenceFeature([2], dtype=tf.float32)})
    return sequence['tokens'], sequence['scores'], tf.to_int32(context['length']), tf.to_int32(context['label']), context['name']


dataset = tf.data.TFRecordDataset([filename]).map(parse, num_parallel_calls=1)
dataset = dataset.filter(lambda tokens, scores, length, label, name: tf.greater(tf.shape(tokens)[0], 2))
bucketed = dataset.apply(tf.contrib.data.bucket_by_sequence_length(
    lambda tokens, scores, length, label, name: length, bucket_boundaries=[5], bucket_batch_sizes=[2, 3]))
padded = dataset.padded_batch(3, padded_shapes=([None], [None, 2], [], [], []))
tokens, scores, length, label, name = padded.make_one_shot_iterator().get_next()
bucket_next = bucketed.make_one_shot_iterator().get_next()

table = tf.get_variable('table', initializer=tf.constant(rng.randn(8, 3), tf.float32))
embedded = tf.concat([tf.nn.embedding_lookup(table, tokens), scores], axis=-1)
with tf.variable_scope('rnn', initializer=tf.constant_initializer(0.12)):
    cell = tf.nn.rnn_cell.LSTMCell(4, use_peepholes=True, num_proj=3)
    outputs, state = tf.nn.dynamic_rnn(cell, embedded, sequence_length=length, dtype=tf.float32)
last = tf.gather_nd(outputs, tf.stack([tf.range(tf.shape(outputs)[0]), length - 1], axis=1))
logits = tf.contrib.layers.fully_connected(last, 2, activation_fn=None,
                                           weights_initializer=tf.constant_initializer(rng.randn(3, 2)))
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=label, logits=logits))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    while True:
        try:
            n, l, value, h = sess.run([name, length, loss, state.h])
        except tf.errors.OutOfRangeError:
            break
        print('RESULT batch', *[s.decode() for s in n], *l)
        print('RESULT loss', value, *h.sum(axis=0))
    while True:
        try:
            values = sess.run(bucket_next)
            print('RESULT bucket', *values[0].shape, *values[2])
        except tf.errors.OutOfRangeError:
            break
    print('RESULT variables', *[v.op.name for v in tf.trainable_variables()])

for record in tf.python_io.tf_record_iterator(filename):
    ex = tf.train.SequenceExample.FromString(record)
    print('RESULT first', ex.context.feature['length'].int64_list.value[0],
          *[f.int64_list.value[0] for f in ex.feature_lists.feature_list['tokens'].feature])
    break
