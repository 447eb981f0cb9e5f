"""Derive the generated half of `rules/compat.toml` from what the package index has of TensorFlow and its needs.

    python -m tfkdoctor.dev.compat            rewrites what stands below the marker line in rules/compat.toml
    python -m tfkdoctor.dev.compat --check    exit code 1 if the file is not what the index says today

Read per TensorFlow release: the wheel tags (pythons and platforms; TensorFlow declared no Requires-Python before
2.9), METADATA (served beside the wheel where the index does, PEP 658) and `build_info.py` of the Linux x86_64 wheel of
the newest CPython, by range: no wheel is downloaded. What cannot be read so (sonames, driver floors, real ceilings) is
kept by hand above the marker, each row with its source; what a new release leaves to a person is printed.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_sdist_filename, parse_wheel_filename
from packaging.version import InvalidVersion, Version

from tfkdoctor.dev.compat_gaps import gaps
from tfkdoctor.dev.index import ReleaseFile, release_files, wheel_members, wheel_metadata
from tfkdoctor.doctor.surroundings import build_info

TABLE = Path(__file__).parents[2] / "rules" / "compat.toml"
MARKER = "# ---- below: written by `python -m tfkdoctor.dev.compat`; do not edit by hand ----\n"
FIRST = Version("1.0.0")
BUILD_INFO = "python/platform/build_info.py"
SHIM = 10_000_000  # bytes; a smaller TensorFlow wheel holds nothing but a requirement on another distribution
VARIANTS = ("tensorflow-cpu", "tensorflow-gpu", "tensorflow-intel", "tensorflow-macos", "tensorflow-rocm")
ALSO = ("keras", "setuptools", "tensorboard", "tensorflow-hub", "nvidia-cudnn-cu11", "nvidia-cudnn-cu12")
PLATFORMS = {
    "linux_x86_64": r"(many)?linux.*_x86_64$",
    "linux_aarch64": r"(many)?linux.*_aarch64$",
    "macos_x86_64": r"macosx_.*_(x86_64|intel)$",
    "macos_arm64": r"macosx_.*_arm64$",
    "win_amd64": r"win_amd64$",
}


@dataclass(frozen=True, slots=True)
class Wheel:
    """A released wheel, its name taken apart."""

    file: ReleaseFile
    version: Version
    python: str  # "3.11"; "" for any
    platform: str  # a key of PLATFORMS; "any"
    tags: tuple[str, ...]


def wheels(project: str) -> Iterator[Wheel]:
    """The wheels of a project for ordinary CPython builds (no free-threaded ones, no PyPy), yanked ones left out."""
    for file in release_files(project):
        if file.yanked or not file.name.endswith(".whl"):
            continue
        try:
            _, version, _, tags = parse_wheel_filename(file.name)
        except (InvalidWheelFilename, InvalidVersion):
            continue
        found = {(tag.interpreter, tag.abi, tag.platform) for tag in tags}
        for platform in sorted({kind for _, _, name in found if (kind := platform_of(name))}):
            for interpreter in sorted(
                {i for i, abi, _ in found if re.match(r"cp\d|py[23]", i) and not abi.endswith("t")}
            ):
                python = re.sub(r"^cp(\d)(\d+)$", r"\1.\2", interpreter) if interpreter.startswith("cp") else ""
                if any(abi == "abi3" for i, abi, _ in found if i == interpreter):
                    python = python + "+"
                yield Wheel(file, version, python, platform, tuple(sorted({name for _, _, name in found})))


def platform_of(tag: str) -> str:
    if tag == "any":
        return "any"
    return next((kind for kind, pattern in PLATFORMS.items() if re.match(pattern, tag)), "")


def python_order(python: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", python))


def requirements(metadata: str) -> tuple[list[str], list[str]]:
    """(what a wheel requires, what its extra `and-cuda` requires), normalised and sorted."""
    plain, cuda = set(), set()
    for line in metadata.split("\n\n", 1)[0].splitlines():
        if not line.startswith("Requires-Dist:"):
            continue
        requirement = Requirement(line.partition(":")[2].strip())
        marker = str(requirement.marker or "")
        specifier = ",".join(sorted(str(one) for one in requirement.specifier))
        text = canonicalize_name(requirement.name) + specifier
        if "extra ==" not in marker:
            plain.add(f"{text}; {marker}" if marker else text)
        elif "and-cuda" in marker or "and_cuda" in marker:
            cuda.add(text)
    return sorted(plain), sorted(cuda)


@dataclass(frozen=True, slots=True)
class Release:
    """What the table says of one TensorFlow release, and what that release requires."""

    text: str
    requires: list[str]


def tensorflow_rows() -> list[Release]:
    """One table per TensorFlow release from 1.0 on, and of pre-releases only those after the newest release."""
    by_version: dict[Version, list[Wheel]] = defaultdict(list)
    for wheel in wheels("tensorflow"):
        by_version[wheel.version].append(wheel)
    newest = max(version for version in by_version if not version.is_prerelease)
    kept = sorted(v for v in by_version if v >= FIRST and (not v.is_prerelease or v > newest))
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda version: tensorflow_row(version, by_version[version]), kept))


def tensorflow_row(version: Version, found: list[Wheel]) -> Release:
    linux = [wheel for wheel in found if wheel.platform == "linux_x86_64"]
    wheel = max(linux or found, key=lambda one: python_order(one.python))
    requires, cuda = requirements(wheel_metadata(wheel.file))
    info = build_info(wheel_members(wheel.file, (BUILD_INFO,)).get(BUILD_INFO, ""))
    pythons: dict[str, set[str]] = defaultdict(set)
    for one in found:
        pythons[one.platform].add(one.python)
    shims = sorted({one.platform for one in found if one.file.size < SHIM})
    lines = [
        "[[tensorflow]]",
        f'version = "{version}"',
        f'released = "{min(one.file.uploaded for one in found)}"',
        f'read_from = "{wheel.file.name}"',
        *(f"wheels.{name} = {toml(sorted(pythons[name], key=python_order))}" for name in PLATFORMS if pythons[name]),
        f"tags = {toml(sorted({tag for one in linux for tag in one.tags}))}",
        f"shims = {toml(shims)}",
        f"requires = {toml(requires)}",
        f"cuda_extra = {toml(cuda)}",
    ]
    for key in ("is_cuda_build", "cuda_version", "cudnn_version", "cuda_compute_capabilities"):
        if key in info:
            lines.append(f"build.{key.removeprefix('cuda_')} = {toml(info[key])}")
    return Release("\n".join(lines) + "\n", requires)


def toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        text = "[" + ", ".join(toml(one) for one in value) + "]"
        if len(text) <= 100:
            return text
        return "[\n" + "".join(f"    {toml(one)},\n" for one in value) + "]"
    return "'" + str(value) + "'" if '"' in str(value) else f'"{value}"'


def release_table(header: str, project: str) -> str:
    """The final releases of a project by the pythons that can install them, `"pythons" = [versions]`; "" if none."""
    pythons: dict[Version, set[str]] = defaultdict(set)
    declared: dict[Version, str] = {}
    for wheel in wheels(project):
        if wheel.platform in ("any", "linux_x86_64") or project in VARIANTS:
            pythons[wheel.version].add(wheel.python)
            declared[wheel.version] = tidy(wheel.file.requires_python)
    for file in release_files(project):
        if not file.yanked and file.name.endswith((".tar.gz", ".zip")):
            try:
                _, version = parse_sdist_filename(file.name)
            except ValueError:
                continue
            if project not in VARIANTS:
                declared.setdefault(version, tidy(file.requires_python))
    groups: dict[str, list[Version]] = defaultdict(list)
    for version in sorted(declared):
        if not version.is_prerelease and not version.is_devrelease:
            groups[python_key(pythons[version], declared[version])].append(version)
    rows = [f'"{key}" = {versions(group)}' for key, group in groups.items()]
    return f'[{header}."{project}"]\n' + "\n".join(rows) + "\n" if rows else ""


def versions(group: list[Version]) -> str:
    """A list of versions, filled like a paragraph where it is long."""
    text = ", ".join(f'"{one}"' for one in group)
    if len(text) <= 100:
        return f"[{text}]"
    return "[\n" + textwrap.fill(text + ",", 108, initial_indent="    ", subsequent_indent="    ") + "\n]"


def python_key(pythons: set[str], declared: str) -> str:
    """`3.9 3.10` for wheels per Python, `>=3.7` for a pure or source distribution, `` where nothing is said."""
    exact = sorted((one for one in pythons if one), key=python_order)
    return " ".join(exact) if exact and "" not in pythons else declared


def tidy(requires_python: str) -> str:
    """Requires-Python in one spelling; `>=3.6.*` and its like, which are no valid specifiers, lose the star."""
    parts = [re.sub(r"^(>=|<=|<|>|~=)\s*([\d.]+)\.\*$", r"\1\2", part.strip()) for part in requires_python.split(",")]
    return ",".join(sorted(part.replace(" ", "") for part in parts if part))


def tf_keras_rows() -> Iterator[str]:
    seen = set()
    for wheel in sorted(wheels("tf-keras"), key=lambda one: one.version):
        if wheel.version in seen or wheel.version.is_prerelease:
            continue
        seen.add(wheel.version)
        requires, _ = requirements(wheel_metadata(wheel.file))
        python = tidy(wheel.file.requires_python)
        yield f'[[tf_keras]]\nversion = "{wheel.version}"\npython = "{python}"\nrequires = {toml(requires)}\n'


def generate() -> str:
    """The whole generated half; asks the index about two hundred times, which takes about a minute."""
    releases = tensorflow_rows()
    names: set[str] = {canonicalize_name(Requirement(one).name) for release in releases for one in release.requires}
    names = (names | set(ALSO)) - {"tensorflow", "keras-nightly", "tf-nightly", *VARIANTS}
    rows = [release.text for release in releases]
    return "\n".join([*rows, *tf_keras_rows(), *tables("variants", VARIANTS), *tables("dependencies", sorted(names))])


def tables(header: str, projects: Iterable[str]) -> Iterator[str]:
    with ThreadPoolExecutor(8) as pool:
        yield from filter(None, pool.map(lambda project: release_table(header, project), projects))


def main(arguments: list[str]) -> int:
    text = TABLE.read_text(encoding="utf-8")
    by_hand, marker, _ = text.partition(MARKER)
    if not marker:
        print(f"{TABLE}: the marker line is missing", file=sys.stderr)
        return 2
    fresh = by_hand + MARKER + "\n" + generate()
    for gap in gaps(fresh):
        print(f"to do by hand: {gap}", file=sys.stderr)
    if "--check" in arguments:
        return int(fresh != text)
    TABLE.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
