"""Tensor arithmetic in the style of NumPy, eagerly: segments, sets, algebra, spectra, strings, bits."""
import numpy as np
import tensorflow as tf

tf.enable_eager_execution()
rng = np.random.RandomState(1)
a = tf.constant(rng.rand(3, 4), tf.float32)
m = tf.constant(rng.rand(3, 3) + np.eye(3), tf.float32)
v = tf.constant([3, 1, 2, 3, 0])


def show(name, *tensors):
    print('RESULT', name, *np.concatenate([np.ravel(np.asarray(t, dtype=np.float64)) for t in tensors]))


show('segments', tf.segment_sum(a, [0, 0, 1]), tf.segment_max(a, [0, 1, 1]), tf.unsorted_segment_sum(a, [1, 0, 1], 2),
     tf.sparse_segment_mean(a, [0, 2], [0, 0]))
show('unique', *tf.unique(v))
show('setdiff', *tf.setdiff1d([1, 2, 3, 4], [2, 4]))
show('permutation', tf.invert_permutation([2, 0, 1]), tf.bincount(v), tf.histogram_fixed_width([0.1, 0.4, 0.9], [0., 1.], 2))
show('sums', tf.cumsum(a, axis=1, reverse=True)[0], tf.cumprod(a, exclusive=True)[:, 1], tf.accumulate_n([a, a])[0])
show('band', tf.matrix_band_part(m, 0, 1), tf.matrix_diag_part(m), tf.matrix_set_diag(m, [9., 9., 9.])[0], tf.diag_part(tf.diag([1., 2.])))
show('solve', tf.matrix_solve(m, tf.ones([3, 1])), tf.matrix_inverse(m)[0], tf.matrix_determinant(m), tf.cholesky(tf.matmul(m, m, transpose_a=True))[2])
show('triangular', tf.matrix_triangular_solve(tf.matrix_band_part(m, -1, 0), tf.ones([3, 1])), tf.cholesky_solve(tf.eye(3) * 2., tf.ones([3, 1])))
show('svd', tf.svd(a, compute_uv=False), tf.self_adjoint_eigvals(m + tf.transpose(m)), tf.trace(m), tf.norm(a, ord=1, axis=1), tf.norm(a))
show('einsum', tf.einsum('ij,jk->ik', m, a)[1], tf.tensordot(m, a, axes=[[1], [0]])[1], tf.cross([1., 0., 0.], [0., 1., 0.]))
show('lstsq', tf.matrix_solve_ls(a, tf.ones([3, 1]), l2_regularizer=0.1), tf.batch_to_space(tf.reshape(tf.range(4.), [4, 1, 1, 1]), [[0, 0], [0, 0]], block_size=2))
show('fft', tf.abs(tf.fft(tf.complex([1., 2., 3., 4.], [0.] * 4))), tf.abs(tf.spectral.rfft([1., 2., 0., 1.])), tf.real(tf.ifft(tf.complex([1., 0.], [0., 1.]))), tf.angle(tf.complex(1., 1.)))
show('special', tf.lgamma(3.5), tf.digamma(2.0), tf.igamma(2., 1.5), tf.betainc(2., 3., .4), tf.erf(.3), tf.erfc(.3), tf.zeta(2., 3.), tf.polygamma(1., 2.), tf.lbeta([2., 3.]))
show('rounding', tf.round([0.5, 1.5, -2.5]), tf.rint([2.5]), tf.floordiv(-7, 2), tf.floormod(-7, 3), tf.mod(-7, 3), tf.truediv(7, 2), tf.floor_div(7, 2), tf.realdiv(7., 2.), tf.truncatediv(-7, 2))
show('divide', tf.div(7, 2), tf.div(-7, 2), tf.div(7., 2.), tf.div_no_nan(1., 0.), tf.reciprocal(4.), tf.rsqrt(4.), tf.squared_difference(3., 1.), tf.log1p(1.), tf.expm1(.1))
show('where', tf.where([True, False, True]), tf.where(a[0] > .5, a[0], -a[0]), tf.boolean_mask(a, [True, False, True]), tf.gather(a, [2, 0], axis=1))
show('shapes', tf.reverse_sequence(tf.reshape(tf.range(6), [2, 3]), [2, 3], seq_dim=1, batch_dim=0), tf.size(a), tf.rank(a), tf.shape_n([a, m])[1], tf.squeeze([[[1]]], squeeze_dims=[0, 1]), tf.expand_dims(v, dim=0))
show('reduce', tf.reduce_logsumexp(a, reduction_indices=1), tf.reduce_euclidean_norm(a, 0) if hasattr(tf, 'reduce_euclidean_norm') else tf.norm(a, axis=0), tf.reduce_all([True, False]), tf.argmin(a, dimension=0), tf.arg_max(a, 1), tf.nn.moments(a, [0])[1])
show('norms', tf.nn.l2_normalize(a, dim=1)[0], tf.clip_by_average_norm(a, .1)[0], tf.clip_by_norm(a, 1., axes=[1])[0], tf.nn.log_softmax(a, dim=0)[0], tf.nn.weighted_moments(a, [1], 1.)[0])
show('numbers', tf.linspace(0., 1., 3), tf.lin_space(0., 1., 3), tf.range(1, 9, 3), tf.meshgrid([1, 2], [3, 4])[0], tf.eye(2, 3), tf.one_hot([1], 3, on_value=5., off_value=-1.), tf.sequence_mask([1, 2]), tf.fill([2], 3))
show('bits', tf.bitcast(tf.constant(1.0), tf.int32), tf.bitwise.bitwise_xor(5, 3), tf.quantization.fake_quant_with_min_max_args(.3, -1., 1.), tf.saturate_cast(300., tf.uint8), tf.to_float(3), tf.to_bfloat16(1.5), tf.cast(2.7, tf.int32))
show('indexing', tf.gather_nd(a, [[0, 1], [2, 3]]), tf.scatter_nd([[1], [3]], [5., 6.], [4]), tf.strided_slice(v, [0], [5], [2]), tf.slice(a, [0, 1], [1, 2]), tf.roll(v, 2, 0), tf.tile([1, 2], [2]), tf.pad([[1, 2]], [[0, 0], [1, 1]], 'CONSTANT', constant_values=7))
show('losses', tf.nn.l2_loss(a), tf.nn.weighted_cross_entropy_with_logits([1., 0.], [.3, .2], 2.), tf.losses.huber_loss([1., 2.], [3., 2.5]), tf.losses.absolute_difference([1.], [3.]), tf.nn.sigmoid_cross_entropy_with_logits(labels=[1.], logits=[.3]), tf.losses.hinge_loss([[1.]], [[.4]]))
print('RESULT strings', *[s.decode() for s in tf.string_join([['a', 'b'], 'c'], separator='-').numpy()], tf.reduce_join([['x', 'y']], axis=1).numpy()[0].decode(), tf.as_string(3.25, precision=1).numpy().decode(), tf.substr('abcdef', 1, 3).numpy().decode(), tf.regex_replace('a1b2', '[0-9]', '#').numpy().decode())
print('RESULT numbers_of', *tf.string_to_number(['1.5', '2']).numpy(), tf.string_to_hash_bucket_fast(['a'], 10).numpy()[0], tf.string_to_hash_bucket('abc', 7).numpy(), tf.decode_base64(tf.encode_base64('hi')).numpy().decode(), *tf.string_split(['a b c']).values.numpy().astype(str), *tf.decode_csv('1,2.5', [[0], [0.]])[1:][0].numpy().ravel())
sp = tf.SparseTensor([[0, 1], [2, 0]], [1., 2.], [3, 2])
show('sparse', tf.sparse_tensor_dense_matmul(sp, tf.ones([2, 2])), tf.sparse_reduce_sum(sp, 1), tf.sparse.to_dense(tf.sparse_add(sp, sp)), tf.sparse_to_indicator(tf.SparseTensor([[0, 0]], [1], [1, 1]), 3), tf.sparse_transpose(sp).indices, tf.sparse_concat(0, [sp, sp]).dense_shape, tf.sparse_slice(sp, [0, 0], [1, 2]).values, tf.sparse_fill_empty_rows(sp, 9.)[0].values, tf.sparse_retain(sp, [True, False]).values, tf.sparse_reset_shape(sp).dense_shape, tf.sparse_softmax(sp).values)
q, r = tf.qr(m)
print('RESULT types', a.dtype.name, tf.as_dtype('int64').name, a.shape[1].value, a.get_shape().ndims, a.shape.as_list()[0], tf.TensorShape([None, 3]).is_compatible_with([2, 3]), abs(float(tf.reduce_sum(tf.matmul(q, r) - m))) < 1e-5, a.dtype == tf.float32, tf.float32.is_floating, tf.Dimension(4).value)
