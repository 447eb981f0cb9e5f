# mypy: ignore-errors
"""The models of tf.contrib.legacy_seq2seq whose steps are numbers of words."""

import copy

import tensorflow as tf
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.EmbeddingWrapper import EmbeddingWrapper
from tfkdoctor.support.OutputProjectionWrapper import OutputProjectionWrapper
from tfkdoctor.support.rnn_decoder import rnn_decoder, tied_rnn_seq2seq


def _likeliest(embedding, output_projection, learns=True):
    """What the next step is: the vector of the word that the last output makes the likeliest."""

    def loop_function(output, _):
        if output_projection is not None:
            output = tf1.nn.xw_plus_b(output, output_projection[0], output_projection[1])
        found = tf1.nn.embedding_lookup(embedding, tf1.argmax(output, 1))
        return found if learns else tf1.stop_gradient(found)

    return loop_function


def _either_way(feed_previous, steps, like, make):
    """`make(True)` or `make(False)`, as a tensor says when the graph runs; both share their variables."""

    def branch(feeds):
        with tf1.variable_scope(tf1.get_variable_scope(), reuse=None if feeds else True):
            outputs, state = make(feeds)
        return [*outputs, *tf.nest.flatten(state)]

    found = tf1.cond(feed_previous, lambda: branch(True), lambda: branch(False))
    return found[:steps], tf.nest.pack_sequence_as(like, found[steps:])


def _is_of(projection, symbols, dtype):
    tf1.convert_to_tensor(projection[0], dtype).shape.assert_is_compatible_with([None, symbols])
    tf1.convert_to_tensor(projection[1], dtype).shape.assert_is_compatible_with([symbols])


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
    with tf1.variable_scope(scope or "embedding_rnn_decoder") as scope:
        if output_projection is not None:
            _is_of(output_projection, num_symbols, scope.dtype)
        embedding = tf1.get_variable("embedding", [num_symbols, embedding_size])
        following = _likeliest(embedding, output_projection, update_embedding_for_previous) if feed_previous else None
        steps = (tf1.nn.embedding_lookup(embedding, step) for step in decoder_inputs)
        return rnn_decoder(steps, initial_state, cell, following)


def embedding_rnn_seq2seq(
    encoder_inputs,
    decoder_inputs,
    cell,
    num_encoder_symbols,
    num_decoder_symbols,
    embedding_size,
    output_projection=None,
    feed_previous=False,
    dtype=None,
    scope=None,
):
    """`tf.contrib.legacy_seq2seq.embedding_rnn_seq2seq`."""
    with tf1.variable_scope(scope or "embedding_rnn_seq2seq") as scope:
        if dtype is not None:
            scope.set_dtype(dtype)
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        _, first = tf1.nn.static_rnn(encoder, encoder_inputs, dtype=scope.dtype)
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)

        def decode(feeds, learns=False):
            return embedding_rnn_decoder(
                decoder_inputs,
                first,
                cell,
                num_decoder_symbols,
                embedding_size,
                output_projection=output_projection,
                feed_previous=feeds,
                update_embedding_for_previous=learns,
            )

        if isinstance(feed_previous, bool):
            return decode(feed_previous, learns=True)
        return _either_way(feed_previous, len(decoder_inputs), first, decode)


def embedding_tied_rnn_seq2seq(
    encoder_inputs,
    decoder_inputs,
    cell,
    num_symbols,
    embedding_size,
    num_decoder_symbols=None,
    output_projection=None,
    feed_previous=False,
    dtype=None,
    scope=None,
):
    """`tf.contrib.legacy_seq2seq.embedding_tied_rnn_seq2seq`: encoder and decoder share weights and table."""
    with tf1.variable_scope(scope or "embedding_tied_rnn_seq2seq", dtype=dtype) as scope:
        dtype = scope.dtype
        if output_projection is not None:
            _is_of(output_projection, num_symbols, dtype)
        embedding = tf1.get_variable("embedding", [num_symbols, embedding_size], dtype)
        before, after = (
            [tf1.nn.embedding_lookup(embedding, step) for step in steps] for steps in (encoder_inputs, decoder_inputs)
        )
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_symbols if num_decoder_symbols is None else num_decoder_symbols)

        def decode(feeds, learns=False):
            following = _likeliest(embedding, output_projection, learns) if feeds else None
            return tied_rnn_seq2seq(before, after, cell, following, dtype)

        if isinstance(feed_previous, bool):
            return decode(feed_previous, learns=True)
        return _either_way(feed_previous, len(decoder_inputs), cell.state_size, decode)


def one2many_rnn_seq2seq(
    encoder_inputs,
    decoder_inputs_dict,
    enc_cell,
    dec_cells_dict,
    num_encoder_symbols,
    num_decoder_symbols_dict,
    embedding_size,
    feed_previous=False,
    dtype=None,
    scope=None,
):
    """`tf.contrib.legacy_seq2seq.one2many_rnn_seq2seq`: one encoder, a decoder for each task."""
    if set(dec_cells_dict) != set(decoder_inputs_dict):
        raise ValueError("keys of dec_cells_dict != keys of decodre_inputs_dict")
    outputs, states = {}, {}
    with tf1.variable_scope(scope or "one2many_rnn_seq2seq", dtype=dtype) as scope:
        encoder = EmbeddingWrapper(enc_cell, num_encoder_symbols, embedding_size)
        _, first = tf1.nn.static_rnn(encoder, encoder_inputs, dtype=scope.dtype)
        for name, steps in decoder_inputs_dict.items():
            symbols = num_decoder_symbols_dict[name]
            with tf1.variable_scope("one2many_decoder_" + str(name)):
                cell = OutputProjectionWrapper(dec_cells_dict[name], symbols)

                def decode(feeds, steps=steps, cell=cell, symbols=symbols):
                    return embedding_rnn_decoder(steps, first, cell, symbols, embedding_size, feed_previous=feeds)

                if isinstance(feed_previous, bool):
                    outputs[name], states[name] = decode(feed_previous)
                else:
                    outputs[name], states[name] = _either_way(feed_previous, len(steps), first, decode)
    return outputs, states
