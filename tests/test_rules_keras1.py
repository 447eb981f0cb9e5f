"""Programs of Keras 1 and what becomes of them, beside the examples of rules/keras1.toml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tfkdoctor.model import Settings
from tfkdoctor.run import migrate_paths

HEAD = "from keras.models import Sequential\nmodel = Sequential()\n"
NEW_HEAD = "from tensorflow.keras.models import Sequential\nmodel = Sequential()\n"


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    before: str
    after: str
    says: frozenset[str] = frozenset()
    source: str = "keras==1.2.2"


CASES = [
    Case(
        "positional arguments of layers",
        "from keras.layers import Dense, Convolution2D, LSTM, MaxPooling2D, Embedding, BatchNormalization\n"
        "Dense(64, 'uniform', 'relu')\nConvolution2D(32, 3, 3, 'one', 'relu', None, 'same', (2, 2), 'tf')\n"
        "MaxPooling2D((2, 2), (2, 2), 'same', 'tf')\nEmbedding(1000, 64, 'uniform', 10)\n"
        "LSTM(3, 'one', 'orthogonal', 'one', 'tanh', 'sigmoid')\nBatchNormalization(1e-6, 0, 1)\n",
        "from tensorflow.keras.layers import Dense, Convolution2D, LSTM, MaxPooling2D, Embedding, BatchNormalization\n"
        "Dense(64, kernel_initializer='uniform', activation='relu')\n"
        "Convolution2D(32, (3, 3), kernel_initializer='one', activation='relu', weights=None, padding='same', "
        "strides=(2, 2), data_format='channels_last')\n"
        "MaxPooling2D((2, 2), (2, 2), 'same', 'channels_last')\nEmbedding(1000, 64, 'uniform', input_length=10)\n"
        "LSTM(3, kernel_initializer='one', recurrent_initializer='one', activation='tanh', "
        "recurrent_activation='sigmoid')\nBatchNormalization(epsilon=1e-6, axis=1)\n",
    ),
    Case(
        "recurrent weights that were made as the kernel was, and what is random either way",
        "from keras.layers import LSTM, GRU, Highway, MaxoutDense\nGRU(3, inner_init='identity', U_regularizer='l2')\n"
        "LSTM(3, init='normal', inner_init='orthogonal', W_regularizer='l2')\nHighway(transform_bias=-1)\n"
        "MaxoutDense(output_dim=5, init='one', W_regularizer='l1', bias=False, input_dim=3)\n",
        "from tensorflow.keras.layers import LSTM, GRU\nfrom tf_legacy import Highway, MaxoutDense, hard_sigmoid\n"
        "GRU(3, recurrent_initializer='glorot_uniform', reset_after=False, recurrent_activation=hard_sigmoid)\n"
        "LSTM(3, kernel_initializer='normal', recurrent_initializer='orthogonal', kernel_regularizer='l2', "
        "recurrent_regularizer='l2', recurrent_activation=hard_sigmoid)\nHighway()\n"
        "MaxoutDense(units=5, kernel_initializer='one', kernel_regularizer='l1', use_bias=False, input_dim=3)\n",
    ),
    Case(
        "optimizers by name with the epsilon of their time",
        HEAD + "model.compile('adadelta', 'mse')\nmodel.compile('adamax', 'mse')\n",
        NEW_HEAD.replace("\nmodel", "\nfrom tensorflow import keras\nmodel")
        + "model.compile(keras.optimizers.Adadelta(learning_rate=1.0, epsilon=1e-08), 'mse')\n"
        "model.compile(keras.optimizers.Adamax(learning_rate=0.002, epsilon=1e-08), 'mse')\n",
    ),
    Case(
        "a batch size of the module, and a count that is a multiple of it",
        HEAD + "size = 8\ndef batches():\n    while True:\n        yield read(size * 2), read(batch_size)\n"
        "batch_size = 4\nmodel.fit_generator(batches(), samples_per_epoch=9 * batch_size, nb_epoch=2)\n",
        NEW_HEAD + "size = 8\ndef batches():\n    while True:\n        yield read(size * 2), read(batch_size)\n"
        "batch_size = 4\nmodel.fit(batches(), epochs=2, steps_per_epoch=9)\n",
    ),
    Case(
        "the batch size of an object that gives generators",
        HEAD + "from mine import Loader\nloader = Loader('x', minibatch_size=16)\n"
        "model.fit_generator(generator=loader.train(), samples_per_epoch=(a - b), nb_epoch=2,\n"
        "                    validation_data=loader.test(), nb_val_samples=b)\n",
        NEW_HEAD.replace("\nmodel", "\nfrom tf_legacy import endless_batches\nmodel")
        + "from mine import Loader\nloader = Loader('x', minibatch_size=16)\n"
        "model.fit(x=loader.train(), epochs=2,\n"
        "                    validation_data=endless_batches(loader.test()), steps_per_epoch=-(-(a - b) // 16), "
        "validation_steps=-(-b // 16))\n",
    ),
    Case(
        "a generator that gives slices of a length that is one of its arguments",
        HEAD + "def rows(x, n):\n    while True:\n        for i in range(0, len(x), n):\n"
        "            yield x[i:i + n], x[i:i + n]\n"
        "model.fit_generator(rows(x, options.many), samples_per_epoch=len(x), nb_epoch=2)\n",
        NEW_HEAD + "def rows(x, n):\n    while True:\n        for i in range(0, len(x), n):\n"
        "            yield x[i:i + n], x[i:i + n]\n"
        "model.fit(rows(x, options.many), epochs=2, steps_per_epoch=-(-len(x) // options.many))\n",
    ),
    Case(
        "support code is imported where it can be seen, not in a function that imports Keras for itself",
        "from __future__ import print_function\nimport argparse\ndef net():\n"
        "    from keras.models import Sequential\n    return Sequential()\n"
        "def main():\n    model = net()\n    model.save_weights('w.bin')\n",
        "from __future__ import print_function\nfrom tf_legacy import save_weights\nimport argparse\ndef net():\n"
        "    from tensorflow.keras.models import Sequential\n    return Sequential()\n"
        "def main():\n    model = net()\n    save_weights(model, 'w.bin')\n",
    ),
    Case(
        "a generator whose batch size does not show",
        HEAD + "from mine import batches\nmodel.fit_generator(batches(), samples_per_epoch=100, nb_epoch=2)\n",
        NEW_HEAD + "from mine import batches\nmodel.fit_generator(batches(), samples_per_epoch=100, nb_epoch=2)\n",
        frozenset(["TFK401"]),
    ),
    Case(
        "Keras 2 takes the samples of a plain generator as steps, and rounds down for a flow",
        HEAD + "from keras.preprocessing.image import ImageDataGenerator\n"
        "def batches():\n    while True:\n        yield read(4)\n"
        "model.fit_generator(batches(), samples_per_epoch=100, epochs=2)\n"
        "model.fit_generator(ImageDataGenerator().flow(x, y, batch_size=8), samples_per_epoch=100, epochs=2)\n",
        NEW_HEAD + "from tensorflow.keras.preprocessing.image import ImageDataGenerator\n"
        "def batches():\n    while True:\n        yield read(4)\n"
        "model.fit(batches(), epochs=2, steps_per_epoch=100)\n"
        "model.fit(ImageDataGenerator().flow(x, y, batch_size=8), epochs=2, steps_per_epoch=12)\n",
        source="keras==2.2.5",
    ),
    Case(
        "orderings that are compared on either side, chained, and kept",
        "from keras import backend as K\nif 'th' == K.image_dim_ordering():\n    axis = 1\n"
        "assert K.image_dim_ordering() in ('tf', 'th')\norder = K.image_dim_ordering()\n"
        "K.set_image_dim_ordering(order)\n",
        "from tensorflow.keras import backend as K\nif 'channels_first' == K.image_data_format():\n    axis = 1\n"
        "assert ('th' if K.image_data_format() == 'channels_first' else 'tf') in ('tf', 'th')\n"
        "order = ('th' if K.image_data_format() == 'channels_first' else 'tf')\n"
        "K.set_image_data_format({'tf': 'channels_last', 'th': 'channels_first'}[order])\n",
    ),
    Case(
        "the last weight list of a branch leaves `pass`, and a shared base class is read",
        "from keras import backend as K\nfrom keras.layers import Layer\n"
        "class Base(Layer):\n    def build(self, shape):\n        self.W = K.ones((3,), name='w')\n"
        "        if self.bias:\n            self._trainable_weights.append(self.W)\n"
        "class Sub(Base):\n    def build(self, shape):\n        self.trainable_weights = [self.W]\n"
        "        self.built = True\n",
        "from tensorflow.keras import backend as K\nfrom tensorflow.keras.layers import Layer\n"
        "class Base(Layer):\n    def build(self, shape):\n"
        "        self.W = self.add_weight(shape=(3,), initializer=\"ones\", name='w')\n"
        "        if self.bias:\n            pass\n"
        "class Sub(Base):\n    def build(self, shape):\n        self.built = True\n",
    ),
    Case(
        "what only looks like it stays",
        "import numpy as np\nfrom mine import merge, Merge, initializations\nmodel.add(Merge([a, b], mode='sum'))\n"
        "x = merge([a, b], mode='concat')\ninitializations.normal((2, 3), scale=0.1)\nother.get_output_shape_for(x)\n",
        "import numpy as np\nfrom mine import merge, Merge, initializations\nmodel.add(Merge([a, b], mode='sum'))\n"
        "x = merge([a, b], mode='concat')\ninitializations.normal((2, 3), scale=0.1)\nother.get_output_shape_for(x)\n",
    ),
    Case(
        "a merge whose mode is a variable",
        "from keras.layers import merge\ndef join(tensors, how):\n    return merge(tensors, mode=how, concat_axis=1)\n",
        "from tf_legacy import keras1_merge as merge\ndef join(tensors, how):\n"
        "    return merge(tensors, mode=how, concat_axis=1)\n",
    ),
    Case(
        "a factory of initializers",
        "import numpy as np\nfrom keras.layers import Dense\ndef constant(value):\n    def init(shape, name=None):\n"
        "        return np.full(shape, value)\n    return init\nDense(3, init=constant(2))\n",
        "import numpy as np\nfrom tensorflow.keras.layers import Dense\ndef constant(value):\n"
        "    def init(shape, name=None, dtype=None):\n        return np.full(shape, value)\n    return init\n"
        "Dense(3, kernel_initializer=constant(2))\n",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[c.name for c in CASES])
def test_a_program_of_keras_1(case: Case, tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(case.before, "utf-8")
    result = migrate_paths([tmp_path], Settings(jobs=1, source=(case.source,)), tmp_path).files[0]
    assert (result.text or case.before) == case.after
    assert case.says <= {f.code for f in result.findings}
    (tmp_path / "m.py").write_text(case.after, "utf-8")
    again = migrate_paths([tmp_path], Settings(jobs=1), tmp_path).files[0]
    assert again.text is None, "a second run changes nothing"
