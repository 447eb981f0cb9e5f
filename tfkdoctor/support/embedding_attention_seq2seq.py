# mypy: ignore-errors
"""The models of tf.contrib.legacy_seq2seq that attend to the outputs of the encoder."""

import copy

import tensorflow as tf
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.embedding_rnn_seq2seq import _either_way, _likeliest
from tfkdoctor.support.EmbeddingWrapper import EmbeddingWrapper
from tfkdoctor.support.linear import _Linear
from tfkdoctor.support.OutputProjectionWrapper import OutputProjectionWrapper


def attention_decoder(
    decoder_inputs,
    initial_state,
    attention_states,
    cell,
    output_size=None,
    num_heads=1,
    loop_function=None,
    dtype=None,
    scope=None,
    initial_state_attention=False,
):
    """`tf.contrib.legacy_seq2seq.attention_decoder`: `attention_states` are (batch, steps, size)."""
    if not decoder_inputs:
        raise ValueError("Must provide at least 1 input to attention decoder.")
    if num_heads < 1:
        raise ValueError("With less than 1 heads, use a non-attention decoder.")
    with tf1.variable_scope(scope or "attention_decoder", dtype=dtype) as scope:
        dtype, output_size = scope.dtype, cell.output_size if output_size is None else output_size
        length, size = attention_states.shape.as_list()[1:]
        if size is None:
            raise ValueError(f"Shape[2] of attention_states must be known: {attention_states.shape}")
        length = tf1.shape(attention_states)[1] if length is None else length
        hidden = tf1.reshape(attention_states, [-1, length, 1, size])
        heads = []
        for number in range(num_heads):
            kernel = tf1.get_variable(f"AttnW_{number}", [1, 1, size, size], dtype)
            features = tf1.nn.conv2d(hidden, kernel, [1, 1, 1, 1], "SAME")
            heads.append((features, tf1.get_variable(f"AttnV_{number}", [size], dtype)))

        def attend(state):
            query, reads = tf1.concat(tf.nest.flatten(state), 1), []
            for number, (features, vector) in enumerate(heads):
                with tf1.variable_scope(f"Attention_{number}"):
                    asked = tf1.reshape(_Linear([query], size)([query]), [-1, 1, 1, size])
                    scores = tf1.reduce_sum(vector * tf1.tanh(features + tf1.cast(asked, dtype)), [2, 3])
                    weights = tf1.cast(tf1.nn.softmax(tf1.cast(scores, tf1.float32)), dtype)
                    read = tf1.reduce_sum(tf1.reshape(weights, [-1, length, 1, 1]) * hidden, [1, 2])
                    reads.append(tf1.reshape(read, [-1, size]))
            return reads

        nothing = tf1.zeros(tf1.stack([tf1.shape(decoder_inputs[0])[0], size]), dtype)
        nothing.set_shape([None, size])
        reads, state, outputs = [nothing] * num_heads, initial_state, []
        if initial_state_attention:
            reads = attend(initial_state)
        for number, step in enumerate(decoder_inputs):
            if number > 0:
                tf1.get_variable_scope().reuse_variables()
            if loop_function is not None and outputs:
                with tf1.variable_scope("loop_function", reuse=True):
                    step = loop_function(outputs[-1], number)
            together = [tf1.cast(each, dtype) for each in (step, *reads)]
            output, state = cell(_Linear(together, step.shape.as_list()[1])(together), state)
            again = True if number == 0 and initial_state_attention else None
            with tf1.variable_scope(tf1.get_variable_scope(), reuse=again):
                reads = attend(state)
            with tf1.variable_scope("AttnOutputProjection"):
                together = [tf1.cast(output, dtype), *reads]
                outputs.append(_Linear(together, output_size)(together))
    return outputs, state


def embedding_attention_decoder(
    decoder_inputs,
    initial_state,
    attention_states,
    cell,
    num_symbols,
    embedding_size,
    num_heads=1,
    output_size=None,
    output_projection=None,
    feed_previous=False,
    update_embedding_for_previous=True,
    dtype=None,
    scope=None,
    initial_state_attention=False,
):
    """`tf.contrib.legacy_seq2seq.embedding_attention_decoder`."""
    if output_projection is not None:
        tf1.convert_to_tensor(output_projection[1], dtype).shape.assert_is_compatible_with([num_symbols])
    with tf1.variable_scope(scope or "embedding_attention_decoder", dtype=dtype):
        embedding = tf1.get_variable("embedding", [num_symbols, embedding_size])
        following = _likeliest(embedding, output_projection, update_embedding_for_previous) if feed_previous else None
        return attention_decoder(
            [tf1.nn.embedding_lookup(embedding, step) for step in decoder_inputs],
            initial_state,
            attention_states,
            cell,
            output_size=cell.output_size if output_size is None else output_size,
            num_heads=num_heads,
            loop_function=following,
            initial_state_attention=initial_state_attention,
        )


def embedding_attention_seq2seq(
    encoder_inputs,
    decoder_inputs,
    cell,
    num_encoder_symbols,
    num_decoder_symbols,
    embedding_size,
    num_heads=1,
    output_projection=None,
    feed_previous=False,
    dtype=None,
    scope=None,
    initial_state_attention=False,
):
    """`tf.contrib.legacy_seq2seq.embedding_attention_seq2seq`."""
    with tf1.variable_scope(scope or "embedding_attention_seq2seq", dtype=dtype) as scope:
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        tops, first = tf1.nn.static_rnn(encoder, encoder_inputs, dtype=scope.dtype)
        attention_states = tf1.concat([tf1.reshape(top, [-1, 1, cell.output_size]) for top in tops], 1)
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)

        def decode(feeds, learns=False):
            return embedding_attention_decoder(
                decoder_inputs,
                first,
                attention_states,
                cell,
                num_decoder_symbols,
                embedding_size,
                num_heads=num_heads,
                output_size=num_decoder_symbols if output_projection is None else None,
                output_projection=output_projection,
                feed_previous=feeds,
                update_embedding_for_previous=learns,
                initial_state_attention=initial_state_attention,
            )

        if isinstance(feed_previous, bool):
            return decode(feed_previous, learns=True)
        return _either_way(feed_previous, len(decoder_inputs), first, decode)
