"""Models with several outputs, Sequences, weights of nested models and random seeds: which code they ask for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tfkdoctor.model import Numerics, Settings
from tfkdoctor.run import migrate_paths

HEAD = "from keras.models import Model, load_model\nimport numpy as np\nmodel = load_model('m.h5')\nx = np.ones(3)\n"

FITS = [  # a call, and what its last line becomes
    ("model.fit(x, {'a': x, 'b': x})", None),
    ("model.fit(x, [x, x], sample_weight=[x, x])", None),
    ("model.fit(x, x, sample_weight=x)", None),
    ("model.fit(x, x, class_weight={0: 1.0, 1: 2.0})", None),
    ("model.fit(x, {'a': x})", "by_outputs(model).fit(x, {'a': x})"),
    (
        "model.fit(x, {'a': x, 'b': x}, sample_weight=[x, None])",
        "by_outputs(model).fit(x, {'a': x, 'b': x}, sample_weight=[x, None])",
    ),
    ("model.fit(x, [x, x], sample_weight={'a': x})", "by_outputs(model).fit(x, [x, x], sample_weight={'a': x})"),
    ("model.fit(x, x, class_weight={'a': {0: 1.0}})", "by_outputs(model).fit(x, x, class_weight={'a': {0: 1.0}})"),
    (
        "model.fit(x, x, class_weight=[{0: 1.0}, {0: 2.0}])",
        "by_outputs(model).fit(x, x, class_weight=[{0: 1.0}, {0: 2.0}])",
    ),
    ("model.train_on_batch(x, {'a': x}, {'a': x})", "by_outputs(model).train_on_batch(x, {'a': x}, {'a': x})"),
    (
        "w = dict(a=x)\nmodel.evaluate(x, [x, x], sample_weight=w)",
        "by_outputs(model).evaluate(x, [x, x], sample_weight=w)",
    ),
    (
        "w = {n: x for n in 'ab'}\nmodel.fit(x, [x, x], validation_data=(x, [x, x], w))",
        "by_outputs(model).fit(x, [x, x], validation_data=(x, [x, x], w))",
    ),
    (
        "def gen():\n    yield x, [x, x], {'a': x}\nmodel.fit_generator(gen(), 3)",
        "by_outputs(model).fit(gen(), steps_per_epoch=3)",
    ),
    ("class Agent:\n    def fit(self, x, y): pass\nAgent().fit(x, {'a': x})", None),
    ("from sklearn.svm import SVC\nSVC().fit(x, {'a': x})", None),
]


@pytest.mark.parametrize(("call", "wanted"), FITS, ids=[call.splitlines()[-1] for call, _ in FITS])
def test_targets_and_weights_by_names_go_by_the_outputs(call: str, wanted: str | None, tmp_path: Path) -> None:
    assert last_line(HEAD + call, tmp_path) == (wanted or call.splitlines()[-1])


BATCHES = """
from keras.utils import Sequence
import numpy as np
class Batches(Sequence):
    def __getitem__(self, index):
        return {item}
    def on_epoch_end(self):
        {end}
