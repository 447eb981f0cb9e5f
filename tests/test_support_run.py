"""Each support piece against the original: one program, run with what it came from and with the piece on the newest
TensorFlow, and what it prints must be equal, number by number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import dedent

import environments
import pytest
from conftest import usable
from environments import KERAS1, KERAS2, NEWEST, Ended
from printed import first_difference, results

from tfkdoctor import support

# Only what is spelled differently; `NEW` lets a program say what a migration would write.
OLD = """
import inspect
import numpy as np
import keras
from keras import backend as K
from keras.layers import *
from keras.models import Model, Sequential
from keras.optimizers import *
NEW = False
if keras.__version__ < '2':
    def fit(model, x, y, epochs=2, batch_size=8, **arguments):
        return model.fit(x, y, nb_epoch=epochs, batch_size=batch_size, shuffle=False, verbose=0, **arguments).history
else:
    def fit(model, x, y, epochs=2, batch_size=8, **arguments):
        return model.fit(x, y, epochs=epochs, batch_size=batch_size, shuffle=False, verbose=0, **arguments).history
"""
TODAY = f"""
import inspect
import numpy as np
from tensorflow import keras
from tensorflow.keras import backend as K
from tensorflow.keras.layers import *
from tensorflow.keras.models import Model, Sequential
from tensorflow.keras.optimizers import *
open('tf_legacy.py', 'w', encoding='utf-8').write({support.module_text(support.pieces(), None)!r})
from tf_legacy import *
NEW = True
def fit(model, x, y, epochs=2, batch_size=8, **arguments):
    return model.fit(x, y, epochs=epochs, batch_size=batch_size, shuffle=False, verbose=0, **arguments).history
"""
COMMON = """
rng = np.random.RandomState(7)
def show(name, *values):
    print('RESULT', name, *[v for value in values for v in np.ravel(value)])
def fill(model, low=.2, high=.9):
    model.set_weights([rng.uniform(low, high, w.shape) for w in model.get_weights()])
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A program that is run with several origins; `new` is put before it on the newest TensorFlow, `old` in the past."""

    name: str
    origins: tuple[str, ...]
    program: str
    new: str = ""
    old: str = ""

    def before(self) -> str:
        return OLD + COMMON + dedent(self.old) + dedent(self.program)

    def after(self) -> str:
        return TODAY + COMMON + dedent(self.new) + dedent(self.program)


K1_FLAGS = "flags = dict(zero_debias=False, unbiased=False, fused=False, frozen_updates=True)\n"
BATCH_NORMALIZATION = """
def train(name, x, *layers, frozen=False):
    model = Sequential(list(layers))
    fill(model)
    for layer in model.layers:
        layer.trainable = not frozen or type(layer).__name__ != 'BatchNormalization'
    model.compile(SGD(.05), 'mse')
    y = rng.uniform(-1, 1, model.predict(x).shape)
    show(name + '_loss', fit(model, x, y)['loss'], model.evaluate(x, y, verbose=0))
    show(name + '_batch', model.train_on_batch(x[:5], y[:5]))
    show(name + '_weights', *model.get_weights())
    show(name + '_predict', model.predict(x))
x2, x3, x4, x5 = (rng.uniform(-1, 3, (16, 3, 4, 2, 2)[:n]) for n in (2, 3, 4, 5))
train('dense', x2, Dense(4, input_shape=(3,)), BatchNormalization(momentum=.9, **flags), Dense(1))
train('default', x2, BatchNormalization(input_shape=(3,), **flags))
train('frozen', x2, Dense(4, input_shape=(3,)), BatchNormalization(momentum=.9, **flags), Dense(1), frozen=True)
train('sequence', x3, BatchNormalization(momentum=.9, epsilon=1e-2, input_shape=x3.shape[1:], **flags))
train('steps', x3, BatchNormalization(axis=1, input_shape=x3.shape[1:], **flags))
train('image', x4, BatchNormalization(momentum=.9, input_shape=x4.shape[1:], **flags))
train('channels', x4, BatchNormalization(axis=1, momentum=.9, input_shape=x4.shape[1:], **flags))
train('volume', x5, BatchNormalization(momentum=.9, input_shape=x5.shape[1:], **flags))
"""
KERAS2_BATCH_NORMALIZATION = """
train('times', x3, TimeDistributed(BatchNormalization(momentum=.9), input_shape=x3.shape[1:]))
train('plain', x2, BatchNormalization(center=False, scale=False, input_shape=(3,)))
train('images', x5, TimeDistributed(BatchNormalization(momentum=.9), input_shape=x5.shape[1:]))
i = Input((4,))
h = BatchNormalization(momentum=.9)(Embedding(5, 3, mask_zero=True)(i))
model = Model(i, LSTM(2, recurrent_activation='sigmoid')(h))
fill(model)
model.compile(SGD(.05), 'mse')
show('masked', fit(model, rng.randint(0, 5, (16, 4)), np.ones((16, 2)))['loss'], *model.get_weights())
"""

CASES = (
    Case("batch normalization 1", (KERAS1,), BATCH_NORMALIZATION, new=K1_FLAGS, old="flags = {}"),
    Case("batch normalization", (KERAS2,), "flags = {}" + BATCH_NORMALIZATION + KERAS2_BATCH_NORMALIZATION),
)

pytestmark = [pytest.mark.legacy, pytest.mark.xdist_group("support pieces")]


@pytest.fixture(scope="module")
def old() -> Mapping[tuple[str, str], Ended]:
    """What each program printed in its own time."""
    ended: dict[tuple[str, str], Ended] = {}
    for stem in (KERAS1, KERAS2):
        programs = {case.name: case.before() for case in CASES if stem in case.origins}
        ended |= {(stem, name): e for name, e in environments.run_many(usable(stem), programs).items()}
    return ended


@pytest.fixture(scope="module")
def new() -> Mapping[str, Ended]:
    """What each prints with the pieces."""
    return environments.run_many(usable(NEWEST), {case.name: case.after() for case in CASES})


@pytest.mark.parametrize(
    ("case", "origin"), [pytest.param(c, o, id=f"{c.name}, {o}") for c in CASES for o in c.origins]
)
def test_a_piece_gives_the_numbers_of_the_original(
    case: Case, origin: str, old: Mapping[tuple[str, str], Ended], new: Mapping[str, Ended]
) -> None:
    before, after = old[origin, case.name], new[case.name]
    for ended in (before, after):
        assert ended.status == 0, ended.stderr[-3000:]
    assert results(before.stdout), "prints nothing, so nothing is compared"
    assert first_difference(results(before.stdout), results(after.stdout)) is None
