"""Arguments that come through `**`, in sight and not, and what a call means by them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tfkdoctor.model import Settings
from tfkdoctor.run import migrate_paths


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    before: str
    after: str
    says: frozenset[str] = frozenset()
    source: str = "keras==1.2.2"


LAYERS = "from keras.layers import Convolution2D, Dense, Embedding, LSTM\n"
NEW_LAYERS = "from tensorflow.keras.layers import Convolution2D, Dense, Embedding, LSTM\n"
HEAD = "from keras.models import Sequential\nmodel = Sequential()\n"
NEW_HEAD = "from tensorflow.keras.models import Sequential\nmodel = Sequential()\n"

CASES = [
    Case(
        "a dictionary of several calls, with keys, values and sides of a kernel",
        LAYERS + "opts = {'border_mode': 'same', \"init\": 'one',  # here\n        'dim_ordering': 'tf'}\n"
        "a = Convolution2D(8, 3, 3, **opts)\nb = Convolution2D(4, nb_row=1, nb_col=2, activation='relu', **opts)\n"
        "c = Convolution2D(8, **dict(nb_row=3, nb_col=5, bias=False))\n",
        NEW_LAYERS + "opts = {'padding': 'same', \"kernel_initializer\": 'one',  # here\n"
        "        'data_format': 'channels_last'}\n"
        "a = Convolution2D(8, (3, 3), **opts)\n"
        "b = Convolution2D(4, kernel_size=(1, 2), activation='relu', **opts)\n"
        "c = Convolution2D(8, **dict(kernel_size=(3, 5), use_bias=False))\n",
    ),
    Case(
        "a default beside a dictionary in sight, and a key that goes",
        LAYERS + "kind = dict(return_sequences=True, consume_less='gpu')\nLSTM(3, **kind)\n",
        NEW_LAYERS.replace("LSTM\n", "LSTM\nfrom tf_legacy import hard_sigmoid\n")
        + "kind = dict(return_sequences=True)\nLSTM(3, **kind, recurrent_activation=hard_sigmoid)\n",
    ),
    Case(
        "a dictionary of which two calls want different things",
        LAYERS + "both = dict(init='one', output_dim=3)\nDense(**both)\nEmbedding(3, **both)\n",
        NEW_LAYERS + "both = dict(init='one', output_dim=3)\nDense(**both)\nEmbedding(3, **both)\n",
        frozenset(["TFK321"]),
    ),
    Case(
        "a dictionary that is used for more than calls gets today's names on its way",
        LAYERS + "opts = {'init': 'one'}\nopts['bias'] = False\nDense(3, **opts)\n",
        NEW_LAYERS.replace("LSTM\n", "LSTM\nfrom tf_legacy import old_keywords\n")
        + "opts = {'init': 'one'}\nopts['bias'] = False\nDense(3, **old_keywords(opts, \"Dense\"))\n",
    ),
    Case(
        "epochs in a dictionary of a function, and by default",
        HEAD + "def train(x, y):\n    args = {'nb_epoch': 3,\n            'verbose': 0}\n    model.fit(x, y, **args)\n"
        "    model.fit(x, y, **{'verbose': 0})\n",
        NEW_HEAD
        + "def train(x, y):\n    args = {'epochs': 3,\n            'verbose': 0}\n    model.fit(x, y, **args)\n"
        "    model.fit(x, y, **{'verbose': 0}, epochs=10)\n",
    ),
    Case(
        "a star ends before what is given by name",
        HEAD + "def train(x, *y):\n    model.fit(x, *y, batch_size=8)\n",
        NEW_HEAD + "def train(x, *y):\n    model.fit(x, *y, batch_size=8)\n",
        source="keras==2.2.5",
    ),
    Case(
        "samples that come unseen are told",
        HEAD + "def train(batches, **more):\n    model.fit_generator(batches, **more)\n"
        "train(read(), samples_per_epoch=100, nb_epoch=2)\n",
        NEW_HEAD.replace("\nmodel", "\nfrom tf_legacy import old_keywords\nmodel")
        + 'def train(batches, **more):\n    model.fit(batches, **old_keywords(more, "fit_generator"))\n'
        "train(read(), samples_per_epoch=100, nb_epoch=2)\n",
        frozenset(["TFK423"]),
    ),
    Case(
        "epsilon of a callback in a dictionary",
        "from keras.callbacks import ReduceLROnPlateau\nsettings = {'factor': 0.5, 'epsilon': 0.1}\n"
        "ReduceLROnPlateau('loss', **settings)\n",
        "from tensorflow.keras.callbacks import ReduceLROnPlateau\nsettings = {'factor': 0.5, 'min_delta': 0.1}\n"
        "ReduceLROnPlateau('loss', **settings)\n",
        source="keras==2.2.5",
    ),
    Case(
        "sides of a kernel beside strides, as Keras 2 took them",
        "from keras.layers import Conv2D, Conv3D\nConv2D(8, 3, 3, strides=(2, 2))\nConv2D(8, 3, 3, subsample=(2, 2))\n"
        "Conv3D(8, 1, 2, 3, padding='same')\n",
        "from tensorflow.keras.layers import Conv2D, Conv3D\nConv2D(8, (3, 3), strides=(2, 2))\n"
        "Conv2D(8, (3, 3), strides=(2, 2))\nConv3D(8, (1, 2, 3), padding='same')\n",
        source="keras==2.2.5",
    ),
    Case(
        "a Merge whose mode is told at run time",
        "from keras.models import Sequential\nfrom keras.layers import Merge\nl, r = make(), make()\n"
        "for mode in ('sum', 'cos'):\n    model = Sequential()\n    model.add(Merge([l, r], mode=mode, dot_axes=1))\n",
        "from tensorflow.keras.models import Sequential\nfrom tf_legacy import merge_models, keras1_merge\n"
        "l, r = make(), make()\nfor mode in ('sum', 'cos'):\n    model = Sequential()\n"
        "    model = merge_models([l, r], lambda outputs: keras1_merge(outputs, mode=mode, dot_axes=1))\n",
    ),
    Case(
        "the name of an optimizer in a dictionary of compile()",
        HEAD + "def build(**settings):\n    model.compile(**settings)\nbuild(optimizer='nadam', loss='mse')\n",
        NEW_HEAD.replace("\nmodel", "\nfrom tf_legacy import old_compile\nmodel")
        + "def build(**settings):\n    model.compile(**old_compile(1e-08, settings))\n"
        "build(optimizer='nadam', loss='mse')\n",
    ),
    Case(
        "a seed beside Python's own, which the program draws from",
        "import random\nimport numpy as np\nfrom keras.layers import Dense\nnp.random.seed(3)\n"
        "Dense(random.choice([2]))\n",
        "import random\nimport numpy as np\nfrom tensorflow.keras.layers import Dense\n"
        "from tf_legacy import seeds_from_numpy\nseeds_from_numpy()\nnp.random.seed(3)\n"
        "Dense(random.choice([2]))\n",
        frozenset(),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[c.name for c in CASES])
def test_a_program_becomes(case: Case, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(case.before, encoding="utf-8")
    run = migrate_paths([tmp_path], Settings(jobs=1, source=(case.source,)), tmp_path)
    (file,) = (f for f in run.files if f.path == "program.py")
    assert file.text == case.after
    assert {f.code for f in file.findings if f.fix is None} == case.says
