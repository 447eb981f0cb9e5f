"""What a name stands for: imports, aliases, decorators and partials are followed to the definition, statically."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from dataclasses import dataclass

from tfkdoctor.dev.harvest_scopes import Binding, Scopes
from tfkdoctor.dev.harvest_tree import Tree

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """What a name stands for. Two names are the same thing if `identity` is equal."""

    kind: str  # module | class | function | constant | external
    module: str  # where it is defined; for modules and externals its own dotted name
    qualname: str = ""
    node: ast.AST | None = None
    bound: tuple[int, tuple[tuple[str, str], ...]] = (0, ())  # functools.partial: positional count, keywords' values
    keyword_only: bool = False  # raw ops take keywords only

    @property
    def identity(self) -> str:
        if not self.qualname:
            return self.module
        count, given = self.bound
        parts = ["*"] * count + sorted(f"{name}={value}" for name, value in given)  # another value is another function
        partial = f"({','.join(parts)})" if parts else ""
        return f"{self.module}:{self.qualname}{partial}{'(keywords)' if self.keyword_only else ''}"


@dataclass(slots=True)
class Names:
    """Answers `resolve(module, name)` over the scopes of a tree."""

    scopes: Scopes

    @property
    def tree(self) -> Tree:
        return self.scopes.tree

    def resolve(self, module: str, name: str, depth: int = 0) -> Thing | None:
        """The thing behind a module's attribute; None if the module has no such name."""
        bindings = self.scopes.scope(module).get(name) if not module.endswith("_pb2") else None
        if bindings:
            return self._thing(module, name, bindings, len(bindings) - 1, depth)
        if self.tree.exists(f"{module}.{name}"):
            return Thing("module", f"{module}.{name}")
        if module.endswith("_pb2") and self.tree.exists(module):  # protobuf builds its classes when imported
            return Thing("class" if name[:1].isupper() and not name.isupper() else "constant", module, name)
        return None

    def dotted(self, module: str, expression: ast.expr, depth: int = 0) -> Thing | None:
        """The thing that an expression `a.b.c` in this module stands for."""
        if isinstance(expression, ast.Name):
            return self.resolve(module, expression.id, depth + 1)
        if isinstance(expression, ast.Attribute):
            base = self.dotted(module, expression.value, depth + 1)
            return self.member(base, expression.attr, depth + 1) if base else None
        return None

    def member(self, base: Thing, name: str, depth: int = 0) -> Thing | None:
        """An attribute of a thing."""
        if base.kind == "module":
            return self.resolve(base.module, name, depth)
        if base.kind == "external":
            return Thing("external", f"{base.module}.{name}")
        if base.kind == "class" and isinstance(base.node, ast.ClassDef):
            for node in base.node.body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
                    kind = "class" if isinstance(node, ast.ClassDef) else "function"
                    return Thing(kind, base.module, f"{base.qualname}.{name}", node)
        return None

    def _thing(self, module: str, name: str, bindings: list[Binding], index: int, depth: int) -> Thing:
        binding = bindings[index]
        unknown = Thing("constant", module, name, binding.node)
        if depth > 40:
            return unknown
        match binding.kind:
            case "def":
                return Thing("function", module, name, binding.node)
            case "class":
                return Thing("class", module, name, binding.node)
            case "module":
                return self._module(binding.module)
            case "from":
                return self._from(module, name, bindings, index, depth)
        if not isinstance(binding.node, ast.expr):
            return unknown
        return self._value(module, name, binding.node, depth) or unknown

    def _module(self, module: str) -> Thing:
        return Thing("module" if self.tree.exists(module) else "external", module)

    def _from(self, module: str, name: str, bindings: list[Binding], index: int, depth: int) -> Thing:
        binding = bindings[index]
        if not self.tree.exists(binding.module):
            outside = f"{binding.module}.{binding.name}"
            return _keras_behind(outside) or Thing("external", outside)
        if binding.module == module and binding.name == name:  # `from . import core` in a package: the submodule
            return self._module(f"{module}.{name}")
        found = self.resolve(binding.module, binding.name, depth + 1)
        if found is not None:
            return found
        if index:  # e.g. a protobuf module that is compiled, after an arm that is not
            return self._thing(module, name, bindings, index - 1, depth + 1)
        return Thing("constant", binding.module, binding.name)

    def _value(self, module: str, name: str, node: ast.expr, depth: int) -> Thing | None:
        """What an assigned expression stands for: an alias, a decorated function, a partial, a lazily loaded module."""

        def look(expression: ast.expr) -> Thing | None:
            if isinstance(expression, ast.Name):
                return self._before(module, expression, depth)
            return self.dotted(module, expression, depth + 1)

        match node:
            case ast.Name() | ast.Attribute():
                return look(node)
            case ast.Lambda():
                return Thing("function", module, name, node)
            case ast.Call():
                return self._called(node, look)
        return None

    def _before(self, module: str, name: ast.Name, depth: int) -> Thing | None:
        """What a name stood for when the assignment that reads it ran: `py_all = all` comes before `def all`."""
        bindings = self.scopes.scope(module).get(name.id, [])
        earlier = [i for i, b in enumerate(bindings) if getattr(b.node, "lineno", 0) < name.lineno]
        if earlier:
            return self._thing(module, name.id, bindings, earlier[-1], depth + 1)
        return Thing("external", f"builtins.{name.id}") if hasattr(builtins, name.id) else None

    def _called(self, node: ast.Call, look: Callable[[ast.expr], Thing | None]) -> Thing | None:
        function = ast.unparse(node.func)
        leaf = function.rpartition(".")[2]
        if leaf.lstrip("_") == "LazyLoader" and len(node.args) >= 3:
            dotted = look(node.args[2]) if not isinstance(node.args[2], ast.Constant) else None
            target = _text(node.args[2] if dotted is None or dotted.node is None else dotted.node, look)
            return (_keras_behind(target) or self._module(target)) if target else None
        if leaf.lstrip("_") == "KerasLazyLoader":
            options = {k.arg: str(k.value.value) for k in node.keywords if isinstance(k.value, ast.Constant)}
            legacy = "compat.v1." if options.get("mode") == "v1" else ""
            inner = f".{options['submodule']}" if "submodule" in options else ""
            return Thing("external", f"tensorflow.{legacy}keras{inner}")
        if leaf == "partial" and node.args:
            found = look(node.args[0])
            if found is not None and found.kind in ("function", "class"):
                bound = (len(node.args) - 1, tuple((k.arg, ast.unparse(k.value)) for k in node.keywords if k.arg))
                return Thing(found.kind, found.module, found.qualname, found.node, bound)
            return None
        wraps = isinstance(node.func, ast.Call) or leaf in WRAPPERS
        for argument in reversed(node.args) if wraps else ():
            found = self._called(argument, look) if isinstance(argument, ast.Call) else look(argument)
            if found is not None and found.kind in ("function", "class"):
                only = found.keyword_only or "to_raw_op" in ast.unparse(node)
                return Thing(found.kind, found.module, found.qualname, found.node, found.bound, only)
        return None


