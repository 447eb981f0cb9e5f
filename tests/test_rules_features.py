"""Optimizers with updates, several GPUs, recurrent steps and what else programs made of their own: what comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfkdoctor.model import Settings
from tfkdoctor.run import migrate_paths

OPTIMIZER = """from keras import backend as K
from keras.optimizers import {name}
class Own({name}):
    def get_updates(self, loss, params):
        return [K.update(p, p - g) for p, g in zip(params, self.get_gradients(loss, params))]
"""

CASES = {
    "an optimizer by its module": (
        "import keras\nclass Own(keras.optimizers.Optimizer):\n    pass\n",
        "class Own(with_get_updates(keras.optimizers.Optimizer)):\n",
    ),
    "a subclass of a built-in optimizer": (OPTIMIZER.format(name="Adam"), "class Own(with_get_updates(Adam)):\n"),
    "a base class that is handed in": (
        "from keras import backend as K\nfrom keras.optimizers import Adam\n"
        "def extend(base):\n    class New(base):\n        def get_updates(self, loss, params):\n"
        "            return super(New, self).get_updates(loss, params)\n    return New\nAdamW = extend(Adam)\n",
        "    class New(with_get_updates(base)):\n",
    ),
    "decorators that translated arguments go": (
        "from keras import backend as K\nfrom keras.legacy import interfaces\nfrom keras.optimizers import Optimizer\n"
        "class Own(Optimizer):\n    @interfaces.legacy_get_updates_support\n    @K.symbolic\n"
        "    def get_updates(self, loss, params):\n        return []\n",
        "class Own(with_get_updates(Optimizer)):\n    def get_updates",
    ),
    "GPUs by number": (
        "from keras.applications import VGG16\nfrom keras.utils.training_utils import multi_gpu_model\n"
        "def main():\n    base = VGG16(weights=None)\n    model = multi_gpu_model(base, gpus=[0, 1])\n",
        "    use_gpus([0, 1])\n    base = VGG16(weights=None)\n    model = base\n",
    ),
    "GPUs by a name stay out of the strategy": (
        "import keras\ndef main(n):\n    model = keras.Sequential()\n"
        "    model = keras.utils.multi_gpu_model(model, gpus=n)\n",
        "    model = keras.Sequential()\n    model = model\n",
    ),
    "a recurrent layer of one's own": (
        "from keras.layers.recurrent import Recurrent, _time_distributed_dense as dense\n"
        "class Own(Recurrent):\n    def preprocess_input(self, x, training=None):\n        return dense(x, self.w)\n",
        "class Own(Recurrent):\n",
    ),
}

FINDINGS = {
    "a tensor of the constructor": (
        OPTIMIZER.format(name="Optimizer") + "    def __init__(self, optimizer):\n        self.optimizer = optimizer\n"
        "        self.lr = K.switch(self.optimizer.lr > 0, self.optimizer.lr, 0.0)\n",
        {"TFK341"},
    ),
    "a replica among the layers": (
        "from keras.models import load_model\nfrom keras.utils import multi_gpu_model\nmodel = load_model('m.h5')\n"
        "parallel = multi_gpu_model(model, 2)\nparallel.layers[-2].save_weights('w.h5')\n",
        {"TFK342"},
    ),
    "an update of a target network": (
        "from keras import backend as K\nfrom keras.models import load_model\n"
        "a, b = load_model('a.h5'), load_model('b.h5')\n"
        "updates = []\nfor x, y in zip(a.weights, b.weights):\n    updates.append(K.update(x, y))\n",
        {"TFK348"},
    ),
    "a loss of a graph": (
        "from keras.models import load_model\nmodel = load_model('a.h5')\nprint(model.total_loss)\n",
        {"TFK347"},
    ),
}

STAYS = {
    "modern optimizers": "import tensorflow as tf\nclass Own(tf.keras.optimizers.Optimizer):\n"
    "    def update_step(self, gradient, variable, learning_rate):\n        pass\n",
    "a class of another library": "from own import Optimizer\nclass A(Optimizer):\n"
    "    def step(self):\n        return []\n",
}


def _migrated(program: str, folder: Path, unsafe: bool = False) -> tuple[str, set[str]]:
    (folder / "m.py").write_text(program, "utf-8")
    settings = Settings(jobs=1, source=("keras==2.2.5",), unsafe=unsafe)
    result = next(f for f in migrate_paths([folder], settings, folder).files if f.path.endswith("m.py"))
    return result.text or program, {f.code for f in result.findings}


@pytest.mark.parametrize("name", CASES)
def test_a_feature_is_rewritten(name: str, tmp_path: Path) -> None:
    before, after = CASES[name]
    assert after in _migrated(before, tmp_path)[0]


@pytest.mark.parametrize("name", FINDINGS)
def test_what_cannot_be_rewritten_is_told(name: str, tmp_path: Path) -> None:
    before, codes = FINDINGS[name]
    assert codes <= _migrated(before, tmp_path)[1]


@pytest.mark.parametrize("name", STAYS)
def test_what_is_no_legacy_feature_stays(name: str, tmp_path: Path) -> None:
    assert _migrated(STAYS[name], tmp_path) == (STAYS[name], set())


AGENT = (
    "import numpy as np\nfrom keras.models import load_model\nmodel = load_model('m.h5')\n"
    "def act(state):\n    return np.argmax(model.predict(state, verbose=0)[0])\n"
    "def judge(x):\n    return model.predict(x)\n"
)


def test_predict_of_one_step_is_offered_another_call(tmp_path: Path) -> None:
    text, codes = _migrated(AGENT, tmp_path)
    assert "predict_on_batch" not in text
    assert "TFK349" in codes
    text, _ = _migrated(AGENT, tmp_path, unsafe=True)
    assert "np.argmax(model.predict_on_batch(state)[0])" in text
    assert "return model.predict(x)" in text
