"""Read a log of any size once, in constant memory, and keep each different message with where it stands.

Whole blocks are searched for the texts of the known messages, so that a line which is none of them costs no Python at
all; only where one is found is a line cut out and looked at.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from tfkdoctor.logs import tracebacks
from tfkdoctor.logs.messages import Message
from tfkdoctor.logs.tracebacks import Raised

BLOCK = 1 << 20
LONG = 1 << 18  # bytes of a traceback, and of a line, that are waited for
KINDS = 400  # different messages that are kept apart; beyond, they are counted by what message they are
SHOWN = 400  # characters of a line
# What TensorFlow, absl and Python begin a warning or an error with (tsl/platform/default/logging.cc, absl/log).
_LOUD = (b": W ", b": E ", b": F ", b"\nW0", b"\nE0", b"\nF0", b"\nW1", b"\nE1", b"\nF1", b"WARNING:", b"Warning: ")
_LOGGED = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [WEF] |[WEF][01]\d{3} \d\d:\d\d:\d\d|(?:WARNING|ERROR):\w|[\w.]+Warning: "
)
_PREFIX = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWEF] |[IWEF][01]\d{3} \d\d:\d\d:\d\d\.\d+")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_VERSION = re.compile(
    rb"[Tt]ensor[Ff]low(?:[-_](?:cpu|gpu|intel|macos))?(?:==|-| version:? |: v?)([12]\.\d{1,2}\.\d+)(?![\w.])"
)
_VERSION_WITHIN = 4 << 20  # where a program says its versions: at its beginning

Groups = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Seen:
    """A message, or an exception that is none (`message` None), as often as the log holds it."""

    message: Message | None
    groups: Groups
    text: str
    first: int
    last: int
    count: int = 0
    raised: Raised | None = None  # it ends a traceback
    chain: int = 0  # tracebacks of one chain have one number; 0: none


@dataclass(slots=True)
class Scan:
    """What a log holds."""

    seen: dict[object, Seen] = field(default_factory=dict)
    lines: int = 0
    version: str = ""  # of TensorFlow, as the log says it
    unknown: int = 0  # warnings and errors of TensorFlow, absl and Python that are no known message
    samples: list[tuple[int, str]] = field(default_factory=list)  # the first of these: line, text
    chains: int = 0
    joined: bool = False  # since the last traceback it was said that another one belongs to it

    def ordered(self) -> list[Seen]:
        return sorted(self.seen.values(), key=lambda one: one.first)


def scan(stream: BinaryIO, messages: Iterable[Message]) -> Scan:
    """Read to the end; what is no text is read all the same."""
    table = [(text.encode(), message) for message in messages for text in message.texts]
    result, carry, read = Scan(), b"\n", 0  # what is looked at begins and ends with a newline
    for block, is_last in blocks(stream):
        read += len(block)
        if not result.version and read <= _VERSION_WITHIN + BLOCK and (found := _VERSION.search(block)):
            result.version = found[1].decode()
        data = carry + block
        if is_last:
            look(data if data.endswith(b"\n") else data + b"\n", table, result)
        elif data.find(b"\n", 1) < 0 and len(data) > LONG:  # a progress bar of megabytes: a piece of one line
            look(data + b"\n", table, result)
            result.lines -= 1
            carry = b"\n"
        else:
            end = unfinished(data)
            look(data[: end + 1], table, result)
            carry = data[end:]
    return result


def blocks(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """The stream in blocks, and whether each is the last; UTF-16, which PowerShell redirects into, becomes UTF-8."""
    block = stream.read(BLOCK)
    wide = block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    decoder = codecs.getincrementaldecoder("utf-16")("replace") if wide else None
    while True:
        following = stream.read(BLOCK)
        yield (decoder.decode(block).encode() if decoder else block), not following
        if not following:
            return
        block = following


def unfinished(data: bytes) -> int:
    """The newline after which lines are not whole yet: the last one, or a traceback without its exception."""
    end = data.rfind(b"\n")
    mark = data.rfind(tracebacks.MARK, max(0, end - LONG), end)
    if mark < 0:
        return end
    raised = tracebacks.parse(data[: end + 1], mark)
    if raised is None or data.count(b"\n", mark, end) <= raised.last:
        return data.rfind(b"\n", 0, mark)
    return end


def look(data: bytes, table: list[tuple[bytes, Message]], result: Scan) -> None:
    """Fold all that these lines hold into the result. `data` begins and ends with a newline."""
    begin = result.lines
    lines = Lines(data, begin)
    known: dict[int, Seen] = {}
    for number, start, end in lines.around(places(data, [text for text, _ in table])):
        text = cut(data, start, end)
        for needle, message in table:
            if needle in data[start:end] and (groups := matched(message, text)) is not None:
                known[number] = keep(result, number, message, groups, text)
                break
    raise_all(data, begin, known, result)
    for number, start, end in lines.around(places(data, _LOUD, after=1)):
        if number not in known and _LOGGED.search(text := cut(data, start, end)):
            result.unknown += 1
            if len(result.samples) < 3:
                result.samples.append((number, text))
    result.lines += data.count(b"\n") - 1


def places(data: bytes, needles: Iterable[bytes], after: int = 0) -> list[int]:
    found = []
    for needle in needles:
        at = data.find(needle)
        while at >= 0:
            found.append(at + after)
            at = data.find(needle, at + len(needle))
    return sorted(found)


class Lines:
    """The lines of a block, numbered on from `begin`."""

    def __init__(self, data: bytes, begin: int) -> None:
        self.data, self.begin = data, begin

    def around(self, offsets: list[int]) -> Iterator[tuple[int, int, int]]:
        """(number, start, end) of each line in which one of the (sorted) offsets lies, once."""
        position, number, end = 0, self.begin, -1
        for offset in offsets:
            if offset < end:
                continue
            number += self.data.count(b"\n", position, offset)
            position = offset
            start = self.data.rfind(b"\n", 0, offset) + 1
            end = self.data.find(b"\n", offset)
            end = len(self.data) if end < 0 else end
            yield number, start, end


def cut(data: bytes, start: int, end: int) -> str:
    """A line as a person would copy it: what a progress bar wrote before it is gone, and colours."""
    line = data[max(start, end - LONG) : end].rstrip(b"\r")
    line = line[max(line.rfind(b"\r"), line.rfind(b"\x08")) + 1 :]
    text = _COLOUR.sub("", line.decode("utf-8", "replace")).strip()
    prefix = _PREFIX.search(text)
    return text[prefix.start() :] if prefix else text


def matched(message: Message, text: str) -> Groups | None:
    if message.match is None:
        return ()
    found = message.match.search(text)
    return tuple((name, value or "") for name, value in found.groupdict().items()) if found else None


def keep(result: Scan, number: int, message: Message | None, groups: Groups, text: str) -> Seen:
    name = message.name if message else text[:SHOWN]
    key: object = (name, groups)
    if key not in result.seen and len(result.seen) >= KINDS:
        key = (message.name if message else "", ())
    seen = result.seen.get(key)
    if seen is None:
        seen = result.seen[key] = Seen(message, groups, text[:SHOWN], number, number)
    seen.last = number
    seen.count += 1
    return seen


def raise_all(data: bytes, begin: int, known: dict[int, Seen], result: Scan) -> None:
    """The tracebacks of these lines: each is the message that its exception's text holds, or an unknown one."""
    before = 0
    for mark in places(data, (tracebacks.MARK,)):
        raised = tracebacks.parse(data, mark)
        if raised is None:
            continue
        top = begin + data.count(b"\n", 0, mark)
        if not (result.joined or chained(data, before, mark)) or not result.chains:
            result.chains += 1
        before, result.joined = mark, False
        first, last = top + raised.first, top + raised.last
        seen = next((known[n] for n in range(first, last + 1) if n in known), None)
        if seen is None:
            text = f"{raised.kind}: {raised.text}" if raised.text else raised.kind
            seen = keep(result, first, None, (), text)
            known[first] = seen
        seen.raised, seen.chain = raised, result.chains
    result.joined = result.joined or chained(data, before, len(data))


def chained(data: bytes, start: int, end: int) -> bool:
    return any(data.find(words, start, end) >= 0 for words in tracebacks.CHAINED)
