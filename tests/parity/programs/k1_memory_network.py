'''Question answering over stories with an end-to-end memory: dot products of embedded sentences, Sequential all through.'''
from __future__ import print_function
from keras.models import Sequential
from keras.layers.embeddings import Embedding
from keras.layers import Activation, Dense, Merge, Permute, Dropout
from keras.layers import LSTM
import numpy as np

vocab_size, story_maxlen, query_maxlen = 10, 6, 3
weights = np.random.RandomState(8)

input_encoder_m = Sequential()
input_encoder_m.add(Embedding(input_dim=vocab_size, output_dim=4, input_length=story_maxlen))
input_encoder_m.add(Dropout(0.))
question_encoder = Sequential()
question_encoder.add(Embedding(input_dim=vocab_size, output_dim=4, input_length=query_maxlen))
question_encoder.add(Dropout(0.))
# the 'match' between story and question words
match = Sequential()
match.add(Merge([input_encoder_m, question_encoder], mode='dot', dot_axes=[2, 2]))
match.add(Activation('softmax'))
# the story again, in as many dimensions as the question has words
input_encoder_c = Sequential()
input_encoder_c.add(Embedding(input_dim=vocab_size, output_dim=query_maxlen, input_length=story_maxlen))
input_encoder_c.add(Dropout(0.))
response = Sequential()
response.add(Merge([match, input_encoder_c], mode='sum'))
response.add(Permute((2, 1)))
answer = Sequential()
answer.add(Merge([response, question_encoder], mode='concat', concat_axis=-1))
answer.add(LSTM(5))
answer.add(Dropout(0.))
answer.add(Dense(vocab_size))
answer.add(Activation('softmax'))

answer.set_weights([weights.normal(0, .4, w.shape) for w in answer.get_weights()])
answer.compile(optimizer='rmsprop', loss='categorical_crossentropy', metrics=['accuracy'])
stories = weights.randint(0, vocab_size, (16, story_maxlen))
questions = weights.randint(0, vocab_size, (16, query_maxlen))
answers = np.eye(vocab_size)[stories[:, 0]]
h = answer.fit([stories, questions, stories], answers, batch_size=4, nb_epoch=3, verbose=0, shuffle=False,
               validation_split=0.25)
print('RESULT loss', h.history['loss'])
print('RESULT val_loss', h.history['val_loss'])
print('RESULT val_acc', h.history['val_acc'])
print('RESULT shapes', match.output_shape, response.output_shape, answer.input_shape)
print('RESULT classes', answer.predict_classes([stories[:5], questions[:5], stories[:5]], verbose=0))
print('RESULT match', match.predict([stories[:1], questions[:1]]).ravel())
