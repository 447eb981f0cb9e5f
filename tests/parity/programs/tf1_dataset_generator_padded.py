"""Variable-length sequences through from_generator and padded_batch into a masked mean."""
import numpy as np
import tensorflow as tf

sentences = ["the cat sat", "a dog", "the bird sings a song today", "rain", "one more line here"]
vocab = {w: i + 1 for i, w in enumerate(sorted(set(" ".join(sentences).split())))}


def gen():
    for s in sentences:
        ids = [vocab[w] for w in s.split()]
        yield ids, len(ids)


dataset = tf.data.Dataset.from_generator(gen, (tf.int32, tf.int32), (tf.TensorShape([None]), tf.TensorShape([])))
dataset = dataset.padded_batch(2, padded_shapes=([None], []), padding_values=(0, 0))
dataset = dataset.prefetch(1)
iterator = dataset.make_one_shot_iterator()
tokens, lengths = iterator.get_next()

emb_np = np.random.RandomState(13).uniform(-1, 1, (len(vocab) + 1, 4)).astype(np.float32)
embeddings = tf.get_variable("embeddings", initializer=emb_np)
vectors = tf.nn.embedding_lookup(embeddings, tokens)
mask = tf.sequence_mask(lengths, tf.shape(tokens)[1], dtype=tf.float32)
mean = tf.reduce_sum(vectors * tf.expand_dims(mask, -1), 1) / tf.to_float(tf.expand_dims(lengths, 1))
score = tf.reduce_sum(mean, axis=1)
grad = tf.gradients(score, embeddings)[0]

config = tf.ConfigProto()
config.gpu_options.allow_growth = True
with tf.Session(config=config) as sess:
    sess.run(tf.global_variables_initializer())
    batches = 0
    while True:
        try:
            t, s, g_idx, g_val = sess.run([tokens, score, grad.indices, grad.values])
        except tf.errors.OutOfRangeError:
            break
        batches += 1
        print("RESULT shape", *t.shape)
        print("RESULT tokens", *t.ravel())
        print("RESULT score", *s)
        print("RESULT grad", len(g_idx), g_idx.sum(), g_val.sum())
    print("RESULT batches", batches)
