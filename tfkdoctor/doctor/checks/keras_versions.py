"""Checks of the versions of TensorFlow, keras and tf-keras against each other: KE."""

from __future__ import annotations

from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import Case, Found, Look, installed
from tfkdoctor.doctor.checks.keras import SWITCH
from tfkdoctor.doctor.compat import holds, minor
from tfkdoctor.doctor.facts import Distribution
from tfkdoctor.model import Evidence, Severity


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
            f"TensorFlow {both[0].version} requires keras{keras_range(case)}, but {both[1].version} is installed: pip "
            "calls it a conflict, tf.keras goes on",
            f'python -m pip install "keras{keras_range(case)}"',
            (installed(both[0]), installed(both[1])),
            Severity.WARNING,  # measured: 3.5.0 and 3.11.3 under TensorFlow 2.21.0 build and run layers
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


def tf_keras_minor(case: Case) -> Iterator[Found]:
    one = case.distributions.get("tf-keras")
    if one is None or case.tensorflow is None:
        return
    if minor(one.version) == case.minor or (0, 0) in (case.minor, minor(one.version)):
        return
    want = f"{case.minor[0]}.{case.minor[1]}"
    known = any(minor(version) == case.minor for version in case.table.tf_keras)
    near = min(case.minor, minor(one.version)) >= (2, 16)  # measured: 2.18.0 fits a model under TensorFlow 2.21.0
    yield Found(
        f"tf-keras {one.version} with TensorFlow {case.version}: both must have one minor"
        + ("; simple models work, and pip calls it a conflict" if near else ""),
        f'python -m pip install --no-deps "tf-keras=={want}.*"'
        if known
        else f"python -m pip uninstall tf-keras: there is none for TensorFlow {want}",
        (installed(one), installed(case.tensorflow)),
        Severity.WARNING if near else None,
    )


def ends_here(case: Case) -> Iterator[Found]:
    """The newest Keras asks for a newer Python, so that two machines get two versions for one requirement."""
    known, everything = case.table.versions("keras", case.python), case.table.releases["keras"]
    if case.minor < (2, 16) or minor(case.keras) < (3, 0) or not known or not everything:
        return
    newest, pythons = everything[-1]
    if minor(known[-1]) < minor(newest):
        yield Found(
            f"for Python {case.python} Keras ends with {known[-1]}; a newer Python gets {newest} for the same "
            "requirement",
            f'where machines must agree: "keras=={case.keras}" in the requirements of all',
            (Evidence("keras", f"{newest} requires Python {pythons}", "the compat table"),),
        )


LOOKS: dict[str, Look] = {
    "KE001": keras3_too_new,
    "KE002": keras2_too_old,
    "KE003": other_minor,
    "KE004": two_libraries,
    "KE008": tf_keras_minor,
    "KE012": ends_here,
}
