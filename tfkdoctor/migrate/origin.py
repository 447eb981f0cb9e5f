"""Which versions a program was written for, and which TensorFlow the result must run on.

The origin comes from `--source`, dependency files, else idioms, else a default. A dependency line states the target
only if its lower bound is TensorFlow 2.4 or later; every other one speaks of the origin alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from tfkdoctor import homes
from tfkdoctor.migrate.summary import Summary
from tfkdoctor.model import Origin, Settings, Target
from tfkdoctor.validate import index
from tfkdoctor.versions import TargetError, pick_origin, points_of

_FILES = (
    "requirements*.txt",
    "requirements/*.txt",
    "setup.py",
    "setup.cfg",
    "pyproject.toml",
    "environment*.y*ml",
    "Pipfile",
)
_DEPENDENCY = re.compile(
    r"""(?:^|["'\s,\[-])(?P<name>keras|tensorflow(?:-gpu|-cpu)?|tf-keras)(?:\[[\w,-]*\])?\s*["']?\s*(?:=\s*["']\s*)?"""
    r"""(?P<spec>(?:[<>=~!]=?=?\s*[\d.*]+\s*,?\s*)+|(?=["'\s\],;]|$))""",
    re.IGNORECASE | re.MULTILINE,
)
_FIRST = re.compile(r"(?:==|~=)\s*[01]\.|<\s*2(?:\.0)*(?![\d.])|<=?\s*[01]\.")  # ranges of TensorFlow 1 alone
_OLD, _NEW = "1.2.2", "2.2.5"  # the origins that idioms tell apart
_BESIDE_NEW = "2.1.4"  # the TensorFlow that Keras 2.3 was released for
_MODELS = ("keras.models.Model", "keras.models.Sequential", "keras.engine.training.Model")
_BACKENDS = frozenset(["KERAS_BACKEND", "jax", "torch"])
_OPTIMIZERS = frozenset(["SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam"])


_NEWEST = Target()


@dataclass(frozen=True, slots=True)
class Declared:
    """What the user and the project's files say outright."""

    keras: str | None = None
    tensorflow: str | None = None
    reason: str = ""
    target: Target = _NEWEST
    modern: bool = False  # the project asks for keras>=3
    first: bool = False  # TensorFlow 1 is asked for outright: by --source, or by a range that holds no other
    recorded: Mapping[str, Origin] = field(default_factory=dict)  # path -> what an earlier run took for its origin


def declared(root: Path, start: Path, source: Mapping[str, str], settings: Settings) -> Declared:
    """Read what was chosen, else the dependency files nearest to `start`, at most up to the root."""
    folders = [start, *(folder for folder in start.parents if folder == root or root in folder.parents)]
    lines = next((found for folder in folders if (found := list(_dependencies(folder)))), [])
    keras, tensorflow = source.get("keras"), source.get("tensorflow")
    reason = "--source" if source else ""
    found_target = Target(settings.target, "--target") if settings.target else None
    modern = False
    for name, spec, file in lines:
        pinned, lower = pick_origin("keras" if name == "keras" else "tensorflow", spec), _lower(spec)
        if name == "keras":
            modern = modern or (lower or (0,)) >= (3,)
            if keras is None and pinned is not None:
                keras, reason = pinned, reason or f"{name}{spec} in {file}"
        elif name != "tf-keras":
            if found_target is None and lower is not None and lower >= (2, 4):
                found_target = _known_target(spec.replace(" ", ""), f"{name}{spec} in {file}")
            elif tensorflow is None and pinned is not None:
                tensorflow, reason = pinned, reason or f"{name}{spec} in {file}"
    told = source.get("tensorflow", "").startswith("1.")
    first = told or any(name.startswith("tensorflow") and _FIRST.search(spec) for name, spec, _ in lines)
    found_target = found_target or _NEWEST
    if settings.keras == "legacy":
        found_target = replace(found_target, keras="legacy")
    return Declared(keras, tensorflow, reason, found_target, modern and "keras" not in source, first)


def _known_target(spec: str, where: str) -> Target:
    """A range that a file states; one that holds no TensorFlow that is known as a target says so in its reason."""
    try:
        points_of(f"tensorflow{spec}")
    except TargetError:
        return Target(reason=f"the newest known; {where} is no target that this version knows")
    return Target(f"tensorflow{spec}", where)


def choose(said: Declared, program: Sequence[Summary]) -> Origin:
    """The origin of one program: what was declared, else what its idioms show, else the default."""
    tensorflow = said.tensorflow or Origin().tensorflow
    if said.keras is not None:
        return Origin(said.keras, tensorflow, said.reason, assumed=False)
    recorded = next((said.recorded[s.path] for s in program if s.path in said.recorded), None)
    if recorded is not None:
        return recorded
    keras1, keras2 = _idioms(program)
    keras1 |= {f"{name}(output, target)" for summary in program for name in summary.reversed}
    if keras1 and not keras2:
        return Origin("1.2.2", tensorflow, f"it uses `{min(keras1)}` of Keras 1 and nothing that only Keras 2 has")
    keywords = {keyword for summary in program for _, keyword in summary.keywords}
    rates = any(k == "learning_rate" and callee in _OPTIMIZERS for summary in program for callee, k in summary.keywords)
    rates = rates and any(name.startswith("keras.optimizers") for summary in program for name in summary.names)
    keys = {key for summary in program for key in (*summary.asked, *summary.keys) if _is_metric_key(key)}
    asked = {key for summary in program for key in summary.asked if key in ("accuracy", "val_accuracy")}
    asked |= keys & {"val_accuracy"}
    if (rates and "lr" not in keywords) or (asked and not keys & {"acc", "val_acc"} and _has_accuracy(program)):
        shown = "learning_rate=" if rates else f"the key '{min(asked)}'"
        beside = said.tensorflow or _BESIDE_NEW
        return Origin("2.3.1", beside, f"it uses {shown}, which Keras 2.3 brought")
    if any(summary.crossed for summary in program):
        return Origin("2.2.4", tensorflow, "it gives K.batch_dot an axis beyond the third, as before Keras 2.2.5")
    return Origin(Origin().keras, tensorflow, said.reason or "no file of the project names a version of keras")


def _idioms(program: Sequence[Summary]) -> tuple[set[str], set[str]]:
    """What of a program only Keras 1 has, and what only Keras 2 has: by the signatures of the two in the index."""
    shown = [_idioms_of(summary.names, summary.keywords) for summary in program]
    return {name for old, _ in shown for name in old}, {name for _, new in shown for name in new}


@cache
def _idioms_of(used: frozenset[str], keywords: frozenset[tuple[str, str]]) -> tuple[frozenset[str], frozenset[str]]:
    """The same of one file; a file is a member of many programs."""
    names = [name for name in used if name.startswith("keras.")]
    evidence = {name.rpartition(".")[2]: _name_is_of(name) for name in names}
    for callee, keyword in keywords:
        for name in (*(n for n in names if n.endswith(f".{callee}")), *(f"{model}.{callee}" for model in _MODELS)):
            evidence[f"{keyword}="] = _keyword_is_of(name, keyword) or evidence.get(f"{keyword}=")
    old = frozenset(shown for shown, of in evidence.items() if of == _OLD)
    return old, frozenset(shown for shown, of in evidence.items() if of == _NEW)


@cache
def _name_is_of(name: str) -> str | None:
    """The one version that has a class or function, None if both or neither do."""
    view = index.load("keras")
    old, new = view.get(name, _OLD), view.get(name, _NEW)
    if "module" in {s.kind for s in (old, new) if s is not None} or (old is None) == (new is None):
        return None
    return _OLD if old is not None else _NEW


@cache
def _keyword_is_of(name: str, keyword: str) -> str | None:
    """The one version whose callable of this name has a keyword, None if both or neither do."""
    old, new = _signature(name, _OLD), _signature(name, _NEW)
    if old is None or new is None:
        return None
    takes = old.accepts(keyword), new.accepts(keyword) and not _is_old(name, keyword)
    return None if takes[0] == takes[1] else _OLD if takes[0] else _NEW


def _is_old(name: str, keyword: str) -> bool:
    """Whether Keras 2 takes a keyword for the sake of Keras 1 alone: through its interface, or `fit(nb_epoch=)`."""
    known = homes.old_arguments(name)
    base = _signature("keras.engine.Layer", _NEW)
    if base is not None and base.accepts(keyword):
        return False  # `input_shape=`: of every layer, then and later
    old = _signature(name, _OLD)
    computed = keyword in known.computed and old is not None and old.accepts(keyword)  # not what is computed from them
    return keyword in known.names or computed or keyword == "nb_epoch"


def _signature(name: str, version: str) -> index.Signature | None:
    view = index.load("keras")
    owner, _, method = name.rpartition(".")
    symbol = view.method(owner, method, version) if owner in _MODELS else view.get(name, version)
    return symbol.signature if symbol is not None else None


def modern_files(
    said: Declared,
    summaries: Mapping[str, Summary],
    programs: Mapping[str, tuple[str, ...]],
    modern_names: frozenset[str],
    gone_names: frozenset[str],
) -> frozenset[str]:
    """Files whose `import keras` means Keras 3: they use what only Keras 3 has, or the project asks for it.

    In a program with such files those that show nothing old are taken for modern too.
    """
    if said.modern:
        return frozenset(summaries)
    shown = {p for p, s in summaries.items() if s.names & modern_names or {"KERAS_BACKEND"} < s.keys & _BACKENDS}
    if not shown:
        return frozenset()
    legacy = {path for path, summary in summaries.items() if summary.names & gone_names}
    beside = {p for p, program in programs.items() if p not in legacy and any(member in shown for member in program)}
    return frozenset(shown | beside)


def _has_accuracy(program: Sequence[Summary]) -> bool:
    """Whether 'accuracy' is Keras' metric: no function or method of the program is called so."""
    named = {name.rpartition(".")[2] for summary in program for name in summary.functions}
    named |= {method for summary in program for cls in summary.classes.values() for method in cls.methods}
    return "accuracy" not in named


def _is_metric_key(key: str) -> bool:
    return key in ("acc", "val_acc", "val_accuracy")


def _dependencies(root: Path) -> Iterable[tuple[str, str, str]]:
    for pattern in _FILES:
        for file in sorted(root.glob(pattern)):
            try:
                text = file.read_text("utf-8", errors="replace")
            except OSError:
                continue
            for line in text.splitlines():
                for match in _DEPENDENCY.finditer(line.partition("#")[0]):
                    yield match["name"].lower(), match["spec"].strip().rstrip(","), file.name


def _lower(spec: str) -> tuple[int, ...] | None:
    match = re.search(r"(?:===?|~=|>=?)\s*([\d.]+)", spec)
    return _numbers(match[1]) if match else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
