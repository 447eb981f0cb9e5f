"""tf.keras training from a generator: fit_generator, lr schedule, decay, evaluate and predict from generators."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.callbacks import LearningRateScheduler, ReduceLROnPlateau
from tensorflow.keras.layers import Dense, Dropout, Input, concatenate
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import SGD, Adam


def batches(x, a, y, size):
    while True:
        for i in range(0, len(x), size):
            yield [x[i:i + size], a[i:i + size]], y[i:i + size]


def build():
    image = Input(shape=(6,), name='image')
    extra = Input(shape=(2,), name='extra')
    h = Dense(4, activation='tanh', kernel_initializer=tf.keras.initializers.constant(0.1))(image)
    h = Dropout(0.0)(h)
    h = concatenate([h, extra])
    out = Dense(1, activation='sigmoid', kernel_initializer='ones', kernel_regularizer=tf.keras.regularizers.l2(0.01))(h)
    return Model(inputs=[image, extra], outputs=out)


rng = np.random.RandomState(5)
x, a = rng.randn(32, 6), rng.randn(32, 2)
y = (x[:, 0] + a[:, 1] > 0).astype('float32')

model = build()
model.compile(optimizer=SGD(lr=0.2, momentum=0.9, nesterov=True), loss='binary_crossentropy', metrics=['acc'])
schedule = LearningRateScheduler(lambda epoch: 0.2 * 0.5 ** epoch)
history = model.fit_generator(batches(x, a, y, 8), steps_per_epoch=4, epochs=3, verbose=0, callbacks=[schedule],
                              validation_data=batches(x, a, y, 16), validation_steps=2)
print('RESULT loss', *history.history['loss'])
print('RESULT acc', *history.history['acc'])
print('RESULT val_acc', *history.history['val_acc'])
print('RESULT lr', *history.history['lr'])
print('RESULT evaluate', *model.evaluate_generator(batches(x, a, y, 8), steps=4))
print('RESULT predict', *model.predict_generator(batches(x, a, y, 8), steps=1).ravel())

model = build()
adam = Adam(lr=0.05, decay=0.1)
model.compile(adam, 'binary_crossentropy', metrics=['accuracy'])
plateau = ReduceLROnPlateau(monitor='loss', factor=0.5, patience=1, min_delta=10.0)
history = model.fit([x, a], y, batch_size=8, epochs=4, verbose=0, shuffle=False, callbacks=[plateau])
print('RESULT adam', *history.history['loss'])
print('RESULT rate', K.get_value(model.optimizer.lr), K.get_value(adam.iterations))
K.set_value(model.optimizer.lr, 0.5)
print('RESULT batch', *model.train_on_batch([x[:8], a[:8]], y[:8]))
print('RESULT names', *model.metrics_names)
