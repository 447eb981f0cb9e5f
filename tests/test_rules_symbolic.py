"""Symbolic tensors: programs whose migrated form must print what they printed with keras 2.2.5, and what stays."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import environments
import pytest
from conftest import usable
from environments import KERAS2, NEWEST, Ended
from printed import first_difference, results

from tfkdoctor import support
from tfkdoctor.model import Numerics, Settings
from tfkdoctor.run import migrate_paths

# Every function of the backend that has a form in keras.ops, with the defaults that differ and positional arguments.
TABLE = """
import numpy as np
from keras import backend as K
from keras.layers import Input
rng = np.random.RandomState(3)
X, Y, P = rng.uniform(-2, 2, (2, 3, 4)), rng.uniform(-2, 2, (2, 3, 4)), rng.uniform(.05, .95, (2, 3))
x, y, p = Input((3, 4)), Input((3, 4)), Input((3,))
i = K.cast(p * 3, 'int32')
found = [
    ('abs', K.abs(x)), ('all', K.all(x > -1, axis=1)), ('any', K.any(K.greater(x, 1), axis=-1, keepdims=True)),
    ('argmax', K.argmax(x)), ('argmax axis', K.argmax(x, 1)), ('argmin', K.argmin(x)),
    ('flatten', K.batch_flatten(x)), ('bce', K.binary_crossentropy(p * .5, p)),
    ('bce logits', K.binary_crossentropy(p, p - .5, from_logits=True)), ('cast', K.cast(x > 0, 'float32')),
    ('cce', K.categorical_crossentropy(p / 2, p)), ('cce logits', K.categorical_crossentropy(p / 2, p, True)),
    ('clip', K.clip(x, -1, .5)), ('clip none', K.clip(x, min_value=0, max_value=1)),
    ('concatenate', K.concatenate([x, y])), ('concatenate axis', K.concatenate([x, y], axis=1)), ('cos', K.cos(x)),
    ('cumprod', K.cumprod(x)), ('cumsum', K.cumsum(x, axis=1)), ('dot', K.dot(x, K.constant(Y[0].T))),
    ('elu', K.elu(x)), ('elu alpha', K.elu(x, .3)), ('equal', K.equal(x, y)), ('exp', K.exp(x)),
    ('expand_dims', K.expand_dims(x)), ('expand_dims axis', K.expand_dims(x, 1)), ('whole', K.flatten(x)),
    ('gather', K.gather(K.constant(Y[0]), i)), ('greater_equal', K.greater_equal(x, y)),
    ('hard_sigmoid', K.hard_sigmoid(x * 2)), ('identity', K.identity(x)), ('l2', K.l2_normalize(x, axis=-1)),
    ('less', K.less(x, y)), ('less_equal', K.less_equal(x, y=y)), ('log', K.log(p)), ('logsumexp', K.logsumexp(x, 1)),
    ('max', K.max(x, axis=-1)), ('maximum', K.maximum(x, y)), ('mean', K.mean(x)), ('mean 2', K.mean(x, [1, 2], True)),
    ('mean of bools', K.mean(x > 0, axis=-1)), ('min', K.min(x)), ('minimum', K.minimum(x, y)),
    ('not_equal', K.not_equal(x, y)), ('one_hot', K.one_hot(i, 4)), ('ones_like', K.ones_like(x)),
    ('permute', K.permute_dimensions(x, (0, 2, 1))), ('pow', K.pow(p, 2)), ('prod', K.prod(x, axis=1)),
    ('relu', K.relu(x)), ('relu alpha', K.relu(x, alpha=.1, max_value=1.)), ('repeat', K.repeat(p, 2)),
    ('repeat_elements', K.repeat_elements(x, 2, axis=1)), ('reshape', K.reshape(x, (-1, 2, 6))),
    ('reverse', K.reverse(x, 1)), ('reverse 2', K.reverse(x, axes=[1, 2])), ('round', K.round(x * 2)),
    ('sigmoid', K.sigmoid(x)), ('sign', K.sign(x)), ('sin', K.sin(x)), ('softmax', K.softmax(p)),
    ('softplus', K.softplus(x)), ('softsign', K.softsign(x)), ('sparse', K.sparse_categorical_crossentropy(i[:, 0], p)),
    ('sqrt', K.sqrt(x)), ('square', K.square(x)), ('squeeze', K.squeeze(x[:, :1], 1)), ('stack', K.stack([x, y], 1)),
    ('std', K.std(x, axis=1)), ('stop_gradient', K.stop_gradient(x)), ('sum', K.sum(x, axis=-1, keepdims=True)),
    ('tanh', K.tanh(x)), ('tile', K.tile(p, [1, 2])), ('transpose', K.transpose(p)), ('var', K.var(x, axis=-1)),
    ('zeros_like', K.zeros_like(x)), ('batch_dot', K.batch_dot(x, y, axes=(2, 2))), ('switch', K.switch(x > 0, x, y)),
    ('shape', K.cast(K.shape(x)[1], 'float32') * K.sum(x)),
]
run = K.function([x, y, p], [tensor for _, tensor in found])
for (name, tensor), value in zip(found, run([X, Y, P])):
    print('RESULT', name.replace(' ', '_'), value.shape, *np.ravel(value))
