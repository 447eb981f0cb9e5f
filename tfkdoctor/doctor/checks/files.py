"""Checks of the files that lie on the disk against the metadata of their distributions: DI."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import Case, Found, Look, in_site, installed
from tfkdoctor.doctor.checks.distributions import KERAS_OWNERS
from tfkdoctor.doctor.compat import minor, parse
from tfkdoctor.doctor.facts import Distribution, Unknown
from tfkdoctor.model import Evidence, Severity


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
                f'python -m pip install --force-reinstall --no-deps "{one.name}=={one.version}"',
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


def interrupted(case: Case) -> Iterator[Found]:
    leftovers = () if isinstance(case.facts.leftovers, Unknown) else case.facts.leftovers
    for path in leftovers:
        yield Found(
            f"{path} is what an interrupted pip left",
            f"rm -r {shlex.quote(path)}",
            (Evidence("folder", path, "sys.path"),),
        )


LOOKS: dict[str, Look] = {
    "DI002": broken,
    "DI004": interrupted,
    "DI031": altered,
    "DI032": other_versions,
}
