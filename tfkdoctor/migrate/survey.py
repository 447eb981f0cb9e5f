"""One walk over a file: its names, and a picklable Summary of what other files need to know of it."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tfkdoctor.migrate.names import Binding, Names, Scope, Use, lookup, resolve_names
from tfkdoctor.model import Finding, Severity
from tfkdoctor.text import Lines, Source

MAX_DEPTH = 400  # nested expressions; beyond it native parsers and recursive walks overflow
MAX_BYTES = 5_000_000
ROOTS = ("keras", "tensorflow")
_WORDS = re.compile(r"[A-Za-z_]\w*\Z")


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression stands for, as far as one file shows it.

    kind: "ref" (the thing called `name`), "call" (what calling it gives), "self" (an instance of the class `name`),
    "super" (the same, seen as its base), "attr" (`base`.name), "method" (what `base`.name(…) gives), "item" (what
    calling `base` itself gives).
    """

    kind: str
    name: str = ""
    base: Value | None = None


@dataclass(frozen=True, slots=True)
class ClassSummary:
    bases: tuple[str, ...]
    methods: frozenset[str]
    attributes: Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Pass:
    """A call of a function of the project: how many positional arguments, and whose `*args` come behind them.

    `star` is None without a star, the function whose own `*args` are passed on, or "" where it is something else.
    """

    callee: str
    positional: int
    star: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """What link needs of a file; small, picklable, cached by content."""

    path: str
    module: str
    imports: frozenset[str] = frozenset()  # canonical names, relative ones resolved
    exports: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)  # module-level names
    stars: tuple[str, ...] = ()
    returns: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)  # by qualified name
    classes: Mapping[str, ClassSummary] = field(default_factory=dict)
    names: frozenset[str] = frozenset()  # canonical Keras and TensorFlow names that are used
    keywords: frozenset[tuple[str, str]] = frozenset()  # (last part of the callee, keyword)
    methods: frozenset[str] = frozenset()  # names of methods that are called
    metrics: frozenset[str] = frozenset()  # string literals given as metrics to compile()
    keys: frozenset[str] = frozenset()  # short string literals, for the evidence of history keys
    passes: frozenset[Pass] = frozenset()  # calls of the project's own functions
    script: bool = False  # has an `if __name__ == "__main__"`
    imports_at: Mapping[str, int] = field(
        default_factory=dict
    )  # module-level name -> offset of the alias that binds it


@dataclass(slots=True, eq=False)
class Survey:
    """A parsed file with its names bound."""

    source: Source
    module: str
    package: str
    tree: ast.Module
    lines: Lines
    names: Names

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
        if depth > 12:
            return ()
        if isinstance(node, ast.IfExp):
            return self.describe(node.body, depth + 1) + self.describe(node.orelse, depth + 1)
        if isinstance(node, ast.BoolOp):
            return tuple(v for value in node.values for v in self.describe(value, depth + 1))
        if isinstance(node, ast.NamedExpr | ast.Await):
            return self.describe(node.value, depth + 1)
        if isinstance(node, ast.Call):
            return self._describe_call(node, depth)
        use = self.names.use_of.get(node)
        if use is not None:
            attrs = use.attrs[: use.parts.index(node)]
            stars = [binding.canonical or "" for binding in use.bindings if binding.kind == "star"]
            if stars:
                return tuple(Value("ref", ".".join([star, use.root.id, *attrs])) for star in stars)
            return tuple(
                v for binding in use.bindings for v in self._describe_binding(binding, use.scope, attrs, depth)
            )
        if isinstance(node, ast.Attribute):
            return tuple(Value("attr", node.attr, base) for base in self.describe(node.value, depth + 1))
        return ()

    def _describe_call(self, node: ast.Call, depth: int) -> tuple[Value, ...]:
        found = []
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            owner = self.names.use_of[node.func].scope.enclosing_class()
            return (Value("super", _join(self.module, owner.qualname)),) if owner is not None else ()
        for value in self.describe(node.func, depth + 1):
            if value.kind == "ref":
                found.append(Value("call", value.name))
            elif value.kind == "attr":
                found.append(Value("method", value.name, value.base))
            else:
                found.append(Value("item", "", value))
        return tuple(found)

    def _describe_binding(self, binding: Binding, scope: Scope, attrs: tuple[str, ...], depth: int) -> Iterator[Value]:
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
                bases = (Value("self", _join(self.module, owner.qualname)),)
            elif binding.annotation is not None:
                bases = tuple(
                    Value("call", v.name) for v in self.describe(binding.annotation, depth + 1) if v.kind == "ref"
                )
        elif binding.annotation is not None and binding.value is None:
            bases = tuple(
                Value("call", v.name) for v in self.describe(binding.annotation, depth + 1) if v.kind == "ref"
            )
        elif binding.value is not None:
            bases = self.describe(binding.value, depth + 1)
        for base in bases:
            value = base
            for attr in attrs:
                value = Value("ref", f"{value.name}.{attr}") if value.kind == "ref" else Value("attr", attr, value)
            yield value


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


