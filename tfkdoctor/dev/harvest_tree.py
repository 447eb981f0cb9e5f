"""Read the Python source of released packages: installed folders, wheels and source archives, never imported."""

from __future__ import annotations

import ast
import re
import tarfile
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """One module's place: the archive or folder, the path in it, and whether it is a package."""

    container: Path
    path: str
    package: bool


@dataclass(slots=True)
class Tree:
    """The modules of one or more unpacked or packed distributions, parsed when first asked for.

    `renamed` maps an import name to the folder that holds it: TensorFlow 1.15 imports `tensorflow.python…` and keeps
    it in `tensorflow_core/`. `respelled` maps what the sources call a package to what it is called here: tf_keras is
    read as keras.
    """

    modules: Mapping[str, Source]
    renamed: Mapping[str, str] = field(default_factory=dict)
    respelled: Mapping[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)  # module -> why it could not be parsed
    _parsed: dict[str, ast.Module | None] = field(default_factory=dict)
    _zips: dict[Path, zipfile.ZipFile] = field(default_factory=dict)
    _children: dict[str, list[str]] = field(default_factory=dict)

    def place(self, module: str) -> str:
        """Where the module of this import name lies."""
        head, dot, rest = module.partition(".")
        return self.renamed.get(head, head) + dot + rest

    def exists(self, module: str) -> bool:
        return self.place(module) in self.modules

    def is_package(self, module: str) -> bool:
        source = self.modules.get(self.place(module))
        return source is not None and source.package

    def submodules(self, package: str) -> list[str]:
        """Names (last component) of the modules that lie directly in a package."""
        if not self._children:
            for name in self.modules:
                parent, _, leaf = name.rpartition(".")
                self._children.setdefault(parent, []).append(leaf)
        return sorted(self._children.get(self.place(package), []))

    def parse(self, module: str) -> ast.Module | None:
        """The module's syntax tree; None if there is no such module or it is in a grammar that Python left behind."""
        place = self.place(module)
        if place not in self._parsed:
            source = self.modules.get(place)
            self._parsed[place] = None if source is None else self._read(place, source)
        return self._parsed[place]

    def _read(self, name: str, source: Source) -> ast.Module | None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return _slim(ast.parse(self._respelled(self.content(source))))
        except (SyntaxError, ValueError) as error:
            self.refused[name] = str(error)
            return None

    def _respelled(self, content: bytes) -> bytes:
        for old, new in self.respelled.items():
            content = re.sub(rf"\b{old}\b".encode(), new.encode(), content)
        return content

    def content(self, source: Source) -> bytes:
        if source.container.is_dir():
            return (source.container / source.path).read_bytes()
        if source.container not in self._zips:
            self._zips[source.container] = zipfile.ZipFile(source.container)
        return self._zips[source.container].read(source.path)


def _slim(tree: ast.Module) -> ast.Module:
    """Forget the bodies that nothing is read from: those of functions that take no **kwargs."""
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in ("body", "orelse", "handlers", "finalbody"):
                pending.extend(getattr(node, part, []))
        elif node.args.kwarg is None and not _reads(node):
            node.body = only_raises(node) or [ast.Pass()]
    return tree


def only_raises(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    """The body of a function that does nothing but raise, its docstring left out; else nothing."""
    body = [item for item in node.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    return body if len(body) == 1 and isinstance(body[0], ast.Raise) else []


def _reads(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function gets somebody else's keyword arguments as a plain dict."""
    names = {arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    return bool(names & {"kwargs", "input_kwargs", "provided_kwargs"})


def open_tree(
    sources: list[tuple[Path, str]],
    renamed: Mapping[str, str] | None = None,
    respelled: Mapping[str, str] | None = None,
    without: tuple[str, ...] = (),
) -> Tree:
    """Index the modules of packages, each with the folder (as site-packages), wheel or source archive to read it from.

    Modules in and below those of `without` are taken as not there.

    A `.tar.gz` is unpacked beside itself first. Raises FileNotFoundError if a package is not where it should be.
    """
    renamed = renamed or {}
    modules: dict[str, Source] = {}
    for container, package in sources:
        folder, wanted = unpacked(container), renamed.get(package, package)
        found = {}
        for path in _python_files(folder, wanted):
            name, is_package = _module_name(path)
            if name.partition(".")[0] == wanted and not f"{name}.".startswith(tuple(f"{one}." for one in without)):
                found[name] = Source(folder, path, is_package)
        if not found:
            raise FileNotFoundError(f"no package {wanted} in {container}")
        modules.update(found)
    return Tree(modules, renamed, respelled or {})


def unpacked(container: Path) -> Path:
    """The folder or zip file to read from; a source archive is unpacked beside itself."""
    if not container.name.endswith(".tar.gz"):
        return container
    folder = container.with_name(container.name.removesuffix(".tar.gz") + ".unpacked")
    if not folder.exists():
        with tarfile.open(container) as archive:
            archive.extractall(folder, filter="data")
    (top,) = [entry for entry in folder.iterdir() if entry.is_dir()]
    return top


def _python_files(container: Path, package: str) -> Iterator[str]:
    if container.is_dir():
        for path in sorted((container / package).rglob("*.py")):
            yield path.relative_to(container).as_posix()
    else:
        with zipfile.ZipFile(container) as archive:
            yield from sorted(name for name in archive.namelist() if name.endswith(".py"))


def _module_name(path: str) -> tuple[str, bool]:
    parts = path.removesuffix(".py").split("/")
    if len(parts) > 2 and parts[0].endswith(".data"):  # wheels of old builds: NAME.data/purelib/PACKAGE/...
        parts = parts[2:]
    if parts[-1] == "__init__":
        return ".".join(parts[:-1]), True
    return ".".join(parts), False
