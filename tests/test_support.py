"""The module of support code that a migration writes: what it holds, and what it leaves as it is."""

from __future__ import annotations

import ast
import importlib
import tomllib
from collections import Counter
from pathlib import Path
from textwrap import dedent

import pytest

from tfkdoctor import support
from tfkdoctor.migrate.fixers import optimizer_strings
from tfkdoctor.support import old_keywords
from tfkdoctor.validate import index

FILES = {
    "__init__": "",
    "layer": '''
        """What it keeps."""

        import re

        import numpy as np

        from tfkdoctor.support.part import Part

        _LIMIT = 3


        class Layer(Part):  # type: ignore[misc]
            """Two of them."""


        # Why so.
        def layer(x):  # type: ignore[no-untyped-def]
            return _help(x) + _LIMIT


        def _help(x):  # type: ignore[no-untyped-def]
            return np.abs(x)
        ''',
    "part": '''
        """A part."""

        import tensorflow as tf


        class Part(tf.Module):
            pass
        ''',
}
PART = """# A part.
class Part(tf.Module):
    pass
"""
LAYER = """# What it keeps.
_LIMIT = 3


class Layer(Part):
    \"\"\"Two of them.\"\"\"


# Why so.
def layer(x):
    return _help(x) + _LIMIT


def _help(x):
    return np.abs(x)
"""


@pytest.fixture
def two_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for stem, text in FILES.items():
        (tmp_path / f"{stem}.py").write_text(dedent(text).lstrip(), "utf-8")
    monkeypatch.setattr(support, "__file__", str(tmp_path / "__init__.py"))
    for cached in (support._files, support._homes):
        monkeypatch.setattr(support, cached.__name__, cached.__wrapped__)


@pytest.mark.usefixtures("two_files")
def test_a_piece_brings_its_file_and_the_files_that_it_uses() -> None:
    assert support.pieces() == ("Layer", "Part", "layer")
    text = support.module_text(["layer"], None)
    header = ast.get_docstring(ast.parse(text), clean=False)
    assert text == f'"""{header}"""\n\nimport re\n\nimport numpy as np\nimport tensorflow as tf\n\n\n{PART}\n\n{LAYER}'
    assert support.names_in(text) == {"Part", "Layer", "layer", "_help"}


@pytest.mark.usefixtures("two_files")
def test_what_is_there_stays_and_only_what_is_missing_is_added() -> None:
    part = support.module_text(["Part"], None)
    assert support.module_text(["Layer", "Part"], part) == f"{part}\n\nimport re\n\nimport numpy as np\n\n\n{LAYER}"
    assert support.module_text(["Part"], part) == part
    mine = "import re\nimport numpy as np\nimport tensorflow as tf\nclass Part: mine = True"
    assert support.module_text(["Layer"], mine) == f"{mine}\n\n\n{LAYER}"
    assert support.module_text(["Part"], "x = (") == f"x = (\n\n\nimport tensorflow as tf\n\n\n{PART}"


def test_the_pieces_fit_into_one_module() -> None:
    text = support.module_text(support.pieces(), None)
    names = Counter(n.name for n in ast.parse(text).body if isinstance(n, ast.ClassDef | ast.FunctionDef))
    assert [name for name, times in names.items() if times > 1] == []
    assert set(support.pieces()) <= set(names)
    assert "tfkdoctor." not in text and "type: ignore" not in text
    assert [line for line in text.splitlines() if len(line) > 120] == []
    assert text == support.module_text(support.pieces(), text)


