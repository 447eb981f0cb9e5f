"""Session code in programs of Keras models: what goes in, and what must come out; and what must stay as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfkdoctor.model import Settings
from tfkdoctor.run import migrate_paths

TF = "import tensorflow as tf\nfrom keras import backend as K\nfrom keras.models import load_model\n"
GROWTH = "for gpu in tf.config.list_physical_devices('GPU'):\n    tf.config.experimental.set_memory_growth(gpu, True)\n"

CASES = {
    "options within one expression": (
        "K.set_session(tf.Session(config=tf.ConfigProto(gpu_options=tf.GPUOptions(allow_growth=True))))\n",
        GROWTH,
    ),
    "options through a function": (
        "def get_session():\n    config = tf.ConfigProto()\n    config.gpu_options.allow_growth = True\n"
        "    return tf.Session(config=config)\nK.tensorflow_backend.set_session(get_session())\n",
        "def get_session():\n    for gpu in tf.config.list_physical_devices('GPU'):\n"
        "        tf.config.experimental.set_memory_growth(gpu, True)\nget_session()\n",
    ),
    "no GPU, and threads": (
        "config = tf.ConfigProto(device_count={'GPU': 0}, inter_op_parallelism_threads=2)\n"
        "K.set_session(tf.Session(config=config))\n",
        "tf.config.set_visible_devices([], 'GPU')\ntf.config.threading.set_inter_op_parallelism_threads(2)\n",
    ),
    "options after the first operation have no effect": (
        "model = load_model('m.h5')\n"
        "K.set_session(tf.Session(config=tf.ConfigProto(intra_op_parallelism_threads=1)))\n",
        "model = load_model('m.h5')\n",
    ),
    "contexts around a server's model": (
        "class Server:\n    def __init__(self):\n        self.graph = tf.get_default_graph()\n"
        "        self.sess = tf.Session()\n        with self.graph.as_default():\n"
        "            with self.sess.as_default():\n                self.model = load_model('m.h5')\n"
        "                self.model._make_predict_function()\n    def predict(self, x):\n"
        "        with self.graph.as_default(), self.sess.as_default():\n            text = '''a\n            b'''\n"
        "            return self.model.predict(x,\n                                      batch_size=1)\n",
        "class Server:\n    def __init__(self):\n        self.model = load_model('m.h5')\n    def predict(self, x):\n"
        "        text = '''a\n            b'''\n"
        "        return self.model.predict(x,\n                                  batch_size=1)\n",
    ),
    "a context beside another one, and one without anything left": (
        "sess = K.get_session()\nwith sess.as_default(), open('x') as f:\n    print(f)\n"
        "with sess.as_default():\n    sess.run(tf.global_variables_initializer())\n",
        "with open('x') as f:\n    print(f)\n",
    ),
    "a block that would be empty": (
        "if K.backend() == 'tensorflow':\n    K.set_session(tf.Session())\n    K.set_learning_phase(0)\n",
        "if K.backend() == 'tensorflow':\n    pass\n",
    ),
    "a graph that is returned": (
        "def init():\n    model = load_model('m.h5')\n    graph = tf.get_default_graph()\n    return model, graph\n"
        "model, graph = init()\n",
        "def init():\n    model = load_model('m.h5')\n    graph = None\n    return model, graph\n"
        "model, graph = init()\n",
    ),
    "values": (
        "v = K.variable(1.0)\nsess = K.get_session()\n"
        "print(sess.run([v, v + 1]), v.eval(session=sess), K.sum(v).eval(), sess.run(load_model('m.h5').weights))\n",
        "v = K.variable(1.0)\nprint([v.numpy(), (v + 1).numpy()], v.numpy(), K.sum(v).numpy(), "
        "[value.numpy() for value in load_model('m.h5').weights])\n",
    ),
    "a model's tensors, given its input": (
        "m = load_model('m.h5')\n"
        "print(K.get_session().run(m.output, feed_dict={m.input: [[1.0]], K.learning_phase(): 0}))\n",
        "m = load_model('m.h5')\nprint(tf.keras.Model(input_of(m), output_of(m)).predict_on_batch([[1.0]]))\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_session_code_goes(name: str, tmp_path: Path) -> None:
    before, after = CASES[name]
    (tmp_path / "m.py").write_text(TF + before, "utf-8")
    (result,) = migrate_paths([tmp_path], Settings(jobs=1), tmp_path).files
    assert result.text is not None
    assert _body(result.text) == after
    (tmp_path / "m.py").write_text(result.text, "utf-8")
    (again,) = migrate_paths([tmp_path], Settings(jobs=1), tmp_path).files
    assert again.text is None


def _body(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(("import ", "from ")))


STAYS = {
    "an initialization after weights were loaded": (
        "m = load_model('m.h5')\nK.get_session().run(tf.global_variables_initializer())\n",
        "TFK703",
    ),
    "a value that may have changed since": (
        "v = load_model('m.h5')\nt = K.sum(v.weights[0])\nv.fit([1], [1])\nprint(K.get_session().run(t))\n",
        "TFK703",
    ),
    "a session in somebody else's hands": (
        "import saver\nsess = tf.Session()\nK.set_session(sess)\nsaver.save(sess)\n",
        "TFK701",
    ),
    "a session that only its name shows": ("def run(sess, x):\n    return sess.run(x)\n", "TFK703"),
    "training with the phase of a test": (
        "K.set_learning_phase(0)\nm = load_model('m.h5')\nm.fit([1], [1])\n",
        "TFK704",
    ),
}


@pytest.mark.parametrize("name", STAYS)
def test_what_may_matter_is_reported(name: str, tmp_path: Path) -> None:
    before, code = STAYS[name]
    (tmp_path / "m.py").write_text(TF + before, "utf-8")
    (result,) = migrate_paths([tmp_path], Settings(jobs=1), tmp_path).files
    assert code in {f.code for f in result.findings}
    kept = before.splitlines()[-1] if code != "TFK704" else before.splitlines()[0]
    assert kept in (result.text or TF + before)


def test_a_graph_program_is_left_alone(tmp_path: Path) -> None:
    text = (
        "import tensorflow as tf\nimport keras\nx = tf.placeholder(tf.float32)\nwith tf.Session() as s:\n    s.run(x)\n"
    )
    (tmp_path / "m.py").write_text(text, "utf-8")
    (result,) = migrate_paths([tmp_path], Settings(jobs=1), tmp_path).files
    assert {"TFK701"} <= {f.code for f in result.findings}
    assert "tf.Session() as s" in (result.text or text)


def test_functions_of_the_first_api_in_a_graph_program_stay(tmp_path: Path) -> None:
    text = "import tensorflow as tf\nx = tf.placeholder(tf.float32)\n"
    text += "y = tf.where(x, x, x), tf.reduce_sum(x, keep_dims=True)\n"
    (tmp_path / "m.py").write_text(text, "utf-8")
    (result,) = migrate_paths([tmp_path], Settings(jobs=1), tmp_path).files
    assert result.text == text.replace("import tensorflow as tf", "import tensorflow.compat.v1 as tf")
