"""Model files of old Kerases: they load in the migrated project, or the finding says what to do, and that is true.

The files of `data/models` were really written by Keras 1.2.2, 2.2.5, 2.3.1 and by tf.keras of TensorFlow 1.15 and 2.4.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import environments
import pytest
from environments import Environment

from tfkdoctor.support import module_text

FILES = Path(__file__).parent / "data" / "models"
ANSWERS = json.loads((FILES / "answers.json").read_text())
PROGRAM = """
import json, sys
import numpy as np
from tensorflow import keras
from tf_legacy import load_model
L = keras.layers
inputs = {"cnn": (np.arange(50) % 7 / 7.0).reshape(2, 5, 5, 1), "rnn": np.array([[1, 2, 3, 4], [6, 5, 0, 1]])}


def built(kind, new):
    if kind == "cnn":
        return keras.Sequential([keras.Input((5, 5, 1)), L.Conv2D(2, 3), L.BatchNormalization(), L.Activation("relu"),
                                 L.Flatten(), L.Dense(3, activation="softmax")])
    gates = {} if new else {"recurrent_activation": lambda x: keras.ops.clip(0.2 * x + 0.5, 0, 1)}
    return keras.Sequential([keras.Input((4,)), L.Embedding(7, 3),
                             L.GRU(2, return_sequences=True, reset_after=new, **gates), L.LSTM(2, **gates), L.Dense(1)])


for way, path in [one.split(":") for one in sys.argv[1:]]:
    kind, by = path.split(".")[0].rsplit("/", 1)[-1].split("_")
    if way == "load_model":
        model = load_model(path, compile=False)
    else:
        model = built(kind, by == "tf24")
        model.load_weights(path)
    print("ANSWER", json.dumps(model.predict(inputs[kind], verbose=0).ravel().tolist()))
"""


@pytest.mark.legacy
def test_each_file_loads_or_is_told_what_to_do(newest: Environment, tmp_path: Path) -> None:
    project = shutil.copytree(FILES, tmp_path / "project", ignore=shutil.ignore_patterns("*.py", "*.json"))
    (project / "net.py").write_text("from keras.layers import Dense\n")
    command = [sys.executable, "-m", "tfkdoctor", "migrate", ".", "--validate", "models", "--format", "json"]
    done = subprocess.run([*command, "--python", str(newest.python)], cwd=project, capture_output=True, text=True)
    found = {
        f["path"]: (f["code"], f["help"]) for f in json.loads(done.stdout)["findings"] if str(f["path"]).endswith(".h5")
    }
    told = {
        path: (code, "Keras 2.2.5" in text or "make" in text, "load_weights" in text)
        for path, (code, text) in found.items()
    }
    assert told == {
        "cnn_k122.h5": ("TFK028", False, False),
        "cnn_k225.h5": ("TFK028", False, False),
        "cnn_k231.h5": ("TFK028", False, False),
        "cnn_tf115.h5": ("TFK028", False, False),
        "rnn_k122.h5": ("TFK028", False, False),
        "rnn_k225.h5": ("TFK028", False, False),
        "rnn_k231.h5": ("TFK028", False, False),
        "rnn_tf115.h5": ("TFK028", False, False),
        "rnn_tf24.h5": ("TFK028", False, False),
    }


@pytest.mark.legacy
def test_every_file_gives_its_own_answers_again(newest: Environment, tmp_path: Path) -> None:
    """With the support code, as the findings say; the weights of some alone, in a model of today."""
    shutil.copytree(FILES, tmp_path / "models")
    (tmp_path / "tf_legacy.py").write_text(module_text(["load_model"], None))
    (tmp_path / "program.py").write_text(PROGRAM)
    names = [f"{kind}_{by}" for kind in ("cnn", "rnn") for by in ("k122", "k225", "k231", "tf115", "tf24")]
    alone = [
        f"load_weights:models/{name}.h5" for name in ("cnn_k122", "cnn_tf115", "rnn_tf115", "cnn_tf24", "rnn_tf24")
    ]
    ways = [f"load_model:models/{name}.h5" for name in names] + alone
    printed = environments.run(newest, ["program.py", *ways], tmp_path)
    answers = [json.loads(line.removeprefix("ANSWER ")) for line in printed.splitlines() if line.startswith("ANSWER")]
    for way, answer in zip(ways, answers, strict=True):
        kind, by = Path(way).stem.split("_")
        assert answer == pytest.approx(ANSWERS[by][kind], abs=2e-5), way
