"""Between-graph training on one machine: a local server, replica_device_setter, a Supervisor-less monitored session."""
import numpy as np
import tensorflow as tf

flags = tf.app.flags
flags.DEFINE_string('job_name', 'local', "'ps', 'worker' or 'local'")
flags.DEFINE_integer('task_index', 0, 'Index of task within the job')
flags.DEFINE_float('learning_rate', 0.1, 'Learning rate')
flags.DEFINE_boolean('sync_replicas', False, 'Use the sync_replicas mode')
flags.DEFINE_list('hidden', ['4', '3'], 'Hidden units')
flags.DEFINE_enum('activation', 'tanh', ['relu', 'tanh'], 'Activation')
FLAGS = flags.FLAGS
rng = np.random.RandomState(20)


def main(unused_argv):
    tf.logging.set_verbosity(tf.logging.ERROR)
    server = tf.train.Server.create_local_server()
    is_chief = FLAGS.task_index == 0
    cluster = tf.train.ClusterSpec({'local': [server.server_def.cluster.job[0].tasks[0]]})
    print('RESULT cluster', cluster.num_tasks('local'), *cluster.jobs)
    with tf.device(tf.train.replica_device_setter(ps_tasks=0)):
        global_step = tf.train.get_or_create_global_step()
        x = tf.placeholder(tf.float32, [None, 5])
        y_ = tf.placeholder(tf.float32, [None, 2])
        net = x
        for i, units in enumerate(FLAGS.hidden):
            n = net.shape[1].value
            w = tf.get_variable('w%d' % i, [n, int(units)],
                                initializer=tf.constant_initializer(rng.randn(n, int(units)) * .5))
            net = getattr(tf.nn, FLAGS.activation)(tf.matmul(net, w))
        w = tf.get_variable('sm_w', [net.shape[1].value, 2], initializer=tf.zeros_initializer())
        y = tf.nn.softmax(tf.matmul(net, w))
        cross_entropy = -tf.reduce_sum(y_ * tf.log(tf.clip_by_value(y, 1e-10, 1.0)))
        opt = tf.train.GradientDescentOptimizer(FLAGS.learning_rate)
        hooks = []
        if FLAGS.sync_replicas:
            opt = tf.train.SyncReplicasOptimizer(opt, replicas_to_aggregate=1, total_num_replicas=1)
            hooks.append(opt.make_session_run_hook(is_chief))
        train_step = opt.minimize(cross_entropy, global_step=global_step)
        hooks.append(tf.train.StopAtStepHook(last_step=4))

    config = tf.ConfigProto(allow_soft_placement=True, device_filters=None)
    X = rng.randn(10, 5)
    Y = np.eye(2)[rng.randint(0, 2, 10)]
    with tf.train.MonitoredTrainingSession(master=server.target, is_chief=is_chief, config=config, hooks=hooks) as sess:
        while not sess.should_stop():
            _, step, loss = sess.run([train_step, global_step, cross_entropy], {x: X, y_: Y})
            print('RESULT step', loss)
    print('RESULT flags', FLAGS.job_name, FLAGS.sync_replicas, FLAGS.learning_rate, *FLAGS.hidden)
    print('RESULT known', len([k for k in ('job_name', 'hidden') if k in FLAGS]))


if __name__ == '__main__':
    tf.app.run()
