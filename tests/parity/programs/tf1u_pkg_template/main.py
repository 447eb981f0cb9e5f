"""The project template of many: base classes, a config, a trainer, a logger of summaries through placeholders."""
import glob
import os
import tempfile

import numpy as np
import tensorflow as tf
from base import BaseTrain
from logger import Logger
from model import ExampleModel


class Bunch(dict):
    __getattr__ = dict.__getitem__


class DataGenerator:
    def __init__(self, config):
        self.config = config
        rng = np.random.RandomState(1)
        self.input = rng.randn(30, 4)
        self.y = np.eye(3)[np.argmax(self.input[:, :3], 1)]
        self.at = 0

    def next_batch(self, batch_size):
        idx = np.arange(self.at, self.at + batch_size) % 30
        self.at += batch_size
        yield self.input[idx], self.y[idx]


class ExampleTrainer(BaseTrain):
    def train_epoch(self):
        losses, accs = [], []
        for _ in range(self.config.num_iter_per_epoch):
            loss, acc = self.train_step()
            losses.append(loss)
            accs.append(acc)
        loss, acc = np.mean(losses), np.mean(accs)
        cur_it = self.model.global_step_tensor.eval(self.sess)
        self.logger.summarize(cur_it, summaries_dict={'loss': loss, 'acc': acc, 'picture': np.ones((1, 2, 2, 1))})
        self.model.save(self.sess)
        print('RESULT epoch', cur_it, loss, acc)

    def train_step(self):
        batch_x, batch_y = next(self.data.next_batch(self.config.batch_size))
        feed_dict = {self.model.x: batch_x, self.model.y: batch_y, self.model.is_training: True}
        _, loss, acc = self.sess.run([self.model.train_step, self.model.cross_entropy, self.model.accuracy],
                                     feed_dict=feed_dict)
        return loss, acc


def main():
    root = tempfile.mkdtemp()
    config = Bunch(exp_name='example', num_epochs=2, num_iter_per_epoch=3, learning_rate=0.02, batch_size=8, state_size=[4],
                   max_to_keep=5, summary_dir=os.path.join(root, 'summary'),
                   checkpoint_dir=os.path.join(root, 'checkpoint') + '/')
    os.makedirs(config.checkpoint_dir)
    sess = tf.Session()
    data = DataGenerator(config)
    model = ExampleModel(config)
    logger = Logger(sess, config)
    print('RESULT loaded', int(model.load(sess)))
    trainer = ExampleTrainer(sess, model, data, config, logger)
    trainer.train()
    sess.run(tf.assign(model.cur_epoch_tensor, 9))
    print('RESULT again', int(model.load(sess)), sess.run(model.cur_epoch_tensor), sess.run(model.global_step_tensor))
    feed = {model.x: data.input, model.y: data.y, model.is_training: False}
    print('RESULT test', *sess.run([model.cross_entropy, model.accuracy], feed))
    for v in tf.global_variables('bn') + tf.trainable_variables('dense1'):
        print('RESULT', v.op.name, *v.eval(sess).ravel()[:3])
    events = []
    for path in glob.glob(os.path.join(config.summary_dir, 'train', '*')):
        for e in tf.train.summary_iterator(path):
            events += [(v.tag, e.step, v.simple_value) for v in e.summary.value if v.HasField('simple_value')]
    for event in sorted(events):
        print('RESULT event', *event)


if __name__ == '__main__':
    main()
