"""Linear-chain CRF on top of a linear layer: contrib.crf log likelihood, sequence score and viterbi decoding."""
import numpy as np
import tensorflow as tf

num_examples, num_words, num_features, num_tags = 4, 5, 6, 3
rng = np.random.RandomState(93)
x = rng.rand(num_examples, num_words, num_features).astype(np.float32)
y = rng.randint(num_tags, size=[num_examples, num_words]).astype(np.int32)
sequence_lengths = np.array([5, 3, 4, 1], dtype=np.int32)

with tf.Graph().as_default():
    with tf.Session() as session:
        x_t = tf.constant(x)
        y_t = tf.constant(y)
        sequence_lengths_t = tf.constant(sequence_lengths)
        weights = tf.get_variable("weights", [num_features, num_tags], initializer=tf.constant_initializer(rng.normal(0, .3, (num_features, num_tags))))
        matricized_x_t = tf.reshape(x_t, [-1, num_features])
        unary_scores = tf.reshape(tf.matmul(matricized_x_t, weights), [num_examples, num_words, num_tags])
        transitions = tf.get_variable("transitions", shape=[num_tags, num_tags], initializer=tf.constant_initializer(rng.normal(0, .2, (num_tags, num_tags))))
        log_likelihood, transition_params = tf.contrib.crf.crf_log_likelihood(unary_scores, y_t, sequence_lengths_t, transitions)
        sequence_score = tf.contrib.crf.crf_sequence_score(unary_scores, y_t, sequence_lengths_t, transition_params)
        log_norm = tf.contrib.crf.crf_log_norm(unary_scores, sequence_lengths_t, transition_params)
        decode_tags, best_score = tf.contrib.crf.crf_decode(unary_scores, transition_params, sequence_lengths_t)
        loss = tf.reduce_mean(-log_likelihood)
        train_op = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
        session.run(tf.global_variables_initializer())
        for i in range(5):
            print("RESULT loss", i, session.run(loss))
            session.run(train_op)
        print("RESULT log_likelihood", *session.run(log_likelihood))
        print("RESULT sequence_score", *session.run(sequence_score))
        print("RESULT log_norm", *session.run(log_norm))
        scores, params, tags, best = session.run([unary_scores, transition_params, decode_tags, best_score])
        print("RESULT transitions", *params.ravel())
        print("RESULT best", *best)
        correct = 0
        for s, y_, n in zip(scores, y, sequence_lengths):
            viterbi, viterbi_score = tf.contrib.crf.viterbi_decode(s[:n], params)
            correct += int(np.sum(np.equal(viterbi, y_[:n])))
            print("RESULT viterbi", viterbi_score, *viterbi)
        print("RESULT correct", correct, int(sequence_lengths.sum()))
