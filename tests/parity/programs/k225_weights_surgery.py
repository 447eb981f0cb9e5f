"""Weights moved between models: by name, by index, through npz and h5, kernels pruned, layers sliced and re-used."""
import os
import tempfile
import h5py
import numpy as np
from keras import layers, models, optimizers
from keras.models import Model, Sequential, clone_model, load_model, model_from_json
from keras.layers import *

rng = np.random.RandomState(23)
folder = tempfile.mkdtemp()


def base(prefix='', classes=4):
    inp = Input((8, 8, 2), name='image')
    x = Conv2D(4, (3, 3), activation='relu', name=prefix + 'block1')(inp)
    x = BatchNormalization(name=prefix + 'bn1')(x)
    x = DepthwiseConv2D((2, 2), depth_multiplier=2, name=prefix + 'depth')(x)
    x = PReLU(shared_axes=[1, 2], name=prefix + 'prelu')(x)
    x = GlobalMaxPooling2D()(x)
    return Model(inp, Dense(classes, activation='softmax', name='fc%d' % classes)(x), name=prefix + 'net')


teacher = base()
teacher.set_weights([rng.uniform(.1, .6, w.shape) for w in teacher.get_weights()])
X = rng.rand(6, 8, 8, 2)
print('RESULT teacher', *teacher.predict(X)[0])
path = os.path.join(folder, 'teacher.h5')
teacher.save_weights(path)
with h5py.File(path, 'r') as f:
    names = [n.decode() if isinstance(n, bytes) else n for n in f.attrs['layer_names']]
    print('RESULT stored', *names)

student = base(classes=3)
before = student.get_layer('fc3').get_weights()[0].shape
student.load_weights(path, by_name=True)
student.get_layer('fc3').set_weights([np.ones(before), np.arange(3.)])
print('RESULT student', *student.predict(X)[0])
other = base('other_')
for a, b in zip(other.layers, teacher.layers):
    b_weights = b.get_weights()
    if len(b_weights) > 0:
        a.set_weights(b_weights)
print('RESULT other', np.abs(other.predict(X) - teacher.predict(X)).max())
np.savez(os.path.join(folder, 'w.npz'), *teacher.get_weights())
with np.load(os.path.join(folder, 'w.npz')) as z:
    print('RESULT npz', len(z.files), *z['arr_0'].shape, *z['arr_6'].shape)

# prune: keep the two strongest filters of the first block
W, b = teacher.layers[1].get_weights()
keep = sorted(np.argsort(np.abs(W).sum(axis=(0, 1, 2)))[-2:])
small = Sequential([Conv2D(2, (3, 3), activation='relu', input_shape=(8, 8, 2), weights=[W[..., keep], b[keep]]), GlobalAveragePooling2D()])
print('RESULT pruned', *small.predict(X)[1])
full = Model(teacher.input, teacher.layers[1].output).predict(X)
print('RESULT pruned_check', *full[1].mean(axis=(0, 1))[keep])

# features at several depths
outputs = [layer.output for layer in teacher.layers[1:5]]
for a in Model(teacher.inputs, outputs).predict(X):
    print('RESULT feature', *a.shape, round(float(a.mean()), 6))
head = Sequential()
head.add(Dense(3, activation='relu', input_shape=teacher.layers[-2].output_shape[1:], kernel_initializer='ones'))
head.add(Dense(1, kernel_initializer='ones'))
joined = Model(inputs=teacher.input, outputs=head(teacher.layers[-2].output))
for layer in joined.layers[:3]:
    layer.trainable = False
joined.compile(loss='mse', optimizer=optimizers.SGD(lr=1e-2, momentum=0.9))
print('RESULT trainable', len(joined.trainable_weights), len(joined.non_trainable_weights), len(joined.layers))
h = joined.fit(X, np.arange(6.), epochs=3, batch_size=3, shuffle=False, verbose=0)
print('RESULT joined', *h.history['loss'])
print('RESULT frozen', np.abs(teacher.layers[1].get_weights()[0] - W).max(), teacher.get_layer('bn1').get_weights()[2][0])
joined.save(os.path.join(folder, 'all.h5'), overwrite=True, include_optimizer=True)
resumed = load_model(os.path.join(folder, 'all.h5'))
h = resumed.fit(X, np.arange(6.), epochs=2, batch_size=3, shuffle=False, verbose=0)
print('RESULT resumed', *h.history['loss'])
copy = model_from_json(teacher.to_json())
copy.set_weights(teacher.get_weights())
twin = clone_model(teacher, input_tensors=None)
twin.set_weights(copy.get_weights())
print('RESULT twin', *twin.predict(X)[2])
print('RESULT config', twin.get_config()['layers'][1]['config']['filters'], twin.get_layer(index=2).name, twin.get_layer('depth').get_config()['depth_multiplier'])
lines = []
teacher.summary(print_fn=lambda s: lines.append(s))
print('RESULT params', teacher.count_params(), any('Total params' in l for l in lines))
