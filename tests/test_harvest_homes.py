"""The derived tables: homes of Keras paths, fates of TensorFlow 1.15 names, arguments of Keras 1."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tfkdoctor.dev.harvest_homes import Home, homes_text, keras_homes
from tfkdoctor.validate.index import View, load, rules_dir

FACTS = Path(__file__).parents[2] / "shared" / "facts"
API = rules_dir() / "api"

KERAS = View("""\
versions\t1.2.2\t2.2.5
keras\t*\tm
keras.backend\t*\tm
keras.backend.dot\t*\tf\tkeras.backend.tensorflow_backend:\t(x, y)
keras.backend.tensorflow_backend.dot\t*\t=\tkeras.backend.dot
keras.backend.theano_backend.dot\t*\tf\tkeras.backend.theano_backend:\t(x, y)
keras.engine.topology.Layer\t*\tc\tkeras.engine.topology:\t(**kwargs)
keras.layers\t*\tm
keras.layers.Conv2D\t2.2.5\tc\tkeras.layers.convolutional:\t(filters, kernel_size)
keras.layers.Convolution2D\t1.2.2\tc\tkeras.layers.convolutional:\t(nb_filter, nb_row, nb_col)
keras.layers.Convolution2D\t2.2.5\t=\tkeras.layers.Conv2D
keras.layers.Highway\t*\tc\tkeras.layers.core:\t()
keras.layers.K\t*\tm\tkeras.backend
keras.layers.convolutional.np\t*\tm\tnumpy
keras.layers.merge\t1.2.2\tf\tkeras.engine.topology:\t(inputs, mode='sum')
keras.layers.merge\t2.2.5\tm
keras.objectives\t*\tm
keras.objectives.mse\t*\tf\tkeras.objectives:mean_squared_error\t(y_true, y_pred)
""")
TARGET = View("""\
versions\t2.15.0\t3.15.1
tensorflow.keras\t*\tm
tensorflow.keras.backend\t*\tm
tensorflow.keras.backend.dot\t2.15.0\tf\tsrc:\t(x, y)
tensorflow.keras.layers\t*\tm
tensorflow.keras.layers.Conv2D\t*\tc\tsrc:\t(filters, kernel_size)
tensorflow.keras.layers.Layer\t*\tc\tsrc:\t()
tensorflow.keras.losses.mse\t*\tf\tsrc:\t(y_true, y_pred)
""")


def test_the_home_of_a_path_is_a_path_of_the_same_thing() -> None:
    found = keras_homes(KERAS, TARGET, ("1.2.2", "2.2.5"), ("2.15.0", "3.15.1"))
    assert homes_text(found, "command", ("1.2.2", "2.2.5"), ("2.15.0", "3.15.1")).splitlines()[2:] == [
        "origins\t1.2.2\t2.2.5",
        "targets\t2.15.0\t3.15.1",
        "keras.backend\t*\ttensorflow.keras.backend\ttensorflow.keras.backend",
        "keras.backend.dot\t*\ttensorflow.keras.backend.dot\t-",
        "keras.backend.tensorflow_backend.dot\t*\ttensorflow.keras.backend.dot\t-",
        "keras.backend.theano_backend.dot\t*\t-\t-",  # Theano's is not TensorFlow's
        "keras.engine.topology.Layer\t*\ttensorflow.keras.layers.Layer\ttensorflow.keras.layers.Layer",
        "keras.layers\t*\ttensorflow.keras.layers\ttensorflow.keras.layers",
        "keras.layers.Conv2D\t2.2.5\ttensorflow.keras.layers.Conv2D\ttensorflow.keras.layers.Conv2D",
        "keras.layers.Convolution2D\t1.2.2\t-\t-",  # another class, with other arguments
        "keras.layers.Convolution2D\t2.2.5\ttensorflow.keras.layers.Conv2D\ttensorflow.keras.layers.Conv2D",
        "keras.layers.Highway\t*\t-\t-",
        "keras.layers.K\t*\ttensorflow.keras.backend\ttensorflow.keras.backend",
        "keras.layers.merge\t*\t-\t-",
        "keras.objectives\t*\t-\t-",
        "keras.objectives.mse\t*\ttensorflow.keras.losses.mse\ttensorflow.keras.losses.mse",
    ]


def lines(name: str) -> list[list[str]]:
    text = (API / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


def test_the_stored_homes_are_those_of_the_stored_index() -> None:
    keras, target = load("keras"), load("tensorflow.keras")
    origins = tuple(version for version in keras.versions() if not version.startswith("3."))
    keras2 = [version for version in target.versions() if version.startswith("2.")]
    versions = (keras2[-1], target.versions()[-1])
    command = "python -m tfkdoctor.dev.harvest keras_homes"
    again = homes_text(keras_homes(keras, target, origins, versions), command, origins, versions)
    assert again == (API / "keras_homes.txt").read_text(encoding="utf-8")


def test_every_home_exists_on_its_target() -> None:
    keras, tensorflow = load("tensorflow.keras"), load("tensorflow")
    rows = lines("keras_homes.txt")
    targets = rows[1][1:]
    dead = [
        home
        for row in rows[2:]
        for home, version in zip(row[2:], targets, strict=True)
        if home != "-" and keras.get(home, version) is None
    ]
    assert dead == []
    fates = lines("tf1_homes.txt")
    assert [row[2] for row in fates if row[2] != "-" and tensorflow.get(row[2], "2.21") is None] == []


@pytest.mark.skipif(not FACTS.exists(), reason="the collected facts are not beside this checkout")
def test_homes_agree_with_the_facts_where_both_find_the_same_object() -> None:
    facts = json.loads((FACTS / "keras_paths.json").read_text(encoding="utf-8"))
    keras, target = load("keras"), load("tensorflow.keras")
    origin = {"122": "1.2.2", "225": "2.2.5", "231": "2.3.1"}
    homes = {
        (home.name, home.origin): home.homes
        for home in keras_homes(keras, target, tuple(origin.values()), ("2.15.0", "3.15.1"))
    }
    verdicts: Counter[str] = Counter()
    wrong = []
    for path, fact in facts.items():
        for seen in fact["seen"]:
            ours: tuple[Home | str | None, ...] | None = homes.get((path, origin[seen]))
            for position, (column, version) in enumerate((("tf215", "2.15.0"), ("keras3", "3.15.1"))):
                theirs = fact[column] and "tensorflow" + fact[column].removeprefix("tf")
                mine = ours[position] if ours is not None else None
                verdict = judge(target, version, mine if isinstance(mine, str) else None, theirs)
                verdicts[verdict] += 1
                if verdict == "different" and not path.startswith(BETTER_HERE):
                    wrong.append((path, seen, column, theirs, mine))
    assert wrong == []
    assert verdicts["same"] > 6000


def judge(target: View, version: str, ours: str | None, theirs: str | None) -> str:
    """Whether two homes are the same thing; `only theirs`: a guess by name alone, or a rewrite and no home."""
    if ours == theirs:
        return "same"
    if ours is None or theirs is None:
        return "only theirs" if ours is None else "only ours"
    first, second = target.get(ours, version), target.get(theirs, version)
    return "same" if first and second and first.object == second.object else "different"


# The facts took the first path with this last name (`activations.get` for `objectives.get`).
BETTER_HERE = ("keras.objectives.", "keras.initializations.get", "keras.utils.multi_gpu_utils.concatenate")


@pytest.mark.parametrize(
    "row",
    [
        "renamed\ttensorflow.log\ttensorflow.math.log\t1.15,2.21\tcompat",
        "renamed\ttensorflow.random_normal\ttensorflow.random.normal\t1.15,2.21\tcompat",
        "renamed\ttensorflow.matrix_inverse\ttensorflow.linalg.inv\t1.15,2.21\tcompat",
        "changed\ttensorflow.nn.dropout\t-\t-\tcompat\t"
        "(x, keep_prob=None, noise_shape=None, seed=None, name=None, rate=None)\t"
        "(x, rate, noise_shape=None, seed=None, name=None)",
        "changed\ttensorflow.where\t-\t-\tcompat\t(condition, x=None, y=None, name=None)\t"
        "(condition, x=None, y=None, name=None)",
        "narrowed\ttensorflow.nn.top_k\t-\t-\tcompat\t(input, k=1, sorted=True, name=None)\t"
        "(input, k=1, sorted=True, index_type=dtypes.int32, name=None)",
        "gone\ttensorflow.to_float\t-\t-\tcompat\t(x, name='ToFloat')",
        "replaced\ttensorflow.depth_to_space\ttensorflow.nn.depth_to_space\trenames_v2\tcompat\t"
        "(input, block_size, name=None, data_format='NHWC')\t(input, block_size, data_format='NHWC', name=None)",
    ],
)
def test_fates_of_tensorflow_names(row: str) -> None:
    assert row.split("\t") in lines("tf1_homes.txt")


def test_names_that_live_on_unchanged_have_no_fate() -> None:
    listed = {row[1] for row in lines("tf1_homes.txt")}
    assert not listed & {"tensorflow.abs", "tensorflow.tanh", "tensorflow.float32", "tensorflow.nn.relu"}


@pytest.mark.skipif(not FACTS.exists(), reason="the collected facts are not beside this checkout")
def test_life_and_death_agree_with_the_facts() -> None:
    facts = json.loads((FACTS / "tf1_symbols.json").read_text(encoding="utf-8"))
    tensorflow, keras = load("tensorflow"), load("tensorflow.keras")

    def alive(name: str, version: str, behind: str) -> bool:
        path = tensorflow.canonical(name, version) or name
        return (tensorflow.get(path, version) or keras.get(path, behind)) is not None

    for column, version, behind, known in (
        # TensorBoard, which TensorFlow 2.15 requires, gives tf.summary these; the facts were taken without it.
        ("live215", "2.15", "2.15.0", {f"tf.summary.{x}" for x in ("audio", "histogram", "image", "scalar", "text")}),
        ("live_keras3", "2.21", "3.15.1", set()),
    ):
        ours = {name: alive("tensorflow" + name.removeprefix("tf"), version, behind) for name in facts}
        assert {name for name, fact in facts.items() if fact[column] != ours[name]} == known


@pytest.mark.skipif(not FACTS.exists(), reason="the collected facts are not beside this checkout")
def test_arguments_of_keras_1_agree_with_the_facts() -> None:
    facts = json.loads((FACTS / "keras1_to_2_args.json").read_text(encoding="utf-8"))
    ours = tomllib.loads((API / "keras1_args.toml").read_text(encoding="utf-8"))
    assert list(ours) == list(facts)
    assert {name: list(map(list, table.get("conversions", {}).items())) for name, table in ours.items()} == {
        name: fact.get("conversions", []) for name, fact in facts.items()
    }
    assert {name: table.get("positional") for name, table in ours.items()} == {
        name: fact.get("allowed_positional_args") for name, fact in facts.items()
    }


def test_arguments_of_keras_1_name_what_they_apply_to() -> None:
    table = tomllib.loads((API / "keras1_args.toml").read_text(encoding="utf-8"))
    assert table["legacy_global_pooling_support"]["applies_to"] == [
        "keras.layers.GlobalAveragePooling2D",
        "keras.layers.GlobalAveragePooling3D",
        "keras.layers.GlobalMaxPooling2D",
        "keras.layers.GlobalMaxPooling3D",
        "keras.layers.pooling._GlobalPooling2D",
        "keras.layers.pooling._GlobalPooling3D",
    ]
    assert table["legacy_generator_methods_support"] == {
        "applies_to": [
            "keras.Model.evaluate_generator",
            "keras.Model.fit_generator",
            "keras.Model.predict_generator",
        ],
        "positional": ["generator", "steps_per_epoch", "epochs"],
        "preprocessor": "generator_methods_args_preprocessor",
        "computed": [["samples_per_epoch", "steps_per_epoch"]],
        "conversions": {
            "samples_per_epoch": "steps_per_epoch",
            "val_samples": "steps",
            "nb_epoch": "epochs",
            "nb_val_samples": "validation_steps",
            "nb_worker": "workers",
            "pickle_safe": "use_multiprocessing",
            "max_q_size": "max_queue_size",
        },
    }
