"""HDF5Matrix of Keras 1 and 2: a data set of an HDF5 file as the input of a model."""

import h5py


def HDF5Matrix(datapath, dataset, start=0, end=None, normalizer=None):
    """The rows `start:end` of a data set, as an array in memory, normalized as a whole.

    Keras read them batch by batch, and normalized each batch; for rows that do not fit into memory, write a
    tf.keras.utils.PyDataset that reads from the file.
    """
    with h5py.File(datapath, "r") as file:
        rows = file[dataset][start:end]
    return rows if normalizer is None else normalizer(rows)
