"""What public repositories showed that nobody had tried: the smallest form of each, as it goes in and comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfkdoctor.model import Settings
from tfkdoctor.run import migrate_paths
from tfkdoctor.write import write_run

LAYER = "from keras import backend as K\nfrom keras.engine.topology import Layer\n"
NEW_LAYER = "from tensorflow.keras import backend as K\nfrom tensorflow.keras.layers import Layer\n"

# Before and after; None where everything below the imports stays.
CASES = {
    "the shape stands first, as it does today": (
        LAYER
        + "class Clusters(Layer):\n    def build(self, shape):\n"
        + "        self.a = self.add_weight((3, shape[1]), initializer='glorot_uniform', name='clusters')\n"
        + "        self.b = self.add_weight((3, shape[1]), initializer='zeros')\n"
        + "        self.c = self.add_weight(shape, initializer='zeros')\n"
        + "        self.d = self.add_weight('d', shape, initializer='zeros')\n",
        NEW_LAYER
        + "class Clusters(Layer):\n    def build(self, shape):\n"
        + "        self.a = self.add_weight((3, shape[1]), initializer='glorot_uniform', name='clusters')\n"
        + "        self.b = self.add_weight((3, shape[1]), initializer='zeros')\n"
        + "        self.c = self.add_weight(shape, initializer='zeros')\n"
        + "        self.d = self.add_weight(name='d', shape=shape, initializer='zeros')\n",
    ),
    "metrics that cannot be seen, by position": (
        "from keras.models import Sequential\ndef train(given, layers):\n    model = Sequential(layers)\n"
        "    model.compile('sgd', 'mse', given)\n    return model.fit().history['acc']\n",
        "from tensorflow.keras.models import Sequential\nfrom tf_legacy import old_metrics\n"
        "def train(given, layers):\n    model = Sequential(layers)\n"
        "    model.compile('sgd', 'mse', metrics=old_metrics(given))\n    return model.fit().history['acc']\n",
    ),
    "the loss of get_updates, of models that are handed in": (
        "from keras import backend as K\ndef build(actor, critic, optimizer, state):\n"
        "    value = critic([state, actor(state)])\n"
        "    updates = optimizer.get_updates(params=actor.trainable_weights, loss=-K.mean(value))\n"
        "    return K.function([state], [actor(state)], updates=updates)\n",
        "from tensorflow.keras import backend as K\nfrom tf_legacy import optimizer_updates, function\n"
        "from tensorflow import keras\n"
        "def build(actor, critic, optimizer, state):\n"
        "    value = critic([state, actor(state)])\n"
        "    updates = optimizer_updates(optimizer, params=actor.trainable_weights, loss=-keras.ops.mean(value))\n"
        "    return function([state], [actor(state)], updates=updates)\n",
    ),
    "the optimizer of get_updates, made on the spot": (
        "from keras import backend as K\nfrom keras.optimizers import Adam\nfrom keras.models import Sequential\n"
        "def build(layers, loss):\n    model = Sequential(layers)\n"
        "    return K.function(model.inputs, [], Adam(lr=0.1).get_updates(loss, model.trainable_weights))\n",
        "from tensorflow.keras import backend as K\nfrom tf_legacy import function\n"
        "from tensorflow.keras.optimizers import Adam\n"
        "from tensorflow.keras.models import Sequential\nfrom tf_legacy import optimizer_updates\n"
        "def build(layers, loss):\n    model = Sequential(layers)\n"
        "    return function(model.inputs, [], optimizer_updates(Adam(learning_rate=0.1), loss, "
        "model.trainable_weights))\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_comes_out_as_it_must(name: str, tmp_path: Path) -> None:
    before, after = CASES[name]
    (tmp_path / "main.py").write_text(before, encoding="utf-8")
    run = migrate_paths([tmp_path], Settings(jobs=1), tmp_path)
    assert [file.text or before for file in run.files] == [after]
    assert not [f for file in run.files for f in file.findings if f.fix is None and f.severity.value == "error"]


def test_a_second_run_over_a_file_with_a_dead_name_changes_nothing(tmp_path: Path) -> None:
    main = tmp_path / "main.py"
    main.write_text(
        "from keras.callbacks import CSVLogger\nfrom keras.layers import Dense, Input, Nothing\n"
        "from keras.models import Model\nx = Input((2,))\nm = Model(x, [Dense(1)(x), Nothing(1)(x)])\n"
        "m.compile('sgd', ['mse', 'mse'])\nm.trainable = False\nm.fit(callbacks=[CSVLogger('log')])\n",
        encoding="utf-8",
    )
    write_run(migrate_paths([tmp_path], Settings(jobs=1), tmp_path))
    once = main.read_text(encoding="utf-8")
    assert "trainable_at_compile(output_losses(m)).compile" in once
    write_run(migrate_paths([tmp_path], Settings(jobs=1), tmp_path))
    assert main.read_text(encoding="utf-8") == once