"""
QUIET = "\n".join(BATCHES.format(item="1", end="pass").splitlines()[:-2]) + "\n"
SEQUENCES = [
    (BATCHES.format(item="1", end="pass"), "model.fit_generator(Batches())", "sequence_epochs(model).fit(Batches())"),
    (
        BATCHES.format(item="1", end="pass"),
        "b = Batches()\nmodel.predict_generator(b)",
        "sequence_epochs(model).predict(b)",
    ),
    (
        BATCHES.format(item="1", end="pass"),
        "def train(data):\n    model.fit_generator(data)",
        "    sequence_epochs(model).fit(data)",
    ),
    (
        BATCHES.format(item="1", end="pass"),
        "model.fit(1, 2, validation_data=Batches())",
        "sequence_epochs(model).fit(1, 2, validation_data=Batches())",
    ),
    (BATCHES.format(item="1", end="pass"), "model.fit(1, 2)", "model.fit(1, 2)"),
    (QUIET, "model.fit_generator(Batches())", "model.fit(Batches())"),
    (
        QUIET.replace("return 1", "return np.random.rand()"),
        "model.fit_generator(Batches())",
        "sequence_epochs(model).fit(Batches())",
    ),
]


@pytest.mark.parametrize(("batches", "call", "wanted"), SEQUENCES, ids=range(len(SEQUENCES)))
def test_a_sequence_that_changes_keeps_its_epochs(batches: str, call: str, wanted: str, tmp_path: Path) -> None:
    assert last_line(HEAD + batches + call, tmp_path) == wanted


COMPILES = [
    ("model.compile('sgd', ['mse', 'mae'])", "output_losses(model).compile('sgd', ['mse', 'mae'])"),
    ("model.compile('sgd', {'a': 'mse', 'b': 'mae'})", "output_losses(model).compile('sgd', {'a': 'mse', 'b': 'mae'})"),
    (
        "LOSS = ('mse', 'mae')\nmodel.compile(loss=LOSS, optimizer='sgd')",
        "output_losses(model).compile(loss=LOSS, optimizer='sgd')",
    ),
    ("model.compile('sgd', 'mse')", "model.compile('sgd', 'mse')"),
    ("model.compile('sgd', ['mse'])", "model.compile('sgd', ['mse'])"),
]


@pytest.mark.parametrize(("call", "wanted"), COMPILES, ids=[call.splitlines()[-1] for call, _ in COMPILES])
def test_losses_of_outputs_are_averaged_over_samples(call: str, wanted: str, tmp_path: Path) -> None:
    assert last_line(HEAD + "print(model.evaluate(x, [x, x]))\n" + call, tmp_path) == wanted
    assert last_line(HEAD + call, tmp_path) == call.splitlines()[-1]  # nothing sees them


NEST = "from keras.layers import BatchNormalization, Dense, Input\nfrom keras.models import Sequential\n"
NEST += "BatchNormalization()\n"
WEIGHTS = [
    ("model(Input((1,)))\nw = model.get_weights()", "w = get_weights(model)"),
    ("s = Sequential()\ns.add(model)\ns.set_weights([1])", "set_weights(s, [1])"),
    ("s = Sequential([Dense(1)])\nw = s.get_weights()", "w = s.get_weights()"),
    ("model(Input((1,)))\nw = Dense(1).get_weights()", "w = Dense(1).get_weights()"),
    ("model(Input((1,)))\nfor m in (model, model):\n    m.set_weights([1])", "    set_weights(m, [1])"),
]


@pytest.mark.parametrize(("call", "wanted"), WEIGHTS, ids=[call.splitlines()[-1] for call, _ in WEIGHTS])
def test_weights_of_nested_models_keep_their_order(call: str, wanted: str, tmp_path: Path) -> None:
    assert last_line(HEAD + NEST + call, tmp_path) == wanted
    assert last_line((HEAD + NEST + call).replace("BatchNormalization", "Flatten"), tmp_path) == call.splitlines()[-1]


SEEDS = [  # a program, and how often Keras is told to draw from NumPy
    ("import random\nrandom.seed(1)\nDense(1)\nprint(random.random())", 1),
    ("import random as r; r.seed(1)\nDense(1)\nprint(r.choice([1]))", 1),
    ("np.random.seed(1)\nDense(1)\nprint(np.random.rand())", 0),  # numpy_draws does more
    ("from numpy.random import seed, rand\nseed(1)\ndef f():\n    return rand()", 0),
    ("np.random.seed(1)\nprint(np.random.rand())\nDense(1)", 0),
    ("np.random.seed(1)\nDense(1)\nr = np.random.RandomState(1)", 0),
    ("Dense(1)\nprint(np.random.rand())", 0),
    ("if x:\n    np.random.seed(1)\nDense(1)\nnp.random.seed(2)\nprint(np.random.rand())", 0),
]


@pytest.mark.parametrize(("program", "times"), SEEDS, ids=range(len(SEEDS)))
def test_keras_draws_its_seeds_from_numpy_where_the_program_draws(program: str, times: int, tmp_path: Path) -> None:
    text = migrated("import numpy as np\nx = 1\nfrom keras.layers import Dense\n" + program, tmp_path)
    assert text.count("seeds_from_numpy()") == times
    compile(text, "m.py", "exec")


HANDED = [
    ("def f(conv=Conv2D):\n    return conv is Conv2D", "    return conv is old_layer(Conv2D)"),
    ("def f(layer):\n    return type(layer) is Conv2D", "    return type(layer) is Conv2D"),
    ("def f(layer):\n    return layer.__class__ == Conv2D", "    return layer.__class__ == Conv2D"),
    ("f = lambda conv=Conv2D: conv(1, 2)", "f = lambda conv=old_layer(Conv2D): conv(1, 2)"),
]


@pytest.mark.parametrize(("program", "wanted"), HANDED, ids=[p.splitlines()[-1] for p, _ in HANDED])
def test_a_class_that_is_handed_on_is_compared_with_what_was_handed_on(
    program: str, wanted: str, tmp_path: Path
) -> None:
    assert last_line("from keras.layers import Conv2D\n" + program, tmp_path) == wanted


def test_accuracy_over_masked_steps_is_averaged_by_batches(tmp_path: Path) -> None:
    masked = HEAD + "from keras.layers import Masking\nmodel.add(Masking())\n"
    call = "model.compile('sgd', 'categorical_crossentropy', ['accuracy'])"
    wrapped = "batch_mean(keras.metrics.categorical_accuracy, name='acc')"
    assert wrapped in last_line(masked + call, tmp_path)
    assert wrapped not in last_line(HEAD + call, tmp_path)
    assert wrapped not in last_line(masked + call.replace("categorical_crossentropy", "mse"), tmp_path)


def test_todays_numbers_ask_for_none_of_this(tmp_path: Path) -> None:
    program = HEAD + BATCHES.format(item="1", end="np.random.seed(1); np.random.rand()") + NEST
    program += (
        "model(Input((1,)))\nmodel.get_weights()\nmodel.compile('sgd', ['mse', 'mae'])\nmodel.fit_generator(Batches())"
    )
    text = migrated(program, tmp_path, Numerics.MODERN)
    assert not any(piece in text for piece in ("get_weights(model)", "output_losses", "sequence_epochs", "seeds_from"))


def last_line(program: str, folder: Path) -> str:
    return migrated(program, folder).rstrip("\n").splitlines()[-1]


def migrated(program: str, folder: Path, numerics: Numerics = Numerics.KEEP) -> str:
    (folder / "m.py").write_text(program + "\n", "utf-8")
    settings = Settings(jobs=1, numerics=numerics, source=("keras==2.2.5",))
    return migrate_paths([folder], settings, folder).files[0].text or program
