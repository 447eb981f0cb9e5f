"""What `record_logs.py` runs: programs that TensorFlow warns about or dies of, in the environments where it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

TF221, TF215, TF115 = "py311-tf2.21.0", "py311-tf2.15.1", "py37-keras2.2.5-tf1.15.5"
TF113, TF21, TF_KERAS = "py36-keras2.2.4-tf1.13.1", "py37-keras2.3.1-tf2.1.4", "py311-tf2.21.0-tf_keras2.21.0"


@dataclass(frozen=True, slots=True)
class Case:
    """One recording. `environment` is one of the tests, or the Python of a fresh one that holds `requirements`."""

    name: str
    environment: str
    code: str
    env: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    over: tuple[str, ...] = ()  # distributions laid over the environment
    fake: tuple[str, ...] = ()  # libraries that are there: a soname, "cudart" (the real one), "cuda12" (all others)
    requirements: tuple[str, ...] = ()


IMPORT = "import tensorflow as tf\nprint(tf.__version__)\n"
DEVICES = IMPORT + "print(tf.config.list_physical_devices('GPU'))\n"
DRIVER = ("libcuda.so.1", "libnvidia-ml.so.1")
ALL = (*DRIVER, "cudart", "cuda12")


def each(lines: str) -> str:
    """A program that prints the traceback of each line that raises, and goes on."""
    return (
        "import traceback, sys\nimport numpy as np\nimport tensorflow as tf\n"
        f"for line in {lines.strip().splitlines()!r}:\n"
        "    try:\n        exec(line, globals())\n    except BaseException:\n        traceback.print_exc()\n"
        "    sys.stdout.flush(); sys.stderr.flush()\n"
    )


GPU = tuple(
    Case(f"tf221-gpu-{name}", TF221, DEVICES, env, fake=fake)
    for name, env, fake in (
        ("no-driver", {}, ()),
        ("no-cudart", {}, DRIVER),
        ("cudart-only", {}, (*DRIVER, "cudart")),
        ("cudart-only-vlog", {"TF_CPP_VMODULE": "dso_loader=1"}, (*DRIVER, "cudart")),
        ("no-device", {"FAKE_INIT": "100"}, ALL),
        ("mismatch", {"FAKE_INIT": "803"}, ALL),
        ("unknown", {"FAKE_INIT": "999"}, ALL),
        ("cc12", {"FAKE_GPUS": "12.0"}, ALL),
        ("cc5", {"FAKE_GPUS": "5.2"}, ALL),
        ("cc3", {"FAKE_GPUS": "3.0"}, ALL),
        ("cudnn-old", {"FAKE_CUDNN": "90100"}, ALL),
        ("whole", {}, ALL),
    )
)

# Names, modules and keywords that are gone, on the target where people meet them.
GONE = """
tf.Session()
tf.placeholder(tf.float32)
tf.get_variable('x', [1])
tf.global_variables_initializer()
tf.set_random_seed(1)
tf.log(1.0)
tf.contrib.layers.flatten(1)
tf.app.flags
tf.logging.info('x')
tf.train.AdamOptimizer()
tf.ConfigProto()
tf.layers.dense(1, 1)
tf.estimator.Estimator
tf.keras.layers.CuDNNLSTM(1)
tf.keras.optimizers.Adam(lr=0.1)
tf.keras.optimizers.Adam(learning_rate=0.1, decay=1e-3)
tf.keras.layers.Dense(output_dim=3, init='uniform')
tf.keras.layers.Dense(3, input_dim=4, W_regularizer=None)
tf.keras.utils.np_utils.to_categorical([1])
tf.keras.wrappers.scikit_learn.KerasClassifier
tf.keras.preprocessing.image.ImageDataGenerator
tf.keras.backend.get_session()
tf.keras.experimental.LinearModel
tf.keras.layers.experimental.preprocessing.Rescaling(1.)
tf.enable_eager_execution()
tf.keras.saving.register_keras_serializable
from keras.layers.core import Dense
from keras.layers.convolutional import Conv2D
from keras.layers.recurrent import LSTM
from keras.layers.normalization import BatchNormalization
from keras.layers.advanced_activations import LeakyReLU
from keras.layers.embeddings import Embedding
from keras.utils import np_utils
from keras.utils.np_utils import to_categorical
from keras.engine.topology import Layer
from keras.engine import Layer
from keras.layers import merge
from keras.layers import Merge
from keras.layers import Convolution2D
from keras.preprocessing.text import Tokenizer
from keras.preprocessing.image import ImageDataGenerator
from keras.preprocessing.sequence import pad_sequences
from keras.wrappers.scikit_learn import KerasClassifier
from keras.optimizers import adam
from keras import optimizers; optimizers.adam(lr=1)
from keras.backend import tensorflow_backend
import keras.backend.tensorflow_backend as KTF
from keras.applications.resnet50 import ResNet50
from keras.utils import multi_gpu_model
from keras.utils import to_categorical
from keras.layers import CuDNNLSTM
from tensorflow.contrib import slim
from tensorflow.examples.tutorials.mnist import input_data
from tensorflow.python.keras.engine import topology
import tensorflow.contrib.eager as tfe
import tensorflow.estimator
from tensorflow.keras.layers import Dense, Input; from tensorflow.keras.models import Sequential
m = Sequential([Input((4,)), Dense(1)]); m.compile('sgd', 'mse', metrics=['acc'])
x, y = np.zeros((8, 4), 'float32'), np.zeros((8, 1), 'float32')
m.fit(x, y, nb_epoch=1)
m.fit_generator(iter([(x, y)]), samples_per_epoch=8)
m.predict_classes(x)
m.predict_proba(x)
h = m.fit(x, y, verbose=0); h.history['accuracy']
h.history['val_acc']
m.save_weights('w.h5')
m.save('m.tf')
m.compile(tf.keras.optimizers.legacy.Adam(0.1), 'mse')
m.evaluate_generator(iter([(x, y)]))
tf.keras.Model(input=m.inputs, output=m.outputs)
tf.keras.backend.placeholder(shape=(1,)) + 1; tf.keras.backend.gradients(1, 1)
tf.keras.layers.Input((3,)) + tf.math.abs(tf.keras.layers.Input((3,)))
tf.keras.models.load_model('absent.h5')
tf.compat.v1.layers.dense(tf.zeros((1, 1)), 1)
tf.gradients(tf.constant(1.), tf.constant(1.))
tf.compat.v1.placeholder(tf.float32)
"""

# What warns or dies at run time, old and new.
RUN = """
from tensorflow.keras import layers, models
x, y = np.zeros((64, 4), 'float32'), np.zeros((64, 1), 'float32')
m = models.Sequential([layers.Dense(1, input_shape=(4,))])
m.compile('sgd', 'mse', metrics=['mae'])
m.fit(x, y, verbose=0)
m.fit(np.zeros((64, 5), 'float32'), y, verbose=0)
m.fit(x, np.zeros((64, 3), 'float32'), verbose=0)
m.fit(np.array([['a'] * 4] * 64), y, verbose=0)
m.fit(tf.data.Dataset.from_tensor_slices((x, y)).batch(32), steps_per_epoch=5, epochs=2, verbose=0)
m.save('m.h5')
models.load_model('m.h5')
m.save('m_weights.weights.h5')
models.save_model(models.Sequential([layers.Dense(1, input_shape=(4,))]), 'u.h5')
models.load_model('u.h5').predict(x, verbose=0)
c = tf.keras.callbacks.ModelCheckpoint('c.h5', monitor='val_loss', save_best_only=True)
m.fit(x, y, callbacks=[c], verbose=0)
m.fit(x, y, callbacks=[tf.keras.callbacks.EarlyStopping(monitor='val_acc')], verbose=0)
m.fit(x, y, callbacks=[tf.keras.callbacks.ReduceLROnPlateau(monitor='val_loss')], verbose=0)
m.fit(x, y, callbacks=[tf.keras.callbacks.TensorBoard('logs')], verbose=0)
models.Sequential([layers.Dense(1)]).summary()
models.Sequential([layers.Dense(1)]).save_weights('e.weights.h5')
f = tf.function(lambda z: z + 1)
[f(i) for i in range(8)]
v = tf.Variable(1.0); w = tf.Variable(1.0)
opt = tf.keras.optimizers.SGD(0.1)
t = tf.GradientTape(); t.__enter__(); z = v * 2; t.__exit__(None, None, None)
opt.apply_gradients(zip(t.gradient(z, [v, w]), [v, w]))
opt.apply_gradients(zip([None, None], [v, w]))
tf.constant([1.0]) + tf.constant([1], tf.int32)
tf.matmul(tf.zeros((2, 3)), tf.zeros((2, 3)))
tf.reshape(tf.zeros((5,)), (2, 3))
tf.nn.conv2d(tf.zeros((1, 8, 8, 3)), tf.zeros((3, 3, 4, 8)), 1, 'SAME')
tf.zeros((20000, 20000))
tf.zeros((200000, 2000000))
tf.config.experimental.set_visible_devices([], 'GPU'); tf.config.set_logical_device_configuration
tf.device('/GPU:0').__enter__()
tf.constant(1.0) + 1
tf.compat.v1.disable_eager_execution()
tf.compat.v1.Session().run(tf.compat.v1.placeholder(tf.float32))
tf.compat.v1.enable_eager_execution()
m.fit(x, y * np.nan, verbose=0)
list(tf.data.Dataset.from_generator(lambda: iter([1, 'a']), tf.int32))
tf.io.read_file('absent').numpy()
tf.train.load_checkpoint('absent')
tf.saved_model.load('absent')
tf.debugging.check_numerics(tf.constant(np.nan), 'x')
tf.image.decode_image(b'no image')
m.fit(x, y * np.nan, callbacks=[tf.keras.callbacks.TerminateOnNaN()], verbose=0)
tf.raw_ops.MatMul(a=tf.zeros((2, 3)), b=tf.zeros((2, 3)))
"""

ONE = """
x = tf.placeholder(tf.float32, [None, 4])
w = tf.get_variable('w', [4, 1])
l = tf.layers.dense(x, 1)
tf.losses.mean_squared_error(l, l)
o = tf.train.AdamOptimizer().minimize(tf.reduce_mean(l))
s = tf.Session()
s.run(l, {x: np.zeros((1, 4))})
s.run(tf.global_variables_initializer())
s.run(l)
s.run(l, {x: np.zeros((1, 5))})
tf.get_variable('w', [4, 1])
tf.nn.rnn_cell.BasicLSTMCell(3)
tf.nn.softmax_cross_entropy_with_logits(labels=l, logits=l)
tf.nn.dropout(l, keep_prob=0.5)
tf.contrib.layers.flatten(x)
tf.to_float(x)
tf.initialize_all_variables()
tf.train.Saver().restore(s, 'absent')
tf.enable_eager_execution()
import keras; from keras.models import Sequential; from keras.layers import Dense
m = Sequential([Dense(1, input_shape=(4,))]); m.compile('sgd', 'mse', metrics=['acc'])
m.fit(np.zeros((8, 4)), np.zeros((8, 1)), nb_epoch=1, verbose=0)
Dense(output_dim=1, init='uniform')
m.fit(np.zeros((8, 4)), np.zeros((8, 1)), verbose=0).history['accuracy']
m.save('m.h5'); keras.models.load_model('m.h5')
m.save_weights('w.h5'); m.load_weights('w.h5')
from keras.layers import Merge
import tensorflow.keras as k; k.Sequential([k.layers.Dense(1, input_shape=(4,))]).save('k.h5')
"""

KERAS_JSON = '{"backend": "theano", "floatx": "float32", "image_data_format": "channels_last", "epsilon": 1e-07}'
KERAS = "import tensorflow as tf\nprint(tf.keras.layers.Dense)\n"
TBOARD = "import tensorboard.default\n"
DIES = """
import tensorflow as tf
@tf.function(jit_compile=True)
def f(x):
    return x + 1
