"""What a check gets and gives: a `Case` (facts, table, and what most checks ask of them) and `Found`."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from packaging.markers import InvalidMarker, UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion

from tfkdoctor.doctor.compat import Compat, Release, minor
from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.facts import Distribution, Facts, Gpu, Interpreter, Package, Unknown
from tfkdoctor.model import Evidence, Severity

SHIM_TARGETS = ("tensorflow-intel", "tensorflow-macos", "tensorflow-cpu-aws")
PLATFORMS = {
    ("Linux", "x86_64"): "linux_x86_64",
    ("Linux", "aarch64"): "linux_aarch64",
    ("Darwin", "x86_64"): "macos_x86_64",
    ("Darwin", "arm64"): "macos_arm64",
    ("Windows", "AMD64"): "win_amd64",
}
SWITCH_ON = ("true", "True", "1")  # tensorflow/python/util/lazy_loader.py, from 2.15 on


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a check saw. `severity` None: that of the check."""

    message: str
    help: str = ""
    evidence: tuple[Evidence, ...] = ()
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A requirement that holds for the examined interpreter, and who states it."""

    name: str
    specifier: str
    by: Distribution


@dataclass(frozen=True)
class Case:
    """The facts of one environment together with the compat table."""

    facts: Facts
    table: Compat

    @cached_property
    def distributions(self) -> dict[str, Distribution]:
        """The distributions that count, by name: of two with one name the first on sys.path.

        A TensorFlow of whatever name in a later folder is hidden as well: the package is imported from the first.
        """
        found: dict[str, Distribution] = {}
        home = ""
        if not isinstance(self.facts.distributions, Unknown):
            for one in self.facts.distributions:
                if FAMILY.match(one.name):
                    home = home or one.location
                    if one.location != home:
                        continue
                found.setdefault(one.name, one)
        return found

    @cached_property
    def packages(self) -> tuple[Package, ...]:
        """The packages of interest among what is installed; what lies elsewhere on sys.path is somebody's own."""
        found = () if isinstance(self.facts.packages, Unknown) else self.facts.packages
        return tuple(one for one in found if in_site(one))

    @cached_property
    def interpreter(self) -> Interpreter | None:
        return None if isinstance(self.facts.interpreter, Unknown) else self.facts.interpreter

    @property
    def python(self) -> str:
        return self.interpreter.python if self.interpreter else ""

    @property
    def platform(self) -> str:
        """The platform as the compat table names it, "" for one that never had a wheel."""
        one = self.interpreter
        return PLATFORMS.get((one.system, one.machine), "") if one else ""

    @cached_property
    def family(self) -> tuple[Distribution, ...]:
        """The distributions that own the package `tensorflow`; a shim and its target are one."""
        members = [one for name, one in self.distributions.items() if FAMILY.match(name)]
        targets = [one for one in members if one.name in SHIM_TARGETS]
        return tuple(one for one in members if not (targets and one.name == "tensorflow" and self.is_shim(one)))

    def is_shim(self, one: Distribution) -> bool:
        known = self.table.release(one.version)
        return known is not None and self.platform in known.shims

    @property
    def tensorflow(self) -> Distribution | None:
        """The TensorFlow distribution, of whatever name."""
        return self.family[0] if self.family else None

    @property
    def version(self) -> str:
        """TensorFlow's version, "" where it is not installed."""
        return self.tensorflow.version if self.tensorflow else ""

    @property
    def minor(self) -> tuple[int, int]:
        return minor(self.version)

    @property
    def release(self) -> Release | None:
        return self.table.release(self.version) if self.version else None

    @property
    def keras(self) -> str:
        return self.distributions["keras"].version if "keras" in self.distributions else ""

    @property
    def tf_keras(self) -> str:
        return self.distributions["tf-keras"].version if "tf-keras" in self.distributions else ""

    @property
    def old_pip(self) -> str:
        """The version of a pip that does not know today's wheel tags (manylinux_x_y, macOS 11), "" otherwise."""
        version = self.distributions["pip"].version if "pip" in self.distributions else ""
        return version if version and (0, 0) < minor(version) < (20, 3) else ""

    def variable(self, name: str) -> str | None:
        return self.facts.variable(name)

    @cached_property
    def python_path(self) -> frozenset[str]:
        """The folders of sys.path that PYTHONPATH puts there: no pip of the interpreter changes what lies in them."""
        one = self.interpreter
        separator = ";" if one and one.system == "Windows" else ":"
        named = (self.variable("PYTHONPATH") or "").split(separator)
        return frozenset(folder for part in named if part for folder in (part, part.rstrip("/")))

    @property
    def legacy_keras(self) -> bool:
        """Whether the switch makes tf.keras the Keras 2 of tf-keras."""
        return self.minor >= (2, 15) and self.variable("TF_USE_LEGACY_KERAS") in SWITCH_ON

    @property
    def gpus(self) -> tuple[Gpu, ...]:
        return () if isinstance(self.facts.gpus, Unknown) else self.facts.gpus

    @property
    def installer(self) -> str:
        """The words with which packages are installed into the examined environment."""
        patient = self.facts.patient
        python = shlex.quote(patient.python)
        if patient.manager == "conda" and self.interpreter:
            return f"conda run -p {shlex.quote(self.interpreter.prefix)} python -m pip install"
        return f"uv pip install --python {python}" if patient.manager == "uv" else f"{python} -m pip install"

    def needs(self, one: Distribution, extra: str = "") -> tuple[Need, ...]:
        """What a distribution requires in this interpreter, or one of its extras does.

        What is no requirement is passed over. Markers are slow and many checks ask, so each answer is kept.
        """
        key = (one.name, one.location, extra)
        if key not in self.answers:
            environment = marker_environment(self.interpreter) if self.interpreter else {}
            self.answers[key] = tuple(required(one, environment, extra))
        return self.answers[key]

    @cached_property
    def answers(self) -> dict[tuple[str, str, str], tuple[Need, ...]]:
        return {}


