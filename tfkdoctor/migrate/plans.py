"""What a migration of one file intends, before any text is made of it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from tfkdoctor.knowledge import Home
from tfkdoctor.migrate.names import Binding, Scope, Use
from tfkdoctor.model import Edit, Safety, Severity


@dataclass(slots=True, eq=False)
class Reference:
    """A use of a TensorFlow or Keras name: `name` is the canonical one, found in the first `size` attributes."""

    use: Use
    bindings: tuple[Binding, ...]
    name: str
    size: int
    home: Home | None
    kind: str  # module | class | function | constant | method | unknown
    certain: bool = True  # every binding of the name is an import that comes to the same
    providers: frozenset[str] = frozenset()  # fixes that move imports in other files which the name comes through

    @property
    def node(self) -> ast.expr:
        return self.use.parts[self.size]

    @property
    def through_backend(self) -> bool:
        """Whether TensorFlow itself is reached through standalone Keras: `K.tf.log`."""
        keras = any((b.canonical or "").partition(".")[0] == "keras" for b in self.bindings)
        return keras and self.name.startswith("tensorflow.")


@dataclass(slots=True, eq=False)
class Plan:
    """One fix in the making.

    `bindings` are the imports that must have moved for it to be right; `silent` says that without it those imports
    would move into wrong numbers, so they depend on it in turn.
    """

    id: str
    code: str
    start: int
    end: int
    message: str
    severity: Severity
    safety: Safety = Safety.SAFE
    help: str = ""
    bindings: tuple[Binding, ...] = ()
    silent: bool = False
    edits: tuple[Edit, ...] = ()
    requires: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()  # see Reference
    name: str = ""
    introduces: frozenset[str] = frozenset()  # canonical names that its text brings in
    parts: tuple[
        tuple[str, str, str], ...
    ] = ()  # (id, code, message) where several rules are united; the first is the plan's own

    def reasons(self) -> tuple[tuple[str, str, str], ...]:
        """(id, code, message) of every rule that has a part in this plan."""
        return self.parts or ((self.id, self.code, self.message),)


@dataclass(slots=True, eq=False)
class ImportPlan(Plan):
    """An import that moves: `binding` gets its meaning from `target` afterwards."""

    binding: Binding | None = None
    target: str = ""


@dataclass(slots=True, eq=False)
class UsePlan(Plan):
    """A dotted chain that is written anew, so that it means `target`."""

    reference: Reference | None = None
    target: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One argument of the call to be: `pieces` are texts, indexes of original arguments, and nodes from elsewhere."""

    pieces: tuple[str | int | ast.expr, ...]
    keyword: str | None = None
    original: int | None = None  # set where it is exactly this original argument, perhaps under another keyword
    source: int | None = None  # the original argument in whose place it stands

    @property
    def holes(self) -> tuple[int, ...]:
        return tuple(p for p in self.pieces if isinstance(p, int))


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a fixer adds to a call's own plan: new values of arguments, None for one that goes."""

    code: str
    message: str
    arguments: Mapping[str, tuple[str | ast.expr, ...] | None]
    silent: bool = True  # without it the call would run and mean something else
    requires: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class CallPlan(Plan):
    """A call whose arguments change; all rules that touch the call are united in its items."""

    call: ast.Call | None = None
    scope: Scope | None = None
    items: tuple[Item, ...] | None = None  # None where the arguments stay
    method: str | None = None  # the new name of the method, where it changes
    callee: str | None = None  # a template for what is called, where that changes: "{@keras.layers.add}"


Piece = str | ast.expr | tuple[int, int]  # a text, a node of the original, a range of it


@dataclass(frozen=True, slots=True)
class Change:
    """The range `start:end` of the original becomes `pieces`: texts, and parts of the original that are carried along.

    A text may hold `{@canonical.name}`, which is spelled as the place has it.
    """

    start: int
    end: int
    pieces: tuple[Piece, ...]


@dataclass(slots=True, eq=False)
class TemplatePlan(Plan):
    """Code that is written anew around nodes of the original. `covers` are the references that it does away with."""

    changes: tuple[Change, ...] = ()
    scope: Scope | None = None
    covers: frozenset[ast.AST] = frozenset()


@dataclass(slots=True, eq=False)
class Trouble:
    """A place that cannot be rewritten. A silent one would go wrong unnoticed, so it holds its imports."""

    code: str
    start: int
    end: int
    message: str
    help: str
    severity: Severity = Severity.ERROR
    bindings: tuple[Binding, ...] = ()
    silent: bool = False
    name: str = ""
    providers: frozenset[str] = frozenset()  # see Reference


@dataclass(slots=True, eq=False)
class Found:
    """All that match has found in a file."""

    references: list[Reference] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
