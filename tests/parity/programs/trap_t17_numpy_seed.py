"""Reproducible initial weights: seeds numpy and tensorflow, then builds the same net twice"""
import numpy as np
import tensorflow as tf
import keras
from keras.layers import Dense, Embedding, LSTM, Dropout
from keras.models import Sequential


def reset_seeds(seed=42):
    np.random.seed(seed)
    tf.compat.v1.set_random_seed(seed)


def build():
    m = Sequential()
    m.add(Embedding(20, 4, input_length=5))
    m.add(LSTM(3))
    m.add(Dropout(0.))
    m.add(Dense(2, kernel_initializer='he_normal'))
    return m


weights = []
for trial in range(3):
    keras.backend.clear_session()
    reset_seeds(42 if trial < 2 else 43)
    net = build()
    net.predict(np.zeros((1, 5)))
    weights.append(np.concatenate([w.ravel() for w in net.get_weights()]))
print('RESULT size', weights[0].size)
print('RESULT same_seed', int(np.allclose(weights[0], weights[1])), float(np.abs(weights[0] - weights[1]).max()))
print('RESULT other_seed', int(np.allclose(weights[0], weights[2])))
