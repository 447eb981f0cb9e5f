# mypy: ignore-errors
"""`tf.contrib.seq2seq.BeamSearchDecoder` in plain TensorFlow. contrib went with TensorFlow 2."""

import collections

import tensorflow as tf
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.dynamic_decode import Decoder

_BEAM_STATE = ("cell_state", "log_probs", "finished", "lengths", "accumulated_attention_probs")


class BeamSearchDecoderState(collections.namedtuple("BeamSearchDecoderState", _BEAM_STATE)):
    """`tf.contrib.seq2seq.BeamSearchDecoderState`."""


class BeamSearchDecoderOutput(
    collections.namedtuple("BeamSearchDecoderOutput", ["scores", "predicted_ids", "parent_ids"])
):
    """`tf.contrib.seq2seq.BeamSearchDecoderOutput`."""


_BEAM_FINAL = ("predicted_ids", "beam_search_decoder_output")


class FinalBeamSearchDecoderOutput(collections.namedtuple("FinalBeamDecoderOutput", _BEAM_FINAL)):
    """`tf.contrib.seq2seq.FinalBeamSearchDecoderOutput`."""


class BeamSearchDecoder(Decoder):
    """`tf.contrib.seq2seq.BeamSearchDecoder`; a penalty on coverage is refused."""

    def __init__(
        self,
        cell,
        embedding,
        start_tokens,
        end_token,
        initial_state,
        beam_width,
        output_layer=None,
        length_penalty_weight=0.0,
        coverage_penalty_weight=0.0,
        reorder_tensor_arrays=True,
    ):
        if coverage_penalty_weight != 0.0:
            raise NotImplementedError("coverage_penalty_weight is not carried along")
        self._cell, self._output_layer, self._beam_width = cell, output_layer, beam_width
        self._penalty, self._reorder = length_penalty_weight, reorder_tensor_arrays
        self._embed = embedding if callable(embedding) else lambda ids: tf1.nn.embedding_lookup(embedding, ids)
        tokens = tf1.convert_to_tensor(start_tokens, tf1.int32, name="start_tokens")
        self._end_token = tf1.convert_to_tensor(end_token, tf1.int32, name="end_token")
        self._batch_size = tf1.size(tokens)
        self._initial_cell_state = tf.nest.map_structure(self._split, initial_state)
        self._start_inputs = self._embed(tf1.tile(tf1.expand_dims(tokens, 1), [1, beam_width]))

    @property
    def batch_size(self):
        return self._batch_size

    @property
    def tracks_own_finished(self):
        return True

    @property
    def output_size(self):
        return BeamSearchDecoderOutput(*[tf1.TensorShape([self._beam_width])] * 3)

    @property
    def output_dtype(self):
        return BeamSearchDecoderOutput(self._dtype(), tf1.int32, tf1.int32)

    def _dtype(self):
        return tf.nest.flatten(self._initial_cell_state)[0].dtype

    def initialize(self, name=None):
        # at first all beams are alike: only one of them counts
        first = tf1.one_hot(tf1.zeros([self._batch_size], tf1.int32), self._beam_width, dtype=self._dtype())
        first = tf1.equal(first, 1)
        log_probs = tf1.where(first, tf1.zeros_like(first, self._dtype()), -tf1.ones_like(first, self._dtype()) / 0.0)
        lengths = tf1.zeros([self._batch_size, self._beam_width], tf1.int64)
        state = BeamSearchDecoderState(self._initial_cell_state, log_probs, tf1.logical_not(first), lengths, ())
        return tf1.logical_not(first), self._start_inputs, state

    def step(self, time, inputs, state, name=None):
        with tf1.name_scope(name, "BeamSearchDecoderStep"):
            merged = tf.nest.map_structure(self._merge, (inputs, state.cell_state))
            outputs, cell_state = self._cell(*merged)
            outputs, cell_state = tf.nest.map_structure(self._split, (outputs, cell_state))
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            found, state = self._search(outputs, cell_state, state)
            inputs = tf1.cond(
                tf1.reduce_all(state.finished),
                lambda: self._start_inputs,
                lambda: self._embed(found.predicted_ids),
            )
        return found, state, inputs, state.finished

    def _search(self, logits, cell_state, state):
        """The best words upon the best beams: what they are, and the state of the beams that they go on from."""
        words = logits.shape.as_list()[-1] or tf1.shape(logits)[-1]
        width, number = self._beam_width, self._batch_size
        log_probs = self._mask(tf1.nn.log_softmax(logits), state.finished)
        total = tf1.expand_dims(state.log_probs, 2) + log_probs
        ends = tf1.one_hot(
            tf1.fill([number, width], self._end_token), words, tf1.zeros([], tf1.int64), 1, dtype=tf1.int64
        )
        longer = ends * tf1.expand_dims(tf1.cast(tf1.logical_not(state.finished), tf1.int64), 2)
        scores = total / self._length_penalty(longer + tf1.expand_dims(state.lengths, 2), total.dtype)
        best, where = tf1.nn.top_k(tf1.reshape(scores, [number, -1]), k=width)
        known = tf.get_static_value(number)
        best.set_shape([known, width])
        where.set_shape([known, width])
        ids, parents = tf1.mod(where, words), tf1.floordiv(where, words)
        finished = tf1.gather(state.finished, parents, batch_dims=1)
        lengths = tf1.gather(state.lengths, parents, batch_dims=1)
        following = BeamSearchDecoderState(
            cell_state=tf.nest.map_structure(lambda one: self._of_parents(one, parents), cell_state),
            log_probs=tf1.gather(tf1.reshape(total, [number, -1]), where, batch_dims=1),
            finished=tf1.logical_or(finished, tf1.equal(ids, self._end_token)),
            lengths=lengths + tf1.cast(tf1.logical_not(finished), tf1.int64),
            accumulated_attention_probs=(),
        )
        for name in ("log_probs", "finished", "lengths"):
            getattr(following, name).set_shape([known, width])
        return BeamSearchDecoderOutput(best, ids, parents), following

    def _mask(self, log_probs, finished):
        """A beam that is finished goes on with the end token alone, for free."""
        kind = log_probs.dtype
        free = tf1.one_hot(self._end_token, tf1.shape(log_probs)[2], tf1.zeros([], kind), kind.min, dtype=kind)
        free = tf1.zeros_like(log_probs) + free
        return tf1.where(tf1.broadcast_to(tf1.expand_dims(finished, 2), tf1.shape(log_probs)), free, log_probs)

    def _length_penalty(self, lengths, kind):
        weight = tf1.convert_to_tensor(self._penalty, name="penalty_factor")
        if tf.get_static_value(weight) == 0:
            return tf1.ones([], kind)
        return tf1.cast((5.0 + tf1.cast(lengths, tf1.float32)) ** weight / (5.0 + 1.0) ** weight, kind)

    def finalize(self, outputs, final_state, sequence_lengths):
        most = tf1.cast(tf1.reduce_max(final_state.lengths, axis=1), tf1.int32)
        ids = gather_tree(outputs.predicted_ids, outputs.parent_ids, most, self._end_token)
        if self._reorder:

            def sort(one):
                if not isinstance(one, tf1.TensorArray) or not self._sortable(one.element_shape):
                    return one
                return self._sorted_steps(one.stack(), outputs.parent_ids, final_state.lengths)

            final_state = final_state._replace(cell_state=tf.nest.map_structure(sort, final_state.cell_state))
        return FinalBeamSearchDecoderOutput(ids, outputs), final_state

    def _sortable(self, shape):
        """Whether the steps of an array are sorted: those of [batch, beam] and those of sizes that are not known."""
        number, width = tf.get_static_value(self._batch_size), self._beam_width
        first, second, *_ = [*(shape.as_list() if shape.rank else ()), None, None]
        if number is None or first is None:
            return bool(shape.rank)
        return first == number * width and (second is None or (first == number and second == width))

    def _sorted_steps(self, steps, parents, lengths):
        """What each step of an array of the state held, in the order of the final beams."""
        shape, width = tf1.shape(parents), self._beam_width
        own = tf1.zeros_like(parents) + tf1.range(width)
        most = tf1.cast(tf1.reduce_max(lengths, axis=1), tf1.int32)
        beams = gather_tree(own, parents, most, width + 1)
        inside = tf1.transpose(tf1.sequence_mask(lengths, shape[0]), [2, 0, 1])
        beams = tf1.where(inside, beams, own)
        flat = tf1.reshape(steps, tf1.stack([shape[0], shape[1], width, -1]))
        return tf1.reshape(tf1.gather(flat, beams, batch_dims=2), tf1.shape(steps))

    def _split(self, tensor):
        """[batch * beam, …] as [batch, beam, …]."""
        if isinstance(tensor, tf1.TensorArray) or tensor.shape.rank == 0:
            return tensor
        known, rest = tf.get_static_value(self._batch_size), tensor.shape[1:]
        sizes = tf1.concat([[self._batch_size, self._beam_width], tf1.shape(tensor)[1:]], 0)
        split = tf1.reshape(tensor, sizes)
        split.set_shape(tf1.TensorShape([known, self._beam_width]).concatenate(rest))
        return split

    def _merge(self, tensor):
        """[batch, beam, …] as [batch * beam, …]."""
        if isinstance(tensor, tf1.TensorArray) or tensor.shape.rank < 2:
            return tensor
        known, rest = tf.get_static_value(self._batch_size), tensor.shape[2:]
        merged = tf1.reshape(tensor, tf1.concat([[self._batch_size * self._beam_width], tf1.shape(tensor)[2:]], 0))
        merged.set_shape(tf1.TensorShape([known * self._beam_width if known else None]).concatenate(rest))
        return merged

    def _of_parents(self, tensor, parents):
        if isinstance(tensor, tf1.TensorArray) or tensor.shape.rank < 2:
            return tensor
        found = tf1.gather(tensor, parents, batch_dims=1)
        found.set_shape(tensor.shape)
        return found


