"""The text of a Dockerfile: its instructions, and the commands and words of a shell line, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator


def instructions(text: str) -> Iterator[tuple[int, int, str]]:
    """(line, place, text) of each instruction; continued lines stay as they are, so that places hold."""
    escape = "`" if re.match(r"\s*#\s*escape=`", text) else "\\"
    offset, start, begun, heredoc = 0, 0, 0, ""
    said: list[str] = []
    for number, raw in enumerate(text.splitlines(keepends=True), 1):
        bare = raw.strip()
        comment = bare.startswith("#") and not heredoc
        if not said and (not bare or comment):
            offset += len(raw)
            continue
        if not said:
            start, begun = offset, number
        said.append(" " * len(raw) if comment else raw)  # a comment between continued lines is none of them
        offset += len(raw)
        if heredoc:
            if bare == heredoc:
                heredoc = ""
                yield begun, start, "".join(said)
                said = []
            continue
        if opened := re.search(r"<<-?[\"']?(\w+)[\"']?\s*$", bare):
            heredoc = opened[1]
        elif not comment and bare and not bare.endswith(escape):
            yield begun, start, "".join(said)
            said = []
    if said:
        yield begun, start, "".join(said)


def commands(rest: str, start: int) -> Iterator[list[tuple[str, int]]]:
    """The simple commands of a shell line, each as (word as written, place); quotes are kept off the word."""
    text = re.sub(r"[\\`]\r?\n", lambda m: " " * len(m[0]), rest)
    if text.lstrip().startswith("["):  # the form of JSON: ["pip", "install", "x"]
        text = re.sub(r"[\[\],]", " ", text)
    found: list[tuple[str, int]] = []
    for token in re.finditer(
        r"\"(?P<d>[^\"]*)\"|'(?P<s>[^']*)'|(?P<sep>&&|\|\||[;|\n&()])|(?P<w>[^\s\"';|&()]+)", text
    ):
        if token["sep"]:
            if found:
                yield found
            found = []
            continue
        kind = "d" if token["d"] is not None else "s" if token["s"] is not None else "w"
        before = text[token.start() - 1] if token.start() else " "
        if found and not before.isspace() and before not in ";|&()":
            found[-1] = (found[-1][0] + token[kind], found[-1][1])  # --name="x", "a"'b'
        else:
            found.append((token[kind], start + token.start(kind)))
    if found:
        yield found


def is_pip(before: list[str]) -> bool:
    """`pip`, `python -m pip`, `uv pip`, `conda run -n env pip`."""
    return (
        bool(before)
        and re.fullmatch(r"(.*/)?pip[\d.]*", before[-1] if not before[-1].startswith("-") else "") is not None
    )
