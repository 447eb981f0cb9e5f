import os

import keras
import numpy as np
from keras.callbacks import LearningRateScheduler, ModelCheckpoint


def set_weights(model, seed):
    rng = np.random.RandomState(seed)
    for layer in model.layers:
        weights = layer.get_weights()
        if isinstance(layer, keras.layers.BatchNormalization):
            weights = [weights[0] + .1, weights[1], weights[2], weights[3]]
        else:
            weights = [rng.normal(0, .25, w.shape) for w in weights]
        layer.set_weights(weights)


def step_decay(epoch, lr):
    return lr * (0.5 if epoch else 1.)


def optimizer():
    return keras.optimizers.SGD(learning_rate=0.05, momentum=0.9, nesterov=True, decay=0.)


def callbacks(folder):
    checkpoint = ModelCheckpoint(os.path.join(folder, 'net.{epoch:03d}-{val_accuracy:.3f}.h5'), monitor='val_accuracy', verbose=0,
                                 save_best_only=False, save_weights_only=True, mode='max', period=1)
    return [checkpoint, LearningRateScheduler(step_decay, verbose=0)]
