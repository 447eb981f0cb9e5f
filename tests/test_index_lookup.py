"""The API index answers what names are and how they are called, at harvested versions and between them."""

from __future__ import annotations

import pytest

from tfkdoctor.validate.index import Parameter, Signature, Symbol, View, load, rules_dir, signature_of

TEXT = """\
# a comment
versions\t1.0\t2.0\t3.0
lib\t*\tm
lib.Base\t*\tc\tlib.core:\t(name=None)
lib.Base.fit\t1.0..2.0\td\t\t(x, nb_epoch=10)
lib.Base.fit\t3.0\td\t\t(x, epochs=1)
lib.Base.weights\t*\tp
lib.Layer\t2.0..3.0\t=\tlib.layers.Layer
lib.Private\t*\tc\tlib.core:\t()\tlib.hidden:Ancestor elsewhere.Thing
lib.core\t*\tm-
lib.core.Base\t*\t=\tlib.Base
lib.core.K\t*\tm-\tlib.ops
lib.gone\t1.0,3.0\tf\tlib.core:\t(a)
lib.hidden:Ancestor\t*\tc\tlib.hidden:Ancestor
lib.hidden:Ancestor.run\t*\td\t\t(self_test=False)
lib.layers\t*\tm
lib.layers.Layer\t*\tc\tlib.core:\t(units, *, name=None, **kwargs) +dtype,lr -lr\tlib.Base
lib.ops\t*\tm
lib.ops.add\t*\tf\tlib.ops:\t(x, y, /)
lib.other\t*\tm\telsewhere.other
lib.shy\t2.0..3.0\tm!
lib.shy.f\t2.0..3.0\tf\tlib.shy:\t()
"""


@pytest.fixture
def view() -> View:
    return View(TEXT)


def test_a_name_at_a_harvested_version(view: View) -> None:
    assert view.get("lib.layers.Layer", "2.0") == Symbol(
        name="lib.layers.Layer",
        kind="class",
        signature=Signature(
            (
                Parameter("units", "standard", None),
                Parameter("name", "keyword", "None"),
                Parameter("kwargs", "kwargs", None),
            ),
            extra=frozenset({"dtype", "lr"}),
            ignored=frozenset({"lr"}),
        ),
        object="lib.core:Layer",
        bases=("lib.Base",),
        versions="*",
    )


@pytest.mark.parametrize(
    ("name", "version", "object"),
    [
        ("lib.core.Base", "1.0", "lib.core:Base"),  # another name for the same thing
        ("lib.Layer", "1.0", None),  # an alias has versions of its own
        ("lib.Layer", "2.0", "lib.core:Layer"),
        ("lib.core.K.add", "1.0", "lib.ops:add"),  # through a module under another name
        ("lib.core.K", "1.0", "lib.ops"),
        ("lib.gone", "1.0", "lib.core:gone"),
        ("lib.gone", "2.0", None),
        ("lib.nothing", "1.0", None),
        ("lib.nothing.below", "1.0", None),
        ("lib.other.thing", "1.0", None),  # the module belongs to another view
    ],
)
def test_names_aliases_and_modules(view: View, name: str, version: str, object: str | None) -> None:
    found = view.get(name, version)
    assert (found and found.object) == object


@pytest.mark.parametrize(
    ("version", "keyword"),
    [
        ("0.5", "nb_epoch"),  # before the first: as the first
        ("1.0.3", "nb_epoch"),  # a patch release of a harvested one
        ("1.5", "nb_epoch"),  # both neighbours agree
        ("2.5", None),  # they do not
        ("3.0rc1", "epochs"),
        ("9", "epochs"),
    ],
)
def test_a_version_between_two_harvested_ones_needs_both_to_agree(
    view: View, version: str, keyword: str | None
) -> None:
    found = view.method("lib.layers.Layer", "fit", version)
    assert (found and found.signature and found.signature.parameters[1].name) == keyword


def test_methods_are_found_through_public_and_private_bases(view: View) -> None:
    fit = view.method("lib.layers.Layer", "fit", "3.0")
    run = view.method("lib.Private", "run", "3.0")
    assert (fit and fit.name, fit and fit.object) == ("lib.layers.Layer.fit", "lib.core:Base.fit")
    assert (run and run.name, run and run.object) == ("lib.Private.run", "lib.hidden:Ancestor.run")
    assert view.method("lib.Private", "fit", "3.0") is None
    assert view.open_bases("lib.Private", "3.0")  # `elsewhere.Thing` is unknown: it may have more methods
    assert not view.open_bases("lib.layers.Layer", "3.0")


def test_a_shared_base_comes_after_all_that_share_it() -> None:
    view = View(
        """\
versions\t1
A\t*\tc\tm:\t()\tB C
B\t*\tc\tm:\t()\tD
C\t*\tc\tm:\t()\tD
C.run\t*\td\t\t(fast)
D\t*\tc\tm:
D.run\t*\td\t\t(slow)
"""
    )
    found = view.method("A", "run", "1")
    assert found is not None and found.object == "m:C.run"


