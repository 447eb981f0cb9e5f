"""Teacher and student heads: cross entropy v1 does not train through the labels, v2 does."""
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(6)
x = tf.constant(rng.rand(8, 3), tf.float32)
teacher_w = tf.Variable(rng.normal(0, .5, (3, 4)).astype(np.float32), name='teacher')
student_w = tf.Variable(rng.normal(0, .5, (3, 4)).astype(np.float32), name='student')
teacher = tf.nn.softmax(tf.matmul(x, teacher_w))
student_logits = tf.matmul(x, student_w)

distill = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=teacher, logits=student_logits))
both = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=teacher, logits=student_logits))
anchor = tf.reduce_mean(tf.square(teacher_w - 0.1))
total = distill + anchor
train = tf.train.GradientDescentOptimizer(1.0).minimize(total)

g_teacher = tf.gradients(distill, teacher_w)[0]
g_student = tf.gradients(distill, student_w)[0]
g_both = tf.gradients(both, teacher_w)[0]
print('RESULT no_gradient', int(g_teacher is None), int(g_student is None), int(g_both is None))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print('RESULT g_student', *sess.run(g_student)[0])
    print('RESULT g_both', *sess.run(g_both)[0])
    for step in range(4):
        sess.run(train)
        print('RESULT loss', step, *sess.run([distill, anchor]))
    print('RESULT teacher', *sess.run(teacher_w).ravel())
    print('RESULT student', *sess.run(student_w)[1])
