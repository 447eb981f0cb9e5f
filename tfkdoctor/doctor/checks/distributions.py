"""Checks of what is installed, whole and over each other: DI, the part about files and families."""

from __future__ import annotations

from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import SHIM_TARGETS, Case, Found, Look, in_site, installed
from tfkdoctor.doctor.checks.python import unusual
from tfkdoctor.doctor.compat import minor
from tfkdoctor.doctor.facts import Unknown
from tfkdoctor.model import Evidence, Severity

IMPORTANT = ("tensorflow", "keras", "tf_keras")
TF_KERAS_OWNERS = ("tf-keras", "tf-keras-nightly")
KERAS_OWNERS = ("keras", "keras-nightly")
BOARD_OWNERS = ("tensorboard", "tb-nightly", "tensorflow-tensorboard")
LEFT_OVER = {  # what TensorFlow required once, and the minor from which it is of no use
    "tensorflow-estimator": (2, 16),
    "keras-applications": (2, 2),
    "keras-preprocessing": (2, 11),
}
OTHER_BACKENDS = ("torch", "jax", "openvino")


def not_installed(case: Case) -> Iterator[Found]:
    if case.interpreter is None or case.version or leftover_package(case):
        return
    known = case.table.installable(case.python, case.platform)
    here = [installed(case.distributions[name]) for name in ("keras", "tf-keras") if name in case.distributions]
    evidence = (Evidence("distributions", str(len(case.distributions)), case.interpreter.prefix), *here)
    alone = minor(case.keras) >= (3, 0) and any(name in case.distributions for name in OTHER_BACKENDS)
    way = "python -m pip install tensorflow" if known and not unusual(case) else "see the findings of the interpreter"
    beside = "; Keras 3 is, with another backend" if alone else "; Keras is, and has no backend" if case.keras else ""
    yield Found(
        f"TensorFlow is not installed in this interpreter{beside}", way, evidence, Severity.HINT if alone else None
    )


def leftover_package(case: Case) -> bool:
    """A package that DI002 speaks of: a left-over, or TensorFlow from source, wherever it lies."""
    packages = () if isinstance(case.facts.packages, Unknown) else case.facts.packages
    return any(one.name == "tensorflow" and (one.regular or in_site(one)) for one in packages)


def two_owners(case: Case) -> Iterator[Found]:
    if len(case.family) < 2:
        return
    names = [f"{one.name} {one.version}" for one in case.family]
    holders = () if isinstance(case.facts.overlaps, Unknown) else case.facts.overlaps
    shared = next((o for o in holders if set(o.owners) & {one.name for one in case.family}), None)
    whose = f"; the files on the disk are those of {shared.holder}" if shared and shared.holder else ""
    yield Found(
        f"{' and '.join(names)} both own the folder tensorflow/{whose}",
        "uninstall all of them, then install one",
        (*(installed(one) for one in case.family), *([Evidence("file", shared.path, "RECORD")] if shared else [])),
    )


def wants_tensorflow(case: Case) -> Iterator[Found]:
    if case.tensorflow is None or "tensorflow" in case.distributions:
        return
    for one in case.distributions.values():
        if any(need.name == "tensorflow" for need in case.needs(one)):
            yield Found(
                f"{one.name} requires the name tensorflow, but {case.tensorflow.name} is installed: "
                f"the next pip install of it lays a second TensorFlow over this one",
                f"install {one.name} with --no-deps, or use tensorflow instead of {case.tensorflow.name}",
                (installed(one), installed(case.tensorflow)),
            )


def retired(case: Case) -> Iterator[Found]:
    one = case.distributions.get("tensorflow-gpu")
    if one is not None:
        last = case.table.releases["tensorflow-gpu"][-1][0]
        yield Found(
            f"tensorflow-gpu {one.version} is a retired distribution: it ends with {last}",
            "since 2.1 the distribution tensorflow has the CUDA build; from 2.14 on install tensorflow[and-cuda]",
            (installed(one),),
        )


def two_keras(case: Case) -> Iterator[Found]:
    yield from both(case, KERAS_OWNERS, "keras/")
    yield from both(case, TF_KERAS_OWNERS, "tf_keras/")


def two_boards(case: Case) -> Iterator[Found]:
    yield from both(case, BOARD_OWNERS, "tensorboard/")


def both(case: Case, names: tuple[str, ...], folder: str) -> Iterator[Found]:
    here = [case.distributions[name] for name in names if name in case.distributions]
    if len(here) > 1:
        yield Found(
            f"{' and '.join(f'{one.name} {one.version}' for one in here)} both own the folder {folder}",
            "uninstall them, then install one",
            tuple(installed(one) for one in here),
        )


def shim_alone(case: Case) -> Iterator[Found]:
    """`tensorflow` as a wheel without files that only requires another distribution, which is not there."""
    one = case.distributions.get("tensorflow")
    targets = [name for name in SHIM_TARGETS if name in case.distributions]
    if one is None or targets or one.recorded or not one.record or leftover_package(case):
        return
    yield Found(
        f"tensorflow {one.version} is an empty wheel here, whose files {' or '.join(SHIM_TARGETS)} would bring, and "
        "none of them is installed: No module named 'tensorflow'",
        f'install it again with its requirements: python -m pip install --force-reinstall "tensorflow=={one.version}"',
        (installed(one), Evidence("RECORD", "no file of a package", one.location)),
    )


def left_over(case: Case) -> Iterator[Found]:
    for name, since in LEFT_OVER.items():
        if case.version and case.minor >= since and name in case.distributions:
            yield Found(
                f"{name} {case.distributions[name].version} is a left-over: TensorFlow {case.version} does not use it",
                f"python -m pip uninstall {name}",
                (installed(case.distributions[name]),),
            )


def no_tensorboard(case: Case) -> Iterator[Found]:
    if case.tensorflow and case.minor >= (2, 21) and "tensorboard" not in case.distributions:
        yield Found(
            "tensorboard is not installed: TensorFlow does not require it since 2.21; the TensorBoard callback fails",
            'if the callback is used: python -m pip install "tensorboard>=2.21"',
            (installed(case.tensorflow),),
        )


LOOKS: dict[str, Look] = {
    "DI001": two_owners,
    "DI003": wants_tensorflow,
    "DI005": retired,
    "DI006": two_keras,
    "DI007": shim_alone,
    "DI017": no_tensorboard,
    "DI018": two_boards,
    "DI019": left_over,
    "DI030": not_installed,
}
