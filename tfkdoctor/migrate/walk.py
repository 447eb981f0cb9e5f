"""The resolver: one iterative walk over the `ast` tree (a recursive one overflows on long operator chains).

It knows imports, definitions, parameters, assignments, comprehensions, `global`, `nonlocal`, walruses and patterns.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tfkdoctor.migrate.names import Binding, Comprehension, FunctionNode, Names, Scope, Use, lookup


def resolve_names(tree: ast.Module, module: str = "", package: str = "") -> Names:
    """Walk a module once and bind every use. `module` and `package` are its dotted names, for relative imports."""
    return _Walk(tree, module, package).run()


def absolute(node: ast.ImportFrom, package: str) -> str:
    """The dotted module that a from-import names; relative ones from the root, at its top with a dot in front."""
    if not node.level:
        return node.module or ""
    base = package.split(".") if package else []
    base = base[: len(base) - node.level + 1] if node.level > 1 else base
    return ".".join([*(base or [""]), *([node.module] if node.module else [])])


def _before(use: Use, bindings: tuple[Binding, ...]) -> tuple[Binding, ...]:
    """Of the bindings in the use's own scope those before it, if there are any: what comes later is not meant yet."""
    place = (use.root.lineno, use.root.col_offset)
    earlier = tuple(b for b in bindings if b.scope is not use.scope or _place(b) < place)
    return earlier or bindings


def _place(binding: Binding) -> tuple[int, int]:
    node = binding.statement if binding.imported else binding.node
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


