"""What a canonical name is at one point of the target: TensorFlow's own, or what a door of TensorFlow leads to."""

from __future__ import annotations

from packaging.version import Version

from tfkdoctor.spellings import TF_KERAS
from tfkdoctor.validate import index
from tfkdoctor.validate.signatures import same_default
from tfkdoctor.versions import ORIGIN_TENSORFLOW, Point


def view_of(name: str, point: Point) -> tuple[index.View, str]:
    """The view of the index that holds a name, and the version of it that is asked for."""
    if name == "tensorflow.keras" or name.startswith("tensorflow.keras."):
        return index.load("tensorflow.keras"), point.keras
    return index.load("tensorflow"), point.tensorflow


def find_target(name: str, point: Point) -> index.Symbol | None:
    """What a canonical name is at a point of the target; None if it does not exist there, or is another thing."""
    view, version = view_of(name, point)
    found = view.get(name, version)
    if found is None and name.startswith("tensorflow."):
        behind = _behind(view, name, point) if point.package == TF_KERAS else None
        if behind is not None and behind.startswith("tensorflow.keras.") and not name.startswith("tensorflow.keras."):
            found = find_target(behind, point)
            old = index.load("tensorflow").get(name, ORIGIN_TENSORFLOW)
            if found is not None and old is not None and not _default_alike(old, found):
                return None  # `tf.initializers.random_normal` had a standard deviation of 1
    return found


def _behind(view: index.View, name: str, point: Point) -> str | None:
    """The tf.keras name that a name leads to: `tensorflow.losses` is a door to `tensorflow.keras.losses`."""
    v1 = "tensorflow.compat.v1.keras."
    if name.startswith(v1):  # with Keras 3, TensorFlow's lazy loader gives it the same modules
        return f"tensorflow.keras.{name.removeprefix(v1)}" if Version(point.keras).major >= 3 else None
    return view.canonical(name, point.tensorflow)


def _default_alike(old: index.Symbol, new: index.Symbol) -> bool:
    """Whether no parameter that two symbols share has another default."""
    if old.signature is None or new.signature is None:
        return False
    defaults = {p.name: p.default for p in new.signature.parameters}
    return all(same_default(p.default, defaults.get(p.name, p.default)) for p in old.signature.parameters)
