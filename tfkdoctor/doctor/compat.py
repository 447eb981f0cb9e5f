"""The compat table of rules/compat.toml: which versions were released, what they require, what they really bear."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version


@dataclass(frozen=True, slots=True)
class Release:
    """One TensorFlow release; `wheels` says which pythons each platform has a wheel for."""

    version: str
    released: str
    wheels: Mapping[str, tuple[str, ...]]
    tags: tuple[str, ...]
    shims: tuple[str, ...]  # platforms whose wheel only requires another distribution
    requires: tuple[str, ...]
    cuda_extra: tuple[str, ...]
    cuda_build: bool | None
    capabilities: tuple[str, ...]

    @property
    def minor(self) -> str:
        return ".".join(self.version.split(".")[:2])


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A limit that released metadata does not state: where any of `when` is installed, `needs` must hold."""

    code: str
    when: tuple[str, ...]
    needs: str
    severity: str
    symptom: str
    source: str


@dataclass(frozen=True, slots=True)
class Stub:
    """The last release of a name that was given up: it installs nothing and says so by dying."""

    version: str
    symptom: str
    source: str


@dataclass(frozen=True, slots=True)
class CudaBuild:
    """What the CUDA wheels of some TensorFlow minors load and need; `driver` is the floor on Linux."""

    tensorflow: str  # a specifier set
    cuda: str
    cudnn: str
    sonames: tuple[str, ...]
    driver: str
    source: str
    sass: tuple[str, ...] = ()  # compute capabilities with machine code, where build_info does not state them: 6.0
    ptx: tuple[str, ...] = ()  # those with PTX, which the driver compiles for any later one

    @property
    def capabilities(self) -> tuple[str, ...]:
        """Both in the words of build_info: sm_60, compute_90."""
        return tuple(
            f"{word}_{one.replace('.', '')}"
            for word, those in (("sm", self.sass), ("compute", self.ptx))
            for one in those
        )


@dataclass(frozen=True, slots=True)
class Unreached:
    """A library of the extra and-cuda out of TensorFlow's reach, and the folder where a link to it is found."""

    tensorflow: str  # a specifier set
    library: str  # both below site-packages
    reached: str
    source: str


@dataclass(frozen=True, slots=True, eq=False)
class Compat:
    """The whole table, equal to itself alone. Version lists are sorted, the oldest first."""

    tensorflow: tuple[Release, ...]
    tf_keras: Mapping[str, tuple[str, ...]]  # version -> requires
    ceilings: tuple[Ceiling, ...]
    cuda: tuple[CudaBuild, ...]
    releases: Mapping[str, tuple[tuple[str, str], ...]]  # distribution -> (version, pythons)
    stubs: Mapping[str, Stub]
    brought: Mapping[str, tuple[str, ...]]  # distribution -> what it requires, where a ceiling speaks of that
    unreached: tuple[Unreached, ...]

    def release(self, version: str) -> Release | None:
        """The TensorFlow release of that version (a variant's version counts alike), None if it is not known."""
        wanted = parse(version)
        return next((one for one in self.tensorflow if wanted is not None and parse(one.version) == wanted), None)

    def last_patch(self, version: str, python: str, platform: str) -> str:
        """The newest final release of the same minor that has a wheel for this Python; "" if there is none."""
        minor = version.split(".")[:2]
        return max(
            (v for v in self.installable(python, platform) if v.split(".")[:2] == minor), key=Version, default=""
        )

    def installable(self, python: str, platform: str) -> tuple[str, ...]:
        """The final TensorFlow releases that have a wheel for a Python and a platform, the oldest first."""
        return tuple(
            one.version
            for one in self.tensorflow
            if python in one.wheels.get(platform, ()) and not Version(one.version).is_prerelease
        )

    def finals(self) -> tuple[Release, ...]:
        """The TensorFlow releases that are no pre-releases, the oldest first."""
        return tuple(one for one in self.tensorflow if not Version(one.version).is_prerelease)

    def versions(self, name: str, python: str) -> tuple[str, ...]:
        """The final releases of a distribution that this Python can install, the oldest first; () if unknown."""
        return tuple(version for version, pythons in self.releases.get(name, ()) if admits(pythons, python))

    def requires(self, name: str, version: str) -> tuple[str, ...]:
        """What a release of a distribution beside TensorFlow requires; () where the table does not know it."""
        return self.tf_keras.get(version, ()) if name == "tf-keras" else self.brought.get(name, ())

    def cuda_for(self, version: str) -> CudaBuild | None:
        """What a TensorFlow release loads and needs of CUDA."""
        base = found.base_version if (found := parse(version)) else version  # 2.22.0rc0 is built as 2.22 is
        return next((one for one in self.cuda if holds(one.tensorflow, base)), None)


