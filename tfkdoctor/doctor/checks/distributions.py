"""Checks of what is installed, whole and over each other: DI, the part about files and families."""

from __future__ import annotations

from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import Case, Found, Look, in_site, installed
from tfkdoctor.doctor.compat import minor, parse
from tfkdoctor.doctor.facts import Distribution, Unknown
from tfkdoctor.model import Evidence, Severity

IMPORTANT = ("tensorflow", "keras", "tf_keras")
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
    way = "python -m pip install tensorflow" if known else "see PY001"
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


def broken(case: Case) -> Iterator[Found]:
    """Recorded files that are gone, folders without a distribution, empty namespaces."""
    for one in case.distributions.values():
        if one.missing:
            gone = ", ".join(one.missing[:2]) + (" and more" if len(one.missing) > 2 else "")
            yield Found(
                f"{one.name} {one.version} is not whole: {gone} {'are' if len(one.missing) > 1 else 'is'} missing",
                f'uninstall {one.name} and install it again: "{one.name}=={one.version}"',
                (Evidence("missing", ", ".join(one.missing), f"RECORD of {one.name}"),),
                None if is_vital(case, one) else Severity.WARNING,
            )
        elif is_vital(case, one) and parse(one.version) is None:
            yield Found(
                f"{one.name} states the version {one.version!r}, which is none: nothing can be held against it",
                f"uninstall {one.name} and install it again",
                (installed(one),),
                Severity.WARNING,
            )
    for package in case.packages:
        owners = case.family if package.name == "tensorflow" else owners_of(case, package.name)
        if not package.regular and not any(one.missing for one in owners):
            yield Found(
                f"{package.location} is left over: without __init__.py it imports as an empty namespace",
                f"delete the folder, then install {package.name} again",
                (Evidence("package", "no __init__.py", package.location),),
            )
        elif package.regular and not owners and package.name != "tf_keras":
            version = package.version if isinstance(package.version, str) else "of unknown version"
            yield Found(
                f"the package {package.name} ({version}) belongs to no installed distribution",
                f"a build from source, or a left-over: delete {package.location} and install {package.name} again",
                (Evidence("package", version, package.location),),
                Severity.WARNING,
            )
    yield from elsewhere(case)


def elsewhere(case: Case) -> Iterator[Found]:
    """A regular package outside of what is installed: a build or a checkout that sys.path names (else PR001)."""
    packages = () if isinstance(case.facts.packages, Unknown) else case.facts.packages
    shadows = () if isinstance(case.facts.shadows, Unknown) else case.facts.shadows
    for package in packages:
        owners = case.family if package.name == "tensorflow" else owners_of(case, package.name)
        owned = any(package.location.startswith(f"{one.location}/") for one in owners)  # `pip install -t folder`
        shadow = package.location in {one.path for one in shadows}
        if package.regular and not (in_site(package) or owned or shadow):
            version = package.version if isinstance(package.version, str) else "of unknown version"
            yield Found(
                f"import {package.name} takes {package.location} ({version}), which lies in no folder of installed "
                "packages",
                "if that is not meant, take its folder out of the .pth file that adds it to sys.path",
                (Evidence("package", version, package.location),),
                Severity.WARNING,
            )


def is_vital(case: Case, one: Distribution) -> bool:
    return one in case.family or one.name in ("keras", "tf-keras", "numpy", "protobuf", "h5py")


def owners_of(case: Case, package: str) -> tuple[Distribution, ...]:
    names = KERAS_OWNERS if package == "keras" else (package.replace("_", "-"),)
    return tuple(case.distributions[name] for name in names if name in case.distributions)


def altered(case: Case) -> Iterator[Found]:
    """Files of another release under a distribution's name (two owners have a check of their own)."""
    if len(case.family) > 1:
        return
    for one in case.distributions.values():
        if one.altered and not one.missing:
            yield Found(
                f"{one.name} {one.version}: {one.altered[0]} is not the file that was installed",
                f'changed by hand or by another distribution; install again: "{one.name}=={one.version}"',
                (Evidence("altered", ", ".join(one.altered), f"RECORD of {one.name}"),),
            )


def other_versions(case: Case) -> Iterator[Found]:
    """What lies on the disk states another version than the metadata."""
    for package in case.packages:
        owners = case.family if package.name == "tensorflow" else owners_of(case, package.name)
        if len(owners) != 1 or isinstance(package.version, Unknown):
            continue
        stated, own = owners[0].version, package.version
        if minor(stated) != minor(own) and package.location.startswith(owners[0].location):
            yield Found(
                f"metadata says {owners[0].name} {stated}, the files in {package.location} are {own}",
                f'uninstall {owners[0].name}, delete the folder, install again: "{owners[0].name}=={stated}"',
                (installed(owners[0]), Evidence("package", own, package.location)),
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


def interrupted(case: Case) -> Iterator[Found]:
    leftovers = () if isinstance(case.facts.leftovers, Unknown) else case.facts.leftovers
    for path in leftovers:
        yield Found(
            f"{path} is what an interrupted pip left",
            f"delete it: rm -r '{path}'",
            (Evidence("folder", path, "sys.path"),),
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
    "DI002": broken,
    "DI003": wants_tensorflow,
    "DI004": interrupted,
    "DI005": retired,
    "DI006": two_keras,
    "DI017": no_tensorboard,
    "DI018": two_boards,
    "DI019": left_over,
    "DI030": not_installed,
    "DI031": altered,
    "DI032": other_versions,
}
