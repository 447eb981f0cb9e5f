import numpy as np
from keras.preprocessing import sequence, text
import config

POSITIVE = ['good film', 'a very good and funny film', 'funny and warm', 'warm story, good actors', 'very very good']
NEGATIVE = ['bad film', 'a very bad and boring story', 'boring actors', 'bad bad bad', 'cold and boring film']


def load():
    tokenizer = text.Tokenizer()
    docs = POSITIVE + NEGATIVE
    tokenizer.fit_on_texts(docs)
    x = sequence.pad_sequences(tokenizer.texts_to_sequences(docs), maxlen=config.MAX_LEN, padding='post',
                               truncating='post', value=0.)
    y = np.array([[1]] * len(POSITIVE) + [[0]] * len(NEGATIVE))
    return x, y, tokenizer.word_index


def fake_glove(word_index):
    """stands for the downloaded vectors: every known word gets a vector made of its letters"""
    matrix = np.zeros((len(word_index) + 1, config.EMBEDDING_DIM))
    for word, i in word_index.items():
        if word == 'actors':
            continue  # out of vocabulary
        codes = np.array([ord(c) - 96. for c in word])
        matrix[i] = [np.sin(k * codes).mean() for k in range(1, config.EMBEDDING_DIM + 1)]
    return matrix
