"""Derive which TensorFlow 1.15 names are the same object under a TensorFlow 2 name, and which changed under their own.

TensorFlow 1.15 ships both APIs: a v1 name and a `tf.compat.v2` name that import one object from one module are a
proven rename, and so are a `tf.compat.v1` name and a plain one that share an object in TensorFlow 2. Where the object
differs under one name, that name changed.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from tfkdoctor.dev.harvest_signatures import Signature
from tfkdoctor.dev.harvest_views import LAZY_KERAS, Walk, canonical_key, text_of

V1, V2 = "tensorflow.compat.v1.", "tensorflow.compat.v2."
OTHER = ("tensorflow.compat.", "tensorflow.contrib.", "tensorflow.keras.", "tensorflow.python.", "tensorflow.raw_ops.")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one TensorFlow 1.15 name.

    `verdict`: renamed (`home` is the same object under a name that lives and takes every old call), changed (the name
    lives and means another object), narrowed (the name lives and means the same object, which takes fewer calls),
    replaced (gone; TensorFlow's own renames_v2 names `home`, which is another object), gone. `evidence`: the releases
    that prove it. `compat`: whether `tf.compat.v1` still has the name.
    """

    name: str
    verdict: str
    home: str | None
    evidence: tuple[str, ...]
    compat: bool
    old: str = ""
    new: str = ""


KINDS = ("class", "function", "constant", "external")


def fates(old: Walk, new: Walk, labels: tuple[str, str]) -> list[Fate]:
    """The fate of every public 1.15 name that does not live on unchanged; `labels` are the two versions."""
    table = _Table(old, new, labels, _renames(new))
    found = []
    for name, thing in sorted(old.things.items()):
        if thing.kind in KINDS and not name.startswith(OTHER) and not thing.module.startswith(LAZY_KERAS):
            fate = table.fate(name)
            if fate is not None:
                found.append(fate)
    return found


def _renames(new: Walk) -> dict[str, str]:
    """TensorFlow's own table (`tf_upgrade_v2` reads it): v1 name -> the name that it writes."""
    tree = new.names.tree.parse("tensorflow.tools.compatibility.renames_v2")
    for node in tree.body if tree else ():
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "renames":
            table = ast.literal_eval(node.value)
            return {"tensorflow" + before[2:]: "tensorflow" + after[2:] for before, after in table.items()}
    return {}


class _Table:
    def __init__(self, old: Walk, new: Walk, labels: tuple[str, str], renames: dict[str, str]) -> None:
        self.old, self.new, self.labels, self.renames = old, new, labels, renames
        self.by_old = _names_by_object(old, V2)
        self.by_new = _names_by_object(new, "tensorflow.")

    def fate(self, name: str) -> Fate | None:
        leaf = name.removeprefix("tensorflow.")
        compat = V1 + leaf in self.new.things
        before, after = _signature(self.old, name), _signature(self.new, name)
        if name in self.new.things:
            same = self._same(name, leaf)
            if same and _fits(before, after):
                return None
            home, evidence = self._home(name, leaf, {name})
            return Fate(name, "narrowed" if same else "changed", home, evidence, compat, _text(before), _text(after))
        home, evidence = self._home(name, leaf, set())
        replacement = self.renames.get(name, "")
        if home is None and replacement in self.new.things and not replacement.startswith(OTHER):
            after = _signature(self.new, replacement)
            return Fate(name, "replaced", replacement, ("renames_v2",), compat, _text(before), _text(after))
        if home is None:
            return Fate(name, "gone", None, (), compat, _text(before))
        after = _signature(self.new, home)
        return Fate(
            name, "renamed", home, evidence, compat, *((_text(before), _text(after)) if before != after else ())
        )

    def _same(self, name: str, leaf: str) -> bool:
        """Whether one name is one object in both APIs, as far as each release shows both."""
        shown = [
            (self.old.things.get(V2 + leaf), self.old.things.get(name)),
            (self.new.things.get(V1 + leaf), self.new.things.get(name)),
        ]
        known = [a.identity == b.identity for a, b in shown if a is not None and b is not None]
        return bool(known) and all(known)

    def _home(self, name: str, leaf: str, without: set[str]) -> tuple[str | None, tuple[str, ...]]:
        before = _signature(self.old, name)
        votes: dict[str, list[str]] = {}
        for found in self.by_old.get(self.old.things[name].identity, ()):
            votes.setdefault(found, []).append(self.labels[0])
        later = self.new.things.get(V1 + leaf)
        for found in self.by_new.get(later.identity, ()) if later is not None else ():
            votes.setdefault(found, []).append(self.labels[1])
        fitting = [
            found
            for found in votes
            if found in self.new.things and found not in without and _fits(before, _signature(self.new, found))
        ]
        if not fitting:
            return None, ()
        own = leaf.rpartition(".")[2]
        home = min(fitting, key=lambda found: (-len(votes[found]), canonical_key(found, own)))
        return home, tuple(votes[home])


def _names_by_object(walk: Walk, prefix: str) -> dict[str, list[str]]:
    """Object -> the plain names that stand for it, `prefix` replaced by `tensorflow.`."""
    found: dict[str, list[str]] = {}
    for name, thing in walk.things.items():
        plain = "tensorflow." + name.removeprefix(prefix)
        if name.startswith(prefix) and thing.kind in KINDS and not plain.startswith(OTHER):
            found.setdefault(thing.identity, []).append(plain)
    return found


def _signature(walk: Walk, name: str) -> Signature | None:
    thing = walk.things.get(name)
    return None if thing is None else walk.signatures.of(thing)


def _text(signature: Signature | None) -> str:
    return "" if signature is None else text_of(signature)


def _fits(old: Signature | None, new: Signature | None) -> bool:
    """Whether every call that fits the old signature fits the new one; constants and C classes have none and fit."""
    if old is None or new is None:
        return old is None
    order = [p.name for p in new.parameters if p.kind in ("positional", "standard")]
    known = new.names() | new.extra.names
    for index, parameter in enumerate(p for p in old.parameters if p.kind in ("positional", "standard")):
        if parameter.name not in known or order[index : index + 1] != [parameter.name]:
            return False
    if any(p.name not in known for p in old.parameters if p.kind == "keyword"):
        return False
    required = {p.name for p in new.parameters if p.default is None and p.kind in ("positional", "standard", "keyword")}
    return required <= {p.name for p in old.parameters if p.default is None}


def fates_text(found: list[Fate], command: str, releases: tuple[str, str]) -> str:
    """The table as text: a line per name."""
    lines = [
        f"# TensorFlow 1.15 names that do not live on unchanged. Generated by `{command}`; do not edit.",
        f"# Read from: {', '.join(releases)}.",
        "# verdict, name, home, the releases that prove it, whether tf.compat.v1 has the name, then the signatures",
        "# before and after where they differ. renamed: the home is the same object and takes every old call; changed:",
        "# the name lives and means another object; narrowed: it lives and is the same object, which takes fewer",
        "# calls; replaced: TensorFlow's own renames_v2 sends it to the home, which is another object; gone: none.",
    ]
    for fate in sorted(found, key=lambda fate: (fate.verdict, fate.name)):
        row = (
            fate.verdict,
            fate.name,
            fate.home or "-",
            ",".join(fate.evidence) or "-",
            "compat" if fate.compat else "-",
        )
        lines.append("\t".join((*row, fate.old, fate.new)).rstrip("\t"))
    return "\n".join(lines) + "\n"
