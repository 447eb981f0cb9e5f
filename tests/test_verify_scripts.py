"""`tfkdoctor verify` of scripts: equal programs, and planted faults that it must name."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import usable
from environments import KERAS1, KERAS2, NEWEST

from tfkdoctor.model import Settings
from tfkdoctor.validate import scratch, scripts, traces
from tfkdoctor.validate.scripts import Account, Options, Side
from tfkdoctor.validate.verify import VerifyError, entry_points, migrated, verify

# One recurrent network, then a generator against a discriminator, in the words of Keras 2.2.
PROGRAM = """
import numpy as np
from keras.layers import GRU, Dense, Dropout, Input
from keras.models import Model, Sequential
from keras.optimizers import Adam

model = Sequential()
model.add(GRU(6, input_shape=(5, 3), name='reader'))
model.add(Dropout(0.5))
model.add(Dense(2, activation='softmax', name='judge'))
model.compile('sgd', 'categorical_crossentropy', metrics=['acc'])
x = np.random.rand(24, 5, 3)
y = np.eye(2)[(x.mean(axis=(1, 2)) > 0.5).astype(int)]
history = model.fit(x, y, batch_size=8, epochs=2, verbose=0)
print('accuracy', history.history['acc'][-1])

discriminator = Sequential([Dense(8, activation='tanh', input_dim=2), Dense(1, activation='sigmoid')])
discriminator.compile(Adam(0.01), 'binary_crossentropy')
generator = Sequential([Dense(2, input_dim=3)])
discriminator.trainable = False
noise = Input(shape=(3,))
both = Model(noise, discriminator(generator(noise)))
both.compile(Adam(0.01), 'binary_crossentropy')
for step in range(3):
    z = np.random.normal(size=(8, 3))
    fake = generator.predict(z)
    d = discriminator.train_on_batch(np.concatenate([fake, z[:, :2] + 3]), np.repeat([0., 1.], 8))
    g = both.train_on_batch(z, np.ones(8))
    print('step', step, 'losses', d, g)
"""


@dataclass(frozen=True)
class Bench:
    """The original, run once, and its migration."""

    folder: Path
    old: Side
    new: Side
    before: scripts.Ran

    def held_against(self, name: str, text: str) -> Account:
        """The account of another text in place of the migrated one."""
        project = scratch.copy(self.new.project, self.folder / name)
        (project / "program.py").write_text(text)
        side = Side(self.new.python, project)
        return scripts.compare(
            "program.py", self.before, self.folder / "old-run", side, task("program.py"), self.folder / f"{name}-run"
        )


def task(script: str) -> dict[str, object]:
    return {"task": "script", "script": script, "args": []}


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("verify")
    for name in ("old", "new"):
        (folder / name).mkdir()
        (folder / name / "program.py").write_text(PROGRAM)
    migrated(folder / "new", Settings())
    old = Side(str(usable(KERAS2).python), folder / "old")
    new = Side(str(usable(NEWEST).python), folder / "new")
    before = scripts.run(old, task("program.py"), folder / "old-run", None, Options())
    return Bench(folder, old, new, before)


@pytest.mark.legacy
def test_a_migrated_program_is_equal(bench: Bench) -> None:
    account = bench.held_against("as-migrated", (bench.new.project / "program.py").read_text())
    assert account.trouble == ""
    assert account.differences == ()
    assert [(model.label, model.layers, model.steps) for model in account.models] == [
        ("model 1 (Sequential)", 4, 6),
        ("model 2 (Sequential)", 3, 3),
        ("model 3 (Functional)", 3, 3),
        ("model 4 (Sequential)", 2, 0),
    ]
    assert account.numbers == 10


@pytest.mark.legacy
@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        (
            "reset_after=False",
            "reset_after=True",
            "model 1 (Sequential), layer reader, shapes of its weights: "
            "(3, 18), (6, 18), (18,) before, (3, 18), (6, 18), (2, 18) now",
        ),
        pytest.param(
            "hard_sigmoid,", "'sigmoid',", "model 1 (Sequential), layer reader, output ", marks=pytest.mark.heavy
        ),
        pytest.param(
            "'tanh'", "'relu'", "model 2 (Sequential), layer dense_1 (now dense), output ", marks=pytest.mark.heavy
        ),
        ("'binary_crossentropy')\ngenerator", "'mse')\ngenerator", "model 2 (Sequential), loss of training step 1: "),
        ("trainable_at_compile(discriminator)", "discriminator", "model 2 (Sequential), loss of training step 2: "),
        ("np.ones(8))\n", "np.ones(8)) * 1.01\n", "number 4 that is printed: "),
    ],
    ids=["GRU's bias", "GRU's gates", "activation", "loss", "discriminator that never trains", "printed number"],
)
def test_a_planted_fault_is_named(
    bench: Bench, request: pytest.FixtureRequest, right: str, wrong: str, told: str
) -> None:
    text = (bench.new.project / "program.py").read_text()
    assert right in text, text
    account = bench.held_against(request.node.callspec.id, text.replace(right, wrong))
    assert account.differences[0].told().startswith(told)


@pytest.mark.heavy
def test_what_never_trains_is_named_by_its_weights(bench: Bench) -> None:
    """Also where the losses that would show it are not told."""
    text = (
        (bench.new.project / "program.py").read_text().replace("trainable_at_compile(discriminator)", "discriminator")
    )
    account = bench.held_against("never", text)
    moved = [one.told() for one in account.differences if one.what == "moved"]
    assert moved[0].startswith("model 2 (Sequential), layer dense_1 (now dense), way of its weights in training: ")
    assert moved[0].endswith(" before, none now")


@pytest.mark.legacy
def test_one_command_for_a_project_of_keras_1(tmp_path: Path) -> None:
    """Without NEW a copy is migrated; neither the project nor its folder is touched, and `--` hands arguments on."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "train.py").write_text(
        "import sys\nimport numpy as np\nfrom keras.models import Sequential\nfrom keras.layers import Dense\n"
        "m = Sequential([Dense(3, input_dim=2, init='uniform')])\nm.compile('sgd', 'mse')\n"
        "m.fit(np.ones((8, 2)), np.ones((8, 3)), nb_epoch=int(sys.argv[1]), verbose=2)\n"
        "print(m.evaluate(np.ones((8, 2)), np.ones((8, 3)), verbose=0))\n"
    )
    before = {path.name: path.read_bytes() for path in project.iterdir()}
    pythons = ["--legacy-python", usable(KERAS1).python, "--python", usable(NEWEST).python]
    command = [sys.executable, "-m", "tfkdoctor", "verify", ".", *pythons, "--format", "json", "--", "3"]
    done = subprocess.run([*map(str, command)], cwd=project, capture_output=True, text=True)
    report = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    (script,) = report["scripts"]
    assert (script["name"], script["numbers"], script["models"][0]["steps"]) == ("train.py", 4, 3)
    assert {path.name: path.read_bytes() for path in project.iterdir()} == before