def load() -> Compat:
    """The table that ships with tfkdoctor; read once (about 30 ms)."""
    return read(table_file())


def table_file() -> Path:
    """`rules/compat.toml` inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "rules" / "compat.toml"
    return inside if inside.is_file() else package.parent / "rules" / "compat.toml"


@cache
def read(file: Path) -> Compat:
    """The table in a file; a file of another form raises KeyError or ValueError, which is a bug and no user's error."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    builds = tuple(cuda_build(row) for row in data["cuda"])
    return Compat(
        tensorflow=tuple(release(row, builds) for row in data["tensorflow"]),
        tf_keras={row["version"]: tuple(row["requires"]) for row in data["tf_keras"]},
        ceilings=tuple(
            Ceiling(row["code"], tuple(row["when"]), row["needs"], row["severity"], row["symptom"], row["source"])
            for row in data["ceiling"]
        ),
        cuda=builds,
        releases={
            **{name: release_list(rows) for name, rows in {**data["dependencies"], **data["variants"]}.items()},
            "tf-keras": tuple((row["version"], row["python"]) for row in data["tf_keras"]),
        },
        brought={row["by"]: tuple(row["requires"]) for row in data["brought"]},
        stubs={row["name"]: Stub(row["version"], row["symptom"], row["source"]) for row in data["stub"]},
        unreached=tuple(Unreached(**row) for row in data["unreached"]),
    )


def cuda_build(row: Mapping[str, Any]) -> CudaBuild:
    return CudaBuild(
        tensorflow=row["tensorflow"],
        cuda=row["cuda"],
        cudnn=row["cudnn"],
        sonames=tuple(row["sonames"]),
        driver=row["driver"],
        source=row["source"],
        sass=tuple(row.get("sass", ())),
        ptx=tuple(row.get("ptx", ())),
    )


def release(row: Mapping[str, Any], builds: tuple[CudaBuild, ...]) -> Release:
    """One release; compute capabilities that it does not state itself are those of its CUDA row."""
    build = row.get("build", {})
    base = Version(row["version"]).base_version
    cuda = next((one for one in builds if holds(one.tensorflow, base)), None)
    return Release(
        version=row["version"],
        released=row["released"],
        wheels={platform: tuple(pythons) for platform, pythons in row["wheels"].items()},
        tags=tuple(row["tags"]),
        shims=tuple(row["shims"]),
        requires=tuple(row["requires"]),
        cuda_extra=tuple(row["cuda_extra"]),
        cuda_build=build.get("is_cuda_build"),
        capabilities=tuple(build.get("compute_capabilities", ())) or (cuda.capabilities if cuda else ()),
    )


def release_list(rows: Mapping[str, list[str]]) -> tuple[tuple[str, str], ...]:
    pairs = [(version, pythons) for pythons, versions in rows.items() for version in versions]
    return tuple(sorted(pairs, key=lambda pair: Version(pair[0])))


@cache
def admits(pythons: str, python: str) -> bool:
    """Whether a release can be installed on a Python minor: `3.9 3.10`, `3.9+` (stable ABI), `>=3.7` or `` (any)."""
    if not pythons or pythons[0] in "<>=!~":
        return holds(pythons, f"{python}.99") if pythons else True
    return any(one == python or (one.endswith("+") and Version(one[:-1]) <= Version(python)) for one in pythons.split())


@cache
def holds(specifier: str, version: str) -> bool:
    """Whether a version fits a specifier set, pre-releases included; what cannot be parsed counts as fitting."""
    known = parse(version)
    try:
        return known is None or SpecifierSet(specifier).contains(known, prereleases=True)
    except InvalidSpecifier:
        return True


@cache
def parse(version: str) -> Version | None:
    """A version, None where it is no version."""
    try:
        return Version(version)
    except InvalidVersion:
        return None


def minor(version: str) -> tuple[int, int]:
    """(major, minor) of a version; (0, 0) where it is none."""
    found = parse(version)
    return (found.major, found.minor) if found else (0, 0)
