"""CycleGAN in small: star imports between modules, argparse, named tuples of options, two optimizers over lists of names."""
import argparse
import os
import tempfile
from collections import namedtuple

import numpy as np
import tensorflow as tf
from module import *

parser = argparse.ArgumentParser(description='')
parser.add_argument('--beta1', dest='beta1', type=float, default=0.5, help='momentum term of adam')
parser.add_argument('--lr', dest='lr', type=float, default=0.01)
parser.add_argument('--L1_lambda', dest='L1_lambda', type=float, default=10.0)
parser.add_argument('--use_lsgan', dest='use_lsgan', type=bool, default=True)
args = parser.parse_args([])


class cyclegan(object):
    def __init__(self, sess, args):
        self.sess = sess
        OPTIONS = namedtuple('OPTIONS', 'gf_dim df_dim output_c_dim')
        self.options = OPTIONS._make((3, 3, 2))
        self.criterionGAN = mae_criterion if args.use_lsgan else sce_criterion
        self._build_model(args)
        self.saver = tf.train.Saver()

    def _build_model(self, args):
        self.real_data = tf.placeholder(tf.float32, [None, 8, 8, 4], name='real_A_and_B_images')
        self.real_A = self.real_data[:, :, :, :2]
        self.real_B = self.real_data[:, :, :, 2:4]
        self.fake_B = generator_resnet(self.real_A, self.options, False, name='generatorA2B')
        self.fake_A_ = generator_resnet(self.fake_B, self.options, False, name='generatorB2A')
        self.fake_A = generator_resnet(self.real_B, self.options, True, name='generatorB2A')
        self.fake_B_ = generator_resnet(self.fake_A, self.options, True, name='generatorA2B')
        self.DB_fake = discriminator(self.fake_B, self.options, reuse=False, name='discriminatorB')
        self.DA_fake = discriminator(flip_gradient(self.fake_A, 'flip'), self.options, reuse=False, name='discriminatorA')
        cycle = args.L1_lambda * abs_criterion(self.real_A, self.fake_A_) + args.L1_lambda * abs_criterion(
            self.real_B, self.fake_B_)
        self.g_loss = self.criterionGAN(self.DA_fake, tf.ones_like(self.DA_fake)) + self.criterionGAN(
            self.DB_fake, tf.ones_like(self.DB_fake)) + cycle
        self.fake_A_sample = tf.placeholder(tf.float32, [None, 8, 8, 2], name='fake_A_sample')
        self.DB_real = discriminator(self.real_B, self.options, reuse=True, name='discriminatorB')
        self.DA_real = discriminator(self.real_A, self.options, reuse=True, name='discriminatorA')
        self.DA_fake_sample = discriminator(self.fake_A_sample, self.options, reuse=True, name='discriminatorA')
        self.d_loss = (self.criterionGAN(self.DA_real, tf.ones_like(self.DA_real)) + self.criterionGAN(
            self.DA_fake_sample, tf.zeros_like(self.DA_fake_sample))) / 2 + self.criterionGAN(
                self.DB_real, tf.ones_like(self.DB_real))
        self.g_sum = tf.summary.merge([tf.summary.scalar('g_loss', self.g_loss), tf.summary.histogram('fake', self.fake_A)])
        t_vars = tf.trainable_variables()
        self.d_vars = [var for var in t_vars if 'discriminator' in var.name]
        self.g_vars = [var for var in t_vars if 'generator' in var.name]

    def train(self, args):
        self.lr = tf.placeholder(tf.float32, None, name='learning_rate')
        self.d_optim = tf.train.AdamOptimizer(self.lr, beta1=args.beta1).minimize(self.d_loss, var_list=self.d_vars)
        self.g_optim = tf.train.AdamOptimizer(self.lr, beta1=args.beta1).minimize(self.g_loss, var_list=self.g_vars)
        self.sess.run(tf.global_variables_initializer())
        self.writer = tf.summary.FileWriter(tempfile.mkdtemp(), self.sess.graph)
        rng = np.random.RandomState(3)
        for epoch in range(3):
            lr = args.lr if epoch < 1 else args.lr * (3 - epoch) / 2
            batch = rng.uniform(-1, 1, (2, 8, 8, 4)).astype(np.float32)
            fake_A, _, g_loss, summary_str = self.sess.run([self.fake_A, self.g_optim, self.g_loss, self.g_sum],
                                                           feed_dict={self.real_data: batch, self.lr: lr})
            self.writer.add_summary(summary_str, epoch)
            _, d_loss = self.sess.run([self.d_optim, self.d_loss],
                                      feed_dict={self.real_data: batch, self.fake_A_sample: fake_A, self.lr: lr})
            print('RESULT epoch', epoch, g_loss, d_loss)
        print('RESULT vars', len(self.d_vars), len(self.g_vars), self.g_vars[0].name)
        path = self.saver.save(self.sess, os.path.join(tempfile.mkdtemp(), 'cyclegan.model'), global_step=2)
        print('RESULT saved', len(tf.train.list_variables(path)))
        print('RESULT sums', *[float(np.abs(v).sum()) for v in self.sess.run(self.d_vars)])


def main(_):
    tfconfig = tf.ConfigProto(allow_soft_placement=True)
    tfconfig.gpu_options.allow_growth = True
    with tf.Session(config=tfconfig) as sess:
        model = cyclegan(sess, args)
        model.train(args)


if __name__ == '__main__':
    tf.app.run()
