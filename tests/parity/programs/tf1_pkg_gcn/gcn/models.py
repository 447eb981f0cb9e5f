from gcn.layers import *


def masked_softmax_cross_entropy(preds, labels, mask):
    loss = tf.nn.softmax_cross_entropy_with_logits(logits=preds, labels=labels)
    mask = tf.cast(mask, dtype=tf.float32)
    mask /= tf.reduce_mean(mask)
    loss *= mask
    return tf.reduce_mean(loss)


class GCN(object):
    def __init__(self, placeholders, input_dim):
        self.placeholders = placeholders
        self.output_dim = placeholders['labels'].get_shape().as_list()[1]
        self.layers = [
            GraphConvolution(input_dim, FLAGS.hidden1, placeholders['support'], placeholders['dropout'], sparse_inputs=True, bias=True),
            GraphConvolution(FLAGS.hidden1, self.output_dim, placeholders['support'], placeholders['dropout'], act=lambda x: x)]
        self.activations = [placeholders['features']]
        for layer in self.layers:
            self.activations.append(layer(self.activations[-1]))
        self.outputs = self.activations[-1]
        self.loss = 0
        for var in self.layers[0].vars.values():
            self.loss += FLAGS.weight_decay * tf.nn.l2_loss(var)
        self.loss += masked_softmax_cross_entropy(self.outputs, placeholders['labels'], placeholders['labels_mask'])
        self.opt_op = tf.train.AdamOptimizer(learning_rate=FLAGS.learning_rate).minimize(self.loss)
