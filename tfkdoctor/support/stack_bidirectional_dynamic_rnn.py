# mypy: ignore-errors
"""Bidirectional layers one upon the other, of tf.contrib.rnn; tf.keras.layers.Bidirectional would remove them."""

import tensorflow.compat.v1 as tf1


def stack_bidirectional_dynamic_rnn(
    cells_fw,
    cells_bw,
    inputs,
    initial_states_fw=None,
    initial_states_bw=None,
    dtype=None,
    sequence_length=None,
    parallel_iterations=None,
    time_major=False,
    scope=None,
    swap_memory=False,
):
    """`tf.contrib.rnn.stack_bidirectional_dynamic_rnn`: outputs of the last layer, final states of all."""
    states = [], []
    with tf1.variable_scope(scope or "stack_bidirectional_rnn"):
        for number, (cell_fw, cell_bw) in enumerate(zip(cells_fw, cells_bw, strict=True)):
            with tf1.variable_scope(f"cell_{number}"):
                outputs, final = tf1.nn.bidirectional_dynamic_rnn(
                    cell_fw,
                    cell_bw,
                    inputs,
                    initial_state_fw=initial_states_fw and initial_states_fw[number],
                    initial_state_bw=initial_states_bw and initial_states_bw[number],
                    sequence_length=sequence_length,
                    parallel_iterations=parallel_iterations,
                    dtype=dtype,
                    swap_memory=swap_memory,
                    time_major=time_major,
                )
                inputs = tf1.concat(outputs, 2)
            for known, state in zip(states, final, strict=True):
                known.append(state)
    return inputs, tuple(states[0]), tuple(states[1])


def stack_bidirectional_rnn(
    cells_fw,
    cells_bw,
    inputs,
    initial_states_fw=None,
    initial_states_bw=None,
    dtype=None,
    sequence_length=None,
    scope=None,
):
    """`tf.contrib.rnn.stack_bidirectional_rnn`: the same over a list of steps."""
    states = [], []
    with tf1.variable_scope(scope or "stack_bidirectional_rnn"):
        for number, (cell_fw, cell_bw) in enumerate(zip(cells_fw, cells_bw, strict=True)):
            with tf1.variable_scope(f"cell_{number}") as cell_scope:
                inputs, *final = tf1.nn.static_bidirectional_rnn(
                    cell_fw,
                    cell_bw,
                    inputs,
                    initial_state_fw=initial_states_fw and initial_states_fw[number],
                    initial_state_bw=initial_states_bw and initial_states_bw[number],
                    sequence_length=sequence_length,
                    dtype=dtype,
                    scope=cell_scope,
                )
            for known, state in zip(states, final, strict=True):
                known.append(state)
    return inputs, tuple(states[0]), tuple(states[1])
