# mypy: ignore-errors
"""What the cells of `tf.nn.rnn_cell` and `tf.contrib.rnn` stood on (gone with Keras 3): one step of a recurrent network
on graph variables, for tf.compat.v1.nn.dynamic_rnn and its kind. Cells and layers of tf.keras would remove it.
"""

import tensorflow as tf
import tensorflow.compat.v1 as tf1

from tfkdoctor.support.graph_layer import GraphLayer


class RNNCell(GraphLayer):
    """`tf.nn.rnn_cell.RNNCell`, the base of cells that make their variables in `call`."""

    def __call__(self, inputs, state, scope=None):
        if scope is not None:
            with tf1.variable_scope(scope, custom_getter=self._remember) as scope:
                return super().__call__(inputs, state, scope=scope)
        if getattr(self, "_around", None) is None:
            self._around = tf1.variable_scope(tf1.get_variable_scope(), custom_getter=self._remember)
        with self._around:
            return super().__call__(inputs, state)

    def _remember(self, getter, *arguments, **keywords):
        variable = getter(*arguments, **keywords)
        self._track(variable)
        return variable

    @property
    def state_size(self):
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self):
        raise NotImplementedError("Abstract method")

    def build(self, _):
        pass

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        if inputs is not None:
            inputs = tf1.convert_to_tensor(inputs)
            batch_size, dtype = inputs.shape.as_list()[0] or tf1.shape(inputs)[0], inputs.dtype
        return self.zero_state(batch_size, dtype)

    def zero_state(self, batch_size, dtype):
        def zeros(size):
            sizes = tf1.TensorShape(size).as_list()
            if not tf.is_tensor(batch_size):
                return tf1.zeros([int(batch_size), *sizes], dtype)
            state = tf1.zeros(tf1.concat([tf1.reshape(batch_size, [-1]), sizes], 0), dtype)
            state.set_shape([tf.get_static_value(batch_size), *sizes])
            return state

        with tf1.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return tf.nest.map_structure(zeros, self.state_size)


class LayerRNNCell(RNNCell):
    """`tf.contrib.rnn.LayerRNNCell`, the base of cells that make their variables in `build`."""

    def __call__(self, inputs, state, scope=None, *arguments, **keywords):
        return GraphLayer.__call__(self, inputs, state, *arguments, scope=scope, **keywords)


class _CellWrapper(RNNCell):
    """A cell around another: what it asks for and holds is the other's."""

    def __init__(self, cell, dtype=None, **keywords):
        super().__init__(dtype=dtype, **keywords)
        self.cell = cell

    def __call__(self, inputs, state, scope=None):
        return self._wrapped(inputs, state, scope=scope)

    @property
    def wrapped_cell(self):
        return self.cell

    @property
    def state_size(self):
        return self.cell.state_size

    @property
    def output_size(self):
        return self.cell.output_size

    def zero_state(self, batch_size, dtype):
        with tf1.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return self.cell.zero_state(batch_size, dtype)
