"""What a receiver or a file is decides what is rewritten: parameters, modern files, private Keras."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tfkdoctor.model import Settings
from tfkdoctor.run import migrate_paths

KERAS = "from keras.models import Sequential\nfrom keras.layers import Dense\n"
MADE = "model = Sequential([Dense(1, input_dim=2)])\nmodel.compile('sgd', 'mse')\n"


def migrated(files: Mapping[str, str], folder: Path) -> tuple[dict[str, str], dict[str, list[str]]]:
    """What every file holds afterwards, and the messages of what is left."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    run = migrate_paths([folder], Settings(jobs=1), folder)
    texts = {path: next((f.text for f in run.files if f.path == path and f.text), text) for path, text in files.items()}
    left = {f.path: [f"{x.code} {x.message}" for x in f.findings if x.fix is None] for f in run.files}
    return texts, left


CASES = {
    "a model that a function of the project is given": (
        "def keep(m):\n    m.save('kept')\n    m.optimizer.lr = 1\n    return m.predict_proba(1)\nkeep(model)\n",
        "def keep(m):\n    save_model(m, 'kept')\n    m.optimizer.learning_rate = 1\n    return m.predict(1)\n"
        "keep(model)\n",
    ),
    "an optimizer that a method is given, and a model that __init__ keeps": (
        "class Agent:\n    def __init__(self, actor):\n        self.actor = actor\n"
        "    def slow(self, chosen):\n        chosen.lr = 1\n    def reset(self):\n"
        "        self.slow(self.actor.optimizer)\n        self.actor.save('kept')\nAgent(model).reset()\n",
        "class Agent:\n    def __init__(self, actor):\n        self.actor = actor\n"
        "    def slow(self, chosen):\n        chosen.learning_rate = 1\n    def reset(self):\n"
        "        self.slow(self.actor.optimizer)\n        save_model(self.actor, 'kept')\nAgent(model).reset()\n",
    ),
    "a function that is given a model and something else": (
        "from sklearn.svm import SVC\ndef keep(m):\n    return m.predict_proba(1)\nkeep(model)\nkeep(SVC())\n",
        "from sklearn.svm import SVC\ndef keep(m):\n    return m.predict_proba(1)\nkeep(model)\nkeep(SVC())\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_parameters_are_what_all_calls_give_them(name: str, tmp_path: Path) -> None:
    before, after = CASES[name]
    texts, _ = migrated({"m.py": KERAS + MADE + before}, tmp_path)
    assert texts["m.py"].endswith(after)


MODERN = {
    "Keras 3 and its weights": (
        "import keras\nfrom keras import ops\nimport tensorflow as tf\nbackbone = keras.Sequential()\n"
        "inputs = backbone.input\nbackbone.save_weights('a')\nbackbone.load_weights('a')\n"
        "print(backbone.get_weights(), backbone.metrics_names, tf.ones(2).shape.as_list(), ops.ones(2))\n"
    ),
    "a layer of tf.keras that is called on values": (
        "import tensorflow as tf\nlayer = tf.keras.layers.Dense(3)\ny = layer(tf.ones((2, 4)))\n"
        "print(tf.reduce_sum(y), y.shape.as_list())\n"
        "with tf.GradientTape() as tape:\n    loss = tf.reduce_mean(tf.square(layer(tf.ones((2, 4)))))\n"
    ),
}


@pytest.mark.parametrize("name", MODERN)
def test_modern_code_stays(name: str, tmp_path: Path) -> None:
    texts, left = migrated({"m.py": MODERN[name]}, tmp_path)
    assert texts["m.py"] == MODERN[name]
    assert not any(left.values())


def test_tensors_of_an_input_of_tf_keras_are_symbolic_still(tmp_path: Path) -> None:
    before = "import tensorflow as tf\nx = tf.keras.Input((2,))\ny = tf.square(tf.keras.layers.Dense(2)(x))\n"
    texts, _ = migrated({"m.py": before}, tmp_path)
    assert "Lambda(lambda t: tf.square(t))(tf.keras.layers.Dense(2)(x))" in texts["m.py"]


def test_a_file_of_a_modern_project_that_is_old_is_old_still(tmp_path: Path) -> None:
    before = KERAS + MADE + "model.fit_generator(iter([]), steps_per_epoch=1)\n"
    texts, _ = migrated({"m.py": before, "requirements.txt": "keras>=3"}, tmp_path)
    assert "model.fit(iter([]), steps_per_epoch=1)" in texts["m.py"]


def test_names_of_the_private_keras_that_are_gone_are_told(tmp_path: Path) -> None:
    before = "from tensorflow.python.keras import layers\nlayers.CuDNNLSTM(3)\nlayers.Nowhere(3)\n"
    texts, left = migrated({"m.py": before}, tmp_path)
    assert texts["m.py"] == "from tensorflow.keras import layers\nlayers.LSTM(3)\nlayers.Nowhere(3)\n"
    assert any("`tensorflow.python.keras.layers.Nowhere`" in said for said in left["m.py"])
