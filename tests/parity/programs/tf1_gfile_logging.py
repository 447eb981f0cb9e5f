"""Dataset files handled with tf.gfile, progress with tf.logging, flags from tf.flags."""
import os
import tempfile
import numpy as np
import tensorflow as tf

tf.flags.DEFINE_string("data_dir", os.path.join(tempfile.gettempdir(), "unused"), "Data directory")
tf.flags.DEFINE_integer("num_shards", 3, "Number of shards")
FLAGS = tf.flags.FLAGS


def write_shards(root):
    if tf.gfile.Exists(root):
        tf.gfile.DeleteRecursively(root)
    tf.gfile.MakeDirs(root)
    for k in range(FLAGS.num_shards):
        name = os.path.join(root, "shard-%05d.txt" % k)
        with tf.gfile.Open(name, "w") as f:
            for i in range(k + 2):
                f.write("%d %.2f\n" % (i, 0.25 * i + k))
        tf.logging.info("wrote %s", name)


def read_shards(root):
    rows = []
    for path in sorted(tf.gfile.Glob(os.path.join(root, "shard-*.txt"))):
        with tf.gfile.GFile(path) as f:
            for line in f:
                a, b = line.strip().split()
                rows.append((int(a), float(b)))
    return np.array(rows, dtype=np.float32)


def main(argv=None):
    tf.logging.set_verbosity(tf.logging.WARN)
    root = os.path.join(tempfile.mkdtemp(), "data")
    print("RESULT exists", int(tf.gfile.Exists(root)), FLAGS.num_shards)
    write_shards(root)
    tf.gfile.Copy(os.path.join(root, "shard-00000.txt"), os.path.join(root, "copy.txt"), overwrite=True)
    tf.gfile.Rename(os.path.join(root, "copy.txt"), os.path.join(root, "renamed.txt"))
    print("RESULT files", *sorted(tf.gfile.ListDirectory(root)))
    rows = read_shards(root)
    print("RESULT rows", *rows.ravel())
    with tf.gfile.FastGFile(os.path.join(root, "renamed.txt"), "rb") as f:
        print("RESULT bytes", len(f.read()), tf.gfile.Stat(os.path.join(root, "renamed.txt")).length)
    walked = [(len(d), len(f)) for _, d, f in tf.gfile.Walk(root)]
    print("RESULT walk", *walked[0])
    x = tf.convert_to_tensor(rows)
    filename_ph = tf.placeholder(tf.string)
    content = tf.read_file(filename_ph)
    with tf.Session() as sess:
        mean, cov = sess.run([tf.reduce_mean(x, 0), tf.matmul(x, x, transpose_a=True)])
        text = sess.run(content, {filename_ph: os.path.join(root, "shard-00001.txt")})
        tf.logging.info("mean %s", mean)
        print("RESULT mean", *mean)
        print("RESULT gram", *cov.ravel())
        print("RESULT content", *text.decode().split())
    tf.gfile.Remove(os.path.join(root, "renamed.txt"))
    print("RESULT left", len(tf.gfile.ListDirectory(root)), int(tf.gfile.IsDirectory(root)))


if __name__ == "__main__":
    tf.app.run(main=main)
