"""Files that Keras 2 wrote are read on the newest TensorFlow, and training goes on from them with the same numbers."""

from __future__ import annotations

from pathlib import Path

import environments
import pytest
from conftest import usable
from environments import KERAS2, Environment
from printed import first_difference, results

from tfkdoctor import support

pytestmark = [pytest.mark.legacy, pytest.mark.xdist_group("files")]

DATA = """
import numpy as np
rng = np.random.RandomState(0)
x, y = rng.randn(20, 4, 3), rng.rand(20, 1)
def go_on(name, model):
    print('RESULT', name, 'predict', *model.predict(x[:2]).ravel())
    history = model.fit(x, y, epochs=2, batch_size=5, shuffle=False, verbose=0).history
    print('RESULT', name, 'more', *history['loss'])
"""
OWN = """
class Own(Layer):  # what it is given is named as other things are
    def __init__(self, mode, input_dim, **kwargs):
        super(Own, self).__init__(**kwargs)
        self.mode, self.input_dim = mode, input_dim
    def get_config(self):
        return dict(super(Own, self).get_config(), mode=self.mode, input_dim=self.input_dim)
    def call(self, x):
        assert self.mode == 'add'
        return K.clip(K.round(K.abs(x)), 0, self.input_dim)
"""
WRITES = """
from keras.layers import *
from keras.models import Model, Sequential
from keras.optimizers import SGD, Adam
from keras import backend as K
from keras.layers import Layer
OWN
def write(name, model, *compiled):
    model.set_weights([rng.uniform(-.5, .5, w.shape) for w in model.get_weights()])
    model.compile(*compiled)
    model.fit(x, y, epochs=2, batch_size=5, shuffle=False, verbose=0)
    model.save(FOLDER + name + '.h5')
    model.save_weights(FOLDER + name + '.weights')
    with open(FOLDER + name + '.json', 'w') as file:
        file.write(model.to_json())
    print('RESULT', name, 'text', *model.predict(x[:2]).ravel())
    go_on(name, model)
write('lstm', Sequential([LSTM(4, input_shape=(4, 3)), Dense(1)]), Adam(lr=.01, decay=1e-3), 'mse', ['mae'])
inputs = Input((4, 3))
flat = Flatten()(GRU(4, return_sequences=True)(inputs))
both = concatenate([Dense(3, activation='relu')(flat), LeakyReLU(.3)(Dense(2)(flat))])
write('branches', Model(inputs, Dense(1, activation='sigmoid')(both)), 'sgd', 'binary_crossentropy', ['accuracy'])
part = Sequential([Dense(3, input_dim=12), Dense(2)])
inputs = Input((4, 3))
flat = Flatten()(inputs)
write('parts', Model(inputs, Dense(1)(concatenate([part(flat), part(Dense(12)(flat))]))), 'sgd', 'mse')
both_ways = Bidirectional(GRU(3, return_sequences=True), input_shape=(4, 3))
pair = Sequential([both_ways, TimeDistributed(Dense(2)), LSTM(1)])
write('pair', pair, 'sgd', 'mse')
stack = Sequential([Flatten(input_shape=(4, 3)), Dropout(0.), Dense(4, activation='hard_sigmoid'), Dense(1)])
write('stack', stack, SGD(lr=.1, momentum=.9, nesterov=True), 'logcosh', ['mse'])
words = [Own('add', 3, input_shape=(4, 3)), Flatten(), Embedding(4, 2, input_length=12), Flatten(), Dense(1)]
write('words', Sequential(words), 'sgd', 'mse', ['mae'])
"""
READS = """
from tf_legacy import load_model, load_weights, model_from_json
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Layer
OWN
for name in ('lstm', 'branches', 'parts', 'pair', 'stack', 'words'):
    with open(FOLDER + name + '.json') as file:
        model = model_from_json(file.read(), {'Own': Own})
    load_weights(model, FOLDER + name + '.weights')
    print('RESULT', name, 'text', *model.predict(x[:2]).ravel())
    go_on(name, load_model(FOLDER + name + '.h5', {'Own': Own}))
"""


GOES_ON = """
from tensorflow.keras.layers import *
from tensorflow.keras.models import Model
from tf_legacy import load_model, model_from_json
def at_once(name, model, *compiled):
    model.compile(*compiled)
    model.save(name + '.h5')
    again = load_model(name + '.h5')
    np.testing.assert_array_equal(again.predict(x[:, 0]), model.predict(x[:, 0]))
    kept = [one.fit(x[:, 0], y, epochs=3, batch_size=5, shuffle=False, verbose=0).history for one in (model, again)]
    np.testing.assert_allclose(kept[0]['loss'], kept[1]['loss'])
inputs = Input((3,))
masked = GRU(4)(Embedding(5, 3, mask_zero=True)(inputs))
x = rng.randint(0, 5, (20, 1, 3))
at_once('masked', Model(inputs, Dense(1)(masked)), 'adam', 'mse')
class Own(Layer):
    def build(self, input_shape):  # a list is the shapes of several inputs
        self.kernel = self.add_weight(shape=((input_shape[0] if isinstance(input_shape, list) else input_shape)[-1], 2))
    def call(self, x):
        return x @ self.kernel
model = Model(inputs, Own()(inputs))
again = model_from_json(model.to_json(), {'Own': Own})
again.set_weights(model.get_weights())
np.testing.assert_array_equal(again.predict(x[:, 0]), model.predict(x[:, 0]))
"""


def test_what_was_not_trained_yet_begins_after_loading(newest: Environment) -> None:
    module = f"open('tf_legacy.py', 'w', encoding='utf-8').write({support.module_text(support.pieces(), None)!r})\n"
    ended = environments.run_many(newest, {"begins": module + DATA + GOES_ON})["begins"]
    assert ended.status == 0, ended.stderr[-3000:]


