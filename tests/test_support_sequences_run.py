"""The pieces for fused cells, metrics and slim's loops against TensorFlow 1.15, in the manner of those for graphs."""

from __future__ import annotations

import environments
import pytest
from conftest import usable
from environments import KERAS2, NEWEST
from printed import first_difference, results
from test_support_graph_run import Case

FUSED = """
for number, (peephole, lengths, clip) in enumerate([(False, None, None), (True, [7, 1, 3, 2, 7, 4], .4)]):
    x = fed(x1)
    time = tf.transpose(x, [1, 0, 2])
    cell = R.LSTMBlockFusedCell(3, forget_bias=.5, use_peephole=peephole, cell_clip=clip)
    outputs, state = cell(time, dtype=tf.float32, sequence_length=lengths)
    back = R.TimeReversedFusedRNN(R.FusedRNNCellAdaptor(R.GRUCell(2), use_dynamic_rnn=True))
    turned, last = back(time, dtype=tf.float32, sequence_length=lengths)
    again, _ = cell(time, initial_state=(state.c, state.h))
    total = [outputs[2], outputs[-1], state.c, state.h, turned[0], last, again[-1]]
    train('fused%d' % number, tf.concat(total, 1), {x: x1})
"""
METRICS = """
M = Pieces('contrib') if NEW else tf.contrib.metrics
a, b, w = (tf.placeholder(tf.float32, [None]) for _ in range(3))
together = M.aggregate_metric_map({
    'covariance': M.streaming_covariance(a, b), 'weighted': M.streaming_covariance(a, b, w, name='weighted'),
    'pearson': M.streaming_pearson_correlation(a, b, weights=w, updates_collections=['kept'])})
values, updates = M.aggregate_metrics(tf.metrics.mean(a), tf.metrics.mean(b, w))
names('metrics', 'local_variables', 'metric_variables')
show('kept', len(tf.get_collection('kept')))
with tf.Session() as session:
    session.run(tf.local_variables_initializer())
    for _ in range(3):
        feed = {a: rng.rand(5), b: rng.rand(5), w: rng.rand(5)}
        session.run([list(together[1].values()), updates], feed)
        for name in sorted(together[0]):
            show(name, session.run(together[0][name]))
        show('means', *session.run(values))
    guesses, truths = tf.constant([1, 2, 3]), tf.constant([1, 0, 3])
    show('accuracy', session.run(M.accuracy(guesses, truths)), session.run(M.accuracy(guesses, truths, [1., 2., .5])))
"""
SLIM_LOOPS = """
import os, tempfile
tf.enable_resource_variables()
folder = tempfile.mkdtemp()
E = Pieces('slim') if NEW else tf.contrib.slim.evaluation
evaluate_once = tf_legacy.slim_evaluate_once if NEW else E.evaluate_once
learning = Pieces('slim') if NEW else tf.contrib.slim.learning
tf.train.get_or_create_global_step()
w = tf.get_variable('w', initializer=2.)
tf.summary.scalar('w', w)
optimizer = tf.train.GradientDescentOptimizer(.25)
step = (S if NEW else tf.contrib.slim.learning).create_train_op(tf.square(w), optimizer)
seen = []
def one(session, train_op, global_step, arguments):
    loss, stop = learning.train_step(session, train_op, global_step, arguments)
    seen.append(loss)
    return loss, stop
show('trained', learning.train(step, folder, one, number_of_steps=4, log_every_n_steps=2), *seen)
show('saved', os.path.basename(tf.train.latest_checkpoint(folder)))
tf.reset_default_graph()
w = tf.get_variable('w', initializer=0.)
step = tf.train.get_or_create_global_step()
tf.summary.scalar('w', w)
mean, update = tf.metrics.mean(w + 1.)
path = tf.train.latest_checkpoint(folder)
show('evaluated', evaluate_once('', path, folder, num_evals=3, eval_op=update, final_op={'mean': mean})['mean'])
show('restored', evaluate_once('', path, folder, eval_op=[w], final_op=[w], variables_to_restore=[w, step],
                               initial_op=tf.global_variables_initializer(), summary_op=None))
T = Pieces('') if NEW else tf.contrib.training
counted = tf.local_variables()[-1]
show('repeatedly', T.evaluate_repeatedly(folder, eval_ops=update, final_ops=mean, hooks=[T.StopAfterNEvalsHook(2)],
                                         max_number_of_evaluations=1))
"""
CASES = (
    Case("fused cells", FUSED),
    Case("metrics", METRICS),
    Case("loops of slim", SLIM_LOOPS),
)

pytestmark = [pytest.mark.legacy, pytest.mark.xdist_group("sequence pieces")]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_a_piece_gives_the_numbers_and_names_of_the_original(case: Case) -> None:
    before = environments.run_many(usable(KERAS2), {case.name: case.before()})[case.name]
    after = environments.run_many(usable(NEWEST), {case.name: case.after()})[case.name]
    for ended in (before, after):
        assert ended.status == 0, ended.stderr[-3000:]
    assert results(before.stdout), "prints nothing, so nothing is compared"
    assert first_difference(results(before.stdout), results(after.stdout)) is None
