"""Read installed distributions from the disk: metadata, RECORD, what lies over what. Nothing is imported."""

# TensorFlow records 20,000 paths, and os.path takes a tenth of pathlib's time.
# ruff: noqa: PTH110, PTH202, PTH208

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tfkdoctor.doctor.facts import Distribution, Overlap, Package, Unknown

FAMILY = re.compile(
    r"^(tensorflow|tensorflow-(cpu|gpu|intel|macos|rocm|cpu-aws)|tf-nightly(-cpu|-gpu)?|intel-tensorflow)$"
)
RECORD_OF = re.compile(
    r"^(tensorflow.*|tf-.*|intel-tensorflow|keras.*|tensorboard|tb-nightly|nvidia-.*|numpy|protobuf|h5py|ml-dtypes|setuptools)$"
)
SHARED_OBJECT = re.compile(r"\.(so|pyd|dll|dylib)(\.\d+)*$")
OVERLAP_IN = {"tensorflow", "tensorflow_core", "keras", "tf_keras", "tensorboard"}
HASHED = re.compile(r"^(tensorflow|tensorflow_core|keras|tf_keras)/__init__\.py$|/platform/build_info\.py$")
HASH_LIMIT = 5_000_000  # bytes; larger files are not hashed
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
    records: list[tuple[Distribution, dict[str, str]]] = []
    leftovers: list[str] = []
    for folder in folders(path):
        for entry in sorted(os.listdir(folder)):
            if entry.startswith("~"):
                leftovers.append(str(folder / entry))
            elif found := read_distribution(folder, entry):
                found = replace(found, conda=found.name in conda)
                if RECORD_OF.match(found.name):
                    record = read_record(folder / entry / "RECORD")
                    found = check_record(found, record, every_file)
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
        missing=() if text else (f"{entry}/METADATA",),
    )


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


def read_record(path: Path) -> dict[str, str]:
    """RECORD as path -> hash (`sha256=…` or ""), without compiled files, scripts and the metadata itself."""
    rows = {}
    for line in read_text(path).splitlines():
        if line.startswith('"'):
            name, _, rest = line[1:].partition('",')
        else:
            name, _, rest = line.partition(",")
        name = name.replace("\\", "/")
        if name and not name.endswith(".pyc") and ".dist-info/" not in name and not name.startswith(("..", "/")):
            rows[name] = rest.partition(",")[0]
    return rows


def vital(path: str) -> bool:
    """Whether a file is looked for on every run: top-level modules, the two upper levels of packages, all libraries."""
    depth = path.count("/")
    return depth <= 1 or (depth == 2 and path.endswith("/__init__.py")) or bool(SHARED_OBJECT.search(path))


def check_record(distribution: Distribution, record: dict[str, str], every_file: bool) -> Distribution:
    folder = distribution.location + "/"
    looked_at = [path for path in record if every_file or vital(path)]
    missing = sorted((path for path in looked_at if not os.path.lexists(folder + path)), key=telling)
    altered = [
        path
        for path, digest in record.items()
        if HASHED.search(path) and digest.startswith("sha256=") and (found := sha256(folder + path)) and found != digest
    ]
    return replace(
        distribution,
        recorded=len(record),
        looked_at=len(looked_at),
        missing=(*distribution.missing, *shorten(missing)),
        altered=tuple(altered),
    )


def telling(path: str) -> tuple[bool, int, str]:
    """Sorts the paths that say most first: the packages' own `__init__.py`, from the top."""
    return not path.endswith("/__init__.py"), path.count("/"), path


def shorten(paths: list[str]) -> list[str]:
    """At most SAMPLE paths, then how many more there are."""
    return paths if len(paths) <= SAMPLE else [*paths[:SAMPLE], f"and {len(paths) - SAMPLE} more"]


def sha256(path: str) -> str:
    """The hash of a file as RECORD writes it; "" where the file is missing or large."""
    try:
        if os.path.getsize(path) > HASH_LIMIT:
            return ""
        digest = hashlib.sha256(Path(path).read_bytes()).digest()
    except OSError:
        return ""
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def overlaps(records: list[tuple[Distribution, dict[str, str]]]) -> Iterator[Overlap]:
    """One example file for each set of distributions that claim the same files of a package."""
    owners: dict[tuple[str, str], list[tuple[Distribution, str]]] = {}
    for distribution, record in records:
        for path, digest in record.items():
            top = path.partition("/")[0]
            if (top in OVERLAP_IN and path.count("/") == 1) or (top == "nvidia" and SHARED_OBJECT.search(path)):
                owners.setdefault((distribution.location, path), []).append((distribution, digest))
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


def nvidia_libraries(records: list[tuple[Distribution, dict[str, str]]]) -> dict[str, tuple[str, str]]:
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
