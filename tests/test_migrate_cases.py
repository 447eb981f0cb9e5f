"""Small programs that once broke a migration: what goes in, and what must come out.

`after` holds the whole text of each named file after the run (a file that must stay is named with its old text); `says`
holds codes that must be among the findings of a file, `silent` codes that must not be, `again` codes that a second run
over the written result must still say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tfkdoctor.model import Settings
from tfkdoctor.run import migrate_paths


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    before: Mapping[str, str]
    after: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[str, frozenset[str]] = field(default_factory=dict)
    silent: Mapping[str, frozenset[str]] = field(default_factory=dict)
    again: Mapping[str, frozenset[str]] = field(default_factory=dict)
    target: str | None = None


KERAS1 = "keras==1.2.2\n"


def says(*codes: str) -> dict[str, frozenset[str]]:
    return {"m.py": frozenset(codes)}


CASES = [
    Case(
        "weights= of a layer of the project's own",
        {
            "m.py": "from keras.layers import Layer\nclass Mine(Layer):\n    pass\n"
            "layers = [Mine(weights=[1], name='a'), Mine(name='b', weights=[2])]\n"
        },
        {
            "m.py": "from tensorflow.keras.layers import Layer\nfrom tf_legacy import with_weights\n"
            "class Mine(Layer):\n    pass\n"
            "layers = [with_weights(Mine(name='a'), [1]), with_weights(Mine(name='b'), [2])]\n"
        },
    ),
    # tf.keras of an older TensorFlow, or written already: what a second run reads after the first.
    Case(
        "doors to tf.keras",
        {
            "m.py": "import tensorflow as tf\ntf.losses.MeanSquaredError()\ntf.metrics.Mean().update_state(1)\n"
            "tf.optimizers.Adam(0.1).apply_gradients([])\ntf.initializers.GlorotUniform()\ntf.initializers.zeros()\n"
        },
        silent=says("TFK204", "TFK404", "TFK304"),
    ),
    Case(
        "doors to tf.keras through compat",
        {
            "m.py": "import tensorflow.compat.v2 as tf\nimport tensorflow.compat.v1 as tf1\ntf.keras.layers.Dense(1)\n"
            "tf.keras.optimizers.Adam(0.1)\ntf.losses.MeanSquaredError()\ntf1.keras.layers.Dense(1)\n"
        },
        silent=says("TFK202", "TFK204"),
    ),
    Case(
        "a name whose signature changed between two harvested versions, around the target",
        {"m.py": "import tensorflow as tf\ntf.gather_nd([1], [0])\n"},
        silent=says("TFK204", "TFK304", "TFK305"),
        target="tensorflow~=2.17",
    ),
    Case(
        "training on a target range that holds two generations of Keras",
        {"m.py": "import tensorflow as tf\nm = tf.keras.Sequential()\nm.fit(1, 2)\nm.predict(1)\n"},
        silent=says("TFK307"),
        target="tensorflow>=2.15",
    ),
    Case(
        "a door to nothing, and one to what has another default today",
        {"m.py": "import tensorflow as tf\ntf.losses.mean_squared_error(1, 2)\ntf.initializers.random_normal()\n"},
        says=says("TFK222", "TFK742"),
    ),
    Case(
        "a positional argument of tf.keras beside what only TF1 has",
        {"m.py": "import tensorflow as tf\ntf.log(3.0)\ntf.keras.layers.LeakyReLU(0.2)\n"},
        {"m.py": "import tensorflow as tf\ntf.math.log(3.0)\ntf.keras.layers.LeakyReLU(0.2)\n"},
    ),
    Case(
        "an old argument of a model that comes from the project's own function",
        {
            "m.py": "from build import models\nfor model in models():\n    model.fit(1, 2, nb_epoch=3)\n",
            "build.py": "from keras.models import Sequential\ndef models():\n    return [Sequential()]\n",
        },
        {"m.py": "from build import models\nfor model in models():\n    model.fit(1, 2, epochs=3)\n"},
    ),
    # Imports of private modules: what a rule says of `keras.layers.LSTM` holds for `keras.layers.recurrent.LSTM`.
    Case(
        "a changed default of a class from a private module",
        {"m.py": "from keras.layers.recurrent import LSTM\nLSTM(3)\n"},
        {
            "m.py": "from tensorflow.keras.layers import LSTM\nfrom tf_legacy import hard_sigmoid\n"
            "LSTM(3, recurrent_activation=hard_sigmoid)\n"
        },
    ),
    Case(
        "a missing argument of a class from a private module",
        {"m.py": "from keras.layers.pooling import AveragePooling2D\nAveragePooling2D()\n"},
        {
            "m.py": "from tensorflow.keras.layers import AveragePooling2D\nAveragePooling2D(pool_size=(2, 2))\n",
        },
    ),
    # A class that is not called where it is named: `Conv2D(8, 3, 3)` becomes stride 3 without a word.
    Case(
        "a class goes into functools.partial",
        {
            "m.py": "from functools import partial\nfrom keras.layers import Conv2D\n"
            "conv = partial(Conv2D, 8, 3)\nconv(3)\n"
        },
        says=says("TFK312"),
    ),
    Case(
        "a class is chosen by a condition",
        {
            "m.py": "from keras.layers import Conv2D, SeparableConv2D\n"
            "def block(deep):\n"
            "    conv = SeparableConv2D if deep else Conv2D\n"
            "    return conv(8, 3, 3)\n"
        },
        says=says("TFK312"),
    ),
    Case(
        "a class comes out of a dictionary",
        {"m.py": 'from keras.layers import Conv2D\nLAYERS = {"conv": Conv2D}\nLAYERS["conv"](8, 3, 3)\n'},
        says=says("TFK312"),
    ),
    Case(
        "a class is the default of a parameter",
        {"m.py": "from keras.layers import Conv2D\ndef block(layer=Conv2D):\n    return layer(8, 3, 3)\n"},
        says=says("TFK312"),
    ),
    Case(
        "a module has a second name that is bound twice",
        {
            "m.py": "import keras\n"
            "try:\n    L = keras.layers\nexcept AttributeError:\n    L = keras.layers\n"
            "L.Conv2D(8, 3, 3)\n"
        },
        says=says("TFK302"),
    ),
    Case(
        "a class is an attribute of a class",
        {
            "m.py": "import keras\n"
            "class Net:\n"
            "    conv = keras.layers.Conv2D\n"
            "    def build(self):\n"
            "        return self.conv(8, 3, 3)\n"
        },
        says=says("TFK302"),
    ),
    Case(
        "a subclass is called",
        {"m.py": "from keras.layers import Conv2D\nclass Conv(Conv2D):\n    pass\nConv(8, 3, 3)\n"},
        says=says("TFK302"),
    ),
    Case(
        "a subclass calls the constructor of its base",
        {
            "m.py": "from keras.layers import Conv2D\n"
            "class Conv(Conv2D):\n"
            "    def __init__(self, n, **kwargs):\n"
            "        super(Conv, self).__init__(n, 3, 3, **kwargs)\n"
        },
        says=says("TFK302"),
    ),
    Case(
        "a subclass relies on a default that has changed",
        {"m.py": "from keras.layers import LSTM\nclass Memory(LSTM):\n    pass\nMemory(8)\n"},
        says=says("TFK501"),
    ),
    # Stars.
    Case(
        "a star is passed on by a star",
        {"layers.py": "from keras.layers import *\n", "m.py": "from layers import *\nConv2D(8, 3, 3)\n"},
        {
            "layers.py": "from tensorflow.keras.layers import *\n",
            "m.py": "from layers import *\nConv2D(8, (3, 3))\n",
        },
    ),
    Case(
        "a star that is narrowed keeps what other files take from it",
        {
            "layers.py": "from mylib import Rescaling\nfrom keras.layers import *\nDense(3)\n",
            "m.py": "from layers import Flatten\nFlatten()\n",
        },
        {
            "layers.py": "from mylib import Rescaling\nfrom tensorflow.keras.layers import Dense, Flatten\nDense(3)\n",
            "m.py": "from layers import Flatten\nFlatten()\n",
        },
    ),
    Case(
        "a later star of the project hides the name",
        {
            "mylib.py": "def Conv2D(filters, rows, columns):\n    return filters\n",
            "m.py": "from keras.layers import *\nfrom mylib import *\nConv2D(8, 3, 3)\nDense(3)\n",
        },
        {"m.py": "from tensorflow.keras.layers import *\nfrom mylib import *\nConv2D(8, 3, 3)\nDense(3)\n"},
    ),
    Case(
        "a model is made with a class from a star",
        {"m.py": 'from keras.models import *\nm = Sequential()\nm.compile("sgd", "mse", ["mae"])\n'},
        {"m.py": 'from tensorflow.keras.models import *\nm = Sequential()\nm.compile("sgd", "mse", metrics=["mae"])\n'},
    ),
    Case(
        "the star of Keras 1 brings K",
        {"requirements.txt": KERAS1, "m.py": "from keras.layers import *\nDense(3)\nK.mean(1)\n"},
        {
            "m.py": "from tensorflow.keras.layers import Dense\nfrom tensorflow.keras import backend as K\n"
            "Dense(3)\nK.mean(1)\n"
        },
        silent=says("TFK202"),
    ),
    # Receivers: what is the project's own stays.
    Case(
        "a subclass of Model that defines the method itself",
        {
            "m.py": "from keras.models import Model\n"
            "class Net(Model):\n"
            "    def fit_generator(self, generator, steps):\n"
            "        return super().fit_generator(generator, steps)\n"
            "Net().fit_generator(1, 2)\n"
        },
        {
            "m.py": "from tensorflow.keras.models import Model\n"
            "class Net(Model):\n"
            "    def fit_generator(self, generator, steps):\n"
            "        return super().fit(generator, steps_per_epoch=steps)\n"
            "Net().fit_generator(1, 2)\n"
        },
    ),
    Case(
        "an unknown receiver where a class of the project has the method",
        {
            "m.py": "from keras.layers import Dense\n"
            "class Trainer:\n"
            "    def fit_generator(self, generator, steps):\n"
            "        return Dense(steps)\n"
            "def run(trainer):\n"
            "    trainer.fit_generator(1, 2)\n"
        },
        {
            "m.py": "from tensorflow.keras.layers import Dense\n"
            "class Trainer:\n"
            "    def fit_generator(self, generator, steps):\n"
            "        return Dense(steps)\n"
            "def run(trainer):\n"
            "    trainer.fit_generator(1, 2)\n"
        },
    ),
    Case(
        "an unknown receiver where a class of the project takes nb_epoch",
        {
            "m.py": "from keras.layers import Dense\n"
            "class Trainer:\n"
            "    def fit(self, x, nb_epoch):\n"
            "        return Dense(nb_epoch)\n"
            "def run(trainer):\n"
            "    trainer.fit(1, nb_epoch=3)\n"
        },
        {
            "m.py": "from tensorflow.keras.layers import Dense\n"
            "class Trainer:\n"
            "    def fit(self, x, nb_epoch):\n"
            "        return Dense(nb_epoch)\n"
            "def run(trainer):\n"
            "    trainer.fit(1, nb_epoch=3)\n"
        },
    ),
    Case(
        "a dictionary of the project's own that is called history",
        {
            "m.py": "from keras.models import Sequential\n"
            "m = Sequential()\n"
            'm.compile("sgd", "mse", metrics=["accuracy"])\n'
            "class Log:\n"
            "    def __init__(self):\n"
            '        self.history = {"acc": []}\n'
            "    def add(self, value):\n"
            '        self.history["acc"].append(value)\n'
        },
        {
            "m.py": "from tensorflow.keras.models import Sequential\n"
            "m = Sequential()\n"
            'm.compile("sgd", "mse", metrics=["acc"])\n'
            "class Log:\n"
            "    def __init__(self):\n"
            '        self.history = {"acc": []}\n'
            "    def add(self, value):\n"
            '        self.history["acc"].append(value)\n'
        },
    ),
    Case(
        "a model comes from another file",
        {
            "nets.py": "from keras.models import Sequential\ndef build():\n    return Sequential()\n",
            "m.py": 'from nets import build\nm = build()\nm.compile("sgd", "mse", ["mae"])\n',
        },
        {
            "nets.py": "from tensorflow.keras.models import Sequential\ndef build():\n    return Sequential()\n",
            "m.py": 'from nets import build\nm = build()\nm.compile("sgd", "mse", metrics=["mae"])\n',
        },
    ),
    Case(
        "two models are bound at once",
        {
            "m.py": "from keras.models import Sequential\n"
            'a, b = Sequential(), Sequential()\nb.compile("sgd", "mse", ["mae"])\n'
        },
        says=says("TFK305"),
    ),
    # Over files: what a file cannot take holds the import in the other.
    Case(
        "a use in another file holds the import",
        {
            "p/__init__.py": "from keras.layers import Conv2D\n",
            "m.py": "from p import Conv2D\ndef f(k, s):\n    return Conv2D(8, k, s)\n",
        },
        {
            "p/__init__.py": "from keras.layers import Conv2D\n",
            "m.py": "from p import Conv2D\ndef f(k, s):\n    return Conv2D(8, k, s)\n",
        },
        says("TFK302"),
    ),
    Case(
        "an ignored use in another file holds the import",
        {
            "p/__init__.py": "from keras.layers import Conv2D\n",
            "m.py": "from p import Conv2D\nConv2D(8, 3, 3)  # tfk: ignore[TFK302]\n",
        },
        {
            "p/__init__.py": "from keras.layers import Conv2D\n",
            "m.py": "from p import Conv2D\nConv2D(8, 3, 3)  # tfk: ignore[TFK302]\n",
        },
    ),
    Case(
        "an import that stays keeps the calls of other files",
        {
            "p/__init__.py": "from keras.optimizers import SGD  # tfk: ignore\n",
            "m.py": "from p import SGD\nSGD(lr=0.1)\n",
        },
        {
            "p/__init__.py": "from keras.optimizers import SGD  # tfk: ignore\n",
            "m.py": "from p import SGD\nSGD(lr=0.1)\n",
        },
        says("TFK301"),
    ),
    Case(
        "a call through another file needs a new import here",
        {
            "p/__init__.py": "from keras.layers import LSTM\n",
            "m.py": "from p import LSTM\nLSTM(3)\n",
        },
        {
            "p/__init__.py": "from tensorflow.keras.layers import LSTM\n",
            "m.py": "from tf_legacy import hard_sigmoid\nfrom p import LSTM\n"
            "LSTM(3, recurrent_activation=hard_sigmoid)\n",
        },
    ),
    # Calls.
    Case(
        "a star behind an argument that would get its name",
        {
            "m.py": "from keras.models import Sequential\nm = Sequential()\n"
            "m.fit_generator(g, 3, *more)\nm.predict_generator(g, *more)\n"
        },
        {
            "m.py": "from tensorflow.keras.models import Sequential\nm = Sequential()\n"
            "m.fit_generator(g, 3, *more)\nm.predict_generator(g, *more)\n"
        },
        says("TFK401"),
    ),
    Case(
        "what a written call still has of Keras 1 is told by the next run too",
        {
            "m.py": "from keras.models import Model\nm = Model(1, 2)\n"
            "m.fit_generator(batches, samples_per_epoch=100, nb_epoch=2)\n"
        },
        again=says("TFK401"),
    ),
    Case(
        "both names of an argument are given",
        {"m.py": "from keras.optimizers import SGD\nSGD(lr=1, learning_rate=2)\n"},
        {"m.py": "from tensorflow.keras.optimizers import SGD\nSGD(lr=1, learning_rate=2)\n"},
        says("TFK301"),
    ),
    Case(
        "ten epochs were the default of Keras 1",
        {"requirements.txt": KERAS1, "m.py": "from keras.models import Sequential\nSequential().fit(1, 2)\n"},
        {"m.py": "from tensorflow.keras.models import Sequential\nSequential().fit(1, 2, epochs=10)\n"},
    ),
    Case(
        "the GRU of Keras 1 had no reset_after and behaves like reset_after=False",
        {"requirements.txt": KERAS1, "m.py": 'from keras.layers import GRU\nGRU(3, inner_activation="sigmoid")\n'},
        {
            "m.py": "from tensorflow.keras.layers import GRU\n"
            'GRU(3, recurrent_activation="sigmoid", reset_after=False)\n'
        },
    ),
    Case(
        "merge is called, so it is the function of Keras 1",
        {"m.py": 'from keras.layers import merge\nx = merge([1, 2], mode="concat")\n'},
        {"m.py": "from tensorflow import keras\nx = keras.layers.concatenate([1, 2])\n"},
        says("TFK210"),
    ),
    Case(
        "merge is called through the module",
        {"m.py": 'import keras\nx = keras.layers.merge([1, 2], mode="concat")\n'},
        {"m.py": "from tensorflow import keras\nx = keras.layers.concatenate([1, 2])\n"},
        says("TFK210"),
    ),
    Case(
        "a range over Keras 2 and 3 still sees the changed default",
        {"m.py": "from keras.layers import LSTM\nLSTM(3)\n"},
        says=says("TFK501"),
        target="tensorflow>=2.15",
    ),
    Case(
        "a range over Keras 2 and 3 still sees the gone method",
        {"m.py": "from keras.models import Sequential\nSequential().fit_generator(1, 2, workers=3)\n"},
        says=says("TFK401"),
        target="tensorflow>=2.15",
    ),
    # Names that a rewrite brings in.
    Case(
        "the name of a support piece is taken where it is used",
        {"m.py": "from keras.layers import LSTM\ndef f(hard_sigmoid):\n    return LSTM(4)\n"},
        {
            "m.py": "from tensorflow.keras.layers import LSTM\nfrom tf_legacy import hard_sigmoid as _hard_sigmoid\n"
            "def f(hard_sigmoid):\n    return LSTM(4, recurrent_activation=_hard_sigmoid)\n"
        },
    ),
    Case(
        "the name keras is taken where it is used",
        {"m.py": "from keras.optimizers import SGD\ndef f(keras):\n    return SGD(lr=0.1, decay=0.5)\n"},
        {
            "m.py": "from tensorflow.keras.optimizers import SGD\nfrom tensorflow import keras as _keras\n"
            "def f(keras):\n"
            "    return SGD(learning_rate=_keras.optimizers.schedules.InverseTimeDecay"
            "(0.1, decay_steps=1, decay_rate=0.5))\n"
        },
    ),
    Case(
        "a new import reaches every arm",
        {
            "m.py": "import sys\n"
            "if sys.argv:\n    from keras.optimizers import SGD\n"
            "else:\n    from keras.optimizers import SGD\n"
            "SGD(lr=0.1, decay=0.5)\n"
        },
        {
            "m.py": "import sys\n"
            "if sys.argv:\n    from tensorflow.keras.optimizers import SGD\n    from tensorflow import keras\n"
            "else:\n    from tensorflow.keras.optimizers import SGD\n    from tensorflow import keras\n"
            "SGD(learning_rate=keras.optimizers.schedules.InverseTimeDecay(0.1, decay_steps=1, decay_rate=0.5))\n"
        },
    ),
    Case(
        "a script inside a package imports its support module as it imports its neighbours",
        {
            "p/__init__.py": "",
            "p/sizes.py": "UNITS = 3\n",
            "p/run.py": "from sizes import UNITS\nfrom keras.layers import LSTM\n"
            'if __name__ == "__main__":\n    LSTM(UNITS)\n',
        },
        {
            "p/run.py": "from sizes import UNITS\nfrom tensorflow.keras.layers import LSTM\n"
            "from tf_legacy import hard_sigmoid\n"
            'if __name__ == "__main__":\n    LSTM(UNITS, recurrent_activation=hard_sigmoid)\n'
        },
    ),
    # Bindings.
    Case(
        "an arm that binds the name to something else needs --unsafe",
        {
            "m.py": "try:\n    from keras.layers import Dense\n"
            "except ImportError:\n    from mylib import Dense\nDense(3)\n"
        },
        {
            "m.py": "try:\n    from keras.layers import Dense\n"
            "except ImportError:\n    from mylib import Dense\nDense(3)\n"
        },
        says("TFK101"),
    ),
    Case(
        "a private module has a second name",
        {"m.py": "import keras\nL = keras.layers\ncore = keras.layers.core\nL.Dense(3)\ncore.Dense(4)\n"},
        {"m.py": "from tensorflow import keras\nL = keras.layers\ncore = keras.layers\nL.Dense(3)\ncore.Dense(4)\n"},
    ),
    Case(
        "a TensorFlow name has a second name",
        {"m.py": "import tensorflow as tf\nlog = tf.log\nlog(1.0)\n"},
        {"m.py": "import tensorflow as tf\nlog = tf.math.log\nlog(1.0)\n"},
    ),
    # 'acc' that reaches a history by another way.
    Case(
        "a monitor goes through a variable",
        {
            "m.py": "from keras.models import Sequential\nfrom keras.callbacks import EarlyStopping\n"
            'm = Sequential()\nm.compile("sgd", "mse", metrics=["accuracy"])\n'
            'watched = "val_acc"\nEarlyStopping(monitor=watched, mode="max")\n'
        },
        says=says("TFK502"),
    ),
    Case(
        "a key of the history goes through a loop",
        {
            "m.py": "from keras.models import Sequential\n"
            'm = Sequential()\nm.compile("sgd", "mse", metrics=["accuracy"])\n'
            "h = m.fit(1, 2)\n"
            'for key in ("acc", "val_acc"):\n    print(h.history[key])\n'
        },
        says=says("TFK502"),
    ),
    Case(
        "a key is looked for in the history",
        {
            "m.py": "from keras.models import Sequential\n"
            'm = Sequential()\nm.compile("sgd", "mse", metrics=["accuracy"])\n'
            "h = m.fit(1, 2)\n"
            'print("acc" in h.history)\n'
        },
        says=says("TFK502"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[c.name for c in CASES])
def test_a_program_that_once_broke(case: Case, tmp_path: Path) -> None:
    for path, text in case.before.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    run = migrate_paths([tmp_path], Settings(jobs=1, target=case.target), tmp_path)
    results = {result.path: result for result in run.files}
    texts = {path: results[path].text or case.before[path] for path in case.after}
    codes = {path: frozenset(f.code for f in results[path].findings) for path in results}
    assert texts == dict(case.after)
    for path, expected in case.says.items():
        assert expected <= codes[path], f"{path} says {sorted(codes[path])}"
    for path, unwanted in case.silent.items():
        assert not unwanted & codes[path], f"{path} says {sorted(codes[path])}"
    for result in results.values():
        if result.text is not None:
            compile(result.text, result.path, "exec")
            (tmp_path / result.path).write_text(result.text, "utf-8")
    second = migrate_paths([tmp_path], Settings(jobs=1, target=case.target), tmp_path)
    left = {result.path: frozenset(f.code for f in result.findings) for result in second.files}
    for path, expected in case.again.items():
        assert expected <= left[path], f"after writing, {path} says {sorted(left[path])}"