class _Walk:
    def __init__(self, tree: ast.Module, module: str, package: str) -> None:
        self.tree, self.module_name, self.package = tree, module, package
        self.names = Names(Scope("module", tree, None))
        self.stack: list[tuple[ast.AST, Scope, ast.stmt | None]] = []

    def run(self) -> Names:
        self.push(self.tree, self.tree.body, self.names.module, None)
        while self.stack:
            node, scope, statement = self.stack.pop()
            if isinstance(node, ast.stmt):
                statement = node
            handler = _HANDLERS.get(type(node))
            if handler is not None:
                handler(self, node, scope, statement)
            else:
                self.push(node, list(ast.iter_child_nodes(node)), scope, statement)
        for use in self.names.uses:
            use.bindings = _before(use, lookup(use.scope, use.root.id))
        return self.names

    def push(self, parent: ast.AST, children: Sequence[ast.AST], scope: Scope, statement: ast.stmt | None) -> None:
        for child in reversed(children):
            self.names.parents[child] = parent
            self.stack.append((child, scope, statement))

    def bind(self, scope: Scope, binding: Binding) -> None:
        if binding.name in scope.global_names:
            scope = scope.module
        elif binding.name in scope.nonlocal_names:
            scope = _owner(scope, binding.name)
        binding.scope = scope
        self.names.bound.add(binding.name)
        scope.names.setdefault(binding.name, []).append(binding)

    def visit_import(self, node: ast.Import, scope: Scope, statement: ast.stmt | None) -> None:
        for alias in node.names:
            self.names.parents[alias] = node
            name = alias.asname or alias.name.partition(".")[0]
            canonical = alias.name if alias.asname else name
            binding = Binding(name, "import", scope, alias, canonical, node)
            self.bind(scope, binding)
            self.names.imports.append(binding)

    def visit_import_from(self, node: ast.ImportFrom, scope: Scope, statement: ast.stmt | None) -> None:
        module = absolute(node, self.package)
        for alias in node.names:
            self.names.parents[alias] = node
            star = alias.name == "*"
            canonical = module if star else f"{module}.{alias.name}".replace("..", ".")
            binding = Binding(alias.asname or alias.name, "star" if star else "import", scope, alias, canonical, node)
            self.bind(scope, binding)
            self.names.imports.append(binding)

    def visit_function(self, node: FunctionNode, scope: Scope, statement: ast.stmt | None) -> None:
        qualname = _join(scope.qualname, node.name)
        self.bind(scope, Binding(node.name, "function", scope, node, self.own(qualname), node))
        inner = Scope("function", node, scope, qualname)
        self.names.functions.append(inner)
        inner = self.type_parameters(node, inner)
        outside: list[ast.AST] = [*node.decorator_list, *_defaults(node.args)]
        outside += [a.annotation for a in _arguments(node.args) if a.annotation] + (
            [node.returns] if node.returns else []
        )
        self.parameters(node.args, inner)
        self.push(node, node.body, inner, statement)
        self.push(node, outside, scope, statement)

    def visit_lambda(self, node: ast.Lambda, scope: Scope, statement: ast.stmt | None) -> None:
        inner = Scope("function", node, scope, _join(scope.qualname, "<lambda>"))
        self.parameters(node.args, inner)
        self.push(node, [node.body], inner, statement)
        self.push(node, _defaults(node.args), scope, statement)

    def visit_class(self, node: ast.ClassDef, scope: Scope, statement: ast.stmt | None) -> None:
        qualname = _join(scope.qualname, node.name)
        self.bind(scope, Binding(node.name, "class", scope, node, self.own(qualname), node))
        inner = Scope("class", node, scope, qualname)
        self.names.classes.append(inner)
        inner = self.type_parameters(node, inner)
        self.push(node, node.body, inner, statement)
        self.push(node, [*node.decorator_list, *node.bases, *node.keywords], scope, statement)

    def visit_comprehension(self, node: Comprehension, scope: Scope, statement: ast.stmt | None) -> None:
        inner = Scope("comprehension", node, scope, scope.qualname)
        results: list[ast.AST] = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self.push(node, results, inner, statement)
        for index, generator in reversed(list(enumerate(node.generators))):
            self.names.parents[generator] = node
            self.push(generator, [generator.target], inner, statement)
            self.push(generator, list(generator.ifs), inner, statement)
            self.push(generator, [generator.iter], scope if index == 0 else inner, statement)

    def visit_name(self, node: ast.Name, scope: Scope, statement: ast.stmt | None) -> None:
        if isinstance(node.ctx, ast.Store):
            value, annotation = _assigned(node, self.names.parents)
            owner = _owner_of_walrus(scope) if isinstance(self.names.parents.get(node), ast.NamedExpr) else scope
            kind = "assign" if value is not None or annotation is not None else "other"
            self.bind(owner, Binding(node.id, kind, owner, node, None, statement, value, annotation))
            if isinstance(self.names.parents.get(node), ast.AugAssign):
                self.use(Use(node, (node,), (), scope))
        else:
            self.use(Use(node, (node,), (), scope))

    def visit_attribute(self, node: ast.Attribute, scope: Scope, statement: ast.stmt | None) -> None:
        chain: list[ast.expr] = [node]
        self.names.dotted.append((node, scope))
        current = node.value
        while isinstance(current, ast.Attribute):
            chain.append(current)
            self.names.dotted.append((current, scope))
            current = current.value
        for child, parent in zip(chain[1:], chain, strict=False):
            self.names.parents[child] = parent
        self.names.parents[current] = chain[-1]
        if not isinstance(current, ast.Name):
            self.stack.append((current, scope, statement))
            return
        chain.append(current)
        parts = tuple(reversed(chain))
        self.use(Use(current, parts, tuple(p.attr for p in parts[1:] if isinstance(p, ast.Attribute)), scope))
        if isinstance(node.ctx, ast.Store) and len(parts) == 2 and current.id == "self":
            owner = scope.enclosing_class()
            value, _ = _assigned(node, self.names.parents)
            if owner is not None and value is not None:
                self.names.attributes.setdefault((owner, node.attr), []).append(value)
            if owner is not None and value is None and (part := part_of(node, self.names.parents)) is not None:
                self.names.unpacked.setdefault((owner, node.attr), []).append(part)

    def use(self, use: Use) -> None:
        self.names.uses.append(use)
        for part in use.parts:
            self.names.use_of[part] = use

    def visit_call(self, node: ast.Call, scope: Scope, statement: ast.stmt | None) -> None:
        self.names.calls.append((node, scope))
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        self.names.calls_of.setdefault(name, []).append(node)
        self.push(node, list(ast.iter_child_nodes(node)), scope, statement)

    def visit_constant(self, node: ast.Constant, scope: Scope, statement: ast.stmt | None) -> None:
        if isinstance(node.value, str):
            self.names.constants.append(node)

    def visit_subscript(self, node: ast.Subscript, scope: Scope, statement: ast.stmt | None) -> None:
        self.names.subscripts.append(node)
        self.push(node, list(ast.iter_child_nodes(node)), scope, statement)

    def visit_return(self, node: ast.Return, scope: Scope, statement: ast.stmt | None) -> None:
        if node.value is not None:
            self.names.returns.setdefault(scope, []).append(node.value)
            self.push(node, [node.value], scope, statement)

    def visit_global(self, node: ast.Global, scope: Scope, statement: ast.stmt | None) -> None:
        scope.global_names.update(node.names)

    def visit_nonlocal(self, node: ast.Nonlocal, scope: Scope, statement: ast.stmt | None) -> None:
        scope.nonlocal_names.update(node.names)

    def visit_named(self, node: ast.AST, scope: Scope, statement: ast.stmt | None) -> None:
        """What binds a name that stands there as a string: except clauses and patterns."""
        name = getattr(node, "rest", None) if isinstance(node, ast.MatchMapping) else getattr(node, "name", None)
        if name:
            self.bind(scope, Binding(name, "other", scope, node, None, statement))
        self.push(node, list(ast.iter_child_nodes(node)), scope, statement)

    def parameters(self, args: ast.arguments, scope: Scope) -> None:
        for argument in _arguments(args):
            self.bind(scope, Binding(argument.arg, "parameter", scope, argument, annotation=argument.annotation))

    def type_parameters(self, node: FunctionNode | ast.ClassDef, inner: Scope) -> Scope:
        for parameter in getattr(node, "type_params", ()):
            self.bind(inner, Binding(parameter.name, "other", inner, parameter))
        return inner

    def own(self, qualname: str) -> str:
        return _join(self.module_name, qualname)


