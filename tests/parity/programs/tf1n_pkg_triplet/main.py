"""Train an embedding with triplet loss, eagerly; the ops live in modules of their own."""
import numpy as np
import tensorflow as tf

from config import get_config
from losses import batch_all_triplet_loss, center_distance
from model import EmbeddingNet
from ops import learning_rate, summarize

tf.enable_eager_execution()


def main(_):
    config = get_config()
    tf.logging.info('config %s', config.name)
    rng = np.random.RandomState(config.seed)
    labels = np.repeat(np.arange(3), 3)
    data = (rng.randn(9, config.inputs) + labels[:, None]).astype(np.float32)
    net = EmbeddingNet(config)
    step = tf.train.get_or_create_global_step()
    optimizer = tf.train.MomentumOptimizer(learning_rate(config, step), 0.9)
    for _ in range(config.steps):
        with tf.GradientTape() as tape:
            embedded = net(tf.constant(data))
            loss, fraction = batch_all_triplet_loss(tf.constant(labels), embedded, config.margin)
        grads = tape.gradient(loss, net.variables)
        optimizer.apply_gradients(zip(grads, net.variables), global_step=step)
        print('RESULT step', step.numpy(), loss.numpy(), fraction.numpy())
    print('RESULT norms', *summarize(net.variables))
    print('RESULT centers', *center_distance(net(tf.constant(data)), labels, 3).numpy().ravel())


if __name__ == '__main__':
    tf.app.run()
