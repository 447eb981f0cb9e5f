"""Saving weights as Keras 1 and 2 did: as HDF5, under any name of a file.

tf.keras writes a checkpoint of TensorFlow under names that do not end in `.h5` or `.hdf5`.
"""


def save_weights(model, filepath, overwrite=True):  # type: ignore[no-untyped-def]
    """Write all weights of a model; it is `model.save_weights(…)` where the name ends in `.h5` or `.hdf5`."""
    model.save_weights(filepath, overwrite=overwrite, save_format="h5")
