"""Whether a call fits a signature, and whether its positional arguments still mean what they meant.

Part of the independent accounting (`account.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from account_index import Signature
from account_names import Call

# TensorFlow 1 takes both names for one parameter (`deprecated_argument_lookup`), so the place means what it meant.
RENAMED = frozenset({("filter", "filters"), ("value", "input"), ("dim", "axis"), ("keep_dims", "keepdims")})
# Keras 1 and 2 read two numbers after the filters as one kernel (`keras/legacy/interfaces.py`).
KERNEL = re.compile(r"(Atrous|Separable)?Conv(olution)?[23]D(Transpose)?|Deconvolution[23]D")


@dataclass(frozen=True, slots=True)
class Shift:
    """Positional arguments that would land elsewhere: the first one's place, their code, what it meant or ""."""

    place: int
    codes: tuple[str, ...]
    meant: str
    why: str


def misfit(call: Call, signature: Signature) -> str:
    """Why a call does not fit a signature, or ""; what stands behind `*` and `**` is taken to fit."""
    by_place, placed = signature.by_place, call.placed
    if len(placed) > len(by_place) and not signature.varargs:
        return f"takes {len(by_place)} positional arguments"
    taken = set(by_place[: len(placed)])
    for argument in call.arguments:
        if not argument.keyword:
            continue
        if argument.keyword in taken:
            return f"argument `{argument.keyword}` twice"
        if not signature.accepts(argument.keyword):
            return f"no argument `{argument.keyword}`"
        taken.add(argument.keyword)
    missing = [] if any(a.star for a in call.arguments) else sorted(signature.required - taken)
    return f"argument `{missing[0]}` missing" if missing else ""


def shifted(call: Call, origin: Signature | None, target: Signature, leaf: str) -> Shift | None:
    """The first positional argument that would run on the target and land on another parameter than in its own time."""
    placed = call.placed
    if KERNEL.fullmatch(leaf) and len(placed) > 2 and not placed[1].display and not placed[2].display:
        codes = (placed[1].code, placed[2].code)
        return Shift(1, codes, "", "rows and columns of the kernel by position")
    for place, (before, after, argument) in enumerate(
        zip(origin.by_place if origin else (), target.by_place, placed, strict=False)
    ):
        other = before in target.by_place or (origin and after in origin.by_place)
        if before != after and other and (before, after) not in RENAMED:
            return Shift(place, (argument.code,), before, f"`{before}` by position means `{after}` in the target")
    return None
