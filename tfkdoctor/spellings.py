"""Canonical names that are spelled in more than one way: by a detour, or as the rules write them."""

from __future__ import annotations

TF_KERAS = "tensorflow.keras"
_THROUGH_BACKEND = tuple(
    f"keras.{backend}.{name}"
    for backend in ("backend", "backend.tensorflow_backend")
    for name in ("tf", "control_flow_ops")
)


def through_backend(name: str) -> str:
    """`keras.backend.tf.log` is `tensorflow.log`: the TensorFlow backend imported it as `tf`.

    It imported `control_flow_ops` too, whose `cond`, `while_loop`, … are those of TensorFlow itself.
    """
    for path in _THROUGH_BACKEND:
        if name == path or name.startswith(path + "."):
            return "tensorflow" + name[len(path) :]
    return name


def same_name(name: str) -> str:
    """A name without the detour that `tf` as `tensorflow.compat.v1` takes.

    `tf.keras` of compat.v1 is tf.keras (with Keras 3, TensorFlow's lazy loader gives both the same modules), and its
    `tf.compat` is TensorFlow's.
    """
    for module in ("keras", "compat"):
        if f"{name}.".startswith(f"tensorflow.compat.v1.{module}."):
            return same_name(name.replace("compat.v1.", "", 1))
    return name


def target_name(text: str) -> str:
    """`keras.` on a rule's right-hand side stands for the target's Keras."""
    return "tensorflow." + text if text == "keras" or text.startswith("keras.") else text
