"""What a package index knows: the files of a project, and single members of a wheel without downloading the wheel.

Source: the simple repository API in its JSON form (PEP 691), and HTTP range requests into a wheel, whose directory
stands at its end.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from dataclasses import dataclass
from functools import cache
from urllib.request import Request, urlopen

INDEX = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
BLOCK = 1 << 20  # bytes per range request; the directory of a TensorFlow wheel takes two or three
TIMEOUT = 120  # seconds


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One file that a project released; `requires_python` and `yanked` as the index says."""

    name: str
    url: str
    size: int
    uploaded: str  # ISO date
    requires_python: str
    yanked: bool
    metadata: bool = False  # whether the index serves METADATA beside the file (PEP 658)


@cache
def release_files(project: str) -> tuple[ReleaseFile, ...]:
    """All files that the index lists for a project, in its order; raises urllib's errors when it cannot be asked."""
    request = Request(f"{INDEX}/{project}/", headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    with urlopen(request, timeout=TIMEOUT) as answer:
        listing = json.load(answer)
    return tuple(
        ReleaseFile(
            name=row["filename"],
            url=row["url"],
            size=row.get("size") or 0,
            uploaded=(row.get("upload-time") or "")[:10],
            requires_python=row.get("requires-python") or "",
            yanked=bool(row.get("yanked")),
            metadata=bool(row.get("core-metadata") or row.get("dist-info-metadata")),
        )
        for row in listing["files"]
    )


class RemoteFile(io.RawIOBase):
    """A file on a web server, read in blocks as `zipfile` asks for them."""

    def __init__(self, url: str, size: int) -> None:
        super().__init__()
        self.url, self.size, self.position = url, size, 0
        self.blocks: dict[int, bytes] = {}

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.position, io.SEEK_END: self.size}[whence]
        self.position = start + offset
        return self.position

    def tell(self) -> int:
        return self.position

    def read(self, size: int = -1) -> bytes:
        end = self.size if size < 0 else min(self.position + size, self.size)
        parts = []
        while self.position < end:
            number, skip = divmod(self.position, BLOCK)
            part = self.block(number)[skip : skip + end - self.position]
            parts.append(part)
            self.position += len(part)
        return b"".join(parts)

    def block(self, number: int) -> bytes:
        if number not in self.blocks:
            last = min((number + 1) * BLOCK, self.size) - 1
            request = Request(self.url, headers={"Range": f"bytes={number * BLOCK}-{last}"})
            with urlopen(request, timeout=TIMEOUT) as answer:
                self.blocks[number] = answer.read()
        return self.blocks[number]


def wheel_members(file: ReleaseFile, endings: tuple[str, ...]) -> dict[str, str]:
    """The text of the members of a wheel whose path ends with one of `endings`, by that ending."""
    with zipfile.ZipFile(RemoteFile(file.url, file.size)) as archive:
        found: dict[str, str] = {}
        for name in archive.namelist():
            for ending in endings:
                if name.endswith(ending) and ending not in found:
                    found[ending] = archive.read(name).decode("utf-8", "replace")
        return found


def wheel_metadata(file: ReleaseFile) -> str:
    """METADATA of a wheel: as the index serves it beside the file, else read out of the wheel."""
    if file.metadata:
        with urlopen(Request(f"{file.url}.metadata"), timeout=TIMEOUT) as answer:
            return str(answer.read().decode("utf-8", "replace"))
    return wheel_members(file, (".dist-info/METADATA",))[".dist-info/METADATA"]
