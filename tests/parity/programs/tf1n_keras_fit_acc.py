"""tf.keras Sequential: fit with validation data and callbacks that look at val_acc."""
import numpy as np
import tensorflow as tf
from tensorflow import keras

rng = np.random.RandomState(2)
train_images = rng.rand(40, 4, 4).astype('float32')
train_labels = (train_images.mean(axis=(1, 2)) > 0.5).astype('int32')
test_images = rng.rand(20, 4, 4).astype('float32')
test_labels = (test_images.mean(axis=(1, 2)) > 0.5).astype('int32')

model = keras.Sequential([
    keras.layers.Flatten(input_shape=(4, 4)),
    keras.layers.Dense(5, activation=tf.nn.relu),
    keras.layers.Dense(2, activation=tf.nn.softmax)
])
model.set_weights([w for w in (rng.randn(16, 5) * 0.3, np.zeros(5), rng.randn(5, 2) * 0.5, np.zeros(2))])
model.compile(optimizer=tf.train.AdamOptimizer(0.02),
              loss='sparse_categorical_crossentropy',
              metrics=['accuracy'])
early = keras.callbacks.EarlyStopping(monitor='val_acc', patience=2)
history = model.fit(train_images, train_labels, epochs=8, batch_size=10, shuffle=False, verbose=0,
                    validation_data=(test_images, test_labels), callbacks=[early])
print('RESULT keys', *sorted(history.history))
for key in ('loss', 'acc', 'val_loss', 'val_acc'):
    print('RESULT', key, *history.history[key])
test_loss, test_acc = model.evaluate(test_images, test_labels, verbose=0)
print('RESULT test', test_loss, test_acc)
predictions = model.predict(test_images)
print('RESULT predictions', *predictions[:3].ravel())
print('RESULT argmax', *np.argmax(predictions, axis=1))
print('RESULT classes', *model.predict_classes(test_images))
