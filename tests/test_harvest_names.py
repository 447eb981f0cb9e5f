"""The harvest reads module scopes from source alone; each test is a small package and what its names stand for."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tfkdoctor.dev.harvest_names import Names
from tfkdoctor.dev.harvest_releases import VIEWS
from tfkdoctor.dev.harvest_scopes import Scopes
from tfkdoctor.dev.harvest_signatures import Signatures
from tfkdoctor.dev.harvest_tree import open_tree
from tfkdoctor.dev.harvest_views import Entry, Recipe, entries_of, text_of

Package = Callable[[dict[str, str]], Names]


@pytest.fixture
def package(tmp_path: Path) -> Package:
    """Writes modules (dotted name under `lib`, `` for its __init__) and opens them."""

    def write(modules: dict[str, str]) -> Names:
        packages = {name.rpartition(".")[0] for name in modules if "." in name} | {""}
        for name, source in {**dict.fromkeys(packages, ""), **modules}.items():
            path = tmp_path.joinpath("lib", *name.split(".")) if name else tmp_path / "lib"
            file = path / "__init__.py" if name in packages else path.with_suffix(".py")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(source), encoding="utf-8")
        return Names(Scopes(open_tree([(tmp_path, "lib")])))

    return write


def identity(names: Names, name: str) -> str | None:
    module, _, leaf = f"lib.{name}".rpartition(".")
    thing = names.resolve(module, leaf)
    return None if thing is None else f"{thing.kind} {thing.identity}"


def test_what_names_stand_for(package: Package) -> None:
    names = package(
        {
            "": """
                import numpy as np
                from . import core
                from .core import *
                from .core import Dense as D
                from .missing import gone
                nick = core.relu
                """,
            "core": """
                import functools
                from functools import partial
                __all__ = ["Dense", "relu", "shifted"]
                class Dense: ...
                def relu(x): ...
                def hidden(x): ...
                alias = relu
                py_all = all
                def all(x): ...
                relu_again = export("relu")(relu)
                shifted = partial(relu, x=1)
                raw = export("raw")(to_raw_op(relu))
                CONSTANT = 3
                instance = Dense()
                """,
        }
    )
    assert {name: identity(names, name) for name in ("np", "core", "Dense", "D", "relu", "hidden", "gone", "nick")} == {
        "np": "external numpy",
        "core": "module lib.core",
        "Dense": "class lib.core:Dense",
        "D": "class lib.core:Dense",
        "relu": "function lib.core:relu",
        "hidden": None,  # not in __all__
        "gone": "external lib.missing.gone",
        "nick": "function lib.core:relu",
    }
    derived = ("alias", "py_all", "relu_again", "shifted", "raw", "CONSTANT", "instance")
    assert {name: identity(names, f"core.{name}") for name in derived} == {
        "alias": "function lib.core:relu",
        "py_all": "external builtins.all",  # the function of that name comes later
        "relu_again": "function lib.core:relu",
        "shifted": "function lib.core:relu(x=1)",
        "raw": "function lib.core:relu(keywords)",
        "CONSTANT": "constant lib.core:CONSTANT",
        "instance": "constant lib.core:instance",
    }


def test_the_arms_that_run_with_tensorflow_on_python_3(package: Package) -> None:
    names = package(
        {
            "": """
                import sys
                if K == 'theano':
                    from .theano_backend import *
                elif K == 'tensorflow':
                    from .tensorflow_backend import *
                if sys.version_info < (3,):
                    def text(): ...
                else:
                    def text(s): ...
                try:
                    from fast import loads
                except ImportError:
                    loads = None
                try:
                    del temporary
                except NameError:
                    pass
                """,
            "theano_backend": "def dot(x): ...\ndef only_theano(): ...",
            "tensorflow_backend": "def dot(x, y): ...",
        }
    )
    assert {name: identity(names, name) for name in ("dot", "only_theano", "loads")} == {
        "dot": "function lib.tensorflow_backend:dot",
        "only_theano": None,
        "loads": "external fast.loads",
    }
    text = names.resolve("lib", "text")
    assert text is not None
    assert text_of(Signatures(names).of(text) or pytest.fail("no signature")) == "(s)"


def test_star_binds_loaded_submodules_and_no_private_names(package: Package) -> None:
    names = package(
        {
            "": "from . import layers",
            "layers": "from .core import *\n_private = 1\nfrom . import core",
            "layers.core": "def f(): ...",
            "layers.never_imported": "",
        }
    )
    loaded = names.scopes.imported("lib", "lib")
    assert names.scopes.star("lib.layers", loaded) == {"core", "f"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("class C:\n  def __init__(self, a, b=1, *, c=None): ...", "(a, b=1, *, c=None)"),
        ("class B:\n  def __init__(self, a): ...\nclass C(B): ...", "(a)"),
        ("class C: ...", "()"),
        ("class B: ...\nclass A:\n  def __init__(self, a): ...\nclass C(B, A): ...", "(a)"),
        ("from collections import namedtuple\nclass C(namedtuple('C', ['x', 'y'])): ...", "(x, y)"),
        ("from typing import NamedTuple\nclass C(NamedTuple):\n  x: int\n  y: int = 3", "(x, y=3)"),
        ("import dataclasses\n@dataclasses.dataclass\nclass C:\n  x: int\n  y: str = ''", "(x, y='')"),
        ("import enum\nclass C(enum.Enum):\n  A = 1", "(value)"),
        ("class C(Exception): ...", None),  # the constructor is in C
        ("def C(a, /, b, *c, d=1, **e): ...", "(a, /, b, *c, d=1, **e) swallows"),
        ("C = lambda x, y=2: x", "(x, y=2)"),
        ("def C(x):\n  'Gone.'\n  raise ImportError('C was removed')", "(x) fails"),
        ("class C:\n  def __init__(self, *args, **kwargs):\n    raise ImportError", "(*args, **kwargs) swallows fails"),
        ("def f(a, b, c): ...\nfrom functools import partial\nC = partial(f, 1, b=3)", "(*, b=3, c)"),
        ("def f(x, y=1): ...\nC = export('C')(to_raw_op(f))", "(*, x, y=1)"),
        ("def f(x, y=1): ...\ndef C(*args, **kwargs):\n  '''Wraps f.'''\n  return f(*args, **kwargs)", "(x, y=1)"),
    ],
)
def test_signatures(package: Package, source: str, expected: str | None) -> None:
    names = package({"": source})
    thing = names.resolve("lib", "C")
    assert thing is not None
    signature = Signatures(names).of(thing)
    assert (None if signature is None else text_of(signature)) == expected


LAYER = """
class Layer:
    def __init__(self, name=None, **kwargs):
        self.shape = kwargs.pop("input_shape", None)
        if kwargs:
            raise ValueError(f"unknown: {kwargs}")
