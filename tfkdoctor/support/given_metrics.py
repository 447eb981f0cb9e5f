"""What `model.metrics` was up to Keras 2.2.5: what compile() had been given, to compile once more with it.

tf.keras lists the objects that it has made of that, the mean of the loss among them, and takes none of them back.
"""


def given_metrics(model):  # type: ignore[no-untyped-def]
    """The metrics that a model was compiled with; None where there were none, or it was not compiled."""
    compiled = getattr(model, "_compile_metrics", None)
    return None if compiled is None else compiled._user_metrics
