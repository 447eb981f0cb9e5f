"""A parsed file with its names bound, and what each expression in it may stand for."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from tfkdoctor.migrate.names import Binding, Names, Scope, Use
from tfkdoctor.migrate.walk import part_of, resolve_names
from tfkdoctor.model import Finding, Severity
from tfkdoctor.text import Lines, Source

MAX_DEPTH = 400  # nested expressions; beyond it native parsers and recursive walks overflow
MAX_BYTES = 5_000_000
ROOTS = ("keras", "tensorflow")
_DEPTH = 12  # steps from an expression to what it is made of
_PARTS = 8  # of a tuple that are looked at
_MOST = 40  # things that one expression may stand for


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression stands for, as far as one file shows it.

    kind: "ref" (the thing called `name`), "call" (what calling it gives), "self" (an instance of the class `name`),
    "super" (the same, seen as its base), "attr" (`base`.name), "method" (what `base`.name(…) gives), "item" (what
    calling `base` itself gives), "math" (what operators and backend functions make of `base`, if it is a tensor),
    "param" (what the calls in the project give a parameter: `function:place:name`, where self takes no place), "tuple"
    (several at once, in `parts`), "part" (the one at place `name` of what `base` gives).
    """

    kind: str
    name: str = ""
    base: Value | None = None
    parts: tuple[tuple[Value, ...], ...] = ()


@dataclass(slots=True, eq=False)
class Survey:
    """A parsed file with its names bound."""

    source: Source
    module: str
    package: str
    tree: ast.Module
    lines: Lines
    names: Names
    _described: dict[tuple[ast.expr, int], tuple[Value, ...]] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return self.source.path

    def canonicals(self, use: Use) -> Iterator[tuple[Binding, str]]:
        """The canonical names that a use may stand for, with the import (or definition) behind each."""
        for binding in use.bindings:
            for origin, canonical in self.trace(binding):
                yield origin, ".".join([canonical, *use.attrs])

    def trace(self, binding: Binding, depth: int = 0) -> Iterator[tuple[Binding, str]]:
        """Follow plain aliases (`L = keras.layers`) to what they stand for."""
        if binding.kind == "star":
            return
        if binding.canonical is not None:
            yield binding, binding.canonical
        elif binding.kind == "assign" and binding.value is not None and depth < 8 and self.is_alias(binding):
            use = self.names.use_of[binding.value]
            for inner in use.bindings:
                for origin, canonical in self.trace(inner, depth + 1):
                    yield origin, ".".join([canonical, *use.attrs])

    def is_alias(self, binding: Binding) -> bool:
        """A name that is bound to one plain dotted chain, and never to anything else."""
        chains = set()
        for one in binding.scope.names.get(binding.name, ()):
            use = self.names.use_of.get(one.value) if one.value is not None else None
            plain = one.value is not None and use is not None and use.node is one.value
            chains.add(ast.dump(one.value) if plain and one.value is not None else "")
        return len(chains) == 1 and "" not in chains

    def describe(self, node: ast.expr, depth: int = 0) -> tuple[Value, ...]:
        """What this expression may stand for; () where one file cannot tell."""
        if depth > _DEPTH:
            return ()
        if (node, depth) not in self._described:
            found = tuple(dict.fromkeys(self._describe(node, depth)))
            self._described[node, depth] = found[:_MOST]
        return self._described[node, depth]

    def _describe(self, node: ast.expr, depth: int) -> tuple[Value, ...]:
        if isinstance(node, ast.IfExp):
            return self.describe(node.body, depth + 1) + self.describe(node.orelse, depth + 1)
        if isinstance(node, ast.BoolOp):
            return tuple(v for value in node.values for v in self.describe(value, depth + 1))
        if isinstance(node, ast.NamedExpr | ast.Await):
            return self.describe(node.value, depth + 1)
        if isinstance(node, ast.Call):
            return self._describe_call(node, depth)
        if isinstance(node, ast.Tuple):
            return (Value("tuple", parts=tuple(self.describe(e, depth + 1) for e in node.elts[:_PARTS])),)
        use = self.names.use_of.get(node)
        if use is not None:
            attrs = use.attrs[: use.parts.index(node)]
            stars = [binding.canonical or "" for binding in use.bindings if binding.kind == "star"]
            if stars:
                return tuple(Value("ref", ".".join([star, use.root.id, *attrs])) for star in stars)
            before = [b for b in use.bindings if len(use.bindings) == 1 or not self._holds(b.statement, node)]
            found = before or use.bindings  # of `model = model(3)` what was called so before
            return tuple(v for binding in found for v in self.describe_binding(binding, use.scope, attrs, depth))
        if isinstance(node, ast.Attribute):
            return tuple(Value("attr", node.attr, base) for base in self.describe(node.value, depth + 1))
        return tuple(Value("math", "", base) for part in _operands(node) for base in self.describe(part, depth + 1))

    def _holds(self, statement: ast.stmt | None, node: ast.AST) -> bool:
        """Whether a node stands in the value of this plain assignment."""
        current: ast.AST | None = node
        while current is not None and not isinstance(current, ast.stmt):
            current = self.names.parents.get(current)
        return current is statement and isinstance(statement, ast.Assign)

    def _describe_call(self, node: ast.Call, depth: int) -> tuple[Value, ...]:
        found = []
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            owner = self.names.use_of[node.func].scope.enclosing_class()
            return (Value("super", join(self.module, owner.qualname)),) if owner is not None else ()
        for value in self.describe(node.func, depth + 1):
            if value.kind == "ref":
                found.append(Value("call", value.name))
                if ".backend." in value.name or value.name.startswith("tensorflow."):
                    found += [Value("math", "", v) for a in node.args[:2] for v in self.describe(a, depth + 1)]
            elif value.kind == "attr":
                found.append(Value("method", value.name, value.base))
            elif value.kind != "param":
                found.append(Value("item", "", value))
        return tuple(found)

    def describe_binding(self, binding: Binding, scope: Scope, attrs: tuple[str, ...], depth: int) -> Iterator[Value]:
        """What a name followed by attributes may stand for, as one of its bindings says."""
        if binding.kind == "star":
            name = binding.canonical or ""
            yield Value("ref", ".".join([name, *attrs])) if not attrs else Value("ref", name)
            return
        if binding.canonical is not None:
            yield Value("ref", ".".join([binding.canonical, *attrs]))
            return
        bases: tuple[Value, ...] = ()
        if binding.kind == "parameter":
            owner = binding.scope.parent
            if owner is not None and owner.kind == "class" and _is_first_parameter(binding):
                bases = (Value("self", join(self.module, owner.qualname)),)
            elif binding.annotation is not None:
                bases = tuple(
                    Value("call", v.name) for v in self.describe(binding.annotation, depth + 1) if v.kind == "ref"
                )
            else:
                bases = self._parameter(binding)
        elif binding.annotation is not None and binding.value is None:
            bases = tuple(
                Value("call", v.name) for v in self.describe(binding.annotation, depth + 1) if v.kind == "ref"
            )
        elif binding.value is not None:
            bases = self.describe(binding.value, depth + 1)
        elif (part := part_of(binding.node, self.names.parents)) is not None:
            bases = tuple(Value("part", str(part[0]), v) for v in self.describe(part[1], depth + 1))
        for base in bases:
            value = base
            for attr in attrs:
                value = Value("ref", f"{value.name}.{attr}") if value.kind == "ref" else Value("attr", attr, value)
            yield value

    def _parameter(self, binding: Binding) -> tuple[Value, ...]:
        function = binding.scope.node
        if not isinstance(function, ast.FunctionDef) or not isinstance(binding.node, ast.arg):
            return ()
        ordered = [*function.args.posonlyargs, *function.args.args]
        if binding.node not in (*ordered, *function.args.kwonlyargs):
            return ()  # `*args`, `**kwargs`
        method = binding.scope.parent is not None and binding.scope.parent.kind == "class"
        place = ordered.index(binding.node) - method if binding.node in ordered else -1
        return (Value("param", f"{join(self.module, binding.scope.qualname)}:{place}:{binding.name}"),)


