"""The Python files of a tree, and what their names stand for outside it: re-exports are followed through its modules.

Part of the independent accounting (`account.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import libcst as cst
from account_index import Index
from account_names import Call, Name, Surface, survey

ROOTS = frozenset({"keras", "tensorflow", "tf_keras"})
DEPTH = 8  # re-exports of re-exports

Through = frozenset[tuple[str, int]]  # where other modules of the tree bind what a name resolves through


@dataclass(slots=True)
class Tree:
    """The Python files of a folder, surveyed once; `texts` by path relative to `root`, with forward slashes."""

    texts: Mapping[str, str]
    index: Index
    surfaces: dict[str, Surface | None] = field(default_factory=dict)

    def surface(self, path: str) -> Surface | None:
        if path not in self.surfaces:
            try:
                self.surfaces[path] = survey(self.texts[path])
            except (cst.ParserSyntaxError, RecursionError):
                self.surfaces[path] = None
        return self.surfaces[path]

    def module(self, importer: str, dotted: str) -> tuple[str, str]:
        """The file of this tree that a module name means, and the rest of the name; ("", dotted) where none does."""
        folder = PurePosixPath(importer).parent
        dots = len(dotted) - len(dotted.lstrip("."))
        if dots:
            for _ in range(dots - 1):
                folder = folder.parent
            return self.below(folder, dotted[dots:], relative=True)
        for root in (folder, *folder.parents):
            if root != PurePosixPath(".") and str(root / "__init__.py") in self.texts:
                continue  # a package's own folder is on nobody's path
            path, rest = self.below(root, dotted)
            if path:
                return path, rest
        return "", dotted

    def below(self, folder: PurePosixPath, dotted: str, relative: bool = False) -> tuple[str, str]:
        parts = [part for part in dotted.split(".") if part]
        for length in range(len(parts), -1 if relative else 0, -1):
            base = folder.joinpath(*parts[:length])
            for candidate in ((base.with_suffix(".py"),) if length else ()) + (base / "__init__.py",):
                if str(candidate) in self.texts:
                    return str(candidate), ".".join(parts[length:])
        return "", dotted

    def resolve(self, importer: str, canonical: str, depth: int = DEPTH) -> dict[str, Through]:
        """What a name stands for outside this tree: itself, or what the tree's modules say; empty if it is its own."""
        path, rest = self.module(importer, canonical)
        if not path:
            return {} if canonical.startswith(".") else {canonical: frozenset()}
        surface = self.surface(path) if depth else None
        if surface is None or not rest:
            return {}
        first, _, more = rest.partition(".")
        found: dict[str, Through] = {}
        exports, lines = surface.exports.get(first, (frozenset(), frozenset()))
        for export in exports:
            for name, through in self.resolve(path, export + ("." + more if more else ""), depth - 1).items():
                found[name] = through | {(path, line) for line in lines}
        for star in surface.stars if not exports else ():
            for module in star.canonical:
                found |= self.through_star(path, module, rest, depth - 1)
        return found

    def through_star(self, path: str, module: str, rest: str, depth: int) -> dict[str, Through]:
        """What a name that a star import may bind stands for."""
        own, _ = self.module(path, module)
        if own:
            return self.resolve(path, f"{module}.{rest}", depth) if depth else {}
        return {f"{module}.{rest}": frozenset()} if rest.split(".")[0] in self.index.star(module) else {}


@dataclass(frozen=True, slots=True)
class Outside:
    """What a name or a call stands for outside the tree, and where other modules of the tree bind that."""

    canonical: tuple[str, ...] = ()
    through: Through = frozenset()
    bound_at: frozenset[int] = frozenset()


class Resolved:
    """A file's names and calls with what they stand for outside the tree."""

    def __init__(self, tree: Tree, path: str) -> None:
        self.tree, self.path = tree, path
        self.surface = tree.surface(path)
        self.names: list[tuple[Name, Outside]] = []
        self.calls: list[tuple[Call, Outside]] = []
        if self.surface is None:
            return
        bare = {name: self.by_star(name) for name in {min(n.canonical) for n in self.surface.unresolved}}
        self.names += [(name, self.outside(name.canonical, name.bound_at)) for name in self.surface.names]
        self.names += [(name, bare[min(name.canonical)]) for name in self.surface.unresolved]
        for call in self.surface.calls:
            found = self.outside(call.canonical, call.bound_at)
            self.calls.append((call, found if found.canonical else bare.get(call.callee, found)))

    def outside(self, canonical: frozenset[str], bound_at: frozenset[int]) -> Outside:
        found: dict[str, Through] = {}
        for name in sorted(canonical):
            found |= self.tree.resolve(self.path, name)
        return _outside(found, bound_at)

    def by_star(self, name: str) -> Outside:
        found: dict[str, Through] = {}
        stars = self.surface.stars if self.surface else ()
        for star in stars:
            for module in star.canonical:
                found |= self.tree.through_star(self.path, module, name, DEPTH)
        return _outside(found, frozenset(line for star in stars for line in star.bound_at))

    def says(self, names: frozenset[str]) -> bool:
        return any(_beginnings(c) & names for _, o in self.names for c in o.canonical if c.startswith("keras"))


def _outside(found: dict[str, Through], bound_at: frozenset[int]) -> Outside:
    here = {name: through for name, through in found.items() if name.split(".")[0] in ROOTS}
    return Outside(tuple(sorted(here)), frozenset().union(*here.values()), bound_at)


def _beginnings(canonical: str) -> set[str]:
    parts = canonical.split(".")
    return {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
