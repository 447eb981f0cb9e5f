'''Sequence to sequence: teacher forcing, then decoding step by step with the LSTM states.'''
from __future__ import print_function

from keras.models import Model
from keras.layers import Input, LSTM, Dense
import numpy as np

latent_dim = 6
input_texts = ['go', 'run', 'stop', 'no']
target_texts = ['\tva\n', '\tcours\n', '\tarret\n', '\tnon\n']

input_characters = sorted(set(''.join(input_texts)))
target_characters = sorted(set(''.join(target_texts)))
num_encoder_tokens, num_decoder_tokens = len(input_characters), len(target_characters)
max_enc = max([len(t) for t in input_texts])
max_dec = max([len(t) for t in target_texts])
input_token_index = dict([(c, i) for i, c in enumerate(input_characters)])
target_token_index = dict([(c, i) for i, c in enumerate(target_characters)])

encoder_input_data = np.zeros((len(input_texts), max_enc, num_encoder_tokens), dtype='float32')
decoder_input_data = np.zeros((len(input_texts), max_dec, num_decoder_tokens), dtype='float32')
decoder_target_data = np.zeros_like(decoder_input_data)
for i, (a, b) in enumerate(zip(input_texts, target_texts)):
    for t, char in enumerate(a):
        encoder_input_data[i, t, input_token_index[char]] = 1.
    for t, char in enumerate(b):
        decoder_input_data[i, t, target_token_index[char]] = 1.
        if t > 0:
            decoder_target_data[i, t - 1, target_token_index[char]] = 1.

encoder_inputs = Input(shape=(None, num_encoder_tokens))
encoder = LSTM(latent_dim, return_state=True)
encoder_outputs, state_h, state_c = encoder(encoder_inputs)
encoder_states = [state_h, state_c]

decoder_inputs = Input(shape=(None, num_decoder_tokens))
decoder_lstm = LSTM(latent_dim, return_sequences=True, return_state=True)
decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=encoder_states)
decoder_dense = Dense(num_decoder_tokens, activation='softmax')
decoder_outputs = decoder_dense(decoder_outputs)
model = Model([encoder_inputs, decoder_inputs], decoder_outputs)

rng = np.random.RandomState(4)
model.set_weights([rng.uniform(-.7, .7, w.shape) for w in model.get_weights()])
model.compile(optimizer='rmsprop', loss='categorical_crossentropy')
h = model.fit([encoder_input_data, decoder_input_data], decoder_target_data, batch_size=2, epochs=5, shuffle=False,
              verbose=0)
print('RESULT loss', *h.history['loss'])

# inference
encoder_model = Model(encoder_inputs, encoder_states)
decoder_state_input_h = Input(shape=(latent_dim,))
decoder_state_input_c = Input(shape=(latent_dim,))
decoder_states_inputs = [decoder_state_input_h, decoder_state_input_c]
decoder_outputs, state_h, state_c = decoder_lstm(decoder_inputs, initial_state=decoder_states_inputs)
decoder_states = [state_h, state_c]
decoder_outputs = decoder_dense(decoder_outputs)
decoder_model = Model([decoder_inputs] + decoder_states_inputs, [decoder_outputs] + decoder_states)


def decode_sequence(input_seq):
    states_value = encoder_model.predict(input_seq)
    target_seq = np.zeros((1, 1, num_decoder_tokens))
    target_seq[0, 0, target_token_index['\t']] = 1.
    tops = []
    while len(tops) < 5:
        output_tokens, h, c = decoder_model.predict([target_seq] + states_value)
        best = np.argmax(output_tokens[0, -1, :])
        tops.append(output_tokens[0, -1, best])
        target_seq = np.zeros((1, 1, num_decoder_tokens))
        target_seq[0, 0, best] = 1.
        states_value = [h, c]
    return tops, states_value


for seq_index in range(2):
    tops, (h, c) = decode_sequence(encoder_input_data[seq_index: seq_index + 1])
    print('RESULT decoded%d' % seq_index, *tops)
    print('RESULT states%d' % seq_index, h.sum(), c.sum())
