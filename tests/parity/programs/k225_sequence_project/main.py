#!/usr/bin/env python
"""Trains a small image classifier from a keras Sequence, see data/generator.py"""
import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import keras
import numpy as np
from data.generator import DataGenerator, batches
from models import build


def parse_args():
    p = argparse.ArgumentParser()
    p.add_argument('--epochs', type=int, default=2)
    p.add_argument('--batch-size', type=int, default=6)
    p.add_argument('--lr', type=float, default=0.01)
    p.add_argument('--arch', default='small', choices=['small', 'wide'])
    p.add_argument('--freeze', action='store_true')
    return p.parse_args()


if __name__ == '__main__':
    args = parse_args()
    rng = np.random.RandomState(77)
    x = rng.normal(size=(27, 8, 8, 2))
    y = (x[:, :4].mean(axis=(1, 2, 3)) > 0).astype(int)
    model = build(args.arch, input_shape=(8, 8, 2), nb_classes=2, rng=rng)
    model.compile(keras.optimizers.SGD(lr=args.lr, momentum=0.9, nesterov=True),
                  'categorical_crossentropy', ['accuracy'])
    train = DataGenerator(x[:18], y[:18], batch_size=args.batch_size)
    history = model.fit_generator(generator=train,
                                  validation_data=batches(x[18:], y[18:], 3),
                                  validation_steps=3,
                                  epochs=args.epochs, shuffle=False, verbose=0,
                                  use_multiprocessing=False, workers=1, max_queue_size=2)
    print('RESULT loss', *history.history['loss'])
    print('RESULT acc', *history.history['acc'])
    print('RESULT val', *(history.history['val_loss'] + history.history['val_acc']))
    print('RESULT evaluate', *model.evaluate_generator(DataGenerator(x[18:], y[18:], 4)))
    print('RESULT predict', *model.predict_generator(batches(x[18:], y[18:], 3), steps=2)[:, 0])
    print('RESULT epochs_seen', train.epochs_seen)
