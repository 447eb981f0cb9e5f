"""The losses of each output in the logs, as Keras 1 and 2 averaged them: every sample counts once.

Keras 3 averages them over the batches, so that a smaller last batch counts as much as the others; the total loss it
averages over samples.
"""

import functools

import tensorflow as tf


def output_losses(model):  # type: ignore[no-untyped-def]
    """The same model, whose `<output>_loss` are means over samples: output_losses(m).compile(…).

    Without it they differ where the number of samples is no multiple of the batch size; the total loss does not.
    """
    compile_model = model.compile

    @functools.wraps(compile_model)
    def compile_and_weigh(*args, **kwargs):  # type: ignore[no-untyped-def]
        compile_model(*args, **kwargs)
        _weigh(model._compile_loss)  # type: ignore[no-untyped-call]

    model.compile = compile_and_weigh
    return model


def _weigh(losses):  # type: ignore[no-untyped-def]
    call, build = losses.call, losses.build
    samples: list[object] = []

    def call_with_samples(y_true, y_pred, sample_weight=None):  # type: ignore[no-untyped-def]
        samples[:] = [tf.shape(tf.nest.flatten(y_pred)[0])[0]]
        return call(y_true, y_pred, sample_weight)

    def build_and_weigh(*args, **kwargs):  # type: ignore[no-untyped-def]
        build(*args, **kwargs)
        for metric in losses.metrics:
            metric.update_state = _by_samples(metric.update_state, samples)  # type: ignore[no-untyped-call]

    losses.call, losses.build = call_with_samples, build_and_weigh


def _by_samples(update_state, samples):  # type: ignore[no-untyped-def]
    return lambda value, sample_weight=None: update_state(value, sample_weight=samples[0])
