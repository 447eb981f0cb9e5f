"""What a project's own dependency files ask for, read where a program is started: the other half of PR003."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tfkdoctor.doctor.files.declared import Manifest, Pin

BYTES = 2_000_000
PYTHON = "python"  # the name under which a file limits the interpreter
# A Dockerfile is for another machine.
NAMES = (
    *("requirements.txt", "pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "environment.yml", "environment.yaml"),
    *("uv.lock", "poetry.lock", "Pipfile.lock"),
)
ASIDE = "requirements*.txt"  # for development, for machines without GPU: others of a project's requirement files
PASSED_OVER = ("setuptools",)


@dataclass(frozen=True, slots=True)
class Request:
    """A line of a dependency file about what the doctor looks at; `specifier` is PEP 440, "" for any version.

    `optional`: of an extra, a group or a file beside requirements.txt, so that nobody may want it here. `locked`: of a
    lock file, which also holds what other groups and platforms need.
    """

    name: str
    specifier: str
    path: str
    line: int
    marker: str = ""
    extras: tuple[str, ...] = ()
    optional: bool = False
    locked: bool = False
    limits: bool = False  # it installs nothing by itself: a constraint


def read_requests(folder: Path) -> tuple[Request, ...]:
    """The lines of all dependency files in a folder; a file that cannot be read says nothing (PR022 is about it)."""
    try:
        there = {one.name for one in folder.iterdir()}
    except OSError:
        return ()
    main = [name for name in NAMES if name in there]
    aside = [one for one in sorted(there) if Path(one).match(ASIDE) and one not in main]
    found: dict[tuple[str, int, str, str], Request] = {}
    for name in [*main, *aside]:
        for one in read_file(folder / name, aside=name in aside):
            found.setdefault((one.path, one.line, one.name, one.specifier), one)
    return tuple(found.values())


def read_file(path: Path, *, aside: bool) -> Iterator[Request]:
    from tfkdoctor.doctor.files.declared import Unreadable
    from tfkdoctor.doctor.files.kinds import reader_of

    reader = reader_of(path)
    try:
        if reader is None or path.stat().st_size > BYTES:
            return
        manifest = reader(path)
    except (Unreadable, OSError):
        return
    yield from requests(manifest, aside=aside)


def requests(manifest: Manifest, *, aside: bool) -> Iterator[Request]:
    from tfkdoctor.doctor.disk import RECORD_OF

    for setting in manifest.settings:
        if setting.python and not aside:
            line = line_of(manifest.texts, manifest.path, setting.python_said)
            yield Request(PYTHON, setting.python, manifest.path, line)
        for pin in setting.pins:
            if RECORD_OF.match(pin.name) and pin.name not in PASSED_OVER:
                yield request(pin, optional=aside or bool(setting.label))


def request(pin: Pin, *, optional: bool) -> Request:
    return Request(
        name=pin.name,
        specifier=pin.specifier,
        path=pin.path,
        line=pin.line,
        marker=pin.marker,
        extras=pin.extras,
        optional=optional,
        locked=pin.form == "locked",
        limits=pin.constraint,
    )


def line_of(texts: Mapping[str, str], path: str, words: str) -> int:
    """The first line that says the first of these words; 0 where none does."""
    lines = texts.get(path, "").splitlines()
    key = words.split(" ")[0].split("=")[0]
    return next((number for number, text in enumerate(lines, 1) if key and key in text), 0)
