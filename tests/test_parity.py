"""Legacy programs, migrated and run on the newest TensorFlow: every number that they printed in their own time.

`parity/programs/` are written for this suite in the habits of real repositories, `parity/expected/` holds what each
printed in its original environment (`origin`, a stem of `environments/`), recorded before the rules that serve it. The
programs of `../shared/parity` are held to the same where they are there.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import environments
import pytest
from printed import Line, first_difference, results

from tfkdoctor.model import Numerics, Settings
from tfkdoctor.run import migrate_paths
from tfkdoctor.write import write_run

OWN = Path(__file__).parent / "parity"
SHARED = Path(__file__).parents[2] / "shared" / "parity"

# Nothing in these programs tells which Keras they are from, as a requirements file would.
UNTOLD: dict[str, tuple[str, ...]] = {
    "k231_unet_dice": ("keras==2.3.1", "tensorflow==2.1.4"),
    "trap_t10_default_epochs": ("keras==1.2.2",),
    "tf1n_keras_dataset_fit": ("tensorflow==1.13.1",),
    "tf1n_keras_generator": ("tensorflow==1.15.5",),
    "tf1n_keras_rnn_defaults": ("tensorflow==1.13.1",),
    "tf1v_keras_multi_io": ("tensorflow==1.15.5",),
    "trap_tf1n_tfkeras_defaults": ("tensorflow==1.15.5",),
}

# Not equal yet, and why, as far as it is known. Taken out of here once they are.
DIFFERS: dict[str, str] = {
    "k2_augment_seeded": "ImageDataGenerator draws its random numbers in another order: reported",
    "k225_wgan_clip": "gradients as small as RMSprop's epsilon: reported as a hint, equal with --numerics exact",
    "k231_custom_objects": "an activation named as one of Keras 3's, in a copy by configuration: reported",
    "k231_finetune_frozen": "averages of layers frozen one by one in a nested model: reported",
    "k231_superres_project": "gradients as small as epsilon: reported as a hint, equal with --numerics exact",
    "k2_finetune_pop": "model.layers.pop(): reported",
    "k2_unet": "a gradient that is rounding noise (a bias before normalization), which Adam amplifies: not told",
    "trap_t05_optimizer_strings": "a gradient that is 0 but for rounding, of which Adagrad makes a step: not told",
}

# The same for programs of TensorFlow 1.
DIFFERS |= {
    "mix_keras_placeholder": "a Keras model and a session: reported",
    "mix_tf_optimizer_keras": "tensorboard is not in the environment",
    "tf1_contrib_layers_mlp": "NumPy 2 prints the scalars in a list as np.float32(…)",
    "tf1_keras_layers_session": "a Keras model and a session: reported",
    "tf1_tfrecord_dataset": "NumPy 2 has no tostring()",
    "tfk1_session_model": "a Keras model and a session: reported",
}

# Programs of TensorFlow 1 that need no session.
DIFFERS |= {
    "tf1n_char_rnn_eager": "save_weights in TensorFlow's own format: not brought over yet",
    "tf1n_keras_dataset_fit": "weights in HDF5 of a model that a function of a private Keras returns: not told",
    "tf1n_keras_generator": "train_on_batch counts on from fit's metrics in TF 1.15: not told",
    "trap_tf1n_row_masks": "tensors as keys and in comparisons by identity: fails where they are hashed",
    "trap_tf1n_tfkeras_defaults": "'adagrad' by name began at 0 in TF 1.15, at 0.1 today: not told",
}

# Programs of TensorFlow 1 that were written and recorded without a look at the rules.
DIFFERS |= {
    "tf1u_mdn_mixture": "mixtures, relaxed and transformed distributions of contrib: reported",
    "tf1u_style_lbfgs": "optimizers of tf.contrib.opt: reported",
    "tf1v_eager_metrics_checkpoint": "dtype.name of a Keras variable, whose dtype is a string: not told",
    "tf1v_keras_custom_layers": "K.function of the private tensorflow.python.keras: reported",
    "tf1v_keras_estimator": "tf.keras layers in a model_fn, model_to_estimator: reported",
    "tf1v_learn_contrib": "tf.contrib.learn: reported",
}

# Of the shared programs these may differ, and no other.
OF_SHARED = (
    "k2_augment_seeded",
    "mix_keras_placeholder",
    "mix_tf_optimizer_keras",
    "tfk1_session_model",
)

# These read a variable within the run that changes it, and either may come first, from run to run.
RACES = ("trap_tf1_soft_label_gradients",)

pytestmark = pytest.mark.legacy


@dataclass(frozen=True, slots=True)
class Program:
    """A program with what it printed; `numerics` is the setting that it is migrated with."""

    name: str
    folder: Path
    numerics: Numerics
    lines: tuple[Line, ...]
    kind: str

    @property
    def files(self) -> Path:
        folder = self.folder / "programs" / self.name
        return folder if folder.is_dir() else folder.with_suffix(".py")


def programs(folder: Path, *settings: Numerics) -> Iterator[Program]:
    """The programs of a suite, each with every setting that it must be equal with."""
    for file in sorted(folder.glob("expected/*.json")):
        if file.stem in RACES:
            continue
        told = json.loads(file.read_text("utf-8"))
        lines = tuple((name, tuple(values)) for name, values in told.get("results", []))
        for numerics in settings:
            if told["kind"] != "trap" or numerics is Numerics.EXACT:
                yield Program(file.stem, folder, numerics, lines, told["kind"])


ALL = [
    *(p for p in programs(OWN, Numerics.KEEP) if p.kind == "migrate"),
    *(p for p in programs(OWN, Numerics.EXACT) if p.kind == "trap"),
    *programs(SHARED, Numerics.EXACT, Numerics.KEEP),
]


def test_the_shared_programs_are_there() -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared programs are not beside this checkout")
    assert len(list(programs(SHARED, Numerics.EXACT))) >= 45


@pytest.mark.parametrize("program", ALL, ids=[f"{p.name}-{p.numerics}" for p in ALL])
def test_prints_the_numbers_of_its_own_time(program: Program, newest: environments.Environment, tmp_path: Path) -> None:
    project, scratch = tmp_path / program.name, tmp_path / "scratch"
    scratch.mkdir()
    main = lay_out(program, project)
    before = {path: path.read_bytes() for path in project.rglob("*.py")}
    source = UNTOLD.get(program.name, ())
    run = migrate_paths([project], Settings(jobs=1, numerics=program.numerics, source=source), project)
    if program.kind == "keep":
        assert all(file.text is None for file in run.files)
        return
    assert not write_run(run).findings
    assert {path for path in before if path.exists()} == set(before)
    try:
        told = first_difference(program.lines, results(environments.run(newest, [main], scratch)))
    except environments.ProgramFailed as failure:
        told = str(failure)
    known = DIFFERS.get(program.name) if program.folder == OWN or program.name in OF_SHARED else None
    if known is not None:
        assert told is not None, f"it is equal now: take it out of DIFFERS ({known})"
        pytest.xfail(f"{known}: {told.splitlines()[-1]}")
    assert told is None, told


def lay_out(program: Program, project: Path) -> Path:
    """Copy a program into a folder of its own; the file that runs it."""
    if program.files.is_dir():
        shutil.copytree(program.files, project)
        return project / "main.py"
    project.mkdir()
    shutil.copy(program.files, project)
    return project / program.files.name