def test_what_keras_2_saved_goes_on_as_it_was(newest: Environment, tmp_path: Path) -> None:
    head = f"FOLDER = {str(tmp_path)!r} + '/'\n{DATA}"
    module = f"open('tf_legacy.py', 'w', encoding='utf-8').write({support.module_text(support.pieces(), None)!r})\n"
    old = environments.run_many(usable(KERAS2), {"files": head + WRITES.replace("OWN", OWN)})["files"]
    assert old.status == 0, old.stderr[-3000:]
    new = environments.run_many(newest, {"files": module + head + READS.replace("OWN", OWN)})["files"]
    assert new.status == 0, new.stderr[-3000:]
    assert results(old.stdout), "prints nothing"
    assert first_difference(results(old.stdout), results(new.stdout)) is None, f"{old.stdout}\n{new.stdout}"


DATA_1 = """
import numpy as np
rng = np.random.RandomState(0)
given = {'reader': [rng.randint(0, 9, (4, 6)), rng.rand(4, 3)], 'seer': rng.rand(4, 6, 6, 2)}
def tell(name, model):
    print('RESULT', name, *model.predict(given[name]).ravel())
    if name == 'seer':
        print('RESULT', name, 'losses', *[model.train_on_batch(given[name], rng.rand(4, 3)) for _ in range(3)])
"""
WRITES_1 = """
from keras.layers import *
from keras.models import Model, Sequential
from keras.regularizers import l2
from keras.constraints import maxnorm
words, marks = Input((6,), dtype='int32', name='words'), Input((3,), name='marks')
read = Embedding(9, 4, init='normal')(words)
read = Bidirectional(LSTM(3, return_sequences=True, inner_activation='sigmoid'))(read)
read = TimeDistributed(Dense(4, activation='tanh', W_constraint=maxnorm(2)))(read)
read = GRU(5, return_sequences=True)(Convolution1D(4, 3, border_mode='same', W_regularizer=l2(.01))(read))
side = Sequential([Dense(5, input_dim=3, init='uniform'), BatchNormalization(), Dropout(.5), LeakyReLU(.2)])
both = merge([GlobalMaxPooling1D()(read), side(marks)], mode='concat', concat_axis=1)
both = merge([Dense(5)(both), side(marks)], mode='mul')
reader = Model([words, marks], Dense(2, activation='softmax', bias=False)(both))
seer = Sequential()
seer.add(Convolution2D(3, 3, 2, border_mode='same', subsample=(2, 1), input_shape=(6, 6, 2)))
seer.add(Deconvolution2D(4, 3, 3, output_shape=(None, 7, 13, 4), subsample=(2, 2), border_mode='valid'))
seer.add(AtrousConvolution2D(3, 2, 2, atrous_rate=(2, 2)))
seer.add(MaxPooling2D(pool_size=(2, 2), border_mode='same'))
seer.add(PReLU())
seer.add(Flatten())
seer.add(Dense(3))
for name, model in (('reader', reader), ('seer', seer)):
    low = .1 if name == 'reader' else -.2  # of which some are variances
    model.set_weights([np.random.uniform(low, .3, w.shape) for w in model.get_weights()])
    model.compile('sgd', 'mse')
    model.save(FOLDER + name + '.h5')
    tell(name, model)
"""
READS_1 = """
from tf_legacy import load_model
for name in ('reader', 'seer'):
    tell(name, load_model(FOLDER + name + '.h5'))
"""


def test_what_keras_1_saved_whole(keras1: Environment, newest: Environment, tmp_path: Path) -> None:
    """Every argument by its name of today, merges as layers, and weights whose gates lay apart."""
    head = f"FOLDER = {str(tmp_path)!r} + '/'\n{DATA_1}"
    old = environments.run_many(keras1, {"files": head + WRITES_1})["files"]
    assert old.status == 0, old.stderr[-3000:]
    module = f"open('tf_legacy.py', 'w', encoding='utf-8').write({support.module_text(['load_model'], None)!r})\n"
    new = environments.run_many(newest, {"files": module + head + READS_1})["files"]
    assert new.status == 0, new.stderr[-3000:]
    assert first_difference(results(old.stdout), results(new.stdout)) is None, f"{old.stdout}\n{new.stdout}"


REFUSED = """
from keras.layers import *
from keras.models import Sequential
Sequential([MaxoutDense(2, input_dim=3)]).save(FOLDER + 'maxout.h5')
wider = Deconvolution2D(4, 3, 3, output_shape=(None, 8, 13, 4), subsample=(2, 2), input_shape=(3, 6, 2))
Sequential([wider]).save(FOLDER + 'wider.h5')
"""


def test_what_no_layer_of_today_does_is_said(keras1: Environment, newest: Environment, tmp_path: Path) -> None:
    head = f"FOLDER = {str(tmp_path)!r} + '/'\n"
    old = environments.run_many(keras1, {"files": head + REFUSED})["files"]
    assert old.status == 0, old.stderr[-3000:]
    module = f"open('tf_legacy.py', 'w', encoding='utf-8').write({support.module_text(['load_model'], None)!r})\n"
    reads = """
from tf_legacy import load_model
for name in ('maxout', 'wider'):
    try:
        load_model(FOLDER + name + '.h5')
    except ValueError as error:
        print(error)
"""
    new = environments.run_many(newest, {"files": module + head + reads})["files"]
    assert "MaxoutDense of Keras 1 is no layer of Keras 3; build the model anew" in new.stdout, new.stderr
    assert "puts out [8, 13, 4]; build it as Conv2DTranspose with output_padding" in new.stdout, new.stderr
