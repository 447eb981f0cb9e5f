"""Which versions a migration knows: the points of a target range, and what a requirement says of an origin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from tfkdoctor.model import NEWEST_TARGET

KERAS_3 = (
    *("3.0.5", "3.1.1", "3.2.1", "3.3.3", "3.4.1", "3.5.0", "3.6.0", "3.7.0", "3.8.0", "3.9.2", "3.10.0"),
    *("3.11.3", "3.12.4", "3.13.2", "3.14.1", "3.15.1"),
)
_OLDEST = {"2.16": "3.0.5", "2.17": "3.2.1", "2.18": "3.5.0", "2.19": "3.5.0", "2.20": "3.10.0", "2.21": "3.12.4"}
# The harvested TensorFlow minors and the Keras that each admits, oldest first (rules/compat.toml holds the ranges).
KERAS_BEHIND: dict[str, tuple[str, ...]] = {
    **{f"2.{minor}": (f"2.{minor}.{1 if minor == 13 else 0}",) for minor in range(4, 16)},
    **{minor: KERAS_3[KERAS_3.index(oldest) :] for minor, oldest in _OLDEST.items()},
}
# tf_keras follows TensorFlow's own numbers.
LEGACY_KERAS = {
    **{f"2.{minor}": f"2.{minor}.0" for minor in (16, 17, 18, 19)},
    "2.20": "2.20.1",
    "2.21": "2.21.0",
}
FIRST_KERAS_3 = 16  # the minor of the first TensorFlow whose tf.keras is Keras 3
NEWEST = NEWEST_TARGET.partition(">=")[2]
NEWEST_KERAS = KERAS_3[-1]
ORIGINS_KERAS = ("1.2.2", "2.0.8", "2.1.6", "2.2.4", "2.2.5", "2.3.1")
ORIGIN_TENSORFLOW = "1.15"


class TargetError(ValueError):
    """A `--target` or `--source` that cannot be understood or is outside of what is known."""


@dataclass(frozen=True, slots=True)
class Point:
    """One TensorFlow of the target range with the Keras behind it, and the package that this Keras is imported from."""

    tensorflow: str
    keras: str
    package: str = "tensorflow.keras"


def points_of(spec: str, keras: str | None = None) -> tuple[Point, ...]:
    """The points of a requirement such as `tensorflow>=2.17`; raises `TargetError` for none.

    Every minor of TensorFlow in it, and every minor of Keras that these admit, is in one of the points.

    `keras` is "3" or "legacy" where the user chose one; both ask for TensorFlow 2.16 or later.
    """
    try:
        requirement = Requirement(spec if spec[:1].isalpha() else f"tensorflow{spec}")
    except InvalidRequirement as error:
        raise TargetError(f"{spec!r} is no requirement such as 'tensorflow>=2.16': {error}") from None
    if requirement.name not in ("tensorflow", "tensorflow-cpu"):
        raise TargetError(f"the target is a TensorFlow range such as 'tensorflow>=2.16', not {requirement.name!r}")
    known = sorted(KERAS_BEHIND, key=Version)
    minors = [
        f"2.{minor}"
        for minor in range(_minor(known[0]), _minor(NEWEST) + 1)
        if admits(requirement.specifier, f"2.{minor}")
    ]
    if not minors:
        raise TargetError(
            f"no TensorFlow from {known[0]} to {NEWEST} is in {spec!r}; these are the targets that this version knows"
        )
    if keras and _minor(minors[0]) < FIRST_KERAS_3:
        what = "tf_keras is for" if keras == "legacy" else "Keras 3 comes with"
        raise TargetError(
            f"--keras {keras}: {what} TensorFlow 2.{FIRST_KERAS_3} and later, and {spec!r} holds {minors[0]}, whose "
            f" tf.keras is Keras 2; say --target 'tensorflow>=2.{FIRST_KERAS_3}', or leave --keras out"
        )
    if keras == "legacy":
        return tuple(Point(minor, LEGACY_KERAS[minor], "tf_keras") for minor in minors)
    points = [Point(minor, KERAS_BEHIND[minor][0]) for minor in minors]
    oldest = next((minor for minor in minors if _minor(minor) >= FIRST_KERAS_3), None)  # it admits the most
    return (*points, *(Point(oldest, behind) for behind in KERAS_BEHIND[oldest][1:])) if oldest else tuple(points)


def _minor(version: str) -> int:
    return Version(version).minor


def admits(specifier: SpecifierSet, minor: str) -> bool:
    """Whether some patch release of this minor satisfies the specifier."""
    return any(specifier.contains(f"{minor}.{patch}") for patch in range(6)) or specifier.contains(minor)


def nearest_keras(version: str) -> str:
    """The harvested origin release of Keras that stands for this version."""
    try:
        wanted = Version(version)
    except InvalidVersion:
        raise TargetError(f"{version!r} is no version of keras") from None
    akin = [v for v in ORIGINS_KERAS if Version(v).major == max(1, min(wanted.major, 2))]
    return next((v for v in reversed(akin) if Version(v) <= wanted), akin[0])


_EXAMPLE = {"keras": "2.2.4", "tensorflow": "1.15.5"}


def pick_origin(name: str, spec: str) -> str | None:
    """The version of keras or tensorflow that a specifier speaks of: the one it pins, else the newest in it.

    None where it names no version, or none of that time (keras below 3, TensorFlow below 2.4).
    """
    try:
        specifier = SpecifierSet(spec)
    except InvalidSpecifier:
        return None
    end = Version("3") if name == "keras" else Version("2.4")
    pinned = next((s.version.removesuffix(".*") for s in specifier if s.operator in ("==", "===", "~=")), None)
    if pinned is not None:
        return pinned if Version(pinned) < end else None
    if not any(s.operator in ("<", "<=") for s in specifier):
        return None  # a lower bound alone says nothing of the time that a program is from
    known = ORIGINS_KERAS if name == "keras" else ("1.4.1", "1.13.1", "1.15.5", "2.1.4", "2.3.4")
    return next((v for v in reversed(known) if specifier.contains(v)), None)


def specifiers(texts: Iterable[str]) -> dict[str, str]:
    """`["keras==2.2.4"]` as {"keras": "2.2.4"}; raises `TargetError`."""
    found = {}
    for text in texts:
        try:
            requirement = Requirement(text)
        except InvalidRequirement as error:
            raise TargetError(f"{text!r} is no requirement such as 'keras==2.2.4': {error}") from None
        if requirement.name.lower() not in ("keras", "tensorflow"):
            raise TargetError(f"--source takes keras or tensorflow, not {requirement.name!r}")
        name = requirement.name.lower()
        version = pick_origin(name, str(requirement.specifier))
        if version is None:
            raise TargetError(f"no {name} of that time is in {text!r}; say for example '{name}=={_EXAMPLE[name]}'")
        found[name] = version
    return found
