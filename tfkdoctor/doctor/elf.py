"""Read the dynamic section of an ELF file: which libraries it needs and where it tells the loader to look.

Source: the System V ABI, chapters 4 and 5; both word sizes, little-endian (all platforms of TensorFlow's wheels).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

DT_NULL, DT_NEEDED, DT_STRTAB, DT_RPATH, DT_RUNPATH = 0, 1, 5, 15, 29
PT_LOAD, PT_DYNAMIC = 1, 2


@dataclass(frozen=True, slots=True)
class Dynamic:
    """`search` holds the entries of RUNPATH, else of RPATH, with $ORIGIN still in them and repetitions taken out."""

    needed: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    search_kind: str = ""  # runpath | rpath | ""


def read_dynamic(path: Path) -> Dynamic | None:
    """The dynamic section of a shared library; None if the file is no readable little-endian ELF file."""
    try:
        with path.open("rb") as file:
            return parse(file)
    except (OSError, struct.error, ValueError):
        return None


def word_size(path: Path) -> int:
    """64 or 32 for an ELF file, 0 for a file that is none, -1 where there is no file to read."""
    try:
        with path.open("rb") as file:
            start = file.read(5)
    except OSError:
        return -1
    return {1: 32, 2: 64}.get(start[4], 0) if start[:4] == b"\x7fELF" and len(start) == 5 else 0


def parse(file: BinaryIO) -> Dynamic | None:
    start = file.read(64)
    if start[:4] != b"\x7fELF" or start[5] != 1:
        return None
    wide = start[4] == 2
    offset, entry_size, count = (
        (*struct.unpack_from("<Q", start, 32), *struct.unpack_from("<HH", start, 54))
        if wide
        else (*struct.unpack_from("<I", start, 28), *struct.unpack_from("<HH", start, 42))
    )
    file.seek(offset)
    segments = [segment(file.read(entry_size), wide) for _ in range(count)]
    table = next(((where, size) for kind, where, _, size in segments if kind == PT_DYNAMIC), None)
    if table is None:
        return Dynamic()
    file.seek(table[0])
    raw = file.read(table[1])
    entries = list(struct.iter_unpack("<qQ" if wide else "<iI", raw[: len(raw) - len(raw) % (16 if wide else 8)]))
    address = next((value for tag, value in entries if tag == DT_STRTAB), None)
    loaded = next(
        (s for s in segments if s[0] == PT_LOAD and address is not None and s[2] <= address < s[2] + s[3]), None
    )
    if loaded is None or address is None:
        return Dynamic()
    strings = loaded[1] + address - loaded[2]
    return collect(file, entries, strings)


def segment(header: bytes, wide: bool) -> tuple[int, int, int, int]:
    """(kind, offset in the file, virtual address, size in the file)"""
    if wide:
        kind, _, offset, address, _, size = struct.unpack_from("<IIQQQQ", header)
    else:
        kind, offset, address, _, size = struct.unpack_from("<IIIII", header)
    return kind, offset, address, size


def collect(file: BinaryIO, entries: list[tuple[int, int]], strings: int) -> Dynamic:
    needed: list[str] = []
    paths: dict[int, tuple[str, ...]] = {}
    for tag, value in entries:
        if tag == DT_NULL:
            break
        if tag in (DT_NEEDED, DT_RPATH, DT_RUNPATH):
            file.seek(strings + value)
            text = read_string(file)
            if tag == DT_NEEDED:
                needed.append(text)
            else:
                paths[tag] = tuple(dict.fromkeys(part for part in text.split(":") if part))
    kind = next((tag for tag in (DT_RUNPATH, DT_RPATH) if tag in paths), 0)
    return Dynamic(tuple(needed), paths.get(kind, ()), {DT_RUNPATH: "runpath", DT_RPATH: "rpath"}.get(kind, ""))


def read_string(file: BinaryIO) -> str:
    """A zero-terminated string; TensorFlow's RUNPATH repeats itself over 40,000 bytes."""
    parts = []
    while part := file.read(4096):
        head, zero, _ = part.partition(b"\0")
        parts.append(head)
        if zero:
            break
    return b"".join(parts).decode("utf-8", "replace")
