"""Programs of TensorFlow 1: which mode each gets, how its imports are written, where v2 behaviour is switched off.

`after` holds the whole text of each named file after the run (one that must stay is named with its old text); `says`
are codes among the findings that are left. A second run changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tfkdoctor.model import FileResult, Settings, Severity
from tfkdoctor.report.style import Style
from tfkdoctor.report.text import fallback_lines
from tfkdoctor.run import migrate_paths


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    says: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tf1: str = "auto"


V1 = "import tensorflow.compat.v1 as tf\n"
OFF = V1 + "tf.disable_v2_behavior()\ntf.enable_resource_variables()\n"
TF = "import tensorflow as tf\n"
SWITCH = (
    "from tensorflow.compat.v1 import disable_v2_behavior, enable_resource_variables\n"
    "disable_v2_behavior()\nenable_resource_variables()\n"
)
RUN = "print(tf.Session())\n"
W = "def w():\n    return tf.get_variable('w', [1])\n"
GUARDED = "try:\n    image = tf.image_summary\nexcept AttributeError:\n    image = tf.summary.image\n"
GUARD = "def main():\n    return tf.Session()\nif __name__ == '__main__':\n"

TESTED = (
    "class T(tf.test.TestCase):\n    def test(self):\n        with self.test_session() as sess:\n"
    "            self.assertEqual(sess.run(tf.ones([])), 1)\n"
)

CASES = [
    Case("a session of TensorFlow's test case", {"ops_test.py": TF + TESTED}, {"ops_test.py": OFF + TESTED}),
    Case(
        "a test case that evaluates in either mode",
        {"ops_test.py": TF + TESTED.replace("sess.run", "self.evaluate")},
        {"ops_test.py": TF + TESTED.replace("sess.run", "self.evaluate")},
    ),
    Case("a program of one file", {"m.py": TF + RUN}, {"m.py": OFF + RUN}, {"m.py": frozenset({"TFK710"})}),
    Case(
        "the package under its own name",
        {"m.py": "import tensorflow\nprint(tensorflow.Session(), tensorflow.log)\n"},
        {
            "m.py": "import tensorflow.compat.v1 as tensorflow\ntensorflow.disable_v2_behavior()\n"
            "tensorflow.enable_resource_variables()\n"
            "print(tensorflow.Session(), tensorflow.log)\n"
        },
    ),
    Case(
        "among other imports",
        {"m.py": "import numpy as np, tensorflow as tf, os  # all\n" + RUN},
        {
            "m.py": "import tensorflow.compat.v1 as tf\nimport numpy as np, os  # all\n"
            + "tf.disable_v2_behavior()\ntf.enable_resource_variables()\n"
            + RUN
        },
    ),
    Case(
        "names, private modules, the package last",
        {
            "m.py": "from tensorflow import placeholder as p, float32\nfrom tensorflow.python.ops import array_ops\n"
            + TF
            + "print(p(float32), array_ops.zeros([1]))\n"
        },
        {
            "m.py": "from tensorflow.compat.v1 import placeholder as p, float32\n"
            + OFF
            + "print(p(float32), tf.zeros([1]))\n"
        },
    ),
    Case(
        "everything at once",
        {"m.py": "from tensorflow import *\nprint(Session().run(placeholder(float32)))\n"},
        {"m.py": SWITCH + "from tensorflow.compat.v1 import *\nprint(Session().run(placeholder(float32)))\n"},
    ),
    Case(
        "an import within a function",
        {"m.py": "import os\ndef main():\n    import tensorflow as tf\n    return tf.Session()\nmain()\n"},
        {
            "m.py": "import os\n" + SWITCH + "def main():\n    import tensorflow.compat.v1 as tf\n"
            "    return tf.Session()\nmain()\n"
        },
    ),
    Case(
        "an import where the program begins",
        {"m.py": GUARD + "    import tensorflow as tf\n    main()\n"},
        {
            "m.py": GUARD
            + "    import tensorflow.compat.v1 as tf\n    tf.disable_v2_behavior()\n"
            + "    tf.enable_resource_variables()\n    main()\n"
        },
    ),
    Case(
        "a variable asked for by the name of its tensor stays a reference, in all of the program",
        {
            "main.py": "import net\n" + TF + "print(tf.Session().run('net/scale:0'))\n",
            "net.py": TF + "v = tf.Variable(1.0, name='scale')\n",
        },
        {
            "main.py": V1 + "tf.disable_v2_behavior()\nimport net\n" + V1 + "print(tf.Session().run('net/scale:0'))\n",
            "net.py": V1 + "v = tf.Variable(1.0, name='scale')\n",
        },
    ),
    Case(
        "a placeholder asked for by its name does not",
        {"m.py": TF + "p = tf.placeholder(tf.float32, name='scale')\nprint(tf.Session().run('scale:0', {p: 1.0}))\n"},
        {"m.py": OFF + "p = tf.placeholder(tf.float32, name='scale')\nprint(tf.Session().run('scale:0', {p: 1.0}))\n"},
    ),
    Case(
        "a module that makes a graph is imported first",
        {"main.py": "import net\n" + TF + RUN, "net.py": TF + "x = tf.placeholder(tf.float32)\n"},
        {"main.py": OFF + "import net\n" + V1 + RUN, "net.py": V1 + "x = tf.placeholder(tf.float32)\n"},
    ),
    Case(
        "an entry point that says nothing of TensorFlow",
        {
            "main.py": '"""Doc."""\nfrom net import run\nif __name__ == "__main__":\n    run()\n',
            "net.py": TF + "def run():\n    return tf.Session()\n",
        },
        {
            "main.py": '"""Doc."""\n' + SWITCH + 'from net import run\nif __name__ == "__main__":\n    run()\n',
            "net.py": V1 + "def run():\n    return tf.Session()\n",
        },
    ),
    Case(
        "a library: its callers must",
        {
            "pkg/__init__.py": "from pkg.net import w\n",
            "pkg/net.py": TF + W,
        },
        {
            "pkg/__init__.py": "from pkg.net import w\n",
            "pkg/net.py": V1 + W,
        },
        {"pkg/__init__.py": frozenset({"TFK713"}), "pkg/net.py": frozenset()},
    ),
    Case(
        "tests are programs",
        {
            "net.py": TF + W,
            "test_net.py": TF + "import net\ndef test():\n    assert tf.Session().run(net.w())\n",
        },
        {
            "net.py": V1 + W,
            "test_net.py": OFF + "import net\ndef test():\n    assert tf.Session().run(net.w())\n",
        },
        {"net.py": frozenset()},
    ),
    Case(
        "an eager program keeps TensorFlow 2 beside one in graph mode",
        {
            "a.py": TF + "import util\nprint(tf.Session(), util.f(1))\n",
            "b.py": TF + "import util\nprint(util.f(2), tf.log(1.0))\n",
            "util.py": TF + "def f(x):\n    return tf.to_float(x)\n",
        },
        {
            "a.py": OFF + "import util\nprint(tf.Session(), util.f(1))\n",
            "b.py": TF + "import util\nprint(util.f(2), tf.math.log(1.0))\n",
            "util.py": V1 + "def f(x):\n    return tf.to_float(x)\n",
        },
    ),
    Case(
        "Keras models want eager execution",
        {"m.py": TF + "x = tf.placeholder(tf.float32)\ny = tf.keras.layers.Dense(1)(x)\n" + RUN},
        {"m.py": TF + "x = tf.placeholder(tf.float32)\ny = tf.keras.layers.Dense(1)(x)\n" + RUN},
        {"m.py": frozenset({"TFK701"})},
    ),
    Case(
        "data sets of Keras are no models",
        {"m.py": TF + "from tensorflow.keras.datasets import mnist\nprint(mnist, tf.keras.utils.get_file)\n" + RUN},
        {"m.py": OFF + "from tensorflow.keras.datasets import mnist\nprint(mnist, tf.keras.utils.get_file)\n" + RUN},
    ),
    Case(
        "switched off already",
        {"m.py": OFF + "import net\nprint(net.x)\n", "net.py": TF + "x = tf.placeholder(tf.float32)\n"},
        {"m.py": OFF + "import net\nprint(net.x)\n", "net.py": V1 + "x = tf.placeholder(tf.float32)\n"},
    ),
    Case(
        "a module that lists what it gives",
        {
            "m.py": TF + "from tensorflow.contrib import learn\n__all__ = ['mode', 'other']\n"
            "mode = learn.ModeKeys.EVAL\n" + RUN,
            "n.py": TF
            + "from tensorflow.contrib import learn\n__all__ = ['learn']\nmode = learn.ModeKeys.EVAL\n"
            + RUN,
            "o.py": TF + "from tensorflow.contrib import learn\n__all__ = ['mode']\n__all__ += ['x']\n"
            "mode = learn.ModeKeys.EVAL\n" + RUN,
        },
        {
            "m.py": OFF + "from tf_legacy import LearnModeKeys\n__all__ = ['mode', 'other']\n"
            "mode = LearnModeKeys.EVAL\n" + RUN,
        },
        {
            "m.py": frozenset({"TFK710"}),
            "n.py": frozenset({"TFK710", "TFK719"}),
            "o.py": frozenset({"TFK710", "TFK719"}),
        },
    ),
    Case(
        "a module that bears its package's name",
        {
            "net/__init__.py": "",
            "net/net.py": TF + "from . import model\nif __name__ == '__main__':\n    print(model.run())\n",
            "net/model.py": TF + "def run():\n    return tf.Session()\n",
        },
        {
            "net/net.py": OFF + "from . import model\nif __name__ == '__main__':\n    print(model.run())\n",
            "net/model.py": V1 + "def run():\n    return tf.Session()\n",
        },
        {"net/net.py": frozenset({"TFK710"}), "net/model.py": frozenset()},
    ),
    Case(
        "what the program handles itself",
        {
            "m.py": TF + GUARDED + RUN,
        },
        {
            "m.py": OFF + GUARDED + RUN,
        },
        {"m.py": frozenset({"TFK710", "TFK204"})},
    ),
    Case(
        "values, aliases and modules of contrib",
        {
            "m.py": TF + "import tensorflow.contrib.lookup as lookup\nfrom tensorflow.contrib import training\n"
            "seq = tf.contrib.seq2seq\nmake = lookup.index_table_from_tensor\nloss = seq.sequence_loss\n"
            "h = training.HParams(a=1)\n" + RUN
        },
        {
            "m.py": V1
            + "from tf_legacy import sequence_loss\ntf.disable_v2_behavior()\ntf.enable_resource_variables()\n"
            "from tf_legacy import index_table_from_tensor\nfrom tf_legacy import HParams\n"
            "make = index_table_from_tensor\nloss = sequence_loss\nh = HParams(a=1)\n" + RUN
        },
    ),
    Case(
        "what nothing replaces stays, and in a second run the session that evaluates it",
        {"m.py": TF + "x = tf.contrib.image.connected_components([[1.0]])\nsess = tf.Session()\nprint(sess.run(x))\n"},
        {"m.py": OFF + "x = tf.contrib.image.connected_components([[1.0]])\nsess = tf.Session()\nprint(sess.run(x))\n"},
        {"m.py": frozenset({"TFK710", "TFK719"})},
    ),
    Case(
        "old keywords of compat.v1 are right there, in a second run too",
        {"m.py": TF + "print(tf.Session().run(tf.reduce_sum([[1.0]], reduction_indices=1)))\n"},
        {"m.py": OFF + "print(tf.Session().run(tf.reduce_sum([[1.0]], reduction_indices=1)))\n"},
    ),
    Case(
        "an eager program with layers that nothing replaces there",
        {"m.py": TF + "tf.enable_eager_execution()\nprint(tf.to_float(1), tf.layers.dense(X, 3))\n"},
        {"m.py": TF + "tf.compat.v1.enable_eager_execution()\nprint(tf.cast(1, tf.float32), tf.layers.dense(X, 3))\n"},
        {"m.py": frozenset({"TFK204"})},
    ),
    Case(
        "eager programs are native",
        {"m.py": TF + "tf.enable_eager_execution()\no = tf.train.AdamOptimizer(0.1)\nprint(tf.log(1.0), o)\n"},
        {"m.py": "from tf_legacy import AdamOptimizer\n" + TF + "o = AdamOptimizer(0.1)\nprint(tf.math.log(1.0), o)\n"},
    ),
    Case(
        "native where nothing needs graph mode",
        {"m.py": TF + "print(tf.log(1.0))\n"},
        {"m.py": TF + "print(tf.math.log(1.0))\n"},
    ),
    Case(
        "compat where it is wished",
        {"m.py": TF + "print(tf.log(1.0))\n"},
        {"m.py": OFF + "print(tf.log(1.0))\n"},
        tf1="compat",
    ),
    Case(
        "native cannot lift sessions: a warning",
        {"m.py": TF + RUN},
        {"m.py": OFF + RUN},
        {"m.py": frozenset({"TFK710"})},
        tf1="native",
    ),
    Case(
        "modern code that only speaks of compat.v1",
        {"m.py": TF + "tf.compat.v1.disable_eager_execution()\nx = tf.compat.v1.placeholder(tf.float32)\nprint(x)\n"},
        {"m.py": TF + "tf.compat.v1.disable_eager_execution()\nx = tf.compat.v1.placeholder(tf.float32)\nprint(x)\n"},
        {"m.py": frozenset()},
    ),
]


def written(folder: Path, tf1: str) -> Mapping[str, FileResult]:
    """Migrate a folder and write what changes."""
    run = migrate_paths([folder], Settings(jobs=1, tf1=tf1), folder)
    for result in run.files:
        if result.text is not None:
            (folder / result.path).write_text(result.text, "utf-8", newline="")
    for path, text in run.support.items():
        (folder / path).write_text(text, "utf-8")
    return {result.path: result for result in run.files}


@pytest.mark.parametrize("case", CASES, ids=[c.name for c in CASES])
def test_a_program_of_the_first_api(case: Case, tmp_path: Path) -> None:
    for path, text in case.before.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    results = written(tmp_path, case.tf1)
    assert {path: (tmp_path / path).read_text("utf-8") for path in case.after} == dict(case.after)
    for path, codes in case.says.items():
        assert {f.code for f in results[path].findings if f.fix is None} == codes
    again = written(tmp_path, "auto")
    assert [path for path, result in again.items() if result.text is not None] == []


@pytest.mark.parametrize(
    ("attempt", "caught", "severity"),
    [
        ("tf.nn.conv2d", "AttributeError", Severity.HINT),
        ("tf.nn.conv2d", "(ImportError, AttributeError)", Severity.HINT),
        ("tf.nn.conv2d", "ValueError", Severity.ERROR),
        ("tf.nn.conv2d", "Exception", Severity.ERROR),  # whatever may go wrong in the attempt leads here
        ("tf.nn.no_such", "AttributeError", Severity.ERROR),
        ("load()", "AttributeError", Severity.ERROR),
    ],
)
def test_a_gone_name_that_only_older_releases_reach_is_a_hint(
    attempt: str, caught: str, severity: Severity, tmp_path: Path
) -> None:
    text = f"{TF}{RUN}try:\n    make = {attempt}\nexcept {caught}:\n    make = tf.nn.deconv2d\n"
    (tmp_path / "m.py").write_text(text)
    found = [f for r in written(tmp_path, "auto").values() for f in r.findings if "nn.deconv2d" in f.message]
    assert [f.severity for f in found] == [severity]


def test_every_fallback_to_compat_is_counted_with_its_reason(tmp_path: Path) -> None:
    texts = {"a.py": TF + RUN, "b.py": TF + RUN, "c.py": TF + "print(tf.placeholder(tf.float32))\n", "d.py": TF + W}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, "utf-8")
    run = migrate_paths([tmp_path], Settings(), tmp_path)
    assert [(one.path, one.reason, one.program) for one in run.fallbacks] == [
        ("a.py", "tensorflow.Session in a.py", True),
        ("b.py", "tensorflow.Session in b.py", True),
        ("c.py", "tensorflow.placeholder in c.py", True),
        ("d.py", "tensorflow.get_variable in d.py", False),
    ]
    assert fallback_lines(run.fallbacks, Style()) == [
        "  3 programs and 1 module of no program on tensorflow.compat.v1: 2 for tensorflow.Session, "
        "1 for tensorflow.get_variable, 1 for tensorflow.placeholder"
    ]
