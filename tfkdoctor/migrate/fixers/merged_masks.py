"""Merging layers in programs that mask: Keras 3 puts the masks of their inputs together in another way.

Keras 2 asked that no input masks a step; Keras 3 that one input has it. Where one input has no mask, Add and its like
drop the others', and Concatenate counts every step (keras 2.2.5, layers/merge.py; keras 3.15, layers/merging/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_LAYERS = ("Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract")
_MERGING = frozenset([*_LAYERS, *(name.lower() for name in _LAYERS)])


def run(context: Context, row: Row) -> None:
    """Plan the old masks for each merging layer of a program in which anything masks."""
    if not any(name in context.survey.names.calls_of for name in _MERGING) or not _masks(context):
        return
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is None or reference.node is not call.func or not reference.name.startswith("keras.layers."):
            continue
        bindings = context.movable(reference.bindings)
        if reference.name.rpartition(".")[2] in _MERGING and (bindings or reference.providers):
            wrap_call(context, call.func, scope, row, reference.name, bindings, reference.certain)


def _masks(context: Context) -> bool:
    """Whether a program of the file has an Embedding with `mask_zero=`, a Masking, or a layer with masks of its own."""
    facts = context.facts
    for member in facts.programs.get(context.path, (context.path,)):
        summary = facts.summaries.get(member)
        if summary is not None and (
            any(keyword == "mask_zero" for _, keyword in summary.keywords)
            or any(name.rpartition(".")[2] == "Masking" for name in summary.names)
            or any("compute_mask" in cls.methods for cls in summary.classes.values())
        ):
            return True
    return False
