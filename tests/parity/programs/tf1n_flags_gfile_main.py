"""Build a vocabulary: flags, tf.gfile, tf.logging and tf.app.run, no graph at all."""
from __future__ import print_function

import collections
import os
import sys
import tempfile

import tensorflow as tf

flags = tf.app.flags
flags.DEFINE_string('data_dir', '', 'Where the text files are.')
flags.DEFINE_integer('min_count', 2, 'Words seen less often are left out.')
flags.DEFINE_float('ratio', 0.5, 'Part that goes to training.')
flags.DEFINE_boolean('lower', True, 'Lower-case words.')
flags.DEFINE_enum('split', 'train', ['train', 'test'], 'Which part.')
tf.flags.DEFINE_list('ignored', ['the'], 'Words to leave out.')
FLAGS = tf.app.flags.FLAGS
tf.logging.set_verbosity(tf.logging.INFO)


def write(folder):
    tf.gfile.MakeDirs(os.path.join(folder, 'raw', 'deep'))
    for name, text in (('a.txt', 'The cat sat\nthe cat ran\n'), ('b.txt', 'a dog Ran\n')):
        with tf.gfile.Open(os.path.join(folder, 'raw', name), 'w') as f:
            f.write(text)


def count(folder):
    words = collections.Counter()
    for path in sorted(tf.gfile.Glob(os.path.join(folder, 'raw', '*.txt'))):
        tf.logging.info('reading %s', os.path.basename(path))
        with tf.gfile.FastGFile(path) as f:
            for line in f:
                words.update(w.lower() if FLAGS.lower else w for w in line.split())
    return words


def main(_):
    folder = FLAGS.data_dir or tempfile.mkdtemp()
    write(folder)
    words = count(folder)
    kept = sorted(w for w, n in words.items() if n >= FLAGS.min_count and w not in FLAGS.ignored)
    out = os.path.join(folder, 'vocab')
    if not tf.gfile.Exists(out):
        tf.gfile.MkDir(out)
    with tf.gfile.GFile(os.path.join(out, FLAGS.split + '.txt'), mode='w') as f:
        f.write('\n'.join(kept))
    with tf.gfile.GFile(os.path.join(out, FLAGS.split + '.txt'), 'rb') as f:
        print('RESULT bytes', len(f.read()))
    tf.gfile.Copy(os.path.join(out, 'train.txt'), os.path.join(out, 'copy.txt'), overwrite=True)
    tf.gfile.Rename(os.path.join(out, 'copy.txt'), os.path.join(out, 'moved.txt'), overwrite=True)
    print('RESULT kept', *kept)
    print('RESULT files', *sorted(tf.gfile.ListDirectory(out)))
    print('RESULT size', tf.gfile.Stat(os.path.join(out, 'moved.txt')).length, tf.gfile.IsDirectory(out))
    tf.gfile.Remove(os.path.join(out, 'moved.txt'))
    print('RESULT walked', *[len(files) for _, _, files in sorted(tf.gfile.Walk(folder))])
    tf.gfile.DeleteRecursively(folder)
    tf.logging.warn('removed %s', 'all')
    print('RESULT flags', FLAGS.min_count, FLAGS.ratio, FLAGS.split, tf.gfile.Exists(folder))


if __name__ == '__main__':
    tf.app.run(main=main, argv=[sys.argv[0], '--min_count=2'])
