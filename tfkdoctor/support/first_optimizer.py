# mypy: ignore-errors
"""What the optimizers of `tf.train` in TensorFlow 1 have in common; they are pieces of their own. Where a loop takes
steps with `apply_gradients` alone, and slots begin at zero, an optimizer of tf.keras does the same."""

import tensorflow as tf


class _FirstOptimizer(tf.Module):
    """Steps by the kernels of TensorFlow, on its variables and those of Keras; saved by tf.train.Checkpoint."""

    def __init__(self, learning_rate, name, **slots):
        super().__init__(name=name)
        self._rate = learning_rate
        object.__setattr__(self, "_begin", slots)  # slot -> what it is filled with
        object.__setattr__(self, "_slots", {})  # of a variable, by name

    def minimize(self, loss, global_step=None, var_list=None, *, grad_loss=None, **_):
        """One step down a loss, which is a function."""
        pairs = self.compute_gradients(loss, var_list, grad_loss=grad_loss)
        return self.apply_gradients(pairs, global_step)

    def compute_gradients(self, loss, var_list=None, *, grad_loss=None, **_):
        """(gradient, variable) of a function, for the variables that it reads or for these."""
        with tf.GradientTape() as tape:
            if var_list is not None:
                tape.watch([_own_variable(v) for v in var_list])
            value = loss()
        variables = tape.watched_variables() if var_list is None else list(var_list)
        own = [_own_variable(v) for v in variables]
        return list(zip(tape.gradient(value, own, grad_loss), variables, strict=True))

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """One step; `global_step` is counted up behind it."""
        pairs = [(g, _own_variable(v)) for g, v in grads_and_vars]
        given = [(g, v) for g, v in pairs if g is not None]
        if not given:
            raise ValueError("No gradients provided for any variable.")
        with tf.init_scope():
            for _, v in given:
                self._make_slots(v)
        rate = self._rate() if callable(self._rate) else self._rate
        for g, v in given:
            lr = tf.cast(rate, v.dtype)
            if isinstance(g, tf.IndexedSlices):
                indices, at = tf.unique(g.indices)
                values = tf.math.unsorted_segment_sum(g.values, at, tf.size(indices))
                self._sparse(v, tf.cast(values, v.dtype), indices, lr)
            else:
                self._dense(v, tf.cast(g, v.dtype), lr)
        self._finish()
        return None if global_step is None else _own_variable(global_step).assign_add(1)

    def get_slot_names(self):
        return sorted(self._begin)

    def get_slot(self, var, name):
        return self._slots.get((_own_variable(var).ref(), name))

    def get_name(self):
        return self.name

    def _make_slots(self, v):
        for name, value in self._begin.items():
            if (v.ref(), name) not in self._slots:
                self._slots[v.ref(), name] = tf.Variable(tf.ones_like(v) * tf.cast(value, v.dtype), trainable=False)
        return self

    def _create_or_restore_slot_variable(self, slot_variable_position, slot_name, variable):
        """Called by tf.train.Checkpoint, which keeps slots by their variable."""
        with tf.init_scope():
            self._make_slots(_own_variable(variable))
        slot_variable_position.restore(self.get_slot(variable, slot_name))

    def _handles(self, v, *names):
        return {name: self.get_slot(v, name).handle for name in names}

    def _finish(self):
        """What is counted once a step."""


def _own_variable(v):
    """The variable of TensorFlow: that of Keras holds one."""
    return v if isinstance(v, tf.Variable) else v.value
