"""Train a siamese network on pairs of toy signatures."""
import numpy as np
from keras.optimizers import RMSprop

from network import create_siamese, compute_accuracy
from pairs import load_data, make_pairs

EPOCHS = 3


def main():
    (x_tr, y_tr), (x_te, y_te) = load_data()
    tr_pairs, tr_y = make_pairs(x_tr, y_tr)
    te_pairs, te_y = make_pairs(x_te, y_te)

    model, base = create_siamese(x_tr.shape[1:])
    rms = RMSprop(lr=0.002)
    from network import contrastive_loss, accuracy
    model.compile(loss=contrastive_loss, optimizer=rms, metrics=[accuracy])
    history = model.fit([tr_pairs[:, 0], tr_pairs[:, 1]], tr_y,
                        batch_size=7,     # does not divide the number of pairs
                        epochs=EPOCHS, shuffle=False, verbose=0,
                        validation_data=([te_pairs[:, 0], te_pairs[:, 1]], te_y))
    for key in ('loss', 'accuracy', 'val_loss', 'val_accuracy'):
        print('RESULT', key, *history.history[key])
    y_pred = model.predict([te_pairs[:, 0], te_pairs[:, 1]])
    print('RESULT distances', *y_pred[:6, 0])
    print('RESULT test_acc', compute_accuracy(te_y, y_pred))
    print('RESULT embedding', *base.predict(x_te[:2]).ravel(), base.count_params())


if __name__ == '__main__':
    main()
