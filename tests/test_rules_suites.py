"""What public repositories' own tests showed: the smallest form of each thing, as it goes in and comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfkdoctor.model import Settings
from tfkdoctor.run import migrate_paths

HEAD = (
    "from keras import backend as K, initializers\nfrom keras.engine import Layer\n"
    "from keras.layers import Dense, Embedding, add\nfrom keras.models import Model\n"
)

# Everything that a program has beside its imports, before and after.
CASES = {
    "an initializer for two weights": (
        "class Own(Layer):\n    def __init__(self, init='he_normal'):\n        self.init = initializers.get(init)\n"
        "    def build(self, shape):\n        self.a = self.add_weight('a', (3, 3), initializer=self.init)\n"
        "        self.b = self.add_weight('b', (3, 3), initializer=self.init)\n",
        "class Own(Layer):\n    def __init__(self, init='he_normal'):\n"
        "        self.init = fresh_draws(initializers.get(init))\n"
        "    def build(self, shape):\n"
        "        self.a = self.add_weight(name='a', shape=(3, 3), initializer=self.init)\n"
        "        self.b = self.add_weight(name='b', shape=(3, 3), initializer=self.init)\n",
    ),
    "an initializer for one weight": (
        "class Own(Layer):\n    def __init__(self, init='he_normal'):\n        self.init = initializers.get(init)\n"
        "    def build(self, shape):\n        self.a = self.add_weight('a', (3, 3), initializer=self.init)\n",
        "class Own(Layer):\n    def __init__(self, init='he_normal'):\n        self.init = initializers.get(init)\n"
        "    def build(self, shape):\n"
        "        self.a = self.add_weight(name='a', shape=(3, 3), initializer=self.init)\n",
    ),
    "an initializer for the weights of a loop": (
        "init = initializers.RandomNormal(stddev=.02)\nlayers = [Dense(3, kernel_initializer=init) for _ in 'ab']\n",
        "init = fresh_draws(initializers.RandomNormal(stddev=.02))\n"
        "layers = [Dense(3, kernel_initializer=init) for _ in 'ab']\n",
    ),
    "an initializer in the arguments of two layers": (
        "options = {'kernel_initializer': initializers.normal(mean=0., stddev=.01, seed=None)}\n"
        "layers = Dense(3, **options), Dense(3, **options)\n",
        "options = {'kernel_initializer': fresh_draws(initializers.RandomNormal(mean=0., stddev=.01, seed=None))}\n"
        "layers = Dense(3, **options), Dense(3, **options)\n",
    ),
    "an initializer of a global that a function uses": (
        "init = initializers.he_normal()\ndef block(x):\n    return Dense(3, kernel_initializer=init)(x)\n",
        "init = fresh_draws(initializers.he_normal())\n"
        "def block(x):\n    return Dense(3, kernel_initializer=init)(x)\n",
    ),
    "an initializer with a seed, and one that is made for each layer": (
        "init = initializers.he_normal(seed=1)\n"
        "layers = [Dense(3, kernel_initializer=init, bias_initializer=initializers.RandomNormal()) for _ in 'ab']\n",
        None,
    ),
    "merged inputs where something masks": (
        "def net(x, y):\n    return add([Embedding(3, 2, mask_zero=True)(x), y])\n",
        "def net(x, y):\n    return all_masks(add)([Embedding(3, 2, mask_zero=True)(x), y])\n",
    ),
    "merged inputs where nothing masks": ("def net(x, y):\n    return add([Embedding(3, 2)(x), y])\n", None),
    "the phase, asked twice, and in a function of its own": (
        "class Own(Layer):\n    def call(self, x):\n        def noisy():\n"
        "            return K.in_train_phase(x * 2, x)\n"
        "        return K.in_test_phase(x, alt=noisy())\n",
        "class Own(Layer):\n    def call(self, x, training=None):\n        def noisy():\n"
        "            return in_train_phase(x * 2, x, training)\n        return in_train_phase(noisy(), x, training)\n",
    ),
    "the phase, handed on": (
        "def noisy(x, training=None):\n    return [K.in_train_phase(lambda: x * 2, x, training=training)]\n",
        "def noisy(x, training=None):\n    return [in_train_phase(lambda: x * 2, x, training)]\n",
    ),
    "weights that a condition puts into a list": (
        "class Own(Layer):\n    def build(self, shape):\n        self.w = K.variable([1., 2.], name='w')\n"
        "        if self.train:\n            self.trainable_weights.append(self.w)\n        else:\n"
        "            self.non_trainable_weights.append(self.w)\n        self.built = True\n",
        "class Own(Layer):\n    def build(self, shape):\n"
        "        self.w = layer_weight(self, [1., 2.], name='w', trainable=self.train)\n        self.built = True\n",
    ),
    "the output of a model that a class is given": (
        "class Agent:\n    def __init__(self, model, wide=False):\n        if wide:\n"
        "            model = Model(model.input, Dense(3)(model.layers[-2].output))\n        self.model = model\n"
        "    def width(self):\n        return K.int_shape(self.model.output)[-1]\n",
        "class Agent:\n    def __init__(self, model, wide=False):\n        if wide:\n"
        "            model = Model(input_of(model), Dense(3)(model.layers[-2].output))\n        self.model = model\n"
        "    def width(self):\n        return K.int_shape(output_of(self.model))[-1]\n",
    ),
    "a shape in a layer's configuration": (
        "def again(layer, shape, units):\n    config = dict(layer.get_config(), units=units)\n"
        "    config['batch_input_shape'] = [None] + shape\n    return layer.__class__.from_config(config)\n",
        "def again(layer, shape, units):\n    config = dict(layer.get_config(), units=units)\n"
        "    config['input_shape'] = ([None] + shape)[1:]\n    return layer.__class__.from_config(config)\n",
    ),
}


def _body(text: str) -> str:
    """What stands behind the imports."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(("import ", "from ")))


