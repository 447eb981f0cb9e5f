"""The layers of Keras 1 and 2 where their calls cannot be seen: kernels by two numbers, and gates with old defaults."""

import functools

_RECURRENT = ("LSTM", "GRU", "ConvLSTM2D", "LSTMCell", "GRUCell")
_UNUSED = ("kernel_initializer", "kernel_regularizer", "kernel_constraint")


@functools.cache
def old_layer(layer):  # type: ignore[no-untyped-def]
    """A class of tf.keras.layers that is called as in Keras 2; call the class itself where you write its arguments out.

    `Conv2D(8, 3, 3)` has a kernel of 3 x 3, and LSTM and GRU begin with hard_sigmoid and reset_after=False.
    SeparableConv2D takes kernel_initializer and its kind, and does not use them. A class gives the same each time, so
    that `is` and `==` go on to tell which one was handed on.
    """

    @functools.wraps(layer)
    def make(*args, **kwargs):  # type: ignore[no-untyped-def]
        if layer.__name__ in ("Conv2D", "SeparableConv2D") and len(args) >= 3 and all(isinstance(n, int) for n in args):
            args = (args[0], args[1:3], *args[3:])
        if layer.__name__ == "SeparableConv2D":
            kwargs = {name: value for name, value in kwargs.items() if name not in _UNUSED}
        if layer.__name__ in _RECURRENT:
            kwargs.setdefault("recurrent_activation", "hard_sigmoid")
        if layer.__name__ in ("GRU", "GRUCell"):
            kwargs.setdefault("reset_after", False)
        return layer(*args, **kwargs)

    return make
