"""A picklable Summary of what the rest of a project needs to know of a file."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tfkdoctor.migrate.names import Names, Scope, lookup
from tfkdoctor.migrate.survey import ROOTS, Survey, Value, join


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
    given: tuple[tuple[int | str, tuple[Value, ...]], ...] = ()  # place or keyword -> what may stand for the argument
    bound: bool = False  # a method, of an instance of the class that its name is below


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
    attributes: frozenset[str] = frozenset()  # names of attributes that are read or set
    functions: frozenset[str] = frozenset()  # qualified names of functions
    generators: frozenset[str] = frozenset()  # those of them that yield
    keys: frozenset[str] = frozenset()  # short string literals, for the evidence of keys and names
    passes: frozenset[Pass] = frozenset()  # calls of the project's own functions
    asked: frozenset[str] = frozenset()  # strings asked of something: x["acc"], x.get("acc"), monitor="acc"
    named: frozenset[str] = frozenset()  # string literals given as `name=`
    held: frozenset[str] = frozenset()  # string literals that name variables of a graph
    measured: frozenset[str] = frozenset()  # strings within the `metrics=` of compile
    fed: frozenset[str] = frozenset()  # what is called for the data of fit and its kind, by canonical names
    logged: frozenset[str] = frozenset()  # keys that the code itself puts into logs: `logs["lr"] = rate`
    reversed: frozenset[str] = frozenset()  # crossentropies of the backend that get (output, target), as in Keras 1
    crossed: bool = False  # gives K.batch_dot axes beyond the third, which Keras before 2.2.5 took for matrices
    script: bool = False  # has an `if __name__ == "__main__"`
    acts: bool = False  # does something when it is imported, beyond defining things
    imports_at: Mapping[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    # module-level name -> (offset, canonical name) of every alias that binds it


def summarize(survey: Survey) -> Summary:
    """What the rest of the project needs to know of this file."""
    names = survey.names
    module = names.module
    exports = {
        name: tuple(v for b in bindings for v in survey.describe_binding(b, module, (), 0))
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
        names=frozenset(_used(survey)),
        keywords=frozenset(
            (callee_name(call), k.arg) for call, _ in names.calls for k in call.keywords if k.arg and callee_name(call)
        ),
        methods=frozenset(call.func.attr for call, _ in names.calls if isinstance(call.func, ast.Attribute)),
        attributes=frozenset(node.attr for node, _ in names.dotted),
        functions=frozenset(scope.qualname for scope in names.functions),
        generators=frozenset(scope.qualname for scope in names.functions if _yields(scope.node)),
        keys=frozenset(c.value for c in names.constants if isinstance(c.value, str) and len(c.value) < 80),
        passes=frozenset(_passes(survey)),
        asked=frozenset(_asked(names)),
        named=frozenset(_named(names)),
        held=frozenset(_held(names)),
        measured=frozenset(_measured(names)),
        fed=frozenset(_fed(survey)),
        logged=frozenset(_logged(survey.names)),
        reversed=frozenset(_reversed(survey)),
        crossed=any(_crosses(survey)),
        script=any(_is_main_guard(statement) for statement in survey.tree.body),
        acts=any(_acts(statement) for statement in survey.tree.body),
        imports_at=_imports_at(survey),
    )


def _used(survey: Survey) -> Iterator[str]:
    """The Keras and TensorFlow names that a file uses; for a class that comes through stars, one for each star."""
    for use in survey.names.uses:
        named = [canonical for _, canonical in survey.canonicals(use)]
        if use.root.id[:1].isupper():
            named += [".".join([b.canonical or "", use.root.id, *use.attrs]) for b in use.bindings if b.kind == "star"]
        yield from (name for name in named if name.partition(".")[0] in ROOTS)


def _imports_at(survey: Survey) -> dict[str, tuple[tuple[int, str], ...]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for binding in survey.names.imports:
        if binding.scope is survey.names.module and isinstance(binding.node, ast.alias):
            found.setdefault(binding.name, []).append((survey.lines.start(binding.node), binding.canonical or ""))
    return {name: tuple(places) for name, places in found.items()}


def _passes(survey: Survey) -> Iterator[Pass]:
    for call, scope in survey.names.calls:
        for value in survey.describe(call.func):
            if value.kind == "ref" and value.name.partition(".")[0] not in ROOTS:
                star = next((a for a in call.args if isinstance(a, ast.Starred)), None)
                before = call.args.index(star) if star is not None else len(call.args)
                owner = star_owner(survey, star, scope) if star is not None else None
                yield Pass(value.name, before, owner, tuple(_given(survey, call)))
            elif value.kind == "attr" and (owner := _project_class(value)):
                yield Pass(f"{owner}.{value.name}", len(call.args), None, tuple(_given(survey, call)), bound=True)


def _project_class(method: Value) -> str:
    """The name of what a method's receiver is made by, if it is none of the library's classes, else ""."""
    made = method.base is not None and method.base.kind in ("self", "call")
    name = method.base.name if method.base is not None and made else ""
    return name if name.partition(".")[0] not in ROOTS else ""


def _given(survey: Survey, call: ast.Call) -> Iterator[tuple[int | str, tuple[Value, ...]]]:
    """What may stand for each argument that shows anything."""
    places: list[tuple[int | str, ast.expr]] = list(enumerate(call.args[:8]))
    for place, node in [*places, *((k.arg, k.value) for k in call.keywords if k.arg)]:
        if isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
            yield place, survey.describe(node)


def star_owner(survey: Survey, star: ast.Starred, scope: Scope) -> str:
    """The canonical name of the function whose own `*args` are passed on here, "" for anything else."""
    if not isinstance(star.value, ast.Name):
        return ""
    for binding in lookup(scope, star.value.id):
        function = binding.scope.node
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.args.vararg is binding.node:
            return join(survey.module, binding.scope.qualname)
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
    for (owner, name), parts in survey.names.unpacked.items():
        if owner is scope:
            found = (Value("part", str(place), v) for place, value in parts for v in survey.describe(value))
            attributes[name] = (*attributes.get(name, ()), *found)
    return ClassSummary(bases, methods, attributes)


def _asked(names: Names) -> Iterator[str]:
    given: list[ast.expr] = [s.slice for s in names.subscripts]
    for call, _ in names.calls:
        if callee_name(call) == "get":
            given += call.args[:1]
        given += [k.value for k in call.keywords if k.arg == "monitor"]
    for node in given:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _measured(names: Names) -> Iterator[str]:
    for call in names.calls_of.get("compile", ()):
        given = (k.value for k in call.keywords if k.arg == "metrics")
        for node in (n for value in given for n in ast.walk(value)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _held(names: Names) -> Iterator[str]:
    """The names that `tf.Variable` and `tf.get_variable` are given."""
    for callee, place in (("Variable", 5), ("get_variable", 0)):
        for call in names.calls_of.get(callee, ()):
            given = [k.value for k in call.keywords if k.arg == "name"] or call.args[place : place + 1]
            yield from (a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str))


def _named(names: Names) -> Iterator[str]:
    for call, _ in names.calls:
        for keyword in call.keywords:
            value = keyword.value
            if keyword.arg == "name" and isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


_FEEDS = frozenset(["fit", "fit_generator", "evaluate", "evaluate_generator", "predict", "predict_generator"])


def _fed(survey: Survey) -> Iterator[str]:
    """`model.fit_generator(batches(), validation_data=test_batches())`; with `predict` in front where that is all."""
    for call, _ in survey.names.calls:
        name = callee_name(call)
        if name not in _FEEDS or not isinstance(call.func, ast.Attribute):
            continue
        data = [*call.args[:1], *(k.value for k in call.keywords if k.arg in ("generator", "x", "validation_data"))]
        for node in data:
            for value in survey.describe(node):
                if value.kind == "call":
                    yield f"predict {value.name}" if name.startswith("predict") else value.name


def _logged(names: Names) -> Iterator[str]:
    for node in names.subscripts:
        name = node.value.id if isinstance(node.value, ast.Name) else ""
        if isinstance(node.ctx, ast.Store) and "log" in name and isinstance(node.slice, ast.Constant):
            yield str(node.slice.value)


def _reversed(survey: Survey) -> Iterator[str]:
    """Crossentropies of the backend whose first argument is called a prediction and whose second a truth."""
    for call, _ in survey.names.calls:
        name = callee_name(call)
        if not name.endswith("_crossentropy") or len(call.args) < 2:
            continue
        first, second = (a.id.lower() if isinstance(a, ast.Name) else "" for a in call.args[:2])
        swapped = ("pred" in first or "output" in first) and "pred" not in second
        if swapped and any(".backend." in v.name for v in survey.describe(call.func)):
            yield name


def _crosses(survey: Survey) -> Iterator[bool]:
    for call in survey.names.calls_of.get("batch_dot", ()):
        given = next((k.value for k in call.keywords if k.arg == "axes"), call.args[2] if len(call.args) > 2 else None)
        axes = given.elts if isinstance(given, ast.List | ast.Tuple) else [given] if given is not None else []
        deep = any(isinstance(a, ast.Constant) and isinstance(a.value, int) and a.value > 2 for a in axes)
        yield deep and any(".backend." in v.name for v in survey.describe(call.func))


def _yields(function: ast.AST) -> bool:
    stack: list[ast.AST] = list(getattr(function, "body", []))
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            stack += ast.iter_child_nodes(node)
    return False


def _acts(statement: ast.stmt) -> bool:
    """Whether a statement of a module does something: calls for the sake of the call, loops, enters a context."""
    if isinstance(statement, ast.If):
        return any(_acts(inner) for inner in (*statement.body, *statement.orelse))
    called = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    return called or isinstance(statement, ast.For | ast.While | ast.With)


def _is_main_guard(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and any(
        isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(statement.test)
    )
