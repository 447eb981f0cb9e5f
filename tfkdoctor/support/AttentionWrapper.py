# mypy: ignore-errors
"""`tf.contrib.seq2seq`'s attention around cells, on graph variables. contrib went with TensorFlow 2."""

import collections
import math

import numpy as np
import tensorflow as tf
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.layers_dense import LayersDense
from tfkdoctor.support.rnn_cell import RNNCell


class AttentionMechanism:
    """`tf.contrib.seq2seq.AttentionMechanism`: weighs the rows of a memory by a query."""

    def __init__(
        self, query_layer, memory_layer, memory, lengths, probability_fn, score_mask_value, custom_key_value_fn, name
    ):
        self.query_layer, self.memory_layer, self.dtype = query_layer, memory_layer, memory_layer.dtype
        mask = -np.inf if score_mask_value is None else score_mask_value
        probability_fn = probability_fn or tf1.nn.softmax
        self._probabilities = lambda score: probability_fn(_masked_score(score, lengths, mask))
        with tf1.name_scope(name, "BaseAttentionMechanismInit"):
            self.values = _masked_memory(memory, lengths)
            self.keys = memory_layer(self.values)
            if custom_key_value_fn is not None:
                self.keys, self.values = custom_key_value_fn(self.keys, self.values)
            shape, known = tf1.shape(self.keys), self.keys.shape.as_list()
            self.batch_size = known[0] if known[0] is not None else shape[0]
            self.alignments_size = known[1] if known[1] is not None else shape[1]

    @property
    def state_size(self):
        return self.alignments_size

    def initial_alignments(self, batch_size, dtype):
        return _attention_zeros(self.alignments_size, batch_size, dtype)

    def initial_state(self, batch_size, dtype):
        return self.initial_alignments(batch_size, dtype)


class LuongAttention(AttentionMechanism):
    """`tf.contrib.seq2seq.LuongAttention`: a product of query and keys."""

    def __init__(
        self,
        num_units,
        memory,
        memory_sequence_length=None,
        scale=False,
        probability_fn=None,
        score_mask_value=None,
        dtype=None,
        custom_key_value_fn=None,
        name="LuongAttention",
    ):
        layer = LayersDense(num_units, name="memory_layer", use_bias=False, dtype=dtype or tf1.float32)
        super().__init__(
            None, layer, memory, memory_sequence_length, probability_fn, score_mask_value, custom_key_value_fn, name
        )
        self._scale = scale

    def __call__(self, query, state):
        with tf1.variable_scope(None, "luong_attention", [query]):
            score = tf1.squeeze(tf1.matmul(tf1.expand_dims(query, 1), self.keys, transpose_b=True), [1])
            if self._scale:
                ones = tf1.ones_initializer
                score = tf1.get_variable("attention_g", dtype=query.dtype, initializer=ones, shape=()) * score
        alignments = self._probabilities(score)
        return alignments, alignments


class BahdanauAttention(AttentionMechanism):
    """`tf.contrib.seq2seq.BahdanauAttention`: a layer over the sum of query and keys."""

    def __init__(
        self,
        num_units,
        memory,
        memory_sequence_length=None,
        normalize=False,
        probability_fn=None,
        score_mask_value=None,
        dtype=None,
        custom_key_value_fn=None,
        name="BahdanauAttention",
    ):
        query, keys = (
            LayersDense(num_units, name=f"{kind}_layer", use_bias=False, dtype=dtype or tf1.float32)
            for kind in ("query", "memory")
        )
        super().__init__(
            query, keys, memory, memory_sequence_length, probability_fn, score_mask_value, custom_key_value_fn, name
        )
        self._num_units, self._normalize = num_units, normalize

    def __call__(self, query, state):
        with tf1.variable_scope(None, "bahdanau_attention", [query]):
            through = tf1.expand_dims(self.query_layer(query), 1)
            v = tf1.get_variable("attention_v", [self._num_units], dtype=query.dtype)
            if self._normalize:
                first = tf1.constant_initializer(math.sqrt(1.0 / self._num_units))
                g = tf1.get_variable("attention_g", dtype=query.dtype, initializer=first, shape=())
                b = tf1.get_variable(
                    "attention_b", [self._num_units], dtype=query.dtype, initializer=tf1.zeros_initializer()
                )
                v, through = g * v * tf1.rsqrt(tf1.reduce_sum(tf1.square(v))), through + b
            score = tf1.reduce_sum(v * tf1.tanh(self.keys + through), [2])
        alignments = self._probabilities(score)
        return alignments, alignments