_Handler = Callable[[_Walk, Any, Scope, ast.stmt | None], None]
_HANDLERS: dict[type[ast.AST], _Handler] = {
    ast.Import: _Walk.visit_import,
    ast.ImportFrom: _Walk.visit_import_from,
    ast.FunctionDef: _Walk.visit_function,
    ast.AsyncFunctionDef: _Walk.visit_function,
    ast.Lambda: _Walk.visit_lambda,
    ast.ClassDef: _Walk.visit_class,
    ast.ListComp: _Walk.visit_comprehension,
    ast.SetComp: _Walk.visit_comprehension,
    ast.DictComp: _Walk.visit_comprehension,
    ast.GeneratorExp: _Walk.visit_comprehension,
    ast.Name: _Walk.visit_name,
    ast.Attribute: _Walk.visit_attribute,
    ast.Call: _Walk.visit_call,
    ast.Constant: _Walk.visit_constant,
    ast.Subscript: _Walk.visit_subscript,
    ast.Return: _Walk.visit_return,
    ast.Global: _Walk.visit_global,
    ast.Nonlocal: _Walk.visit_nonlocal,
    ast.ExceptHandler: _Walk.visit_named,
    ast.MatchAs: _Walk.visit_named,
    ast.MatchStar: _Walk.visit_named,
    ast.MatchMapping: _Walk.visit_named,
}


def _arguments(args: ast.arguments) -> Iterator[ast.arg]:
    yield from args.posonlyargs
    yield from args.args
    if args.vararg:
        yield args.vararg
    yield from args.kwonlyargs
    if args.kwarg:
        yield args.kwarg


def _defaults(args: ast.arguments) -> list[ast.AST]:
    return [*args.defaults, *(d for d in args.kw_defaults if d is not None)]


def _assigned(target: ast.expr, parents: dict[ast.AST, ast.AST]) -> tuple[ast.expr | None, ast.expr | None]:
    """The value and the annotation of a plain assignment to exactly this target."""
    parent = parents.get(target)
    if isinstance(parent, ast.Assign) and target in parent.targets:
        return parent.value, None
    if isinstance(parent, ast.AnnAssign):
        return parent.value, parent.annotation
    if isinstance(parent, ast.NamedExpr):
        return parent.value, None
    if isinstance(parent, ast.Tuple | ast.List) and isinstance(grand := parents.get(parent), ast.Assign):
        value = grand.value  # a, b = 1, 2
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(parent.elts):
            starred = any(isinstance(e, ast.Starred) for e in (*value.elts, *parent.elts))
            return (None if starred else value.elts[parent.elts.index(target)]), None
    return None, None


def part_of(target: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> tuple[int, ast.expr] | None:
    """Which part of which value an assignment gives this target: `a, b = f()`."""
    row = parents.get(target)
    if not isinstance(row, ast.Tuple | ast.List) or any(isinstance(e, ast.Starred) for e in row.elts):
        return None
    statement = parents.get(row)
    if not isinstance(statement, ast.Assign) or row not in statement.targets:
        return None
    return next(i for i, e in enumerate(row.elts) if e is target), statement.value


def _owner(scope: Scope, name: str) -> Scope:
    """The function scope that a `nonlocal` name belongs to."""
    current = scope.parent
    while current is not None and not (current.kind == "function" and name in current.names):
        current = current.parent
    return current or scope


def _owner_of_walrus(scope: Scope) -> Scope:
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    return scope


def _join(first: str, second: str) -> str:
    return f"{first}.{second}" if first else second
