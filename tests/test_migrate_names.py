"""The resolver: small cases by hand, and every name of real files against LibCST's own providers."""

from __future__ import annotations

import ast
import site
from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import (
    MetadataWrapper,
    PositionProvider,
    QualifiedNameProvider,
    QualifiedNameSource,
)

from tfkdoctor.knowledge import load
from tfkdoctor.migrate.link import NameKinds, link
from tfkdoctor.migrate.match import match
from tfkdoctor.migrate.origin import Declared
from tfkdoctor.migrate.summary import summarize
from tfkdoctor.migrate.survey import survey_module
from tfkdoctor.migrate.walk import resolve_names
from tfkdoctor.model import Finding, Settings
from tfkdoctor.spellings import through_backend
from tfkdoctor.text import Source, decode
from tfkdoctor.validate.index import rules_dir

PACKAGES = [Path(p) for p in site.getsitepackages()] + [Path(cst.__file__).parents[1]]


def chains(text: str) -> dict[str, set[str]]:
    """What each chain of a module may mean, by its text."""
    survey = survey_module(Source("m.py", text.encode(), text, "utf-8"), "m", "")
    assert not isinstance(survey, Finding)
    found: dict[str, set[str]] = {}
    for use in survey.names.uses:
        found.setdefault(ast.unparse(use.node), set()).update(name for _, name in survey.canonicals(use))
    return found


@pytest.mark.parametrize(
    ("text", "chain", "names"),
    [
        ("import keras\nkeras.layers.Dense", "keras.layers.Dense", {"keras.layers.Dense"}),
        ("import keras.layers\nkeras.layers.Dense", "keras.layers.Dense", {"keras.layers.Dense"}),
        ("import keras.layers as L\nL.Dense", "L.Dense", {"keras.layers.Dense"}),
        ("from keras.layers import Dense as D\nD(3)", "D", {"keras.layers.Dense"}),
        ("from .keras import layers\nlayers.Dense", "layers.Dense", {".keras.layers.Dense"}),
        ("import keras\ndef f(keras):\n    return keras.layers", "keras.layers", set()),
        ("import keras\ndef f():\n    return keras.layers\n    keras = 1", "keras.layers", set()),
        ("import keras\nclass A:\n    keras = 1\n    def f(self):\n        return keras.x", "keras.x", {"keras.x"}),
        ("import keras\nx = [keras.a for keras in y]", "keras.a", set()),
        ("import keras\nx = [k for k in keras.a]", "keras.a", {"keras.a"}),
        ("def f():\n    global K\n    import keras.backend as K\nK.mean", "K.mean", {"keras.backend.mean"}),
        ("try:\n    import keras as k\nexcept ImportError:\n    from tf import k\nk.a", "k.a", {"keras.a", "tf.k.a"}),
        ("import keras\nL = keras.layers\nL.Dense", "L.Dense", {"keras.layers.Dense"}),
        ("import keras\nL = keras.layers\nL = 1\nL.Dense", "L.Dense", set()),
        ("import keras\nf = lambda keras: keras.a", "keras.a", set()),
        ("import keras\nif (n := keras.a):\n    n.b", "n.b", {"keras.a.b"}),
        ("import keras\nmatch x:\n    case {'a': keras}:\n        keras.b", "keras.b", {"keras.b"}),
    ],
)
def test_a_chain_means(text: str, chain: str, names: set[str]) -> None:
    assert chains(text)[chain] == names


def test_a_long_operator_chain_does_not_overflow() -> None:
    text = "import keras\nx = " + " + ".join(["keras.a"] * 900)
    assert len(resolve_names(ast.parse(text)).uses) == 900


def real_files() -> list[Path]:
    """Files of many styles that every machine that runs the tests has: the standard library's, the test tools'."""
    names = (
        "_pytest/config/__init__.py",
        "libcst/metadata/scope_provider.py",
        "hypothesis/core.py",
        "packaging/metadata.py",
    )
    found = [folder / name for name in names for folder in PACKAGES if (folder / name).exists()]
    library = Path(ast.__file__).parent
    found += [library / name for name in ("dataclasses.py", "asyncio/tasks.py", "traceback.py")]
    return sorted({path.resolve() for path in found if path.exists()})


