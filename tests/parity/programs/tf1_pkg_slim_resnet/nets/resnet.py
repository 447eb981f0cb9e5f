import tensorflow as tf
from nets import resnet_utils

slim = tf.contrib.slim


@slim.add_arg_scope
def unit(inputs, depth, stride, outputs_collections=None, scope=None):
    with tf.variable_scope(scope, 'unit_v2', [inputs]) as sc:
        depth_in = slim.utils.last_dimension(inputs.get_shape(), min_rank=4)
        preact = slim.batch_norm(inputs, activation_fn=tf.nn.relu, scope='preact')
        if depth == depth_in:
            shortcut = resnet_utils.subsample(inputs, stride, 'shortcut')
        else:
            shortcut = slim.conv2d(preact, depth, [1, 1], stride=stride, normalizer_fn=None, activation_fn=None, scope='shortcut')
        residual = resnet_utils.conv2d_same(preact, depth, 3, stride, scope='conv1')
        residual = slim.conv2d(residual, depth, [3, 3], stride=1, normalizer_fn=None, activation_fn=None, scope='conv2')
        output = shortcut + residual
        return slim.utils.collect_named_outputs(outputs_collections, sc.name, output)


def resnet_tiny(inputs, num_classes=None, is_training=True, reuse=None, scope='resnet_tiny'):
    blocks = [resnet_utils.Block('block1', unit, [(4, 1), (4, 2)]), resnet_utils.Block('block2', unit, [(6, 2)])]
    with tf.variable_scope(scope, 'resnet', [inputs], reuse=reuse) as sc:
        end_points_collection = sc.original_name_scope + '_end_points'
        with slim.arg_scope([slim.conv2d, unit, resnet_utils.stack_blocks_dense], outputs_collections=end_points_collection):
            with slim.arg_scope([slim.batch_norm], is_training=is_training):
                with slim.arg_scope([slim.conv2d], activation_fn=None, normalizer_fn=None):
                    net = resnet_utils.conv2d_same(inputs, 4, 3, stride=1, scope='conv1')
                net = resnet_utils.stack_blocks_dense(net, blocks)
                net = slim.batch_norm(net, activation_fn=tf.nn.relu, scope='postnorm')
                net = tf.reduce_mean(net, [1, 2], name='pool5', keep_dims=True)
                net = slim.conv2d(net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope='logits')
                net = tf.squeeze(net, [1, 2], name='SpatialSqueeze')
                end_points = slim.utils.convert_collection_to_dict(end_points_collection)
                end_points['predictions'] = slim.softmax(net, scope='predictions')
                return net, end_points