print(f(tf.constant(1.0)))
"""
SIGNAL = "subprocess.call(['bash', '-c', 'python3 -c \"import os; os.kill(os.getpid(), %d)\"; true'])\n"
DENSE, CONSTANT = "tf.keras.layers.Dense(1)", "import tensorflow as tf\ntf.constant(1)\n"
PIP = "import sys, subprocess\nsubprocess.call([sys.executable, '-m', 'pip', 'download', 'tensorflow==99.0'])\n"
CLUSTER = "import tensorflow as tf\ntf.distribute.MultiWorkerMirroredStrategy()\n"


def broken() -> Iterator[Case]:
    """Environments that are broken in one way each."""
    yield Case("tf221-keras2", TF221, each(DENSE), over=("keras==2.15.0",))
    yield Case("tf215-keras3", TF215, each(DENSE), over=("keras==3.3.3", "optree==0.13.1", "namex"))
    yield Case("tf221-legacy-switch", TF221, KERAS, {"TF_USE_LEGACY_KERAS": "1"})
    yield Case("tf221-backend-jax", TF221, "import keras\n", {"KERAS_BACKEND": "jax"})
    yield Case("tf221-backend-theano", TF221, "import keras\n", {"KERAS_BACKEND": "theano"})
    yield Case("tf221-tf-keras-minor", TF221, "import tf_keras\n", over=("tf-keras==2.15.1",))
    yield Case("tf215-numpy2", TF215, each(""), over=("numpy==2.2.6",))
    yield Case("tf215-protobuf6", TF215, IMPORT, over=("protobuf==6.33.0",))
    yield Case("tf221-protobuf4", TF221, IMPORT, over=("protobuf==4.25.9",))
    yield Case("tf215-ml-dtypes", TF215, IMPORT, over=("ml-dtypes==0.5.1",))
    yield Case("tf221-ml-dtypes", TF221, IMPORT, over=("ml-dtypes==0.3.2",))
    yield Case("tf115-protobuf4", TF115, IMPORT, over=("protobuf==4.24.4",))
    yield Case("tf115-h5py3", TF115, each(ONE.strip().splitlines()[19] + "\nm = None" + H5), over=("h5py==3.8.0",))
    yield Case("tf221-local-keras", TF221, f"import tensorflow as tf\n{DENSE}\n", files={"keras.py": "x = 1\n"})
    yield Case(
        "tf221-local-tensorflow",
        TF221,
        "import tensorflow as tf\ntf.constant(1)\n",
        files={"tensorflow.py": "import tensorflow as tf\ntf.constant(1)\n"},
    )
    yield Case("tf221-local-random", TF221, IMPORT, files={"random.py": "import tensorflow as tf\n"})
    yield Case("tf221-local-types", TF221, IMPORT, files={"numpy.py": "\n"})
    yield Case("tf221-xla-flags", TF221, DIES, {"XLA_FLAGS": "--xla_gpu_no_such_flag=1"})
    yield Case("tf221-vmodule", TF221, IMPORT, {"TF_ENABLE_ONEDNN_OPTS": "yes"})
    yield Case("none", TF115, "import tensorflow_addons\n")
    yield Case("none-keras", TF221, each("import tf_keras\nimport tensorflow_hub\nimport tensorboard\nimport theano"))
    signals = "".join(SIGNAL % number for number in (4, 9, 11))
    yield Case("shell-signals", TF221, "import subprocess\n" + signals)
    board = ("tensorboard==2.20.0", "setuptools==82.0.0")
    yield Case("tensorboard220", "3.11", TBOARD, requirements=board)
    yield Case("no-tensorflow", "3.11", "import tensorflow\n", requirements=board)
    yield Case("pip-no-wheel", TF221, PIP)
    yield Case(
        "tf221-tf-config",
        TF221,
        CLUSTER,
        {"TF_CONFIG": '{"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 3}}'},
    )
    yield Case("tf221-tf-config-json", TF221, CLUSTER, {"TF_CONFIG": "{worker: [a:1]}"})


H5 = """
from keras.models import Sequential, load_model; from keras.layers import Dense
m = Sequential([Dense(1, input_shape=(4,))]); m.compile('sgd', 'mse'); m.save('m.h5')
load_model('m.h5')
m.save_weights('w.h5'); m.load_weights('w.h5')
"""


KERAS3 = ("keras==3.3.3", "optree==0.13.1", "namex", "rich==13.9.4", "markdown-it-py", "mdurl", "pygments")


def old() -> Iterator[Case]:
    """Fresh environments of releases that the tests have no environment of."""
    numpy2 = ("tensorflow==2.10.1", "numpy==2.2.6")
    yield Case("tf210-numpy2", "3.10", IMPORT, requirements=numpy2)
    yield Case("tf210-gpu", "3.10", DEVICES, over=("numpy==1.26.4",), requirements=numpy2)
    yield Case("tf210-run", "3.10", each(RUN), over=("numpy==1.26.4",), requirements=numpy2)
    tf214 = ("tensorflow==2.14.0", "numpy==2.2.6")
    yield Case("tf214-numpy2", "3.11", IMPORT, requirements=tf214)
    yield Case("tf214-gpu", "3.11", DEVICES, over=("numpy==1.26.4",), requirements=tf214)
    bare = ("numpy==1.26.4", "keras==3.3.3")
    yield Case("tf214-keras3-bare", "3.11", each(DENSE), over=bare, requirements=tf214)
    yield Case("tf214-keras3", "3.11", each(DENSE), over=("numpy==1.26.4", *KERAS3), requirements=tf214)


CASES: Iterable[Case] = (
    *GPU,
    *(Case(f"{name}-gone", stem, each(GONE)) for name, stem in (("tf221", TF221), ("tf215", TF215), ("tf21", TF21))),
    *(Case(f"{name}-run", stem, each(RUN)) for name, stem in (("tf221", TF221), ("tf215", TF215), ("tf21", TF21))),
    *(Case(f"{name}-run", stem, each(ONE)) for name, stem in (("tf115", TF115), ("tf113", TF113))),
    Case("tf115-gpu", TF115, "import tensorflow as tf\nprint(tf.test.is_gpu_available())\n"),
    *broken(),
    *old(),
)
