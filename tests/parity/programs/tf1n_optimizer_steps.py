"""All the optimizers of tf.train in eager loops, with a global step."""
import numpy as np
import tensorflow as tf
tf.enable_eager_execution()

OPTIMIZERS = [
    ('sgd', tf.train.GradientDescentOptimizer(0.1)),
    ('momentum', tf.train.MomentumOptimizer(0.05, 0.9)),
    ('nesterov', tf.train.MomentumOptimizer(learning_rate=0.05, momentum=0.9, use_nesterov=True)),
    ('adagrad', tf.train.AdagradOptimizer(0.3)),
    ('adagrad_zero', tf.train.AdagradOptimizer(0.3, initial_accumulator_value=0.5)),
    ('adadelta', tf.train.AdadeltaOptimizer(1.0, rho=0.9)),
    ('rmsprop', tf.train.RMSPropOptimizer(0.01)),
    ('rmsprop_momentum', tf.train.RMSPropOptimizer(0.01, decay=0.8, momentum=0.5, epsilon=1e-3)),
    ('rmsprop_centered', tf.train.RMSPropOptimizer(0.01, centered=True)),
    ('adam', tf.train.AdamOptimizer()),
    ('adam_eps', tf.train.AdamOptimizer(0.1, beta1=0.5, beta2=0.9, epsilon=0.1)),
    ('ftrl', tf.train.FtrlOptimizer(0.2, l1_regularization_strength=0.01, l2_regularization_strength=0.02)),
    ('proximal', tf.train.ProximalGradientDescentOptimizer(0.1, l1_regularization_strength=0.01)),
]
target = np.array([0.3, -0.2, 0.1], dtype=np.float32)

for name, opt in OPTIMIZERS:
    w = tf.Variable([1.0, 2.0, -0.5], name='w')
    b = tf.Variable(0.25, name='b')
    step = tf.Variable(0, trainable=False, dtype=tf.int64)

    def loss():
        return tf.reduce_sum(tf.square(w - target)) + tf.square(b * w[0])

    for i in range(3):
        opt.minimize(loss, global_step=step, var_list=[w, b])
    with tf.GradientTape() as tape:
        value = loss()
    grads = tape.gradient(value, [w, b])
    grads, norm = tf.clip_by_global_norm(grads, 0.5)
    opt.apply_gradients(zip(grads, [w, b]), global_step=step)
    print('RESULT', name, value.numpy(), norm.numpy(), *(list(w.numpy()) + [b.numpy(), step.numpy()]))