print('RESULT kinds', K.ndim(x), K.int_shape(p)[1], K.dtype(x), K.is_keras_tensor(x))
"""

LOSSES = """
import numpy as np
from keras import backend as K, metrics
from keras.layers import Dense, Input, Lambda, Layer
from keras.models import Model, load_model
dim = 6
X = np.random.RandomState(0).rand(16, dim)
x = Input(shape=(dim,))
h = Dense(4, kernel_initializer='ones')(x)
z_mean = Dense(2, kernel_initializer='ones')(h)
z_log_var = Dense(2, kernel_initializer='zeros')(h)
def sampling(args):
    z_mean, z_log_var = args
    return z_mean + K.exp(z_log_var / 2) * .1
z = Lambda(sampling, output_shape=(2,))([z_mean, z_log_var])
out = Dense(dim, activation='sigmoid', kernel_initializer='zeros')(z)
def fit(name, model, *y):
    W = model.get_weights()
    x = X[:, :K.int_shape(model.input)[1]]
    history = model.fit(x, *y, epochs=2, batch_size=8, shuffle=False, verbose=0).history
    print('RESULT', name, *[v for key in sorted(history) for v in history[key]])
    model.set_weights(W)
class Variational(Layer):
    def vae_loss(self, x, decoded):
        kl = -.5 * K.sum(1 + z_log_var - K.square(z_mean) - K.exp(z_log_var), axis=-1)
        return K.mean(dim * metrics.binary_crossentropy(x, decoded) + kl)
    def call(self, inputs):
        self.add_loss(self.vae_loss(inputs[0], inputs[1]), inputs=inputs)
        return inputs[0]
vae = Model(x, Variational()([x, out]))
vae.compile(optimizer='sgd', loss=None)
fit('layer', vae)
def vae_loss(x, decoded):
    return dim * metrics.binary_crossentropy(x, decoded) - .5 * K.sum(1 + z_log_var - K.square(z_mean), axis=-1)
vae = Model(x, out)
vae.compile(optimizer='sgd', loss=vae_loss)
fit('closure', vae, X)
vae = Model(x, out)
vae.add_loss(K.mean(K.square(out - x)) - K.mean(z_log_var))
vae.add_loss(K.mean(z_mean))
vae.compile(optimizer='sgd', loss=None)
fit('added', vae)
def build(n):
    a = Input((n,))
    m = Dense(2, kernel_initializer='ones')(a)
    model = Model(a, Dense(n, kernel_initializer='ones')(m))
    def kl(t, p):
        return -.5 * K.mean(1 - K.square(m))
    def rec(t, p):
        return K.mean(K.square(t - p))
    def total(t, p):
        return rec(t, p) + kl(t, p)
    model.compile('sgd', loss=total, metrics=[kl, rec])
    return model
fit('helpers', build(3), X[:, :3])
def make(m, w=2.):
    def loss(t, p):
        return w * K.mean(K.square(t - p)) + K.mean(m)
    return loss
class Auto(object):
    def __init__(self):
        a = Input((3,))
        self.code = Dense(2, kernel_initializer='ones')(a)
        self.model = Model(a, Dense(3, kernel_initializer='ones')(self.code))
        self.model.compile('sgd', loss=self.loss)
        self.other = Model(a, self.model.output)
        self.other.compile('sgd', loss=make(self.code, 3.))
    def loss(self, t, p):
        return K.mean(K.square(t - p)) + K.mean(self.code) + K.sum(K.abs(self.model.output))
auto = Auto()
fit('method', auto.model, X[:, :3])
fit('factory', auto.other, X[:, :3])
"""

LOOKING_IN = """
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Conv2D, Dense, Flatten, Input
from keras.models import Model, Sequential, load_model
X = np.random.RandomState(0).rand(2, 5, 5, 1)
base = Sequential()
base.add(Conv2D(2, 3, name='conv', activation='relu', input_shape=(5, 5, 1)))
base.add(Flatten())
base.add(Dense(3, name='out'))
base.set_weights([np.random.RandomState(i).uniform(-1, 1, w.shape) for i, w in enumerate(base.get_weights())])
top = Model(inputs=base.input, outputs=Dense(2, kernel_initializer='ones')(base.layers[-2].output))
print('RESULT top', *top.predict(X).ravel())
base.save('base.h5')
model = load_model('base.h5')
loss = K.mean(model.output[:, 1])
grads = K.gradients(loss, model.input)[0]
grads /= K.sqrt(K.mean(K.square(grads))) + 1e-5
iterate = K.function([model.input], [loss, grads])
value, gradient = iterate([X])
print('RESULT ascent', value, gradient.sum(), np.abs(gradient).max())
def activations(model, x):
    layers = [K.function([model.layers[0].input, K.learning_phase()], [layer.output]) for layer in model.layers[1:]]
    return [f([x, 0])[0].sum() for f in layers]
