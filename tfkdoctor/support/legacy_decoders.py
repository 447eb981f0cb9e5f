# mypy: ignore-errors
"""The decoders of tf.contrib.legacy_seq2seq, unrolled over lists of steps: plain, of embedded ids, with attention."""

import tensorflow as tf
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.linear_of import linear_of


def rnn_decoder(decoder_inputs, initial_state, cell, loop_function=None, scope=None):
    """`tf.contrib.legacy_seq2seq.rnn_decoder`: a step for each input, or for what `loop_function` makes of the last."""
    with tf1.variable_scope(scope or "rnn_decoder"):
        state, outputs = initial_state, []
        for number, given in enumerate(decoder_inputs):
            if loop_function is not None and outputs:
                with tf1.variable_scope("loop_function", reuse=True):
                    given = loop_function(outputs[-1], number)
            if number > 0:
                tf1.get_variable_scope().reuse_variables()
            output, state = cell(given, state)
            outputs.append(output)
    return outputs, state


def _feeding(table, projection, update):
    """What embeds the likeliest symbol of the last output."""

    def loop_function(last, _):
        if projection is not None:
            last = tf1.nn.xw_plus_b(last, projection[0], projection[1])
        embedded = tf1.nn.embedding_lookup(table, tf1.argmax(last, 1))
        return embedded if update else tf1.stop_gradient(embedded)

    return loop_function


def embedding_rnn_decoder(
    decoder_inputs,
    initial_state,
    cell,
    num_symbols,
    embedding_size,
    output_projection=None,
    feed_previous=False,
    update_embedding_for_previous=True,
    scope=None,
):
    """`tf.contrib.legacy_seq2seq.embedding_rnn_decoder`."""
    with tf1.variable_scope(scope or "embedding_rnn_decoder"):
        table = tf1.get_variable("embedding", [num_symbols, embedding_size])
        loop = _feeding(table, output_projection, update_embedding_for_previous) if feed_previous else None
        embedded = (tf1.nn.embedding_lookup(table, ids) for ids in decoder_inputs)
        return rnn_decoder(embedded, initial_state, cell, loop_function=loop)


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
    """`tf.contrib.legacy_seq2seq.attention_decoder`: each step reads all of `attention_states`, as its state asks."""
    output_size = cell.output_size if output_size is None else output_size
    with tf1.variable_scope(scope or "attention_decoder", dtype=dtype) as scope:
        dtype = scope.dtype
        _, length, size = attention_states.shape.as_list()
        length = tf1.shape(attention_states)[1] if length is None else length
        hidden = tf1.reshape(attention_states, [-1, length, 1, size])
        features, vectors = [], []
        for head in range(num_heads):
            kernel = tf1.get_variable(f"AttnW_{head}", [1, 1, size, size], dtype=dtype)
            features.append(tf1.nn.conv2d(hidden, kernel, [1, 1, 1, 1], "SAME"))
            vectors.append(tf1.get_variable(f"AttnV_{head}", [size], dtype=dtype))

        def read(state):
            query = tf1.concat(tf.nest.flatten(state), 1)
            found = []
            for head in range(num_heads):
                with tf1.variable_scope(f"Attention_{head}"):
                    asked = tf1.cast(tf1.reshape(linear_of(query, size), [-1, 1, 1, size]), dtype)
                    scores = tf1.reduce_sum(vectors[head] * tf1.tanh(features[head] + asked), [2, 3])
                    weights = tf1.cast(tf1.nn.softmax(tf1.cast(scores, tf1.float32)), dtype)
                    seen = tf1.reduce_sum(tf1.reshape(weights, [-1, length, 1, 1]) * hidden, [1, 2])
                    found.append(tf1.reshape(seen, [-1, size]))
            return found

        state, outputs = initial_state, []
        nothing = tf1.zeros(tf1.stack([tf1.shape(decoder_inputs[0])[0], size]), dtype)
        nothing.set_shape([None, size])
        seen = read(initial_state) if initial_state_attention else [nothing] * num_heads
        for number, given in enumerate(decoder_inputs):
            if number > 0:
                tf1.get_variable_scope().reuse_variables()
            if loop_function is not None and outputs:
                with tf1.variable_scope("loop_function", reuse=True):
                    given = loop_function(outputs[-1], number)
            inputs = [tf1.cast(one, dtype) for one in (given, *seen)]
            output, state = cell(linear_of(inputs, given.shape.as_list()[1]), state)
            if number == 0 and initial_state_attention:
                with tf1.variable_scope(tf1.get_variable_scope(), reuse=True):
                    seen = read(state)
            else:
                seen = read(state)
            with tf1.variable_scope("AttnOutputProjection"):
                outputs.append(linear_of([tf1.cast(output, dtype), *seen], output_size))
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
    with tf1.variable_scope(scope or "embedding_attention_decoder", dtype=dtype):
        table = tf1.get_variable("embedding", [num_symbols, embedding_size])
        loop = _feeding(table, output_projection, update_embedding_for_previous) if feed_previous else None
        return attention_decoder(
            [tf1.nn.embedding_lookup(table, ids) for ids in decoder_inputs],
            initial_state,
            attention_states,
            cell,
            cell.output_size if output_size is None else output_size,
            num_heads,
            loop,
            initial_state_attention=initial_state_attention,
        )
