# mypy: ignore-errors
"""The models of tf.contrib.legacy_seq2seq: an encoder and a decoder, unrolled over lists of steps."""

import copy

import tensorflow as tf
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.EmbeddingWrapper import EmbeddingWrapper
from tfkdoctor.support.legacy_decoders import (
    _feeding,
    embedding_attention_decoder,
    embedding_rnn_decoder,
    rnn_decoder,
)
from tfkdoctor.support.OutputProjectionWrapper import OutputProjectionWrapper
from tfkdoctor.support.sequence_loss_by_example import legacy_sequence_loss, sequence_loss_by_example


def basic_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, dtype=tf1.float32, scope=None):
    """`tf.contrib.legacy_seq2seq.basic_rnn_seq2seq`."""
    with tf1.variable_scope(scope or "basic_rnn_seq2seq"):
        _, state = tf1.nn.static_rnn(copy.deepcopy(cell), encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, cell)


def tied_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, loop_function=None, dtype=tf1.float32, scope=None):
    """`tf.contrib.legacy_seq2seq.tied_rnn_seq2seq`: one cell reads and writes."""
    with tf1.variable_scope("combined_tied_rnn_seq2seq"):
        scope = scope or "tied_rnn_seq2seq"
        _, state = tf1.nn.static_rnn(cell, encoder_inputs, dtype=dtype, scope=scope)
        tf1.get_variable_scope().reuse_variables()
        return rnn_decoder(decoder_inputs, state, cell, loop_function=loop_function, scope=scope)


def _either(feed_previous, decode, like):
    """The decoder's outputs and state, fed with its own outputs or not, which a tensor may decide."""
    if isinstance(feed_previous, bool):
        return decode(feed_previous, True)

    def flat(fed):
        with tf1.variable_scope(tf1.get_variable_scope(), reuse=None if fed else True):
            outputs, state = decode(fed, False)
        return [*outputs, *tf.nest.flatten(state)]

    found = tf1.cond(feed_previous, lambda: flat(True), lambda: flat(False))
    count = len(tf.nest.flatten(like))
    return found[:-count], tf.nest.pack_sequence_as(like, found[-count:])


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
        reader = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        _, state = tf1.nn.static_rnn(reader, encoder_inputs, dtype=scope.dtype)
        writer = cell if output_projection is not None else OutputProjectionWrapper(cell, num_decoder_symbols)

        def decode(fed, update):
            return embedding_rnn_decoder(
                decoder_inputs, state, writer, num_decoder_symbols, embedding_size, output_projection, fed, update
            )

        return _either(feed_previous, decode, state)


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
    """`tf.contrib.legacy_seq2seq.embedding_tied_rnn_seq2seq`: one table and one cell for both."""
    with tf1.variable_scope(scope or "embedding_tied_rnn_seq2seq", dtype=dtype) as scope:
        dtype = scope.dtype
        table = tf1.get_variable("embedding", [num_symbols, embedding_size], dtype=dtype)
        read, written = (
            [tf1.nn.embedding_lookup(table, ids) for ids in each] for each in (encoder_inputs, decoder_inputs)
        )
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_symbols if num_decoder_symbols is None else num_decoder_symbols)

        def decode(fed, update):
            loop = _feeding(table, output_projection, update) if fed else None
            return tied_rnn_seq2seq(read, written, cell, loop, dtype)

        return _either(feed_previous, decode, cell.zero_state(tf1.shape(encoder_inputs[0])[0], dtype))


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
        reader = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        outputs, state = tf1.nn.static_rnn(reader, encoder_inputs, dtype=scope.dtype)
        seen = tf1.concat([tf1.reshape(one, [-1, 1, cell.output_size]) for one in outputs], 1)
        projected = output_projection is not None
        writer = cell if projected else OutputProjectionWrapper(cell, num_decoder_symbols)

        def decode(fed, update):
            return embedding_attention_decoder(
                decoder_inputs,
                state,
                seen,
                writer,
                num_decoder_symbols,
                embedding_size,
                num_heads,
                None if projected else num_decoder_symbols,
                output_projection,
                fed,
                update,
                initial_state_attention=initial_state_attention,
            )

        return _either(feed_previous, decode, state)


def model_with_buckets(
    encoder_inputs,
    decoder_inputs,
    targets,
    weights,
    buckets,
    seq2seq,
    softmax_loss_function=None,
    per_example_loss=False,
    name=None,
):
    """`tf.contrib.legacy_seq2seq.model_with_buckets`: a model for each pair of lengths, on the same variables."""
    loss = sequence_loss_by_example if per_example_loss else legacy_sequence_loss
    losses, outputs = [], []
    with tf1.name_scope(name, "model_with_buckets", [*encoder_inputs, *decoder_inputs, *targets, *weights]):
        for number, (read, written) in enumerate(buckets):
            with tf1.variable_scope(tf1.get_variable_scope(), reuse=True if number > 0 else None):
                found, _ = seq2seq(encoder_inputs[:read], decoder_inputs[:written])
                outputs.append(found)
                losses.append(
                    loss(found, targets[:written], weights[:written], softmax_loss_function=softmax_loss_function)
                )
    return outputs, losses
