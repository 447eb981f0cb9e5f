"""Learning rate schedules of tf.train driven by the global step."""
import tensorflow as tf

global_step = tf.train.get_or_create_global_step()
increment = tf.assign_add(global_step, 7)

schedules = {
    'exponential': tf.train.exponential_decay(0.1, global_step, 10, 0.9),
    'exponential_staircase': tf.train.exponential_decay(0.1, global_step, 10, 0.9, staircase=True),
    'piecewise': tf.train.piecewise_constant(tf.cast(global_step, tf.int32), [10, 20], [0.1, 0.05, 0.01]),
    'polynomial': tf.train.polynomial_decay(0.1, global_step, 25, end_learning_rate=0.01, power=2.0),
    'polynomial_cycle': tf.train.polynomial_decay(0.1, global_step, 10, cycle=True),
    'inverse_time': tf.train.inverse_time_decay(0.1, global_step, 5, 0.5),
    'natural_exp': tf.train.natural_exp_decay(0.1, global_step, 5, 0.5),
    'cosine': tf.train.cosine_decay(0.1, global_step, 30, alpha=0.1),
}
warmup_steps = 15
warm = tf.to_float(global_step) / warmup_steps * 0.1
schedules['warmup'] = tf.cond(global_step < warmup_steps, lambda: warm, lambda: schedules['exponential'])

w = tf.Variable([1.0, 2.0])
loss = tf.reduce_sum(w * w)
opt = tf.train.GradientDescentOptimizer(schedules['piecewise'])
step_op = opt.minimize(loss, global_step=global_step)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(5):
        values = sess.run(schedules)
        step = sess.run(global_step)
        for key in sorted(values):
            print("RESULT %s %d %.7g" % (key, step, values[key]))
        sess.run(increment)
    sess.run(global_step.initializer)
    for _ in range(25):
        sess.run(step_op)
    print("RESULT final_w", *sess.run(w))
    print("RESULT final_step", tf.train.global_step(sess, global_step))