@pytest.mark.legacy
def test_an_original_that_does_not_run_is_told(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import keras\n\nkeras.nothing().fit(1)\n")
    pythons = str(usable(KERAS2).python), sys.executable
    (finding,) = verify(tmp_path, None, [], [], pythons, Options(), Settings()).findings()
    assert finding.code == "TFK027"
    assert "AttributeError: module 'keras' has no attribute 'nothing' (main.py:3)" in finding.message


def test_entry_points(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text("import keras\n\ndef build():\n    model.fit(1)\n")
    (tmp_path / "one.py").write_text("from model import keras\nmodel.fit(1)\n")
    assert entry_points(tmp_path) == ["one.py"]
    (tmp_path / "two.py").write_text("import keras\nif __name__ == '__main__':\n    pass\n")
    with pytest.raises(
        VerifyError, match=r"several scripts could be run \(one.py, two.py\); name one or more with --script"
    ):
        entry_points(tmp_path)
    (tmp_path / "train.py").write_text("import keras\nprint 'Python 2'\nmodel.fit(x, y)\n")
    assert entry_points(tmp_path) == ["train.py"]


def test_a_side_that_dies_is_told_with_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "numpy.py").write_text("import os; os.abort()")
    (tmp_path / "program.py").write_text("import keras")
    ran = scripts.run(Side(sys.executable, tmp_path), task("program.py"), tmp_path / "out", None, Options())
    assert ran.trouble.startswith("the process ended with status 1: ModuleNotFoundError")


def test_losses_per_batch_are_told_as_means_where_the_new_side_tells_means() -> None:
    old: list[traces.Event] = [
        {"event": "step", "loss": x, "running": False, "batch": b, "size": s}
        for x, b, s in ((4, 0, 3), (8, 1, 1), (1, 0, 3))
    ]
    new: list[traces.Event] = [
        {"event": "step", "loss": x, "running": True, "batch": b, "size": None} for x, b in ((4, 0), (5, 1), (1, 0))
    ]
    assert list(traces.running(old, new)) == [4, 5, 1]


BUILDERS = """
from keras.layers import GRU, Activation, Conv2D, Dense, Flatten, Input, add
from keras.models import Model, Sequential


def reader(units=4):
    model = Sequential()
    model.add(GRU(units, input_shape=(5, 3), name='reader'))
    model.add(Dense(2, activation='softmax'))
    model.compile('adam', 'categorical_crossentropy')
    return model


def pictures():
    x = Input(shape=(6, 6, 1))
    y = Conv2D(2, 3, padding='same', name='scan')(x)
    y = add([Activation('relu')(y), Conv2D(2, 1, name='short')(x)])
    return Model(x, Dense(1, name='end')(Flatten()(y)))


def needs(more):
    return Sequential([Dense(more)])
"""


@pytest.mark.legacy
def test_models_without_a_script(tmp_path: Path) -> None:
    """Every builder is called on both sides; a fault that was planted in one is named with its layer."""
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "nets.py").write_text(BUILDERS)
    migrated(tmp_path / "new", Settings())
    new = tmp_path / "new" / "nets.py"
    new.write_text(new.read_text().replace("add([Activation('relu')", "add([Activation('tanh')"))
    pythons = str(usable(KERAS2).python), str(usable(NEWEST).python)
    result = verify(tmp_path / "old", tmp_path / "new", [], [], pythons, Options(), Settings(), {})
    (account,) = result.accounts
    rows = [(model.label, model.steps, bool(model.differences)) for model in account.models]
    assert rows == [("nets.py:reader (Sequential)", 3, False), ("nets.py:pictures (Functional)", 3, True)]
    (first, *_) = (finding.message for finding in result.findings())
    assert first.startswith("nets.py:pictures (Functional), layer activation_1 (now activation), output ")
    assert account.notes == ("nets.py:needs: it needs more",)
