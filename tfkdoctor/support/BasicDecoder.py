# mypy: ignore-errors
"""`tf.contrib.seq2seq.BasicDecoder` and its helpers. contrib went with TensorFlow 2."""

import collections

import tensorflow as tf
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.dynamic_decode import Decoder, _projected_size, _swapped_batch_and_time


class BasicDecoderOutput(collections.namedtuple("BasicDecoderOutput", ["rnn_output", "sample_id"])):
    """`tf.contrib.seq2seq.BasicDecoderOutput`."""


class BasicDecoder(Decoder):
    """`tf.contrib.seq2seq.BasicDecoder`: a cell, fed by what its helper makes of its outputs."""

    def __init__(self, cell, helper, initial_state, output_layer=None):
        self._cell, self._helper = cell, helper
        self._initial_state, self._output_layer = initial_state, output_layer

    @property
    def batch_size(self):
        return self._helper.batch_size

    @property
    def output_size(self):
        return BasicDecoderOutput(_projected_size(self._cell, self._output_layer), self._helper.sample_ids_shape)

    @property
    def output_dtype(self):
        dtype = tf.nest.flatten(self._initial_state)[0].dtype
        sizes = _projected_size(self._cell, self._output_layer)
        return BasicDecoderOutput(tf.nest.map_structure(lambda _: dtype, sizes), self._helper.sample_ids_dtype)

    def initialize(self, name=None):
        return (*self._helper.initialize(), self._initial_state)

    def step(self, time, inputs, state, name=None):
        with tf1.name_scope(name, "BasicDecoderStep"):
            outputs, state = self._cell(inputs, state)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            ids = self._helper.sample(time=time, outputs=outputs, state=state)
            finished, inputs, state = self._helper.next_inputs(time=time, outputs=outputs, state=state, sample_ids=ids)
        return BasicDecoderOutput(outputs, ids), state, inputs, finished


class Helper:
    """`tf.contrib.seq2seq.Helper`: says what a decoder is fed at the next step."""

    @property
    def batch_size(self):
        raise NotImplementedError

    @property
    def sample_ids_shape(self):
        return tf1.TensorShape([])

    @property
    def sample_ids_dtype(self):
        return tf1.int32

    def initialize(self, name=None):
        raise NotImplementedError

    def sample(self, time, outputs, state, name=None):
        raise NotImplementedError

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        raise NotImplementedError


class TrainingHelper(Helper):
    """`tf.contrib.seq2seq.TrainingHelper`: the inputs that are given, step after step."""

    def __init__(self, inputs, sequence_length, time_major=False, name=None):
        with tf1.name_scope(name, "TrainingHelper"):
            self.inputs = tf.nest.map_structure(tf1.convert_to_tensor, inputs)
            steps = self.inputs if time_major else tf.nest.map_structure(_swapped_batch_and_time, self.inputs)
            self._arrays = tf.nest.map_structure(_step_array, steps)
            self.sequence_length = tf1.convert_to_tensor(sequence_length, name="sequence_length")
            self._zeros = tf.nest.map_structure(lambda one: tf1.zeros_like(one[0, :]), steps)
            self._batch_size = tf1.size(sequence_length)

    @property
    def batch_size(self):
        return self._batch_size

    def initialize(self, name=None):
        return self._at(tf1.constant(0))

    def sample(self, time, outputs, name=None, **_):
        return tf1.cast(tf1.argmax(outputs, axis=-1), tf1.int32)

    def next_inputs(self, time, outputs, state, name=None, **_):
        return (*self._at(time + 1), state)

    def _at(self, time):
        finished = time >= self.sequence_length
        read = tf1.cond(
            tf1.reduce_all(finished),
            lambda: self._zeros,
            lambda: tf.nest.map_structure(lambda array: array.read(time), self._arrays),
        )
        return finished, read


class GreedyEmbeddingHelper(Helper):
    """`tf.contrib.seq2seq.GreedyEmbeddingHelper`: the embedding of the likeliest output."""

    def __init__(self, embedding, start_tokens, end_token):
        self._embed = _embedding_function(embedding)
        self._start_tokens = tf1.convert_to_tensor(start_tokens, tf1.int32, name="start_tokens")
        self._end_token = tf1.convert_to_tensor(end_token, tf1.int32, name="end_token")
        self._batch_size = tf1.size(start_tokens)
        self._start_inputs = self._embed(self._start_tokens)

    @property
    def batch_size(self):
        return self._batch_size

    def initialize(self, name=None):
        return tf1.tile([False], [self._batch_size]), self._start_inputs

    def sample(self, time, outputs, state, name=None):
        return tf1.argmax(outputs, axis=-1, output_type=tf1.int32)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        finished = tf1.equal(sample_ids, self._end_token)
        inputs = tf1.cond(tf1.reduce_all(finished), lambda: self._start_inputs, lambda: self._embed(sample_ids))
        return finished, inputs, state


