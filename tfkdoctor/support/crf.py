# mypy: ignore-errors
"""`tf.contrib.crf`: linear-chain conditional random fields. contrib left with TensorFlow 2.0."""

import numpy as np
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.rnn_cell import RNNCell


def crf_log_likelihood(inputs, tag_indices, sequence_lengths, transition_params=None):
    """`tf.contrib.crf.crf_log_likelihood`: of the tags, and the transitions, made where none are given."""
    if transition_params is None:
        number = _static(inputs.shape[2])
        transition_params = tf1.get_variable("transitions", [number, number])
    score = crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params)
    return score - crf_log_norm(inputs, sequence_lengths, transition_params), transition_params


def crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params):
    """`tf.contrib.crf.crf_sequence_score`: the unnormalized score of tags."""

    def single():
        rows = tf1.range(tf1.shape(inputs, out_type=tag_indices.dtype)[0], dtype=tag_indices.dtype)
        where = tf1.concat([tf1.reshape(rows, [-1, 1]), tag_indices], axis=1)
        return _zero_where_empty(tf1.gather_nd(tf1.squeeze(inputs, [1]), where), sequence_lengths)

    def several():
        binary = crf_binary_score(tag_indices, sequence_lengths, transition_params)
        return crf_unary_score(tag_indices, sequence_lengths, inputs) + binary

    return _by_length(inputs, single, several)


def crf_multitag_sequence_score(inputs, tag_bitmap, sequence_lengths, transition_params):
    """`tf.contrib.crf.crf_multitag_sequence_score`: of all sequences of tags that a bitmap allows."""
    allowed = tf1.where(tag_bitmap, inputs, tf1.fill(tf1.shape(inputs), float("-inf")))
    return _by_length(
        inputs,
        lambda: tf1.reduce_logsumexp(allowed, axis=[1, 2]),
        lambda: crf_log_norm(allowed, sequence_lengths, transition_params),
    )


def crf_unary_score(tag_indices, sequence_lengths, inputs):
    """`tf.contrib.crf.crf_unary_score`."""
    shape = tf1.shape(inputs)
    rows = tf1.expand_dims(tf1.range(shape[0]) * shape[1] * shape[2], 1)
    offsets = tf1.cast(rows + tf1.expand_dims(tf1.range(shape[1]) * shape[2], 0), tag_indices.dtype)
    scores = tf1.gather(tf1.reshape(inputs, [-1]), tf1.reshape(offsets + tag_indices, [-1]))
    return tf1.reduce_sum(tf1.reshape(scores, shape[:2]) * _tag_mask(tag_indices, sequence_lengths), 1)


def crf_binary_score(tag_indices, sequence_lengths, transition_params):
    """`tf.contrib.crf.crf_binary_score`."""
    pairs = tag_indices[:, :-1] * _static(transition_params.shape[0]) + tag_indices[:, 1:]
    scores = tf1.gather(tf1.reshape(transition_params, [-1]), pairs)
    return tf1.reduce_sum(scores * _tag_mask(tag_indices, sequence_lengths)[:, 1:], 1)


def crf_log_norm(inputs, sequence_lengths, transition_params):
    """`tf.contrib.crf.crf_log_norm`: the normalization of each sequence."""
    first = tf1.squeeze(inputs[:, :1], [1])

    def several():
        _, alphas = tf1.nn.dynamic_rnn(
            CrfForwardRnnCell(transition_params),
            inputs[:, 1:],
            sequence_length=_less_one(sequence_lengths),
            initial_state=first,
            dtype=tf1.float32,
        )
        return _zero_where_empty(tf1.reduce_logsumexp(alphas, [1]), sequence_lengths)

    return _by_length(inputs, lambda: _zero_where_empty(tf1.reduce_logsumexp(first, [1]), sequence_lengths), several)