listed = Model(inputs=[top.input], outputs=[top.output])
print('RESULT activations', *activations(top, X))
print('RESULT listed', K.int_shape(listed.output)[1], listed.output_shape[1], top.layers[1].output_shape[-1])
content = K.variable(X[:1])
image = K.placeholder((1, 5, 5, 1))
both = K.concatenate([content, image], axis=0)
flat = K.batch_flatten(K.permute_dimensions(both[1], (2, 0, 1)))
gram = K.sum(K.square(both[0] - both[1])) + K.sum(K.dot(flat, K.transpose(flat)))
total = K.variable(0.) + gram + tf.reduce_sum(image)
print('RESULT style', *np.ravel(K.function([image], [total, K.gradients(gram, image)[0]])([X[1:]])[0]))
print('RESULT many', len(model.inputs), sum(1 for layer in model.layers if layer.output_shape[0] is None))
"""

PROGRAMS = {"table": TABLE, "losses": LOSSES, "looking in": LOOKING_IN}
STAYS = {
    "Lambda, losses and layers keep the backend": (
        "from tensorflow.keras import backend as K\nfrom tensorflow.keras.layers import Dense, Input, Lambda\n"
        "from tensorflow.keras.models import Model\n"
        "def scale(t):\n    return K.sum(t, axis=-1)\ndef loss(a, b):\n    return K.mean(scale(a - b))\n"
        "x = Input((3,))\nmodel = Model(x, Lambda(scale)(Dense(2)(x)))\nmodel.compile('sgd', loss=loss)\n"
    ),
    "arrays are no tensors": (
        "import numpy as np\nimport tensorflow as tf\nx = np.ones(3)\ny = tf.square(x) + tf.reduce_mean([x, x])\n"
    ),
    "layers that a layer holds": (
        "import tensorflow as tf\nclass Two(tf.keras.layers.Layer):\n    def __init__(self):\n"
        "        super().__init__()\n        self.inner = tf.keras.layers.Dense(2)\n"
        "    def call(self, x):\n        return tf.square(self.inner(x))\n"
    ),
}


@pytest.mark.parametrize("name", STAYS)
def test_it_stays(name: str, tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(STAYS[name], "utf-8")
    (result,) = migrate_paths([tmp_path], Settings(jobs=1), tmp_path).files
    assert result.text is None


def test_a_lambda_that_uses_a_tensor_from_outside_is_told_of(tmp_path: Path) -> None:
    program = (
        "from keras.layers import Input, Lambda\nfrom keras import backend as K\nx, mask = Input((3,)), Input((3,))\n"
        "y = Lambda(lambda t: K.sum(t * mask))(x)\n"
    )
    (tmp_path / "m.py").write_text(program, "utf-8")
    (result,) = migrate_paths([tmp_path], Settings(jobs=1), tmp_path).files
    assert "TFK245" in {f.code for f in result.findings if f.fix is None}


def migrated(program: str, folder: Path) -> str:
    """The program as a migration leaves it, preceded by what writes its support module."""
    folder.mkdir()
    (folder / "m.py").write_text(program, "utf-8")
    settings = Settings(jobs=1, source=("keras==2.2.5",), numerics=Numerics.EXACT)
    (result,) = migrate_paths([folder], settings, folder).files
    assert result.text is not None
    (folder / "m.py").write_text(result.text, "utf-8")
    (again,) = migrate_paths([folder], Settings(jobs=1), folder).files
    assert again.text is None, "a second run changes nothing"
    text = support.module_text(support.pieces(), None)
    return f"open('tf_legacy.py', 'w', encoding='utf-8').write({text!r})\n{result.text}"


@pytest.fixture(scope="module")
def old() -> Mapping[str, Ended]:
    return environments.run_many(usable(KERAS2), PROGRAMS)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Ended]:
    folder = tmp_path_factory.mktemp("symbolic")
    return environments.run_many(usable(NEWEST), {n: migrated(p, folder / n) for n, p in PROGRAMS.items()})


@pytest.mark.legacy
@pytest.mark.xdist_group("symbolic tensors")
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_migrated_program_prints_the_same(name: str, old: Mapping[str, Ended], new: Mapping[str, Ended]) -> None:
    for ended in (old[name], new[name]):
        assert ended.status == 0, ended.stderr[-3000:]
    assert results(old[name].stdout), "prints nothing, so nothing is compared"
    assert first_difference(results(old[name].stdout), results(new[name].stdout)) is None