@pytest.mark.parametrize("path", real_files(), ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_names_agree_with_libcst(path: Path) -> None:
    source = decode(str(path), path.read_bytes())
    assert not isinstance(source, Finding)
    survey = survey_module(source, "", "")
    assert not isinstance(survey, Finding)
    ours = {}
    for use in survey.names.uses:
        names = {".".join([b.canonical or "", *use.attrs]) for b in use.bindings if b.kind == "import"}
        if names and not use.stored and all((b.canonical or "")[:1] != "." for b in use.bindings if b.imported):
            ours[(*survey.lines.position(survey.lines.start(use.root)), len(use.attrs))] = names
    theirs = libcst_names(source.text)
    differing = {place: (names, theirs.get(place)) for place, names in ours.items() if theirs.get(place) != names}
    missing = {place: names for place, names in theirs.items() if place not in ours}
    assert (differing, missing) == ({}, {})


def libcst_names(text: str) -> dict[tuple[int, int, int], set[str]]:
    """(line, column, number of attributes) -> absolute imported names, of every outermost chain."""
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    visitor = _Chains()
    wrapper.visit(visitor)
    return visitor.found


class _Chains(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (QualifiedNameProvider, PositionProvider)

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[tuple[int, int, int], set[str]] = {}
        self.definitions: set[cst.Name] = set()

    def visit_Import(self, node: cst.Import) -> bool:
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        return False

    def visit_AssignTarget(self, node: cst.AssignTarget) -> bool:
        return not isinstance(node.target, cst.Name | cst.Attribute)

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self.definitions.add(node.name)

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        self.definitions.add(node.name)

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        depth, current = 0, node
        inner: cst.BaseExpression = node
        while isinstance(inner, cst.Attribute):
            depth, inner = depth + 1, inner.value
        if isinstance(inner, cst.Name):
            self.note(current, inner, depth)
            return False
        inner.visit(self)
        return False

    def visit_Name(self, node: cst.Name) -> None:
        self.note(node, node, 0)

    def note(self, node: cst.CSTNode, root: cst.Name, depth: int) -> None:
        names = self.get_metadata(QualifiedNameProvider, node, set())
        imported = {n.name for n in names if n.source is QualifiedNameSource.IMPORT and not n.name.startswith(".")}
        if imported and root not in self.definitions:
            place = self.get_metadata(PositionProvider, root).start
            self.found[(place.line, place.column + 1, depth)] = imported


@pytest.mark.parametrize("version", ["1.2.2", "2.0.8", "2.1.6", "2.2.4", "2.3.1"])
def test_what_is_imported_by_its_path_is_taken_for_nothing_else(version: str) -> None:
    """A function may bear the name of the module that a path leads through, as `keras.layers.merge` of 2.0 did."""
    rows = [line.split("\t") for line in (rules_dir() / "api" / "keras.txt").read_text("utf-8").splitlines()]
    named = {name: kind for name, _, kind, *_ in (row for row in rows if len(row) > 2)}
    wanted = sorted(
        name
        for name, kind in named.items()
        if kind in "cf="
        and named.get(name.rpartition(".")[0], "m")[0] == "m"
        and name.startswith("keras.layers.")
        and ":" not in name
    )
    lines = [
        f"from {name.rpartition('.')[0]} import {name.rpartition('.')[2]} as n{n}" for n, name in enumerate(wanted)
    ]
    text = "\n".join([*lines, *(f"n{n}()" for n in range(len(wanted)))])
    survey = survey_module(Source("a.py", text.encode(), text, "utf-8"), "a", "")
    assert not isinstance(survey, Finding)
    facts = link({"a.py": summarize(survey)}, ["a.py"], Declared(keras=version), NameKinds())
    context = match(survey, facts, load(facts.target.spec, facts.origin_of("a.py")), Settings())
    said = {r.bindings[0].canonical or "": r.name for r in context.found.references}
    assert len(said) > 100
    assert {name: taken for name, taken in said.items() if taken != through_backend(name)} == {}
