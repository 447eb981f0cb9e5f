"""Checks of the distributions that are built on TensorFlow and Keras: text, addons, probability and their like: DI."""

from __future__ import annotations

from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import Case, Found, Look, installed
from tfkdoctor.doctor.checks.ranges import TFA
from tfkdoctor.doctor.compat import holds, minor
from tfkdoctor.model import Evidence, Severity

PLUGINS = {"tensorflow-directml-plugin": "==2.10.*"}  # its own documentation: for TensorFlow 2.10 alone


def text_minor(case: Case) -> Iterator[Found]:
    one = case.distributions.get("tensorflow-text")
    if one and case.tensorflow and minor(one.version) != case.minor:
        want = f"{case.minor[0]}.{case.minor[1]}"
        near = abs(minor(one.version)[1] - case.minor[1]) == 1  # measured: 2.19.0 is imported over TensorFlow 2.18.1
        yield Found(
            f"tensorflow-text {one.version} is built for TensorFlow {'.'.join(one.version.split('.')[:2])}, "
            f"not for {case.version}: " + ("its operations may fail" if near else "undefined symbol at import"),
            f'python -m pip install --no-deps "tensorflow-text=={want}.*"',
            (installed(one), installed(case.tensorflow)),
            Severity.WARNING if near else None,
        )


def addons(case: Case) -> Iterator[Found]:
    one = case.distributions.get(TFA)
    if one and case.tensorflow and (case.minor >= (2, 16) or minor(case.keras) >= (3, 0)):
        yield Found(
            f"{TFA} {one.version} ended in May 2024 and does not go with Keras 3 and TensorFlow {case.version}",
            "use the layers and losses of Keras itself; tfa's metadata does not say this, so pip never warns",
            (installed(one), installed(case.tensorflow)),
        )


def forests(case: Case) -> Iterator[Found]:
    """tensorflow-decision-forests is built against one patch of TensorFlow, which it requires exactly."""
    one = case.distributions.get("tensorflow-decision-forests")
    wanted = next((need.specifier for need in case.needs(one) if need.name == "tensorflow"), "") if one else ""
    if one and case.tensorflow and wanted and not holds(wanted, case.version):
        yield Found(
            f"{one.name} {one.version} is built for tensorflow{wanted}, not for {case.version}: its library does not "
            "load",
            f'python -m pip install "tensorflow{wanted}"',
            (installed(one), installed(case.tensorflow)),
        )


def probability(case: Case) -> Iterator[Found]:
    """tensorflow-probability names what it needs in its extra `tf` only, and looks for it when it is imported."""
    one = case.distributions.get("tensorflow-probability")
    if one is None or case.tensorflow is None:
        return
    for need in case.needs(one, extra="tf"):
        have = case.tensorflow if need.name == "tensorflow" else case.distributions.get(need.name)
        if have is None or not holds(need.specifier, have.version):
            here = f"{have.version} is installed" if have else "it is not installed"
            yield Found(
                f"{one.name} {one.version} needs {need.name}{need.specifier}, and {here}: its metadata says so in an "
                "extra only, so pip never warns",
                f'python -m pip install "{need.name}{need.specifier}"'
                if need.name == "tensorflow"
                else f'python -m pip install --no-deps "{need.name}=={case.minor[0]}.{case.minor[1]}.*"',
                (installed(one), *([installed(have)] if have else [Evidence(need.name, "not installed", "sys.path")])),
            )


def unasked_keras(case: Case) -> Iterator[Found]:
    """tf-keras beside Keras 3, because something requires it."""
    keras2 = case.distributions.get("tf-keras")
    if keras2 is None or case.legacy_keras or minor(case.keras) < (3, 0):
        return
    for one in case.distributions.values():
        if any(need.name == "tf-keras" for need in case.needs(one)):
            yield Found(
                f"two Keras libraries live here: tf.keras is Keras {case.keras}, and {one.name} {one.version} works "
                f"with tf-keras {keras2.version}",
                f"give {one.name} models that tf_keras made, or set TF_USE_LEGACY_KERAS=1 for the whole program",
                (installed(one), installed(keras2)),
            )


def metal(case: Case) -> Iterator[Found]:
    one = case.distributions.get("tensorflow-metal")
    if one and case.minor >= (2, 18) and minor(one.version) < (1, 2):
        yield Found(
            f"{one.name} {one.version} was built for TensorFlow up to 2.17: with {case.version} import tensorflow "
            "fails with Symbol not found",
            f"python -m pip install -U {one.name}, or uninstall it",
            (installed(one),),
        )


def plugins(case: Case) -> Iterator[Found]:
    for name, wanted in PLUGINS.items():
        one = case.distributions.get(name)
        if one and case.version and not holds(wanted, case.version):
            yield Found(
                f"{name} {one.version} is made for TensorFlow {wanted}; {case.version} does not use it",
                f"python -m pip uninstall {name}; its successors are in the vendor's index or under WSL2",
                (installed(one),),
            )


def transformers(case: Case) -> Iterator[Found]:
    one = case.distributions.get("transformers")
    if one and minor(one.version) < (5, 0) and minor(case.keras) >= (3, 0) and case.version and not case.tf_keras:
        yield Found(
            f"the TensorFlow models of transformers {one.version} need tf-keras, because keras is {case.keras}: Keras "
            "3, but this is not yet supported in Transformers",
            f'python -m pip install --no-deps "tf-keras=={case.minor[0]}.{case.minor[1]}.*", if they are used',
            (installed(one), Evidence("tf-keras", "not installed", "sys.path")),
        )


def superseded(case: Case) -> Iterator[Found]:
    for name in ("keras-cv", "keras-nlp"):
        if one := case.distributions.get(name):
            yield Found(
                f"{name} {one.version} is superseded by keras-hub, and gets no new releases of its own",
                "import keras_hub in its place when the code moves on",
                (installed(one),),
            )


LOOKS: dict[str, Look] = {
    "DI020": text_minor,
    "DI021": addons,
    "DI022": forests,
    "DI023": probability,
    "DI024": unasked_keras,
    "DI025": metal,
    "DI026": plugins,
    "DI028": transformers,
    "DI029": superseded,
}
