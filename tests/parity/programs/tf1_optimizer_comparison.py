"""Compare the optimizers of tf.train on the same quadratic-ish bowl."""
import numpy as np
import tensorflow as tf

optimizers = [
    ('sgd', lambda: tf.train.GradientDescentOptimizer(0.1)),
    ('momentum', lambda: tf.train.MomentumOptimizer(0.05, 0.9)),
    ('nesterov', lambda: tf.train.MomentumOptimizer(0.05, 0.9, use_nesterov=True)),
    ('adagrad', lambda: tf.train.AdagradOptimizer(0.3)),
    ('adadelta', lambda: tf.train.AdadeltaOptimizer(1.0, rho=0.9, epsilon=1e-4)),
    ('adam', lambda: tf.train.AdamOptimizer(0.1, beta1=0.8, beta2=0.99)),
    ('ftrl', lambda: tf.train.FtrlOptimizer(0.5, l1_regularization_strength=0.01)),
    ('rmsprop', lambda: tf.train.RMSPropOptimizer(0.05, decay=0.95, momentum=0.2)),
    ('rmsprop_centered', lambda: tf.train.RMSPropOptimizer(0.05, centered=True)),
    ('proximal_sgd', lambda: tf.train.ProximalGradientDescentOptimizer(0.1, l2_regularization_strength=0.1)),
]

start = np.array([1.5, -2.0, 0.3], dtype=np.float32)
scale = np.array([1.0, 0.5, 3.0], dtype=np.float32)

for name, make in optimizers:
    tf.reset_default_graph()
    theta = tf.get_variable('theta', initializer=start)
    loss = tf.reduce_sum(scale * tf.square(theta - 0.5)) + 0.1 * tf.reduce_sum(tf.cos(3. * theta))
    train = make().minimize(loss)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(5):
            sess.run(train)
        value, final = sess.run([theta, loss])
        print('RESULT {} {} {}'.format(name, final, ' '.join(str(v) for v in value)))
