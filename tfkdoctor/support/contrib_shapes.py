# mypy: ignore-errors
"""Sizes of a static shape, of `slim.utils`; `shape[-1]` would remove them."""


def contrib_last_dimension(shape, min_rank=1):
    """`slim.utils.last_dimension`: the size of the last dimension, which must be known."""
    return contrib_channel_dimension(shape, "channels_last", min_rank)


def contrib_channel_dimension(shape, data_format, min_rank=1):
    """`slim.utils.channel_dimension`: the number of channels, which must be known."""
    sizes = shape.as_list()
    size = sizes[1 if data_format == "channels_first" else -1] if len(sizes) >= min_rank else None
    if size is None:
        raise ValueError(f"{shape} has no known number of channels, or fewer than {min_rank} dimensions")
    return size
