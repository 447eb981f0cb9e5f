# Script kept from the early releases: initialize_all_variables, all_variables, InteractiveSession, to_float, tf.log, positional arguments
import numpy as np
import tensorflow as tf

sess = tf.InteractiveSession()
x = tf.placeholder("float", shape=[None, 4])
y_ = tf.placeholder("float", shape=[None, 2])
W = tf.Variable(tf.zeros([4, 2]))
b = tf.Variable(tf.zeros([2]))
sess.run(tf.initialize_all_variables())

y = tf.nn.softmax(tf.matmul(x, W) + b)
cross_entropy = -tf.reduce_sum(y_ * tf.log(tf.clip_by_value(y, 1e-10, 1.0)), reduction_indices=[1])
cost = tf.reduce_mean(cross_entropy)
train_step = tf.train.GradientDescentOptimizer(0.5).minimize(cost)
accuracy = tf.reduce_mean(tf.to_float(tf.equal(tf.arg_max(y, 1), tf.arg_max(y_, 1))))

rs = np.random.RandomState(71)
xs = rs.rand(20, 4)
ys = np.eye(2)[(xs[:, 0] > xs[:, 1]).astype(int)]
for i in range(4):
    print("RESULT cost", i, cost.eval(feed_dict={x: xs, y_: ys}))
    train_step.run(feed_dict={x: xs, y_: ys})
print("RESULT accuracy", accuracy.eval({x: xs, y_: ys}))
print("RESULT W", *W.eval().ravel())
print("RESULT all_variables", len(tf.all_variables()), len(tf.trainable_variables()))

m = tf.constant([[4., 1.], [1., 3.]])
print("RESULT inverse", *tf.matrix_inverse(m).eval().ravel())
print("RESULT determinant", tf.matrix_determinant(m).eval())
print("RESULT cholesky", *tf.cholesky(m).eval().ravel())
print("RESULT solve", *tf.matrix_solve(m, tf.constant([[1.], [2.]])).eval().ravel())
print("RESULT eig", *tf.self_adjoint_eig(m)[0].eval())
print("RESULT svd", *tf.svd(m, compute_uv=False).eval())
print("RESULT diag", *tf.diag_part(m).eval(), *tf.matrix_diag([1., 2.]).eval().ravel())
print("RESULT trace", tf.trace(m).eval(), tf.matrix_band_part(m, -1, 0).eval().sum())
print("RESULT casts", tf.to_int32(tf.constant(3.7)).eval(), tf.to_double(m).dtype.name, tf.to_int64(m).dtype.name)
print("RESULT ceil", *tf.ceil(tf.constant([1.2, -1.2])).eval(), *tf.rsqrt(tf.constant([4.])).eval())
print("RESULT special", tf.lgamma(tf.constant(5.)).eval(), tf.digamma(tf.constant(2.)).eval(), tf.erf(tf.constant(.5)).eval())
print("RESULT sets", *tf.unique([3, 3, 1, 2]).y.eval(), *tf.invert_permutation([2, 0, 1]).eval())
print("RESULT segments", *tf.segment_sum(tf.constant([1., 2., 3.]), [0, 0, 1]).eval(), *tf.bincount([1, 1, 2]).eval())
print("RESULT sparse", *tf.sparse_to_dense([[0, 1], [1, 0]], [2, 2], [5, 6]).eval().ravel())
print("RESULT space", *tf.space_to_depth(tf.reshape(tf.range(4.), [1, 2, 2, 1]), 2).eval().ravel())
print("RESULT strings", tf.string_join(["a", "b"], "-").eval().decode(), tf.as_string(tf.constant(7)).eval().decode(),
      tf.string_to_number("2.5").eval(), tf.substr("hello", 1, 3).eval().decode())
print("RESULT fft", *np.abs(tf.fft(tf.complex([1., 2., 3., 4.], [0., 0., 0., 0.])).eval()))
print("RESULT meshgrid", *tf.meshgrid([1, 2], [3, 4])[1].eval().ravel(), *tf.is_nan([1., 2.]).eval())
sess.close()
