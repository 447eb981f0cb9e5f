"""Events of a child, one JSON line each, flushed at once: what began and did not end is where it died."""

import io
import json
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


def failure(error, trace, skip=()):
    """What an exception says (one line) and where: the innermost frame that is in none of the folders of `skip`."""
    said = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    frames = [(row[0], row[1]) for row in traceback.extract_tb(trace)]
    own = [frame for frame in frames if not frame[0].startswith(skip + ("<",))]
    file_, line = (own or frames or [("", 0)])[-1]
    text = "{}: {}".format(type(error).__name__, " ".join(lines)[:600])
    if isinstance(error, SyntaxError) and error.filename:
        file_, line = error.filename, error.lineno or 0
    return {"error": text, "file": file_, "line": line}
