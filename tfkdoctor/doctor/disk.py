"""Read installed distributions from the disk: metadata, RECORD, what lies over what. Nothing is imported."""

# TensorFlow records 20,000 paths, and os.path takes a tenth of pathlib's time.
# ruff: noqa: PTH110, PTH113, PTH116, PTH208

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tfkdoctor.doctor.facts import Distribution, Overlap, Package, Unknown

FAMILY = re.compile(
    r"^(tensorflow|tensorflow-(cpu|gpu|intel|macos|rocm|cpu-aws)|tf-nightly(-cpu|-gpu)?|intel-tensorflow)$"
)
RECORD_OF = re.compile(
    r"^(tensorflow.*|tf-.*|intel-tensorflow|keras.*|tensorboard|tb-nightly|nvidia-.*|numpy|protobuf|h5py|ml-dtypes|setuptools)$"
)
SHARED_OBJECT = re.compile(r"\.(so|pyd|dll|dylib)(\.\d+)*$")
OVERLAP_IN = {"tensorflow", "tensorflow_core", "keras", "tf_keras", "tensorboard"}
WHOLE = re.compile(
    r"^(tensorflow|tensorflow-(cpu|gpu|intel|macos|rocm|cpu-aws)|tf-nightly.*|intel-tensorflow|keras.*|tf-keras)$"
)
HEADERS = "/include/"  # nine tenths of TensorFlow's files, and nothing that is imported
HASHED = re.compile(r"^(tensorflow|tensorflow_core|keras|tf_keras)/__init__\.py$|/platform/build_info\.py$")
THREADS = 4  # hashing leaves the interpreter's lock
SAMPLE = 5  # paths that are named of many


@dataclass(frozen=True, slots=True)
class Installed:
    """All that was read of the folders on sys.path."""

    distributions: tuple[Distribution, ...]
    overlaps: tuple[Overlap, ...]
    leftovers: tuple[str, ...]
    wheels: dict[str, tuple[str, str]]  # soname -> (path of the copy in an nvidia wheel, version of that wheel)


@cache
def normalise(name: str) -> str:
    """A distribution's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_installed(path: Iterable[str], prefix: str, *, every_file: bool) -> Installed:
    """Read all distributions in the folders of sys.path; `every_file`: look for each recorded file."""
    conda = conda_names(Path(prefix) / "conda-meta")
    distributions: list[Distribution] = []
    records: list[tuple[Distribution, Record]] = []
    leftovers: list[str] = []
    for folder in folders(path):
        for entry in sorted(os.listdir(folder)):
            if entry.startswith("~"):
                leftovers.append(str(folder / entry))
            elif found := read_distribution(folder, entry):
                found = replace(found, conda=found.name in conda)
                if RECORD_OF.match(found.name):
                    record = read_record(folder / entry / "RECORD")
                    found = check_record(found, entry, record, every_file)
                    records.append((found, record))
                distributions.append(found)
    return Installed(tuple(distributions), tuple(overlaps(records)), tuple(leftovers), nvidia_libraries(records))


def folders(path: Iterable[str]) -> Iterator[Path]:
    seen = set()
    for entry in path:
        folder = Path(entry)
        try:
            real = folder.resolve()
            if entry and real not in seen and folder.is_dir() and os.access(folder, os.R_OK | os.X_OK):
                seen.add(real)
                yield folder
        except OSError:
            continue


def read_distribution(folder: Path, entry: str) -> Distribution | None:
    """The distribution behind `name-1.0.dist-info`, `name.egg-info` (folder or file) or `name-1.0.egg`, else None."""
    if entry.endswith(".dist-info"):
        text, requires = read_text(folder / entry / "METADATA"), None
    elif entry.endswith((".egg-info", ".egg")):
        info = folder / entry / "EGG-INFO" if entry.endswith(".egg") else folder / entry
        text = read_text(info / "PKG-INFO" if info.is_dir() else info)
        requires = egg_requires(read_text(info / "requires.txt")) if info.is_dir() else None
    else:
        return None
    headers = [
        line.partition(":") for line in text.split("\n\n", 1)[0].splitlines() if not line.startswith((" ", "\t"))
    ]
    values = {key.lower(): value.strip() for key, _, value in headers}
    name, _, version = re.sub(r"\.(dist-info|egg-info|egg)$", "", entry).partition("-")
    if not normalise(values.get("name") or name).strip("-"):
        return None  # `-.dist-info`: nothing could be said of it
    if requires is None:
        requires = tuple(value.strip() for key, _, value in headers if key.lower() == "requires-dist")
    return Distribution(
        name=normalise(values.get("name") or name),
        version=values.get("version") or version.split("-")[0],
        location=str(folder),
        requires=requires,
        installer=read_text(folder / entry / "INSTALLER").strip(),
        editable=editable(read_text(folder / entry / "direct_url.json")),
        missing=() if text else (f"{entry}/METADATA",),
    )


def editable(direct_url: str) -> str:
    """The folder that `pip install -e` installed from (PEP 610), "" for any other installation."""
    try:
        origin = json.loads(direct_url or "{}")
    except ValueError:
        return ""
    is_editable = isinstance(origin, dict) and (origin.get("dir_info") or {}).get("editable")
    return unquote(urlsplit(str(origin.get("url", ""))).path) if is_editable else ""


def read_text(path: Path) -> str:
    """The text of a file, "" where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")
    except OSError:
        return ""


