"""What an installer would choose today: the newest TensorFlow whose needs can be met, and the newest of each need.

It knows the requirements of TensorFlow's distributions and of those beside it in the compat table; of all others it
knows the releases alone. That is enough to say which versions of these meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from packaging.utils import canonicalize_name

from tfkdoctor.doctor.checks.case import applies, marker_environment, requirement
from tfkdoctor.doctor.compat import Compat, holds
from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.files.declared import Pin
from tfkdoctor.doctor.files.scenario import Scenario, candidates, interpreter

TRIES = 400  # combinations of TensorFlow and of what is bound to it
BOUND = ("tf-keras",)  # it requires a TensorFlow, so that an installer goes back with it


@dataclass(frozen=True, slots=True)
class Demand:
    """Who wants what of a distribution: a line of the file, or a release that was chosen."""

    specifier: str
    pin: Pin | None
    by: str  # "tensorflow 2.16.1"; "" for a line


@dataclass(frozen=True, slots=True)
class Conflict:
    """Demands on one distribution that no release meets."""

    name: str
    demands: tuple[Demand, ...]
    chosen: tuple[tuple[str, str], ...]  # the TensorFlow for which this is so

    @property
    def pins(self) -> tuple[Pin, ...]:
        return tuple(demand.pin for demand in self.demands if demand.pin)


@dataclass(frozen=True, slots=True)
class Resolution:
    """The chosen versions ("" where none is known), or why there are none."""

    versions: dict[str, str] = field(default_factory=dict)
    requires: dict[str, tuple[str, ...]] = field(default_factory=dict)  # name -> requirements that are known
    conflict: Conflict | None = None


@cache
def resolve(scenario: Scenario, table: Compat) -> Resolution:
    """Choose as pip and uv do; of several conflicts that of the newest TensorFlow is told."""
    asked = [pin.name for pin in scenario.pins if not pin.constraint]
    family = list(dict.fromkeys([*filter(FAMILY.match, asked), *(name for name in asked if name in BOUND)]))
    first: Conflict | None = None
    for tries, chosen in enumerate(choices(family, scenario, table), 1):
        found = complete(chosen, scenario, table)
        if found.conflict is None or tries > TRIES:
            return found
        if first is None or (FAMILY.match(first.name) and not FAMILY.match(found.conflict.name)):
            first = found.conflict  # that some tf-keras goes with none of these is no reason while another one does
    if first is None:
        name = next(
            (n for n in family if not candidates(n, of(scenario, n), scenario.python, scenario.platform, table)), ""
        )
        first = Conflict(name, tuple(Demand(pin.specifier, pin, "") for pin in of(scenario, name)), ())
    return Resolution(conflict=first)


def of(scenario: Scenario, name: str) -> list[Pin]:
    return [pin for pin in scenario.pins if pin.name == name]


def choices(family: Sequence[str], scenario: Scenario, table: Compat) -> Iterator[dict[str, str]]:
    """Versions of every TensorFlow of the file, the newest first."""
    if not family:
        yield {}
        return
    for version in candidates(family[0], of(scenario, family[0]), scenario.python, scenario.platform, table):
        for others in choices(family[1:], scenario, table):
            yield {family[0]: version, **others}


def complete(chosen: dict[str, str], scenario: Scenario, table: Compat) -> Resolution:
    """Add what these TensorFlows and the other lines need; each the newest within all demands."""
    versions, requires = dict(chosen), {name: needs(name, version, scenario, table) for name, version in chosen.items()}
    for _ in range(6):
        demands = demands_on(versions, requires, scenario)
        before = dict(versions)
        for name, those in demands.items():
            if name in chosen:
                if not all(holds(one.specifier, versions[name]) for one in those):
                    return Resolution(conflict=Conflict(name, tuple(those), tuple(chosen.items())))
                continue
            version = pick(name, those, chosen, scenario, table)
            if version is None:
                return Resolution(conflict=Conflict(name, tuple(those), tuple(chosen.items())))
            versions[name] = version
            requires[name] = needs(name, version, scenario, table)
        if versions == before:
            break
    return Resolution(versions, requires)


def demands_on(
    versions: dict[str, str], requires: dict[str, tuple[str, ...]], scenario: Scenario
) -> dict[str, list[Demand]]:
    """All that is demanded of each distribution; a constraint counts where something else brings the name."""
    found: dict[str, list[Demand]] = {}
    for pin in scenario.pins:
        if not pin.constraint:
            found.setdefault(pin.name, []).append(Demand(pin.specifier, pin, ""))
    for by, texts in requires.items():
        for text in texts:
            parsed = requirement(text)
            if parsed is not None:
                said = Demand(str(parsed.specifier), None, f"{by} {versions[by]}")
                found.setdefault(canonicalize_name(parsed.name), []).append(said)
    for pin in scenario.pins:
        if pin.constraint and pin.name in found:
            found[pin.name].append(Demand(pin.specifier, pin, ""))
    return found


def needs(name: str, version: str, scenario: Scenario, table: Compat) -> tuple[str, ...]:
    """What a release requires on this Python, as far as the table knows."""
    if FAMILY.match(name):
        release = table.release(version)
        texts = release.requires if release else ()
    else:
        texts = table.requires(name, version)
    environment = marker_environment(interpreter(scenario.python, scenario.platform))
    return tuple(text for text in texts if (parsed := requirement(text)) is not None and applies(parsed, environment))


def pick(name: str, demands: Sequence[Demand], chosen: dict[str, str], scenario: Scenario, table: Compat) -> str | None:
    """The newest release within all demands; "" where the table does not know the name; None where there is none."""
    pins = [demand.pin for demand in demands if demand.pin]
    if FAMILY.match(name):
        found = candidates(name, pins, scenario.python, scenario.platform, table)
        return next((one for one in found if all(holds(d.specifier, one) for d in demands)), None)
    if not table.releases.get(name):
        exact = next((pin.specifier[2:] for pin in pins if pin.exact), "")
        return exact
    known = table.versions(name, scenario.python)
    if any(pin.conda or pin.form == "locked" for pin in pins):
        known = tuple(version for version, _ in table.releases[name])
    for one in reversed(known):
        if all(holds(demand.specifier, one) for demand in demands) and agrees(name, one, chosen, scenario, table):
            return one
    exact = next((pin.specifier[2:] for pin in pins if pin.exact), "")  # a pre-release, or one that was yanked
    listed = {version for version, _ in table.releases[name]}
    return exact if exact and exact not in listed and all(holds(d.specifier, exact) for d in demands) else None


def agrees(name: str, version: str, chosen: dict[str, str], scenario: Scenario, table: Compat) -> bool:
    """Whether a release goes with the TensorFlow that was chosen: an installer takes an older tf-keras for it."""
    found = [requirement(text) for text in needs(name, version, scenario, table)]
    return all(holds(str(one.specifier), chosen[one.name]) for one in found if one is not None and one.name in chosen)
