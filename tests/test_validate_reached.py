"""Level index: names behind `getattr`, variables, star imports and re-exports of the project."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BEFORE = "import tensorflow as tf\nfrom tensorflow import keras\nL = keras.layers\n"


def findings(folder: Path, text: str) -> list[tuple[str, int | None]]:
    """Code and line of the errors in a file that holds this text."""
    (folder / "net.py").write_text(text)
    command = [sys.executable, "-m", "tfkdoctor", "migrate", ".", "--format", "json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    report = json.loads(done.stdout)
    return [(f["code"], f["line"]) for f in report["findings"] if f["severity"] == "error" and not f["mended"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BEFORE + "x = getattr(keras.layers, 'CuDNNLSTM')(3)\n", [("TFK202", 4)]),
        (BEFORE + "x = getattr(L, 'CuDNNLSTM')\n", [("TFK202", 4)]),
        (BEFORE + "x = getattr(L, 'Dense')(3, init='uniform')\n", [("TFK304", 4)]),
        (BEFORE + "x = L.NoSuchLayer(3)\n", [("TFK202", 4)]),
        (BEFORE + "x = keras.optimizers.Adam(0.1, lr_typo=3)\n", [("TFK304", 4)]),
        (
            "from tensorflow.keras.layers import *\nx = Dense(3)\ny = Merge([x])\nz = Highway()\n",
            [("TFK202", 3), ("TFK202", 4)],
        ),
        # What a program itself expects to be missing, or binds by itself, is no finding.
        (BEFORE + "x = getattr(L, 'CuDNNLSTM', None)\n", []),
        (BEFORE + "x = getattr(L, 'Dense')(3, kernel_initializer='zeros')\n", []),
        (BEFORE + "if hasattr(L, 'CuDNNLSTM'):\n    x = getattr(L, 'CuDNNLSTM')\n", []),
        ("from tensorflow.keras.layers import *\nfrom mine import *\ny = Merge([1])\n", []),
        ("from tensorflow.keras.layers import *\ndef Merge(x):\n    return x\ny = Merge([1])\n", []),
        ("from tensorflow.keras.layers import *\nprint(nothing_of_keras)\n", []),
    ],
)
def test_how_names_are_reached(tmp_path: Path, text: str, expected: list[tuple[str, int]]) -> None:
    assert findings(tmp_path, text) == expected


def test_a_name_that_the_project_hands_on(tmp_path: Path) -> None:
    (tmp_path / "hub.py").write_text("from tensorflow.keras import layers as KL\n")
    assert findings(tmp_path, "from hub import KL\nx = KL.NoSuchLayer(3)\ny = KL.Dense(3, output_dim=4)\n") == [
        ("TFK202", 2),
        ("TFK304", 3),
    ]