def egg_requires(text: str) -> tuple[str, ...]:
    """The requirements of a `requires.txt`: plain lines, and those under `[:marker]`; extras are left out."""
    found, marker = [], ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line.strip("[]")
            marker = section[1:] if section.startswith(":") else "extra"
        elif line and marker != "extra":
            found.append(f"{line}; {marker}" if marker else line)
    return tuple(found)


Record = dict[str, str]  # path -> `sha256=…,size` as it stands there: of 20,000 lines few are looked at


def read_record(path: Path) -> Record:
    """RECORD by path, without compiled files, scripts and the metadata itself."""
    rows: Record = {}
    text = read_text(path)
    for line in (text.replace("\\", "/") if "\\" in text else text).splitlines():
        name, _, rest = line[1:].partition('",') if line[:1] == '"' else line.partition(",")
        if name and name[-4:] != ".pyc" and ".dist-info/" not in name and not name.startswith(("..", "/")):
            rows[name] = rest
    return rows


def digest_of(row: str) -> str:
    return row.partition(",")[0]


def size_in(row: str) -> int:
    """The size in bytes that a row states, -1 where it states none."""
    size = row.rpartition(",")[2]
    return int(size) if size.isdigit() else -1


def vital(path: str) -> bool:
    """Whether a file is looked for on every run: top-level modules, the two upper levels of packages, all libraries."""
    depth = path.count("/")
    return depth <= 1 or (depth == 2 and path.endswith("/__init__.py")) or bool(SHARED_OBJECT.search(path))


def check_record(distribution: Distribution, entry: str, record: Record, every_file: bool) -> Distribution:
    """Hold RECORD against the disk: what is missing, and what has another size (with `every_file` another hash)."""
    folder = distribution.location + "/"
    whole = WHOLE.match(distribution.name)
    looked_at = [path for path in record if every_file or (HEADERS not in path if whole else vital(path))]
    sizes = {path: size_of(folder + path) for path in looked_at}
    missing = sorted((path for path, size in sizes.items() if size is None), key=telling)
    there = [path for path, size in sizes.items() if size is not None]
    altered = {path for path in there if size_in(record[path]) not in (-1, sizes[path])} if whole else set()
    hashed = [path for path in there if path not in altered and (HASHED.search(path) or (whole and every_file))]
    altered |= {path for path, digest in digests(folder, hashed) if is_other(digest_of(record[path]), digest)}
    return replace(
        distribution,
        record=os.path.isfile(f"{folder}{entry}/RECORD"),
        recorded=len(record),
        looked_at=len(looked_at),
        missing=(*distribution.missing, *shorten(missing)),
        altered=tuple(shorten(sorted(altered, key=telling))),
    )


def size_of(path: str) -> int | None:
    """The size of a file in bytes, None where there is none, or a link to nothing."""
    try:
        return os.stat(path).st_size
    except OSError:
        return None


