"""The base class of recurrent layers in Keras 1 and 2, which knows `step`, `get_constants` and `preprocess_input`.

tf.keras has RNN, which takes a cell with `call(inputs, states)` and no constants.
"""

import inspect

import numpy as np
import tensorflow as tf


class Recurrent(tf.keras.layers.Layer):  # type: ignore[misc]
    """A layer whose `step(inputs, states)` runs over time; tf.keras.layers.RNN with a cell of your own today."""

    def __init__(  # type: ignore[no-untyped-def]
        self,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        implementation=0,
        **kwargs,
    ):
        if "input_dim" in kwargs:
            kwargs["input_shape"] = (kwargs.pop("input_length", None), kwargs.pop("input_dim"))
        kwargs.pop("consume_less", None)
        super().__init__(**kwargs)
        self.return_sequences, self.return_state = return_sequences, return_state
        self.go_backwards, self.stateful, self.unroll = go_backwards, stateful, unroll
        self.implementation, self.supports_masking = implementation, True
        self.input_spec = [tf.keras.layers.InputSpec(ndim=3)]
        self.state_spec, self.dropout, self.recurrent_dropout = None, 0, 0

    def step(self, inputs, states):  # type: ignore[no-untyped-def]
        raise NotImplementedError

    def get_constants(self, inputs, training=None):  # type: ignore[no-untyped-def]
        return []

    def preprocess_input(self, inputs, training=None):  # type: ignore[no-untyped-def]
        return inputs

    def get_initial_states(self, inputs):  # type: ignore[no-untyped-def]
        state = tf.expand_dims(tf.reduce_sum(tf.zeros_like(inputs), axis=[1, 2]), -1)
        return [tf.tile(state, [1, self._width()]) for _ in self.states]  # type: ignore[no-untyped-call]

    def get_initial_state(self, inputs):  # type: ignore[no-untyped-def]
        return self.get_initial_states(inputs)  # type: ignore[no-untyped-call]

    def _width(self):  # type: ignore[no-untyped-def]
        return self.units if hasattr(self, "units") else self.output_dim

    def compute_output_shape(self, input_shape):  # type: ignore[no-untyped-def]
        if isinstance(input_shape, list):
            input_shape = input_shape[0]
        shape = (input_shape[0], self._width())  # type: ignore[no-untyped-call]
        output = (shape[0], input_shape[1], shape[1]) if self.return_sequences else shape
        return [output, *(shape for _ in self.states)] if self.return_state else output

    def compute_mask(self, inputs, mask=None):  # type: ignore[no-untyped-def]
        mask = mask[0] if isinstance(mask, list) else mask
        output = mask if self.return_sequences else None
        return [output, *(None for _ in self.states)] if self.return_state else output

    def __call__(self, inputs, initial_state=None, **kwargs):  # type: ignore[no-untyped-def]
        if initial_state is None and not isinstance(inputs, list | tuple):
            return super().__call__(inputs, **kwargs)
        states = [] if initial_state is None else initial_state
        spec, self.input_spec = self.input_spec, None  # type: ignore[assignment]
        given = inputs if isinstance(inputs, list | tuple) else [inputs]
        output = super().__call__([*given, *(states if isinstance(states, list | tuple) else [states])], **kwargs)
        self.input_spec = spec
        return output

    def call(self, inputs, mask=None, training=None, initial_state=None):  # type: ignore[no-untyped-def]
        if isinstance(inputs, list | tuple) and len(inputs) > 1:
            initial_state, inputs = list(inputs[1:]), inputs[0]
        elif initial_state is None:
            inputs = inputs[0] if isinstance(inputs, list | tuple) else inputs
            initial_state = self.states if self.stateful else self.get_initial_state(inputs)  # type: ignore[no-untyped-call]
        if len(initial_state) != len(self.states):
            raise ValueError(f"Layer has {len(self.states)} states but was passed {len(initial_state)} initial states.")
        last, outputs, states = tf.keras.backend.rnn(
            self.step,
            _with_training(self.preprocess_input, inputs, training),  # type: ignore[no-untyped-call]
            initial_state,
            go_backwards=self.go_backwards,
            mask=mask[0] if isinstance(mask, list) else mask,
            constants=_with_training(self.get_constants, inputs, training),  # type: ignore[no-untyped-call]
            unroll=self.unroll,
            input_length=inputs.shape[1],
        )
        if self.stateful:
            for state, new in zip(self.states, states, strict=True):
                state.assign(new)
        output = outputs if self.return_sequences else last
        return [output, *states] if self.return_state else output

    def reset_states(self, states=None):  # type: ignore[no-untyped-def]
        spec = self.input_spec[0] if isinstance(self.input_spec, list | tuple) else self.input_spec
        if not self.stateful or not spec.shape or not spec.shape[0]:
            raise ValueError("Only a stateful layer that knows the size of its batches has states to reset.")
        shape = (spec.shape[0], self._width())  # type: ignore[no-untyped-call]
        if self.states[0] is None:  # type: ignore[has-type]
            self.states = [tf.keras.backend.zeros(shape) for _ in self.states]  # type: ignore[has-type]
            return
        values = [np.zeros(shape) for _ in self.states] if states is None else states
        for state, value in zip(self.states, values if isinstance(values, list) else [values], strict=True):
            state.assign(value)

    def get_config(self):  # type: ignore[no-untyped-def]
        names = ("return_sequences", "return_state", "go_backwards", "stateful", "unroll", "implementation")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def _with_training(method, inputs, training):  # type: ignore[no-untyped-def]
    """What a method makes of the inputs; it is told of training if it asks."""
    asks = "training" in inspect.signature(method).parameters
    return method(inputs, training=training) if asks else method(inputs)
