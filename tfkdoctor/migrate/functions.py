"""The functions of a file: which one a call means, which are given away, and which run on tensors of TensorFlow."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tfkdoctor.migrate.names import Scope, Use
from tfkdoctor.migrate.survey import join

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_TRACED = ("keras.Layer", "keras.Model")
_UNTRACED = ("__init__", "compute_mask")  # methods of a layer that get symbolic tensors, or none
_WEIGHT_RULES = ("keras.regularizers.Regularizer", "keras.constraints.Constraint")  # called within a training step
_TAKEN = ("activation", "_regularizer", "_constraint")  # keywords of layers whose functions are called at each step
_TAKERS = (".Lambda", ".map_fn", ".foldl", ".foldr", ".rnn")  # what gives a function tensors, as compile() does


@dataclass(eq=False)
class Functions:
    """What the functions and methods of one file are used for."""

    context: Context

    def function_of(self, call: ast.Call) -> Scope | None:
        """The scope of this file's own function, or method of the same class, that is called."""
        names = self.context.survey.names
        use = names.use_of.get(call.func)
        if use is None or use.node is not call.func:
            return None
        if use.attrs:
            owner = use.scope.enclosing_class() if use.root.id == "self" and len(use.attrs) == 1 else None
            bindings = tuple(owner.names.get(use.attrs[0], ())) if owner is not None else ()
        else:
            bindings = use.bindings
        nodes = [b.node for b in bindings if b.kind == "function"]
        return self._scopes.get(nodes[0]) if len(nodes) == 1 and len(bindings) == 1 else None

    @cached_property
    def _scopes(self) -> dict[ast.AST, Scope]:
        return {scope.node: scope for scope in self.context.survey.names.functions}

    @cached_property
    def calls(self) -> dict[Scope, list[ast.Call]]:
        found: dict[Scope, list[ast.Call]] = {}
        for call, _ in self.context.survey.names.calls:
            scope = self.function_of(call)
            if scope is not None:
                found.setdefault(scope, []).append(call)
        return found

    @cached_property
    def handed_on(self) -> frozenset[ast.AST]:
        """Functions that are given away and not called by their names: to a Lambda layer, to compile()."""
        names = self.context.survey.names
        found = set()
        for use in names.uses:
            parent = names.parents.get(use.node)
            if isinstance(parent, ast.Call) and parent.func is use.node:
                continue
            owner = use.scope.enclosing_class() if use.root.id == "self" and len(use.attrs) == 1 else None
            bindings = owner.names.get(use.attrs[0], []) if owner is not None else [] if use.attrs else use.bindings
            found |= {b.node for b in bindings if b.kind == "function"}
        return frozenset(found)

    @cached_property
    def traced(self) -> frozenset[ast.AST]:
        """Functions that are handed on, methods of layers, and what only such functions call."""
        names = self.context.survey.names
        return self._closed(
            set(self.handed_on) | {scope.node for scope in names.functions if self._is_layer_method(scope.node)}
        )

    @cached_property
    def of_steps(self) -> frozenset[ast.AST]:
        """Functions that surely compute with tensors at each step: `call` of layers, losses, functions of Lambdas."""
        names = self.context.survey.names
        found: set[ast.AST] = set()
        for scope in names.functions:
            function = scope.node
            if isinstance(function, ast.FunctionDef):
                loss = [a.arg for a in function.args.args][:2] == ["y_true", "y_pred"] and function in self.handed_on
                rule = function.name == "__call__" and self._is_weight_rule(function)
                if loss or rule or (function.name == "call" and self._is_layer_method(function)):
                    found.add(function)
        for use in names.uses:
            given = [b.node for b in use.bindings if b.kind == "function" and not use.attrs]
            if given and (self._is_taken(use.node) or self._is_made_loss(use.node, given)):
                found |= set(given)
        return self._closed(found)

    def _is_taken(self, node: ast.AST) -> bool:
        """Whether something stands in the arguments of compile(), of a Lambda layer, of map_fn and its kin."""
        parents = self.context.survey.names.parents
        child, current = node, parents.get(node)
        while current is not None and not isinstance(current, ast.stmt):
            if isinstance(current, ast.Call) and child is not current.func:
                reference = self.context.reference_of.get(current.func)
                if reference is not None and reference.name.endswith(_TAKERS):
                    return True
                if isinstance(current.func, ast.Attribute) and current.func.attr == "compile":
                    return True
                layer = reference is not None and ".layers." in reference.name
                if layer and isinstance(child, ast.keyword) and (child.arg or "").endswith(_TAKEN):
                    return True
            child, current = current, parents.get(current)
        return False

    def _is_made_loss(self, node: ast.AST, given: list[ast.AST]) -> bool:
        """Whether a function of (y_true, y_pred) is what another one returns."""
        returned = isinstance(self.context.survey.names.parents.get(node), ast.Return)
        return returned and all(isinstance(f, ast.FunctionDef) and len(f.args.args) == 2 for f in given)

    def is_of_step(self, node: ast.AST) -> bool:
        """Whether code runs at each step of a model, where no variable is made."""
        current: ast.AST | None = node
        while current is not None:
            if current in self.of_steps or (isinstance(current, ast.Lambda) and self._is_taken(current)):
                return True
            current = self.context.survey.names.parents.get(current)
        return False

    def _closed(self, found: set[ast.AST]) -> frozenset[ast.AST]:
        """These functions, and those that only they call."""
        before = -1
        while len(found) != before:
            before = len(found)
            for scope, calls in self.calls.items():
                if scope.node not in found and all(self._within(call, found) for call in calls):
                    found.add(scope.node)
        return frozenset(found)

    def _within(self, node: ast.AST, functions: set[ast.AST]) -> bool:
        current: ast.AST | None = node
        while current is not None and current not in functions and not isinstance(current, ast.Lambda):
            current = self.context.survey.names.parents.get(current)
        return current is not None

    def is_traced(self, node: ast.AST) -> bool:
        """Whether code runs on tensors of TensorFlow: in methods of layers, in functions that are handed on."""
        parents = self.context.survey.names.parents
        current: ast.AST | None = node
        while current is not None:
            if isinstance(current, ast.Lambda) or current in self.traced:
                return True
            current = parents.get(current)
        return False

    def capturing(self, node: ast.expr) -> ast.AST | None:
        """The outermost function that runs on tensors of TensorFlow and takes this from outside of it."""
        root = node
        while isinstance(root, ast.Attribute | ast.Subscript | ast.Call):
            root = root.func if isinstance(root, ast.Call) else root.value
        use = self.context.survey.names.use_of.get(root)
        inside = {b.scope.node for b in use.bindings} if use is not None and not self.is_own(use) else set()
        found, current = None, self.context.survey.names.parents.get(node)
        while current is not None and current not in inside:
            if isinstance(current, ast.Lambda) or current in self.traced:
                found = current
            current = self.context.survey.names.parents.get(current)
        return found

    def is_own(self, use: Use) -> bool:
        """Whether a use begins with the `self` of a method that is no layer's: what it has comes from outside."""
        owner = use.scope.enclosing_class()
        return use.root.id == "self" and owner is not None and not self.is_layer_class(owner.node)

    def _is_layer_method(self, node: ast.AST) -> bool:
        parent = self.context.survey.names.parents.get(node)
        if not isinstance(node, ast.FunctionDef) or not isinstance(parent, ast.ClassDef):
            return False
        return node.name not in _UNTRACED and self.is_layer_class(parent)

    def is_layer_class(self, node: ast.AST) -> bool:
        """Whether a class of this file is a layer or a model."""
        return self._inherits(node, _TRACED)

    def _is_weight_rule(self, method: ast.FunctionDef) -> bool:
        """Whether a method is one of a regularizer or constraint."""
        parent = self.context.survey.names.parents.get(method)
        return parent is not None and self._inherits(parent, _WEIGHT_RULES)

    def _inherits(self, node: ast.AST, groups: tuple[str, ...]) -> bool:
        for scope in self.context.survey.names.classes:
            if scope.node is node:
                name = join(self.context.survey.module, scope.qualname)
                if groups == _TRACED and any(_is_layer(a) for a in self.context.types.ancestors(name)):
                    return True
                return any(self.context.types.inherits(name, group) for group in groups)
        return False


def _is_layer(name: str) -> bool:
    """Whether a name is one of those that Keras has had for its base class of layers."""
    return name.startswith("keras.") and name.endswith((".Layer", "._Merge"))
