"""What a rule may ask while one file is matched, and where it leaves what it finds."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

from tfkdoctor.knowledge import Knowledge
from tfkdoctor.migrate.functions import Functions
from tfkdoctor.migrate.link import ProjectFacts
from tfkdoctor.migrate.names import Binding
from tfkdoctor.migrate.plans import Amendment, Found, ImportPlan, Plan, Reference, TemplatePlan, Trouble
from tfkdoctor.migrate.spreads import Spread
from tfkdoctor.migrate.survey import Survey
from tfkdoctor.migrate.symbolic import Symbols
from tfkdoctor.migrate.types import Types
from tfkdoctor.model import Settings

_WRAP = re.compile(r"\{@support\.(\w+)\}\(")
_CALLED = re.compile(r"(?:\w+\()+")  # the functions that an expression is given to, from the outside in
FOREIGN_KERAS = ("tensorflow.python.keras", "tensorflow.contrib.keras")


@dataclass(slots=True, eq=False)
class Context:
    """Everything that a rule may ask while one file is matched."""

    survey: Survey
    facts: ProjectFacts
    knowledge: Knowledge
    settings: Settings
    types: Types
    found: Found = field(default_factory=Found)
    moves: dict[Binding, ImportPlan] = field(default_factory=dict)
    reference_of: dict[ast.AST, Reference] = field(default_factory=dict)
    amendments: dict[ast.Call, list[Amendment]] = field(default_factory=dict)
    spreads: dict[ast.Call, Spread] = field(default_factory=dict)  # calls that are read with a dictionary's entries
    handed: set[ast.AST] = field(default_factory=set)  # classes that support code gives the arguments that they took
    covered: dict[ast.AST, str] = field(default_factory=dict)  # node of a reference -> the plan that does away with it
    kinds: dict[ast.expr, str | None] = field(default_factory=dict)  # what `fixers.kinds` found out
    _symbols: list[Symbols] = field(default_factory=list)

    @property
    def path(self) -> str:
        return self.survey.path

    @property
    def graph(self) -> str | None:
        """Why this file's programs need graph mode, or None."""
        return self.facts.modes.graph.get(self.path)

    @property
    def compat(self) -> bool:
        """Whether this file's programs run on `tensorflow.compat.v1`, with v2 behaviour off."""
        return self.path in self.facts.modes.compat

    @property
    def legacy_tensorflow(self) -> bool:
        return self.path in self.facts.legacy_tf

    @property
    def first_tensorflow(self) -> bool:
        """Whether this file's programs are written for TensorFlow 1, and run eagerly on the target."""
        first = self.path in self.facts.first_tf or self.path in self.facts.modes.eager
        return first and self.graph is None and not self.switched

    @property
    def first_keras(self) -> bool:
        """Whether the tf.keras of this file's programs is shown to be that of TensorFlow 1, and runs eagerly today."""
        if self.graph is not None or self.compat or self.switched:
            return False
        return self.first_tensorflow or self.facts.told_first

    @property
    def keras2_optimizers(self) -> bool:
        """Whether the optimizers of tf.keras are those of Keras 2: up to TensorFlow 1.13 they were."""
        return self.first_keras and self.knowledge.origin_tensorflow < (1, 14)

    @property
    def switched(self) -> bool:
        """Whether a program of this file switches v2 behaviour off already, so that its sessions stay."""
        return self.path in self.facts.modes.switched

    @property
    def modern(self) -> bool:
        """Whether this file is written for Keras 3 already, so that what the target has is right as it stands."""
        return self.path in self.facts.modern and not self.legacy_tensorflow

    @property
    def symbols(self) -> Symbols:
        """Which expressions are symbolic tensors; asked once all references are known."""
        if not self._symbols:
            self._symbols.append(Symbols(self, Functions(self)))
        return self._symbols[0]

    def id(self, code: str, start: int) -> str:
        return f"{self.path}:{code}:{start}"

    def add(self, plan: Plan, covers: Iterable[ast.AST] = ()) -> None:
        """Take up a plan; `covers` are nodes of references that nothing else is to be said of."""
        if isinstance(plan, TemplatePlan) and self._is_wrapped(plan):
            return  # by an earlier run, that left a file with other old names
        self.found.plans.append(plan)
        self.covered.update(dict.fromkeys(covers, plan.id))

    def _is_wrapped(self, plan: TemplatePlan) -> bool:
        """Whether a plan puts into a function of the support module what stands in that very function already."""
        first = plan.changes[0] if plan.changes else None
        wrap = _WRAP.fullmatch(str(first.pieces[0])) if first is not None and first.pieces else None
        if first is None or wrap is None or first.start != first.end:
            return False
        piece = f"{self.settings.support_name}.{wrap[1]}"
        chain = _CALLED.match(self.survey.lines.text, first.start)
        called = chain[0].removesuffix("(").split("(") if chain is not None else []
        bound = self.survey.names.module.names
        return any((b.canonical or "").endswith(piece) for name in called for b in bound.get(name, ()))

    def amend(self, call: ast.Call, amendment: Amendment) -> None:
        self.amendments.setdefault(call, []).append(amendment)

    def movable(self, bindings: tuple[Binding, ...]) -> tuple[Binding, ...]:
        return tuple(b for b in bindings if b in self.moves)

    def is_taken(self, binding: Binding) -> bool:
        """Whether a name may be meant for others: another file imports it, or the file is there to export names."""
        exported = self.path.endswith("__init__.py") or self._lists(binding.name)
        return exported or binding.name in self.facts.taken.get(self.path, frozenset())

    def _lists(self, name: str) -> bool:
        """Whether `__all__` names it, or may name it."""
        made = self.survey.names.module.names.get("__all__", [])
        texts = [_texts_of(binding.value) for binding in made]
        return any(names is None or name in names for names in texts)

    def is_handled(self, node: ast.AST) -> bool:
        """Whether the program goes another way where this is missing: in a `try` that catches what that raises."""
        parents = self.survey.names.parents
        current: ast.AST = node
        while current in parents and not isinstance(current, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            above = parents[current]
            if isinstance(above, ast.Try) and current in above.body:
                caught = [leaf for h in above.handlers for leaf in _caught(h)]
                if {"", "AttributeError", "ImportError", "Exception", "BaseException"} & set(caught):
                    return True
            current = above
        return False

    def is_fallback(self, node: ast.AST) -> bool:
        """Whether the program comes here only where something is missing that the target has."""
        parents = self.survey.names.parents
        current: ast.AST = node
        while current in parents and not isinstance(current, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            above = parents[current]
            if isinstance(above, ast.ExceptHandler) and set(_caught(above)) <= _LACKS:
                attempt = parents[above]
                return isinstance(attempt, ast.Try) and self._lives(attempt.body)
            current = above
        return False

    def _lives(self, body: list[ast.stmt]) -> bool:
        """Whether statements name something of TensorFlow or Keras, and all of it has a home on the target."""
        inside = {id(node) for statement in body for node in ast.walk(statement)}
        homes = [reference.home for reference in self.found.references if id(reference.node) in inside]
        for binding in self.survey.names.imports:
            canonical = binding.canonical or ""
            if id(binding.statement) in inside and canonical.partition(".")[0] in ("keras", "tensorflow"):
                homes.append(self.knowledge.home(canonical))
        return bool(homes) and None not in homes

    def writable(self, node: ast.expr) -> bool:
        """Whether the positions of a node can be trusted.

        Before Python 3.12 those inside f-strings are found by searching for the expression's text, so that the second
        of two equal ones may get the place of the first.
        """
        if sys.version_info >= (3, 12) or not self.in_fstring(node):
            return True
        try:
            found = ast.parse(f"({self.survey.lines.segment(node)})", mode="eval").body
        except SyntaxError:
            return False
        starts = [self.survey.lines.start(use.root) for use in self.survey.names.uses if self.in_fstring(use.root)]
        root = self.survey.lines.start(node)
        return ast.dump(found) == ast.dump(node) and starts.count(root) <= 1

    def in_fstring(self, node: ast.expr) -> bool:
        current: ast.AST | None = node
        while current is not None and not isinstance(current, ast.stmt):
            if isinstance(current, ast.JoinedStr):
                return True
            current = self.survey.names.parents.get(current)
        return False


_LACKS = frozenset(["AttributeError", "ImportError", "ModuleNotFoundError"])


def _texts_of(value: ast.expr | None) -> frozenset[str] | None:
    """The strings of a list or tuple that is written out; None for anything else."""
    if not isinstance(value, ast.List | ast.Tuple):
        return None
    texts = [one.value for one in value.elts if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return frozenset(texts) if len(texts) == len(value.elts) else None


def _caught(handler: ast.ExceptHandler) -> list[str]:
    """The names of what a handler catches, "" for all."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return ["" if kind is None else ast.unparse(kind).rpartition(".")[2] for kind in kinds]


def is_legacy_root(context: Context, canonical: str) -> bool:
    """Whether an imported name belongs to a Keras that is not the target's: standalone, contrib's, the private one."""
    if canonical == "keras" or canonical.startswith("keras."):
        return context.path not in context.facts.modern and not context.facts.is_own(context.path, "keras")
    return any(canonical == p or canonical.startswith(p + ".") for p in FOREIGN_KERAS)


def graph_trouble(context: Context, name: str, start: int, end: int, more: str) -> None:
    rows = context.knowledge.rows("removed", name)
    code = next((r.code for r in rows if r.code == "TFK701"), "TFK702")
    what = "needs graph mode" if code == "TFK701" else "is not in the target, and its program runs in graph mode"
    help_text = "session code is not rewritten yet: bring the program over by hand, or run it on tensorflow.compat.v1"
    context.found.troubles.append(
        Trouble(
            code,
            start,
            end,
            f"`{name}` {what} ({context.graph})",
            f"{more}; {help_text}" if more else help_text,
            name=name,
        )
    )
