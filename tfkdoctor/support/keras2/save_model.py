"""Saving a whole model as HDF5 under any name of a file, as Keras 1 and 2 did.

tf.keras writes a folder (a SavedModel) under names that do not end in `.h5` or `.hdf5`.
"""


def save_model(model, filepath, overwrite=True, include_optimizer=True):  # type: ignore[no-untyped-def]
    """Write a model; it is `model.save(…)` where the name ends in `.h5` or `.hdf5`."""
    model.save(filepath, overwrite=overwrite, include_optimizer=include_optimizer, save_format="h5")
