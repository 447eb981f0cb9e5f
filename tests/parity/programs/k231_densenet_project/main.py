"""Project: DenseNet factory in a package, training with Sequence, l2, schedules and snapshots, evaluated after reload."""
import argparse
import os
import tempfile

import numpy as np

from data import Batches, load
from nets import DenseNet
import train_utils as tu


def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument('--batch-size', type=int, default=6)
    parser.add_argument('--epochs', type=int, default=3)
    parser.add_argument('--depth', type=int, default=10)
    parser.add_argument('--growth', type=int, default=3)
    parser.add_argument('--no-bottleneck', action='store_true')
    args = parser.parse_args(argv)

    (x_train, y_train), (x_test, y_test) = load()
    model = DenseNet(input_shape=x_train.shape[1:], depth=args.depth, growth_rate=args.growth,
                     bottleneck=not args.no_bottleneck, reduction=0.5, nb_filter=4, classes=3, weight_decay=1e-4)
    tu.set_weights(model, 12)
    model.compile(loss='categorical_crossentropy', optimizer=tu.optimizer(), metrics=['accuracy'])
    print('RESULT layers', len(model.layers), model.count_params())
    folder = tempfile.mkdtemp()
    history = model.fit_generator(Batches(x_train, y_train, args.batch_size), epochs=args.epochs, verbose=0,
                                  validation_data=Batches(x_test, y_test, args.batch_size), workers=2,
                                  use_multiprocessing=False, max_queue_size=4, shuffle=False, callbacks=tu.callbacks(folder))
    for key in ('loss', 'accuracy', 'val_loss', 'val_accuracy', 'lr'):
        print('RESULT', key, *history.history[key])
    names = sorted(os.listdir(folder))
    print('RESULT files', *names)
    model.load_weights(os.path.join(folder, names[0]))
    print('RESULT first', *model.evaluate_generator(Batches(x_test, y_test, 4)))
    print('RESULT predict', *model.predict_generator(Batches(x_test, y_test, 4), workers=1)[:2].ravel())


if __name__ == '__main__':
    main()
