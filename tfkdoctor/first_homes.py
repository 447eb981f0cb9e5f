"""Where a name of TensorFlow 1 may live under `tensorflow.compat.v1`: under its own path, or another of its object.

TF 1.15's packages show which paths were one object, private modules and contrib among them.
"""

from __future__ import annotations

from collections.abc import Iterator

from tfkdoctor.validate import index
from tfkdoctor.versions import ORIGIN_TENSORFLOW

COMPAT = "tensorflow.compat.v1"
_ELSEWHERE = ("tensorflow.contrib.", "tensorflow.keras.", "tensorflow.compat.v2.", "tensorflow.python.")


def is_first(name: str) -> bool:
    """Whether a name is of TensorFlow's first API itself: not of a Keras within it, and not spelled `compat.v1`."""
    if name != "tensorflow" and not name.startswith("tensorflow."):
        return False
    versioned = any(name == p or name.startswith(p + ".") for p in (COMPAT, "tensorflow.compat.v2"))
    return not versioned and "keras" not in name.split(".")


def candidates(name: str) -> Iterator[str]:
    """Names of `tensorflow.compat.v1` that may be what this name was, the likeliest first."""
    yield COMPAT + name.removeprefix("tensorflow")
    for other in public_names(name):
        if other.startswith(COMPAT + "."):
            yield other
        elif not other.startswith(_ELSEWHERE):
            yield COMPAT + other.removeprefix("tensorflow")


def public_names(name: str) -> tuple[str, ...]:
    """All public names of TF 1.15 that were the same object as this one, which may be private."""
    view = index.load("tensorflow")
    symbol = view.get(name, ORIGIN_TENSORFLOW)
    if symbol is not None:
        return view.names(symbol.object, ORIGIN_TENSORFLOW) if symbol.kind != "module" else ()
    if not name.startswith("tensorflow.python."):
        return ()
    module, _, leaf = name.rpartition(".")
    return view.names(f"{module}:{leaf}", ORIGIN_TENSORFLOW)