def test_members_and_star(view: View) -> None:
    assert view.members("lib", "1.0") == {"Base", "Private", "core", "gone", "layers", "ops", "other"}
    assert view.star("lib", "1.0") == {"Base", "Private", "gone", "layers", "ops", "other"}
    assert view.members("lib.core.K", "1.0") == {"add"}
    assert view.members("lib", "1.5") == {"Base", "Private", "core", "layers", "ops", "other"}


def test_a_module_that_only_an_import_reaches(view: View) -> None:
    assert [view.reachable(name, "2.0") for name in ("lib", "lib.ops", "lib.shy", "lib.shy.f")] == [
        True,
        True,
        False,
        False,
    ]
    assert view.star("lib", "2.0") == {"Base", "Layer", "Private", "layers", "ops", "other"}
    assert not load("tensorflow.keras").reachable("tensorflow.keras.saving.load_model", "3.15.1")
    assert load("tensorflow.keras").reachable("tensorflow.keras.models.load_model", "3.15.1")


def test_all_names_of_one_object(view: View) -> None:
    assert view.names("lib.core:Base", "1.0") == ("lib.Base", "lib.core.Base")
    assert view.names("lib.core:Layer", "1.0") == ("lib.layers.Layer",)
    assert view.names("lib.core:Layer", "3.0") == ("lib.layers.Layer", "lib.Layer")


def test_canonical_leads_into_other_views(view: View) -> None:
    assert view.canonical("lib.core.Base", "1.0") == "lib.Base"
    assert view.canonical("lib.other.thing", "1.0") == "elsewhere.other.thing"
    assert view.canonical("lib.nothing", "1.0") is None


def test_signature_questions() -> None:
    signature = signature_of("(a, /, b, *rest, c=1, **kwargs) +d")
    assert signature is not None
    assert [signature.accepts(name) for name in ("a", "b", "c", "d", "e", "rest", "kwargs")] == [
        False, True, True, True, False, False, False,
    ]  # fmt: skip
    assert [p and p.name for p in map(signature.position, range(4))] == ["a", "b", "rest", "rest"]
    assert signature.required() == ("a", "b")
    assert signature_of("()") == Signature(())
    assert signature_of("") is None
    opaque = signature_of("(**kwargs) opaque")
    swallowing = signature_of("(**kwargs) swallows")
    assert opaque is not None and opaque.accepts("anything")
    assert swallowing is not None and swallowing.swallows and not swallowing.accepts("anything")


def parameters(view: str, name: str, version: str) -> str:
    """`name=default` of a real entry, one string."""
    found = load(view).get(name, version)
    assert found is not None, f"{name} at {version}"
    assert found.signature is not None
    return ", ".join(p.name if p.default is None else f"{p.name}={p.default}" for p in found.signature.parameters)


@pytest.mark.parametrize(
    ("view", "name", "version", "expected"),
    [
        ("tensorflow", "tensorflow.log", "1.15", "x, name=None"),
        ("tensorflow", "tensorflow.math.log", "2.18", "x, name=None"),
        ("tensorflow", "tensorflow.nn.dropout", "1.15",
         "x, keep_prob=None, noise_shape=None, seed=None, name=None, rate=None"),
        ("tensorflow", "tensorflow.nn.dropout", "2.21", "x, rate, noise_shape=None, seed=None, name=None"),
        ("tensorflow", "tensorflow.compat.v1.placeholder", "2.21", "dtype, shape=None, name=None"),
        ("tensorflow", "tensorflow.compat.v2.reduce_sum", "2.16", "input_tensor, axis=None, keepdims=False, name=None"),
        ("tensorflow", "tensorflow.summary.scalar", "2.15", "name, data, step=None, description=None"),
        ("tensorflow", "tensorflow.contrib.slim.flatten", "1.15", "inputs, outputs_collections=None, scope=None"),
        ("tensorflow.keras", "tensorflow.keras.optimizers.SGD", "2.15.0",
         "learning_rate=0.01, momentum=0.0, nesterov=False, weight_decay=None, clipnorm=None, clipvalue=None, "
         "global_clipnorm=None, use_ema=False, ema_momentum=0.99, ema_overwrite_frequency=None, jit_compile=True, "
         "name='SGD', kwargs"),
        ("tensorflow.keras", "tensorflow.keras.layers.MaxPool2D", "3.15.1",
         "pool_size=(2, 2), strides=None, padding='valid', data_format=None, name=None, kwargs"),
        ("keras", "keras.layers.Convolution2D", "1.2.2",
         "nb_filter, nb_row, nb_col, init='glorot_uniform', activation=None, weights=None, border_mode='valid', "
         "subsample=(1, 1), dim_ordering='default', W_regularizer=None, b_regularizer=None, "
         "activity_regularizer=None, W_constraint=None, b_constraint=None, bias=True, kwargs"),
        ("keras", "keras.layers.core.Dropout", "2.2.5", "rate, noise_shape=None, seed=None, kwargs"),
        ("keras", "keras.preprocessing.sequence.pad_sequences", "2.2.4",
         "sequences, maxlen=None, dtype='int32', padding='pre', truncating='pre', value=0.0"),
        ("keras", "keras.backend.tensorflow_backend._to_tensor", "2.2.5", "x, dtype"),
    ],
)  # fmt: skip
def test_real_signatures(view: str, name: str, version: str, expected: str) -> None:
    assert parameters(view, name, version) == expected


