"""The scenarios that a setting is judged in, and what an installer would bring in each."""

from __future__ import annotations

from functools import cache

from tfkdoctor.doctor.compat import Compat
from tfkdoctor.doctor.files.declared import Setting
from tfkdoctor.doctor.files.resolve import resolve
from tfkdoctor.doctor.files.scenario import LINUX, Scenario, on, platforms, usable_pythons


@cache
def scenarios(setting: Setting, table: Compat) -> tuple[Scenario, ...]:
    """The newest Python of a setting on which its TensorFlow can be installed, and the oldest; on each platform.

    Where the file does not say for which Pythons it is, the newest for which there is a set of versions: that is what a
    person finds who tries one after the other. A platform without any is left out: `pythons` speaks of it.
    """
    found = []
    for platform in platforms(setting):
        usable = usable_pythons(setting, platform, table)
        chosen = (
            list(dict.fromkeys([*usable[-1:], *usable[:1]])) if setting.python else newest(setting, platform, table)
        )
        found += [on(setting, python, platform) for python in chosen]
    return tuple(found)


def newest(setting: Setting, platform: str, table: Compat) -> list[str]:
    """The newest Python with a set of versions, else the newest with a wheel."""
    usable = usable_pythons(setting, platform, table)
    whole = (p for p in reversed(usable) if resolve(on(setting, p, platform), table).conflict is None)
    return [next(whole, usable[-1])] if usable else []


def linux_pythons(setting: Setting, table: Compat) -> list[str]:
    """The Pythons that a setting is judged on, on Linux, the oldest first."""
    return [one.python for one in reversed(scenarios(setting, table)) if one.platform == LINUX]