def crf_decode(potentials, transition_params, sequence_length):
    """`tf.contrib.crf.crf_decode`: the best tags of each sequence, and their score."""

    def single():
        scores = tf1.squeeze(potentials, [1])
        tags = tf1.cast(tf1.expand_dims(tf1.argmax(scores, axis=1), 1), tf1.int32)
        return tags, tf1.reduce_max(scores, axis=1)

    def several():
        lengths = _less_one(sequence_length)
        pointers, last = tf1.nn.dynamic_rnn(
            CrfDecodeForwardRnnCell(transition_params),
            potentials[:, 1:],
            sequence_length=lengths,
            initial_state=tf1.squeeze(potentials[:, :1], [1]),
            dtype=tf1.int32,
        )
        best = tf1.expand_dims(tf1.cast(tf1.argmax(last, axis=1), tf1.int32), -1)
        earlier, _ = tf1.nn.dynamic_rnn(
            CrfDecodeBackwardRnnCell(_static(potentials.shape[2])),
            tf1.reverse_sequence(pointers, lengths, seq_axis=1),
            sequence_length=lengths,
            initial_state=best,
            dtype=tf1.int32,
        )
        tags = tf1.concat([best, tf1.squeeze(earlier, [2])], axis=1)
        return tf1.reverse_sequence(tags, sequence_length, seq_axis=1), tf1.reduce_max(last, axis=1)

    return _by_length(potentials, single, several)


def viterbi_decode(score, transition_params):
    """`tf.contrib.crf.viterbi_decode`: the best tags of one sequence, in NumPy, and their score."""
    best, pointers = np.array(score[0]), []
    for step in score[1:]:
        through = np.expand_dims(best, 1) + transition_params
        pointers.append(np.argmax(through, 0).astype(np.int32))
        best = np.asarray(step + np.max(through, 0), dtype=np.asarray(score).dtype)
    tags = [np.argmax(best)]
    for pointer in reversed(pointers):
        tags.append(pointer[tags[-1]])
    return tags[::-1], np.max(best)


class _CrfCell(RNNCell):
    def __init__(self, transition_params):
        super().__init__()
        self._transitions = tf1.expand_dims(transition_params, 0)
        self._size = _static(transition_params.shape[0])

    @property
    def state_size(self):
        return self._size

    @property
    def output_size(self):
        return self._size


class CrfForwardRnnCell(_CrfCell):
    """`tf.contrib.crf.CrfForwardRnnCell`: one step of the sum over all sequences of tags."""

    def __call__(self, inputs, state, scope=None):
        alphas = inputs + tf1.reduce_logsumexp(tf1.expand_dims(state, 2) + self._transitions, [1])
        return alphas, alphas


class CrfDecodeForwardRnnCell(_CrfCell):
    """`tf.contrib.crf.CrfDecodeForwardRnnCell`: one step of the search, with pointers back."""

    def __call__(self, inputs, state, scope=None):
        through = tf1.expand_dims(state, 2) + self._transitions
        return tf1.cast(tf1.argmax(through, 1), tf1.int32), inputs + tf1.reduce_max(through, [1])


class CrfDecodeBackwardRnnCell(RNNCell):
    """`tf.contrib.crf.CrfDecodeBackwardRnnCell`: one step back along the pointers."""

    def __init__(self, num_tags):
        super().__init__()
        self._num_tags = num_tags

    @property
    def state_size(self):
        return 1

    @property
    def output_size(self):
        return 1

    def __call__(self, inputs, state, scope=None):
        where = tf1.stack([tf1.range(tf1.shape(inputs)[0]), tf1.squeeze(state, [1])], axis=1)
        tags = tf1.expand_dims(tf1.gather_nd(inputs, where), -1)
        return tags, tags


def _static(dimension):
    return getattr(dimension, "value", dimension)


def _by_length(inputs, single, several):
    """One step has no transitions; whether there is one may be known only when the graph runs."""
    steps = _static(inputs.shape[1])
    if steps is not None:
        return single() if steps == 1 else several()
    return tf1.cond(tf1.equal(tf1.shape(inputs)[1], 1), single, several)


def _tag_mask(tag_indices, sequence_lengths):
    return tf1.sequence_mask(sequence_lengths, tf1.shape(tag_indices)[1], tf1.float32)


def _less_one(lengths):
    return tf1.maximum(tf1.constant(0, lengths.dtype), lengths - 1)


def _zero_where_empty(values, lengths):
    return tf1.where(tf1.less_equal(lengths, 0), tf1.zeros_like(values), values)
