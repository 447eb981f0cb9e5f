"""What the target and the origins know: names, signatures, star sets, method names that only Keras had.

Part of the independent accounting (`account.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Parameter:
    """`kind` is one of positional, standard, keyword, varargs, kwargs; `self` is never among them."""

    name: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """`extra`: names taken through `**kwargs`; `swallows`: unknown keywords do not raise."""

    parameters: tuple[Parameter, ...]
    extra: frozenset[str] = frozenset()
    swallows: bool = False

    @property
    def by_place(self) -> tuple[str, ...]:
        return tuple(p.name for p in self.parameters if p.kind in ("positional", "standard"))

    @property
    def varargs(self) -> bool:
        return any(p.kind == "varargs" for p in self.parameters)

    @property
    def required(self) -> frozenset[str]:
        return frozenset(
            p.name for p in self.parameters if p.required and p.kind in ("positional", "standard", "keyword")
        )

    def accepts(self, keyword: str) -> bool:
        named = any(p.name == keyword and p.kind in ("standard", "keyword") for p in self.parameters)
        return named or self.swallows or keyword in self.extra


@dataclass(frozen=True, slots=True)
class Entry:
    """A public name: module, class, function, method or constant; `object` tells which names are the same thing."""

    kind: str
    signature: Signature | None = None
    object: str = ""
    star: bool = True  # `from M import *` binds it
    bases: tuple[str, ...] = ()


MODULE = Entry("module")


Names = Mapping[str, Entry]


@dataclass(frozen=True)
class Index:
    """The names of the target (`tensorflow.…`, with `tensorflow.keras.…`), of Keras 3, and of the origins.

    `stars`: what `from M import *` binds, for modules of the origins and of the target together.
    """

    target: Names
    keras3: Names
    keras_origins: tuple[Names, ...]  # the newest first
    tf_origin: Names
    stars: Mapping[str, frozenset[str]]
    legacy_methods: frozenset[str]
    legacy_keywords: Mapping[str, frozenset[str]]  # by method

    @cached_property
    def only_keras3(self) -> frozenset[str]:
        """Names of standalone Keras that no Keras 1 or 2 had: who says one writes for Keras 3."""
        return frozenset(self.keras3).difference(*self.keras_origins)

    @cached_property
    def never_keras3(self) -> frozenset[str]:
        return frozenset().union(*self.keras_origins).difference(self.keras3)

    def why_legacy(self, canonical: str, modern: bool) -> str:
        """Why a canonical name is legacy, or ""; `modern`: standalone Keras is Keras 3 here."""
        root = canonical.split(".", 1)[0]
        if root == "keras":
            return "" if modern else "standalone Keras"
        missing = look_up(self.target, canonical)[1] if root == "tensorflow" else ""
        return f"the target has no {missing}" if missing else ""

    def home(self, canonical: str) -> str:
        """Where a name of standalone Keras lives on the target, or ""; the same object under another path counts."""
        same = f"tensorflow.{canonical}"
        if self.entry(same):
            return same
        for origin, paths in zip(self.keras_origins, self._paths, strict=True):
            entry = look_up(origin, canonical)[0]
            alive = [p for p in paths.get(entry.object, ()) if self.entry(f"tensorflow.{p}")] if entry else []
            if alive:
                return f"tensorflow.{min(alive, key=lambda p: (p.count('.'), p))}"
        return ""

    def entry(self, canonical: str) -> Entry | None:
        return look_up(self.target, canonical)[0] if canonical else None

    @cached_property
    def _paths(self) -> tuple[Mapping[str, list[str]], ...]:
        found: list[dict[str, list[str]]] = []
        for origin in self.keras_origins:
            by_object: dict[str, list[str]] = {}
            for name, entry in origin.items():
                if entry.object:
                    by_object.setdefault(entry.object, []).append(name)
            found.append(by_object)
        return tuple(found)

    def signature(self, canonical: str) -> Signature | None:
        entry = self.entry(canonical)
        return entry.signature if entry else None

    def origin(self, canonical: str) -> Signature | None:
        """The signature that a name had in its own time."""
        views = self.keras_origins if canonical.startswith("keras") else (self.tf_origin,)
        entries = (look_up(view, canonical)[0] for view in views)
        return next((entry.signature for entry in entries if entry), None)

    def star(self, module: str) -> frozenset[str]:
        return self.stars.get(module, frozenset())


def look_up(names: Names, canonical: str) -> tuple[Entry | None, str]:
    """What a dotted name is in an index, and the first beginning of it that does not exist, or "".

    What hangs on a class, a function or a constant is not looked at: then there is neither.
    """
    here, *parts = canonical.split(".")
    entry = names.get(here, MODULE)
    for place, part in enumerate(parts):
        if entry.kind != "module" or part.startswith("__"):
            return None, ""
        here = entry.object if entry.object in names else here
        here = f"{here}.{part}"
        found = names.get(here)
        if found is None:
            return None, ".".join(canonical.split(".")[: place + 2])
        entry = found
    return entry, ""


def method(names: Names, owner: str, leaf: str) -> Entry | None:
    """A method of a class or of its nearest ancestor that has it."""
    queue = [owner]
    for name in queue:
        found = names.get(f"{name}.{leaf}")
        if found and found.kind == "method":
            return found
        queue += [base for base in names[name].bases if base not in queue] if name in names else []
    return None