class SampleEmbeddingHelper(GreedyEmbeddingHelper):
    """`tf.contrib.seq2seq.SampleEmbeddingHelper`: the embedding of an output that is drawn."""

    def __init__(self, embedding, start_tokens, end_token, softmax_temperature=None, seed=None):
        super().__init__(embedding, start_tokens, end_token)
        self._temperature, self._seed = softmax_temperature, seed

    def sample(self, time, outputs, state, name=None):
        return _drawn_ids(outputs if self._temperature is None else outputs / self._temperature, self._seed)


class ScheduledEmbeddingTrainingHelper(TrainingHelper):
    """`tf.contrib.seq2seq.ScheduledEmbeddingTrainingHelper`: now and then the embedding of an output that is drawn."""

    def __init__(
        self,
        inputs,
        sequence_length,
        embedding,
        sampling_probability,
        time_major=False,
        seed=None,
        scheduling_seed=None,
        name=None,
    ):
        self._embed = _embedding_function(embedding)
        self._probability = tf1.convert_to_tensor(sampling_probability, name="sampling_probability")
        self._seed, self._scheduling_seed = seed, scheduling_seed
        super().__init__(inputs, sequence_length, time_major, name)

    def sample(self, time, outputs, state, name=None):
        number = tf1.reshape(self.batch_size, [1])
        uniform = tf1.random_uniform(number, seed=self._scheduling_seed, dtype=self._probability.dtype)
        chosen = tf1.less(uniform, self._probability)
        return tf1.where(chosen, _drawn_ids(outputs, self._seed), tf1.fill(number, -1))

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        finished, inputs, state = super().next_inputs(time, outputs, state)

        def mixed():
            own = self._embed(tf1.maximum(sample_ids, 0))
            return tf1.where(sample_ids > -1, own, inputs)

        return finished, tf1.cond(tf1.reduce_all(finished), lambda: inputs, mixed), state


class InferenceHelper(Helper):
    """`tf.contrib.seq2seq.InferenceHelper`: samples and inputs by functions."""

    def __init__(self, sample_fn, sample_shape, sample_dtype, start_inputs, end_fn, next_inputs_fn=None):
        self._sample_fn, self._end_fn, self._next_inputs_fn = sample_fn, end_fn, next_inputs_fn
        self._shape, self._dtype = tf1.TensorShape(sample_shape), sample_dtype
        self._start_inputs = tf1.convert_to_tensor(start_inputs, name="start_inputs")
        self._batch_size = tf1.shape(self._start_inputs)[0]

    @property
    def batch_size(self):
        return self._batch_size

    @property
    def sample_ids_shape(self):
        return self._shape

    @property
    def sample_ids_dtype(self):
        return self._dtype

    def initialize(self, name=None):
        return tf1.tile([False], [self._batch_size]), self._start_inputs

    def sample(self, time, outputs, state, name=None):
        return self._sample_fn(outputs)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        inputs = sample_ids if self._next_inputs_fn is None else self._next_inputs_fn(sample_ids)
        return self._end_fn(sample_ids), inputs, state


class CustomHelper(Helper):
    """`tf.contrib.seq2seq.CustomHelper`: all by functions."""

    def __init__(self, initialize_fn, sample_fn, next_inputs_fn, sample_ids_shape=None, sample_ids_dtype=None):
        self._initialize_fn, self._sample_fn, self._next_inputs_fn = initialize_fn, sample_fn, next_inputs_fn
        self._shape, self._dtype = tf1.TensorShape(sample_ids_shape or []), sample_ids_dtype or tf1.int32
        self._batch_size = None

    @property
    def batch_size(self):
        if self._batch_size is None:
            raise ValueError("batch_size accessed before initialize was called")
        return self._batch_size

    @property
    def sample_ids_shape(self):
        return self._shape

    @property
    def sample_ids_dtype(self):
        return self._dtype

    def initialize(self, name=None):
        finished, inputs = self._initialize_fn()
        if self._batch_size is None:
            self._batch_size = tf1.size(finished)
        return finished, inputs

    def sample(self, time, outputs, state, name=None):
        return self._sample_fn(time=time, outputs=outputs, state=state)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        return self._next_inputs_fn(time=time, outputs=outputs, state=state, sample_ids=sample_ids)


def _step_array(steps):
    return tf1.TensorArray(steps.dtype, size=tf1.shape(steps)[0], element_shape=steps.shape[1:]).unstack(steps)


def _embedding_function(embedding):
    return embedding if callable(embedding) else lambda ids: tf1.nn.embedding_lookup(embedding, ids)


def _drawn_ids(logits, seed):
    drawn = tf1.multinomial(logits, 1, seed=seed, output_dtype=tf1.int32)
    return tf1.reshape(drawn, tf1.shape(logits)[:-1])
