"""What stands for a session, a graph, its configuration or the initialization of variables in a Keras program.

In a program of Keras models nothing runs in a session any more, so that what only makes one, hands it on or closes it
can go. `Handles` finds these statements, and which of them really can: every use of what they bind must go as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.kinds import kind_of
from tfkdoctor.migrate.names import Binding, Use
from tfkdoctor.migrate.survey import Value

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_SETTERS = ("set_session", "manual_variable_initialization")
_CLOSERS = ("close", "finalize", "reset")
_MAKERS = ("_make_predict_function", "_make_train_function", "_make_test_function")
_ENTERED = ("session", "graph")
_NOTHING = ("tensorflow.reset_default_graph", "tensorflow.compat.v1.reset_default_graph")


@dataclass(slots=True, eq=False)
class Handles:
    """The statements and `with` items of a file that can go."""

    context: Context
    gone: list[ast.stmt] = field(default_factory=list)  # statements
    calls_kept: dict[ast.stmt, ast.Call] = field(default_factory=dict)  # of which only a call is left
    items: dict[ast.With, list[ast.withitem]] = field(default_factory=dict)
    values: list[tuple[ast.Call, ast.expr]] = field(default_factory=list)  # evaluations, and what they evaluate
    feeds: list[ast.Call] = field(default_factory=list)  # runs with a feed
    modelled: set[ast.Call] = field(default_factory=set)  # of these: what a model can take the place of
    initializations: list[ast.stmt] = field(default_factory=list)
    handed_on: dict[ast.AST, list[ast.expr]] = field(default_factory=dict)  # what binds a name that is None from now on

    def kind(self, node: ast.expr | None) -> str | None:
        """What an expression stands for: session, graph, init, config, options, or something else."""
        return kind_of(self.context, node)

    # -- what can go --

    def find(self) -> None:
        """Look at every statement of the file."""
        for node in ast.walk(self.context.survey.tree):
            if isinstance(node, ast.Expr):
                self._look_at_expression(node)
            elif isinstance(node, ast.Assign):
                self._look_at_assignment(node)
            elif isinstance(node, ast.Return):
                if node.value is not None and self.kind(node.value) in ("session", "graph", "config", "options"):
                    self.gone.append(node)
            elif isinstance(node, ast.With):
                items = [i for i in node.items if self._is_entered(i.context_expr)]
                if items:
                    self.items[node] = items
            elif isinstance(node, ast.Call):
                self._look_at_evaluation(node)

    def _look_at_expression(self, node: ast.Expr) -> None:
        call = node.value
        if not isinstance(call, ast.Call):
            return
        reference = self.context.reference_of.get(call.func)
        name = reference.name if reference is not None else ""
        if name in _NOTHING or (name.startswith("keras.") and name.rpartition(".")[2] in _SETTERS):
            self._go(node, call.args[0] if call.args else None)
        elif self.kind(call) in ("session", "graph"):
            self._go(node, call)
        elif isinstance(call.func, ast.Attribute):
            owner, method = self.kind(call.func.value), call.func.attr
            first = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "fetches"), None)
            runs = method == "run" and (owner == "init" or (owner == "session" and self.kind(first) == "init"))
            closes = owner in _ENTERED and method in _CLOSERS
            makes = method in _MAKERS and not call.args and not self.context.facts.defines_method(method)
            self.gone += [node] if runs or closes or makes else []
            self.initializations += [node] if runs else []

    def _go(self, node: ast.Expr, value: ast.expr | None) -> None:
        """A statement goes; a call of the project's own function in it stays, since that may do more."""
        self.gone.append(node)
        if isinstance(value, ast.Call) and self.context.reference_of.get(value.func) is None:
            self.calls_kept[node] = value

    def _look_at_assignment(self, node: ast.Assign) -> None:
        kind = self.kind(node.value)
        plain = all(isinstance(t, ast.Name | ast.Attribute) for t in node.targets)
        if kind is not None and plain and not is_setting(self, node):
            self.gone.append(node)
            if isinstance(node.value, ast.Call) and self.context.reference_of.get(node.value.func) is None:
                self.calls_kept[node] = node.value
        elif is_setting(self, node):
            self.gone.append(node)

    def _is_entered(self, node: ast.expr) -> bool:
        """`sess.as_default()`, `graph.as_default()`, `tf.Session()`."""
        if self.kind(node) == "session":
            return True
        func = node.func if isinstance(node, ast.Call) else None
        return isinstance(func, ast.Attribute) and func.attr == "as_default" and self.kind(func.value) in _ENTERED

    def _look_at_evaluation(self, call: ast.Call) -> None:
        func = call.func
        if not isinstance(func, ast.Attribute):
            return
        if func.attr == "run" and self.kind(func.value) == "session":
            fetches = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "fetches"), None)
            if len(call.args) > 1 or any(k.arg != "fetches" for k in call.keywords):
                self.feeds.append(call)
            elif fetches is not None and self.kind(fetches) != "init":
                self.values.append((call, fetches))
        elif func.attr == "eval" and not call.args and all(k.arg == "session" for k in call.keywords):
            sessions = [self.kind(k.value) == "session" for k in call.keywords]
            if all(sessions) if sessions else self._is_tensor(func.value):
                self.values.append((call, func.value))

    def _is_tensor(self, node: ast.expr) -> bool:
        """Whether an expression is what a function of TensorFlow or of the backend gives."""
        values = [v for v in self.context.survey.describe(node) if v.kind != "math"]
        made = ("tensorflow.", "keras.backend.")
        return bool(values) and all(v.kind == "call" and v.name.startswith(made) for v in values)

    # -- what must stay --

    def settle(self) -> None:
        """An assignment stays where a use of its name stays, and so does what stands in it; to a fixed point.

        What is only handed on, and compared with None, is None from now on.
        """
        while True:
            ranges = list(self._ranges())
            stays = [s for s in self.gone if isinstance(s, ast.Assign) and self._must_stay(s, ranges)]
            entered = [
                (w, i)
                for w, items in self.items.items()
                for i in items
                if i.optional_vars is not None and self._used_outside(i.optional_vars, ranges)
            ]
            if not stays and not entered:
                self._hand_on(ranges)
                return
            self.gone = [s for s in self.gone if s not in stays]
            for node, item in entered:
                self.items[node] = [i for i in self.items[node] if i is not item]
            self.items = {w: items for w, items in self.items.items() if items}

    def _must_stay(self, node: ast.Assign, ranges: list[tuple[int, int]]) -> bool:
        if is_setting(self, node):
            target = self.context.survey.names.use_of.get(node.targets[0])
            made = {b.statement for b in target.bindings if b.kind == "assign"} if target is not None else set()
            return any(isinstance(s, ast.Assign) and self.kind(s.value) and s not in self.gone for s in made)
        return any(self._used_outside(t, ranges) for t in node.targets)

    def _ranges(self) -> Iterator[tuple[int, int]]:
        """What of the file goes."""
        lines = self.context.survey.lines
        nodes: list[ast.expr] = [i.context_expr for items in self.items.values() for i in items]
        yield from ((lines.start(s), lines.end(s)) for s in self.gone)
        yield from ((lines.start(n), lines.end(n)) for n in nodes)
        yield from ((lines.start(c), lines.end(c)) for c in self.modelled)
        for call, value in self.values:
            if isinstance(call.func, ast.Attribute) and call.func.attr == "run":
                yield lines.start(call), lines.start(value)
            else:
                yield lines.end(value), lines.end(call)

    def _hand_on(self, ranges: list[tuple[int, int]]) -> None:
        for node in self.gone:
            if isinstance(node, ast.Assign) and not is_setting(self, node):
                self._hand_one_on(node, node.targets, ranges)
        for items in self.items.values():
            for item in items:
                self._hand_one_on(item, [item.optional_vars] if item.optional_vars is not None else [], ranges)

    def _hand_one_on(self, node: ast.AST, targets: list[ast.expr], ranges: list[tuple[int, int]]) -> None:
        for target in targets:
            if any(not self._within(use, ranges) for use in self._uses_of(target)):
                self.handed_on.setdefault(node, []).append(target)

    def _used_outside(self, target: ast.expr, ranges: list[tuple[int, int]]) -> bool:
        uses = (use for use in self._uses_of(target) if not self._within(use, ranges))
        return any(not self._is_handed_on(use, target) for use in uses)

    def _is_handed_on(self, use: Use, target: ast.expr) -> bool:
        """Whether a name is returned, given to a function of the project, or asked whether it is None."""
        last = use.attrs[-1:] == (target.attr,) if isinstance(target, ast.Attribute) else not use.attrs
        parent = self.context.survey.names.parents.get(use.node)
        if not last or isinstance(getattr(use.node, "ctx", None), ast.Store):
            return last
        if isinstance(parent, ast.Tuple | ast.List):
            parent = self.context.survey.names.parents.get(parent)
            return isinstance(parent, ast.Return)
        if isinstance(parent, ast.keyword):
            parent = self.context.survey.names.parents.get(parent)
        if isinstance(parent, ast.Call):
            values = self.context.survey.describe(parent.func)
            return (
                parent.func is not use.node
                and bool(values)
                and all(
                    v.kind in ("ref", "attr") and self.context.facts.is_own(self.context.path, _first(v))
                    for v in values
                )
            )
        return isinstance(parent, ast.Return | ast.Compare | ast.If | ast.BoolOp | ast.UnaryOp)

    def _within(self, use: Use, ranges: list[tuple[int, int]]) -> bool:
        position = self.context.survey.lines.start(use.root)
        return any(start <= position < end for start, end in ranges)

    def _uses_of(self, target: ast.expr) -> Iterator[Use]:
        """Every place that reads what an assignment sets."""
        names = self.context.survey.names
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            attribute = target.attr
            yield from (u for u in names.uses if attribute in u.attrs and u.node is not target)
        elif isinstance(target, ast.Name):
            mine = {b for bindings in self._scopes(target) for b in bindings if b.node is target}
            yield from (u for u in names.uses if mine & set(u.bindings))

    def _scopes(self, target: ast.Name) -> Iterator[list[Binding]]:
        names = self.context.survey.names
        for scope in (names.module, *names.functions, *names.classes):
            if target.id in scope.names:
                yield scope.names[target.id]


def _first(value: Value) -> str:
    """The name that a value begins with: the class of `agent` in `agent.act`."""
    while value.base is not None:
        value = value.base
    return value.name


def is_setting(handles: Handles, node: ast.Assign) -> bool:
    """`config.gpu_options.allow_growth = True`."""
    target = node.targets[0]
    if len(node.targets) != 1 or not isinstance(target, ast.Attribute):
        return False
    owner: ast.expr = target.value
    while isinstance(owner, ast.Attribute):
        if handles.kind(owner) in ("config", "options"):
            return True
        owner = owner.value
    return handles.kind(owner) in ("config", "options")
