"""Pieces for the cells of tf.contrib.rnn that nothing took over, and for tf.contrib.legacy_seq2seq, against TF 1.15:
one program, run with the originals there and with the pieces on TF 2.21; numbers and names must be equal."""

from __future__ import annotations

from collections.abc import Mapping

import environments
import pytest
from conftest import usable
from environments import KERAS2, NEWEST, Ended
from printed import first_difference, results
from test_support_graph_run import COMMON, OLD, TODAY, Case

HERE_OLD = "Q = tf.contrib.legacy_seq2seq\nflatten = tf.contrib.framework.nest.flatten\n"
HERE_TODAY = "Q = Pieces('legacy')\nflatten = tf.nest.flatten\n"

CELLS = """
for number, make in enumerate([
    lambda: R.NASCell(3), lambda: R.NASCell(3, num_proj=2, use_bias=True), lambda: R.UGRNNCell(3),
    lambda: R.UGRNNCell(2, forget_bias=0., activation=tf.nn.relu, initializer=tf.ones_initializer()),
    lambda: R.HighwayWrapper(R.GRUCell(3)), lambda: R.HighwayWrapper(R.BasicLSTMCell(3), False, 2.),
    lambda: R.AttentionCellWrapper(R.BasicLSTMCell(3), 2), lambda: R.AttentionCellWrapper(R.GRUCell(3), 3, 2, 4, 5),
    lambda: R.AttentionCellWrapper(R.GRUCell(3), 2, state_is_tuple=False),
    lambda: R.CoupledInputForgetGateLSTMCell(3), lambda: R.CoupledInputForgetGateLSTMCell(4, layer_norm=True),
    lambda: R.CoupledInputForgetGateLSTMCell(3, True, num_proj=2, proj_clip=.2, num_unit_shards=2, num_proj_shards=2),
    lambda: R.CoupledInputForgetGateLSTMCell(3, state_is_tuple=False, forget_bias=0.), lambda: R.GRUBlockCell(3),
    lambda: R.GRUBlockCellV2(num_units=2), lambda: R.GRUBlockCell(cell_size=2, name='named'),
    lambda: R.MultiRNNCell([R.NASCell(2), R.UGRNNCell(3)]), lambda: R.ResidualWrapper(R.UGRNNCell(3)),
]):
    x, length = fed(x1), tf.placeholder(tf.int32, [None])
    cell = make()
    outputs, state = tf.nn.dynamic_rnn(cell, x, sequence_length=length, dtype=tf.float32)
    known = [] if 'Highway' in type(cell).__name__ else cell.variables  # the original never called its base
    show('sizes', str(cell.state_size), cell.output_size, *[v.name for v in known])
    last = tf.concat([outputs[:, -1], outputs[:, 2]] + flatten(state), 1)
    train('cell%d' % number, last, {x: x1, length: [7, 1, 3, 2, 7, 4]}, 1)
"""
RHYTHMS_AND_PICTURES = """
for number, options in enumerate([{}, dict(use_peepholes=True, leak=.1, ratio_on=.4, trainable_ratio_on=False)]):
    x, times = fed(x1), tf.placeholder(tf.float32, [None, 7, 1])
    cell = R.PhasedLSTMCell(3, period_init_min=2., period_init_max=9., **options)
    outputs, state = tf.nn.dynamic_rnn(cell, (times, x), dtype=tf.float32)
    clock = np.cumsum(rng.uniform(0, 2, (6, 7, 1)), 1)
    train('phased%d' % number, tf.concat([outputs[:, -1], state.c], 1), {x: x1, times: clock}, 1)
for number, (make, data) in enumerate([
    (lambda: R.Conv1DLSTMCell(input_shape=[6, 2], output_channels=3, kernel_shape=[3]), (2, 3, 6, 2)),
    (lambda: R.Conv2DLSTMCell(input_shape=[4, 5, 2], output_channels=2, kernel_shape=[2, 3], use_bias=False,
                              name='named'), (2, 3, 4, 5, 2)),
    (lambda: R.Conv3DLSTMCell(input_shape=[2, 3, 2, 1], output_channels=2, kernel_shape=[1, 2, 2]), (2, 3, 2, 3, 2, 1)),
    (lambda: R.ConvLSTMCell(2, [4, 3, 1], 2, [2, 2], forget_bias=0.), (2, 3, 4, 3, 1)),
]):
    data = rng.uniform(-1, 1, data)
    x, cell = fed(data), make()
    outputs, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
    show('sizes', str(cell.output_size), str(state.c.shape))
    train('conv%d' % number, outputs, {x: data})
"""
GIVEN = """
WORDS = 5
numbers = rng.randint(0, WORDS, (4, 3))
def given(n=4, kind=tf.int32, shape=(None,)):
    return [tf.placeholder(kind, shape) for _ in range(n)]
def end(title, outputs, state, feed):
    train(title, tf.concat(outputs + flatten(state), 1), feed, 1)
"""
SEQUENCES = """
for number, make in enumerate([lambda: R.GRUCell(3), lambda: R.MultiRNNCell([R.GRUCell(2), R.BasicLSTMCell(3)])]):
    steps = [fed(x1[:, 0]) for _ in range(3)]
    feed = {step: x1[:, i] for i, step in enumerate(steps)}
    cell = make()
    outputs, state = Q.rnn_decoder(steps, cell.zero_state(6, tf.float32), cell)
    end('plain%d' % number, outputs, state, feed)
    steps, cell = [fed(x1[:, 0]) for _ in range(3)], make()
    feed = {step: x1[:, i] for i, step in enumerate(steps)}
    outputs, state = Q.rnn_decoder(steps, cell.zero_state(6, tf.float32), cell, lambda p, i: p * i, scope='looped')
    end('looped%d' % number, outputs, state, feed)
    steps = [fed(x1[:, 0]) for _ in range(4)]
    feed = {step: x1[:, i] for i, step in enumerate(steps)}
    end('basic%d' % number, *(Q.basic_rnn_seq2seq(steps[:2], steps[2:], make()) + (feed,)))
    steps = [fed(x1[:, 0]) for _ in range(4)]
    feed = {step: x1[:, i] for i, step in enumerate(steps)}
    end('tied%d' % number, *(Q.tied_rnn_seq2seq(steps[:2], steps[2:], make(), scope='own') + (feed,)))
"""
WORDS_IN_AND_OUT = """
cell = lambda: R.MultiRNNCell([R.GRUCell(2), R.BasicLSTMCell(3)])
for feeds, projects in ((False, True), (True, False), (None, True), (None, False)):
    before, after, flag = given(2), given(2), tf.placeholder(tf.bool, [])
    feed = {step: numbers[i] for i, step in enumerate(before + after)}
    feed[flag] = not projects
    options = dict(feed_previous=flag if feeds is None else feeds)
    if projects:
        options['output_projection'] = tf.get_variable('pw', [3, WORDS]), tf.get_variable('pb', [WORDS])
    if projects and 'attention' in how:
        options.update(num_heads=2, initial_state_attention=True)
    symbols = (WORDS,) if 'tied' in how else (WORDS, WORDS)
    outputs, state = getattr(Q, how)(before, after, cell(), *(symbols + (2,)), **options)
    end('%s_%s_%s' % (how, feeds, projects), outputs, state, feed)
"""
TASKS_AND_BUCKETS = """
before, after, other = given(2), given(2), given(3)
feed = {step: numbers[i % 4] for i, step in enumerate(before + after + other)}
decoders = {'a': R.GRUCell(3)}
outputs, states = Q.one2many_rnn_seq2seq(before, {'a': after}, R.GRUCell(3), decoders, WORDS, {'a': WORDS}, 2)
end('one2many', outputs['a'], states['a'], feed)
x = rng.uniform(-1, 1, (3, 4, 2))
memory, steps, cell = fed(x), given(2, tf.float32, (None, 2)), R.BasicLSTMCell(3)
start = cell.zero_state(3, tf.float32)
outputs, state = Q.attention_decoder(steps, start, memory, cell, output_size=4, num_heads=2)
end('attention', outputs, state, {memory: x, steps[0]: x[:, 0], steps[1]: x[:, 1]})
for per_example in (False, True):
    before, after, targets, weights = given(4), given(4), given(4), given(4, tf.float32)
    model = lambda a, b: Q.embedding_rnn_seq2seq(a, b, R.GRUCell(3), WORDS, WORDS, 2)
    outputs, losses = Q.model_with_buckets(
        before, after, targets, weights, [(2, 3), (4, 4)], model, per_example_loss=per_example)
    feed = {step: numbers[i % 4] for i, step in enumerate(before + after + targets)}
    feed.update({step: [1., .5, 0.] for step in weights})
    train('buckets%s' % per_example, tf.concat([tf.reshape(loss, [-1]) for loss in losses], 0), feed)
"""

