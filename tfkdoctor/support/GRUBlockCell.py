# mypy: ignore-errors
"""`tf.contrib.rnn.GRUBlockCell` and `GRUBlockCellV2`, which were one operation each: a GRU with their variables."""

from tfkdoctor.support.GRUCell import GRUCell


class GRUBlockCellV2(GRUCell):
    """`tf.contrib.rnn.GRUBlockCellV2`: the variables of `tf.nn.rnn_cell.GRUCell`."""

    def __init__(self, num_units=None, cell_size=None, reuse=None, name="gru_cell"):
        if (num_units is None) == (cell_size is None):
            raise ValueError("give one of num_units and cell_size")
        super().__init__(num_units or cell_size, reuse=reuse, name=name)


class GRUBlockCell(GRUBlockCellV2):
    """`tf.contrib.rnn.GRUBlockCell`: variables `w_ru`, `b_ru`, `w_c` and `b_c`."""

    def add_weight(self, name, *arguments, **keywords):
        part, _, kind = name.partition("/")
        short = {"kernel": "w", "bias": "b"}[kind] + {"gates": "_ru", "candidate": "_c"}[part]
        return super().add_weight(short, *arguments, **keywords)
