"""Wrote the files beside it, with the Keras that their names say: `python write.py NAME`, in an environment that has it.

Beside the models it prints what they answer, which `answers.json` holds.
"""

import json
import sys

import numpy as np

try:
    import keras
except ImportError:
    from tensorflow import keras
if sys.argv[1].startswith("tf"):
    from tensorflow import keras
layers, Sequential = keras.layers, keras.models.Sequential

np.random.seed(0)
if keras.__version__.startswith("1."):
    convolution = layers.Convolution2D(2, 3, 3, input_shape=(5, 5, 1), name="scan")
else:
    convolution = layers.Conv2D(2, (3, 3), input_shape=(5, 5, 1), name="scan")
cnn = Sequential()
cnn.add(convolution)
cnn.add(layers.BatchNormalization(name="norm"))
cnn.add(layers.Activation("relu", name="bend"))
cnn.add(layers.Flatten(name="flat"))
cnn.add(layers.Dense(3, activation="softmax", name="judge"))
rnn = Sequential()
rnn.add(layers.Embedding(7, 3, input_length=4, name="words"))
rnn.add(layers.GRU(2, return_sequences=True, name="reader"))
rnn.add(layers.LSTM(2, name="second"))
rnn.add(layers.Dense(1, name="judge"))
pictures = (np.arange(50) % 7 / 7.0).reshape(2, 5, 5, 1)
words = np.array([[1, 2, 3, 4], [6, 5, 0, 1]])
for name, model, loss in (("cnn", cnn, "categorical_crossentropy"), ("rnn", rnn, "mse")):
    model.compile("sgd", loss)
    model.set_weights([np.random.uniform(0.1, 0.9, one.shape) for one in model.get_weights()])
    model.save("{}_{}.h5".format(name, sys.argv[1]))
answers = {"cnn": cnn.predict(pictures), "rnn": rnn.predict(words)}
print("ANSWERS " + json.dumps({name: array.ravel().tolist() for name, array in answers.items()}))
