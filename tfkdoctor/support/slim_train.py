# mypy: ignore-errors
"""`slim.learning.train`, the loop around a training step. A loop of one's own over
tf.compat.v1.train.MonitoredTrainingSession would remove it.
"""

import time

import tensorflow.compat.v1 as tf1

_STANDARD = object()


def slim_train_step(sess, train_op, global_step, train_step_kwargs):
    """`slim.learning.train_step`: the loss, and whether to stop, which the step decides once it is taken."""
    start = time.time()
    loss, step = sess.run([train_op, global_step])
    if "should_log" in train_step_kwargs and sess.run(train_step_kwargs["should_log"]):
        tf1.logging.info("global step %d: loss = %.4f (%.3f sec/step)", step, loss, time.time() - start)
    return loss, bool("should_stop" in train_step_kwargs and sess.run(train_step_kwargs["should_stop"]))


def _step_arguments(global_step, number_of_steps, log_every_n_steps):
    with tf1.name_scope("train_step"):
        stop = global_step >= number_of_steps if number_of_steps else tf1.constant(False)
        log = {"should_log": tf1.equal(global_step % log_every_n_steps, 0)} if log_every_n_steps > 0 else {}
        return {"should_stop": stop, **log}


def slim_train(
    train_op,
    logdir,
    train_step_fn=slim_train_step,
    train_step_kwargs=_STANDARD,
    log_every_n_steps=1,
    graph=None,
    master="",
    is_chief=True,
    global_step=None,
    number_of_steps=None,
    init_op=_STANDARD,
    init_feed_dict=None,
    local_init_op=_STANDARD,
    init_fn=None,
    ready_op=_STANDARD,
    summary_op=_STANDARD,
    save_summaries_secs=600,
    summary_writer=_STANDARD,
    startup_delay_steps=0,
    saver=None,
    save_interval_secs=600,
    sync_optimizer=None,
    session_config=None,
    session_wrapper=None,
    trace_every_n_steps=None,
    ignore_live_threads=False,
):
    """`slim.learning.train`: steps under a Supervisor until one says stop, or the input ends; the last loss."""
    if sync_optimizer is not None or startup_delay_steps or trace_every_n_steps:
        raise NotImplementedError("slim_train has one worker, and writes no traces")
    graph = graph or tf1.get_default_graph()
    with graph.as_default():
        global_step = tf1.train.get_or_create_global_step() if global_step is None else global_step
        saver = saver or tf1.train.Saver()
        if train_step_kwargs is _STANDARD:
            train_step_kwargs = _step_arguments(global_step, number_of_steps, log_every_n_steps)

        def given(value):
            return tf1.train.Supervisor.USE_DEFAULT if value is _STANDARD else value

        supervisor = tf1.train.Supervisor(
            graph=graph,
            is_chief=is_chief,
            logdir=logdir,
            init_op=given(init_op),
            init_feed_dict=init_feed_dict,
            local_init_op=given(local_init_op),
            ready_op=given(ready_op),
            summary_op=given(summary_op),
            summary_writer=given(summary_writer),
            global_step=global_step,
            saver=saver,
            save_summaries_secs=save_summaries_secs if logdir else 0,
            save_model_secs=save_interval_secs if logdir else 0,
            init_fn=init_fn,
        )
    if summary_writer is not None:
        train_step_kwargs["summary_writer"] = supervisor.summary_writer
    loss = None
    with supervisor.managed_session(master, start_standard_services=False, config=session_config) as session:
        session = session_wrapper(session) if session_wrapper else session
        if is_chief and logdir:
            supervisor.start_standard_services(session)
        threads = supervisor.start_queue_runners(session)
        try:
            while not supervisor.should_stop():
                loss, stop = train_step_fn(session, train_op, global_step, train_step_kwargs)
                if stop:
                    supervisor.request_stop()
        except tf1.errors.OutOfRangeError as ended:
            tf1.logging.info("Caught OutOfRangeError. Stopping Training. %s", ended)
        if is_chief and logdir:
            supervisor.saver.save(session, supervisor.save_path, global_step=supervisor.global_step)
            supervisor.stop(threads, close_summary_writer=True, ignore_live_threads=ignore_live_threads)
        supervisor.request_stop()
    return loss
