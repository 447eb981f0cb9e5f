# mypy: ignore-errors
"""The decoders of tf.contrib.legacy_seq2seq: over lists of steps, each of which may come from the output before it."""

import copy

import tensorflow.compat.v1 as tf1


def rnn_decoder(decoder_inputs, initial_state, cell, loop_function=None, scope=None):
    """`tf.contrib.legacy_seq2seq.rnn_decoder`: the outputs and the last state of a cell over a list of steps."""
    with tf1.variable_scope(scope or "rnn_decoder"):
        state, outputs = initial_state, []
        for number, step in enumerate(decoder_inputs):
            if loop_function is not None and outputs:
                with tf1.variable_scope("loop_function", reuse=True):
                    step = loop_function(outputs[-1], number)
            if number > 0:
                tf1.get_variable_scope().reuse_variables()
            output, state = cell(step, state)
            outputs.append(output)
    return outputs, state


def basic_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, dtype=tf1.float32, scope=None):
    """`tf.contrib.legacy_seq2seq.basic_rnn_seq2seq`: an encoder, and a decoder of the same kind of cell."""
    with tf1.variable_scope(scope or "basic_rnn_seq2seq"):
        _, state = tf1.nn.static_rnn(copy.deepcopy(cell), encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, cell)


def tied_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, loop_function=None, dtype=tf1.float32, scope=None):
    """`tf.contrib.legacy_seq2seq.tied_rnn_seq2seq`: encoder and decoder with the same weights."""
    with tf1.variable_scope("combined_tied_rnn_seq2seq"):
        scope = scope or "tied_rnn_seq2seq"
        _, state = tf1.nn.static_rnn(cell, encoder_inputs, dtype=dtype, scope=scope)
        tf1.get_variable_scope().reuse_variables()
        return rnn_decoder(decoder_inputs, state, cell, loop_function, scope)
