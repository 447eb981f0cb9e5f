"""Where a name of TensorFlow 1 may live under `tensorflow.compat.v1`: under its path, or another of the same object.

TF 1.15's packages show which paths were one object, private modules and contrib among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from tfkdoctor.validate import index
from tfkdoctor.versions import NEWEST, ORIGIN_TENSORFLOW

COMPAT = "tensorflow.compat.v1"
_ELSEWHERE = ("tensorflow.contrib.", "tensorflow.keras.", "tensorflow.compat.v2.", "tensorflow.python.")


def is_first(name: str) -> bool:
    """Whether a name is of TensorFlow's first API itself: not of a Keras within it, and not spelled `compat.v1`."""
    if name != "tensorflow" and not name.startswith("tensorflow."):
        return False
    versioned = any(name == p or name.startswith(p + ".") for p in (COMPAT, "tensorflow.compat.v2"))
    return not versioned and "keras" not in name.split(".")


def is_unlisted(name: str) -> bool:
    """Whether a name is of contrib, of the tutorials or private, none of which the target has."""
    return name.startswith(("tensorflow.contrib.", "tensorflow.examples.", "tensorflow.python."))


def candidates(name: str) -> Iterator[str]:
    """Names of `tensorflow.compat.v1` that may be what this name was, the likeliest first."""
    yield COMPAT + name.removeprefix("tensorflow")
    for other in public_names(name):
        if other.startswith(COMPAT + "."):
            yield other
        elif not other.startswith(_ELSEWHERE):
            yield COMPAT + other.removeprefix("tensorflow")


def private_symbol(name: str) -> index.Symbol | None:
    """The public function or class that a name of contrib's private modules was."""
    private = name.startswith("tensorflow.contrib.") and ".python." in name and "keras" not in name.split(".")
    public = next(iter(public_names(name)), None) if private else None
    return index.load("tensorflow").get(public, ORIGIN_TENSORFLOW) if public is not None else None


def public_names(name: str) -> tuple[str, ...]:
    """All public names of TF 1.15 that were the same object as this one, which may be private."""
    view = index.load("tensorflow")
    symbol = view.get(name, ORIGIN_TENSORFLOW)
    if symbol is not None:
        return view.names(symbol.object, ORIGIN_TENSORFLOW) if symbol.kind != "module" else ()
    if not name.startswith("tensorflow.python.") and ".python." not in name:
        return ()
    return defined(name) or ((_private()[name],) if name in _private() else ())


@cache
def _private() -> dict[str, str]:
    lines = (index.rules_dir() / "api" / "tf1_private.txt").read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


def defined(name: str) -> tuple[str, ...]:
    """The public names of what a private module defines under this name."""
    view = index.load("tensorflow")
    module, _, leaf = name.rpartition(".")
    found = view.names(f"{module}:{leaf}", ORIGIN_TENSORFLOW)
    if name.startswith("tensorflow.contrib."):
        return found
    return tuple(n for n in found if not n.startswith(_ELSEWHERE)) or _first_of_two(view, module, leaf)


def _first_of_two(view: index.View, module: str, leaf: str) -> tuple[str, ...]:
    """Public names of `reduce_sum_v1`, which takes what its neighbour `reduce_sum` takes, in the same places.

    Private code called the second API's function by this name: that of the newest release shows its arguments.
    """
    second = next(iter(view.names(f"{module}:{leaf}", NEWEST)), None)
    first = view.names(f"{module}:{leaf}_v1", ORIGIN_TENSORFLOW)
    old = view.get(first[0], ORIGIN_TENSORFLOW) if first else None
    new = view.get(second, NEWEST) if second is not None else None
    if old is None or new is None or old.signature is None or new.signature is None:
        return ()
    wanted = [p.name for p in new.signature.parameters]
    return first if [p.name for p in old.signature.parameters][: len(wanted)] == wanted else ()
