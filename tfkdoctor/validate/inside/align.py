"""Which layer of one model is which of the other."""

import difflib


def pairs(old, new):
    """Positions in `old` -> positions in `new`, by the kinds of layers in their order; what stands alone is left out.

    Stretches of equal length between equal kinds are paired too: a layer that a migration wrote as another class.
    """
    found = {}
    matcher = difflib.SequenceMatcher(None, old, new, False)
    for tag, first, end, other, other_end in matcher.get_opcodes():
        if tag == "equal" or (tag == "replace" and end - first == other_end - other):
            found.update(zip(range(first, end), range(other, other_end)))
    return found
