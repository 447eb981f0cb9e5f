"""TOML with places: `tomllib` says what is in a file, and these functions where it stands."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from tfkdoctor.doctor.files.declared import Unreadable, read_text

POSITION = re.compile(r"\(at line (\d+), column \d+\)")
END = "(at end of document)"


def load(path: Path) -> tuple[str, dict[str, Any]]:
    """(the text, what is in it); raises Unreadable with the line of the error."""
    text = read_text(path)
    try:
        return text, tomllib.loads(text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = POSITION.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1 if END in str(error) else 0
        words = POSITION.sub("", str(error)).replace(END, "at the end of the file").strip()
        raise Unreadable(str(path), f"is no TOML: {words}", line) from None


def table(value: object) -> dict[str, Any]:
    """A table, {} for what is none."""
    return value if isinstance(value, dict) else {}


def strings(value: object) -> list[str]:
    """The strings of a list, [] for what is none."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def header_at(text: str, name: str) -> int:
    """Where `[name]` begins, 0 where it does not stand so."""
    found = re.search(rf"^[ \t]*\[[ \t]*{re.escape(name)}[ \t]*\]", text, re.MULTILINE)
    return found.end() if found else 0


def key_at(text: str, key: str, start: int = 0) -> int:
    """Where `key = ` begins at or after `start`; `start` where it does not."""
    found = re.compile(rf"""^[ \t]*["']?{re.escape(key)}["']?[ \t]*=""", re.MULTILINE).search(text, start)
    return found.start() if found else start


def string_at(text: str, value: str, start: int = 0) -> tuple[int, int] | None:
    """The place of a quoted string's content, comments passed over; None where it is written otherwise."""
    for spelled in dict.fromkeys((value, json.dumps(value, ensure_ascii=False)[1:-1])):
        for found in re.compile(rf"""(?P<q>["']){re.escape(spelled)}(?P=q)""").finditer(text, start):
            line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
            if not line.lstrip().startswith("#"):
                return found.start() + 1, found.end() - 1
    return None
