"""Loading weights from a file of any name, as Keras 1 and 2 did.

Keras 3 tells the format of a file by the end of its name: `.h5` and `.hdf5` are the old one, `.weights.h5` its
own, and other names are refused. Here the content tells.
"""

import contextlib
import os
import shutil
import tempfile
import zipfile

import h5py


def load_weights(model, filepath, by_name=False, skip_mismatch=False):
    """Load weights; it is `model.load_weights(…)` for `.h5` and `.hdf5` in the old format.

    filepath: HDF5 as Keras 1 or 2 wrote it, weights alone or a whole model, or what Keras 3 writes.
    by_name: layers of the same name get weights, the others keep theirs.
    """
    filepath = os.fspath(filepath)
    with _under_ending(filepath, _ending_by_content(filepath)) as path:
        if by_name:
            model.load_weights(path, by_name=True, skip_mismatch=skip_mismatch)
        else:
            model.load_weights(path, skip_mismatch=skip_mismatch)


def _ending_by_content(filepath):
    if zipfile.is_zipfile(filepath):
        return ".keras"
    with h5py.File(filepath, "r") as file:
        old = "model_weights" in file or any(name.startswith("layer_names") for name in file.attrs)
    return ".h5" if old else ".weights.h5"


@contextlib.contextmanager
def _under_ending(filepath, ending):
    """The same file under a name that has this end."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "saved" + ending)
        try:
            os.symlink(os.path.abspath(filepath), path)
        except OSError:
            shutil.copyfile(filepath, path)
        yield path
