"""Pieces for `tf.contrib.crf`, `tf.contrib.seq2seq` and estimators against TensorFlow 1.15: one program, run with the
originals there and with the pieces on the newest TensorFlow in graph mode; numbers and names must be equal."""

from __future__ import annotations

from collections.abc import Mapping

import environments
import pytest
from conftest import usable
from environments import KERAS2, NEWEST, Ended
from printed import first_difference, results
from test_support_graph_run import COMMON, OLD, TODAY, Case

HERE_OLD = """
K, E, T = tf.contrib.crf, tf.estimator, tf.estimator.tpu
I, X, P = tf.estimator.inputs, tf.estimator.export, tf.estimator.experimental
"""
HERE_TODAY = """
K = E = I = X = P = Pieces('')
T = Pieces('')
T.RunConfig = tf_legacy.TPURunConfig
"""

CONDITIONAL_RANDOM_FIELDS = """
scores, transitions = rng.normal(0, 1, (4, 6, 3)), rng.normal(0, 1, (3, 3))
tags, lengths = rng.randint(0, 3, (4, 6)), np.array([6, 3, 0, 1])
for steps in (6, 1):
    for index, length in ((tf.int32, tf.int32), (tf.int64, tf.int64), (tf.int32, tf.int64)):
        for known in (True, False):
            x = tf.placeholder(tf.float32, [None, steps if known else None, 3])
            t, n = tf.placeholder(index, [None, None]), tf.placeholder(length, [None])
            w = tf.get_variable('w', initializer=tf.constant(transitions, tf.float32))
            likelihood, params = K.crf_log_likelihood(x, t, n, w)
            decoded, best = K.crf_decode(x, params, n)
            allowed = tf.one_hot(t, 3, True, False, dtype=tf.bool)
            wanted = [likelihood, K.crf_sequence_score(x, t, n, w), K.crf_log_norm(x, n, w), decoded, best,
                      tf.gradients(likelihood, [w, x] if steps > 1 else [x])]
            if steps > 1:
                wanted += [K.crf_unary_score(t, n, x), K.crf_binary_score(t, n, w)]
                wanted.append(K.crf_multitag_sequence_score(x, allowed, n, w))
            feed = {x: scores[:, :steps], t: tags[:, :steps], n: np.minimum(lengths, steps)}
            with tf.Session() as session:
                session.run(tf.global_variables_initializer())
                show('crf', *tf.nest.flatten(session.run(wanted, feed)))
            tf.reset_default_graph()
for row in scores:
    best, score = K.viterbi_decode(row.astype(np.float32), transitions)
    show('viterbi', best, score)
x = tf.constant(scores, tf.float32)
likelihood, made = K.crf_log_likelihood(x, tf.constant(tags, tf.int32), tf.constant([6, 6, 6, 6]))
names('crf')
train('crf', likelihood, {})
"""
DECODERS = """
GO, END, WORDS = 1, 2, 7
memory, lengths, first = rng.normal(0, 1, (3, 5, 4)), np.array([5, 2, 3], np.int32), rng.normal(0, 1, (3, 6))
targets, target_lengths = rng.randint(0, WORDS, (3, 4)), np.array([4, 2, 3], np.int32)
table = rng.normal(0, 1, (WORDS, 4))
mechanisms = [
    lambda m, n: A.LuongAttention(6, m, n), lambda m, n: A.LuongAttention(6, m, scale=True),
    lambda m, n: A.BahdanauAttention(3, m, n, normalize=True), lambda m, n: A.BahdanauAttention(3, memory=m),
    lambda m, n: [A.LuongAttention(6, m, n), A.BahdanauAttention(2, m, probability_fn=A.hardmax)],
]
for number, make in enumerate(mechanisms):
    for size, history, output in ((5, True, True), (None, False, True), (3, False, False)):
        m, n, s = tf.constant(memory, tf.float32), tf.constant(lengths), tf.constant(first, tf.float32)
        embedding = tf.get_variable('embedding', initializer=tf.constant(table, tf.float32))
        found = make(m, n)
        size = [size, 2] if size and isinstance(found, list) else size
        cell = A.AttentionWrapper(R.GRUCell(6), found, size, alignment_history=history, output_attention=output)
        start = cell.zero_state(3, tf.float32).clone(cell_state=s)
        project = L.Dense(WORDS, use_bias=False, name='project')
        with tf.variable_scope('decode'):
            fed = tf.nn.embedding_lookup(embedding, tf.constant(targets))
            decoder = A.BasicDecoder(cell, A.TrainingHelper(fed, target_lengths), start, project)
            outputs, state, n_steps = A.dynamic_decode(decoder, impute_finished=not history)
        with tf.variable_scope('decode', reuse=True):
            greedy = A.GreedyEmbeddingHelper(embedding, tf.fill([3], GO), END)
            inferred, _, inferred_steps = A.dynamic_decode(
                A.BasicDecoder(cell, greedy, start, project), maximum_iterations=5, output_time_major=True)
        show('shapes%d' % number, *[str(one.shape) for one in (outputs.rnn_output, inferred.sample_id)])
        loss = tf.reduce_sum(tf.square(outputs.rnn_output))
        step = tf.train.GradientDescentOptimizer(.01).minimize(loss)
        names('attention%d' % number, 'trainable_variables')
        wanted = [loss, outputs.rnn_output, outputs.sample_id, n_steps, state.attention, state.time, inferred.sample_id]
        if history:
            histories = state.alignment_history if isinstance(found, list) else [state.alignment_history]
            wanted += [one.stack() for one in histories]
        with tf.Session() as session:
            fill(session)
            show('attention%d' % number, *session.run(wanted))
            session.run(step)
            show('after%d' % number, *session.run(wanted + [inferred_steps]))
        tf.reset_default_graph()
x = tf.constant(memory, tf.float32)
cell = R.BasicLSTMCell(4)
sizes = tf.TensorShape([4])
helper = A.InferenceHelper(lambda o: o, sizes, tf.float32, x[:, 0], lambda i: tf.reduce_sum(i, 1) > 3., lambda i: i * 2)
outputs, state, n = A.dynamic_decode(A.BasicDecoder(cell, helper, cell.zero_state(3, tf.float32)), maximum_iterations=4)
custom = A.CustomHelper(lambda: (tf.tile([False], [3]), x[:, 0]), lambda time, outputs, state: tf.argmax(outputs, 1),
                        lambda time, outputs, state, sample_ids: (tf.tile([False], [3]), outputs + 1., state),
                        None, tf.int64)
again = A.BasicDecoder(cell, custom, cell.zero_state(3, tf.float32))
more, _, _ = A.dynamic_decode(again, maximum_iterations=3, scope='b')
names('helpers', 'trainable_variables')
with tf.Session() as session:
    fill(session)
    for one in session.run([outputs.rnn_output, outputs.sample_id, state.c, n, more.rnn_output, more.sample_id]):
        show('helpers', one)
"""
BEAMS = """
GO, END, WORDS, WIDTH = 1, 2, 7, 3
memory, first, table = rng.normal(0, 1, (2, 5, 4)), rng.normal(0, 1, (2, 6)), rng.normal(0, 1, (WORDS, 4))
forms = (0., False, False), (.7, False, False), (0., True, True), (1., True, False)
for number, (weight, attends, history) in enumerate(forms):
    given = tf.placeholder_with_default(memory.astype(np.float32), [None, None, 4] if history else [2, 5, 4])
    m, s = A.tile_batch(given, WIDTH), A.tile_batch(tf.constant(first, tf.float32), multiplier=WIDTH)
    embedding = tf.get_variable('embedding', initializer=tf.constant(table, tf.float32))
    cell, start = R.GRUCell(6), s
    if attends:
        n = A.tile_batch(tf.constant([5, 3]), WIDTH)
        cell = A.AttentionWrapper(cell, A.LuongAttention(6, m, n), 5, alignment_history=history)
        start = cell.zero_state(2 * WIDTH, tf.float32).clone(cell_state=s)
    project = L.Dense(WORDS, name='project')
    decoder = A.BeamSearchDecoder(cell, embedding, tf.fill([2], GO), END, start, WIDTH, project, weight)
    outputs, state, steps = A.dynamic_decode(decoder, maximum_iterations=6)
    show('shapes', str(outputs.predicted_ids.shape), str(state.log_probs.shape))
    wanted = [outputs.predicted_ids, outputs.beam_search_decoder_output.scores, state.log_probs, state.lengths, steps]
    wanted += [state.cell_state.alignment_history] if history else []
    names('beams', 'trainable_variables')
    with tf.Session() as session:
        fill(session)
        show('beams%d' % number, *session.run(wanted))
    tf.reset_default_graph()
"""
ESTIMATORS = """
import os, tempfile
tf.logging.set_verbosity(tf.logging.ERROR)
X1, Y1 = rng.uniform(-1, 1, (22, 3)).astype(np.float32), rng.randint(0, 3, 22)
NAMES = np.array(['low', 'middle', 'high'])[Y1]
def told(title, results):
    for key in sorted(results):
        show(title + ' ' + key, results[key])
def model_fn(features, labels, mode, params, config):
    with tf.variable_scope('net'):
        w = tf.get_variable('w', [3, 3], initializer=tf.constant_initializer(np.linspace(-1, 1, 9)))
    logits = tf.matmul(features['x'], w)
    exports = {'p': X.PredictOutput({'logits': logits}), 'serving_default': X.RegressionOutput(logits[:, 0])}
    if mode == E.ModeKeys.PREDICT:
        return E.EstimatorSpec(mode, {'logits': logits}, export_outputs=exports)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits) * tf.ones([1])
    step = tf.train.AdamOptimizer(params.get('rate', .1)).minimize(loss[0], tf.train.get_global_step())
    metrics = {'top': tf.metrics.accuracy(labels, tf.argmax(logits, 1))}
    show('config', config.save_checkpoints_steps, config.keep_checkpoint_max, mode)
    return E.EstimatorSpec(mode, {'logits': logits}, loss, step, metrics)
def feed(epochs=1, size=5):
    return I.numpy_input_fn({'x': X1}, Y1, size, epochs, shuffle=False)
receiver = X.build_raw_serving_input_receiver_fn({'x': tf.placeholder(tf.float32, [None, 3], name='x')})
config = E.RunConfig(save_checkpoints_steps=4, keep_checkpoint_max=2).replace(save_summary_steps=2)
seconds = config.replace(save_checkpoints_secs=3)
show('replaced', str(seconds.save_checkpoints_steps), config.is_chief, config.task_type)
model = E.Estimator(model_fn, tempfile.mkdtemp(), config, {'rate': .2})
best = E.BestExporter(serving_input_receiver_fn=receiver, event_file_pattern=None, exports_to_keep=1)
exporters = [best, E.FinalExporter('final', receiver)]
spec = E.EvalSpec(feed(), name='all', steps=3, exporters=exporters, throttle_secs=0)
metrics, exports = E.train_and_evaluate(model, E.TrainSpec(feed(None), max_steps=9), spec)
told('trained', metrics)
show('exports', *[one is not None for one in exports], *sorted(os.listdir(os.path.join(model.model_dir, 'export'))))
show('kept', len(os.listdir(os.path.join(model.model_dir, 'export', 'best_exporter'))), *model.get_variable_names())
more = E.add_metrics(model, lambda labels, predictions: {'mean/logit': tf.metrics.mean(predictions['logits'])})
told('more', more.evaluate(feed()))
results = model.eval_dir('all')
for stop in (P.stop_if_lower_hook(model, 'loss', 10., results, run_every_secs=None, run_every_steps=1),
             P.stop_if_no_increase_hook(model, 'loss', 100, results, run_every_secs=None, run_every_steps=2),
             P.make_early_stopping_hook(model, lambda: True, run_every_secs=None, run_every_steps=3)):
    fresh = E.Estimator(model_fn, tempfile.mkdtemp(), params={})
    fresh.train(feed(2), hooks=[stop])
    show('stopped', fresh.get_variable_value('global_step'), *fresh.get_variable_names())
for error, make in ((ValueError, lambda: model.train(feed(), steps=1, max_steps=2)),
                    (ValueError, lambda: E.EvalSpec(feed(), 0)), (ValueError, lambda: E.Estimator(lambda x: 1)),
                    (ValueError, lambda: I.numpy_input_fn(X1, Y1))):
    try:
        make()
    except error:
        show('raised', error.__name__)
columns = [tf.feature_column.numeric_column('x', [3])]
weighted = lambda: (lambda f, l: ({'x': f['x'], 'w': tf.reshape(tf.range(5.), [5, 1]) + .5}, l))(*feed(4)())
for title, make in (
    ('names', lambda: E.LinearClassifier(columns, n_classes=3, label_vocabulary=['low', 'middle', 'high'])),
    ('weights', lambda: E.LinearClassifier(columns, n_classes=3, weight_column='w', optimizer='Adam')),
    ('mean', lambda: E.LinearRegressor(columns, label_dimension=3, loss_reduction='weighted_mean', optimizer='SGD')),
):
    canned = make()
    labels = {'names': NAMES, 'weights': Y1, 'mean': np.stack([Y1] * 3, 1).astype(np.float32)}[title]
    inputs = weighted if title == 'weights' else I.numpy_input_fn({'x': X1}, labels, 5, 2, shuffle=False)
    canned.train(inputs, steps=7)
    told(title, canned.evaluate(inputs, steps=4))
    found = next(canned.predict(I.numpy_input_fn({'x': X1}, shuffle=False)))
    for key in sorted(found):
        show(title + ' ' + key, *[v.decode() if isinstance(v, bytes) else v for v in np.ravel(found[key])])
    show(title, *canned.get_variable_names())
"""

