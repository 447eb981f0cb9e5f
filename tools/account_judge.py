"""Which references of a tree are legacy: names that the target lacks, calls that do not fit it, old method names.

Part of the independent accounting (`account.py`). A reference is legacy if it leads to standalone Keras, to
`tf.contrib`, to a private or missing name of TensorFlow; if it calls a name with arguments that the target's signature
refuses or gives another meaning; or if it is a method call that only Keras of its time understood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import libcst as cst
from account_calls import Shift, misfit, shifted
from account_index import Index
from account_names import Call, Name, Surface, survey

ROOTS = frozenset({"keras", "tensorflow", "tf_keras"})
DEPTH = 8  # re-exports of re-exports


@dataclass(frozen=True, slots=True)
class Reference:
    """One legacy reference. `lines`: where a finding may stand to be about it; `bound_at`: its imports."""

    kind: str  # import | name | method | call
    name: str
    line: int
    lines: frozenset[int]
    why: str
    bound_at: frozenset[int] = frozenset()
    shift: Shift | None = None  # the call would run on the target and mean something else


@dataclass(frozen=True, slots=True)
class Placed:
    """The positional arguments of a resolved call, and what the target calls the parameters that they land on."""

    line: int
    codes: tuple[str, ...]
    parameters: tuple[str, ...]

    def repeats(self, shift: Shift) -> bool:
        """Whether the arguments stand where they stood, and do not mean what they meant."""
        codes = self.codes[shift.place : shift.place + len(shift.codes)]
        parameter = self.parameters[shift.place] if shift.place < len(self.parameters) else ""
        return codes == shift.codes and not (shift.meant and parameter == shift.meant)


@dataclass(frozen=True, slots=True)
class Judged:
    """One file: its legacy references, the lines of all TensorFlow and Keras names, and its resolved calls."""

    legacy: tuple[Reference, ...] = ()
    names: tuple[tuple[int, str], ...] = ()  # (line, canonical) of TensorFlow and Keras, legacy or not, no imports
    others: tuple[tuple[int, str], ...] = ()  # (line, first part) of everything else that is imported
    calls: tuple[Placed, ...] = ()
    parsed: bool = True


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

    def judge(self) -> dict[str, Judged]:
        resolved = {path: _Resolved(self, path) for path in sorted(self.texts)}
        modern = any(r.says(self.index.only_keras3) for r in resolved.values()) and not any(
            r.says(self.index.never_keras3) for r in resolved.values()
        )
        own = frozenset().union(*(r.surface.defines for r in resolved.values() if r.surface))
        return {path: _judge(r, self.index, modern, own) for path, r in resolved.items()}

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

    def resolve(self, importer: str, canonical: str, depth: int = DEPTH) -> frozenset[str]:
        """What a name stands for outside this tree: itself, or what the tree's modules say; empty if it is its own."""
        path, rest = self.module(importer, canonical)
        if not path:
            return frozenset() if canonical.startswith(".") else frozenset({canonical})
        surface = self.surface(path) if depth else None
        if surface is None or not rest:
            return frozenset()
        first, _, more = rest.partition(".")
        found: set[str] = set()
        for export in (surface.exports or {}).get(first, ()):
            found |= self.resolve(path, export + ("." + more if more else ""), depth - 1)
        if first not in (surface.exports or {}):
            for star in surface.stars:
                for module in star.canonical:
                    found |= self.through_star(path, module, first, rest, depth - 1)
        return frozenset(found)

    def through_star(self, path: str, module: str, first: str, rest: str, depth: int) -> frozenset[str]:
        own, _ = self.module(path, module)
        if own:
            return self.resolve(path, f"{module}.{rest}", depth) if depth else frozenset()
        return frozenset({f"{module}.{rest}"}) if first in self.index.star(module) else frozenset()


