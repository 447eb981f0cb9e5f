"""What the optimizers here have in common: a state for each variable, and gradients of equal indices summed first."""

import tensorflow as tf


class _Slots(tf.keras.optimizers.Optimizer):  # type: ignore[misc]
    slot_names: tuple[str, ...] = ("accumulator",)

    def build(self, variables):  # type: ignore[no-untyped-def]
        if self.built:
            return
        super().build(variables)
        self._slots = [[self.add_variable_from_reference(v, name) for name in self.slot_names] for v in variables]

    def update_step(self, gradient, variable, learning_rate):  # type: ignore[no-untyped-def]
        slots = self._slots[self._get_variable_index(variable)]
        gradient = tf.cast(tf.convert_to_tensor(gradient), variable.dtype)
        direction = self.direction(gradient, *slots)  # type: ignore[no-untyped-call]
        self.assign_sub(variable, tf.cast(learning_rate, variable.dtype) * direction)

    def direction(self, gradient, *slots):  # type: ignore[no-untyped-def]
        """What is subtracted, times the learning rate; brings the slots up to date."""
        raise NotImplementedError