CASES = (
    Case("conditional random fields", CONDITIONAL_RANDOM_FIELDS),
    Case("decoders", DECODERS),
    Case("beams", BEAMS),
    Case("estimators", ESTIMATORS),
)

pytestmark = [pytest.mark.legacy, pytest.mark.xdist_group("decoders")]


@pytest.fixture(scope="module")
def cases(request: pytest.FixtureRequest) -> tuple[Case, ...]:
    """Those of the cases that this run selects."""
    chosen = [item.callspec.params.get("case") for item in request.session.items if hasattr(item, "callspec")]
    return tuple(case for case in CASES if case in chosen)


@pytest.fixture(scope="module")
def old(cases: tuple[Case, ...]) -> Mapping[str, Ended]:
    """What each program printed in its own time."""
    return environments.run_many(usable(KERAS2), {c.name: OLD + HERE_OLD + COMMON + c.program for c in cases})


@pytest.fixture(scope="module")
def new(cases: tuple[Case, ...]) -> Mapping[str, Ended]:
    """What each prints with the pieces."""
    return environments.run_many(usable(NEWEST), {c.name: TODAY + HERE_TODAY + COMMON + c.program for c in cases})


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_a_piece_gives_the_numbers_and_names_of_the_original(
    case: Case, old: Mapping[str, Ended], new: Mapping[str, Ended]
) -> None:
    before, after = old[case.name], new[case.name]
    for ended in (before, after):
        assert ended.status == 0, ended.stderr[-3000:]
    assert results(before.stdout), "prints nothing, so nothing is compared"
    assert first_difference(results(before.stdout), results(after.stdout)) is None
