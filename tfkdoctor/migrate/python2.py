"""Tells Python 2 source from plain syntax errors, so that the finding can name the way out."""

from __future__ import annotations

import re

_IDIOMS = re.compile(
    r"^\s*print\s+[\"'\w%(]"  # print "x"
    r"|^\s*print\s*>>"
    r"|\bexcept\s+[\w.()]+\s*,\s*\w+\s*:"
    r"|\braise\s+[\w.]+\s*,\s*[\"'\w]"
    r"|\bexec\s+[\"'\w]"
    r"|<>"
    r"|\b0\d+\b(?!\.)"
    r"|\bur[\"']",
    re.MULTILINE,
)


def looks_like_python2(text: str) -> bool:
    """Whether a text that does not parse holds an idiom that only Python 2 has."""
    return _IDIOMS.search(text) is not None
