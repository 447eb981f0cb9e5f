"""Reads `rules/api/` for the accounting, by a reader of its own.

Part of the independent accounting (`account.py`). The files hold a line per name: name, versions, kind, object or
canonical name, signature, bases, with tabs between them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from account_index import Entry, Index, Names, Parameter, Signature, method

API = Path(__file__).resolve().parent.parent / "rules" / "api"
KINDS = {"m": "module", "c": "class", "f": "function", "k": "constant", "d": "method", "p": "property", "=": "alias"}
TARGET = {"tensorflow": "2.21", "tensorflow.keras": "3.15.1"}  # the newest that is indexed
KERAS_ORIGINS = ("2.2.5", "1.2.2")
KERAS3, TF_ORIGIN = "3.15.1", "1.15"
MODELS = ("Model", "Sequential")
OWNERS = frozenset({*MODELS, "Layer", "Container", "Network", "Optimizer"})
COMMON = frozenset({"predict_proba"})  # scikit-learn's, too


def load(folder: Path = API) -> Index:
    """The index out of `rules/api/`; raises `OSError` where it is not there."""
    tensorflow, tf_keras, keras = (
        _read(folder / f"{view}.txt") for view in ("tensorflow", "tensorflow.keras", "keras")
    )
    target = dict(_alive(tensorflow, TARGET["tensorflow"])) | dict(_alive(tf_keras, TARGET["tensorflow.keras"]))
    keras3 = dict(_alive(keras, KERAS3))
    origins = tuple(dict(_alive(keras, version)) for version in KERAS_ORIGINS)
    tf_origin = dict(_alive(tensorflow, TF_ORIGIN))
    alive = frozenset(name.rpartition(".")[2] for name, entry in target.items() if entry.kind in ("method", "property"))
    return Index(
        target,
        keras3,
        origins,
        tf_origin,
        _stars((target, *origins)),
        frozenset(_distinctive_methods(origins)) - alive,
        _distinctive_keywords(origins, target),
    )


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    """The versions of a view, oldest first, and its rows: name, versions, kind, object, signature, bases."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return lines[0].split("\t")[1:], [(line + "\t" * 5).split("\t")[:6] for line in lines[1:]]


def _alive(view: tuple[list[str], list[list[str]]], version: str) -> Iterator[tuple[str, Entry]]:
    """The names of one version; another name for a thing gets what the thing has."""
    versions, rows = view
    place = versions.index(version)
    here = {row[0]: row for row in rows if _covers(versions, row[1], place)}
    for name, row in here.items():
        thing = here.get(row[3], row) if row[2][0] == "=" else row
        about = thing[3] + thing[0].rpartition(".")[2] if thing[3].endswith(":") else thing[3]
        star, bases = not row[2].endswith("-"), tuple(thing[5].split())
        yield name, Entry(KINDS[thing[2][0]], _signature(thing[4]), about, star, bases)


def _covers(versions: list[str], spans: str, place: int) -> bool:
    if spans == "*":
        return True
    for span in spans.split(","):
        first, _, last = span.partition("..")
        if versions.index(first) <= place <= versions.index(last or first):
            return True
    return False


def _stars(views: tuple[Names, ...]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for names in views:
        for name, entry in names.items():
            module, _, leaf = name.rpartition(".")
            if entry.star and module in names and names[module].kind == "module":
                found.setdefault(module, set()).add(leaf)
    return {module: frozenset(leaves) for module, leaves in found.items()}


def _distinctive_methods(origins: tuple[Names, ...]) -> Iterator[str]:
    """Methods of models, layers and optimizers whose name says that they are Keras'."""
    for names in origins:
        for name, entry in names.items():
            owner, _, leaf = name.rpartition(".")
            if entry.kind == "method" and owner.rpartition(".")[2] in OWNERS and "_" in leaf and leaf not in COMMON:
                yield leaf


def _distinctive_keywords(origins: tuple[Names, ...], target: Names) -> dict[str, frozenset[str]]:
    """By method of a model: keywords of its own time that the target refuses, and that say that they are Keras'."""
    found: dict[str, set[str]] = {}
    for names in origins:
        for name, entry in names.items():
            owner, _, leaf = name.rpartition(".")
            if entry.kind != "method" or owner.rpartition(".")[2] not in MODELS or entry.signature is None:
                continue
            now = [method(target, f"tensorflow.keras.{model}", leaf) for model in MODELS]
            signatures = [e.signature for e in now if e and e.signature]
            gone = {p.name for p in entry.signature.parameters if "_" in p.name and p.kind == "standard"}
            gone |= {extra for extra in entry.signature.extra if "_" in extra}
            found.setdefault(leaf, set()).update(
                g for g in gone if signatures and not any(s.accepts(g) for s in signatures)
            )
    return {method: frozenset(keywords) for method, keywords in found.items() if keywords}


@cache
def _signature(text: str) -> Signature | None:
    return read_signature(text) if text else None


def read_signature(text: str) -> Signature | None:
    """A signature as `rules/api/` writes it: `(x, *, y=1, **kwargs) +a,b -c swallows opaque`.

    `+` lists what `**kwargs` takes, `-` what it takes and drops; `opaque`: what it takes is unknown, so anything fits.
    """
    source, _, marks = text.rpartition(")")
    if not source:
        return None
    arguments = ast.parse(f"def f{source}): ...").body[0].args  # type: ignore[attr-defined]
    parameters: list[Parameter] = []
    placed = [(a.arg, "positional") for a in arguments.posonlyargs] + [(a.arg, "standard") for a in arguments.args]
    for place, (name, kind) in enumerate(placed):
        parameters.append(Parameter(name, kind, place < len(placed) - len(arguments.defaults)))
    if arguments.vararg:
        parameters.append(Parameter(arguments.vararg.arg, "varargs", False))
    for keyword, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        parameters.append(Parameter(keyword.arg, "keyword", default is None))
    extra = {name for mark in marks.split() if mark[0] in "+-" for name in mark[1:].split(",")}
    return Signature(tuple(parameters), frozenset(extra), bool({"swallows", "opaque"} & set(marks.split())))
