"""Estimators, decoders and what stands beside them, in the forms in which programs write their names.

`after` holds the whole text of each named file after the run; `says` are codes of the errors among the findings that
are left. A second run changes nothing.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from test_rules_tf1 import OFF, RUN, TF, Case, written

from tfkdoctor.model import Severity

CASES = [
    Case(
        "names of the package, one by one",
        {
            "m.py": TF
            + "from tensorflow.estimator import Estimator, ModeKeys as MK\nEstimator(lambda features: MK.EVAL)\n"
        },
        {"m.py": OFF + "from tf_legacy import Estimator, ModeKeys as MK\nEstimator(lambda features: MK.EVAL)\n"},
    ),
    Case(
        "under a name, in an attribute and as a base",
        {
            "m.py": TF
            + "est = tf.estimator\nclass Model(est.Estimator):\n    modes = est.ModeKeys\n"
            + "def f(mode=tf.estimator.ModeKeys.TRAIN):\n    return mode\n"
        },
        {
            "m.py": "import tensorflow.compat.v1 as tf\nfrom tf_legacy import Estimator, ModeKeys\n"
            + "class Model(Estimator):\n    modes = ModeKeys\n"
            + "def f(mode=ModeKeys.TRAIN):\n    return mode\n"
        },
    ),
    Case(
        "private modules of contrib",
        {"m.py": TF + "from tensorflow.contrib.tpu.python.tpu import tpu_config\nc = tpu_config.TPUConfig(8)\n" + RUN},
        {"m.py": OFF + "from tf_legacy import TPUConfig\nc = TPUConfig(8)\n" + RUN},
    ),
    Case(
        "the first API by its name",
        {"m.py": OFF + "config = tf.estimator.RunConfig(tf_random_seed=1)\n"},
        {"m.py": "from tf_legacy import RunConfig\n" + OFF + "config = RunConfig(tf_random_seed=1)\n"},
    ),
    Case(
        "hooks of estimators are those of training",
        {"m.py": TF + "hook = tf.estimator.LoggingTensorHook({}, every_n_iter=1)\n" + RUN},
        {"m.py": OFF + "hook = tf.train.LoggingTensorHook({}, every_n_iter=1)\n" + RUN},
    ),
    Case(
        "a decoder of the program's own",
        {"m.py": TF + "from tensorflow.contrib.seq2seq import Helper\nclass Mine(Helper):\n    pass\n" + RUN},
        {"m.py": OFF + "from tf_legacy import Helper\nclass Mine(Helper):\n    pass\n" + RUN},
    ),
    Case(
        "what nothing stands for",
        {
            "m.py": TF
            + "m = tf.contrib.learn.DNNClassifier([3], [])\ntf.contrib.seq2seq.LuongMonotonicAttention(1, m)\n"
            + RUN
        },
        {
            "m.py": OFF
            + "m = tf.contrib.learn.DNNClassifier([3], [])\ntf.contrib.seq2seq.LuongMonotonicAttention(1, m)\n"
            + RUN
        },
        {"m.py": frozenset({"TFK719"})},
    ),
    Case(
        "several devices",
        {"m.py": TF + "c = tf.estimator.RunConfig(train_distribute=s())\n" + RUN},
        {},
        {"m.py": frozenset({"TFK784"})},
    ),
    Case(
        "modules of the hub, under any name",
        {"m.py": "from tensorflow_hub import Module as M, KerasLayer\nembed, layer = M('a'), KerasLayer('b')\n"},
        {"m.py": "from tensorflow_hub import Module as M, KerasLayer\nembed, layer = M('a'), KerasLayer('b')\n"},
        {"m.py": frozenset({"TFK787"})},
    ),
    Case(
        "a Keras program keeps its eager execution, and its estimator is told",
        {"m.py": TF + "from keras.layers import Dense\nprint(Dense(1), tf.estimator.Estimator(lambda features: 1))\n"},
        {},
        {"m.py": frozenset({"TFK204"})},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[c.name for c in CASES])
def test_an_estimator_in_any_form(case: Case, tmp_path: Path) -> None:
    for path, text in case.before.items():
        (tmp_path / path).write_text(text, "utf-8")
    results = written(tmp_path, case.tf1)
    assert {path: (tmp_path / path).read_text("utf-8") for path in case.after} == dict(case.after)
    for path, codes in case.says.items():
        left = {f.code for f in results[path].findings if f.fix is None and f.severity is Severity.ERROR}
        assert left == codes
    again = written(tmp_path, "auto")
    assert [path for path, result in again.items() if result.text is not None] == []
