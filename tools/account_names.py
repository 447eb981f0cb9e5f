"""What one Python file refers to, by libcst's own metadata: imports, dotted names that resolve through them, calls.

Part of the independent accounting (`account.py`); shares no code with tfkdoctor's engine, so that a mistake of its
resolver cannot hide itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import libcst as cst
from libcst.metadata import (
    Assignment,
    BaseAssignment,
    CodeRange,
    ExpressionContext,
    ExpressionContextProvider,
    GlobalScope,
    ImportAssignment,
    MetadataWrapper,
    PositionProvider,
    Scope,
    ScopeProvider,
)

ALIAS_DEPTH = 5  # K = keras.backend; L = K; … : how many such steps are followed


@dataclass(frozen=True, slots=True)
class Name:
    """A dotted name at a place, and the canonical names that it may stand for (one for each import that binds it).

    Relative imports keep their dots (`.backend.K`); lines count from 1.
    """

    canonical: frozenset[str]
    line: int
    lines: frozenset[int]  # all lines that it stands on; for an import also the line on which its statement starts
    bound_at: frozenset[int]  # lines of the imports that bind its first part
    imported: bool = False  # it stands in an import statement
    first: str = ""  # its first part as written


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call; `keyword` is None for a positional one, `star` is "", "*" or "**"."""

    keyword: str | None
    star: str
    code: str
    display: bool  # a tuple or list written out
    line: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call. `canonical` is empty where the callee does not resolve through imports; then `method` may be set."""

    canonical: frozenset[str]
    callee: str  # as written, where it is a plain dotted name
    method: str  # `fit` of `x.y.fit(…)`, or ""
    arguments: tuple[Argument, ...]
    line: int
    end_line: int
    callee_line: int  # where the last part of the callee stands
    bound_at: frozenset[int] = frozenset()

    @property
    def placed(self) -> tuple[Argument, ...]:
        """The positional arguments before the first star."""
        stop = next((place for place, a in enumerate(self.arguments) if a.star), len(self.arguments))
        return tuple(a for a in self.arguments[:stop] if a.keyword is None)


@dataclass(frozen=True, slots=True)
class Surface:
    """Everything of a file that the accounting looks at."""

    names: tuple[Name, ...]
    calls: tuple[Call, ...]
    exports: Mapping[str, tuple[frozenset[str], frozenset[int]]]  # module-level name -> what it is, bound where
    defines: frozenset[str]  # names of functions and methods that the file defines
    unresolved: tuple[Name, ...]  # bare names that no scope binds: star imports may
    stars: tuple[Name, ...]  # `from X import *`: X


@cache
def survey(text: str) -> Surface:
    """Read one file; raises `libcst.ParserSyntaxError` where it cannot be parsed."""
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    reader = _Reader(
        wrapper.module,
        wrapper.resolve(ScopeProvider),
        wrapper.resolve(PositionProvider),
        wrapper.resolve(ExpressionContextProvider),
    )
    wrapper.module.visit(_Aliases(reader))
    wrapper.module.visit(reader)
    return reader.surface()


def dotted(node: cst.CSTNode | None) -> tuple[str, ...]:
    """The parts of a plain dotted name, empty for anything else."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return ()
    return (node.value, *reversed(parts))


class _Aliases(cst.CSTVisitor):
    """Collects `K = keras.backend`: an assigned name that is only another name for a dotted one."""

    def __init__(self, reader: _Reader) -> None:
        self.reader = reader

    def visit_Assign(self, node: cst.Assign) -> None:
        if isinstance(node.value, cst.Name | cst.Attribute) and dotted(node.value):
            for target in node.targets:
                if isinstance(target.target, cst.Name):
                    self.reader.aliases[target.target] = node.value


