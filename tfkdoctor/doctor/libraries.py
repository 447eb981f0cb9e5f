"""Where the loader would find each CUDA library that a TensorFlow opens, without loading any of them.

Search order of a `dlopen` from inside TensorFlow, from ld.so(8): what LD_PRELOAD has loaded, RPATH (only without
RUNPATH), LD_LIBRARY_PATH, RUNPATH, /etc/ld.so.cache, the system's folders. A file of another word size is passed over;
a file that is no ELF file ends the search with an error.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tfkdoctor.doctor.elf import Dynamic, read_dynamic, word_size
from tfkdoctor.doctor.facts import Library

CACHE = Path("/etc/ld.so.cache")
MAGIC = b"glibc-ld.so.cache1.1"
SYSTEM_FOLDERS = ("/lib64", "/usr/lib64", "/lib", "/usr/lib")
CHECKED = ("libcu", "libnv")
ENVIRONMENT = "LD_LIBRARY_PATH"
LOADED = "LD_PRELOAD"


@dataclass(frozen=True, slots=True)
class Loader:
    """How a process would search: the variables it was started with, and what the calling library adds."""

    variables: Mapping[str, str]
    cwd: str
    search: tuple[str, ...]  # RUNPATH or RPATH of the caller, resolved
    search_kind: str  # runpath | rpath | ""

    def found(self, soname: str) -> Iterator[tuple[str, str]]:
        """Every (path, found by) of a soname, in the loader's order; the first is what it takes."""
        for path in re.split(r"[ :]", self.variables.get("LD_PRELOAD", "")):
            if path.rpartition("/")[2] == soname and Path(path).exists():
                yield path, LOADED
        for folder, source in self.order():
            if word_size(Path(folder, soname)) in (0, 64):
                yield f"{folder}/{soname}", source
        if cached := loader_cache().get(soname):
            yield cached, "ld.so.cache"
        for folder in SYSTEM_FOLDERS:
            if word_size(Path(folder, soname)) == 64:
                yield f"{folder}/{soname}", "the system's folders"

    def order(self) -> list[tuple[str, str]]:
        given = self.variables.get(ENVIRONMENT, "")
        # An empty part is the working folder; both separators count.
        parts = [part or self.cwd for part in re.split("[:;]", given)] if given else []
        environment = [(part, ENVIRONMENT) for part in parts]
        own = [(part, f"TensorFlow's {self.search_kind.upper()}") for part in self.search]
        return own + environment if self.search_kind == "rpath" else environment + own


def find_libraries(
    sonames: Iterable[str], loader: Loader, wheels: Mapping[str, tuple[str, str]]
) -> tuple[Library, ...]:
    """Each soname with the file that would be loaded and with the copy that an nvidia wheel has."""
    names = tuple(sonames)
    return tuple(find_library(soname, loader, wheels, frozenset(names)) for soname in names)


def find_library(
    soname: str, loader: Loader, wheels: Mapping[str, tuple[str, str]], opened: frozenset[str] = frozenset()
) -> Library:
    """One soname; `opened`: what TensorFlow opens too, hence what its dependencies find already loaded."""
    copies = list(loader.found(soname))
    path, found_by = copies[0] if copies else ("", "")
    real = os.path.realpath(path) if path else ""
    later = [one for one, _ in copies[1:] if os.path.realpath(one) != real]
    owner = next((version for file, version in wheels.values() if real and os.path.realpath(file) == real), "")
    wheel, wheel_version = wheels.get(soname, ("", ""))
    return Library(
        soname=soname,
        path=path,
        found_by=found_by,
        version=owner or file_version(path),
        wheel=wheel,
        wheel_version=wheel_version,
        owner=owner,
        shadowed=tuple(dict.fromkeys(later)),
        problem=problem(path, loader, opened) if path else "",
    )


def problem(path: str, loader: Loader, opened: frozenset[str]) -> str:
    """Why the loader cannot use a file that it finds, "" where nothing speaks against it."""
    dynamic = read_dynamic(Path(path))
    if dynamic is None:
        return "it is no ELF file"
    origin = os.path.dirname(path)  # noqa: PTH120  as text: the loader does not resolve links here
    inner = Loader(loader.variables, loader.cwd, expand(dynamic, origin), dynamic.search_kind)
    missing = [name for name in dynamic.needed if name not in opened and next(inner.found(name), None) is None]
    return f"it needs {missing[0]}, which is nowhere to be found" if missing else ""


def expand(dynamic: Dynamic, origin: str) -> tuple[str, ...]:
    """The search path of a library with $ORIGIN replaced by its folder."""
    found = (os.path.normpath(re.sub(r"\$ORIGIN|\$\{ORIGIN\}", lambda _: origin, one)) for one in dynamic.search)
    return tuple(dict.fromkeys(found))


def file_version(path: str) -> str:
    """The version in the name of the file behind the links (`libcudnn.so.9.3.0`), "" where it has a major only."""
    match = re.search(r"\.so\.(\d+(?:\.\d+)+)$", os.path.realpath(path)) if path else None
    return match[1] if match else ""


@cache
def loader_cache(file: Path = CACHE) -> dict[str, str]:
    """What /etc/ld.so.cache says: soname -> path, the first entry of each; {} where it cannot be read.

    Of CUDA's libraries 32-bit copies are left out; those of the system stand behind the others.
    """
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
        soname, path = string_at(data, start + key), string_at(data, start + value)
        if soname not in found and (not soname.startswith(CHECKED) or word_size(Path(path)) == 64):
            found[soname] = path
    return found


def string_at(data: bytes, start: int) -> str:
    return data[start : data.index(b"\0", start)].decode("utf-8", "replace")