def test_a_name_means_one_thing_in_all_files() -> None:
    """Two pieces share one module: what either imports or defines must not hide what the other does."""
    meanings: dict[str, set[str]] = {}
    for file in Path(support.__file__).parent.rglob("*.py"):  # those under keras2/ stand in for one of the same name
        for node in ast.parse(file.read_text("utf-8")).body if file.name != "__init__.py" else ():
            if isinstance(node, ast.Import):
                found = {a.asname or a.name: a.name for a in node.names}
            elif isinstance(node, ast.ImportFrom):
                found = {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
            elif isinstance(node, ast.ClassDef | ast.FunctionDef):
                found = {node.name: f"tfkdoctor.support.{file.stem}.{node.name}"}
            elif isinstance(node, ast.Assign):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
                found = {name: f"tfkdoctor.support.{file.stem}.{name}" for name in names}
            else:
                continue
            for name, meaning in found.items():
                meanings.setdefault(name, set()).add(meaning)
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}


@pytest.mark.parametrize("piece", support.pieces())
def test_a_piece_alone_is_whole_and_says_what_it_keeps(piece: str) -> None:
    text = support.module_text([piece], None)
    tree = ast.parse(text)
    known = {a.asname or a.name for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names}
    known |= {t.id for n in tree.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)}
    known |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id.startswith("_")}
    assert used <= known | support.names_in(text) | {"_"}
    (node,) = (n for n in tree.body if isinstance(n, ast.ClassDef | ast.FunctionDef) and n.name == piece)
    assert ast.get_docstring(node)


def test_copies_of_the_module_in_one_program_share_their_scopes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package of a program may import a copy of its own."""
    text = support.module_text(["arg_scope"], None) + "\n\n@add_arg_scope\ndef piece(x=1):\n    return x\n"
    (tmp_path / "package").mkdir()
    for name in ("legacy_for_test.py", "package/__init__.py", "package/legacy_for_test.py"):
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    one, two = (importlib.import_module(name) for name in ("legacy_for_test", "package.legacy_for_test"))
    with one.arg_scope([two.piece], x=2) as scope:
        assert (one.piece(), two.piece(), two.piece(x=3)) == (2, 2, 3)
    with two.arg_scope(scope):
        assert one.piece() == 2
    assert one.piece() == 1 and two.arg_scoped_arguments(one.piece) == ("x",)


def test_the_old_optimizers_are_those_of_the_released_packages() -> None:
    """Positions and rates that a support piece and a fixer write out, against the index of keras 2.2.5."""
    text = (Path(support.__file__).parent / "old_optimizers.py").read_text("utf-8")
    table = {
        target.id: ast.literal_eval(node.value)
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id in ("_ARGUMENTS", "_RATES")
    }
    for name, arguments in table["_ARGUMENTS"].items():
        symbol = index.load("keras").get(f"keras.optimizers.{name}", "2.2.5")
        assert symbol is not None and symbol.signature is not None
        parameters = [p for p in symbol.signature.parameters if p.kind == "standard"]
        assert tuple(p.name for p in parameters) == arguments
        assert float(parameters[0].default or "nan") == table["_RATES"].get(name, 0.001)
        _, rate = optimizer_strings._RATES.get(name.lower(), ("", ""))
        assert float(rate or parameters[0].default or "nan") == float(parameters[0].default or "nan")


def test_todays_names_of_old_keywords_are_those_of_the_packages() -> None:
    """What `old_keywords` carries along agrees with keras 2.2.5's legacy interface, and what it leaves out is known."""
    interface = tomllib.loads((index.rules_dir() / "api" / "keras1_args.toml").read_text("utf-8")).values()
    derived: dict[str, set[str]] = {}
    for section in interface:
        for old, new in section.get("conversions", {}).items():
            derived.setdefault(old, set()).add(new)
    elsewhere = {"atrous_rate": "AtrousConvolution2D of Keras 1", "epsilon": "ReduceLROnPlateau of Keras 2"}
    carried = {old: new for old, new in old_keywords._TODAY.items() if old not in elsewhere}
    assert {old: new for old, new in carried.items() if new not in derived.get(old, ())} == {}
    computed = {"samples_per_epoch", "val_samples", "nb_val_samples"}  # reported where they come unseen
    of_models = {"input", "output", "input_dtype"}  # not carried: nobody writes Model(**arguments)
    assert derived.keys() - carried.keys() - set(old_keywords._GONE) == computed | of_models
