# mypy: ignore-errors
"""`tf.contrib.legacy_seq2seq.model_with_buckets`: one model over several lengths, its variables shared."""

import tensorflow.compat.v1 as tf1

from tfkdoctor.support.sequence_loss_by_example import legacy_sequence_loss, sequence_loss_by_example


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
    """The outputs and the loss of each bucket, a pair of numbers of steps."""
    for given, side in ((encoder_inputs, 0), (targets, 1), (weights, 1)):
        if len(given) < buckets[-1][side]:
            raise ValueError(f"{len(given)} steps are fewer than the {buckets[-1][side]} of the last bucket.")
    loss = sequence_loss_by_example if per_example_loss else legacy_sequence_loss
    outputs, losses = [], []
    with tf1.name_scope(name, "model_with_buckets", [*encoder_inputs, *decoder_inputs, *targets, *weights]):
        for number, (before, after) in enumerate(buckets):
            with tf1.variable_scope(tf1.get_variable_scope(), reuse=True if number > 0 else None):
                outputs.append(seq2seq(encoder_inputs[:before], decoder_inputs[:after])[0])
                losses.append(
                    loss(
                        outputs[-1],
                        targets[:after],
                        weights[:after],
                        softmax_loss_function=softmax_loss_function,
                    )
                )
    return outputs, losses
