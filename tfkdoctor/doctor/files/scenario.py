"""On which Pythons and platforms a file is judged, and which of its lines hold there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.version import InvalidVersion, Version

from tfkdoctor.doctor.checks.case import PLATFORMS, marker_environment
from tfkdoctor.doctor.compat import Compat, holds
from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.facts import Interpreter
from tfkdoctor.doctor.files.declared import Pin, Setting

LINUX = "linux_x86_64"
SYSTEMS = {name: system for system, name in PLATFORMS.items()}
SPOKEN = {
    "linux_x86_64": "Linux x86_64",
    "linux_aarch64": "Linux aarch64",
    "macos_x86_64": "macOS x86_64",
    "macos_arm64": "macOS arm64",
    "win_amd64": "Windows",
}
LAST_PATCH = 99  # `>=3.9.2` admits Python 3.9


@dataclass(frozen=True, slots=True)
class Scenario:
    """The lines of a setting that hold for one Python on one platform."""

    setting: Setting
    python: str  # 3.11
    platform: str
    pins: tuple[Pin, ...]

    @property
    def words(self) -> str:
        return f"Python {self.python} on {SPOKEN[self.platform]}"


def interpreter(python: str, platform: str) -> Interpreter:
    """An ordinary CPython of this minor version."""
    system, machine = SYSTEMS[platform]
    empty: dict[str, str] = {}
    return Interpreter(f"{python}.{LAST_PATCH}", "CPython", 64, "", "", "", (), system, machine, "", False, "", empty)


def known_pythons(table: Compat) -> list[str]:
    """Every Python that some release of TensorFlow has a wheel for, the oldest first."""
    found = {python for one in table.tensorflow for pythons in one.wheels.values() for python in pythons}
    return sorted(found, key=Version)


def declared_pythons(setting: Setting, table: Compat) -> list[str]:
    """The Pythons that a setting is for: those that it declares, else all."""
    known = known_pythons(table)
    if not setting.python:
        return known
    return [one for one in known if holds(setting.python, f"{one}.0") or holds(setting.python, f"{one}.{LAST_PATCH}")]


def applying(pins: Sequence[Pin], python: str, platform: str) -> tuple[Pin, ...]:
    """The pins whose marker holds."""
    return tuple(pin for pin in pins if marker_holds(pin.marker, python, platform))


@cache
def marker_holds(marker: str, python: str, platform: str) -> bool:
    if not marker:
        return True
    environment = {**marker_environment(interpreter(python, platform)), "extra": ""}
    try:
        return Marker(marker).evaluate(environment)
    except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName, InvalidVersion):
        return True  # a lock file's own words: extras, groups


def platforms(setting: Setting) -> list[str]:
    """Linux on x86_64; those besides it that some marker tells apart."""
    about = any(word in pin.marker for pin in setting.pins for word in ("platform", "sys_", "os_name"))
    return [LINUX, *(one for one in SPOKEN if one != LINUX)] if about else [LINUX]


def usable_pythons(setting: Setting, platform: str, table: Compat) -> list[str]:
    """The Pythons of a setting on which its TensorFlow can be installed, the oldest first."""
    return [one for one in declared_pythons(setting, table) if installable(setting, one, platform, table)]


def on(setting: Setting, python: str, platform: str) -> Scenario:
    return Scenario(setting, python, platform, applying(setting.pins, python, platform))


def installable(setting: Setting, python: str, platform: str, table: Compat) -> bool:
    """Whether every TensorFlow of a setting has a release for this Python; False where there is none at all."""
    family = [pin for pin in applying(setting.pins, python, platform) if FAMILY.match(pin.name) and not pin.constraint]
    by_name = {pin.name: [p for p in family if p.name == pin.name] for pin in family}
    if not by_name:  # what brings TensorFlow along
        bound = [pin for pin in setting.pins if pin.name == "tf-keras" and not pin.constraint]
        return any(holds(pin.specifier, one) for pin in bound for one in table.versions(pin.name, python))
    return all(candidates(name, pins, python, platform, table) for name, pins in by_name.items())


def candidates(name: str, pins: Sequence[Pin], python: str, platform: str, table: Compat) -> list[str]:
    """The releases of a TensorFlow distribution within its pins, the newest first."""
    if any(pin.conda for pin in pins):  # conda's builds have Pythons of their own
        known = [one.version for one in table.finals()]
    elif name == "tensorflow":
        coming = [one.version for one in table.tensorflow if python in one.wheels.get(platform, ())]
        named = any("rc" in pin.specifier or "dev" in pin.specifier for pin in pins)
        known = coming if named else list(table.installable(python, platform))
    else:
        known = list(table.versions(name, python))
        if not table.releases.get(name):  # tf-nightly and its like: as their numbers say
            known = list(table.installable(python, platform))
    return [one for one in reversed(known) if all(holds(pin.specifier, one) for pin in pins)]
