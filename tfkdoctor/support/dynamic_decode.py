# mypy: ignore-errors
"""`tf.contrib.seq2seq.dynamic_decode` and what decoders derive from. contrib went with TensorFlow 2."""

import contextlib

import tensorflow as tf
import tensorflow.compat.v1 as tf1


class Decoder:
    """`tf.contrib.seq2seq.Decoder`: has `batch_size`, `output_size`, `output_dtype`, `initialize` and `step`."""

    @property
    def batch_size(self):
        raise NotImplementedError

    @property
    def output_size(self):
        raise NotImplementedError

    @property
    def output_dtype(self):
        raise NotImplementedError

    def initialize(self, name=None):
        raise NotImplementedError

    def step(self, time, inputs, state, name=None):
        raise NotImplementedError

    def finalize(self, outputs, final_state, sequence_lengths):
        raise NotImplementedError

    @property
    def tracks_own_finished(self):
        return False


def dynamic_decode(
    decoder,
    output_time_major=False,
    impute_finished=False,
    maximum_iterations=None,
    parallel_iterations=32,
    swap_memory=False,
    scope=None,
):
    """`tf.contrib.seq2seq.dynamic_decode`: steps until all sequences are finished; outputs, state and lengths."""
    with tf1.variable_scope(scope, "decoder"):
        if maximum_iterations is not None:
            maximum_iterations = tf1.convert_to_tensor(maximum_iterations, tf1.int32, name="maximum_iterations")
        finished, inputs, state = decoder.initialize()
        sizes, kinds = decoder.output_size, decoder.output_dtype
        zeros = tf.nest.map_structure(lambda s, d: _decoder_zeros(decoder.batch_size, s, d), sizes, kinds)
        if maximum_iterations is not None:
            finished = tf1.logical_or(finished, maximum_iterations <= 0)

        def array(size, kind):
            shape = None
            if isinstance(size, tf1.TensorShape) and size.rank != 0:
                number = tf.get_static_value(tf1.convert_to_tensor(decoder.batch_size))
                shape = tf1.TensorShape([number]).concatenate(size)
            return tf1.TensorArray(kind, size=0, dynamic_size=True, element_shape=shape)

        def body(time, arrays, state, inputs, finished, lengths):
            outputs, next_state, next_inputs, done = decoder.step(time, inputs, state)
            next_finished = done if decoder.tracks_own_finished else tf1.logical_or(done, finished)
            ran = tf1.fill(tf1.shape(lengths), time + 1)
            lengths = tf1.where(tf1.logical_not(finished), ran, lengths)
            if impute_finished:
                outputs = tf.nest.map_structure(lambda o, zero: tf1.where(finished, zero, o), outputs, zeros)
                next_state = tf.nest.map_structure(lambda n, old: _kept(finished, n, old), next_state, state)
            arrays = tf.nest.map_structure(lambda a, output: a.write(time, output), arrays, outputs)
            return time + 1, arrays, next_state, next_inputs, next_finished, lengths

        _, arrays, state, _, _, lengths = tf1.while_loop(
            lambda time, arrays, state, inputs, finished, lengths: tf1.logical_not(tf1.reduce_all(finished)),
            body,
            (
                tf1.constant(0),
                tf.nest.map_structure(array, sizes, kinds),
                state,
                inputs,
                finished,
                tf1.zeros_like(finished, tf1.int32),
            ),
            parallel_iterations=parallel_iterations,
            maximum_iterations=maximum_iterations,
            swap_memory=swap_memory,
        )
        outputs = tf.nest.map_structure(lambda a: a.stack(), arrays)
        with contextlib.suppress(NotImplementedError):
            outputs, state = decoder.finalize(outputs, state, lengths)
        if not output_time_major:
            outputs = tf.nest.map_structure(_swapped_batch_and_time, outputs)
    return outputs, state, lengths


def _kept(finished, new, old):
    """The old state where a sequence is finished."""
    if isinstance(old, tf1.TensorArray):
        return new
    new.set_shape(old.shape)
    return new if new.shape.rank == 0 else tf1.where(finished, old, new)


def _decoder_zeros(batch_size, size, kind):
    known = tf.get_static_value(tf1.convert_to_tensor(batch_size))
    sizes = tf1.TensorShape(size)
    rows = tf1.reshape(tf1.cast(batch_size, tf1.int32), [1])
    zeros = tf1.zeros(tf1.concat([rows, tf1.constant(sizes.as_list(), tf1.int32)], 0), kind)
    zeros.set_shape(tf1.TensorShape([known]).concatenate(sizes))
    return zeros


def _swapped_batch_and_time(tensor):
    """Time before batch or the other way, as far as the tensor has both."""
    if tensor.shape.rank is not None and tensor.shape.rank < 2:
        return tensor
    rest = tf1.range(2, tf1.rank(tensor))
    swapped = tf1.transpose(tensor, tf1.concat([[1, 0], rest], 0))
    shape = tensor.shape
    swapped.set_shape([shape[1], shape[0], *shape[2:]] if shape.rank is not None else None)
    return swapped


def _projected_size(cell, output_layer):
    """What a cell, and a layer upon it, give for one example."""
    if output_layer is None:
        return cell.output_size

    def of(size):
        shape = tf1.TensorShape([None]).concatenate(tf1.TensorShape(size))
        return tf1.TensorShape(output_layer.compute_output_shape(shape))[1:]

    return tf.nest.map_structure(of, cell.output_size)
