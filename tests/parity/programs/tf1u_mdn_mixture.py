"""A mixture density network and a hierarchical VAE piece with tf.contrib.distributions, fed noise, custom gradients."""
import numpy as np
import tensorflow as tf

tfd = tf.contrib.distributions
ds = tfd
rng = np.random.RandomState(44)
K = 3
x_data = np.linspace(-1, 1, 16).reshape(16, 1).astype(np.float32)
y_data = (np.sin(3 * x_data) + 0.1 * rng.randn(16, 1)).astype(np.float32)

x = tf.placeholder(dtype=tf.float32, shape=[None, 1], name='x')
y = tf.placeholder(dtype=tf.float32, shape=[None, 1], name='y')
with tf.variable_scope('mdn'):
    h = tf.contrib.layers.fully_connected(x, 6, activation_fn=tf.nn.tanh,
                                          weights_initializer=tf.constant_initializer(rng.randn(1, 6)))
    params = tf.contrib.layers.fully_connected(h, K * 3, activation_fn=None,
                                               weights_initializer=tf.constant_initializer(rng.randn(6, 9) * .4))
out_pi, out_sigma, out_mu = tf.split(params, 3, 1)
max_pi = tf.reduce_max(out_pi, 1, keep_dims=True)
out_pi = tf.exp(tf.subtract(out_pi, max_pi))
out_pi = tf.multiply(tf.reciprocal(tf.reduce_sum(out_pi, 1, keep_dims=True)), out_pi)
out_sigma = tf.exp(out_sigma)
kernel = tf.exp(-tf.square((y - out_mu) / out_sigma) / 2) / (out_sigma * np.sqrt(2 * np.pi).astype(np.float32))
by_hand = tf.reduce_mean(-tf.log(tf.reduce_sum(kernel * out_pi, 1, keep_dims=True)))
train_op = tf.train.AdamOptimizer(0.05, beta1=0.8).minimize(by_hand)

mix = tfd.MixtureSameFamily(mixture_distribution=tfd.Categorical(probs=out_pi),
                            components_distribution=tfd.Normal(loc=out_mu, scale=out_sigma))
by_library = -tf.reduce_mean(mix.log_prob(y[:, 0]))

prior = ds.MultivariateNormalDiag(loc=tf.zeros([4, 2]), scale_diag=tf.ones([4, 2]))
mean, log_var = tf.constant(rng.randn(4, 2), tf.float32), tf.constant(rng.randn(4, 2) * .2, tf.float32)
posterior = ds.MultivariateNormalDiag(mean, tf.exp(0.5 * log_var))
noise = tf.placeholder(tf.float32, [4, 2])
z = posterior.mean() + noise * posterior.stddev()
kl = ds.kl_divergence(posterior, prior)
reconstruction = ds.Independent(ds.Bernoulli(logits=tf.matmul(z, tf.ones([2, 3]))), 1)
elbo = tf.reduce_mean(reconstruction.log_prob(tf.ones([4, 3])) - kl)
relaxed = ds.RelaxedOneHotCategorical(temperature=0.5, logits=mean)
logistic = ds.Logistic(loc=0., scale=[1., 2.])
student = ds.StudentT(df=3., loc=0., scale=1.)
laplace = ds.Laplace(0., 2.)
bijected = ds.TransformedDistribution(ds.Normal(0., 1.), bijector=ds.bijectors.Exp())


@tf.custom_gradient
def straight_through(v):
    def grad(dy):
        return dy * 0.5
    return tf.round(v), grad


g = tf.Graph.gradient_override_map
with tf.get_default_graph().gradient_override_map({'Sign': 'Identity'}):
    signs = tf.sign(mean)
sign_grads = tf.gradients(tf.reduce_sum(signs * log_var), mean)[0]
st_grads = tf.gradients(tf.reduce_sum(tf.square(straight_through(mean))), mean)[0]

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for step in range(4):
        a, b, _ = sess.run([by_hand, by_library, train_op], {x: x_data, y: y_data})
        print('RESULT mdn', step, a)
        print('RESULT close', float(abs(a - b) < 0.3))
    eps = rng.randn(4, 2)
    print('RESULT kl', *sess.run(kl))
    print('RESULT elbo', sess.run(elbo, {noise: eps}))
    print('RESULT z', *sess.run(z, {noise: eps}).ravel())
    print('RESULT probs', *sess.run([student.log_prob(0.7), laplace.log_prob(1.5), bijected.log_prob(2.0)]))
    print('RESULT logistic', *sess.run(logistic.cdf(0.3)))
    print('RESULT relaxed', *sess.run(relaxed.log_prob(tf.nn.softmax(log_var))))
    print('RESULT shape', *prior.batch_shape.as_list(), *prior.event_shape.as_list())
    print('RESULT gradients', *sess.run(sign_grads).ravel(), *sess.run(st_grads).ravel())