_ATTENTION = ("cell_state", "attention", "time", "alignments", "alignment_history", "attention_state")


class AttentionWrapperState(collections.namedtuple("AttentionWrapperState", _ATTENTION)):
    """`tf.contrib.seq2seq.AttentionWrapperState`."""

    def clone(self, **fields):
        """The same with other fields, of the same static shapes."""

        def shaped(old, new):
            if tf.is_tensor(old) and tf.is_tensor(new):
                new.set_shape(old.shape)
            return new

        return tf.nest.map_structure(shaped, self, self._replace(**fields))


class AttentionWrapper(RNNCell):
    """`tf.contrib.seq2seq.AttentionWrapper`: a cell that attends to one memory or to several."""

    def __init__(
        self,
        cell,
        attention_mechanism,
        attention_layer_size=None,
        alignment_history=False,
        cell_input_fn=None,
        output_attention=True,
        initial_cell_state=None,
        name=None,
        attention_layer=None,
        attention_fn=None,
        dtype=None,
    ):
        super().__init__(name=name, dtype=dtype)
        self._is_multi = isinstance(attention_mechanism, list | tuple)
        self._mechanisms = tuple(attention_mechanism) if self._is_multi else (attention_mechanism,)
        if attention_layer_size is not None and attention_layer is not None:
            raise ValueError("Only one of attention_layer_size and attention_layer should be set")
        self._layers, depths = None, [int(one.values.shape[-1]) for one in self._mechanisms]
        if attention_layer_size is not None:
            depths = _each(attention_layer_size)
            self._layers = [
                LayersDense(size, name="attention_layer", use_bias=False, dtype=one.dtype)
                for size, one in zip(depths, self._mechanisms, strict=True)
            ]
        elif attention_layer is not None:
            self._layers = _each(attention_layer)
            inputs = [[None, cell.output_size + depth] for depth in depths]
            shapes = [one.compute_output_shape(i) for one, i in zip(self._layers, inputs, strict=True)]
            depths = [int(tf1.TensorShape(shape)[-1]) for shape in shapes]
        self._attention_size = sum(depths)
        self._cell, self._attention_fn = cell, attention_fn or _compute_attention
        self._cell_input_fn = cell_input_fn or (lambda inputs, attention: tf1.concat([inputs, attention], -1))
        self._output_attention, self._alignment_history = output_attention, alignment_history
        self._initial_cell_state = initial_cell_state

    def _one_or_all(self, values):
        values = tuple(values)
        return values if self._is_multi else values[0]

    @property
    def output_size(self):
        return self._attention_size if self._output_attention else self._cell.output_size

    @property
    def state_size(self):
        history = (one.alignments_size if self._alignment_history else () for one in self._mechanisms)
        return AttentionWrapperState(
            cell_state=self._cell.state_size,
            time=tf1.TensorShape([]),
            attention=self._attention_size,
            alignments=self._one_or_all(one.alignments_size for one in self._mechanisms),
            attention_state=self._one_or_all(one.state_size for one in self._mechanisms),
            alignment_history=self._one_or_all(history),
        )

    def zero_state(self, batch_size, dtype):
        with tf1.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            state = self._initial_cell_state
            if state is None:
                state = self._cell.zero_state(batch_size, dtype)
            with tf1.control_dependencies(self._fits(batch_size)):
                state = tf.nest.map_structure(tf1.identity, state)
            first = [one.initial_alignments(batch_size, dtype) for one in self._mechanisms]
            history = (
                tf1.TensorArray(dtype, size=0, dynamic_size=True, element_shape=one.shape)
                if self._alignment_history
                else ()
                for one in first
            )
            return AttentionWrapperState(
                cell_state=state,
                time=tf1.zeros([], tf1.int32),
                attention=_attention_zeros(self._attention_size, batch_size, dtype),
                alignments=self._one_or_all(first),
                attention_state=self._one_or_all(one.initial_state(batch_size, dtype) for one in self._mechanisms),
                alignment_history=self._one_or_all(history),
            )

    def _fits(self, batch_size):
        told = "the batch of the memory is not that of the state; a BeamSearchDecoder needs tile_batch for the memory"
        return [tf1.assert_equal(batch_size, one.batch_size, message=told) for one in self._mechanisms]

    def call(self, inputs, state):
        output, cell_state = self._cell(self._cell_input_fn(inputs, state.attention), state.cell_state)
        with tf1.control_dependencies(self._fits(tf1.shape(output)[0])):
            output = tf1.identity(output, name="checked_cell_output")
        earlier = state.attention_state if self._is_multi else [state.attention_state]
        histories = state.alignment_history if self._is_multi else [state.alignment_history]
        found = [
            self._attention_fn(one, output, earlier[i], self._layers[i] if self._layers else None)
            for i, one in enumerate(self._mechanisms)
        ]
        attention = tf1.concat([one for one, _, _ in found], 1)
        if self._alignment_history:
            pairs = zip(histories, found, strict=True)
            histories = [history.write(state.time, alignments) for history, (_, alignments, _) in pairs]
        state = AttentionWrapperState(
            time=state.time + 1,
            cell_state=cell_state,
            attention=attention,
            attention_state=self._one_or_all(one for _, _, one in found),
            alignments=self._one_or_all(one for _, one, _ in found),
            alignment_history=self._one_or_all(histories),
        )
        return attention if self._output_attention else output, state


