"""Tells which expressions are symbolic tensors of Keras: of an Input, of a called layer, and what is made of them.

In Keras 1 and 2 these were tensors of TensorFlow's graph, so that every function of the backend and of TensorFlow took
them; on Keras 3 only layers, operators and `keras.ops` do. Within Lambda functions, `call()`, losses and metrics there
are tensors of TensorFlow, by parameters whose values no call in the project shows, and nothing here is said of those.
A list of tensors counts as one. keras.ops work on both kinds, so a tensor that is taken for symbolic does no harm.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from tfkdoctor.migrate.functions import Functions
from tfkdoctor.migrate.names import Binding
from tfkdoctor.migrate.reaching import reaching, source_of
from tfkdoctor.migrate.survey import join
from tfkdoctor.migrate.types import TENSOR

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_NO_TENSOR = frozenset(
    {
        *("int_shape", "ndim", "dtype", "eval", "get_value", "batch_get_value", "is_keras_tensor", "is_sparse"),
        *("is_tensor", "is_placeholder", "count_params", "function", "get_variable_shape", "print_tensor"),
        *("set_value", "get_session", "name_scope"),
    }
)
_BUILTIN = ("enumerate", "zip", "reversed", "list", "tuple", "sorted", "sum", "dict", "abs", "max", "min")
_PLAIN = (
    "len",
    "print",
    "str",
    "repr",
    "isinstance",
    "type",
    "int",
    "float",
    "range",
    "hasattr",
    "getattr",
    "id",
    "set",
)
_ENDS = ("output", "input", "outputs", "inputs")
_AT = ("get_output_at", "get_input_at", "get_input_mask_at", "get_output_mask_at")
_OF_ANY_TENSOR = ("keras.losses.", "keras.metrics.", "keras.objectives.", "keras.activations.", "keras.ops.")
_OF_CONTAINERS = ("values", "items", "get", "pop", "copy")


@dataclass(eq=False)
class Symbols:
    """Answers for one file whether a node is, or holds, a symbolic tensor."""

    context: Context
    functions: Functions
    _known: dict[ast.AST, bool] = field(default_factory=dict)
    _parameters: dict[Binding, bool] = field(default_factory=dict)

    def holds(self, node: ast.AST) -> bool:
        """Whether an expression is a symbolic tensor or a container of such."""
        if node in self._losses:
            return True
        if node not in self._known:
            self._known[node] = False  # while it is looked at: what leads back to itself adds nothing
            self._known[node] = self._look(node)
        return self._known[node]

    @cached_property
    def _losses(self) -> set[ast.AST]:
        """The functions of the backend in the losses of get_updates, which took nothing else, and their arguments."""
        names, found = self.context.survey.names, set[ast.AST]()
        losses = [_argument(call, 2 * (len(call.args) == 3), "loss") for call in names.calls_of.get("get_updates", ())]
        open_ = [node for node in losses if node is not None]
        while open_:
            node = open_.pop()
            if isinstance(node, ast.Name):
                values = [b.value for b in reaching(names, names.use_of[node])] if node in names.use_of else []
                open_ += [value for value in values if isinstance(value, ast.expr) and value not in found]
            elif isinstance(node, ast.UnaryOp | ast.BinOp):
                open_ += [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
            elif isinstance(node, ast.Call) and node not in found and node.args:
                reference = self.context.reference_of.get(node.func)
                if reference is not None and reference.name.removeprefix("tensorflow.").startswith("keras.backend."):
                    found |= {node, node.args[0]}
                    open_.append(node.args[0])
        return found

    def _look(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Name | ast.Attribute):
            return self.is_tensor(node) and self.functions.capturing(node) is None
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Compare):
            return self.holds(node.left) and not isinstance(node.ops[0], ast.Is | ast.IsNot | ast.In | ast.NotIn)
        return any(self.holds(part) for part in _parts(node))

    def is_tensor(self, node: ast.Name | ast.Attribute) -> bool:
        """Whether a name or attribute is symbolic, also where a function takes it from outside and runs elsewhere."""
        if isinstance(node, ast.Attribute):
            return self._attribute(node)
        use = self.context.survey.names.use_of.get(node)
        return use is not None and any(self.bound(b) for b in reaching(self.context.survey.names, use))

    def bound(self, binding: Binding) -> bool:
        """Whether what a binding gives its name is symbolic."""
        names = self.context.survey.names
        if binding.kind == "parameter":
            return self._parameter(binding)
        if binding.imported:
            return self._imported(binding)
        value = binding.value if binding.value is not None else source_of(binding, names.parents)
        if value is not None and self.holds(value):
            return True
        return isinstance(value, ast.List | ast.Dict) and any(self.holds(a) for a in self._appended.get(binding, ()))

    @cached_property
    def _appended(self) -> dict[Binding, list[ast.expr]]:
        """What is put into lists and dicts: `outputs.append(x)`, `tensors["a"] = x`."""
        found: dict[Binding, list[ast.expr]] = {}
        names = self.context.survey.names
        for call, _ in names.calls:
            if isinstance(call.func, ast.Attribute) and call.func.attr in ("append", "extend") and call.args:
                use = names.use_of.get(call.func.value)
                for binding in use.bindings if use is not None and use.parts[0] is call.func.value else ():
                    found.setdefault(binding, []).append(call.args[0])
        for subscript in names.subscripts:
            parent = names.parents.get(subscript)
            use = names.use_of.get(subscript.value)
            if isinstance(parent, ast.Assign) and subscript in parent.targets and use is not None:
                for binding in use.bindings:
                    found.setdefault(binding, []).append(parent.value)
        return found

    def _imported(self, binding: Binding) -> bool:
        exported = self.context.facts.exported(self.context.path, binding.canonical or "")
        types = self.context.types
        return exported is not None and any(TENSOR in types.resolve(v, exported[0]) for v in exported[2])

    def _attribute(self, node: ast.Attribute) -> bool:
        context = self.context
        if node in context.reference_of:
            return False
        use = context.survey.names.use_of.get(node)
        owner = use.scope.enclosing_class() if use is not None and use.root.id == "self" else None
        if owner is not None and use is not None and use.parts.index(node) == 1:
            values = context.survey.names.attributes.get((owner, node.attr), [])
            if values:
                return any(self.holds(v) for v in values)
        classes = context.types.of(node)
        if classes:
            return TENSOR in classes
        unknown = not context.types.of(node.value) or self.is_layer(node.value)
        return node.attr in _ENDS and unknown and self._looks_like_keras(node.value)

    def _looks_like_keras(self, node: ast.expr) -> bool:
        """Whether a receiver of `.output` may be a layer or a model: by its name, or by where it is taken from."""
        if isinstance(node, ast.Name):
            return "model" in node.id.lower() or "layer" in node.id.lower() or self.is_layer(node)
        if isinstance(node, ast.Attribute):
            return "model" in node.attr.lower() or "layer" in node.attr.lower()
        if isinstance(node, ast.Subscript):
            return self.is_layer(node) or self._looks_like_keras(node.value)
        return self.is_layer(node)

    def is_layer(self, node: ast.expr) -> bool:
        """Whether an expression is one of a model's layers: `model.layers[-1]`, `get_layer(…)`, a loop over layers."""
        types = self.context.types
        if types.is_a(node, "keras.Layer") and not types.is_a(node, "keras.Model"):
            return True
        if isinstance(node, ast.Subscript):
            return not isinstance(node.slice, ast.Slice) and self._are_layers(node.value)
        if isinstance(node, ast.Call):
            return isinstance(node.func, ast.Attribute) and node.func.attr == "get_layer"
        if not isinstance(node, ast.Name):
            return False
        names = self.context.survey.names
        use = names.use_of.get(node)
        found = []
        for binding in reaching(names, use) if use is not None else ():
            if binding.value is not None:
                found.append(not isinstance(binding.value, ast.Name) and self.is_layer(binding.value))
            else:
                source = source_of(binding, names.parents)
                found.append(source is not None and self._are_layers(source))
        return bool(found) and all(found)

    def _are_layers(self, node: ast.expr) -> bool:
        """`model.layers`, a slice of it, `enumerate(model.layers)`."""
        if isinstance(node, ast.Subscript):
            return isinstance(node.slice, ast.Slice) and self._are_layers(node.value)
        if isinstance(node, ast.Call):
            plain = isinstance(node.func, ast.Name) and node.func.id in _BUILTIN
            return plain and any(self._are_layers(a) for a in node.args)
        return isinstance(node, ast.Attribute) and node.attr == "layers"

    def _call(self, node: ast.Call) -> bool:
        context = self.context
        given = [*node.args, *(k.value for k in node.keywords)]
        reference = context.reference_of.get(node.func)
        if reference is not None and reference.node is node.func:
            name, leaf = reference.name.removeprefix("tensorflow."), reference.name.rpartition(".")[2]
            if name.startswith("keras.backend."):
                known = leaf in ("placeholder", "gradients")
                return known or (leaf not in _NO_TENSOR and any(map(self.holds, given)))
            if _is_function(reference.name):
                return any(map(self.holds, given))
            return TENSOR in context.types.of(node)
        if isinstance(node.func, ast.Name) and not context.survey.names.use_of[node.func].bindings:
            return node.func.id in _BUILTIN and any(map(self.holds, given))
        if isinstance(node.func, ast.Attribute) and node.func.attr in _AT:
            return True
        if isinstance(node.func, ast.Attribute) and node.func.attr in _OF_CONTAINERS and self.holds(node.func.value):
            return True
        if any(self.holds(value) for value in self._returned(node)):
            return True
        classes = context.types.of(node)
        if TENSOR in classes:
            return any(map(self.holds, given)) or not (self._is_eager or self.functions.is_traced(node))
        unknown = not classes and not isinstance(node.func, ast.Attribute) and not self._returned(node)
        return unknown and self._may_be_layer(node.func) and any(map(self.holds, given))

    @cached_property
    def _is_eager(self) -> bool:
        """Whether layers are called on values here as often as on symbolic tensors: in TensorFlow 2, and if asked."""
        context = self.context
        old = bool(context.moves) or context.legacy_tensorflow
        return not old or context.path in context.facts.modes.eager

    def _may_be_layer(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name):
            bindings = self.context.survey.names.use_of[node].bindings
            return any(b.kind in ("assign", "other", "parameter", "import") for b in bindings)
        return isinstance(node, ast.Call | ast.Subscript)

    def _returned(self, call: ast.Call) -> list[ast.expr]:
        """What the function of this file that is called gives back."""
        scope = self.functions.function_of(call)
        return self.context.survey.names.returns.get(scope, []) if scope is not None else []

    def _parameter(self, binding: Binding) -> bool:
        """Whether every call in the project gives a parameter a symbolic tensor, and there is such a call."""
        if binding not in self._parameters:
            self._parameters[binding] = False
            self._parameters[binding] = self._is_given(binding)
        return self._parameters[binding]

    def _is_given(self, binding: Binding) -> bool:
        scope = binding.scope
        function = scope.node
        owner = self.context.survey.names.parents.get(function)
        if isinstance(owner, ast.ClassDef) and getattr(function, "name", "") == "compute_mask":
            return binding.name != "self" and self.functions.is_layer_class(owner)
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or function in self.functions.handed_on:
            return False
        ordered = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
        method = scope.parent is not None and scope.parent.kind == "class"
        place = ordered.index(binding.name) - method if binding.name in ordered else None
        if place is not None and place < 0:
            return False  # self
        given = [_argument(call, place, binding.name) for call in self.functions.calls.get(scope, ())]
        found = [self.holds(value) for value in given if value is not None]
        for path, values in self.context.facts.given(
            self.context.path, join(self.context.survey.module, scope.qualname), place, binding.name
        ):
            found.append(any(TENSOR in self.context.types.resolve(v, path) for v in values))
        return bool(found) and all(found)


def _is_function(name: str) -> bool:
    """Whether a library name is a function of tensors, whichever kind these are."""
    leaf = name.rpartition(".")[2]
    if not leaf[:1].islower():
        return leaf in ("MSE", "MAE", "MAPE", "MSLE", "KLD")
    keras = name.removeprefix("tensorflow.")
    if keras.startswith("keras."):
        return keras.startswith(
            ("keras.losses.", "keras.metrics.", "keras.objectives.", "keras.activations.", "keras.ops.")
        )
    return name.startswith("tensorflow.")


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of an expression that it is symbolic with."""
    if isinstance(node, ast.BinOp):
        yield from (node.left, node.right)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Subscript | ast.Starred | ast.NamedExpr):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.BoolOp):
        yield from node.values
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        yield from node.elts
    elif isinstance(node, ast.Dict):
        yield from node.values
    elif isinstance(node, ast.DictComp):
        yield node.value
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        yield node.elt


def _argument(call: ast.Call, place: int | None, name: str) -> ast.expr | None:
    """What a call gives a parameter; None where it leaves it out."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if place is not None and place < len(call.args):
        return call.args[place]
    return None
