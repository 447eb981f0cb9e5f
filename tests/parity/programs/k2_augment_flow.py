"""Image generators without chance: whitening, samplewise, own function, flips by transform, frames, subsets, two streams."""
import os
import tempfile
import numpy as np
from PIL import Image
from keras.models import Sequential
from keras.layers import Conv2D, Flatten, Dense
from keras.preprocessing import image
from keras.preprocessing.image import ImageDataGenerator, img_to_array, array_to_img, load_img

rng = np.random.RandomState(0)
X = rng.randint(0, 255, (12, 6, 5, 3)).astype('float32')
Y = rng.randint(0, 2, 12)
masks = (X[..., :1] > 120) * 255.


def own(img):
    return img[:, ::-1] / 127.5 - 1.


def show(name, a):
    print('RESULT', name, *a.shape)
    print('RESULT', name + '_v', '%.5f %.5f' % (a.mean(), a.std()), *np.round(a.ravel()[:5], 4))


g = ImageDataGenerator(featurewise_center=True, zca_whitening=True, zca_epsilon=1e-3)
g.fit(X)
show('zca', next(g.flow(X, batch_size=6, shuffle=False)))
g = ImageDataGenerator(samplewise_center=True, samplewise_std_normalization=True)
bx, by, bw = next(g.flow(X, Y, batch_size=5, sample_weight=np.arange(12.), shuffle=False))
show('samplewise', bx)
print('RESULT labels', *by, *bw)
g = ImageDataGenerator(preprocessing_function=own, rescale=0.5, validation_split=0.25, data_format='channels_last')
train, valid = g.flow(X, Y, batch_size=4, shuffle=False, subset='training'), g.flow(X, Y, 4, False, subset='validation')
print('RESULT subsets', len(train), len(valid), train.n, valid.n)
show('own', train[1][0])
g = ImageDataGenerator()
t = g.apply_transform(X[0], {'theta': 90, 'tx': 1, 'flip_horizontal': True})
show('transform', t)
show('shear', g.apply_transform(X[1], dict(zx=0.5, zy=0.8, shear=10, brightness=None, channel_shift_intensity=20.)))
show('standard', ImageDataGenerator(rescale=1. / 255).standardize(X[0].copy()))
args = dict(rescale=1. / 255, horizontal_flip=False)
pair = zip(ImageDataGenerator(**args).flow(X, batch_size=4, seed=3, shuffle=False),
           ImageDataGenerator(**args).flow(masks, batch_size=4, seed=3, shuffle=False))
px, pm = next(pair)
print('RESULT pair', px.mean(), pm.mean(), px.max())

folder = tempfile.mkdtemp()
for i in range(6):
    os.makedirs(os.path.join(folder, 'train', 'ab'[i % 2]), exist_ok=True)
    array_to_img(X[i], scale=False).save(os.path.join(folder, 'train', 'ab'[i % 2], '%d.png' % i))
it = image.ImageDataGenerator(rescale=1 / 255.).flow_from_directory(
    os.path.join(folder, 'train'), target_size=(4, 4), batch_size=3, class_mode='binary', shuffle=False, interpolation='nearest')
print('RESULT found', it.samples, *sorted(it.class_indices.items()))
print('RESULT files', *[f.replace(os.sep, '/') for f in it.filenames], *it.classes)
show('directory', it[0][0])
loaded = load_img(os.path.join(folder, 'train', 'a', '0.png'), target_size=(8, 8), grayscale=True)
show('loaded', img_to_array(loaded))
show('shift', image.apply_affine_transform(X[0], theta=0, tx=2, ty=1, row_axis=0, col_axis=1, channel_axis=2))

model = Sequential()
model.add(Conv2D(2, 3, input_shape=(6, 5, 3), activation='relu'))
model.add(Flatten())
model.add(Dense(1, activation='sigmoid'))
model.set_weights([rng.normal(0, .2, w.shape) for w in model.get_weights()])
model.compile('sgd', 'binary_crossentropy', ['accuracy'])
h = model.fit_generator(train, steps_per_epoch=len(train), epochs=3, validation_data=valid, validation_steps=len(valid), verbose=0, shuffle=False)
print('RESULT loss', *h.history['loss'])
print('RESULT val_acc', *h.history['val_acc'])
print('RESULT predicted', *model.predict_generator(g.flow(X, batch_size=5, shuffle=False), steps=3).ravel())
