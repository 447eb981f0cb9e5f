"""Checks of TensorFlow, keras and tf-keras against each other, and of the switches that choose between them: KE."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import SWITCH_ON, Case, Found, Look, installed
from tfkdoctor.doctor.compat import holds, minor
from tfkdoctor.doctor.facts import Distribution, KerasConfig
from tfkdoctor.model import Evidence, Severity

SWITCH = "TF_USE_LEGACY_KERAS"
BACKENDS = {
    "tensorflow": "",
    "jax": "jax",
    "torch": "torch",
    "numpy": "",
    "openvino": "openvino",
}  # backend -> distribution
OLD_BACKENDS = {"tensorflow": "", "theano": "theano", "cntk": "cntk"}  # of the distribution keras before 2.4
OFF = ("", "0", "false", "False")


def pair(case: Case) -> tuple[Distribution, Distribution] | None:
    """(TensorFlow, keras) where both are installed."""
    keras = case.distributions.get("keras")
    return (case.tensorflow, keras) if case.tensorflow and keras else None


def keras3_too_new(case: Case) -> Iterator[Found]:
    both = pair(case)
    if both is None or minor(both[1].version) < (3, 0) or not (0, 0) < case.minor < (2, 16):
        return
    tensorflow, keras = both
    wanted = f"keras=={case.minor[0]}.{case.minor[1]}.*" if case.minor >= (2, 6) else ""
    runs = case.minor == (2, 15)
    yield Found(
        f"keras {keras.version} with TensorFlow {tensorflow.version}: "
        + (
            "it works, but tf.keras becomes Keras 3, and pip calls it a conflict" if runs else "tf.keras cannot be used"
        ),
        (f'python -m pip install "{wanted}", or' if wanted else "uninstall keras, or")
        + " move TensorFlow to 2.16 or later",
        (installed(tensorflow), installed(keras)),
        Severity.WARNING if runs else None,
    )


def keras2_too_old(case: Case) -> Iterator[Found]:
    both = pair(case)
    if both is None or case.minor < (2, 16) or not (0, 0) < minor(both[1].version) < (3, 0):
        return
    tensorflow, keras = both
    yield Found(
        f"TensorFlow {tensorflow.version} needs Keras 3, but keras {keras.version} is installed: "
        "import tensorflow works, and every use of tf.keras dies"
        + (f" (not with {SWITCH}=1, as here)" if case.legacy_keras else ""),
        f'python -m pip install "keras{keras_range(case)}", or tf-keras and {SWITCH}=1',
        (installed(tensorflow), installed(keras)),
        Severity.WARNING if case.legacy_keras else None,
    )


def keras_range(case: Case) -> str:
    """What the installed TensorFlow itself requires of keras, as a specifier."""
    needs = case.needs(case.tensorflow) if case.tensorflow else ()
    return next((need.specifier for need in needs if need.name == "keras"), ">=3")


def keras3_below_floor(case: Case) -> Iterator[Found]:
    """Keras 3, but older than this TensorFlow asks for."""
    both = pair(case)
    if both is None or case.minor < (2, 16) or minor(both[1].version) < (3, 0):
        return
    if not holds(keras_range(case), both[1].version):
        yield Found(
            f"TensorFlow {both[0].version} requires keras{keras_range(case)}, but {both[1].version} is installed",
            f'python -m pip install "keras{keras_range(case)}"',
            (installed(both[0]), installed(both[1])),
        )


def no_keras(case: Case) -> Iterator[Found]:
    """From 2.6 on tf.keras is the distribution keras."""
    if case.tensorflow and case.minor >= (2, 6) and not case.keras and "keras-nightly" not in case.distributions:
        if case.legacy_keras and case.tf_keras:
            return
        yield Found(
            f"TensorFlow {case.version} takes tf.keras from the distribution keras, which is not installed",
            f'python -m pip install "keras{keras_range(case)}"',
            (installed(case.tensorflow), Evidence("keras", "not installed", "sys.path")),
        )


def other_minor(case: Case) -> Iterator[Found]:
    yield from no_keras(case)
    yield from keras3_below_floor(case)
    both = pair(case)
    if both is None or not (2, 6) <= case.minor <= (2, 15) or minor(both[1].version) in ((0, 0), case.minor):
        return
    if minor(both[1].version) >= (3, 0):
        return  # KE001
    want = f"{case.minor[0]}.{case.minor[1]}"
    yield Found(
        f"keras {both[1].version} with TensorFlow {both[0].version}: from 2.6 to 2.15 both must have one minor",
        f'python -m pip install "keras=={want}.*"',
        (installed(both[0]), installed(both[1])),
    )


def two_libraries(case: Case) -> Iterator[Found]:
    both = pair(case)
    if both is not None and (0, 0) < case.minor < (2, 6) and minor(both[1].version) < (3, 0):
        yield Found(
            f"keras {both[1].version} beside TensorFlow {both[0].version}: two libraries whose layers do not mix",
            "import from one of them only: keras, or tensorflow.keras (tfkdoctor migrate moves the code)",
            (installed(both[0]), installed(both[1])),
        )


def cannot_start(case: Case) -> Iterator[Found]:
    """`Keras cannot be imported` has one message and three causes."""
    switch = case.variable(SWITCH)
    if case.legacy_keras and not case.tf_keras:
        want = f"{case.minor[0]}.{case.minor[1]}"
        yield Found(
            f"{SWITCH}={switch} makes tf.keras the distribution tf-keras, which is not installed",
            f'python -m pip install "tf-keras=={want}.*", or unset {SWITCH}',
            (Evidence(SWITCH, str(switch), "environment"), Evidence("tf-keras", "not installed", "sys.path")),
        )
    name, source = backend(case)
    wanted = backends(case).get(name, "")
    if wanted and wanted not in case.distributions:
        yield Found(
            f"Keras is told to use the backend {name}, which is not installed",
            f"unset it ({source}), or install {wanted}",
            (Evidence("backend", name, source),),
        )


def backends(case: Case) -> dict[str, str]:
    """backend -> distribution, for the installed Keras; {} where it is tied to TensorFlow (2.4 to 2.15) or not used."""
    if minor(case.keras) >= (3, 0):
        return {} if case.legacy_keras and case.tf_keras else BACKENDS
    return OLD_BACKENDS if (0, 0) < minor(case.keras) < (2, 4) else {}


def backend(case: Case) -> tuple[str, str]:
    """(the backend that Keras takes, who says so): KERAS_BACKEND, else keras.json, else tensorflow."""
    if value := case.variable("KERAS_BACKEND"):
        return value, "KERAS_BACKEND"
    config = case.facts.keras_config
    if isinstance(config, KerasConfig) and config.state in ("read", "refused") and config.backend:
        return config.backend, config.path
    return "tensorflow", "the default"


def ignored_switch(case: Case) -> Iterator[Found]:
    value = case.variable(SWITCH)
    if value is not None and case.minor >= (2, 15) and value not in (*SWITCH_ON, *OFF):
        yield Found(
            f"{SWITCH}={value} is ignored: only 1, true and True count",
            f"export {SWITCH}=1, or unset it",
            (Evidence(SWITCH, value, "environment"),),
        )


def tf_keras_minor(case: Case) -> Iterator[Found]:
    one = case.distributions.get("tf-keras")
    if one is None or case.tensorflow is None:
        return
    if minor(one.version) == case.minor or (0, 0) in (case.minor, minor(one.version)):
        return
    want = f"{case.minor[0]}.{case.minor[1]}"
    known = any(minor(version) == case.minor for version in case.table.tf_keras)
    yield Found(
        f"tf-keras {one.version} with TensorFlow {case.version}: both must have one minor",
        f'python -m pip install --no-deps "tf-keras=={want}.*"'
        if known
        else f"python -m pip uninstall tf-keras: there is none for TensorFlow {want}",
        (installed(one), installed(case.tensorflow)),
    )


def unknown_backend(case: Case) -> Iterator[Found]:
    name, source = backend(case)
    known = backends(case)
    if known and name not in known:
        yield Found(
            f"Keras {case.keras.partition('.')[0]} has no backend {name!r}: Unable to import backend",
            "unset KERAS_BACKEND" if source == "KERAS_BACKEND" else f'write "backend": "tensorflow" into {source}',
            (Evidence("backend", name, source),),
        )


def configuration(case: Case) -> Iterator[Found]:
    config = case.facts.keras_config
    if not isinstance(config, KerasConfig):
        return
    if config.state == "refused" and (case.keras or case.version):
        yield Found(
            f"Keras cannot be imported with {config.path}: {config.problem}",
            f"mend it or put it aside: mv {shlex.quote(config.path)} {shlex.quote(config.path + '.old')}",
            (Evidence("keras.json", config.problem, config.path),),
            Severity.ERROR,
        )
        return
    if config.state == "invalid":
        yield Found(
            f"{config.path} is silently ignored: {config.problem}",
            "mend it or delete it",
            (Evidence("keras.json", config.problem, config.path),),
        )
    for key, value, usual in (
        ("floatx", config.floatx, "float32"),
        ("image_data_format", config.image_data_format, "channels_last"),
    ):
        if value and value != usual:
            yield Found(
                f"{config.path} sets {key} to {value} for every program of this user",
                f'if that is not meant, set "{key}": "{usual}"',
                (Evidence(key, value, config.path),),
            )


LOOKS: dict[str, Look] = {
    "KE001": keras3_too_new,
    "KE002": keras2_too_old,
    "KE003": other_minor,
    "KE004": two_libraries,
    "KE005": cannot_start,
    "KE006": ignored_switch,
    "KE008": tf_keras_minor,
    "KE009": unknown_backend,
    "KE010": configuration,
}
