"""Text preprocessing of a repository: Tokenizer with oov, matrices, hashing, skip-grams, padding, windows of a series."""
from __future__ import print_function
import json
import numpy as np
import keras
import keras.preprocessing.text as T
from keras.preprocessing.text import Tokenizer, one_hot, text_to_word_sequence, hashing_trick
from keras.preprocessing.sequence import pad_sequences, skipgrams, make_sampling_table, TimeseriesGenerator
from keras.preprocessing import sequence, text
from keras.utils import to_categorical, np_utils
from keras.utils.generic_utils import to_list

docs = ['The cat sat on the mat.', 'The dog ate my homework!', 'cats & dogs: the "best" of friends', 'mat, mat, mat']
tok = Tokenizer(num_words=8, oov_token='<unk>', filters='!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n')
tok.fit_on_texts(docs)
print('RESULT index', *['%s=%d' % kv for kv in sorted(tok.word_index.items(), key=lambda kv: kv[1])])
for i, s in enumerate(tok.texts_to_sequences(docs + ['a wholly new line'])):
    print('RESULT seq%d' % i, *s)
for mode in ['binary', 'count', 'tfidf', 'freq']:
    print('RESULT', mode, *np.round(tok.texts_to_matrix(docs, mode=mode), 5).ravel())
print('RESULT counts', *sorted(tok.word_counts.items()))
print('RESULT docs', tok.document_count, len(tok.word_docs), *sorted(tok.word_docs.values()))
print('RESULT back', *tok.sequences_to_texts([[1, 2, 3], [4]]))
config = json.loads(tok.to_json())['config']
print('RESULT config', config['num_words'], config['char_level'], config['oov_token'])
again = text.tokenizer_from_json(tok.to_json()) if hasattr(text, 'tokenizer_from_json') else tok
print('RESULT same', again.texts_to_sequences(docs[:1]) == tok.texts_to_sequences(docs[:1]))
chars = T.Tokenizer(char_level=True, lower=False)
chars.fit_on_texts(docs[:2])
print('RESULT chars', len(chars.word_index), *chars.texts_to_sequences(['The cat'])[0])
print('RESULT words', *text_to_word_sequence("Don't stop-me now", lower=False, split=' '))
print('RESULT one_hot', len(one_hot('a b a', 50)), one_hot('a b a', 50)[0] == one_hot('a b a', 50)[2])
print('RESULT hashed', *hashing_trick('the cat and the dog', 20, hash_function='md5'))

seqs = [[1, 2, 3], [4], [5, 6, 7, 8, 9]]
print('RESULT pre', *pad_sequences(seqs).ravel())
print('RESULT post', *sequence.pad_sequences(seqs, 4, 'float32', padding='post', truncating='post', value=-1.).ravel())
couples, labels = skipgrams([1, 2, 3, 4], 6, window_size=1, negative_samples=0., shuffle=False)
print('RESULT couples', *np.array(couples).ravel())
print('RESULT labels', *labels)
print('RESULT table', *make_sampling_table(6))
table = np_utils.to_categorical([0, 2, 1], num_classes=4)
print('RESULT cat', *to_categorical(np.array([[1], [0]])).ravel(), *table.ravel(), *to_list(3))
print('RESULT normalize', *keras.utils.normalize(np.array([[3., 4.], [1., 0.]]), axis=-1, order=2).ravel())

data = np.array([[i, i ** 2] for i in range(12)], dtype='float32')
gen = TimeseriesGenerator(data, data[:, 1], length=4, sampling_rate=2, stride=2, batch_size=3, start_index=1)
print('RESULT series', len(gen), *gen[0][0].shape)
for x, y in [gen[i] for i in range(len(gen))]:
    print('RESULT window', *x.ravel())
    print('RESULT target', *y)
rev = TimeseriesGenerator(data, data, length=3, reverse=True, batch_size=2, end_index=6)
print('RESULT reversed', *rev[0][0].ravel())
