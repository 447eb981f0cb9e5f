# next-frame prediction with ConvLSTM2D, then a clip classifier (TimeDistributed CNN + LSTM)
from keras.models import Sequential
from keras.layers.convolutional import Conv3D, Conv2D
from keras.layers.convolutional_recurrent import ConvLSTM2D
from keras.layers.wrappers import TimeDistributed, Bidirectional
from keras.layers.recurrent import LSTM, SimpleRNN
from keras.layers import Flatten, Dense, MaxPooling2D
import numpy as np


def randomize(model, seed):
    rs = np.random.RandomState(seed)
    for layer in model.layers:
        ws = layer.get_weights()
        if ws:
            layer.set_weights([rs.standard_normal(w.shape) * .15 for w in ws])


def frames(n_samples=6, n_frames=4, size=6):
    movies = np.zeros((n_samples, n_frames + 1, size, size, 1), dtype=np.float32)
    for i in range(n_samples):
        for t in range(n_frames + 1):
            r, c = (i + t) % (size - 1), (2 * i + t) % (size - 1)
            movies[i, t, r:r + 2, c:c + 2, 0] += 1
    return movies[:, :-1], movies[:, 1:]


noisy, shifted = frames()

seq = Sequential()
seq.add(ConvLSTM2D(filters=3, kernel_size=(3, 3), input_shape=(None, 6, 6, 1), padding='same', return_sequences=True))
seq.add(ConvLSTM2D(2, (3, 3), padding='same', return_sequences=True, activation='relu'))
seq.add(Conv3D(filters=1, kernel_size=(3, 3, 3), activation='sigmoid', padding='same', data_format='channels_last'))
randomize(seq, 1)
seq.compile(loss='binary_crossentropy', optimizer='nadam')
hist = seq.fit(noisy, shifted, batch_size=3, epochs=3, verbose=0, shuffle=False)
print("RESULT convlstm_loss", *hist.history['loss'])
track = noisy[0][:2]
for j in range(3):  # let the net go on by itself
    new_pos = seq.predict(track[np.newaxis, ::, ::, ::, ::])
    track = np.concatenate((track, new_pos[:, -1]), axis=0)
print("RESULT track", track.shape[0], *track[2:].sum(axis=(1, 2, 3)))

clf = Sequential()
clf.add(TimeDistributed(Conv2D(4, (3, 3), activation='relu'), input_shape=(4, 6, 6, 1)))
clf.add(TimeDistributed(MaxPooling2D((2, 2))))
clf.add(TimeDistributed(Flatten()))
clf.add(Bidirectional(LSTM(5, return_sequences=True), merge_mode='sum'))
clf.add(SimpleRNN(4, activation='tanh'))
clf.add(Dense(1, activation='sigmoid'))
randomize(clf, 2)
clf.compile('adamax', 'binary_crossentropy', ['accuracy'])
y = np.array([0, 1, 0, 1, 1, 0])
for _ in range(3):
    out = clf.train_on_batch(noisy, y)
    print('RESULT clf', *out)
print('RESULT clf_prob', *clf.predict_proba(noisy).ravel())
print('RESULT clf_class', *clf.predict_classes(noisy).ravel())