def gather_tree(step_ids, parent_ids, max_sequence_lengths, end_token):
    """`tf.contrib.seq2seq.gather_tree`: whole beams from the ids of each step and where each went on from."""
    end_token = tf1.cast(end_token, step_ids.dtype)
    shape = tf1.shape(step_ids)
    own = tf1.zeros(shape[1:], tf1.int32) + tf1.range(shape[2])

    def back(carried, step):
        time, ids, parents = step
        inside = tf1.broadcast_to(tf1.expand_dims(time < max_sequence_lengths, 1), shape[1:])
        beam = carried[0]
        found = tf1.where(inside, tf1.gather(ids, beam, batch_dims=1), tf1.zeros_like(ids) + end_token)
        return tf1.where(inside, tf1.gather(parents, beam, batch_dims=1), beam), found

    start = (own, tf1.zeros(shape[1:], step_ids.dtype) + end_token)
    _, beams = tf1.scan(back, (tf1.range(shape[0]), step_ids, parent_ids), start, reverse=True, back_prop=False)
    ended = tf1.cumsum(tf1.cast(tf1.equal(beams, end_token), tf1.int32), 0, exclusive=True) > 0
    beams = tf1.where(ended, tf1.zeros_like(beams) + end_token, beams)
    beams.set_shape(step_ids.shape)
    return beams


def tile_batch(t, multiplier, name=None):
    """`tf.contrib.seq2seq.tile_batch`: each row of each tensor `multiplier` times."""

    def tile(tensor):
        tensor = tf1.convert_to_tensor(tensor, name="t")
        shape, known = tf1.shape(tensor), tensor.shape.as_list()[0]
        tiled = tf1.tile(tf1.expand_dims(tensor, 1), [1, multiplier] + [1] * (tensor.shape.rank - 1))
        tiled = tf1.reshape(tiled, tf1.concat([[shape[0] * multiplier], shape[1:]], 0))
        tiled.set_shape(tf1.TensorShape([known * multiplier if known else None]).concatenate(tensor.shape[1:]))
        return tiled

    with tf1.name_scope(name, "tile_batch"):
        return tf.nest.map_structure(tile, t)
