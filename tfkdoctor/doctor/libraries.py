"""Where the loader would find each CUDA library that a TensorFlow opens, without loading any of them.

Search order of a `dlopen` from inside TensorFlow, from ld.so(8): RPATH (only without RUNPATH), LD_LIBRARY_PATH,
RUNPATH, /etc/ld.so.cache, the system's folders.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tfkdoctor.doctor.facts import Library

CACHE = Path("/etc/ld.so.cache")
MAGIC = b"glibc-ld.so.cache1.1"
SYSTEM_FOLDERS = ("/lib64", "/usr/lib64", "/lib", "/usr/lib")


def find_libraries(
    sonames: Iterable[str],
    *,
    ld_library_path: str,
    search: tuple[str, ...],
    search_kind: str,
    wheels: dict[str, tuple[str, str]],
) -> tuple[Library, ...]:
    """Each soname with the file that would be loaded and with the copy that an nvidia wheel has."""
    environment = [(part, "LD_LIBRARY_PATH") for part in ld_library_path.split(":") if part]
    own = [(part, f"TensorFlow's {search_kind.upper()}") for part in search]
    order = own + environment if search_kind == "rpath" else environment + own
    return tuple(find_library(soname, order, wheels) for soname in sonames)


def find_library(soname: str, order: list[tuple[str, str]], wheels: dict[str, tuple[str, str]]) -> Library:
    path, found_by = "", ""
    for folder, source in order:
        if Path(folder, soname).exists():
            path, found_by = f"{folder}/{soname}", source
            break
    else:
        if cached := loader_cache().get(soname):
            path, found_by = cached, "ld.so.cache"
        elif folder := next((one for one in SYSTEM_FOLDERS if Path(one, soname).exists()), ""):
            path, found_by = f"{folder}/{soname}", "the system's folders"
    wheel, wheel_version = wheels.get(soname, ("", ""))
    same = bool(path and wheel and os.path.realpath(path) == os.path.realpath(wheel))
    return Library(soname, path, found_by, wheel_version if same else file_version(path), wheel, wheel_version)


def file_version(path: str) -> str:
    """The version in the name of the file behind the links (`libcudnn.so.9.3.0`), "" where it has a major only."""
    match = re.search(r"\.so\.(\d+(?:\.\d+)+)$", os.path.realpath(path)) if path else None
    return match[1] if match else ""


@cache
def loader_cache(file: Path = CACHE) -> dict[str, str]:
    """What /etc/ld.so.cache says: soname -> path, the first entry of each; {} where it cannot be read."""
    try:
        data = file.read_bytes()
    except OSError:
        return {}
    start = data.find(MAGIC)
    if start < 0:
        return {}
    count = struct.unpack_from("<I", data, start + len(MAGIC))[0]
    found: dict[str, str] = {}
    for number in range(count):
        _, key, value = struct.unpack_from("<iII", data, start + 48 + number * 24)
        found.setdefault(string_at(data, start + key), string_at(data, start + value))
    return found


def string_at(data: bytes, start: int) -> str:
    return data[start : data.index(b"\0", start)].decode("utf-8", "replace")
