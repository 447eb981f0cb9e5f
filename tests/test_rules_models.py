"""Models: where a Sequential gets its shape; and whose `add` it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfkdoctor.model import FileResult, Settings
from tfkdoctor.run import migrate_paths

KERAS = "from keras.models import Sequential\nfrom keras.layers import Dense, Dropout\n"
MODERN = KERAS.replace("keras.", "tensorflow.keras.") + "from tensorflow import keras\n"

CASES = {
    "the second layer's shape does not count": (
        "model = Sequential()\nmodel.add(Dense(3, batch_input_shape=(2, 3)))\n"
        "model.add(Dense(3, batch_input_shape=(2, 3)))\n",
        "model = Sequential()\nmodel.add(keras.Input(batch_shape=(2, 3)))\nmodel.add(Dense(3))\nmodel.add(Dense(3))\n",
    ),
    "a loop's first turn makes the first layer": (
        "model = Sequential()\nfor n in (3, 4):\n    model.add(Dense(n, batch_input_shape=(2, 3)))\n"
        "model.add(Dropout(0.5, batch_input_shape=(2, 4)))\n",
        "model = Sequential()\nfor n in (3, 4):\n    if not model.layers:\n"
        "        model.add(keras.Input(batch_shape=(2, 3)))\n    model.add(Dense(n))\n"
        "if not model.layers:\n    model.add(keras.Input(batch_shape=(2, 4)))\nmodel.add(Dropout(0.5))\n",
    ),
    "a model of each turn, and one of either branch": (
        "for n in (3, 4):\n    model = Sequential()\n    if n == 3:\n"
        "        model.add(Dense(n, batch_input_shape=(2, 3)))\n    else:\n"
        "        model.add(Dropout(0.5, batch_input_shape=(2, 3)))\n",
        "for n in (3, 4):\n    model = Sequential()\n    if n == 3:\n"
        "        model.add(keras.Input(batch_shape=(2, 3)))\n        model.add(Dense(n))\n    else:\n"
        "        model.add(keras.Input(batch_shape=(2, 3)))\n        model.add(Dropout(0.5))\n",
    ),
}


def migrated(tmp_path: Path, text: str) -> FileResult:
    (tmp_path / "a.py").write_text(text)
    return migrate_paths([tmp_path], Settings(jobs=1), tmp_path).files[0]


@pytest.mark.parametrize("name", CASES)
def test_becomes(tmp_path: Path, name: str) -> None:
    before, after = CASES[name]
    assert migrated(tmp_path, KERAS + before).text == MODERN + after


def test_another_librarys_container_keeps_what_its_layers_are_given(tmp_path: Path) -> None:
    text = (
        "from keras.layers import Dropout\nfrom recurrentshop import Cell, Container\n"
        "model = Container()\nmodel.add(Cell(3, batch_input_shape=(2, 3)))\n"
        "model.add(Dropout(0.5, batch_input_shape=(2, 3)))\n"
    )
    result = migrated(tmp_path, text)
    assert result.text == text.replace("from keras.layers", "from tensorflow.keras.layers")
    assert [f.span.line for f in result.findings if f.code == "TFK310" and f.span is not None] == [5]


def test_a_tape_without_eager_mode_switched_on_is_tensorflow_2(tmp_path: Path) -> None:
    text = (
        "import tensorflow as tf\nfrom keras.layers import Dense\n"
        "def step(x):\n    with tf.GradientTape() as tape:\n        y = Dense(3)(tf.image.resize(x, (2, 2)))\n"
        "    return tape.gradient(y, x)\n"
    )
    assert "tf.image.resize(x, (2, 2))" in (migrated(tmp_path, text).text or "")
    eager = text.replace("def step", "tf.enable_eager_execution()\ndef step")
    assert "resize_images(x, (2, 2))" in (migrated(tmp_path, eager).text or "")


def test_a_module_named_like_the_function_that_merges(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("keras==2.0.8\n")
    text = "from keras.layers.merge import concatenate\nc = concatenate([a, b], axis=3, name='x')\n"
    assert migrated(tmp_path, text).text == text.replace("keras.layers.merge", "tensorflow.keras.layers")


def test_what_a_module_needs_while_it_runs_is_imported_above(tmp_path: Path) -> None:
    """Seeds stand before Keras is imported, in nearly every script of Keras 1."""
    text = (
        "import numpy as np\nnp.random.seed(1337)\nfrom keras.models import Sequential\n"
        "from keras.layers import Dense\nm = Sequential([Dense(1, input_shape=(2,))])\n"
    )
    result = migrated(tmp_path, text).text
    assert result is not None
    lines = result.splitlines()
    assert lines.index("from tf_legacy import numpy_draws") < lines.index("np.random.seed(numpy_draws(1337))")


def test_a_class_that_is_only_printed_is_no_other_class(tmp_path: Path) -> None:
    text = "from keras.layers import LSTM\nprint('{}'.format(LSTM), LSTM)\nlayer = LSTM\nprint(str(layer))\n"
    assert migrated(tmp_path, text).text == text.replace("keras.layers", "tensorflow.keras.layers")


def test_an_initializer_needs_no_name_any_more(tmp_path: Path) -> None:
    text = (
        "from keras.layers import Dense\nfrom keras import backend as K\n"
        "def mine(shape, name, scale=2):\n    return K.zeros(shape)\n"
        "Dense(3, init=lambda shape, name: K.ones(shape))\nDense(3, kernel_initializer=mine)\n"
    )
    result = migrated(tmp_path, text).text or ""
    assert "def mine(shape, name=None, scale=2, dtype=None):" in result
    assert "lambda shape, name=None, dtype=None:" in result


def test_a_script_of_a_package_imports_support_code_by_its_full_name(tmp_path: Path) -> None:
    package = tmp_path / "tools"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "util.py").write_text("def path():\n    return 'a.h5'\n")
    (package / "run.py").write_text(
        "from keras.models import load_model\nfrom tools.util import path\n"
        "if __name__ == '__main__':\n    load_model(path())\n"
    )
    run = migrate_paths([tmp_path], Settings(jobs=1), tmp_path)
    assert "from tools.tf_legacy import load_model\n" in next(
        f.text or "" for f in run.files if f.path.endswith("run.py")
    )


def test_what_only_keras_2_takes_outweighs_what_it_still_took(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "from keras.models import Sequential\nmodel = Sequential()\n"
        "model.fit_generator(batches(), nb_epoch=1, steps_per_epoch=3)\n"
    )
    assert migrate_paths([tmp_path], Settings(jobs=1), tmp_path).origin.keras == "2.2.5"
