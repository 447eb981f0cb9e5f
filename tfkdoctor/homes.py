"""Tables that are derived from the released packages: homes of legacy names, names of old arguments.

`keras_homes.txt`, `tf1_homes.txt` and `keras1_args.toml` of `rules/api/`, written by `tfkdoctor.dev.harvest`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from tfkdoctor.validate import index

_INTERFACE = "2.2.5"  # the release whose legacy interface the table was read from


def keras_home(name: str, origin: str, keras: str) -> str | None:
    """Where a path of Keras `origin` lives under tensorflow.keras at the version `keras`; None: gone, or unknown."""
    targets, homes = _keras_homes()
    rows = homes.get(name, ())
    found = next((row for versions, row in rows if origin in versions), rows[-1][1] if rows else None)
    if found is None:
        return None
    major = keras.partition(".")[0]
    column = max(i for i, version in enumerate(targets) if version.partition(".")[0] == major)
    home = found[column]
    return home if home != "-" else None


def tensorflow_home(name: str) -> str | None:
    """The TensorFlow 2 name that was the same object as this one in TF 1.15; None where there is none."""
    return _tensorflow_homes().get(name)


@dataclass(frozen=True, slots=True)
class OldArguments:
    """What keras 2's legacy interface made of the Keras 1 arguments of one class or method."""

    names: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]  # old keyword -> old value -> new source text
    computed: frozenset[str] = frozenset()  # old keywords whose new value must be computed


NOTHING_OLD = OldArguments({}, {})


_FOLDED = {  # layers of Keras 1 that became others, and take the arguments that these took
    "AtrousConv1D": "keras.layers.Conv1D",
    "AtrousConv2D": "keras.layers.Conv2D",
    "AtrousConvolution1D": "keras.layers.Conv1D",
    "AtrousConvolution2D": "keras.layers.Conv2D",
    "Deconv2D": "keras.layers.Conv2DTranspose",
    "Deconvolution2D": "keras.layers.Conv2DTranspose",
    "TimeDistributedDense": "keras.layers.Dense",
}


def old_arguments(name: str) -> OldArguments:
    """The conversions for a canonical name, by any of its paths: `keras.layers.Convolution2D`, `keras.Model.fit`."""
    view = index.load("keras")
    if name.startswith("keras.layers."):
        name = _FOLDED.get(name.rpartition(".")[2], name)
    symbol = view.get(name, _INTERFACE)
    if symbol is None:
        owner, _, method = name.rpartition(".")
        symbol = view.method(owner, method, _INTERFACE)
    return _old_arguments().get(symbol.object, NOTHING_OLD) if symbol is not None else NOTHING_OLD


@cache
def _old_arguments() -> Mapping[str, OldArguments]:
    data = tomllib.loads((index.rules_dir() / "api" / "keras1_args.toml").read_text("utf-8"))
    view = index.load("keras")
    found = {}
    for table in data.values():
        computed = {old for pair in table.get("computed", []) for side in pair for old in side.split("/")}
        computed |= {old for old, new in table.get("conversions", {}).items() if "steps" in new}  # samples, not batches
        values = {k: {old: _source(new) for old, new in v.items()} for k, v in table.get("values", {}).items()}
        known = OldArguments(table.get("conversions", {}), values, frozenset(computed))
        for name in table["applies_to"]:
            owner, _, method = name.rpartition(".")
            symbol = view.get(name, _INTERFACE) or view.method(owner, method, _INTERFACE)
            if symbol is not None:
                found[symbol.object] = known
    return found


def _source(value: str) -> str:
    return value if value in ("None", "True", "False") else repr(value)


@cache
def _keras_homes() -> tuple[tuple[str, ...], dict[str, list[tuple[frozenset[str], tuple[str, ...]]]]]:
    """The target versions, and by path: (origin versions, the home at each target)."""
    targets: tuple[str, ...] = ()
    origins: list[str] = []
    homes: dict[str, list[tuple[frozenset[str], tuple[str, ...]]]] = {}
    for line in _lines("keras_homes.txt"):
        fields = line.split("\t")
        if fields[0] == "targets":
            targets = tuple(fields[1:])
        elif fields[0] == "origins":
            origins = fields[1:]
        else:
            homes.setdefault(fields[0], []).append((_between(fields[1], origins), tuple(fields[2:])))
    return targets, homes


def _between(text: str, versions: list[str]) -> frozenset[str]:
    """`1.2.2,2.2.4..2.3.1` as the set of versions; `*` is all of them."""
    if text == "*":
        return frozenset(versions)
    found: set[str] = set()
    for part in text.split(","):
        start, _, end = part.partition("..")
        found.update(versions[versions.index(start) : versions.index(end or start) + 1])
    return frozenset(found)


@cache
def _tensorflow_homes() -> dict[str, str]:
    return {fields[1]: fields[2] for fields in _tensorflow_rows() if fields[0] == "renamed"}


@cache
def _tensorflow_rows() -> tuple[list[str], ...]:
    return tuple(line.split("\t") for line in _lines("tf1_homes.txt"))


def _lines(file: str) -> Iterator[str]:
    for line in (index.rules_dir() / "api" / file).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line
