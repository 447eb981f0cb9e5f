"""tf.keras of TensorFlow 1: what nobody wrote out."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(23)
x = rng.randn(5, 4, 2)
seq = tf.keras.Sequential([tf.keras.layers.LSTM(3, input_shape=(4, 2), return_sequences=True), tf.keras.layers.GRU(2)])
seq.set_weights([rng.uniform(-1, 1, w.shape) for w in seq.get_weights()])
print('RESULT recurrent', *seq.predict(x).ravel())
print('RESULT weights', *[w.ndim for w in seq.get_weights()])

act = tf.keras.Sequential([tf.keras.layers.Dense(2, activation='hard_sigmoid', input_shape=(2,), kernel_initializer='ones')])
print('RESULT hard', *act.predict(x[:, 0]).ravel())

up = tf.keras.Sequential([tf.keras.layers.UpSampling2D((2, 2), interpolation='bilinear', input_shape=(2, 2, 1))])
print('RESULT upsampled', *up.predict(np.arange(4.).reshape(1, 2, 2, 1)).ravel())

data, target = rng.randn(12, 3), rng.randn(12, 1)
for optimizer in ('sgd', 'adam', 'rmsprop', 'adagrad', 'adadelta', 'adamax', 'nadam'):
    model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(3,), kernel_initializer='ones')])
    model.compile(optimizer, 'mean_squared_error', metrics=['mae'])
    history = model.fit(data, target, batch_size=4, epochs=2, verbose=0, shuffle=False).history
    print('RESULT', optimizer, *history['loss'])
    print('RESULT metric', *history[[k for k in history if k != 'loss'][0]])
reg = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(3,), kernel_initializer='ones', activity_regularizer=tf.keras.regularizers.l1_l2(l1=0.1, l2=0.2))])
reg.compile(tf.keras.optimizers.Adamax(), 'mse')
print('RESULT activity', reg.evaluate(data, target, verbose=0, batch_size=12))
