"""What Keras 2's own convolutions asked of their arguments, in `keras.utils.conv_utils`; Keras 3 keeps it to itself."""

import tensorflow as tf


def conv_output_length(input_length, filter_size, padding, stride, dilation=1):  # type: ignore[no-untyped-def]
    """How many places a kernel has along one dimension; None where the length is not known."""
    if input_length is None:
        return None
    reach = (filter_size - 1) * dilation
    longer = {"same": 0, "causal": 0, "valid": -reach, "full": reach}[padding]
    return (input_length + longer + stride - 1) // stride


def conv_input_length(output_length, filter_size, padding, stride):  # type: ignore[no-untyped-def]
    """The length that gives so many places."""
    if output_length is None:
        return None
    pad = {"same": filter_size // 2, "valid": 0, "full": filter_size - 1}[padding]
    return (output_length - 1) * stride - 2 * pad + filter_size


def deconv_length(dim_size, stride_size, kernel_size, padding, output_padding=None, dilation=1):  # type: ignore[no-untyped-def]
    """The length of a transposed convolution's output along one dimension."""
    if dim_size is None:
        return None
    kernel_size = (kernel_size - 1) * dilation + 1
    if output_padding is not None:
        pad = {"same": kernel_size // 2, "valid": 0, "full": kernel_size - 1}[padding]
        return (dim_size - 1) * stride_size + kernel_size - 2 * pad + output_padding
    longer = {"same": 0, "valid": max(kernel_size - stride_size, 0), "full": 2 - stride_size - kernel_size}[padding]
    return dim_size * stride_size + longer


def normalize_tuple(value, n, name):  # type: ignore[no-untyped-def]
    """A tuple of n integers from one of them, or from such a list."""
    values = (value,) * n if isinstance(value, int) else tuple(value)
    if len(values) != n or any(int(one) != one for one in values):
        raise ValueError(f"The `{name}` argument must be a tuple of {n} integers. Received: {value}")
    return values


def normalize_padding(value):  # type: ignore[no-untyped-def]
    """'valid', 'same' or 'causal' in small letters."""
    if value.lower() not in ("valid", "same", "causal"):
        raise ValueError(f'The `padding` argument must be one of "valid", "same", "causal". Received: {value}')
    return value.lower()


def normalize_data_format(value):  # type: ignore[no-untyped-def]
    """'channels_first' or 'channels_last'; for None the one that Keras is set to."""
    value = tf.keras.backend.image_data_format() if value is None else value.lower()
    if value not in ("channels_first", "channels_last"):
        raise ValueError(f'The `data_format` argument must be "channels_first" or "channels_last". Received: {value}')
    return value
