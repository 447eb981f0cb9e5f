"""What the names of a module stand for, found by reading its source: a small static evaluator of module scopes."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tfkdoctor.dev.harvest_tree import Tree

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """What a name stands for. Two names are the same thing if `identity` is equal."""

    kind: str  # module | class | function | constant | external
    module: str  # where it is defined; for modules and externals its own dotted name
    qualname: str = ""
    node: ast.AST | None = None
    bound: tuple[int, frozenset[str]] = (0, frozenset())  # functools.partial: positional count and keyword names
    keyword_only: bool = False  # raw ops take keywords only

    @property
    def identity(self) -> str:
        if not self.qualname:
            return self.module
        count, given = self.bound
        partial = f"({','.join(['*'] * count + sorted(given))})" if count or given else ""
        return f"{self.module}:{self.qualname}{partial}{'(keywords)' if self.keyword_only else ''}"


@dataclass(frozen=True, slots=True)
class Binding:
    """One statement that gives a module-level name its value."""

    kind: str  # def | class | module | from | value | thing
    node: ast.AST | None = None
    module: str = ""
    name: str = ""


@dataclass(slots=True)
class Names:
    """Answers `resolve(module, name)` over a tree; everything is computed once."""

    tree: Tree
    _scopes: dict[str, dict[str, list[Binding]]] = field(default_factory=dict)
    _alls: dict[str, list[str] | None] = field(default_factory=dict)
    _busy: set[str] = field(default_factory=set)

    def scope(self, module: str) -> dict[str, list[Binding]]:
        """All names that a module binds at its top level, star imports included, each with its bindings in order."""
        if module in self._scopes:
            return self._scopes[module]
        tree = self.tree.parse(module)
        if tree is None or module in self._busy:
            return {}
        self._busy.add(module)
        scope: dict[str, list[Binding]] = {}
        self._alls[module] = None
        self._run(module, tree.body, scope)
        self._busy.discard(module)
        self._scopes[module] = scope
        return scope

    def all_of(self, module: str) -> list[str] | None:
        """`__all__` where the source says it in literals."""
        self.scope(module)
        return self._alls.get(module)

    def star(self, module: str, loaded: frozenset[str]) -> frozenset[str]:
        """What `from module import *` binds, if the modules in `loaded` have been imported."""
        explicit = self.all_of(module)
        if explicit is not None:
            return frozenset(explicit)
        names = {name for name in self.scope(module) if not name.startswith("_")}
        for leaf in self.tree.submodules(module):
            if not leaf.startswith("_") and f"{module}.{leaf}" in loaded:
                names.add(leaf)
        return frozenset(names)

    def resolve(self, module: str, name: str, depth: int = 0) -> Thing | None:
        """The thing behind a module's attribute; None if the module has no such name."""
        bindings = self.scope(module).get(name) if not module.endswith("_pb2") else None
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

    def imported(self, roots: list[str]) -> frozenset[str]:
        """All modules that are loaded after importing the roots (imports at module level, packages first)."""
        loaded: set[str] = set()
        queue = list(roots)
        while queue:
            name = queue.pop()
            while name and name not in loaded and self.tree.exists(name):
                loaded.add(name)
                tree = self.tree.parse(name)
                queue.extend(self._imports(name, tree.body if tree else []))
                name = name.rpartition(".")[0]
        return frozenset(loaded)

    def _imports(self, module: str, body: list[ast.stmt]) -> Iterator[str]:
        for node in body:
            if isinstance(node, ast.ImportFrom):
                source = self._absolute(module, node)
                yield from (source, *(f"{source}.{alias.name}" for alias in node.names))
            elif isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.If):
                yield from self._imports(module, [*self._arms(node)])
            elif isinstance(node, ast.Try):
                yield from self._imports(module, node.body + node.orelse + node.finalbody)

    # -- statements ----------------------------------------------------------------------------------------------

    def _run(self, module: str, body: list[ast.stmt], scope: dict[str, list[Binding]]) -> None:
        for node in body:
            self._statement(module, node, scope)

    def _statement(self, module: str, node: ast.stmt, scope: dict[str, list[Binding]]) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                scope.setdefault(node.name, []).append(Binding("def", node))
            case ast.ClassDef():
                scope.setdefault(node.name, []).append(Binding("class", node))
            case ast.Import():
                for alias in node.names:
                    target = alias.name if alias.asname else alias.name.partition(".")[0]
                    bound = alias.asname or target
                    scope.setdefault(bound, []).append(Binding("module", node, target))
            case ast.ImportFrom():
                self._import_from(module, node, scope)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                self._assign(module, node, scope)
            case ast.Delete():
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        scope.pop(target.id, None)
            case ast.If():
                self._if(module, node, scope)
            case ast.Try():
                self._try(module, node, scope)
            case ast.With() | ast.For() | ast.While():
                self._run(module, node.body, scope)
            case ast.Expr(value=ast.Call() as call):
                self._call(module, call, scope)
            case _:
                pass

    def _absolute(self, module: str, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = module.split(".")
        keep = len(parts) - node.level + (1 if self.tree.is_package(module) else 0)
        return ".".join(parts[:keep] + ([node.module] if node.module else []))

    def _import_from(self, module: str, node: ast.ImportFrom, scope: dict[str, list[Binding]]) -> None:
        source = self._absolute(module, node)
        if source == "__future__":
            for alias in node.names:
                scope.setdefault(alias.asname or alias.name, []).append(Binding("from", node, source, alias.name))
            return
        for alias in node.names:
            if alias.name != "*":
                scope.setdefault(alias.asname or alias.name, []).append(Binding("from", node, source, alias.name))
            elif self.tree.exists(source):
                # a submodule that the package has loaded becomes an attribute of it and is bound by the star too
                for name in self.star(source, self.imported([source]) if module != source else frozenset()):
                    scope.setdefault(name, []).append(Binding("from", node, source, name))

    def _assign(
        self, module: str, node: ast.Assign | ast.AnnAssign | ast.AugAssign, scope: dict[str, list[Binding]]
    ) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Name) and target.id == "__all__" and node.value is not None:
                listed = self._listed(module, node.value, scope)
                if isinstance(node, ast.AugAssign) and listed is not None:
                    listed = [*(self._alls[module] or []), *listed]
                self._alls[module] = listed
            elif isinstance(target, ast.Name) and node.value is not None:
                scope.setdefault(target.id, []).append(Binding("value", node.value))
            elif isinstance(target, ast.Tuple | ast.List):
                for element in target.elts:
                    if isinstance(element, ast.Name):
                        scope.setdefault(element.id, []).append(Binding("value", None))
            elif isinstance(target, ast.Attribute) and node.value is not None:
                path = ast.unparse(target)
                if path.startswith("_current_module.") and path.count(".") == 1:
                    scope.setdefault(target.attr, []).append(Binding("value", node.value))
                elif path.startswith("_current_module."):
                    inner = ".".join(path.split(".")[1:-1])
                    owner = self.resolve_in(scope, inner)
                    if owner is not None:
                        patched = Binding("from", node, module, ast.unparse(node.value))
                        if isinstance(node.value, ast.Call):
                            patched = Binding("value", node.value)
                        self.scope(owner).setdefault(target.attr, []).append(patched)

    def resolve_in(self, scope: dict[str, list[Binding]], path: str) -> str | None:
        """The module that a dotted path names in a scope that is still being built."""
        head, _, rest = path.partition(".")
        bindings = scope.get(head)
        if not bindings or bindings[-1].kind != "from":
            return None
        module = f"{bindings[-1].module}.{bindings[-1].name}"
        for part in rest.split(".") if rest else []:
            module = f"{module}.{part}"
        return module if self.tree.exists(module) else None

    def _arms(self, node: ast.If) -> list[ast.stmt]:
        """The statements of an `if` that run under Python 3 with the TensorFlow backend; both arms if unknown."""
        test = ast.unparse(node.test)
        if "__name__" in test or "TYPE_CHECKING" in test:
            return node.orelse
        if re.search(r"'(theano|cntk|jax|torch|numpy|openvino|tensorflow)'", test):
            return node.body if "'tensorflow'" in test else node.orelse
        if "PY2" in test or ("version_info" in test and "<" in test):
            return node.orelse
        return node.body + node.orelse

    def _if(self, module: str, node: ast.If, scope: dict[str, list[Binding]]) -> None:
        if self._arms(node) == node.body + node.orelse:
            self._alternatives(module, [node.body, node.orelse], scope)
        else:
            self._run(module, self._arms(node), scope)

    def _try(self, module: str, node: ast.Try, scope: dict[str, list[Binding]]) -> None:
        arms = [node.body + node.orelse, *(handler.body for handler in node.handlers)]
        self._alternatives(module, arms, scope)
        self._run(module, node.finalbody, scope)

    def _alternatives(self, module: str, arms: list[list[ast.stmt]], scope: dict[str, list[Binding]]) -> None:
        """Run the first arm; the others only add names that it leaves unbound."""
        fresh: dict[str, list[Binding]] = {}
        for arm in arms:
            trial: dict[str, list[Binding]] = {}
            self._run(module, [node for node in arm if not isinstance(node, ast.Delete)], trial)
            self._run(module, [node for node in arm if isinstance(node, ast.Delete)], scope)
            for name, bindings in trial.items():
                fresh.setdefault(name, bindings)
        for name, bindings in fresh.items():
            scope.setdefault(name, []).extend(bindings)

    def _call(self, module: str, call: ast.Call, scope: dict[str, list[Binding]]) -> None:
        function = ast.unparse(call.func)
        if function == "setattr" and len(call.args) == 3 and isinstance(call.args[1], ast.Constant):
            scope.setdefault(str(call.args[1].value), []).append(Binding("value", call.args[2]))
        elif function == "reexport_tf_summary":  # TensorBoard puts TensorFlow's own summary API into this module
            own = "tensorflow._api.v2.summary"
            for name in self.star(own, frozenset()):
                scope.setdefault(name, []).append(Binding("from", call, own, name))
        elif function.endswith("remove_undocumented"):
            keep = set(self._listed(module, call, scope) or [])
            for name in [name for name in scope if not name.startswith("_") and name not in keep]:
                del scope[name]
        elif function in ("__all__.extend", "__all__.append") and call.args:
            listed = self._listed(module, call.args[0], scope)
            if self._alls[module] is not None and listed is not None:
                self._alls[module] = [*(self._alls[module] or []), *listed]

    def _listed(self, module: str, node: ast.expr, scope: dict[str, list[Binding]]) -> list[str] | None:
        """The strings that an expression for `__all__` lists; None where it is computed."""
        match node:
            case ast.List() | ast.Tuple():
                strings = [e.value for e in node.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)]
                return strings if len(strings) == len(node.elts) else None
            case ast.Constant(value=str(text)):
                return [text]
            case ast.BinOp(op=ast.Add()):
                left, right = self._listed(module, node.left, scope), self._listed(module, node.right, scope)
                return None if left is None or right is None else left + right
            case ast.Name():
                bound = scope.get(node.id)
                value = bound[-1].node if bound else None
                return self._listed(module, value, scope) if isinstance(value, ast.expr) else None
            case ast.Call() if ast.unparse(node.func).endswith(("make_all", "remove_undocumented")):
                return self._documented(module, node, scope)
            case _:
                return None

    def _documented(self, module: str, call: ast.Call, scope: dict[str, list[Binding]]) -> list[str]:
        """TensorFlow 1's `@@name` lines in docstrings, plus the exceptions that the call lists."""
        tree = self.tree.parse(module)
        names = set(re.findall(r"^@@(\w+)$", (ast.get_docstring(tree) if tree else "") or "", re.MULTILINE))
        options = {k.arg: k.value for k in call.keywords if k.arg}
        allowed = options.get("allowed_exception_list") or (call.args[1] if len(call.args) > 1 else None)
        if ast.unparse(call.func).endswith("remove_undocumented") and allowed is not None:
            names |= set(self._listed(module, allowed, scope) or [])
        documents = options.get("doc_string_modules") or (call.args[-1] if len(call.args) > 1 else None)
        for node in ast.walk(documents) if documents is not None else ():
            if isinstance(node, ast.Name) and (bound := scope.get(node.id)):
                other = self.tree.parse(f"{bound[-1].module}.{bound[-1].name}".rstrip("."))
                names |= set(re.findall(r"^@@(\w+)$", (ast.get_docstring(other) if other else "") or "", re.MULTILINE))
        return sorted(name for name in names if name in scope)

    # -- values --------------------------------------------------------------------------------------------------

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
        return self._value(module, name, binding.node, (bindings, index), depth) or unknown

    def _module(self, module: str) -> Thing:
        return Thing("module" if self.tree.exists(module) else "external", module)

    def _from(self, module: str, name: str, bindings: list[Binding], index: int, depth: int) -> Thing:
        binding = bindings[index]
        if not self.tree.exists(binding.module):
            return Thing("external", f"{binding.module}.{binding.name}")
        if binding.module == module and binding.name == name:  # `from . import core` in a package: the submodule
            return self._module(f"{module}.{name}")
        found = self.resolve(binding.module, binding.name, depth + 1)
        if found is not None:
            return found
        if index:  # e.g. a protobuf module that is compiled, after an arm that is not
            return self._thing(module, name, bindings, index - 1, depth + 1)
        return Thing("constant", binding.module, binding.name)

    def _value(
        self, module: str, name: str, node: ast.expr, history: tuple[list[Binding], int], depth: int
    ) -> Thing | None:
        """What an assigned expression stands for: an alias, a decorated function, a partial, a lazily loaded module."""

        def look(expression: ast.expr) -> Thing | None:
            if isinstance(expression, ast.Name) and expression.id == name:
                bindings, index = history
                return self._thing(module, name, bindings, index - 1, depth + 1) if index else None
            return self.dotted(module, expression, depth + 1)

        match node:
            case ast.Name() | ast.Attribute():
                return look(node)
            case ast.Lambda():
                return Thing("function", module, name, node)
            case ast.Call():
                return self._called(node, look)
        return None

    def _called(self, node: ast.Call, look: Callable[[ast.expr], Thing | None]) -> Thing | None:
        function = ast.unparse(node.func)
        leaf = function.rpartition(".")[2]
        if leaf.lstrip("_") == "LazyLoader" and len(node.args) >= 3:
            dotted = look(node.args[2]) if not isinstance(node.args[2], ast.Constant) else None
            target = node.args[2].value if isinstance(node.args[2], ast.Constant) else None
            if dotted is not None and isinstance(dotted.node, ast.Constant):
                target = dotted.node.value
            return self._module(str(target)) if target else None
        if leaf.lstrip("_") == "KerasLazyLoader":
            options = {k.arg: k.value.value for k in node.keywords if isinstance(k.value, ast.Constant)}
            legacy = "compat.v1." if options.get("mode") == "v1" else ""
            inner = f".{options['submodule']}" if "submodule" in options else ""
            return Thing("external", f"tensorflow.{legacy}keras{inner}")
        if leaf == "partial" and node.args:
            found = look(node.args[0])
            if found is not None and found.kind in ("function", "class"):
                bound = (len(node.args) - 1, frozenset(k.arg for k in node.keywords if k.arg))
                return Thing(found.kind, found.module, found.qualname, found.node, bound)
            return None
        wraps = isinstance(node.func, ast.Call) or leaf in WRAPPERS
        for argument in reversed(node.args) if wraps else ():
            found = self._called(argument, look) if isinstance(argument, ast.Call) else look(argument)
            if found is not None and found.kind in ("function", "class"):
                only = found.keyword_only or "to_raw_op" in ast.unparse(node)
                return Thing(found.kind, found.module, found.qualname, found.node, found.bound, only)
        return None


# Functions of TensorFlow and Keras that return their (last) argument with the same signature.
WRAPPERS = frozenset(
    {"deprecated_alias", "to_raw_op", "kwarg_only", "add_dispatch_support", "add_fallback_dispatch_list"}
    | {"add_type_based_api_dispatcher", "tf_export", "keras_modules_injection", "deprecated_wrapper", "set_module"}
)
