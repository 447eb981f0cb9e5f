"""Where an installer finds no set of versions: which lines and requirements exclude each other, and which gives way."""

from __future__ import annotations

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tfkdoctor.doctor.compat import Compat, holds, minor
from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.files.changes import Change, Problem, correctable, family_pin, nearest, tf_keras_for
from tfkdoctor.doctor.files.declared import Pin
from tfkdoctor.doctor.files.resolve import Conflict, Demand
from tfkdoctor.doctor.files.scenario import Scenario, declared_pythons
from tfkdoctor.model import Evidence, Severity

CONTRADICTION, NO_WHEEL = "PR004", "PY001"


def refused(scenario: Scenario, conflict: Conflict, table: Compat) -> Problem:
    """What an installer would refuse, at the line that gives way."""
    never = next((pin for pin in conflict.pins if not pin.conda and not released(pin, table)), None)
    change = change_for(scenario, conflict, table)
    pin = never or (change.pin if change else None) or next(iter(conflict.pins), None) or family_pin(scenario)
    if never:
        message = f"{never.said} asks for a release that was never made"
    elif len(conflict.demands) == 1 and conflict.pins:
        message = f"no release of {conflict.name} fits {conflict.pins[0].said} for {scenario.words}"
    else:
        asked = ", ".join(dict.fromkeys(words(one, conflict.name) for one in conflict.demands))
        message = f"no release of {conflict.name} fits all of it for {scenario.words}: {asked}"
    loose = any(one.conda for one in scenario.pins if FAMILY.match(one.name))  # conda's builds ask for less or more
    return Problem(
        code=code_of(conflict),
        severity=Severity.WARNING if loose else Severity.ERROR,
        message=message,
        pin=pin,
        change=change,
        help=alternative(conflict),
        evidence=tuple(Evidence(conflict.name, one.specifier or "any", source(one)) for one in conflict.demands),
        refusal=True,
    )


def words(demand: Demand, name: str) -> str:
    return (
        f"{demand.by} requires {name}{demand.specifier}"
        if demand.pin is None
        else f"{source(demand)} says {demand.pin.said}"
    )


def source(demand: Demand) -> str:
    return demand.by if demand.pin is None else f"{demand.pin.path}:{demand.pin.line}"


def released(pin: Pin, table: Compat) -> bool:
    """Whether some release is within a pin; what is older than the table may have been one."""
    known = [version for version, _ in table.releases.get(pin.name, ())]
    if pin.name == "tensorflow" or (FAMILY.match(pin.name) and not known):
        known = [one.version for one in table.tensorflow]
    if not known or (pin.exact and minor(pin.specifier[2:]) < minor(known[0])):
        return True
    return any(holds(pin.specifier, version) for version in known)


def version_of(conflict: Conflict) -> tuple[int, int]:
    """The minor of the TensorFlow for which this is so, (0, 0) where there is none."""
    return minor(conflict.chosen[0][1]) if conflict.chosen else (0, 0)


def code_of(conflict: Conflict) -> str:
    """The check whose rule a contradiction breaks; PR004 where it is nobody else's."""
    tensorflow, name, pins = version_of(conflict), conflict.name, conflict.pins
    if name == "keras" and tensorflow != (0, 0):
        newer = any(asks_for_keras_3(pin) for pin in pins)
        return "KE002" if tensorflow >= (2, 16) else "KE001" if newer else "KE003"
    if name == "tf-keras" or (FAMILY.match(name) and any(one.by.startswith("tf-keras ") for one in conflict.demands)):
        return "KE008"
    if name == "numpy" and tensorflow < (2, 18) and any(not holds(pin.specifier, "1.26.4") for pin in pins):
        return "DI009"
    return NO_WHEEL if FAMILY.match(name) and not conflict.chosen else CONTRADICTION


def asks_for_keras_3(pin: Pin) -> bool:
    """Whether a lower end or an exact version of Keras is 3 or later."""
    parts = [one for one in SpecifierSet(pin.specifier) if one.operator in ("==", "===", "~=", ">=", ">")]
    return any(minor(one.version.removesuffix(".*") + ".0") >= (3, 0) for one in parts)


