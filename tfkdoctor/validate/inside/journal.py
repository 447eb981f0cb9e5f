"""Events of a child, one JSON line each, flushed at once: what began and did not end is where it died."""

import io
import json
import os
import re
import traceback


class Journal(object):
    def __init__(self, path):
        self.file = io.open(path, "a", encoding="utf-8")

    def write(self, **event):
        line = json.dumps(event, default=plain, sort_keys=True)
        self.file.write((line if not isinstance(line, bytes) else line.decode("ascii")) + "\n")
        self.file.flush()


def plain(value):
    """A number of NumPy as one of Python; whatever else as text."""
    item = getattr(value, "item", None)
    if item is not None and getattr(value, "size", 1) == 1:
        return item()
    return str(value)


def failure(error, trace, skip=(), root=None):
    """What an exception says (one line) and where: the innermost frame below `root`, else one outside of `skip`."""
    said = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    frames = [(row[0], row[1]) for row in traceback.extract_tb(trace)]
    own = [frame for frame in frames if not frame[0].startswith(skip + ("<",))]
    if root is not None:
        own = [frame for frame in own if os.path.abspath(frame[0]).startswith(root + os.sep)] or own
    file_, line = (own or frames or [("", 0)])[-1]
    text = "{}: {}".format(type(error).__name__, " ".join(lines)[:600])
    if isinstance(error, SyntaxError) and error.filename:
        file_, line = error.filename, error.lineno or 0
    return {"error": text, "file": file_, "line": line}


def kind(error):
    """What sort of exception it is: its class, the classes above it, and the module that was missing."""
    bases = [base.__name__ for base in type(error).__mro__]
    return {"type": type(error).__name__, "bases": bases, "module": getattr(error, "name", None) or ""}
