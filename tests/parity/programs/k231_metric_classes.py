"""Keras 2.3: metric objects, a metric class of the author's, add_metric in a layer, losses with reduction, evaluate."""
import numpy as np
import keras
from keras import backend as K
from keras import layers
from keras.losses import BinaryCrossentropy, Huber, MeanSquaredError
from keras.metrics import Metric, MeanAbsoluteError, Precision, Recall, AUC, BinaryAccuracy, TopKCategoricalAccuracy


class F1(Metric):
    def __init__(self, name='f1', **kwargs):
        super(F1, self).__init__(name=name, **kwargs)
        self.tp = self.add_weight(name='tp', initializer='zeros')
        self.fp = self.add_weight(name='fp', initializer='zeros')
        self.fn = self.add_weight(name='fn', initializer='zeros')

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_pred = K.round(y_pred)
        tp = K.sum(y_true * y_pred)
        self.tp.assign_add(tp)
        self.fp.assign_add(K.sum(y_pred) - tp)
        self.fn.assign_add(K.sum(y_true) - tp)

    def result(self):
        return 2 * self.tp / (2 * self.tp + self.fp + self.fn + K.epsilon())


class Regularized(layers.Layer):
    def __init__(self, rate=1e-2, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate

    def call(self, x):
        self.add_loss(self.rate * K.sum(K.square(x)), inputs=True)
        return x

    def compute_output_shape(self, s):
        return s


rng = np.random.RandomState(100)
X = rng.randn(40, 6).astype('float32')
y = (X[:, 0] - X[:, 1] > 0.1).astype('float32').reshape(-1, 1)
inputs = keras.Input(shape=(6,), name='features')
x = layers.Dense(5, activation=keras.activations.swish if hasattr(keras.activations, 'swish') else 'tanh', name='hidden')(inputs)
x = Regularized(1e-3)(x)
x = layers.ReLU(max_value=4., negative_slope=.1, threshold=0.)(x)
outputs = layers.Dense(1, activation='sigmoid')(x)
model = keras.Model(inputs=inputs, outputs=outputs, name='judge')
model.set_weights([rng.uniform(-.6, .6, w.shape) for w in model.get_weights()])
model.compile(optimizer=keras.optimizers.RMSprop(learning_rate=0.02, rho=.8), loss=BinaryCrossentropy(label_smoothing=.1),
              metrics=[BinaryAccuracy(threshold=.4), Precision(), Recall(name='rec'), AUC(num_thresholds=50), F1(), 'mse', 'accuracy'])
history = model.fit(X[:30], y[:30], batch_size=10, epochs=3, verbose=0, shuffle=False, validation_data=(X[30:], y[30:]))
for k, v in sorted(history.history.items()):
    print('RESULT', k, *v)
print('RESULT names', *model.metrics_names)
print('RESULT evaluate', *model.evaluate(X, y, batch_size=16, verbose=0))
print('RESULT batch', *model.train_on_batch(X[:8], y[:8], reset_metrics=True))

regress = keras.Sequential([layers.Dense(4, input_shape=(6,), activation='softsign', kernel_initializer='ones'), layers.Dense(2, kernel_initializer='ones')])
regress.compile(optimizer=keras.optimizers.Adagrad(), loss=Huber(delta=.7), metrics=[MeanAbsoluteError(), keras.metrics.RootMeanSquaredError(name='rmse'), 'cosine_similarity'])
h = regress.fit(X, X[:, :2], epochs=2, batch_size=20, shuffle=False, verbose=0, validation_split=.25)
for k in ('loss', 'mean_absolute_error', 'rmse', 'val_rmse', 'cosine_similarity'):
    print('RESULT', 'r_' + k, *h.history[k])
m = keras.metrics.Mean()
for v in (1., 4., 7.):
    m.update_state(v)
print('RESULT mean', K.eval(m.result()))
print('RESULT loss_value', K.eval(MeanSquaredError()(K.constant([[1., 2.]]), K.constant([[0., 4.]]))),
      K.eval(keras.losses.mean_absolute_error(K.constant([[1., 2.]]), K.constant([[0., 4.]])))[0])