@pytest.mark.parametrize("name", CASES)
def test_a_form_of_it(name: str, tmp_path: Path) -> None:
    before, after = CASES[name]
    (tmp_path / "m.py").write_text(HEAD + before, "utf-8")
    (result,) = (f for f in migrate_paths([tmp_path], Settings(jobs=1), tmp_path).files if f.path == "m.py")
    assert _body(result.text or before) == (before if after is None else after)


def test_a_function_that_a_package_puts_over_its_module_gets_what_other_files_give_it(tmp_path: Path) -> None:
    files = {
        "pack/__init__.py": "",
        "pack/activations/__init__.py": "from .squash import squash\n",
        "pack/activations/squash.py": "from keras import backend as K\ndef squash(x):\n    return K.square(x)\n",
        "check.py": "from keras import backend as K\nfrom pack import activations\n"
        "x = K.placeholder(ndim=2)\nf = K.function([x], [activations.squash(x)])\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    found = {f.path: f.text for f in migrate_paths([tmp_path], Settings(jobs=1), tmp_path).files}
    assert _body(found["pack/activations/squash.py"] or "") == "def squash(x):\n    return keras.ops.square(x)\n"


def test_the_phase_is_not_asked_outside_of_a_layer(tmp_path: Path) -> None:
    text = "from keras import backend as K\ndef noisy(x):\n    return K.in_train_phase(x * 2, x)\n"
    (tmp_path / "m.py").write_text(text, "utf-8")
    (result,) = migrate_paths([tmp_path], Settings(jobs=1), tmp_path).files
    assert "TFK252" in {finding.code for finding in result.findings}


def test_an_import_that_two_rules_need_is_written_once(tmp_path: Path) -> None:
    text = (
        "from keras.layers import Input\nfrom keras import Model\nfrom keras import backend as K\n"
        "x = Input((3,))\nprint(K.dtype(x))\nm = Model(x, x)\nm.compile('rmsprop', 'mse')\n"
    )
    (tmp_path / "m.py").write_text(text, "utf-8")
    (result,) = migrate_paths([tmp_path], Settings(jobs=1), tmp_path).files
    assert (result.text or "").count("from tensorflow import keras\n") == 1