class _Reader(cst.CSTVisitor):
    def __init__(
        self,
        module: cst.Module,
        scopes: Mapping[cst.CSTNode, Scope | None],
        positions: Mapping[cst.CSTNode, CodeRange],
        contexts: Mapping[cst.CSTNode, ExpressionContext | None],
    ) -> None:
        self.module, self.scopes, self.positions, self.contexts = module, scopes, positions, contexts
        self.aliases: dict[cst.CSTNode, cst.BaseExpression] = {}
        self.names: list[Name] = []
        self.calls: list[Call] = []
        self.unresolved: list[Name] = []
        self.stars: list[Name] = []
        self.defines: set[str] = set()

    def surface(self) -> Surface:
        return Surface(
            tuple(self.names),
            tuple(self.calls),
            self.exports(),
            frozenset(self.defines),
            tuple(self.unresolved),
            tuple(self.stars),
        )

    def exports(self) -> dict[str, tuple[frozenset[str], frozenset[int]]]:
        scope = next((s for s in self.scopes.values() if isinstance(s, GlobalScope)), None)
        if scope is None:
            return {}
        found = {name: self.meanings(scope, (name,)) for name in {a.name.split(".")[0] for a in scope.assignments}}
        return {name: meaning for name, meaning in found.items() if meaning[0]}

    def meanings(
        self, scope: Scope | None, parts: Sequence[str], depth: int = ALIAS_DEPTH
    ) -> tuple[frozenset[str], frozenset[int]]:
        """Canonical names of a dotted name in a scope, and the lines of the imports that bind it."""
        if scope is None or not parts:
            return frozenset(), frozenset()
        canonical: set[str] = set()
        lines: set[int] = set()
        for assignment in _assignments(scope, parts):
            if isinstance(assignment, ImportAssignment):
                canonical |= {
                    q.name for q in assignment.get_qualified_names_for(".".join(parts)) if not q.name.startswith("<")
                }
                if isinstance(assignment.node, cst.Import | cst.ImportFrom):
                    lines |= self.import_lines(assignment.node, parts[0])
            elif isinstance(assignment, Assignment) and depth and assignment.node in self.aliases:
                value = self.aliases[assignment.node]
                if dotted(value)[0] == parts[0]:
                    continue  # `keras = keras`: no new meaning, and no end
                more, at = self.meanings(assignment.scope, (*dotted(value), *parts[1:]), depth - 1)
                canonical |= more
                lines |= at | {self.positions[value].start.line}
        return frozenset(canonical), frozenset(lines)

    def import_lines(self, node: cst.Import | cst.ImportFrom, first: str) -> set[int]:
        """Where an import statement starts, and where the aliases stand that bind a name."""
        lines = {self.positions[node].start.line}
        if not isinstance(node.names, cst.ImportStar):
            for alias in node.names:
                bound = alias.evaluated_alias or dotted(alias.name)[0]
                if bound == first:
                    lines.add(self.positions[alias].start.line)
        return lines

    def visit_Import(self, node: cst.Import) -> bool:
        for alias in node.names:
            self.import_alias(node, alias, ".".join(dotted(alias.name)))
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        module = "." * len(node.relative) + ".".join(dotted(node.module))
        if isinstance(node.names, cst.ImportStar):
            line = self.positions[node].start.line
            star = Name(frozenset({module}), line, frozenset({line}), frozenset({line}), imported=True)
            self.stars.append(star)
            self.names.append(star)
            return False
        for alias in node.names:
            joint = "" if module.endswith(".") else "."
            self.import_alias(node, alias, module + joint + ".".join(dotted(alias.name)))
        return False

    def import_alias(self, node: cst.Import | cst.ImportFrom, alias: cst.ImportAlias, canonical: str) -> None:
        lines = frozenset({self.positions[node].start.line, self.positions[alias].start.line})
        self.names.append(Name(frozenset({canonical}), self.positions[alias].start.line, lines, lines, imported=True))

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        if not dotted(node):
            return True
        self.reference(node)
        return False

    def visit_Name(self, node: cst.Name) -> None:
        if self.contexts.get(node) is ExpressionContext.LOAD:
            self.reference(node)

    def visit_Arg(self, node: cst.Arg) -> bool:
        node.value.visit(self)
        return False

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self.defines.add(node.name.value)

    def reference(self, node: cst.Name | cst.Attribute) -> None:
        scope, parts = self.scopes.get(node), dotted(node)
        canonical, bound_at = self.meanings(scope, parts)
        place = self.positions[node]
        line, lines = place.start.line, frozenset(range(place.start.line, place.end.line + 1))
        if canonical:
            self.names.append(Name(canonical, line, lines, bound_at, first=parts[0]))
        elif scope is not None and not list(scope[parts[0]]):
            self.unresolved.append(Name(frozenset({".".join(parts)}), line, lines, frozenset(), first=parts[0]))

    def visit_Call(self, node: cst.Call) -> None:
        scope = self.scopes.get(node.func) or self.scopes.get(_root(node.func))
        canonical, bound_at = self.meanings(scope, dotted(node.func))
        place, callee = self.positions[node], self.positions[node.func]
        self.calls.append(
            Call(
                canonical,
                ".".join(dotted(node.func)),
                node.func.attr.value if isinstance(node.func, cst.Attribute) else "",
                tuple(self.argument(a) for a in node.args),
                place.start.line,
                place.end.line,
                callee.end.line,
                bound_at,
            )
        )

    def argument(self, node: cst.Arg) -> Argument:
        return Argument(
            node.keyword.value if node.keyword else None,
            node.star,
            "".join(self.module.code_for_node(node.value).split()),
            isinstance(node.value, cst.Tuple | cst.List),
            self.positions[node].start.line,
        )


def _root(node: cst.CSTNode) -> cst.CSTNode:
    while isinstance(node, cst.Attribute):
        node = node.value
    return node


def _assignments(scope: Scope, parts: Sequence[str]) -> Iterable[BaseAssignment]:
    """What binds a dotted name: `import a.b.c` binds `a.b.c` and its beginnings, so the longest one decides."""
    for length in range(len(parts), 0, -1):
        found = list(scope[".".join(parts[:length])])
        if found:
            return found
    return ()
