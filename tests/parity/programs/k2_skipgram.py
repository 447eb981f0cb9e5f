"""word2vec by skip-grams: two embeddings, dot product, negative samples."""
import collections
import numpy as np
from keras.layers import Input, Dense, Reshape, Embedding, dot, Dot, Flatten, multiply, subtract, average, maximum, Lambda
from keras.models import Model
import keras.backend as K

corpus = "the quick brown fox jumps over the lazy dog while the slow fox sleeps under the brown tree".split()
window_size, vector_dim, epochs = 2, 4, 60


def build_dataset(words):
    count = collections.Counter(words).most_common()
    dictionary = {}
    for word, _ in sorted(count, key=lambda t: (-t[1], t[0])):
        dictionary[word] = len(dictionary) + 1
    return [dictionary[w] for w in words], dictionary


def skip_grams(data, size):
    couples, labels = [], []
    for i, w in enumerate(data):
        for j in range(max(0, i - size), min(len(data), i + size + 1)):
            if i != j:
                couples.append([w, data[j]])
                labels.append(1)
                couples.append([w, (w * 7 + j) % size + 1])     # "random" negative
                labels.append(0)
    return couples, labels


data, dictionary = build_dataset(corpus)
vocab_size = len(dictionary) + 1
couples, labels = skip_grams(data, window_size)
word_target, word_context = zip(*couples)
word_target = np.array(word_target, dtype="int32")
word_context = np.array(word_context, dtype="int32")
print('RESULT couples', len(couples), sum(labels), vocab_size, word_context.sum())

# create some input variables
input_target = Input((1,))
input_context = Input((1,))
embedding = Embedding(vocab_size, vector_dim, input_length=1, name='embedding')
target = Reshape((vector_dim, 1))(embedding(input_target))
context = Reshape((vector_dim, 1))(embedding(input_context))

# setup a cosine similarity operation which will be output in a secondary model
similarity = dot([target, context], axes=1, normalize=True)

dot_product = dot([target, context], axes=1)
dot_product = Reshape((1,))(dot_product)
output = Dense(1, activation='sigmoid')(dot_product)

model = Model(inputs=[input_target, input_context], outputs=output)
rng = np.random.RandomState(2)
embedding.set_weights([rng.uniform(-.5, .5, (vocab_size, vector_dim))])
model.layers[-1].set_weights([np.ones((1, 1)), np.zeros(1)])
model.compile(loss='binary_crossentropy', optimizer='rmsprop')
validation_model = Model(inputs=[input_target, input_context], outputs=similarity)

arr_1, arr_2, arr_3 = np.zeros((1,)), np.zeros((1,)), np.zeros((1,))
total = 0
for cnt in range(epochs):
    idx = (cnt * 31) % len(labels)
    arr_1[0,] = word_target[idx]
    arr_2[0,] = word_context[idx]
    arr_3[0,] = labels[idx]
    loss = model.train_on_batch([arr_1, arr_2], arr_3)
    total += loss
    if cnt % 20 == 0:
        print("RESULT iteration%d" % cnt, loss)
print('RESULT total', total)
h = model.fit([word_target, word_context], np.array(labels), batch_size=17, epochs=2, verbose=0, shuffle=False)
print('RESULT loss', *h.history['loss'])

fox = np.full((vocab_size - 1,), dictionary['fox'])
sim = validation_model.predict([fox, np.arange(1, vocab_size)])
print('RESULT similarity', sim.shape, *sim.ravel()[:5], (-sim.ravel()).argsort()[0] + 1)
# other ways to compare
others = [multiply([target, context]), subtract([target, context]), average([target, context]), maximum([target, context]),
          Dot(axes=(1, 1))([target, context]), Lambda(lambda t: K.abs(t[0] - t[1]))([target, context])]
for i, o in enumerate(Model([input_target, input_context], others).predict([fox[:2], np.array([1, 2])])):
    print('RESULT other%d' % i, o.sum())
