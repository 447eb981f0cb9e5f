"""Names of checkpoints as Keras 1 gave them: `{epoch}` is 0 for the first epoch, today 1."""


def epochs_from_zero(checkpoint):  # type: ignore[no-untyped-def]
    """The callback, told numbers of epochs that are less by one; without it, files are numbered from 1."""
    told = checkpoint.on_epoch_end
    checkpoint.on_epoch_end = lambda epoch, logs=None: told(epoch - 1, logs)
    return checkpoint
