# mypy: ignore-errors
"""`slim.evaluation` and the loops of evaluation of tf.contrib.training: a checkpoint, or each new one, under hooks. A
loop of one's own over tf.compat.v1.train.MonitoredSession would remove them.
"""

import tensorflow.compat.v1 as tf1

_ALL_SUMMARIES = object()


class StopAfterNEvalsHook(tf1.train.SessionRunHook):
    """`tf.contrib.training.StopAfterNEvalsHook`: stops after so many runs."""

    def __init__(self, num_evals, log_progress=True):
        self._wanted = num_evals

    def after_create_session(self, session, coord):
        self._done = 0

    def after_run(self, run_context, run_values):
        self._done += 1
        if self._wanted is not None and self._done >= self._wanted:
            run_context.request_stop()


class SummaryAtEndHook(tf1.train.SessionRunHook):
    """`tf.contrib.training.SummaryAtEndHook`: writes summaries once all has been run."""

    def __init__(self, log_dir=None, summary_writer=None, summary_op=None, feed_dict=None):
        if log_dir is None and summary_writer is None:
            raise ValueError("one of log_dir and summary_writer must be given")
        self._log_dir, self._writer, self._feed_dict = log_dir, summary_writer, feed_dict
        self._summary_op, self._all = summary_op, summary_op is None

    def begin(self):
        if self._all:
            self._summary_op = tf1.summary.merge_all()
        self._global_step = tf1.train.get_or_create_global_step()

    def after_create_session(self, session, coord):
        if self._writer is None:
            self._writer = tf1.summary.FileWriterCache.get(self._log_dir)

    def end(self, session):
        if self._summary_op is not None:
            step = tf1.train.global_step(session, self._global_step)
            self._writer.add_summary(session.run(self._summary_op, self._feed_dict), step)
        self._writer.flush()


def _evaluate(path, master, scaffold, eval_ops, feed_dict, hooks, config):
    """A session on a checkpoint, run until a hook stops it."""
    creator = tf1.train.ChiefSessionCreator(scaffold, master, config, checkpoint_filename_with_path=path)
    with tf1.train.MonitoredSession(creator, hooks) as session:
        while eval_ops is not None and not session.should_stop():
            session.run(eval_ops, feed_dict)


def evaluate_once(
    checkpoint_path,
    master="",
    scaffold=None,
    eval_ops=None,
    feed_dict=None,
    final_ops=None,
    final_ops_feed_dict=None,
    hooks=None,
    config=None,
):
    """`tf.contrib.training.evaluate_once`: the values of `final_ops`."""
    last = tf1.train.FinalOpsHook(final_ops, final_ops_feed_dict)
    _evaluate(checkpoint_path, master, scaffold, eval_ops, feed_dict, [*(hooks or ()), last], config)
    return last.final_ops_values


def evaluate_repeatedly(
    checkpoint_dir,
    master="",
    scaffold=None,
    eval_ops=None,
    feed_dict=None,
    final_ops=None,
    final_ops_feed_dict=None,
    eval_interval_secs=60,
    hooks=None,
    config=None,
    max_number_of_evaluations=None,
    timeout=None,
    timeout_fn=None,
):
    """`tf.contrib.training.evaluate_repeatedly`: the same for each new checkpoint of a folder."""
    last = tf1.train.FinalOpsHook(final_ops, final_ops_feed_dict)
    paths = tf1.train.checkpoints_iterator(checkpoint_dir, eval_interval_secs, timeout, timeout_fn)
    for number, path in enumerate(paths, 1):
        _evaluate(path, master, scaffold, eval_ops, feed_dict, [*(hooks or ()), last], config)
        if max_number_of_evaluations is not None and number >= max_number_of_evaluations:
            break
    return last.final_ops_values


def _of_slim(logdir, num_evals, summary_op, summary_feed, variables, hooks):
    """The hooks that slim adds, and what restores only some variables."""
    summary_op = tf1.summary.merge_all() if summary_op is _ALL_SUMMARIES else summary_op
    written = [] if summary_op is None else [SummaryAtEndHook(logdir, None, summary_op, summary_feed)]
    saver = None if variables is None else tf1.train.Saver(variables)
    return [StopAfterNEvalsHook(num_evals), *written, *(hooks or ())], saver


def slim_evaluate_once(
    master,
    checkpoint_path,
    logdir,
    num_evals=1,
    initial_op=None,
    initial_op_feed_dict=None,
    eval_op=None,
    eval_op_feed_dict=None,
    final_op=None,
    final_op_feed_dict=None,
    summary_op=_ALL_SUMMARIES,
    summary_op_feed_dict=None,
    variables_to_restore=None,
    session_config=None,
    hooks=None,
):
    """`slim.evaluation.evaluate_once`."""
    hooks, saver = _of_slim(logdir, num_evals, summary_op, summary_op_feed_dict, variables_to_restore, hooks)
    scaffold = tf1.train.Scaffold(init_op=initial_op, init_feed_dict=initial_op_feed_dict, saver=saver)
    return evaluate_once(
        checkpoint_path,
        master,
        scaffold,
        eval_op,
        eval_op_feed_dict,
        final_op,
        final_op_feed_dict,
        hooks,
        session_config,
    )


def slim_evaluation_loop(
    master,
    checkpoint_dir,
    logdir,
    num_evals=1,
    initial_op=None,
    initial_op_feed_dict=None,
    init_fn=None,
    eval_op=None,
    eval_op_feed_dict=None,
    final_op=None,
    final_op_feed_dict=None,
    summary_op=_ALL_SUMMARIES,
    summary_op_feed_dict=None,
    variables_to_restore=None,
    eval_interval_secs=60,
    max_number_of_evaluations=None,
    session_config=None,
    timeout=None,
    timeout_fn=None,
    hooks=None,
):
    """`slim.evaluation.evaluation_loop`."""
    hooks, saver = _of_slim(logdir, num_evals, summary_op, summary_op_feed_dict, variables_to_restore, hooks)
    scaffold = tf1.train.Scaffold(init_op=initial_op, init_feed_dict=initial_op_feed_dict, init_fn=init_fn, saver=saver)
    return evaluate_repeatedly(
        checkpoint_dir,
        master,
        scaffold,
        eval_op,
        eval_op_feed_dict,
        final_op,
        final_op_feed_dict,
        eval_interval_secs,
        hooks,
        session_config,
        max_number_of_evaluations,
        timeout,
        timeout_fn,
    )
