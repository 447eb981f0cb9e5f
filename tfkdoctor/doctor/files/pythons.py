"""The Pythons of a file: those that it is for, and those that its TensorFlow has wheels for."""

from __future__ import annotations

from collections.abc import Iterator

from tfkdoctor.doctor.compat import Compat
from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.files.changes import Change, Problem, correctable, nearest
from tfkdoctor.doctor.files.declared import IMAGE, Pin, Setting
from tfkdoctor.doctor.files.outlook import linux_pythons
from tfkdoctor.doctor.files.scenario import LINUX, candidates, declared_pythons, on, usable_pythons
from tfkdoctor.model import Severity

NO_WHEEL = "PY001"


def without_python(setting: Setting, table: Compat) -> Iterator[Problem]:
    """Pythons that a setting is for, and for which its TensorFlow has no wheel."""
    pin = asking(setting)
    if pin is None or pin.conda or pin.form == IMAGE:
        return
    if not setting.python:
        yield from unsaid(setting, pin, table)
        return
    declared, usable = declared_pythons(setting, table), usable_pythons(setting, LINUX, table)
    said = spoken(setting, declared)
    if not declared:
        yield Problem(NO_WHEEL, Severity.ERROR, f"no TensorFlow has a wheel for any {said}", pin, refusal=True)
    elif not usable:
        yield nowhere(setting, declared, table)
    elif usable[0] != declared[0]:
        message = (
            f"{said} begins with one for which no release within {pin.said} has a wheel; they begin with {usable[0]}"
        )
        way = f"say >={usable[0]} for Python, or let an older TensorFlow in"
        yield Problem(NO_WHEEL, Severity.WARNING, message, pin, help=way)


def nowhere(setting: Setting, declared: list[str], table: Compat) -> Problem:
    """A setting whose TensorFlow has no wheel for any of its Pythons; of several names the one that has none."""
    own = family(setting)
    pin = next((p for p in own if not any(candidates(p.name, [p], d, LINUX, table) for d in declared)), own[0])
    versions = (nearest(pin.name, asked(pin), on(setting, python, LINUX), table) for python in declared)
    version = next(filter(None, versions), "")
    change = Change(pin, f"=={version}") if version and correctable(pin) else None
    message = f"no release within {pin.said} has a wheel for {spoken(setting, declared)}"
    return Problem(NO_WHEEL, Severity.ERROR, message, pin, change, help=wheels_of(setting, table), refusal=True)


def family(setting: Setting) -> list[Pin]:
    """The lines that ask for TensorFlow, on whatever platform; `tensorflow` itself first."""
    found = [pin for pin in setting.pins if FAMILY.match(pin.name) and not pin.constraint]
    return sorted(found, key=lambda pin: pin.name != "tensorflow")


def asking(setting: Setting) -> Pin | None:
    return next(iter(family(setting)), None)


def asked(pin: Pin) -> str:
    """The version that a pin begins with; one above all where it names none."""
    return pin.specifier.split(",")[0].lstrip("<>=!~").removesuffix(".*") or "99"


def spoken(setting: Setting, declared: list[str]) -> str:
    """`Python 3.8 to 3.13 (requires-python >=3.8)`."""
    ends = list(dict.fromkeys([*declared[:1], *declared[-1:]]))
    return f"Python {' to '.join(ends)} ({setting.python_said})" if ends else f"Python of {setting.python_said}"


def wheels_of(setting: Setting, table: Compat) -> str:
    """For which Pythons the TensorFlow of a setting has wheels."""
    found = usable_pythons(Setting(setting.label, setting.pins), LINUX, table)
    return f"it has wheels for Python {' to '.join(dict.fromkeys([found[0], found[-1]]))}" if found else ""


def unsaid(setting: Setting, pin: Pin, table: Compat) -> Iterator[Problem]:
    """A file that names no Python, and whose lines the Python of today cannot install."""
    newest = table.finals()[-1].wheels.get(LINUX, ("",))[-1]
    usable, judged = usable_pythons(setting, LINUX, table), linux_pythons(setting, table)
    if not usable:
        version = nearest(pin.name, "99", on(setting, newest, LINUX), table)
        change = Change(pin, f"=={version}") if version and correctable(pin) else None
        message = f"no release of {pin.name} fits {pin.said} on any Python"
        yield Problem(NO_WHEEL, Severity.ERROR, message, pin, change, refusal=True)
    elif setting.image:
        return
    elif usable[-1] != newest:
        words = wheels_of(setting, table).removeprefix("it ")
        message = f"{pin.said} {words}, and the file names no Python: a newer one finds no matching distribution"
        yield Problem(NO_WHEEL, Severity.HINT, message, pin)
    elif judged and judged[-1] != newest:
        message = f"with a Python newer than {judged[-1]} an installer finds no versions that fit these lines"
        yield Problem(NO_WHEEL, Severity.HINT, f"{message}, and the file names none", pin)


def on_musl(setting: Setting) -> Iterator[Problem]:
    pin = asking(setting)
    if setting.musl and pin and not pin.conda:
        message = f"{setting.image} uses musl (Alpine); no TensorFlow wheel was ever built for it"
        yield Problem(
            "PY004", Severity.ERROR, message, pin, help="use an image with glibc, for example python:3.13-slim"
        )