def summarize(survey: Survey) -> Summary:
    """What the rest of the project needs to know of this file."""
    names = survey.names
    module = names.module
    exports = {
        name: tuple(v for b in bindings for v in survey._describe_binding(b, module, (), 0))
        for name, bindings in module.names.items()
        if name != "*"
    }
    return Summary(
        path=survey.path,
        module=survey.module,
        imports=frozenset(b.canonical for b in names.imports if b.canonical),
        exports=exports,
        stars=tuple(b.canonical for b in names.imports if b.kind == "star" and b.canonical),
        returns={scope.qualname: _described(survey, values) for scope, values in names.returns.items()},
        classes={scope.qualname: _class_summary(survey, scope) for scope in names.classes},
        names=frozenset(c for use in names.uses for _, c in survey.canonicals(use) if c.partition(".")[0] in ROOTS),
        keywords=frozenset(
            (callee_name(call), k.arg) for call, _ in names.calls for k in call.keywords if k.arg and callee_name(call)
        ),
        methods=frozenset(call.func.attr for call, _ in names.calls if isinstance(call.func, ast.Attribute)),
        metrics=frozenset(_metrics(names)),
        keys=frozenset(c.value for c in names.constants if isinstance(c.value, str) and len(c.value) < 40),
        passes=frozenset(_passes(survey)),
        script=any(_is_main_guard(statement) for statement in survey.tree.body),
        imports_at={b.name: survey.lines.start(b.node) for b in names.imports if isinstance(b.node, ast.alias)},
    )


def _passes(survey: Survey) -> Iterator[Pass]:
    for call, scope in survey.names.calls:
        for value in survey.describe(call.func):
            if value.kind == "ref" and value.name.partition(".")[0] not in ROOTS:
                star = next((a for a in call.args if isinstance(a, ast.Starred)), None)
                before = call.args.index(star) if star is not None else len(call.args)
                yield Pass(value.name, before, star_owner(survey, star, scope) if star is not None else None)


def star_owner(survey: Survey, star: ast.Starred, scope: Scope) -> str:
    """The canonical name of the function whose own `*args` are passed on here, "" for anything else."""
    if not isinstance(star.value, ast.Name):
        return ""
    for binding in lookup(scope, star.value.id):
        function = binding.scope.node
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.args.vararg is binding.node:
            return _join(survey.module, binding.scope.qualname)
    return ""


def callee_name(call: ast.Call) -> str:
    """The last part of what is called: `fit` in `self.model.fit(…)`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _described(survey: Survey, values: list[ast.expr]) -> tuple[Value, ...]:
    return tuple(v for value in values for v in survey.describe(value))


def _class_summary(survey: Survey, scope: Scope) -> ClassSummary:
    node = scope.node
    assert isinstance(node, ast.ClassDef)
    bases = tuple(v.name for base in node.bases for v in survey.describe(base) if v.kind == "ref")
    methods = frozenset(name for name, bs in scope.names.items() if any(b.kind == "function" for b in bs))
    attributes = {
        name: _described(survey, values) for (owner, name), values in survey.names.attributes.items() if owner is scope
    }
    return ClassSummary(bases, methods, attributes)


def _metrics(names: Names) -> Iterator[str]:
    for call, _ in names.calls:
        if callee_name(call) != "compile":
            continue
        given = [k.value for k in call.keywords if k.arg == "metrics"] + call.args[2:3]
        for value in given:
            for node in ast.walk(value):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value
                elif isinstance(node, ast.Name) and not isinstance(value, ast.List):
                    for binding in lookup(names.use_of[node].scope if node in names.use_of else names.module, node.id):
                        yield from _strings(binding.value)


def _strings(node: ast.expr | None) -> Iterator[str]:
    for child in ast.walk(node) if node is not None else ():
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            yield child.value


def _is_first_parameter(binding: Binding) -> bool:
    function = binding.scope.node
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    arguments = [*function.args.posonlyargs, *function.args.args]
    static = any(isinstance(d, ast.Name) and d.id in ("staticmethod", "classmethod") for d in function.decorator_list)
    return bool(arguments) and arguments[0] is binding.node and not static


def _is_main_guard(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and any(
        isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(statement.test)
    )


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


def _join(first: str, second: str) -> str:
    return f"{first}.{second}" if first else second
