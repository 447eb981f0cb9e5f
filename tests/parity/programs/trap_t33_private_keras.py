"""Network from tensorflow.python.keras, helpers from tf.keras"""
import numpy as np
import tensorflow as tf
from tensorflow.python.keras.layers import Dense, Activation, Input
from tensorflow.python.keras.models import Model
from tensorflow.python.keras import backend as K


def freeze_dense(model, keep_last=True):
    """freezes all dense layers but the last"""
    dense = [l for l in model.layers if isinstance(l, tf.keras.layers.Dense)]
    for l in dense[:-1] if keep_last else dense:
        l.trainable = False
    return len(dense)


def network():
    inp = Input(shape=(3,))
    x = Dense(4, kernel_initializer='ones')(inp)
    x = Activation('hard_sigmoid')(x)
    return Model(inp, Dense(1, kernel_initializer='ones')(x))


model = network()
print('RESULT found', freeze_dense(model), int(isinstance(model, tf.keras.Model)))
model.compile('sgd', loss='mse')
rng = np.random.RandomState(1)
x = rng.normal(size=(8, 3))
losses = [float(model.train_on_batch(x, x.sum(axis=1, keepdims=True))) for _ in range(3)]
print('RESULT losses', *losses)
print('RESULT frozen', float(model.get_weights()[0].sum()), len(model.trainable_weights))
print('RESULT out', *np.ravel(model.predict_on_batch(x[:2])), K.image_data_format())
