"""Tables that are derived from the released packages: homes of legacy names, names of old arguments.

`rules/api/keras_homes.txt`, `rules/api/tf1_homes.txt` and `rules/api/keras1_args.toml`; written by `tfkdoctor.dev.harvest`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from tfkdoctor.validate.index import rules_dir


def keras_home(name: str, keras: str) -> str | None:
    """Where a path of standalone Keras lives under tensorflow.keras at this version of Keras; None: gone, or no such path."""
    targets, homes = _keras_homes()
    found = homes.get(name)
    if found is None:
        return None
    major = keras.partition(".")[0]
    column = max(i for i, version in enumerate(targets) if version.partition(".")[0] == major)
    home = found[column]
    return home if home != "-" else None


def tensorflow_home(name: str) -> str | None:
    """The TensorFlow 2 name that was the same object as this one in TF 1.15; None where there is none."""
    return _tensorflow_homes().get(name)


def is_changed(name: str) -> bool:
    """Whether a TensorFlow name is there in both APIs, but not as the same object (`tf.nn.dropout`)."""
    return name in _changed_names()


@cache
def conversions(object_name: str) -> Mapping[str, str]:
    """Old keyword -> new keyword of a Keras class or method (`Dense`, `Model.fit`), as keras 2's legacy interface has it."""
    return _legacy_arguments().get(object_name, {})


@cache
def _keras_homes() -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    targets: tuple[str, ...] = ()
    homes = {}
    for line in (rules_dir() / "api" / "keras_homes.txt").read_text("utf-8").splitlines():
        fields = line.split("\t")
        if fields[0] == "targets":
            targets = tuple(fields[1:])
        elif not line.startswith(("#", "origins")):
            homes[fields[0]] = tuple(fields[2:])
    return targets, homes


@cache
def _tensorflow_lines() -> tuple[tuple[str, ...], ...]:
    path = rules_dir() / "api" / "tf1_homes.txt"
    if not path.exists(): return ()
    lines = path.read_text("utf-8").splitlines()
    return tuple(tuple(line.split("\t")) for line in lines if line and not line.startswith("#"))


@cache
def _tensorflow_homes() -> dict[str, str]:
    return {fields[1]: fields[2] for fields in _tensorflow_lines() if fields[0] == "renamed"}


@cache
def _changed_names() -> frozenset[str]:
    return frozenset(fields[1] for fields in _tensorflow_lines() if fields[0] == "changed")


@cache
def _legacy_arguments() -> Mapping[str, Mapping[str, str]]:
    return {}
