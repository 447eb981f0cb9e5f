"""evaluation report: name -> value"""
import numpy as np
import keras.backend as K
from keras.models import Sequential
from keras.layers import Dense


def within(y_true, y_pred):
    return K.mean(K.cast(K.less(K.abs(y_true - y_pred), 0.5), 'float32'))


def bias(y_true, y_pred):
    return K.mean(y_pred - y_true, axis=-1)


def report(model, x, y):
    values = model.evaluate(x, y, batch_size=4, verbose=0)
    return dict(zip(model.metrics_names, values))


model = Sequential([Dense(3, input_dim=2, activation='relu'), Dense(1)])
rng = np.random.RandomState(15)
model.set_weights([rng.normal(size=w.shape) for w in model.get_weights()])
model.compile('sgd', 'mae', metrics=[within, bias])
x = rng.normal(size=(10, 2)).astype('float32')
y = x[:, 0] + x[:, 1]
scores = report(model, x, y)
print('RESULT entries', len(scores))
for key in ('loss', 'within', 'bias'):
    print('RESULT', key, scores.get(key, -1))
out = dict(zip(model.metrics_names, model.train_on_batch(x, y)))
print('RESULT train', out.get('bias', -1), len(out))
