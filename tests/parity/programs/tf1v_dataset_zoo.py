"""Eager tf.data with the transformations of its first years, tf.contrib.data among them."""
import numpy as np
import tensorflow as tf

tf.enable_eager_execution()
numbers = tf.data.Dataset.range(10)


def show(name, dataset):
    values = []
    for element in dataset:
        parts = tf.contrib.framework.nest.flatten(element)
        values += [float(np.sum(p.numpy() if not isinstance(p, tf.SparseTensor) else p.values.numpy())) for p in parts]
    print('RESULT', name, len(values), *values)


show('window', numbers.window(3, shift=2, drop_remainder=True).flat_map(lambda w: w.batch(3)))
show('interleave', numbers.take(4).interleave(lambda x: tf.data.Dataset.from_tensors(x).repeat(3), cycle_length=2, block_length=2))
show('zip', tf.data.Dataset.zip((numbers, numbers.skip(2).map(lambda x: x * x))))
show('concatenate', numbers.take(2).concatenate(numbers.skip(8)))
show('shard', numbers.shard(3, 1))
show('filter', numbers.filter(lambda x: tf.equal(x % 3, 0)))
show('reduce', tf.data.Dataset.from_tensors(numbers.reduce(np.int64(0), lambda a, b: a + b)))
show('scan', numbers.apply(tf.contrib.data.scan(tf.constant(0, tf.int64), lambda state, x: (state + x, state * x))))
show('map_and_batch', numbers.apply(tf.contrib.data.map_and_batch(lambda x: x + 1, 4)))
show('drop', numbers.apply(tf.contrib.data.batch_and_drop_remainder(4)))
show('unbatch', numbers.batch(4).apply(tf.contrib.data.unbatch()))
show('group', numbers.apply(tf.contrib.data.group_by_window(lambda x: x % 2, lambda key, w: w.batch(3), window_size=3)))
show('enumerate', numbers.take(3).apply(tf.contrib.data.enumerate_dataset(start=5)))
show('parallel', numbers.take(3).apply(tf.contrib.data.parallel_interleave(
    lambda x: tf.data.Dataset.range(x), cycle_length=1)))
show('counter', tf.contrib.data.Counter(start=2, step=3).take(4))
show('choose', tf.contrib.data.choose_from_datasets([numbers, numbers.map(lambda x: -x)],
                                                    tf.data.Dataset.from_tensor_slices(np.array([0, 1, 1, 0], np.int64))))
show('ignore', tf.data.Dataset.from_tensor_slices([1., 0., 2.]).map(
    lambda x: tf.check_numerics(1. / x, 'bad')).apply(tf.contrib.data.ignore_errors()))
show('dense', tf.data.Dataset.from_tensor_slices([1, 3, 2]).map(lambda n: tf.range(n)).apply(
    tf.contrib.data.dense_to_sparse_batch(batch_size=2, row_shape=[4])))
show('sparse', tf.data.Dataset.from_tensor_slices(tf.SparseTensor([[0, 0], [1, 2]], [1, 5], [2, 3])))
show('padded', tf.data.Dataset.from_tensor_slices([1, 3, 2]).map(lambda n: tf.fill([n], n)).padded_batch(
    2, padded_shapes=[None], padding_values=7))
show('py_func', numbers.take(3).map(lambda x: tuple(tf.py_func(lambda v: (v * 2, np.float32(v / 2.0)), [x], [tf.int64, tf.float32]))))
show('generator', tf.data.Dataset.from_generator(lambda: ((i, [i] * i) for i in range(3)), (tf.int32, tf.float32),
                                                 (tf.TensorShape([]), tf.TensorShape([None]))))
print('RESULT types', numbers.batch(2).output_types.name, *[d.value or -1 for d in numbers.batch(2).output_shapes])
iterator = numbers.make_one_shot_iterator()
print('RESULT next', iterator.get_next().numpy(), iterator.next().numpy(), next(iterator).numpy())
seeded = tf.data.Dataset.from_tensor_slices({'a': np.arange(4), 'b': np.arange(8).reshape(4, 2)}).apply(
    tf.contrib.data.shuffle_and_repeat(buffer_size=1, count=2)).batch(3)
for batch in tf.contrib.eager.Iterator(seeded):
    print('RESULT dict', *batch['a'].numpy(), *batch['b'].numpy().ravel())
element = tf.contrib.data.get_single_element(numbers.batch(10))
print('RESULT single', int(tf.reduce_sum(element)))
options = tf.data.Options()
options.experimental_deterministic = True
show('options', numbers.with_options(options).prefetch(tf.contrib.data.AUTOTUNE))