def hardmax(logits, name=None):
    """`tf.contrib.seq2seq.hardmax`: 1 where the largest is."""
    with tf1.name_scope(name, "Hardmax", [logits]):
        logits = tf1.convert_to_tensor(logits, name="logits")
        depth = logits.shape.as_list()[-1] or tf1.shape(logits)[-1]
        return tf1.one_hot(tf1.argmax(logits, -1), depth, dtype=logits.dtype)


def _compute_attention(mechanism, output, attention_state, attention_layer):
    alignments, following = mechanism(output, state=attention_state)
    context = tf1.squeeze(tf1.matmul(tf1.expand_dims(alignments, 1), mechanism.values), [1])
    if attention_layer is not None:
        context = attention_layer(tf1.concat([output, context], 1))
    return context, alignments, following


def _each(value):
    return list(value) if isinstance(value, list | tuple) else [value]


def _masked_memory(memory, lengths):
    """The memory, zero beyond the length of each sequence."""
    memory = tf1.convert_to_tensor(memory, name="memory")
    if lengths is None:
        return memory
    mask = tf1.sequence_mask(lengths, tf1.shape(memory)[1], memory.dtype)
    ones = tf1.ones(memory.shape.rank - 2, tf1.int32)
    return memory * tf1.reshape(mask, tf1.concat([tf1.shape(mask), ones], 0))


def _masked_score(score, lengths, value):
    if lengths is None:
        return score
    told = "All values in memory_sequence_length must be greater than zero."
    with tf1.control_dependencies([tf1.assert_positive(lengths, message=told)]):
        mask = tf1.sequence_mask(lengths, tf1.shape(score)[1])
    return tf1.where(mask, score, value * tf1.ones_like(score))


def _attention_zeros(size, batch_size, dtype):
    zeros = tf1.zeros(tf1.stack([batch_size, size]), dtype)
    zeros.set_shape([tf.get_static_value(batch_size), tf.get_static_value(size)])
    return zeros
