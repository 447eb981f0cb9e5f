from gcn.inits import *
import tensorflow as tf

flags = tf.app.flags
FLAGS = flags.FLAGS

_LAYER_UIDS = {}


def get_layer_uid(layer_name=''):
    _LAYER_UIDS[layer_name] = _LAYER_UIDS.get(layer_name, 0) + 1
    return _LAYER_UIDS[layer_name]


def dot(x, y, sparse=False):
    return tf.sparse_tensor_dense_matmul(x, y) if sparse else tf.matmul(x, y)


class Layer(object):
    def __init__(self, **kwargs):
        name = kwargs.get('name')
        if not name:
            layer = self.__class__.__name__.lower()
            name = layer + '_' + str(get_layer_uid(layer))
        self.name = name
        self.vars = {}

    def _call(self, inputs):
        return inputs

    def __call__(self, inputs):
        with tf.name_scope(self.name):
            return self._call(inputs)


class GraphConvolution(Layer):
    def __init__(self, input_dim, output_dim, support, dropout=0., sparse_inputs=False, act=tf.nn.relu, bias=False, **kwargs):
        super(GraphConvolution, self).__init__(**kwargs)
        self.act, self.support, self.dropout = act, support, dropout
        self.sparse_inputs, self.bias = sparse_inputs, bias
        with tf.variable_scope(self.name + '_vars'):
            for i in range(len(self.support)):
                self.vars['weights_' + str(i)] = glorot([input_dim, output_dim], name='weights_' + str(i))
            if self.bias:
                self.vars['bias'] = zeros([output_dim], name='bias')

    def _call(self, inputs):
        x = inputs
        if not self.sparse_inputs:
            x = tf.nn.dropout(x, 1 - self.dropout)
        supports = list()
        for i in range(len(self.support)):
            pre_sup = dot(x, self.vars['weights_' + str(i)], sparse=self.sparse_inputs)
            supports.append(dot(self.support[i], pre_sup, sparse=True))
        output = tf.add_n(supports)
        if self.bias:
            output += self.vars['bias']
        return self.act(output)
