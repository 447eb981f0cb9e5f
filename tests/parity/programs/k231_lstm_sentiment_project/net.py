from keras import Sequential
from keras.layers import Embedding, LSTM, GRU, Dense, SpatialDropout1D
from keras import optimizers
import numpy


def make_model(c):
    model = Sequential()
    model.add(Embedding(c['input_dim'], c['emb'], mask_zero=True, batch_input_shape=c['batch_input_shape']))
    model.add(SpatialDropout1D(0.0))
    model.add(LSTM(c['units'][0], return_sequences=True, dropout=0., recurrent_dropout=0., stateful=c['stateful']))
    model.add(GRU(c['units'][1], stateful=c['stateful'], activation='tanh', recurrent_activation='hard_sigmoid',
                  implementation=1))
    model.add(Dense(1, activation='hard_sigmoid'))
    rs = numpy.random.RandomState(13)
    model.set_weights([rs.normal(loc=0., scale=.5, size=w.shape) for w in model.get_weights()])
    model.compile(loss='binary_crossentropy', optimizer=optimizers.RMSprop(lr=c['lr'], clipvalue=.5), metrics=['accuracy'])
    return model
