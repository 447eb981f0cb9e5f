"""Take the person and the machine out of what is shown: user names, home folders, host names.

Versions, switches and what lies below a home folder stay, so that the checks say the same of redacted facts.
"""

from __future__ import annotations

import getpass
import json
import os
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tfkdoctor.doctor.facts import Facts
from tfkdoctor.doctor.tf_config import read_tf_config

USER, HOME = "<user>", "~"
# Names of accounts that say nothing of a person, and words that a report is full of: they stay.
_COMMON = (
    "root user users admin ubuntu debian ec2-user jovyan vscode runner build builder docker nobody home mnt tmp opt var"
    " python keras tensorflow tf numpy conda pip uv cuda gpu nvidia linux env venv lib bin usr localhost local"
)
COMMON = frozenset(_COMMON.split())
# Fields whose words are not of the person, whatever the person is called.
KEPT = frozenset(
    ("name", "version", "requires", "installer", "implementation", "system", "machine", "manager", "outcome", "state")
)
_SAID = re.compile(r"host\d+$|<user>|127\.|\[?::1")  # what names no machine, or has been redacted before
_HOMES = re.compile(r"(?i)((?:/home/|/Users/|/export/home/|[a-z]:(?:\\{1,2}|/)Users(?:\\{1,2}|/)))([^/\\:;,\"'\s<>]+)")


@dataclass(frozen=True, slots=True)
class Redactor:
    """What to replace by what, the longest first."""

    homes: tuple[str, ...]
    users: tuple[str, ...]
    hosts: tuple[str, ...]

    def text(self, text: str) -> str:
        """The text without what tells a person or a machine."""
        for home in self.homes:
            text = re.sub(re.escape(home) + r"(?![\w.-])", HOME, text)
        text = _HOMES.sub(lambda found: found[1] + USER, text)
        for number, host in enumerate(self.hosts, 1):
            text = word(host).sub(f"host{number}", text)
        for user in self.users:
            text = word(user).sub(USER, text)
        return text

    def facts(self, facts: Facts) -> Facts:
        """The same facts, told without names; the paths of saved facts are no longer those of this disk."""
        data = self.walk(json.loads(facts.to_json()))
        return Facts.from_json(json.dumps(data))

    def walk(self, value: object) -> object:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.walk(one) for one in value]
        if isinstance(value, dict):
            return {key: one if key in KEPT else self.walk(one) for key, one in value.items()}
        return value


def word(name: str) -> re.Pattern[str]:
    """A name as a word of its own: `anna` in `/data/anna/x` and `anna_env`, not in `annals`."""
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", re.IGNORECASE)


def redactor(facts: Iterable[Facts] = ()) -> Redactor:
    """What tells this person and this machine, and what some facts say of theirs."""
    homes, users = [os.path.expanduser("~")], [login()]  # noqa: PTH111
    hosts = [socket.gethostname(), os.environ.get("HOSTNAME", ""), socket.gethostname().partition(".")[0]]
    for one in facts:
        homes += [one.variable("HOME") or "", one.variable("USERPROFILE") or ""]
        users += [found[2] for found in _HOMES.finditer(one.to_json())]
        config = read_tf_config(one.variable("TF_CONFIG") or "")
        hosts += [address.rpartition(":")[0] for address in config.addresses] if config else []
    users += [Path(home.replace("\\", "/")).name for home in homes if home]
    return Redactor(
        homes=longest(home for home in homes if len(home) > 1 and home != HOME),
        users=longest(user for user in users if user.lower() not in COMMON and user not in (USER, HOME)),
        hosts=longest(host for host in hosts if host.lower() not in COMMON and not _SAID.match(host)),
    )


def login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name, as in some containers
        return ""


def longest(names: Iterable[str]) -> tuple[str, ...]:
    """Without doubles and what is empty; a name before one that it holds."""
    return tuple(sorted({name for name in names if name}, key=lambda name: (-len(name), name)))
