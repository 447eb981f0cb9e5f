"""Row masks, integer division, dimensions and tensors as keys, in eager mode."""
import numpy as np
import tensorflow as tf
tf.enable_eager_execution()

good = tf.constant([[1., 2.], [3., 4.]])
bad = tf.zeros_like(good)
keep = tf.constant([True, False])
print('RESULT rows', *tf.where(keep, good, bad).numpy().ravel())
print('RESULT cells', *tf.where(good > 2.0, good, bad).numpy().ravel())
print('RESULT div', tf.div(7, 2).numpy(), tf.div(-7, 2).numpy(), tf.div(7.0, 2.0).numpy(), tf.truediv(7, 2).numpy())
print('RESULT operators', (tf.constant(7) // 2).numpy(), (tf.constant(7) / 2).numpy(), (tf.constant(-7) % 3).numpy())

shape = good.shape
print('RESULT dims', shape[0].value * 2, shape[0] * shape[1], shape.ndims, shape.num_elements(), good.get_shape().as_list()[1])
height, width = [d.value for d in good.get_shape()]
print('RESULT halves', height // 2, width)
fan_in = int(np.prod([d.value for d in good.shape]))
print('RESULT fan', fan_in, shape.dims[0].value)

names = {good: 'good', bad: 'bad'}
print('RESULT keys', names[good], names[bad], len({good, bad}))
print('RESULT identity', good == good, good == bad, good in [bad, good], keep is keep)
count = 0
for t in (good, bad, good):
    if t == good:
        count += 1
print('RESULT count', count)
v = tf.Variable(3.0)
seen = {v: 1}
print('RESULT variable', seen[v], v == v)
print('RESULT dropout', *tf.nn.dropout(good, 1.0).numpy().ravel())