def required(one: Distribution, environment: dict[str, str], extra: str) -> Iterator[Need]:
    for text in one.requires:
        parsed = requirement(text)
        if parsed is None or (extra and applies(parsed, environment)):
            continue
        if applies(parsed, environment, extra):
            yield Need(canonicalize_name(parsed.name), str(parsed.specifier), one)


Look = Callable[[Case], Iterator[Found]]  # what a check does: a pure function of the case


def in_site(package: Package) -> bool:
    """Whether a package lies where installers put them: what they do not own there is left over."""
    folder = package.location.replace("\\", "/").rpartition("/")[0]
    return folder.endswith(("site-packages", "dist-packages"))


@cache
def requirement(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except (InvalidRequirement, InvalidSpecifier, InvalidMarker):
        return None


def applies(parsed: Requirement, environment: dict[str, str], extra: str = "") -> bool:
    if parsed.marker is None:
        return True
    try:
        return parsed.marker.evaluate({**environment, "extra": extra})
    except (UndefinedComparison, UndefinedEnvironmentName, InvalidVersion):
        return False


def marker_environment(one: Interpreter) -> dict[str, str]:
    """The environment in which an examined interpreter evaluates markers (PEP 508)."""
    systems = {"Linux": "linux", "Darwin": "darwin", "Windows": "win32"}
    return {
        "implementation_name": one.implementation.lower(),
        "implementation_version": one.version,
        "os_name": "nt" if one.system == "Windows" else "posix",
        "platform_machine": one.machine,
        "platform_python_implementation": one.implementation,
        "platform_release": one.release,
        "platform_system": one.system,
        "platform_version": "",
        "python_full_version": one.version,
        "python_version": one.python,
        "sys_platform": systems.get(one.system, one.system.lower()),
    }


def installed(one: Distribution) -> Evidence:
    """The evidence that a distribution is there."""
    return Evidence(one.name, one.version, one.location)
