"""Finds what builds Keras models in a project: functions, classes, and modules with models at their top level."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

CONSTRUCTORS = frozenset({"Model", "Sequential", "Functional"})
NAMES = ("build_model", "create_model", "get_model", "make_model", "define_model", "build_network", "create_network")
FRAMEWORK = re.compile(r"\b(?:keras|tensorflow|tf_keras)\b")
SKIPPED_FILES = ("setup.py", "conftest.py")


@dataclass(frozen=True, slots=True)
class Builder:
    """Something that builds models. `module` is its dotted name below the folder `base` of the project."""

    name: str  # path:object as a person writes it in [tool.tfkdoctor.smoke]
    kind: str  # function, class, module, file
    path: str
    line: int
    base: str
    module: str
    attribute: str
    missing: tuple[str, ...] = ()  # parameters without a default
    arguments: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""  # why it is not tried at all
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def skipped(self) -> str:
        """Why it cannot be built; "" where it can."""
        missing = [name for name in self.missing if name not in self.arguments]
        return self.reason or (f"it needs {', '.join(missing)}" if missing else "")

    def request(self) -> dict[str, object]:
        names = ("name", "kind", "path", "base", "module", "attribute")
        return {name: getattr(self, name) for name in names} | {
            "arguments": dict(self.arguments),
            **self.extra,
        }


def find_builders(files: Mapping[str, str], arguments: Mapping[str, Mapping[str, object]]) -> tuple[Builder, ...]:
    """The builders of a project (path -> text), in order; `arguments` are those of the configuration, by name."""
    packages = {str(PurePosixPath(path).parent) for path in files if path.endswith("__init__.py")}
    trees = {path: tree for path, text in sorted(files.items()) if (tree := parsed(text)) is not None}
    known = set(CONSTRUCTORS)
    while more := {name for tree in trees.values() for name, _ in functions(tree, known)} - known:
        known |= more  # a function that gives back what another builder made
    found = []
    for path, tree in trees.items():
        if PurePosixPath(path).name in SKIPPED_FILES or PurePosixPath(path).name.startswith("test_"):
            continue
        framework = bool(FRAMEWORK.search(files[path]))
        for kind, name, line, missing in within(tree, known):
            if kind == "class" and not framework:
                continue  # somebody else's Model
            called = f"{path}:{name}" if name else path
            base, module = module_name(path, packages)
            given = next((row for key, row in arguments.items() if called == key or called.endswith(f"/{key}")), {})
            found.append(Builder(called, kind, path, line, base, module, name, missing, given))
    return tuple(found)


def parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return None


def within(tree: ast.Module, known: set[str]) -> Iterator[tuple[str, str, int, tuple[str, ...]]]:
    for name, node in functions(tree, known):
        yield "function", name, node.lineno, required(node.args, 0)
    for one in tree.body:
        if isinstance(one, ast.ClassDef) and any(last(base) in ("Model", "Sequential") for base in one.bases):
            init = next((n for n in one.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"), None)
            yield "class", one.name, one.lineno, required(init.args, 1) if init else ()
    for one in tree.body:
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call) and last(one.value.func) in known:
            yield "module", "", one.lineno, ()
            return


def functions(tree: ast.Module, known: set[str]) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions at the top of a module that give back a model."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("__") and gives_model(node, known):
            yield node.name, node


def gives_model(node: ast.FunctionDef, known: set[str]) -> bool:
    if node.returns is not None:
        return last(node.returns) in ("Model", "Sequential")
    made = {
        target.id
        for one in ast.walk(node)
        if isinstance(one, ast.Assign) and is_made(one.value, known)
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    for value in returned(node):
        parts = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
        if any(is_made(part, known) or (isinstance(part, ast.Name) and part.id in made) for part in parts):
            return True
    return node.name in NAMES and any(True for _ in returned(node))


def returned(node: ast.FunctionDef) -> Iterator[ast.expr]:
    """What the function itself gives back, not those inside it."""
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(one, ast.Return) and one.value is not None:
            yield one.value
        waiting.extend(ast.iter_child_nodes(one))


def is_made(value: ast.expr, known: set[str]) -> bool:
    """`Model(…)`, `keras.Sequential(…)`, `other_builder(…)`; not `Model(…)(x)`, which is a tensor."""
    return isinstance(value, ast.Call) and not isinstance(value.func, ast.Call) and last(value.func) in known


def last(node: ast.expr) -> str:
    """The last name of a dotted one, "" for other expressions; a string is an annotation."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Constant):
        return str(node.value).rpartition(".")[2]
    return node.id if isinstance(node, ast.Name) else ""


def required(arguments: ast.arguments, own: int) -> tuple[str, ...]:
    plain = [*arguments.posonlyargs, *arguments.args][own:]
    count = max(0, len(plain) - len(arguments.defaults))
    named = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return (*(one.arg for one in plain[:count]), *(one.arg for one, default in named if default is None))


def module_name(path: str, packages: set[str]) -> tuple[str, str]:
    """The folder in which the topmost package of a file lies (relative), and the file's dotted name from there."""
    parts = PurePosixPath(path).with_suffix("").parts
    start = len(parts) - 1
    while start > 0 and "/".join(parts[:start]) in packages:
        start -= 1
    base, inner = "/".join(parts[:start]), parts[start:]
    return base or ".", ".".join(inner[:-1] if inner[-1] == "__init__" and len(inner) > 1 else inner)
