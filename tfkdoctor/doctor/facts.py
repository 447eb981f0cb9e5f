"""What the doctor knows of an environment: frozen values, saved and loaded as JSON with a schema number.

A field is a value or `Unknown(reason)`, never absent. Checks read nothing but these facts and the compat table.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from tfkdoctor.doctor.codec import FactsError, Unknown, decode, encode
from tfkdoctor.doctor.project import Project

__all__ = ["Facts", "FactsError", "Unknown", "headline"]

SCHEMA = 1
NOT_READ = Unknown("not looked at")


@dataclass(frozen=True, slots=True)
class Patient:
    """Which interpreter is examined: the file that is started, and why this one."""

    python: str
    reason: str
    manager: str = "pip"  # pip | uv | conda: who made the environment, hence the wording of the advice
    environment: str = ""  # the folder of a virtual environment
    made_with: str = ""  # the Python that it was made with, as its pyvenv.cfg says: 3.11.7


@dataclass(frozen=True, slots=True)
class Interpreter:
    """What the examined interpreter says of itself."""

    version: str  # 3.11.7
    implementation: str  # CPython
    bits: int
    executable: str
    prefix: str
    base_prefix: str
    path: tuple[str, ...]  # sys.path without the entry of the script
    system: str  # Linux | Darwin | Windows
    machine: str  # x86_64 | aarch64 | arm64 | AMD64
    release: str  # of the operating system
    free_threaded: bool
    user_site: str  # "" where it is off
    environment: Mapping[str, str]  # only variables that matter to TensorFlow, Keras, CUDA and the loader

    @property
    def python(self) -> str:
        """The minor version, as wheels are tagged: 3.11."""
        return ".".join(self.version.split(".")[:2])


@dataclass(frozen=True, slots=True)
class Distribution:
    """An installed distribution as its metadata says it; `name` is normalised."""

    name: str
    version: str
    location: str  # the folder on sys.path
    requires: tuple[str, ...]
    installer: str = ""
    conda: bool = False  # conda-meta knows it too
    record: bool = False  # its RECORD was read
    recorded: int = 0  # files of packages in RECORD
    missing: tuple[str, ...] = ()  # recorded files that are not on the disk (of those that were looked at)
    looked_at: int = 0
    altered: tuple[str, ...] = ()  # recorded files of another size or hash (each file's hash only with --deep)
    editable: str = ""  # the folder of the source, if it is installed from there


@dataclass(frozen=True, slots=True)
class Overlap:
    """A file that two distributions claim, and whose content lies there ("" if of none)."""

    path: str
    owners: tuple[str, ...]
    holder: str


@dataclass(frozen=True, slots=True)
class Package:
    """An importable package of interest as it lies on the disk, found without importing it."""

    name: str
    location: str
    regular: bool  # it has an __init__.py; else only leftovers, which import as an empty namespace
    version: str | Unknown  # as written in its own files


@dataclass(frozen=True, slots=True)
class Build:
    """What the installed TensorFlow was built with, from its build_info.py and its ELF header."""

    cuda_build: bool | Unknown
    cuda: str | Unknown
    cudnn: str | Unknown
    capabilities: tuple[str, ...] | Unknown  # sm_60, compute_90
    protobuf: str | Unknown  # the protoc that wrote its *_pb2.py, as they say since 5.26
    search: tuple[str, ...]  # RUNPATH or RPATH, resolved
    search_kind: str  # runpath | rpath | ""


@dataclass(frozen=True, slots=True)
class Shadow:
    """Something in the way of an import: a local file or folder that hides an installed or standard module."""

    module: str
    path: str
    hides: str


@dataclass(frozen=True, slots=True)
class KerasConfig:
    """keras.json: where it is looked for, and what it says.

    `state`: absent, read, invalid (no JSON: Keras passes over it) or refused (`import keras` dies of it).
    """

    path: str
    state: str
    backend: str = ""
    floatx: str = ""
    image_data_format: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Host:
    """The machine: what decides whether a wheel can be installed and started."""

    libc: str | Unknown  # "glibc 2.36" | "musl 1.2.4"
    cpu_flags: tuple[str, ...] | Unknown  # only those that TensorFlow's wheels need
    container: bool
    wsl: bool
    nvidia_cards: tuple[str, ...] | Unknown  # PCI addresses
    device_nodes: tuple[str, ...]
    translated: bool = False  # macOS runs this for another processor (Rosetta)
    missing_dlls: tuple[str, ...] | Unknown = ()  # of Microsoft's C++ runtime, on Windows
    card_drivers: tuple[str, ...] = ()  # the kernel driver that is bound to each card, "" for none
    closed_nodes: tuple[str, ...] = ()  # device nodes that this user may not open
    control_nodes: tuple[str, ...] = ()  # those of /dev/nvidiactl and /dev/nvidia-uvm that are there


@dataclass(frozen=True, slots=True)
class Driver:
    """The NVIDIA driver as the kernel, libcuda and NVML tell it."""

    kernel: str | Unknown  # version of the kernel module
    library: str | Unknown  # version of the libcuda that was loaded, from its file name
    cuda: str | Unknown  # the highest CUDA that it speaks
    init: int | Unknown  # what cuInit answered
    nvml: int | Unknown  # what nvmlInit answered
    visible: int | Unknown  # devices that CUDA_VISIBLE_DEVICES leaves
    order: tuple[str, ...] = ()  # the UUIDs of these devices in CUDA's order
    library_file: str = ""  # the file behind libcuda.so.1
    kernel_source: str = ""  # where the version of the kernel module was read
    died: tuple[str, ...] = ()  # how the processes ended that a driver library killed or held up


@dataclass(frozen=True, slots=True)
class GpuProcess:
    """A process that computes on a GPU; memory in MiB."""

    pid: int
    name: str
    memory: int


@dataclass(frozen=True, slots=True)
class Gpu:
    """One device; memory in MiB."""

    index: int
    name: str
    uuid: str
    capability: str  # 9.0
    memory: int
    used: int
    mig: bool = False
    mig_instances: tuple[str, ...] = ()  # their UUIDs
    processes: tuple[GpuProcess, ...] = ()
    pci: str = ""
    multiprocessors: int = 0  # 0: not known


@dataclass(frozen=True, slots=True)
class Library:
    """A shared library that this TensorFlow loads, and where the loader would find it ("" if nowhere)."""

    soname: str
    path: str
    found_by: str  # LD_LIBRARY_PATH | TensorFlow's RUNPATH | ld.so.cache | the system's folders
    version: str = ""
    wheel: str = ""  # a copy in this environment's nvidia wheels
    wheel_version: str = ""
    owner: str = ""  # the distribution whose file it is
    shadowed: tuple[str, ...] = ()  # copies of it that come later in the loader's order
    problem: str = ""  # why the loader cannot use the file, or which library it needs and cannot find
    says: str = ""  # the version that the library itself tells (only with --deep)


@dataclass(frozen=True, slots=True)
class Compilers:
    """What XLA compiles kernels with, found where TensorFlow looks for it; "" for what is nowhere."""

    ptxas: str
    ptxas_version: str  # "" where it is not known
    libdevice: str
    searched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """What a child process saw when it computed (only with --deep, where there is a GPU or XLA_FLAGS is set).

    `kernel` and `compiled` are "ok" or what went wrong: a random number drawn on the GPU, a function with jit_compile.
    """

    device: str  # GPU:0 | CPU:0
    kernel: str | Unknown
    compiled: str | Unknown
    detail: str = ""  # how the process ended, "" if well
    log: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """What a child process saw when it imported TensorFlow (only with --deep)."""

    outcome: str  # ok | error | signal | timeout
    detail: str  # the exception's last line, the signal's name
    seconds: float
    version: str = ""
    file: str = ""
    keras_module: str | Unknown = field(default_factory=lambda: Unknown("TensorFlow could not be imported"))
    keras_version: str | Unknown = field(default_factory=lambda: Unknown("TensorFlow could not be imported"))
    devices: tuple[str, ...] | Unknown = field(default_factory=lambda: Unknown("TensorFlow could not be imported"))
    not_loaded: tuple[str, ...] = ()  # sonames that TensorFlow's loader log reports as missing
    log: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is known of one environment."""

    patient: Patient
    interpreter: Interpreter | Unknown
    distributions: tuple[Distribution, ...] | Unknown  # in the order of sys.path: of two with one name the first counts
    packages: tuple[Package, ...] | Unknown
    overlaps: tuple[Overlap, ...] | Unknown
    leftovers: tuple[str, ...] | Unknown  # folders `~ensorflow` of an interrupted pip
    build: Build | Unknown
    shadows: tuple[Shadow, ...] | Unknown
    keras_config: KerasConfig | Unknown
    host: Host | Unknown
    driver: Driver | Unknown
    gpus: tuple[Gpu, ...] | Unknown
    libraries: tuple[Library, ...] | Unknown
    imported: Imported | Unknown
    project: Project | Unknown = NOT_READ
    compilers: Compilers | Unknown = field(default_factory=lambda: Unknown("not looked for"))
    tried: Tried | Unknown = field(default_factory=lambda: Unknown("only --deep computes"))
    cwd: str = ""
    day: str = ""  # of the examination, 2026-11-24: how old a release is depends on it
    tool: str = ""  # tfkdoctor's version
    seconds: float = 0.0  # how long the examination took
    schema: int = SCHEMA

    def distribution(self, name: str) -> Distribution | None:
        """The distribution of that (normalised) name which counts, or None."""
        if isinstance(self.distributions, Unknown):
            return None
        return next((one for one in self.distributions if one.name == name), None)

    def version(self, name: str) -> str:
        """The installed version of a distribution, "" where it is not installed."""
        found = self.distribution(name)
        return found.version if found else ""

    def variable(self, name: str) -> str | None:
        """An environment variable as the examined interpreter saw it."""
        return None if isinstance(self.interpreter, Unknown) else self.interpreter.environment.get(name)

    def to_json(self) -> str:
        """The facts as JSON text, stable and readable."""
        return json.dumps(encode(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Facts:
        """The facts that `to_json` wrote; raises FactsError."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise FactsError(f"not JSON: {error}") from None
        if not isinstance(data, dict) or "schema" not in data:
            raise FactsError("these are no facts of tfkdoctor: no schema number")
        if type(data["schema"]) is not int or data["schema"] != SCHEMA:
            raise FactsError(f"facts of schema {data['schema']!r}; this tfkdoctor reads schema {SCHEMA}")
        return cast(Facts, decode(cls, data, "facts"))


def headline(facts: Facts) -> tuple[str, ...]:
    """The head of a report: which interpreter and why, then what is in it, then the machine's GPUs."""
    lines = [f"Python: {facts.patient.python} ({facts.patient.reason})"]
    if isinstance(facts.interpreter, Unknown):
        return (*lines, f"could not be examined: {facts.interpreter.reason}")
    one = facts.interpreter
    libc = "" if isinstance(facts.host, Unknown) or isinstance(facts.host.libc, Unknown) else f", {facts.host.libc}"
    lines.append(f"{one.implementation} {one.version}, {one.bits} bit, {one.system} {one.machine}{libc}")
    if isinstance(facts.distributions, Unknown):
        lines.append(f"distributions: unknown ({facts.distributions.reason})")
    else:
        shown = [
            d for d in facts.distributions if d.name.startswith(("tensorflow", "tf-", "keras")) and is_main(d.name)
        ]
        lines.append(", ".join(f"{d.name} {d.version}" for d in shown) or "neither TensorFlow nor Keras is installed")
    lines.append(gpu_line(facts))
    if isinstance(facts.imported, Imported):
        lines += import_lines(facts.imported)
    return tuple(lines)


def import_lines(imported: Imported) -> list[str]:
    """What `--deep` saw: the import, which Keras stands behind tf.keras, the devices, and what was missing."""
    if imported.outcome != "ok":
        return [f"import tensorflow: {imported.outcome} after {imported.seconds:.1f} s ({imported.detail})"]
    lines = [f"import tensorflow: {imported.version}, {imported.seconds:.1f} s"]
    if not isinstance(imported.keras_version, Unknown):
        lines[0] += f"; tf.keras is Keras {imported.keras_version}"
    if not isinstance(imported.devices, Unknown):
        names = ", ".join(name.removeprefix("/physical_device:") for name in imported.devices)
        lines.append(f"devices: {names or 'none'}")
    if imported.not_loaded:
        lines.append(f"libraries that its loader did not find: {', '.join(imported.not_loaded)}")
    return lines


def is_main(name: str) -> bool:
    return name in {"keras", "tf-keras", "keras-nightly", "tf-nightly"} or (
        name.split("-")[0] == "tensorflow"
        and (
            name.removeprefix("tensorflow").removeprefix("-") in {"", "cpu", "gpu", "intel", "macos", "rocm", "cpu-aws"}
        )
    )


def gpu_line(facts: Facts) -> str:
    if isinstance(facts.gpus, Unknown):
        return f"GPU: unknown ({facts.gpus.reason})"
    if not facts.gpus:
        return "GPU: none"
    kernel = (
        "" if isinstance(facts.driver, Unknown) or isinstance(facts.driver.kernel, Unknown) else facts.driver.kernel
    )
    names = ", ".join(f"{gpu.name} (compute capability {gpu.capability}, {gpu.memory} MiB)" for gpu in facts.gpus)
    return f"GPU: {names}" + (f", driver {kernel}" if kernel else "")