MODELS = ("rnn", "tied_rnn", "attention")
CASES = (
    Case("cells", CELLS),
    Case("rhythms and pictures", RHYTHMS_AND_PICTURES),
    Case("sequences", GIVEN + SEQUENCES),
    *(Case(f"{how} words", f"{GIVEN}how = 'embedding_{how}_seq2seq'\n{WORDS_IN_AND_OUT}") for how in MODELS),
    Case("tasks and buckets", GIVEN + TASKS_AND_BUCKETS),
)

pytestmark = [pytest.mark.legacy, pytest.mark.xdist_group("recurrent")]


@pytest.fixture(scope="module")
def old() -> Mapping[str, Ended]:
    """What each program printed in its own time."""
    return environments.run_many(usable(KERAS2), {c.name: OLD + HERE_OLD + COMMON + c.program for c in CASES})


@pytest.fixture(scope="module")
def new() -> Mapping[str, Ended]:
    """What each prints with the pieces."""
    return environments.run_many(usable(NEWEST), {c.name: TODAY + HERE_TODAY + COMMON + c.program for c in CASES})


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_a_piece_gives_the_numbers_and_names_of_the_original(
    case: Case, old: Mapping[str, Ended], new: Mapping[str, Ended]
) -> None:
    before, after = old[case.name], new[case.name]
    for ended in (before, after):
        assert ended.status == 0, ended.stderr[-3000:]
    assert len(results(before.stdout)) > 30
    assert first_difference(results(before.stdout), results(after.stdout)) is None
