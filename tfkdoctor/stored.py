"""What is derived from files that seldom change, kept in the user's cache directory for a faster start.

Nothing depends on it: where the directory cannot be used, or what lies there is not of these files, it is derived anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar, cast

_Made = TypeVar("_Made")


def stored(name: str, files: Iterable[Path], make: Callable[[], _Made]) -> _Made:
    """What `make` returns, or returned when `files` (data, and the code that reads them) were as they are now."""
    try:
        key = _key(files)
        place = directory() / f"{name}-{key[:12].hex()}.pickle"
    except (OSError, RuntimeError):  # a file in an archive, no home directory
        return make()
    found = _read(place, key)
    if found is not None:
        return cast(_Made, found[0])  # the key says that `make` made it
    made = make()
    _write(place, key, made)
    return made


def directory() -> Path:
    """`$XDG_CACHE_HOME/tfkdoctor/derived`, or the platform's usual place for what can be made again.

    Raises RuntimeError where the user has no home directory.
    """
    local = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else None
    base = os.environ.get("XDG_CACHE_HOME") or local
    return (Path(base) if base else Path.home() / ".cache") / "tfkdoctor" / "derived"


def _key(files: Iterable[Path]) -> bytes:
    """Changes with Python's version and with the place, the size and the time of any file."""
    seen = hashlib.sha256(sys.version.encode())
    for file in files:
        facts = file.stat()
        seen.update(f"{file}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode(errors="surrogateescape"))
    return seen.digest()


def _read(place: Path, key: bytes) -> tuple[object] | None:
    """What is kept there, in a tuple; None if it is not of this key, or if somebody else could have written it."""
    try:
        with place.open("rb") as file:
            if not _is_ours(os.fstat(file.fileno())) or not _is_ours(place.parent.stat()):
                return None
            return (pickle.load(file),) if file.read(len(key)) == key else None
    except Exception:  # a damaged pickle raises anything
        return None


def _is_ours(facts: os.stat_result) -> bool:
    """Whether nobody but this user (or root) can write there: loading a pickle runs what is in it."""
    return sys.platform == "win32" or (facts.st_uid == os.getuid() and not facts.st_mode & 0o022)


def _write(place: Path, key: bytes, made: object) -> None:
    """Keep it, whole or not at all; what was made of other states of these files goes after a while."""
    with contextlib.suppress(OSError):
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=place.name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(key)
                pickle.dump(made, file, protocol=5)
            Path(temporary).replace(place)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _forget(place)


_KEPT = 24


def _forget(newest: Path) -> None:
    """Delete all but the newest files of the directory."""
    files = sorted(newest.parent.glob("*.pickle"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in files[_KEPT:]:
        old.unlink(missing_ok=True)
