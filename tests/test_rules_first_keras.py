"""tf.keras in programs of TensorFlow 1: what shows that they are such, and what follows."""

from __future__ import annotations

from pathlib import Path

from tfkdoctor.model import MigrationRun, Settings, Severity
from tfkdoctor.run import migrate_paths

HEAD = "import tensorflow as tf\nmodel = tf.keras.Sequential([tf.keras.layers.GRU(2, input_shape=(3, 1))])\n"
FIRST = "model.compile(tf.train.AdamOptimizer(0.1), 'mse', metrics=['mae'])\n"


def migrated(folder: Path, text: str, source: tuple[str, ...] = ()) -> MigrationRun:
    (folder / "m.py").write_text(text, "utf-8")
    return migrate_paths([folder], Settings(jobs=1, source=source), folder)


def test_datasets_do_not_hide_that_a_program_is_of_tensorflow_1(tmp_path: Path) -> None:
    data = "model.fit(tf.data.Dataset.from_tensor_slices(([[[1.0]] * 3], [1.0])).batch(1))\n"
    text = migrated(tmp_path, HEAD + FIRST + data).files[0].text
    assert text is not None
    assert "reset_after=False" in text


def test_adagrad_by_name_begins_at_0_in_every_tensorflow_1(tmp_path: Path) -> None:
    program = HEAD + "model.compile('adagrad', 'mse')\nmodel.fit([[[1.0]] * 3], [1.0])\n"
    late = migrated(tmp_path, program, source=("tensorflow==1.15.5",)).files[0].text or ""
    assert "tf.keras.optimizers.Adagrad(epsilon=1e-14, initial_accumulator_value=0.0)" in late
    early = migrated(tmp_path, program, source=("tensorflow==1.13.1",)).files[0].text or ""
    assert "tf.keras.optimizers.Adagrad(learning_rate=0.01, epsilon=1e-14, initial_accumulator_value=0.0)" in early
    by_class = program.replace("'adagrad'", "tf.keras.optimizers.Adagrad()")
    assert "Adagrad()" in (migrated(tmp_path, by_class, source=("tensorflow==1.15.5",)).files[0].text or "")


def test_metrics_that_train_on_batch_goes_on_with_are_told(tmp_path: Path) -> None:
    def told(program: str) -> list[str]:
        findings = migrated(tmp_path, program).files[0].findings
        return [f.message for f in findings if f.severity is Severity.WARNING and "went on with" in f.message]

    batch = "print(model.train_on_batch([[[1.0]] * 3], [1.0]))\n"
    assert told(HEAD + FIRST + "model.fit([[[1.0]] * 3], [1.0])\n" + batch)
    assert not told(HEAD + FIRST + batch)


LAYER = """import tensorflow as tf
tf.enable_eager_execution()
class Scale(tf.keras.layers.Layer):
    def build(self, input_shape):
        self.w = self.add_weight(name='w', shape=[input_shape.as_list()[-1]], initializer='ones')
    def compute_output_shape(self, input_shape):
        shape = tf.TensorShape(input_shape).as_list()
        return tf.TensorShape(shape)
"""


def test_the_shape_that_a_layer_is_built_for_may_be_a_tuple(tmp_path: Path) -> None:
    text = migrated(tmp_path, LAYER).files[0].text or ""
    assert "shape=[list(input_shape)[-1]]" in text
    assert "tf.TensorShape(input_shape).as_list()" in text


def test_nest_of_contrib_in_a_program_without_a_graph(tmp_path: Path) -> None:
    head = "import tensorflow as tf\ntf.enable_eager_execution()\n"
    text = migrated(tmp_path, head + "print(tf.contrib.framework.nest.flatten([1, [2]]))\n").files[0].text or ""
    assert "tf.nest.flatten([1, [2]])" in text


def test_what_the_logs_are_asked_for_shows_the_time_of_a_program(tmp_path: Path) -> None:
    def kept(metrics: str, key: str) -> bool:
        fit = f"print(model.fit([[[1.0]] * 3], [1.0]).history['{key}'])\n"
        text = migrated(tmp_path, HEAD + f"model.compile('sgd', 'mse', metrics={metrics})\n" + fit).files[0].text
        return "reset_after=False" in (text or "")

    assert kept("['accuracy']", "val_acc")
    assert kept("['mae', 'mse']", "mean_squared_error")
    assert not kept("['acc']", "val_acc")
    assert not kept("['accuracy']", "val_accuracy")
    assert not kept("['mean_absolute_error']", "mean_absolute_error")


def test_a_model_in_hdf5_and_checkpoints_by_period(tmp_path: Path) -> None:
    program = HEAD + FIRST + "model.save('m.h5')\nagain = tf.keras.models.load_model('m.h5')\n"
    program += "tf.keras.callbacks.ModelCheckpoint('w.h5', save_weights_only=True, period=1)\n"
    run = migrated(tmp_path, program)
    text = run.files[0].text or ""
    assert "from tf_legacy import" in text
    assert "again = load_model('m.h5')" in text
    assert "period" not in text


def test_losses_by_names_that_only_tensorflow_1_knew(tmp_path: Path) -> None:
    program = HEAD + "model.compile(tf.train.AdamOptimizer(0.1), 'logcosh')\n"
    program += "model.compile('sgd', loss=['kullback_leibler_divergence'])\n"
    text = migrated(tmp_path, program).files[0].text or ""
    assert "'log_cosh')" in text
    assert "loss=['kl_divergence']" in text