class _Resolved:
    """A file's names and calls with what they stand for outside the tree."""

    def __init__(self, tree: Tree, path: str) -> None:
        self.tree, self.path = tree, path
        self.surface = tree.surface(path)
        self.names: list[Name] = []
        self.calls: list[Call] = []
        if self.surface is None:
            return
        stars = [module for star in self.surface.stars for module in star.canonical]
        bare = {name: self.by_star(stars, name) for name in {next(iter(n.canonical)) for n in self.surface.unresolved}}
        for name in self.surface.names:
            self.names.append(replace(name, canonical=self.outside(name.canonical)))
        for name in self.surface.unresolved:
            canonical = bare[next(iter(name.canonical))]
            if canonical:
                bound = frozenset(line for star in self.surface.stars for line in star.bound_at)
                self.names.append(replace(name, canonical=canonical, bound_at=bound))
        for call in self.surface.calls:
            canonical = self.outside(call.canonical) or bare.get(call.callee, frozenset())
            self.calls.append(replace(call, canonical=canonical))

    def outside(self, canonical: frozenset[str]) -> frozenset[str]:
        found = frozenset().union(*(self.tree.resolve(self.path, name) for name in canonical))
        return frozenset(name for name in found if name.split(".")[0] in ROOTS)

    def by_star(self, modules: list[str], name: str) -> frozenset[str]:
        found: set[str] = set()
        for module in modules:
            found |= self.tree.through_star(self.path, module, name.split(".")[0], name, DEPTH)
        return frozenset(n for n in found if n.split(".")[0] in ROOTS)

    def says(self, names: frozenset[str]) -> bool:
        return any(_beginnings(c) & names for n in self.names for c in n.canonical if c.startswith("keras"))


def _beginnings(canonical: str) -> set[str]:
    parts = canonical.split(".")
    return {".".join(parts[:length]) for length in range(1, len(parts) + 1)}


def _judge(resolved: _Resolved, index: Index, modern: bool, own: frozenset[str]) -> Judged:
    if resolved.surface is None:
        return Judged(parsed=False)
    legacy = list(_legacy_names(resolved, index, modern))
    tf1 = any(r.name.startswith("tensorflow.") for r in legacy)
    for call in resolved.calls:
        legacy.extend(_legacy_calls(call, index, modern, tf1))
        if not call.canonical:
            legacy.extend(_legacy_methods(call, index, own))
    uses = [name for name in resolved.names if not name.imported]
    names = tuple((n.line, sorted(n.canonical)[0]) for n in uses if n.canonical)
    others = tuple((n.line, n.first) for n in uses if not n.canonical)
    calls = tuple(_placed(c, index) for c in resolved.calls if c.canonical)
    return Judged(tuple(sorted(legacy, key=lambda r: (r.line, r.kind, r.name))), names, others, calls)


def _legacy_names(resolved: _Resolved, index: Index, modern: bool) -> Iterator[Reference]:
    for name in resolved.names:
        for canonical in sorted(name.canonical):
            why = index.why_legacy(canonical, modern)
            if why:
                kind = "import" if name.imported else "name"
                yield Reference(kind, canonical, name.line, name.lines, why, name.bound_at)
                break


def _placed(call: Call, index: Index) -> Placed:
    signature = index.signature(min(call.canonical))
    return Placed(call.line, tuple(a.code for a in call.placed), signature.by_place if signature else ())


def _legacy_calls(call: Call, index: Index, modern: bool, tf1: bool) -> Iterator[Reference]:
    for canonical in sorted(call.canonical):
        standalone = canonical.startswith("keras.") and not modern
        entry = index.entry(index.home(canonical) if standalone else canonical)
        leaf = canonical.rsplit(".", 1)[-1]
        if entry and entry.kind == "module":
            yield Reference("call", leaf, call.line, frozenset({call.line}), "a module is called", call.bound_at)
            return
        target = entry.signature if entry else None
        if target is None:
            continue
        in_time = standalone or (tf1 and not canonical.startswith("tensorflow.keras"))
        lines = frozenset({call.line, call.callee_line, *(a.line for a in call.arguments)})
        why = misfit(call, target)
        if why:
            yield Reference("call", leaf, call.line, lines, why, call.bound_at)
        shift = shifted(call, index.origin(canonical), target, leaf) if in_time else None
        if shift:
            yield Reference("call", leaf, call.line, lines, shift.why, call.bound_at, shift)
        if why or shift:
            return


def _legacy_methods(call: Call, index: Index, own: frozenset[str]) -> Iterator[Reference]:
    if call.method in own:
        return
    here = frozenset({call.line, call.callee_line})
    if call.method in index.legacy_methods:
        yield Reference("method", call.method, call.callee_line, here, "no class of the target has this method")
    for argument in call.arguments:
        if argument.keyword and argument.keyword in index.legacy_keywords.get(call.method, frozenset()):
            name = f"{call.method}({argument.keyword}=)"
            lines = here | {argument.line}
            yield Reference("method", name, argument.line, lines, "no such argument in the target")


def read_tree(root: Path) -> dict[str, bytes]:
    """The Python files of a folder by relative path; dotted folders are left out."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*.py"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts)
    }