"""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def C(**kwargs): pass", "(**kwargs) swallows"),
        ("def C(**kwargs):\n  return kwargs.get('a') or kwargs['b']", "(**kwargs) +a,b swallows"),
        ("def C(**kwargs):\n  x = kwargs.pop('a')\n  if kwargs:\n    raise TypeError", "(**kwargs) +a"),
        ("def C(**kwargs):\n  if kwargs.pop('decay', None):\n    warn('x')\n  if kwargs:\n    raise TypeError",
         "(**kwargs) +decay -decay"),
        ("def C(**kwargs):\n  allowed_kwargs = {'a', 'b'}\n  for k in kwargs:\n    if k not in allowed_kwargs:\n"
         "      raise TypeError(k)", "(**kwargs) +a,b"),
        ("def C(**kwargs):\n  if 'old' in kwargs:\n    raise ValueError('old is gone')", "(**kwargs) swallows"),
        ("def C(**kwargs):\n  self.kwargs = kwargs", "(**kwargs) opaque"),
        ("def C(**kwargs):\n  unknown(**kwargs)", "(**kwargs) opaque"),
        ("def C(**kwargs):\n  for k, v in sorted(kwargs.items()):\n    setattr(self, k, v)\n"
         "    if not isinstance(v, Trackable):\n      raise ValueError(v)", "(**kwargs) opaque"),
        ("def check(kwargs):\n  a = kwargs.pop('a')\n  if kwargs:\n    raise TypeError\n"
         "def C(**kwargs):\n  check(kwargs)", "(**kwargs) +a"),
        (LAYER + "class C(Layer):\n  def __init__(self, units, **kwargs):\n    super().__init__(**kwargs)",
         "(units, **kwargs) +input_shape,name"),
        (LAYER + "class C(Layer):\n  def __init__(self, units, **kwargs):\n    super().__init__(name='c', **kwargs)",
         "(units, **kwargs) +input_shape"),
        (LAYER + "class C(Layer):\n  def __init__(self, units, **kwargs):\n    Layer.__init__(self, 'c', **kwargs)",
         "(units, **kwargs) +input_shape"),
        (LAYER + "class M(Layer):\n  def __init__(self, **kwargs):\n    super(M, self).__init__(**kwargs)\n"
         "class C(M):\n  def __init__(self, **kwargs):\n    super(C, self).__init__(**kwargs)",
         "(**kwargs) +input_shape,name"),
    ],
)  # fmt: skip
def test_what_kwargs_accepts(package: Package, source: str, expected: str) -> None:
    names = package({"": source})
    thing = names.resolve("lib", "C")
    assert thing is not None
    assert text_of(Signatures(names).of(thing) or pytest.fail("no signature")) == expected


def test_entries_of_a_release(package: Package) -> None:
    names = package(
        {
            "": "from lib import api",
            "api.shy": "",
            "api": "from lib.api import layers\nfrom lib.api import compat\nVERSION = 1",
            "api.layers": "from lib.core import Dense\nfrom lib.core import Dense as Fully",
            "api.compat": "from lib.api.compat import layers",
            "api.compat.layers": "from lib.core import Dense\nfrom lib.core import Dense as Fully",
            "core": """
                class Base:
                    def fit(self, x): ...
                    def close(self): ...
                class Dense(Base):
                    def __init__(self, units): ...
                    def fit(self, x, y=None): ...
                    def close(self): ...
                    def _private(self): ...
                    @property
                    def weights(self): ...
                """,
        }
    )
    assert entries_of(names, Recipe((("tf", "lib.api"),), (("lib.api", "tf"),), submodules=True)) == {
        "tf": Entry("module", "tf"),
        "tf.shy": Entry("module", "tf.shy", star=False, loaded=False),
        "tf.VERSION": Entry("constant", "lib.api:VERSION"),
        "tf.compat": Entry("module", "tf.compat"),
        "tf.compat.layers": Entry("module", "tf.layers"),  # the same things under the same names
        "tf.layers": Entry("module", "tf.layers"),
        "tf.layers.Dense": Entry("class", "lib.core:Dense", "(units)", ("lib.core:Base",)),
        "tf.layers.Dense.fit": Entry("method", "", "(x, y=None)"),
        "tf.layers.Dense.weights": Entry("property"),
        "tf.layers.Fully": Entry("alias", "tf.layers.Dense"),
        "lib.core:Base": Entry("class", "lib.core:Base"),
        "lib.core:Base.fit": Entry("method", "", "(x)"),
        "lib.core:Base.close": Entry("method", "", "()"),
    }


def test_source_that_python_cannot_parse_is_named_and_the_rest_is_read(package: Package) -> None:
    names = package({"": "from lib.old import f\nfrom lib.new import g", "old": "print 'hello'", "new": "def g(): ..."})
    assert identity(names, "g") == "function lib.new:g"
    assert identity(names, "f") == "constant lib.old:f"
    assert list(names.tree.refused) == ["lib.old"]


def test_the_files_name_the_releases_that_they_were_read_from() -> None:
    from tfkdoctor.validate.index import load

    assert {view: load(view).versions() for view in VIEWS} == {
        view: tuple(release.version for release in releases) for view, releases in VIEWS.items()
    }


def test_each_package_is_read_from_its_own_place(tmp_path: Path) -> None:
    for place, version in (("old", 1), ("new", 2)):
        for package in ("lib", "parts"):
            module = tmp_path / place / package / f"only_in_{place}.py"
            module.parent.mkdir(parents=True)
            module.with_name("__init__.py").write_text(f"VERSION = {version}", encoding="utf-8")
            module.write_text("", encoding="utf-8")
    tree = open_tree([(tmp_path / "old", "lib"), (tmp_path / "new", "parts")])
    assert sorted(tree.modules) == ["lib", "lib.only_in_old", "parts", "parts.only_in_new"]
    with pytest.raises(FileNotFoundError, match="no package missing in"):
        open_tree([(tmp_path / "old", "missing")])
