# train a model with our own attention layer
import os, tempfile
import numpy as np
from keras.models import Sequential, load_model
from keras.optimizers import Adam
from my_layers import *

data = np.random.RandomState(0)
X = data.normal(size=(24, 5, 3)).astype('float32')
y = (X[:, :, 0].max(axis=1) > 1).astype('float32')

model = Sequential()
model.add(AttentionPool(input_shape=(5, 3), W_regularizer='l2', name='att'))
model.add(ScaledDense(4, activation='tanh', name='scaled'))
model.add(ScaledDense(1, 'sigmoid'))
model.compile(optimizer=Adam(lr=0.05), loss='binary_crossentropy', metrics=['binary_accuracy'])

print('RESULT shape', model.output_shape[1], model.layers[0].output_shape[1], model.count_params())
hist = model.fit(X, y, batch_size=12, nb_epoch=5, verbose=0, shuffle=False)
print('RESULT loss', *hist.history['loss'])
print('RESULT acc', *hist.history['binary_accuracy'])
print('RESULT attention', *model.get_layer('att').get_weights()[0])
print('RESULT gain', *model.get_layer('scaled').get_weights()[1])

path = os.path.join(tempfile.mkdtemp(), 'w.h5')
model.save_weights(path)
before = model.predict(X)
model.set_weights([0 * w for w in model.get_weights()])
print('RESULT zeroed', model.predict(X)[0, 0])
model.load_weights(path)
print('RESULT restored', np.abs(model.predict(X) - before).max(), before.sum())
cfg = model.layers[1].get_config()
print('RESULT config', cfg['output_dim'], cfg['activation'], cfg['name'])
