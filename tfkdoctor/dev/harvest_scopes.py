"""Which names a module binds at its top level, statement by statement, found by reading its source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tfkdoctor.dev.harvest_tree import Tree


@dataclass(frozen=True, slots=True)
class Binding:
    """One statement that gives a module-level name its value."""

    kind: str  # def | class | module | from | value | thing
    node: ast.AST | None = None
    module: str = ""
    name: str = ""


Scope = dict[str, list[Binding]]


@dataclass(slots=True)
class Scopes:
    """The module scopes of a tree; each is computed once, when first asked for."""

    tree: Tree
    _scopes: dict[str, Scope] = field(default_factory=dict)
    _alls: dict[str, list[str] | None] = field(default_factory=dict)
    _busy: set[str] = field(default_factory=set)

    def scope(self, module: str) -> Scope:
        """All names that a module binds at its top level, star imports included, each with its bindings in order."""
        if module in self._scopes:
            return self._scopes[module]
        tree = self.tree.parse(module)
        if tree is None or module in self._busy:
            return {}
        self._busy.add(module)
        scope: Scope = {}
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

    def imported(self, root: str, within: str) -> frozenset[str]:
        """The modules of the package `within` that importing the root loads (at module level, packages first)."""
        loaded: set[str] = set()
        queue = [root]
        while queue:
            name = queue.pop()
            while f"{name}.".startswith(f"{within}.") and name not in loaded and self.tree.exists(name):
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

    def _run(self, module: str, body: list[ast.stmt], scope: Scope) -> None:
        for node in body:
            self._statement(module, node, scope)

    def _statement(self, module: str, node: ast.stmt, scope: Scope) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                scope.setdefault(node.name, []).append(Binding("def", node))
            case ast.ClassDef():
                scope.setdefault(node.name, []).append(Binding("class", node))
            case ast.Import():
                for alias in node.names:
                    imported = alias.name if alias.asname else alias.name.partition(".")[0]
                    scope.setdefault(alias.asname or imported, []).append(Binding("module", node, imported))
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

    def _import_from(self, module: str, node: ast.ImportFrom, scope: Scope) -> None:
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
                for name in self.star(source, self.imported(source, source)):
                    scope.setdefault(name, []).append(Binding("from", node, source, name))

    def _assign(self, module: str, node: ast.Assign | ast.AnnAssign | ast.AugAssign, scope: Scope) -> None:
        value = node.value
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            match target:
                case ast.Name(id="__all__") if value is not None:
                    listed = self._listed(module, value, scope)
                    if isinstance(node, ast.AugAssign) and listed is not None:
                        listed = [*(self._alls[module] or []), *listed]
                    self._alls[module] = listed
                case ast.Name(id=name) if value is not None:
                    scope.setdefault(name, []).append(Binding("value", value))
                case ast.Tuple() | ast.List():
                    for element in target.elts:
                        if isinstance(element, ast.Name):
                            scope.setdefault(element.id, []).append(Binding("value"))
                case ast.Attribute() if value is not None and ast.unparse(target).startswith("_current_module."):
                    self._patch(module, target, value, scope)

    def _patch(self, module: str, target: ast.Attribute, value: ast.expr, scope: Scope) -> None:
        """`_current_module.app.flags = flags`: TensorFlow's root puts a name into a module, or into itself."""
        inner = ast.unparse(target).split(".")[1:-1]
        if not inner:
            scope.setdefault(target.attr, []).append(Binding("value", value))
            return
        owner = self._module_in(scope, inner)
        if owner is not None:
            called = isinstance(value, ast.Call)
            patched = Binding("value", value) if called else Binding("from", value, module, ast.unparse(value))
            self.scope(owner).setdefault(target.attr, []).append(patched)

    def _module_in(self, scope: Scope, path: list[str]) -> str | None:
        """The module that a dotted path names in a scope that is still being built."""
        bindings = scope.get(path[0])
        if not bindings or bindings[-1].kind != "from":
            return None
        module = ".".join((bindings[-1].module, bindings[-1].name, *path[1:]))
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

    def _if(self, module: str, node: ast.If, scope: Scope) -> None:
        if self._arms(node) == node.body + node.orelse:
            self._alternatives(module, [node.body, node.orelse], scope)
        else:
            self._run(module, self._arms(node), scope)

    def _try(self, module: str, node: ast.Try, scope: Scope) -> None:
        arms = [node.body + node.orelse, *(handler.body for handler in node.handlers)]
        self._alternatives(module, arms, scope)
        self._run(module, node.finalbody, scope)

    def _alternatives(self, module: str, arms: list[list[ast.stmt]], scope: Scope) -> None:
        """Run the first arm; the others only add names that it leaves unbound."""
        fresh: Scope = {}
        for arm in arms:
            trial: Scope = {}
            self._run(module, [node for node in arm if not isinstance(node, ast.Delete)], trial)
            self._run(module, [node for node in arm if isinstance(node, ast.Delete)], scope)
            for name, bindings in trial.items():
                fresh.setdefault(name, bindings)
        for name, bindings in fresh.items():
            scope.setdefault(name, []).extend(bindings)

    def _call(self, module: str, call: ast.Call, scope: Scope) -> None:
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

    def _listed(self, module: str, node: ast.expr, scope: Scope) -> list[str] | None:
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

    def _documented(self, module: str, call: ast.Call, scope: Scope) -> list[str]:
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