def alternative(conflict: Conflict) -> str:
    """The other way out, where there is one that a person may want more."""
    major, second = version_of(conflict)
    if conflict.name != "keras" or (major, second) < (2, 16):
        return ""
    return (
        f'to stay with Keras 2: "tensorflow==2.15.*", or leave keras out, add "tf-keras=={major}.{second}.*" and set'
        " TF_USE_LEGACY_KERAS=1; `tfkdoctor migrate` moves the code to Keras 3"
    )


def change_for(scenario: Scenario, conflict: Conflict, table: Compat) -> Change | None:
    """The line that gives way: TensorFlow's own only where no other one can."""
    if FAMILY.match(conflict.name):
        return family_change(scenario, conflict, table)
    if moved := move_family(scenario, conflict.name, table):
        return moved
    pins = [pin for pin in conflict.pins if correctable(pin)]
    needs = ",".join(one.specifier for one in conflict.demands if one.by and one.specifier)
    if not pins:
        return None
    if not needs:  # two lines that exclude each other
        return Change(pins[-1], None) if len(pins) > 1 else None
    known = table.versions(conflict.name, scenario.python)
    meets = {pin: any(holds(pin.specifier, one) and holds(needs, one) for one in known) for pin in pins}
    pin = next((one for one in pins if not meets[one]), pins[-1])
    if len(pins) > 1:
        return Change(pin, None)
    within_needs = [one for one in known if holds(needs, one)]
    more = [one for one in ceilings_on(conflict, table) if not all(holds(one, version) for version in within_needs)]
    wanted = ",".join(dict.fromkeys([*needs.split(","), *more]))
    fitting = [one for one in known if holds(wanted, one)]
    if not fitting:
        return None
    return Change(pin, f"=={fitting[-1]}" if pin.exact else wanted)


def ceilings_on(conflict: Conflict, table: Compat) -> list[str]:
    """The limits of the table on a distribution beside the TensorFlow of a conflict."""
    return limits_on(conflict.name, conflict.chosen[0][1], table) if conflict.chosen else []


def limits_on(name: str, tensorflow: str, table: Compat) -> list[str]:
    """The limits of the table on a distribution beside a TensorFlow."""
    found = []
    for ceiling in table.ceilings:
        needed = Requirement(ceiling.needs)
        conditions = [one for one in map(Requirement, ceiling.when) if one.name == "tensorflow"]
        if needed.name == name and any(holds(str(one.specifier), tensorflow) for one in conditions):
            found.append(str(needed.specifier))
    return list(dict.fromkeys(found))


def move_family(scenario: Scenario, name: str, table: Compat) -> Change | None:
    """Another TensorFlow for the sake of a line with an exact version, where TensorFlow's own line leaves room."""
    own = family_pin(scenario)
    kept = next((pin for pin in scenario.pins if pin.name == name and pin.exact), None)
    if name != "keras" or kept is None or own is None or own.exact or not correctable(own) or own.conda:
        return None
    if any(FAMILY.match(pin.name) and pin.name != own.name for pin in scenario.pins):
        return None
    for release in reversed(table.finals()):
        pythons = release.wheels.get(scenario.platform, ())
        needs = [one for one in map(Requirement, release.requires) if one.name == name]
        if (
            holds(own.specifier, release.version)
            and set(pythons) & set(declared_pythons(scenario.setting, table))
            and all(holds(str(one.specifier), kept.specifier[2:]) for one in needs)
            and all(holds(limit, kept.specifier[2:]) for limit in limits_on(name, release.version, table))
        ):
            return Change(own, f"=={release.version}")
    return None


def family_change(scenario: Scenario, conflict: Conflict, table: Compat) -> Change | None:
    """Another TensorFlow: the nearest release that this Python can install; tf-keras goes along before it."""
    bound = [p for p in scenario.pins if p.name == "tf-keras" and p.specifier and correctable(p)]
    if conflict.chosen and bound and any(one.by.startswith("tf-keras ") for one in conflict.demands):
        major, second = version_of(conflict)
        return tf_keras_for(bound[0], (major, second), table)
    own = [pin for pin in conflict.pins if correctable(pin) and not pin.conda]
    if not own:
        return None
    asked = next((one.specifier for one in conflict.demands if one.by), own[0].specifier)
    version = nearest(own[0].name, asked.split(",")[0].lstrip("<>=!~").removesuffix(".*"), scenario, table)
    return Change(own[0], f"=={version}") if version else None
