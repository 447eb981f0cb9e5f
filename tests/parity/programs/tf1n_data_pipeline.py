"""Input pipelines of tf.data and tf.contrib.data, run eagerly."""
import numpy as np
import tensorflow as tf

tf.enable_eager_execution()


def make_shard(i):
    return tf.data.Dataset.range(i * 10, i * 10 + 3)


files = tf.data.Dataset.from_tensor_slices(tf.range(3, dtype=tf.int64))
ds = files.apply(tf.contrib.data.parallel_interleave(make_shard, cycle_length=2, sloppy=False))
ds = ds.apply(tf.contrib.data.map_and_batch(lambda v: (v, tf.to_float(v) / 2.), batch_size=4, num_parallel_batches=1))
ds = ds.prefetch(buffer_size=1)
iterator = ds.make_one_shot_iterator()
while True:
    try:
        ids, halves = iterator.get_next()
    except tf.errors.OutOfRangeError:
        break
    print('RESULT batch', *(list(ids.numpy()) + list(halves.numpy())))
print('RESULT types', ds.output_types[0].name, ds.output_types[1].name, ds.output_shapes[0].ndims)

sentences = [[3, 1, 2], [5], [9, 8, 7, 6, 5]]
gen = tf.data.Dataset.from_generator(lambda: iter(sentences), tf.int32, tf.TensorShape([None]))
padded = gen.map(lambda s: (s, tf.size(s))).padded_batch(2, padded_shapes=([None], []), padding_values=(-1, 0))
for tokens, length in padded:
    print('RESULT padded', tokens.shape[1].value, *(list(tokens.numpy().ravel()) + list(length.numpy())))

fixed = tf.data.Dataset.range(7).apply(tf.contrib.data.batch_and_drop_remainder(3))
print('RESULT dropped', *[int(tf.reduce_sum(b)) for b in fixed])
counted = tf.data.Dataset.zip((tf.data.Dataset.range(4), tf.data.Dataset.from_tensor_slices(['a', 'b', 'c', 'd'])))
counted = counted.filter(lambda i, s: tf.equal(i % 2, 0)).repeat(2)
for i, s in counted:
    print('RESULT zip', i.numpy(), s.numpy().decode())

bucketed = tf.data.Dataset.from_tensor_slices([1, 2, 1, 3, 2, 1]).apply(
    tf.contrib.data.group_by_window(key_func=lambda v: tf.cast(v, tf.int64), reduce_func=lambda k, d: d.batch(3), window_size=3))
for b in bucketed:
    print('RESULT bucket', *b.numpy())
ds = tf.data.Dataset.range(8).apply(tf.contrib.data.shuffle_and_repeat(1, 2)).batch(5, drop_remainder=True)
for step, batch in enumerate(ds.take(2)):
    print('RESULT step', step, *batch.numpy())
enumerated = tf.data.Dataset.from_tensor_slices(np.arange(3.)).apply(tf.contrib.data.enumerate_dataset(start=10)).apply(tf.contrib.data.ignore_errors())
print('RESULT enumerate', *[int(i) * float(v) for i, v in enumerated])
