"""Which GPU code a library holds: SASS and PTX by compute capability, read out of its fat binaries.

    python -m tfkdoctor.dev.fatbins FOLDER-OR-LIBRARY…

For the rows [[cuda]] of rules/compat.toml: releases before 2.3 state no compute capabilities, and 2.22 no longer does.
Download and unpack the wheel first. Layout as NVIDIA's cuobjdump reads it: a header (magic, version, size) and entries
(kind 1 is PTX, 2 a cubin; sizes; at offset 28 the compute capability, 90 for 9.0).
"""

from __future__ import annotations

import mmap
import re
import struct
import sys
from collections import Counter
from pathlib import Path

HEADER = re.compile(b"\\x50\\xed\\x55\\xba\\x01\\x00\\x10\\x00")
KINDS = {1: "ptx", 2: "sass"}
LIBRARY = re.compile(r"\.so(\.\d+)*$")


def codes(content: bytes | mmap.mmap) -> Counter[tuple[str, int]]:
    """("sass" | "ptx", capability times ten) -> in how many fat binaries."""
    found: Counter[tuple[str, int]] = Counter()
    for header in HEADER.finditer(content):
        at = header.end() + 8
        (size,) = struct.unpack_from("<Q", content, header.end())
        end = at + size
        while at + 32 <= min(end, len(content)):
            kind, _, head, body = struct.unpack_from("<HHIQ", content, at)
            (capability,) = struct.unpack_from("<I", content, at + 28)
            if kind not in KINDS or not 32 <= head <= 4096:
                break
            found[KINDS[kind], capability] += 1
            at += head + body
    return found


def of_file(path: Path) -> Counter[tuple[str, int]]:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return codes(content)


def main(arguments: list[str]) -> int:
    paths = [path for name in arguments for path in ([Path(name)] if Path(name).is_file() else Path(name).rglob("*"))]
    for path in paths:
        if path.is_file() and LIBRARY.search(path.name) and path.stat().st_size and (found := of_file(path)):
            for kind in ("sass", "ptx"):
                counts = [f"{c // 10}.{c % 10} ({n})" for (k, c), n in sorted(found.items()) if k == kind]
                print(f"{path.name}: {kind} {', '.join(counts) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