def is_other(recorded: str, found: str) -> bool:
    return recorded.startswith("sha256=") and found not in ("", recorded)


def digests(folder: str, paths: list[str]) -> Iterator[tuple[str, str]]:
    """(path, hash) of each file, several at a time: TensorFlow is 2 GB."""
    with ThreadPoolExecutor(THREADS) as pool:
        yield from zip(paths, pool.map(lambda path: sha256(folder + path), paths), strict=True)


def telling(path: str) -> tuple[bool, int, str]:
    """Sorts the paths that say most first: the packages' own `__init__.py`, from the top."""
    return not path.endswith("/__init__.py"), path.count("/"), path


def shorten(paths: list[str]) -> list[str]:
    """At most SAMPLE paths, then how many more there are."""
    return paths if len(paths) <= SAMPLE else [*paths[:SAMPLE], f"and {len(paths) - SAMPLE} more"]


def sha256(path: str) -> str:
    """The hash of a file as RECORD writes it; "" where it cannot be read."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            digest = hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return ""
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def overlaps(records: list[tuple[Distribution, Record]]) -> Iterator[Overlap]:
    """One example file for each set of distributions that claim the same files of a package."""
    owners: dict[tuple[str, str], list[tuple[Distribution, str]]] = {}
    for distribution, record in records:
        for path, row in record.items():
            top, _, rest = path.partition("/")
            if (top in OVERLAP_IN and rest and "/" not in rest) or (top == "nvidia" and SHARED_OBJECT.search(path)):
                owners.setdefault((distribution.location, path), []).append((distribution, digest_of(row)))
    seen = set()
    for (location, path), claims in sorted(
        owners.items(), key=lambda one: (not one[0][1].endswith("__init__.py"), one[0])
    ):
        names = tuple(sorted({distribution.name for distribution, _ in claims}))
        if len(names) < 2 or names in seen:
            continue
        seen.add(names)
        on_disk = sha256(f"{location}/{path}")
        holders = [f"{one.name} {one.version}" for one, digest in claims if on_disk and digest == on_disk]
        yield Overlap(f"{location}/{path}", names, holders[0] if len(holders) == 1 else "")


def nvidia_libraries(records: list[tuple[Distribution, Record]]) -> dict[str, tuple[str, str]]:
    return {
        path.rpartition("/")[2]: (f"{distribution.location}/{path}", f"{distribution.name} {distribution.version}")
        for distribution, record in records
        if distribution.name.startswith("nvidia-")
        for path in record
        if SHARED_OBJECT.search(path) and os.path.exists(f"{distribution.location}/{path}")
    }


def conda_names(folder: Path) -> set[str]:
    """The packages that conda installed into an environment, from the names of its records."""
    try:
        return {normalise(name.rsplit("-", 2)[0]) for name in os.listdir(folder) if name.endswith(".json")}
    except OSError:
        return set()


def find_package(name: str, path: Iterable[str]) -> Package | None:
    """Where `import name` would look, in the order of sys.path; a mere folder only if nothing else is."""
    namespace = None
    for folder in folders(path):
        here = folder / name
        if (here / "__init__.py").is_file():
            return Package(name, str(here), True, own_version(here))
        if here.is_dir() and namespace is None:
            namespace = Package(name, str(here), False, Unknown("the package has no __init__.py"))
    return namespace


def own_version(package: Path) -> str | Unknown:
    """The version that a package's own files state: `__version__ = "…"`, or TensorFlow's C header."""
    for file in ("src/version.py", "__init__.py", "version.py"):
        if match := re.search(r"""^__version__ = ["']([\w.+]+)["']""", read_text(package / file), re.MULTILINE):
            return match[1]
    core = package.with_name("tensorflow_core")
    for home in (package, core):
        for header in ("release_version.h", "version.h"):
            text = read_text(home / "include/tensorflow/core/public" / header)
            numbers = [re.search(rf"#define TF_{part}_VERSION (\d+)", text) for part in ("MAJOR", "MINOR", "PATCH")]
            if all(numbers):
                return ".".join(number[1] for number in numbers if number)
    return Unknown("its files state no version")
