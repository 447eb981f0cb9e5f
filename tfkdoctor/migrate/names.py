"""Scopes, bindings and uses of names: what each name in a module refers to. `walk.py` fills them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(slots=True, eq=False)
class Scope:
    kind: str  # module | class | function | comprehension
    node: ast.AST
    parent: Scope | None
    qualname: str = ""
    names: dict[str, list[Binding]] = field(default_factory=dict)
    global_names: set[str] = field(default_factory=set)
    nonlocal_names: set[str] = field(default_factory=set)

    @property
    def module(self) -> Scope:
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def enclosing_class(self) -> Scope | None:
        """The class whose method this scope, or a function around it, is."""
        scope: Scope | None = self
        while scope is not None and scope.kind != "class":
            scope = scope.parent
        return scope


@dataclass(slots=True, eq=False)
class Binding:
    """One place where a name gets its meaning.

    `canonical` is set for imports (`keras.layers.Dense`; for a star the module) and for what this module defines.
    """

    name: str
    kind: str  # import | star | function | class | parameter | assign | other
    scope: Scope
    node: ast.AST
    canonical: str | None = None
    statement: ast.stmt | None = None
    value: ast.expr | None = None
    annotation: ast.expr | None = None

    @property
    def imported(self) -> bool:
        return self.kind in ("import", "star")


@dataclass(slots=True, eq=False)
class Use:
    """A dotted chain that begins with a name: `keras.layers.Dense` in `keras.layers.Dense(3)`."""

    root: ast.Name
    parts: tuple[ast.expr, ...]  # parts[i] is the node of the chain up to attrs[:i]
    attrs: tuple[str, ...]
    scope: Scope
    bindings: tuple[Binding, ...] = ()

    @property
    def node(self) -> ast.expr:
        return self.parts[-1]

    @property
    def stored(self) -> bool:
        return not isinstance(self.root.ctx if not self.attrs else getattr(self.node, "ctx", None), ast.Load)


@dataclass(slots=True, eq=False)
class Names:
    module: Scope
    uses: list[Use] = field(default_factory=list)
    imports: list[Binding] = field(default_factory=list)
    calls: list[tuple[ast.Call, Scope]] = field(default_factory=list)
    constants: list[ast.Constant] = field(default_factory=list)  # strings
    subscripts: list[ast.Subscript] = field(default_factory=list)
    dotted: list[tuple[ast.Attribute, Scope]] = field(default_factory=list)  # every attribute that is read or set
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)
    attributes: dict[tuple[Scope, str], list[ast.expr]] = field(default_factory=dict)  # self.x = value, by class
    unpacked: dict[tuple[Scope, str], list[tuple[int, ast.expr]]] = field(default_factory=dict)  # self.x, self.y = …
    returns: dict[Scope, list[ast.expr]] = field(default_factory=dict)
    functions: list[Scope] = field(default_factory=list)
    classes: list[Scope] = field(default_factory=list)
    use_of: dict[ast.AST, Use] = field(default_factory=dict)  # by the node of any prefix of the chain
    bound: set[str] = field(default_factory=set)  # every name that any scope binds
    calls_of: dict[str, list[ast.Call]] = field(default_factory=dict)  # by the last part of what is called
    _scopes: dict[ast.Call, Scope] = field(default_factory=dict, repr=False)

    def scope_of(self, call: ast.Call) -> Scope:
        """The scope that a call stands in."""
        if not self._scopes:
            self._scopes.update(self.calls)
        return self._scopes[call]


def lookup(scope: Scope, name: str) -> tuple[Binding, ...]:
    """All bindings that `name` may have where it is used in `scope` (LEGB; class scopes only from inside)."""
    current: Scope | None = scope
    while current is not None:
        if name in current.global_names:
            return tuple(current.module.names.get(name, ()))
        visible = current is scope or current.kind != "class"
        if visible and name in current.names:
            return tuple(current.names[name])
        current = current.parent
    return tuple(scope.module.names.get("*", ()))
