"""tfe.Saver on a list of variables and eager metrics kept in a dictionary."""
import os
import tempfile
import numpy as np
import tensorflow as tf
import tensorflow.contrib.eager as tfe
tf.enable_eager_execution()

w1 = tfe.Variable(np.linspace(-1, 1, 8).reshape(4, 2).astype(np.float32), name='w1')
b1 = tfe.Variable(tf.zeros([2]), name='b1')
weights = [w1, b1]


def forward(x):
    return tf.nn.xw_plus_b(x, w1, b1)


def loss_fn(x, y):
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=forward(x)))


rng = np.random.RandomState(11)
data = rng.randn(12, 4).astype(np.float32)
onehot = np.eye(2, dtype=np.float32)[rng.randint(0, 2, 12)]
optimizer = tf.train.RMSPropOptimizer(0.05)
grads_fn = tfe.implicit_value_and_gradients(loss_fn)
saver = tfe.Saver(weights)
prefix = os.path.join(tempfile.mkdtemp(), 'model')
metrics = {'loss': tfe.metrics.Mean(), 'accuracy': tfe.metrics.Accuracy(), 'sparse': tfe.metrics.CategoricalAccuracy()}
best = None
for epoch in range(3):
    for i in range(0, 12, 4):
        bx, by = data[i:i + 4], onehot[i:i + 4]
        value, gv = grads_fn(bx, by)
        optimizer.apply_gradients(gv)
        out = forward(bx)
        metrics['loss'](value)
        metrics['accuracy'](labels=tf.argmax(by, 1), predictions=tf.argmax(out, 1))
        metrics['sparse'](by, out)
    print('RESULT epoch', epoch, *[metrics[k].result().numpy() for k in ('loss', 'accuracy', 'sparse')])
    for m in metrics.values():
        m.init_variables()
    if epoch == 1:
        best = saver.save(prefix, global_step=epoch)
print('RESULT name', os.path.basename(best))
after = w1.numpy().copy()
saver.restore(best)
print('RESULT moved', float(np.abs(after - w1.numpy()).sum()), *w1.numpy().ravel())
print('RESULT stored', *sorted(name for name, _ in tf.contrib.framework.list_variables(best)))
print('RESULT value', *tf.contrib.framework.load_variable(best, 'b1'))
