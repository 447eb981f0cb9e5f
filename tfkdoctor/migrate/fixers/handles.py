"""What stands for a session, a graph, its configuration or the initialization of variables in a Keras program.

In a program of Keras models nothing runs in a session any more, so that what only makes one, hands it on or closes it
can go. `Handles` finds these statements, and which of them really can: every use of what they bind must go as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tfkdoctor.migrate.names import Binding, Use

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

KINDS = {
    "tensorflow.Session": "session",
    "tensorflow.Graph": "graph",
    "tensorflow.Operation": "init",
    "tensorflow.ConfigProto": "config",
    "tensorflow.GPUOptions": "options",
}
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

    def kind(self, node: ast.expr | None, depth: int = 0) -> str | None:
        """What an expression stands for: session, graph, init, config, options, or something else."""
        if node is None or depth > 6:
            return None
        classes = self.context.types.of(node)
        if classes:
            kinds = {KINDS.get(c) for c in classes}
            return kinds.pop() if len(kinds) == 1 else None
        if isinstance(node, ast.List | ast.Tuple) and node.elts:
            return "init" if all(self.kind(e, depth + 1) == "init" for e in node.elts) else None
        if isinstance(node, ast.Call):
            reference = self.context.reference_of.get(node.func)
            if reference is not None and reference.name == "tensorflow.group" and node.args:
                return self.kind(ast.List(list(node.args), ast.Load()), depth + 1)
            return None
        return self._kind_of_name(node, depth)

    def _kind_of_name(self, node: ast.expr, depth: int) -> str | None:
        use = self.context.survey.names.use_of.get(node)
        if use is None or use.parts.index(node) > 1:
            return None
        entered = [self._entered(b) for b in use.bindings]
        if not use.bindings or not all(entered):
            return None
        kinds = {self.kind(item.context_expr, depth + 1) for item in entered if item is not None}
        kind = kinds.pop() if len(kinds) == 1 else None
        if use.node is not use.root and use.parts.index(node) == 1:
            return "graph" if kind == "session" and use.attrs[0] == "graph" else None
        return kind

    def _entered(self, binding: Binding) -> ast.withitem | None:
        """The item of a `with` statement that binds a name."""
        parent = self.context.survey.names.parents.get(binding.node)
        return parent if isinstance(parent, ast.withitem) and parent.optional_vars is binding.node else None

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
            if owner == "session" and method == "run" and self.kind(first) == "init":
                self.gone.append(node)
                self.initializations.append(node)
            elif owner == "init" and method == "run":
                self.gone.append(node)
                self.initializations.append(node)
            elif owner in _ENTERED and method in _CLOSERS:
                self.gone.append(node)
            elif method in _MAKERS and not call.args and not self.context.facts.defines_method(method):
                self.gone.append(node)

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
            if call.keywords and self.kind(call.keywords[0].value) == "session":
                self.values.append((call, func.value))
            elif not call.keywords and self._is_tensor(func.value):
                self.values.append((call, func.value))

    def _is_tensor(self, node: ast.expr) -> bool:
        """Whether an expression is what a function of TensorFlow or of the backend gives."""
        values = self.context.survey.describe(node)
        made = ("tensorflow.", "keras.backend.")
        return bool(values) and all(v.kind == "call" and v.name.startswith(made) for v in values)

    # -- what must stay --

    def settle(self) -> None:
        """An assignment stays where a use of its name stays, and so does what stands in it; to a fixed point."""
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

    def _used_outside(self, target: ast.expr, ranges: list[tuple[int, int]]) -> bool:
        return any(not self._within(use, ranges) for use in self._uses_of(target))

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