def parse(source: Source) -> ast.Module | Finding:
    """The module's `ast`, or a finding: TFK001 (syntax), TFK004 (too large or too deep to be handled)."""
    if len(source.content) > MAX_BYTES:
        return _too_big(source, f"the file has {len(source.content)} bytes; more than {MAX_BYTES} are not looked at")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source.text)
    except SyntaxError as error:
        return _no_syntax(source, error)
    except (RecursionError, MemoryError):
        return _too_big(source, "an expression in it is nested too deeply for Python's own parser")
    except ValueError as error:
        return _no_syntax(source, SyntaxError(str(error)))
    depth = _depth(tree)
    if depth > MAX_DEPTH:
        return _too_big(source, f"an expression in it is nested {depth} deep; {MAX_DEPTH} is the limit")
    return tree


def survey_module(source: Source, module: str, package: str) -> Survey | Finding:
    """Parse a file and bind its names."""
    tree = parse(source)
    if isinstance(tree, Finding):
        return tree
    return Survey(source, module, package, tree, Lines(source.text), resolve_names(tree, module, package))


def _operands(node: ast.expr) -> tuple[ast.expr, ...]:
    """What an operator works on, if it makes a tensor of tensors."""
    if isinstance(node, ast.BinOp):
        return node.left, node.right
    if isinstance(node, ast.UnaryOp):
        return (node.operand,)
    return (node.value,) if isinstance(node, ast.Subscript) else ()


def _is_first_parameter(binding: Binding) -> bool:
    function = binding.scope.node
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    arguments = [*function.args.posonlyargs, *function.args.args]
    static = any(isinstance(d, ast.Name) and d.id in ("staticmethod", "classmethod") for d in function.decorator_list)
    return bool(arguments) and arguments[0] is binding.node and not static


def _depth(tree: ast.AST) -> int:
    """How deep the deepest expression or block is; iterative, since a recursive walk is what would overflow."""
    deepest = 0
    stack: list[tuple[ast.AST, int]] = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        deepest = max(deepest, depth)
        stack += [(child, depth + 1) for child in ast.iter_child_nodes(node)]
    return deepest


def _no_syntax(source: Source, error: SyntaxError) -> Finding:
    from tfkdoctor.migrate.python2 import looks_like_python2

    lines = Lines(source.text)
    line = min(error.lineno or 1, len(lines.starts))
    start = lines.starts[line - 1]
    if looks_like_python2(source.text):
        hint = "this is Python 2: convert it first (`pip install fissix && fissix -w FILE`), then run again"
    else:
        hint = "mend the syntax, or run tfkdoctor on a newer Python if the file needs one; it was left untouched"
    return Finding(
        "TFK001", f"the file does not parse: {error.msg}", Severity.ERROR, source.path, lines.span(start, start), hint
    )


def _too_big(source: Source, message: str) -> Finding:
    return Finding(
        "TFK004",
        message,
        Severity.ERROR,
        source.path,
        help="split it, or exclude it in [tool.tfkdoctor]; it was left untouched",
    )


def join(first: str, second: str) -> str:
    return f"{first}.{second}" if first else second
