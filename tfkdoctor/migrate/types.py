"""Tells what an expression is an instance of: the receiver of a method, from constructors, factories and classes."""

from __future__ import annotations

import ast
import fnmatch
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from tfkdoctor.knowledge import Knowledge
from tfkdoctor.migrate.link import ProjectFacts
from tfkdoctor.migrate.survey import Survey, Value
from tfkdoctor.validate import index

_DEPTH = 14
TENSOR = "keras.Tensor"  # a symbolic tensor: of an Input, or of a layer that is called


@cache
def tables() -> Mapping[str, Mapping[str, str]]:
    """`rules/types.toml`: what functions, methods and attributes give."""
    return tomllib.loads((index.rules_dir() / "types.toml").read_text("utf-8"))


@dataclass(slots=True, eq=False)
class Types:
    """Resolves values of one file against the project and the index."""

    survey: Survey
    facts: ProjectFacts
    knowledge: Knowledge
    _known: dict[Value, frozenset[str]] = field(default_factory=dict)
    _parameters: dict[str, frozenset[str]] = field(default_factory=dict)

    def of(self, node: ast.expr) -> frozenset[str]:
        """The classes that this expression may be an instance of; empty where nothing shows."""
        found: set[str] = set()
        for value in self.survey.describe(node):
            found |= self.resolve(value, self.survey.path)
        return frozenset(found)

    def is_a(self, node: ast.expr, group: str) -> bool:
        """Whether an expression is shown to be an instance of the class `group` and of nothing else."""
        classes = self.of(node)
        return bool(classes) and all(self.inherits(c, group) for c in classes)

    def resolve(self, value: Value, path: str, depth: int = 0) -> frozenset[str]:
        if depth > _DEPTH:
            return frozenset()
        if depth == 0 and path == self.survey.path and value in self._known:
            return self._known[value]
        result = self._resolve(value, path, depth)
        if depth == 0 and path == self.survey.path:
            self._known[value] = result
        return result

    def _resolve(self, value: Value, path: str, depth: int) -> frozenset[str]:
        if value.kind == "self":
            return frozenset([value.name])
        if value.kind == "super":
            return frozenset(self.ancestors(value.name)[1:2])
        if value.kind == "call":
            return self._called(self.facts.follow(path, value.name), path, depth)
        if value.kind == "ref":
            exported = self.facts.exported(path, value.name)
            if exported is None:
                return frozenset()
            file, _, values = exported
            return self._union([v for v in values if v != value], file, depth)
        if value.kind == "param":
            return self._received(value.name, depth)
        if value.base is None:
            return frozenset()
        if value.kind == "part":
            return self._part(value.base, int(value.name), path, depth)
        owners = self.resolve(value.base, path, depth + 1)
        if value.kind == "item":
            layers = any(self.inherits(owner, group) for owner in owners for group in ("keras.Layer", "keras.Model"))
            return frozenset([TENSOR]) if layers else frozenset()
        if value.kind == "math":
            return owners & {TENSOR}
        found: set[str] = set()
        for owner in owners:
            found |= self._member(owner, value, path, depth)
        return frozenset(found)

    def _part(self, whole: Value, place: int, path: str, depth: int) -> frozenset[str]:
        """One part of a tuple that a function or method of the project gives back."""
        found: set[str] = set()
        for file, given in self._given_back(whole, path, depth):
            parts = given.parts if given.kind == "tuple" else ()
            found |= self._union(list(parts[place]), file, depth) if place < len(parts) else frozenset()
        return frozenset(found)

    def _given_back(self, whole: Value, path: str, depth: int) -> Iterator[tuple[str, Value]]:
        if whole.kind == "tuple":
            yield path, whole
            return
        names: list[str] = []
        if whole.kind == "call":
            names = [self.facts.follow(path, whole.name)]
        elif whole.kind == "method" and whole.base is not None:
            owners = self.resolve(whole.base, path, depth + 1)
            names = [f"{ancestor}.{whole.name}" for owner in owners for ancestor in self.ancestors(owner)]
        for name in names:
            located = self.facts.locate(path, name)
            summary = self.facts.summaries.get(located[0]) if located is not None else None
            if located is not None and summary is not None:
                yield from ((located[0], value) for value in summary.returns.get(".".join(located[1]), ()))

    def _received(self, name: str, depth: int) -> frozenset[str]:
        """What every call in the project gives a parameter; nothing where one of them shows nothing.

        Symbolic tensors are left out: whether a function gets them alone is asked in `symbolic.py`.
        """
        if name not in self._parameters:
            self._parameters[name] = frozenset()  # while it is looked at: what leads back to itself adds nothing
            function, place, parameter = name.rsplit(":", 2)
            calls = self.facts.received(function, int(place), parameter)
            found = [self._union(list(values), path, depth) for path, values in calls]
            self._parameters[name] = frozenset().union(*found) - {TENSOR} if all(found) else frozenset()
        return self._parameters[name]

    def _called(self, name: str, path: str, depth: int) -> frozenset[str]:
        """What calling a canonical name gives."""
        given = _lookup("functions", name)
        if given is not None:
            return frozenset([given])
        if name.startswith(("keras.", "tensorflow.")):
            for private in ("tensorflow.python.keras.", "tensorflow.contrib.keras."):
                if name.startswith(private):  # whose classes are those of tf.keras, and not in the index
                    name = f"tensorflow.keras.{name.removeprefix(private)}"
            symbol = self._symbol(name)
            return frozenset([name]) if symbol is not None and symbol.kind == "class" else frozenset()
        found = self.facts.locate(path, name)
        if found is None:
            return frozenset()
        file, rest = found
        summary = self.facts.summaries.get(file)
        qualname = ".".join(rest)
        if summary is None:
            return frozenset()
        if qualname in summary.classes:
            return frozenset([f"{summary.module}.{qualname}"])
        return self._union(list(summary.returns.get(qualname, ())), file, depth)

    def _member(self, owner: str, value: Value, path: str, depth: int) -> frozenset[str]:
        """An attribute of an instance, or what a method of it gives."""
        table = "methods" if value.kind == "method" else "attributes"
        for ancestor in self.ancestors(owner):
            given = _lookup(table, f"{ancestor}.{value.name}")
            if given is not None:
                return frozenset([given]) if given else frozenset()
            found = self.facts.locate(path, ancestor)
            summary = self.facts.summaries.get(found[0]) if found is not None else None
            if found is None or summary is None:
                continue
            qualname = ".".join(found[1])
            if value.kind == "method" and f"{qualname}.{value.name}" in summary.returns:
                return self._union(list(summary.returns[f"{qualname}.{value.name}"]), found[0], depth)
            cls = summary.classes.get(qualname)
            if value.kind == "attr" and cls is not None and value.name in cls.attributes:
                return self._union(list(cls.attributes[value.name]), found[0], depth)
        return frozenset()

    def _union(self, values: list[Value], path: str, depth: int) -> frozenset[str]:
        found: set[str] = set()
        for value in values:
            found |= self.resolve(value, path, depth + 1)
        return frozenset(found)

    def ancestors(self, cls: str) -> tuple[str, ...]:
        """The class and all its bases, by canonical names: the project's own, then the library's."""
        found: list[str] = []
        stack = [cls]
        while stack and len(found) < 40:
            name = stack.pop(0)
            if name in found:
                continue
            found.append(name)
            own = self.facts.locate(self.survey.path, name)
            summary = self.facts.summaries.get(own[0]) if own is not None else None
            if own is not None and summary is not None and ".".join(own[1]) in summary.classes:
                bases = summary.classes[".".join(own[1])].bases
                stack += [self.facts.follow(own[0], base) for base in bases]
            else:
                stack += self._library_bases(name)
        return tuple(found)

    def _library_bases(self, name: str) -> tuple[str, ...]:
        alias = _lookup("classes", name)
        symbol = self._symbol(name)
        return (*((alias,) if alias else ()), *(symbol.bases if symbol is not None else ()))

    def _symbol(self, name: str) -> index.Symbol | None:
        found = self.knowledge.origin_symbol(name)
        if found is None and name.startswith("tensorflow."):
            found = next(iter(self.knowledge.target_symbols(name)), None)
        return found

    def inherits(self, cls: str, group: str) -> bool:
        return group in self.ancestors(cls)


@cache
def _lookup(table: str, name: str) -> str | None:
    entries = tables().get(table, {})
    if name in entries:
        return entries[name]
    return next((value for key, value in entries.items() if "*" in key and fnmatch.fnmatchcase(name, key)), None)
