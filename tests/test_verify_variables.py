"""`tfkdoctor verify` of programs of TensorFlow 1 without Keras: their trainable variables, by name, to the end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import usable
from environments import KERAS2, NEWEST

from tfkdoctor.model import Settings
from tfkdoctor.validate import scratch, scripts
from tfkdoctor.validate.scripts import Account, Options, Side
from tfkdoctor.validate.verify import migrated

PROGRAM = """
import numpy as np
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 3])
y = tf.placeholder(tf.float32, [None, 1])
w = tf.get_variable('w', [3, 200], initializer=tf.truncated_normal_initializer(stddev=0.5))
b = tf.get_variable('b', [200], initializer=tf.zeros_initializer())
end = tf.Variable(tf.random_normal([200, 1]), name='end')
loss = tf.reduce_mean(tf.square(tf.matmul(tf.nn.relu(tf.matmul(x, w) + b), end) - y))
train = tf.train.AdamOptimizer(0.01).minimize(loss)
data = np.random.RandomState(0).rand(32, 3)
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    for step in range(20):
        session.run(train, {x: data, y: data.sum(1, keepdims=True)})
"""
TASK: dict[str, object] = {"task": "script", "script": "program.py", "args": []}
EAGER = """
import numpy as np
import tensorflow as tf
w = tf.Variable(tf.random.truncated_normal([3, 200], stddev=0.5))
b = tf.Variable(tf.zeros([200]))
end = tf.Variable(tf.random.normal([200, 1]))
data = np.random.RandomState(0).rand(32, 3).astype('float32')
optimizer = tf.keras.optimizers.Adam(0.01, epsilon=1e-8)
for step in range(20):
    with tf.GradientTape() as tape:
        answer = tf.nn.relu(data @ w + b) @ end
        loss = tf.reduce_mean(tf.square(answer - data.sum(1, keepdims=True)))
    optimizer.apply_gradients(zip(tape.gradient(loss, [w, b, end]), [w, b, end]))
"""


@dataclass(frozen=True)
class Bench:
    """The original, run once, and its migration."""

    folder: Path
    before: scripts.Ran

    def held(self, text: str) -> Account:
        """The account of another text in place of the migrated one."""
        place = f"run{len(list(self.folder.iterdir()))}"
        project = scratch.copy(self.folder / "new", self.folder / place)
        (project / "program.py").write_text(text)
        side = Side(str(usable(NEWEST).python), project)
        return scripts.compare(
            "program.py", self.before, self.folder / "old-run", side, TASK, self.folder / f"{place}-out"
        )

    def migrated(self, right: str = "", wrong: str = "") -> Account:
        """The account of the migrated program, with `wrong` in place of `right`."""
        text = (self.folder / "new" / "program.py").read_text()
        assert right in text, text
        return self.held(text.replace(right, wrong) if right else text)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("variables")
    for name in ("old", "new"):
        (folder / name).mkdir()
        (folder / name / "program.py").write_text(PROGRAM)
    migrated(folder / "new", Settings())
    old = Side(str(usable(KERAS2).python), folder / "old")
    return Bench(folder, scripts.run(old, TASK, folder / "old-run", None, Options()))


@pytest.mark.legacy
def test_variables_of_a_graph_end_alike(bench: Bench) -> None:
    """The two sides draw other numbers at the start: the new one takes the old one's."""
    account = bench.migrated()
    assert (account.trouble, account.differences) == ("", ())
    assert [(one.label, one.variables, one.alone) for one in account.models] == [("trainable variables (graph)", 3, ())]


@pytest.mark.legacy
@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("AdamOptimizer(0.01)", "AdamOptimizer(0.02)", "variable w, value "),
        ("stddev=0.5", "stddev=0.05", "variable w, initial weights: "),
        ("minimize(loss)", "minimize(loss, var_list=[w, b])", "variable end, way of its values in training: "),
    ],
    ids=["rate", "initial values", "a variable that never trains"],
)
def test_a_planted_fault_is_named(bench: Bench, right: str, wrong: str, told: str) -> None:
    account = bench.migrated(right, wrong)
    assert account.trouble == ""
    assert told in " | ".join(one.told() for one in account.differences)


@pytest.mark.legacy
def test_variables_without_a_partner_are_told(bench: Bench) -> None:
    account = bench.migrated("tf.get_variable('b'", "tf.get_variable('c'")
    assert account.models[0].variables == 3  # in order, since all shapes are the same
    account = bench.migrated("[200], init", "[1], init")
    assert [(one.variables, one.alone) for one in account.models] == [(2, ("b",))]


@pytest.mark.legacy
def test_variables_of_an_eager_program_end_alike(bench: Bench) -> None:
    account = bench.held(EAGER)
    assert (account.trouble, account.differences) == ("", ())
    assert [(one.label, one.variables) for one in account.models] == [("trainable variables (eager)", 3)]
    worse = bench.held(EAGER.replace("Adam(0.01", "Adam(0.03"))
    assert worse.differences[0].told().startswith("trainable variables (eager), variable w (now Variable), value ")
