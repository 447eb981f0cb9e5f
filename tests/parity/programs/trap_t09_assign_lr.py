"""Two-phase training: the rate is set on the optimizer of the compiled model"""
import numpy as np
from keras.models import Sequential
from keras.layers import Dense

phases = [(0.2, 3), (0.02, 3)]

rs = np.random.RandomState(71)
data = rs.normal(size=(24, 4))
labels = (data[:, :1] * data[:, 1:2] > 0).astype('float32')

model = Sequential()
model.add(Dense(5, input_shape=(4,), activation='tanh'))
model.add(Dense(1, activation='sigmoid'))
model.set_weights([rs.uniform(-1, 1, w.shape) for w in model.get_weights()])
for lr, epochs in phases:
    model.compile('sgd', loss='binary_crossentropy')
    model.optimizer.lr = lr
    h = model.fit(data, labels, batch_size=8, epochs=epochs, verbose=0, shuffle=False)
    print('RESULT phase', lr, *h.history['loss'])
print('RESULT weights', *[np.abs(w).sum() for w in model.get_weights()])
