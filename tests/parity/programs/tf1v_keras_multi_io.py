"""A functional tf.keras model with two inputs and outputs: names, loss weights, datasets, an optimizer of tf.train."""
import numpy as np
import tensorflow as tf
from tensorflow import keras as K

L = K.layers
rng = np.random.RandomState(33)
main_input = L.Input(shape=(5,), dtype='float32', name='main')
aux_input = L.Input(shape=(3,), name='aux')
seq = L.Input(shape=(4, 2), name='seq')
h = L.Dense(6, activation='relu', name='h', kernel_initializer=K.initializers.RandomNormal(seed=1))(main_input)
g = L.GRU(3, name='gru')(seq)
c = L.CuDNNLSTM(2)(seq) if False else L.SimpleRNN(2)(seq)
merged = L.concatenate([h, aux_input, g, c], axis=-1)
gate = L.multiply([L.Dense(4, activation='sigmoid')(merged), L.Dense(4, activation='tanh')(merged)])
gate = L.add([gate, L.Dense(4, use_bias=False)(merged)])
score = L.dot([gate, L.Dense(4)(aux_input)], axes=1, normalize=True)
label = L.Dense(3, activation='softmax', name='label')(gate)
value = L.Dense(1, name='value')(L.concatenate([gate, score]))
model = K.Model(inputs=[main_input, aux_input, seq], outputs=[label, value])
model.set_weights([rng.randn(*w.shape) * 0.3 for w in model.get_weights()])
model.compile(optimizer=tf.train.RMSPropOptimizer(0.01), loss={'label': 'sparse_categorical_crossentropy', 'value': 'mse'},
              loss_weights={'label': 1., 'value': 0.2}, metrics={'label': ['accuracy'], 'value': ['mae']})
a, b, s = rng.randn(24, 5), rng.randn(24, 3), rng.randn(24, 4, 2)
y1, y2 = rng.randint(0, 3, (24, 1)), rng.randn(24, 1)
hist = model.fit({'main': a, 'aux': b, 'seq': s}, {'label': y1, 'value': y2}, epochs=3, batch_size=8, shuffle=False, verbose=0,
                 validation_data=([a, b, s], [y1, y2]))
for key in sorted(hist.history):
    print('RESULT', key, *hist.history[key])
print('RESULT names', *model.metrics_names)
print('RESULT evaluate', *model.evaluate([a, b, s], [y1, y2], verbose=0, batch_size=24))
dataset = tf.data.Dataset.from_tensor_slices((
    {'main': a.astype('float32'), 'aux': b.astype('float32'), 'seq': s.astype('float32')},
    (y1, y2.astype('float32')))).batch(8).repeat()
again = model.fit(dataset, epochs=2, steps_per_epoch=3, verbose=0)
print('RESULT dataset', *again.history['loss'], *again.history['label_acc'])
print('RESULT predicted', *[float(p.sum()) for p in model.predict([a, b, s])])
single = K.Model(model.inputs, model.get_layer('label').output)
print('RESULT single', *single.predict([a[:2], b[:2], s[:2]]).ravel())

for name in ('sgd', 'rmsprop', 'adam', 'adamax', 'nadam', 'adadelta'):
    small = K.Sequential([L.Dense(2, input_shape=(3,), kernel_initializer='ones'), L.PReLU(), L.Dense(1, kernel_initializer='zeros')])
    small.compile(name, 'logcosh', metrics=['mse'])
    small.fit(b, y2, epochs=2, batch_size=12, verbose=0, shuffle=False)
    print('RESULT optimizer', name, *[float(np.sum(w)) for w in small.get_weights()])
for loss in ('mae', 'mape', 'msle', 'hinge', 'squared_hinge', 'poisson', 'kld', 'cosine_proximity', 'categorical_hinge'):
    small = K.Sequential([L.Dense(3, input_shape=(3,), kernel_initializer='identity', activation='softplus')])
    small.compile(K.optimizers.SGD(0.1), loss)
    print('RESULT loss', loss, small.evaluate(b, np.abs(b), verbose=0), small.train_on_batch(b, np.abs(b)))
