"""Saving a whole model as HDF5 under any name of a file, as Keras 1 and 2 did.

Keras 3 writes HDF5 only under names that end in `.h5` or `.hdf5`, and refuses all others but `.keras`.
"""

import os
import shutil
import tempfile


def save_model(model, filepath, overwrite=True, include_optimizer=True):
    """Write a model; it is `model.save(…)` where the name ends in `.h5`, `.hdf5` or `.keras`."""
    filepath = os.fspath(filepath)
    if filepath.endswith((".h5", ".hdf5", ".keras")):
        model.save(filepath, overwrite=overwrite, include_optimizer=include_optimizer)
        return
    if not overwrite and os.path.exists(filepath):
        answer = input(f"[WARNING] {filepath} already exists - overwrite? [y/n]")
        if answer.strip().lower() != "y":
            return
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.h5")
        model.save(path, include_optimizer=include_optimizer)
        shutil.copyfile(path, filepath)