def _text(node: ast.AST, look: Callable[[ast.expr], Thing | None]) -> str | None:
    """The text of a literal, of a name that stands for one, or of their sum."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text(node.left, look), _text(node.right, look)
        return left + right if left and right else None
    if isinstance(node, ast.Name):
        thing = look(node)
        return _text(thing.node, look) if thing is not None and thing.node is not None else None
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


# Where TensorFlow 2 imports tf.keras from, and what that is: a view of its own.
KERAS_BEHIND = {
    "keras.api._v2.keras": "tensorflow.keras",
    "keras.api._v1.keras": "tensorflow.compat.v1.keras",
    "tensorflow.python.keras.api._v1.keras": "tensorflow.compat.v1.keras",
}


def _keras_behind(module: str) -> Thing | None:
    """A module of tf.keras under the name that TensorFlow gives it; None for another one."""
    for real, public in KERAS_BEHIND.items():
        if module == real or module.startswith(real + "."):
            return Thing("external", public + module[len(real) :])
    return None


# Functions of TensorFlow and Keras that return their (last) argument with the same signature.
WRAPPERS = frozenset(
    {"deprecated_alias", "to_raw_op", "kwarg_only", "add_dispatch_support", "add_fallback_dispatch_list"}
    | {"add_type_based_api_dispatcher", "tf_export", "keras_modules_injection", "deprecated_wrapper", "set_module"}
)
