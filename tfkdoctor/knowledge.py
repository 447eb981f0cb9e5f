"""What is known about one target: rules, names, signatures and homes, frozen.

`load(target, origin)` reads `rules/*.toml` and the API index of `rules/api/` for the points of the target range: pairs
of a TensorFlow version and the Keras that stands behind it. Something holds for the target if it holds at every point.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from types import ModuleType

from packaging.requirements import Requirement

from tfkdoctor import first_homes, homes, model, rulebook, support, versions
from tfkdoctor.model import Origin
from tfkdoctor.rulebook import Row, Rule, RuleError, read_rules
from tfkdoctor.spellings import TF_KERAS, same_name, target_name, through_backend
from tfkdoctor.stored import stored
from tfkdoctor.target_symbols import find_target, view_of
from tfkdoctor.validate import index, signatures
from tfkdoctor.validate import rows as index_rows
from tfkdoctor.versions import NEWEST_KERAS, ORIGIN_TENSORFLOW, ORIGINS_KERAS, Point, admits, nearest_keras, points_of

_PIECE = re.compile(r"\bsupport\.(\w+)")

__all__ = ["Home", "Knowledge", "Rule", "RuleError", "load", "load_rules"]


_USUAL_TENSORFLOW = "1.13.1"  # where nothing tells: most code in graph mode is older than 1.14
_OF_SECOND_API = ("calls", "renames", "differs", "defaults")  # rows that say what TensorFlow 2 wants


@dataclass(frozen=True, slots=True)
class Home:
    """Where a legacy name lives on the target: its canonical name, and the code and row that say so."""

    name: str
    code: str
    row: Row | None = None


def load_rules() -> tuple[Rule, ...]:
    """All rules, by code; raises `RuleError` for a mistake in a rule file."""
    return tuple(_rules()[code] for code in sorted(_rules()))


@cache
def _rules() -> dict[str, Rule]:
    others = ("compat.toml", "messages.toml", "types.toml")
    files = sorted(p for p in index.rules_dir().glob("*.toml") if p.name not in others)
    return stored("rules", (*files, *_code(rulebook, model)), lambda: read_rules(files))


def _code(*modules: ModuleType) -> tuple[Path, ...]:
    """The files of modules that something derived depends on."""
    return tuple(Path(str(module.__file__)) for module in modules)


@cache
def load(target: str, origin: Origin, mode: str = "native", keras: str | None = None) -> Knowledge:
    """Everything for one target range, one origin and one execution mode; raises `TargetError` and `RuleError`.

    `mode` is "native", "eager" (native, for a program that asks for eager execution) or "compat"; `keras` is "legacy"
    where the package tf_keras stands for tf.keras.
    """
    return Knowledge(points_of(target, keras), origin, _rules(), mode)


@dataclass(frozen=True)
class Knowledge:
    """Rules and index, asked for one target range and one origin."""

    points: tuple[Point, ...]
    origin: Origin
    rules: Mapping[str, Rule]
    mode: str = "native"
    _homes: dict[str, Home | None] = field(default_factory=dict, repr=False, compare=False)
    _rows_about: dict[tuple[str, str], tuple[Row, ...]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def keras_generation(self) -> str:
        """ "2", "3", or "mixed" where the range holds both."""
        majors = {p.keras.partition(".")[0] for p in self.points}
        return majors.pop() if len(majors) == 1 else "mixed"

    @property
    def package(self) -> str:
        """Where programs import the target's Keras from: `tensorflow.keras` or `tf_keras`."""
        return self.points[0].package

    def written(self, name: str) -> str:
        """How a canonical name is imported: `tensorflow.keras` stands for the target's Keras, which may be tf_keras."""
        if self.package == TF_KERAS or not (name == TF_KERAS or name.startswith(TF_KERAS + ".")):
            return name
        return self.package + name[len(TF_KERAS) :]

    def meant(self, name: str) -> str:
        """The canonical name of what is imported so; the other way round than `written`."""
        if self.package == TF_KERAS or not (name == self.package or name.startswith(self.package + ".")):
            return name
        return TF_KERAS + name[len(self.package) :]

    @cached_property
    def origin_keras(self) -> str:
        return nearest_keras(self.origin.keras)

    # -- the target --

    def target_symbols(self, name: str) -> tuple[index.Symbol, ...]:
        """The symbol at every point, or () if any point lacks it."""
        symbols = []
        for point in self.points:
            symbol = find_target(name, point)
            if symbol is None:
                return ()
            symbols.append(symbol)
        return tuple(symbols)

    def exists(self, name: str) -> bool:
        return bool(self.target_symbols(name))

    def is_same(self, one: str, other: str) -> bool:
        """Whether two names of the target are one object at every point."""
        first, second = self.target_symbols(one), self.target_symbols(other)
        objects = ([s.object for s in symbols] for symbols in (first, second))
        return one == other or (bool(first) and len(set(map(tuple, objects))) == 1 and bool(first[0].object))

    def is_module(self, name: str) -> bool:
        symbols = self.target_symbols(name)
        return bool(symbols) and all(s.kind == "module" for s in symbols)

    def target_signatures(self, name: str) -> tuple[index.Signature, ...]:
        """The signature at every point, or () where one is unknown."""
        signatures = [s.signature for s in self.target_symbols(name)]
        return tuple(s for s in signatures if s is not None) if all(signatures) and signatures else ()

    def target_method(self, cls: str, name: str) -> tuple[index.Symbol, ...]:
        symbols = []
        for point in self.points:
            view, version = view_of(cls, point)
            symbol = view.method(cls, name, version)
            if symbol is None:
                return ()
            symbols.append(symbol)
        return tuple(symbols)

    def open_bases(self, cls: str) -> bool:
        """Whether a class may have methods that the index does not list."""
        return any(view.open_bases(cls, version) for view, version in (view_of(cls, p) for p in self.points))

    def star_names(self, module: str) -> frozenset[str]:
        """What `from module import *` binds at every point of the target."""
        sets = [view.star(module, version) for view, version in (view_of(module, p) for p in self.points)]
        return frozenset.intersection(*sets) if sets else frozenset()

    # -- the origin --

    def origin_symbol(self, name: str) -> index.Symbol | None:
        """What a name was in its own time: standalone Keras at the origin's version, TensorFlow at 1.15."""
        root = name.partition(".")[0]
        if root == "keras":
            view = index.load("keras")
            found = view.get(name, self.origin_keras)
            if found is None:
                found = next((s for v in reversed(ORIGINS_KERAS) if (s := view.get(name, v)) is not None), None)
            return found
        if root == "tensorflow":
            return index.load("tensorflow").get(name, ORIGIN_TENSORFLOW) or first_homes.private_symbol(name)
        return None

    def origin_function(self, name: str) -> index.Symbol | None:
        """A `keras.` name as the function or class that it last was, where the origin has a module or nothing there."""
        view = index.load("keras")
        found = (view.get(name, version) for version in reversed(ORIGINS_KERAS))
        return next((s for s in found if s is not None and s.kind != "module"), None)

    def origin_method(self, cls: str, name: str) -> index.Symbol | None:
        if cls.startswith("keras."):
            return index.load("keras").method(cls, name, self.origin_keras)
        if cls.startswith("tensorflow.keras."):
            return index.load("tensorflow").method(cls, name, ORIGIN_TENSORFLOW)
        return None

    def origin_star(self, module: str) -> frozenset[str]:
        root = module.partition(".")[0]
        version = self.origin_keras if root == "keras" else ORIGIN_TENSORFLOW
        return index.load(root).star(module, version) if root in ("keras", "tensorflow") else frozenset()

    def is_modern_keras(self, name: str) -> bool:
        """Whether a `keras.` name exists in Keras 3 and in no origin."""
        view = index.load("keras")
        return view.get(name, NEWEST_KERAS) is not None and all(view.get(name, v) is None for v in ORIGINS_KERAS)

    def is_gone_keras(self, name: str) -> bool:
        """Whether a `keras.` name exists in some origin and not in Keras 3."""
        view = index.load("keras")
        return view.get(name, NEWEST_KERAS) is None and any(view.get(name, v) is not None for v in ORIGINS_KERAS)

    def needs_graph(self, name: str) -> bool:
        """Whether a TensorFlow name makes no sense without sessions and graphs: under TFK701, or a part of such."""
        parts = name.split(".")
        return any(
            row.code == "TFK701"
            for size in range(len(parts), 1, -1)
            for row in self.rows("removed", ".".join(parts[:size]))
        )

    def is_graph_style(self, name: str) -> bool:
        """Whether a TensorFlow name that is gone makes a program without Keras one of graph mode: see TFK710."""
        parts = name.split(".")
        prefixes = [".".join(parts[:size]) for size in range(len(parts), 1, -1)]
        return any(self.rows("graph", prefix) for prefix in prefixes) and not self.exists(name)

    def is_session_idiom(self, name: str) -> bool:
        """Whether a name of graph mode is one that a program of Keras models can do without: see TFK703."""
        rows = [row for row in self.all_rows("python") if row.fixer == "sessions"]
        return any(name == of or name.startswith(of + ".") for row in rows for of in row.of)

    def is_modern_tensorflow(self, name: str) -> bool:
        """Whether a TensorFlow name exists in the target and did not in 1.15."""
        owner = self.origin_symbol(name.rpartition(".")[0])
        if owner is not None and owner.kind == "class":
            return False  # a method: the index of 1.15 knows the classes alone
        return self.origin_symbol(name) is None and self.exists(name)

    # -- rules --

    def rows(self, verb: str, name: str) -> tuple[Row, ...]:
        """The rows of this verb about this name that hold for origin and target: those that name it, then patterns."""
        return (*self.exact_rows(verb, name), *self.pattern_rows(verb, name))

    def rows_about(self, verb: str, name: str) -> tuple[Row, ...]:
        """The rows about a name or another path of the same object."""
        if (verb, name) not in self._rows_about:
            self._rows_about[verb, name] = self._find_rows_about(verb, name)
        return self._rows_about[verb, name]

    def _find_rows_about(self, verb: str, name: str) -> tuple[Row, ...]:
        rows = list(self.exact_rows(verb, name))
        symbol = self.origin_symbol(name) if not name.startswith("tensorflow.compat.v1.") else None
        twins = self._twins.get(symbol.object, frozenset()) if symbol is not None and symbol.object else frozenset()
        if not twins <= {name}:
            found = (row for row in self.all_rows(verb) if not (twins - {name}).isdisjoint(row.of))
            rows += [row for row in found if row not in rows]
        return (*rows, *self.pattern_rows(verb, name))

    @cached_property
    def _twins(self) -> Mapping[str, frozenset[str]]:
        """By an object of the origin: all its names that the rules know."""
        api = index.rules_dir() / "api"
        read = (*sorted(api.glob("*.txt")), *sorted(index.rules_dir().glob("*.toml")))
        code = _code(rulebook, index, index_rows, signatures, first_homes, versions)
        return stored(f"twins-{self.origin_keras}", (*read, *code, Path(__file__)), self._find_twins)

    def _find_twins(self) -> dict[str, frozenset[str]]:
        twins: dict[str, set[str]] = {}
        for name in {of for rule in self.rules.values() for row in rule.rows for of in row.of if "*" not in of}:
            symbol = self.origin_symbol(name)
            if symbol is not None and symbol.object:
                twins.setdefault(symbol.object, set()).add(name)
        return {object: frozenset(names) for object, names in twins.items()}

    def exact_rows(self, verb: str, name: str) -> tuple[Row, ...]:
        return tuple(row for row in self._tables.get(verb, {}).get(name, ()) if self.applies(row))

    def pattern_rows(self, verb: str, name: str) -> tuple[Row, ...]:
        found = (row for pattern, row in self._patterns.get(verb, ()) if fnmatch.fnmatchcase(name, pattern))
        return tuple(row for row in found if self.applies(row))

    def split_rows(self, verb: str) -> tuple[Row, ...]:
        """Rows that hold for one generation of Keras, where the target range holds both."""
        if self.keras_generation != "mixed":
            return ()
        rows = (row for rule in self.rules.values() for row in rule.rows)
        split = (row for row in rows if row.keras != "any" or id(row) in self._idle)
        return tuple(row for row in split if row.verb == verb and self.origin_allows(row))

    def all_rows(self, verb: str) -> tuple[Row, ...]:
        return tuple(row for row in self._verbs.get(verb, ()) if self.applies(row))

    @cached_property
    def _verbs(self) -> dict[str, list[Row]]:
        verbs: dict[str, list[Row]] = {}
        for rule in self.rules.values():
            for row in rule.rows:
                verbs.setdefault(row.verb, []).append(row)
        return verbs

    def applies(self, row: Row) -> bool:
        if row.mode not in ("any", self.mode) and (row.mode, self.mode) != ("native", "eager"):
            return False
        if self.mode == "compat" and row.mode == "any" and row.verb in _OF_SECOND_API and _is_about_first(row):
            return False  # compat.v1 takes what TensorFlow 1 took
        if row.keras != "any" and row.keras != self.keras_generation:
            return False
        if not self.origin_allows(row) or id(row) in self._idle:
            return False
        if row.target is not None:
            specifier = _requirement(row.target).specifier
            return all(admits(specifier, p.tensorflow) for p in self.points)
        return True

    @cached_property
    def _idle(self) -> frozenset[int]:
        """The rows that write support code which the target's Keras has no use for, or cannot run."""
        if self.keras_generation == "3":
            return frozenset()
        pieces = support.pieces(self.keras_generation)
        return frozenset(
            id(row)
            for rule in self.rules.values()
            for row in rule.rows
            for text in (row.to, row.becomes, row.wrap, *row.args.values())
            if any(piece not in pieces for piece in _PIECE.findall(text or ""))
        )

    @property
    def origin_tensorflow(self) -> tuple[int, ...]:
        """The TensorFlow that the program was written for, major and minor; the usual one where nothing tells."""
        return tuple(map(int, self._usual_tensorflow().split(".")[:2]))

    def _usual_tensorflow(self) -> str:
        unknown = self.origin.assumed and self.origin == replace(Origin(), reason=self.origin.reason)
        untold = unknown and not self.origin.reason.startswith(("--source", "tensorflow"))
        return _USUAL_TENSORFLOW if untold else self.origin.tensorflow

    def origin_allows(self, row: Row) -> bool:
        if row.source is None:
            return True
        wanted = [_requirement(text) for text in row.source.split(";")]
        versions = {"keras": self.origin.keras, "tensorflow": self._usual_tensorflow()}
        return all(requirement.specifier.contains(versions[requirement.name]) for requirement in wanted)

    @cached_property
    def _tables(self) -> dict[str, dict[str, list[Row]]]:
        tables: dict[str, dict[str, list[Row]]] = {}
        for rule in self.rules.values():
            for row in rule.rows:
                for name in row.of:
                    if "*" not in name:
                        tables.setdefault(row.verb, {}).setdefault(name, []).append(row)
        return tables

    @cached_property
    def _patterns(self) -> dict[str, list[tuple[str, Row]]]:
        patterns: dict[str, list[tuple[str, Row]]] = {}
        for rule in self.rules.values():
            for row in rule.rows:
                for name in row.of:
                    if "*" in name:
                        patterns.setdefault(row.verb, []).append((name, row))
        return patterns

    # -- homes --

    def home(self, name: str) -> Home | None:
        """Where a canonical legacy name lives on the target, or None where it is gone (or is no legacy name's home)."""
        if name not in self._homes:
            self._homes[name] = self._find_home(name)
        return self._homes[name]

    def _find_home(self, name: str) -> Home | None:
        if name != same_name(name):
            return self.home(same_name(name))
        if name != through_backend(name):
            behind = self.home(through_backend(name))
            return Home(behind.name, "TFK223") if behind is not None else None
        if self.mode == "compat" and first_homes.is_first(name):
            return self._first_home(name)
        piece = next((row for row in self.rows_about("calls", name) if is_piece(row)), None)
        if piece is not None and first_homes.is_unlisted(name):
            return Home(str(piece.to), piece.code, piece)
        for row in self.rows("renames", name):
            if row.to is not None and (self.exists(target_name(row.to)) or _is_beside(row.to)):
                return Home(target_name(row.to), row.code, row)
        moved, move = self._moved(name)
        if moved is not None and self._is_alike(name, moved):
            return Home(moved, move.code if move else "TFK101", move)
        derived = self._derived_home(name)
        if derived is not None and self._is_alike(name, derived):
            return Home(derived, "TFK201" if name.startswith("keras.") else "TFK203")
        parent, _, leaf = name.rpartition(".")
        above = self.home(parent) if name.startswith("keras.") and parent != "keras" else None
        if above is not None and self.is_module(above.name) and self._is_alike(name, f"{above.name}.{leaf}"):
            return Home(f"{above.name}.{leaf}", "TFK201")  # `keras.layers.K.mean`, where K is keras.backend
        if self.mode == "eager" and first_homes.is_first(name):
            found = next((c for c in first_homes.candidates(name) if self.exists(c)), None)
            return Home(found, "TFK731") if found is not None else None
        return None

    def _first_home(self, name: str) -> Home | None:
        """Where a name of TensorFlow 1 lives for a program in graph mode: on `compat.v1`, or in support code."""
        rows = [row for row in self.rows_about("renames", name) if row.mode == "compat"]
        rows += [row for row in self.rows_about("calls", name) if is_piece(row)]
        for row in rows:
            if row.to is not None and (row.to.startswith("support.") or self.exists(target_name(row.to))):
                return Home(target_name(row.to), row.code, row)
        for candidate in first_homes.candidates(name):
            if self.exists(candidate) and (name != "tensorflow" or self._is_alike(name, candidate)):
                return Home(candidate, "TFK711")
        moved, move = self._moved(name)
        if move is not None and moved is not None and self.exists(moved):
            return Home(moved, move.code, move)
        return Home(name, "TFK711") if self.exists(name) else None

    def _is_alike(self, name: str, candidate: str) -> bool:
        """Whether a candidate exists, and is a module exactly if the legacy name was one: `merge` was a function."""
        symbols = self.target_symbols(candidate)
        origin = self.origin_symbol(name)
        return bool(symbols) and (
            origin is None or all((s.kind == "module") == (origin.kind == "module") for s in symbols)
        )

    def _moved(self, name: str) -> tuple[str | None, Row | None]:
        best: tuple[str, Row] | None = None
        for row in self._moves:
            for prefix in row.of:
                if (name == prefix or name.startswith(prefix + ".")) and (best is None or len(prefix) > len(best[0])):
                    best = (prefix, row)
        if best is not None and best[1].to is not None:
            return target_name(best[1].to) + name[len(best[0]) :], best[1]
        if name == "keras" or name.startswith("keras."):
            return "tensorflow." + name, None
        return (name, None) if name.startswith("tensorflow") else (None, None)

    @cached_property
    def _moves(self) -> tuple[Row, ...]:
        return self.all_rows("moves")

    def _derived_home(self, name: str) -> str | None:
        """What the released packages show: the same object under other names, alive at every point."""
        if name.startswith("keras."):
            found = {homes.keras_home(name, self.origin_keras, point.keras) for point in self.points}
            return found.pop() if len(found) == 1 else None
        return homes.tensorflow_home(name)


_requirement = cache(Requirement)


def _is_beside(name: str) -> bool:
    """Whether a home is in absl, which TensorFlow is built on, or in the support module; neither is in the index."""
    return name.startswith(("absl.", "support."))


def _is_about_first(row: Row) -> bool:
    return not is_piece(row) and any(first_homes.is_first(name) for name in row.of)


def is_piece(row: Row) -> bool:
    """Whether a row says that a function is a support piece, which takes every call as it stands."""
    return row.to is not None and row.to.startswith("support.") and not (row.when or row.args or row.becomes)
