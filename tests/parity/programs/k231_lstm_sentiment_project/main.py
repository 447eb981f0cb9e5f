"""Sentiment of padded reviews: masking, stacked recurrent layers and a stateful twin for online prediction."""
import numpy as np
import settings
from net import make_model
from text import toy_reviews


def train():
    x, y, w = toy_reviews(settings.N, settings.MAXLEN, settings.VOCAB)

    def generate(bs=5):
        while True:
            for s in range(0, len(x), bs):
                yield x[s:s + bs], y[s:s + bs], w[s:s + bs]  # third: sample weights

    model = make_model(settings.CONFIG)
    h = model.fit_generator(generate(), steps_per_epoch=len(x) // 5, epochs=3, verbose=0)
    print('RESULT loss', *h.history['loss'])
    print('RESULT accuracy', *h.history['accuracy'])
    return model, x, y


def online(model, x):
    cfg = dict(settings.CONFIG, stateful=True, batch_input_shape=(2, 1))
    twin = make_model(cfg)
    twin.set_weights(model.get_weights())
    twin.reset_states()
    for t in range(x.shape[1]):
        p = twin.predict(x[:, t:t + 1])
    again = twin.predict(x[:, -1:])
    twin.reset_states()
    return p, again, twin.predict(x[:, -1:])


if __name__ == '__main__':
    model, x, y = train()
    print('RESULT eval', *model.evaluate(x, y, batch_size=8, verbose=0))
    print('RESULT padded', *model.predict(np.array([[0, 0, 0, 3, 4, 5], [0, 0, 7, 7, 7, 7]])).ravel())
    full = np.array([[3, 4, 5, 6, 2, 1], [9, 8, 7, 6, 5, 4]])
    p, again, fresh = online(model, full)
    print('RESULT online', *p.ravel(), *model.predict(full).ravel())
    print('RESULT states', *again.ravel(), *fresh.ravel())
