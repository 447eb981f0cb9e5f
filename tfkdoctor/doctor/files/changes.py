"""Corrections: which line gives way, and what it says then."""

from __future__ import annotations

from dataclasses import dataclass

from tfkdoctor.doctor.compat import Compat, holds, minor
from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.files.declared import Pin
from tfkdoctor.doctor.files.resolve import Resolution
from tfkdoctor.doctor.files.scenario import Scenario, candidates
from tfkdoctor.model import Evidence, Severity


@dataclass(frozen=True, slots=True)
class Change:
    """One correction: another specifier or name for a line, its end, or a new line beside it."""

    pin: Pin  # the line that is corrected, or beside which a new one stands
    specifier: str | None  # None: the line goes
    name: str = ""  # another name; of a new line its name
    add: bool = False

    @property
    def words(self) -> str:
        """What the line says afterwards, in the words of pip."""
        if self.specifier is None:
            return f"leave {self.pin.said} out"
        return f"{'add ' if self.add else ''}{self.name or self.pin.name}{self.specifier}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in one scenario, the line that it is about, and what would correct it."""

    code: str
    severity: Severity
    message: str
    pin: Pin | None
    change: Change | None = None
    help: str = ""
    evidence: tuple[Evidence, ...] = ()
    refusal: bool = False  # an installer finds no versions at all
    unnamed: bool = False  # about a distribution that no line names


def correctable(pin: Pin) -> bool:
    """Whether a line can be given another version: not in a lock file, not of a base image."""
    return pin.name_at is not None


def family_pin(scenario: Scenario) -> Pin | None:
    """The line that asks for TensorFlow, if there is one."""
    family = [pin for pin in scenario.pins if FAMILY.match(pin.name) and not pin.constraint]
    return next((pin for pin in family if pin.name == "tensorflow"), family[0] if family else None)


def within(pin: Pin, limit: str) -> str:
    """A specifier with an upper limit: beside its own lower bound where both can hold, else in its place."""
    own = [part for part in pin.specifier.split(",") if part]
    lower = [part for part in own if part.startswith((">", "!="))]
    if pin.exact or not all(holds(limit, part.lstrip(">=")) for part in lower if part.startswith(">")):
        return limit
    return ",".join([*lower, *(part for part in limit.split(",") if part not in lower)])


def nearest(name: str, asked: str, scenario: Scenario, table: Compat) -> str:
    """The last patch of the asked minor, else of the first later one, else of the last earlier one; "" if none."""
    known = candidates(name, (), scenario.python, scenario.platform, table)[::-1]
    later = [one for one in known if minor(one) >= minor(asked)]
    target = minor(later[0]) if later else minor(known[-1]) if known else (0, 0)
    return next((one for one in reversed(known) if minor(one) == target), "")


def tf_keras_for(pin: Pin, version: tuple[int, int], table: Compat) -> Change:
    """tf-keras of TensorFlow's minor; the line goes where there is none of it."""
    known = any(minor(one) == version for one in table.tf_keras)
    return Change(pin, f"=={version[0]}.{version[1]}.*" if known else None)


def correction(code: str, scenario: Scenario, resolution: Resolution, table: Compat) -> Change | None:
    """What corrects a finding of the doctor's checks in the lines of a file."""
    free = {pin.name: pin for pin in reversed(scenario.pins) if correctable(pin) and not pin.constraint}
    family = [pin for name, pin in free.items() if FAMILY.match(name)]
    if not family:
        return None
    main = free.get("tensorflow") or family[0]
    major, second = version = minor(resolution.versions.get(main.name, ""))
    same = f"=={major}.{second}.*"
    if code == "DI001":
        others = [pin for pin in family if pin is not main]
        return Change(others[0], None) if others else as_tensorflow(main, scenario)
    if code == "DI005":
        return as_tensorflow(main, scenario) if version >= (2, 1) else None
    if code == "KE008" and "tf-keras" in free:
        return tf_keras_for(free["tf-keras"], version, table)
    if code == "DI020" and "tensorflow-text" in free:
        return Change(free["tensorflow-text"], same)
    if code in ("KE001", "KE003") and "keras" in free and (2, 6) <= version < (2, 16):
        return Change(free["keras"], same)
    return None


def as_tensorflow(pin: Pin, scenario: Scenario) -> Change | None:
    """A variant under the name that has its build today; the line goes where that name has one already."""
    if pin.name == "tensorflow" or pin.conda:
        return None
    there = any(one.name == "tensorflow" and not one.constraint for one in scenario.pins)
    return Change(pin, None) if there else Change(pin, pin.specifier, "tensorflow")
