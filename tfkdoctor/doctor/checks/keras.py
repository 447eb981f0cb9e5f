"""Checks of TensorFlow, keras and tf-keras against each other, and of the switches that choose between them: KE."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import SWITCH_ON, Case, Found, Look
from tfkdoctor.doctor.compat import minor
from tfkdoctor.doctor.facts import KerasConfig, Unknown
from tfkdoctor.doctor.project import Mention
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


def mentions(case: Case, what: str) -> tuple[Mention, ...]:
    project = case.facts.project
    return () if isinstance(project, Unknown) else tuple(one for one in project.mentions if one.what == what)


def late_switch(case: Case) -> Iterator[Found]:
    for one in mentions(case, "late switch"):
        if case.version or case.keras:
            yield Found(
                f"{one.path}:{one.line} sets {one.text} after line {one.loaded} has loaded Keras: it changes nothing",
                f"set it above line {one.loaded}, or in the shell that starts the program",
                (Evidence(one.text, f"set in line {one.line}", one.path),),
            )


def private_keras(case: Case) -> Iterator[Found]:
    for one in mentions(case, "private keras"):
        if case.minor >= (2, 6):
            yield Found(
                f"{one.path}:{one.line} imports tensorflow.python.keras, an old copy whose classes are not those of "
                "tf.keras",
                f"tfkdoctor migrate {shlex.quote(one.path)} --write  # imports them from tensorflow.keras",
                (Evidence("import", one.text, f"{one.path}:{one.line}"),),
            )


def no_saving(case: Case) -> Iterator[Found]:
    for one in mentions(case, "keras.saving"):
        if minor(case.keras) >= (3, 0) and case.minor >= (2, 16) and not case.legacy_keras:
            yield Found(
                f"{one.path}:{one.line} says {one.text}: tf.keras has no attribute saving with Keras 3",
                "import keras, and keras.saving in its place",
                (Evidence("attribute", one.text, f"{one.path}:{one.line}"),),
            )


LOOKS: dict[str, Look] = {
    "KE005": cannot_start,
    "KE006": ignored_switch,
    "KE007": late_switch,
    "KE009": unknown_backend,
    "KE010": configuration,
    "KE011": private_keras,
    "KE013": no_saving,
}