@pytest.mark.parametrize(
    ("view", "name", "version"),
    [
        ("tensorflow", "tensorflow.log", "2.15"),
        ("tensorflow", "tensorflow.contrib.slim", "2.15"),
        ("tensorflow", "tensorflow.compat.v1.layers.dense", "2.16"),
        ("tensorflow", "tensorflow.estimator.Estimator", "2.16"),
        ("tensorflow.keras", "tensorflow.keras.optimizers.legacy.SGD.nothing", "2.15.0"),
        ("tensorflow.keras", "tensorflow.keras.backend.get_session", "3.0.5"),
        ("tensorflow.keras", "tensorflow.keras.wrappers.scikit_learn", "2.15.0"),
        ("keras", "keras.layers.LSTMCell", "1.2.2"),
        ("keras", "keras.optimizers.nothing", "2.2.5"),
    ],
)
def test_names_that_are_not_there(view: str, name: str, version: str) -> None:
    assert load(view).get(name, version) is None


def test_keywords_that_only_kwargs_catches() -> None:
    def verdict(view: str, name: str, version: str, keyword: str) -> str:
        found = load(view).get(name, version)
        assert found is not None and found.signature is not None
        signature = found.signature
        if signature.opaque:
            return "unknown"
        if keyword in signature.ignored:
            return "dropped"
        return "accepted" if signature.accepts(keyword) else "swallowed" if signature.swallows else "refused"

    keras = "tensorflow.keras"
    assert {
        "Dense(input_dim=)": verdict(keras, f"{keras}.layers.Dense", "3.15.1", "input_dim"),
        "Dense(weights=)": verdict(keras, f"{keras}.layers.Dense", "3.15.1", "weights"),
        "Dense(weights=) 2.15": verdict(keras, f"{keras}.layers.Dense", "2.15.0", "weights"),
        "Adam(decay=)": verdict(keras, f"{keras}.optimizers.Adam", "3.15.1", "decay"),
        "Adam(lr=)": verdict(keras, f"{keras}.optimizers.Adam", "3.15.1", "lr"),
        "Adam(lr=) 2.15": verdict(keras, f"{keras}.optimizers.Adam", "2.15.0", "lr"),
        "ReduceLROnPlateau(epsilon=)": verdict(keras, f"{keras}.callbacks.ReduceLROnPlateau", "3.15.1", "epsilon"),
        "Dense(init=) 2.2.5": verdict("keras", "keras.layers.Dense", "2.2.5", "init"),
        "Dense(input_shape=) 2.2.5": verdict("keras", "keras.layers.Dense", "2.2.5", "input_shape"),
    } == {
        "Dense(input_dim=)": "accepted",
        "Dense(weights=)": "refused",
        "Dense(weights=) 2.15": "accepted",
        "Adam(decay=)": "dropped",
        "Adam(lr=)": "refused",
        "Adam(lr=) 2.15": "accepted",
        "ReduceLROnPlateau(epsilon=)": "swallowed",
        "Dense(init=) 2.2.5": "refused",
        "Dense(input_shape=) 2.2.5": "accepted",
    }


def test_what_is_there_only_to_raise() -> None:
    legacy = load("tensorflow.keras").get("tensorflow.keras.optimizers.legacy.SGD", "3.15.1")
    modern = load("tensorflow.keras").get("tensorflow.keras.optimizers.SGD", "3.15.1")
    assert legacy is not None and legacy.signature is not None and legacy.signature.fails
    assert modern is not None and modern.signature is not None and not modern.signature.fails


def test_star_sets_of_real_modules() -> None:
    star = load("keras").star("keras.layers", "2.2.5")
    assert {"Dense", "LSTM", "Input", "core", "merge", "concatenate"} <= star
    assert not star & {"K", "np", "keras", "Model", "absolute_import"}
    assert "optimizers" not in load("keras").star("keras.models", "2.2.5")


def test_methods_of_models() -> None:
    keras = load("tensorflow.keras")
    fit = keras.method("tensorflow.keras.Sequential", "fit", "3.15.1")
    assert fit is not None and fit.signature is not None
    assert fit.object == "keras.src.backend.tensorflow.trainer:TensorFlowTrainer.fit"
    assert not fit.signature.accepts("nb_epoch") and fit.signature.accepts("epochs")
    assert keras.method("tensorflow.keras.Sequential", "fit_generator", "3.15.1") is None
    assert keras.method("tensorflow.keras.Sequential", "fit_generator", "2.15.0") is not None


def test_files_are_sorted_and_one_entry_a_line() -> None:
    for view in ("keras", "tensorflow", "tensorflow.keras"):
        text = (rules_dir() / "api" / f"{view}.txt").read_text(encoding="utf-8")
        names = [line.split("\t")[0] for line in text.splitlines() if not line.startswith("#")][1:]
        assert names == sorted(names), view
        assert text.startswith(f"# The public API of `{view}`. Generated from released packages by `python -m ")
