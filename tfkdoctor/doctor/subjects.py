"""What should be the same on all machines that train together, and how it is read from the facts of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from tfkdoctor.doctor.checks.case import Case
from tfkdoctor.doctor.facts import Build, Driver, Host, KerasConfig, Unknown
from tfkdoctor.model import Severity

UNKNOWN, UNSET = "?", "not set"
# Switches of numbers (TensorFlow, XLA, cuDNN, cuBLAS): a machine that has another one computes other numbers.
SWITCHES = (
    *("TF_DETERMINISTIC_OPS", "TF_CUDNN_DETERMINISTIC", "NVIDIA_TF32_OVERRIDE", "TF_XLA_FLAGS", "XLA_FLAGS"),
    *("CUBLAS_WORKSPACE_CONFIG", "TF_CUDNN_USE_FRONTEND", "TF_CUDNN_USE_AUTOTUNE"),
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that should be the same everywhere."""

    title: str
    value: Callable[[Case], str]
    code: str
    severity: Severity
    why: str
    help: str


def python(case: Case) -> str:
    return case.python or UNKNOWN


def tensorflow(case: Case) -> str:
    if isinstance(case.facts.distributions, Unknown):
        return UNKNOWN
    return case.version or "not installed"


def keras(case: Case) -> str:
    """The Keras behind tf.keras, with its name where it is not `keras`."""
    if isinstance(case.facts.distributions, Unknown):
        return UNKNOWN
    if case.legacy_keras:
        return f"tf-keras {case.tf_keras}" if case.tf_keras else "tf-keras, which is not installed"
    if case.version and case.minor < (2, 6):
        return "TensorFlow's own"
    return case.keras or "not installed"


def backend(case: Case) -> str:
    config = case.facts.keras_config
    named = config.backend if isinstance(config, KerasConfig) and config.state == "read" else ""
    return case.variable("KERAS_BACKEND") or named or "tensorflow"


def defaults(case: Case) -> str:
    """floatx and image_data_format of keras.json."""
    config = case.facts.keras_config
    if not isinstance(config, KerasConfig):
        return UNKNOWN
    read = config.state == "read"
    return f"{(read and config.floatx) or 'float32'}, {(read and config.image_data_format) or 'channels_last'}"


def cuda(case: Case) -> str:
    """The CUDA that TensorFlow was built with: of its build_info, else of the table."""
    build = case.facts.build
    if isinstance(build, Unknown):
        return UNKNOWN if isinstance(case.facts.distributions, Unknown) else "no TensorFlow"
    if build.cuda_build is False:
        return "built without CUDA"
    known = case.table.cuda_for(case.version)
    return build.cuda if isinstance(build.cuda, str) else (known.cuda if known and build.cuda_build else UNKNOWN)


def cudnn(case: Case) -> str:
    """The cuDNN that is loaded, where that is known, else that of the build."""
    libraries = () if isinstance(case.facts.libraries, Unknown) else case.facts.libraries
    found = next((one for one in libraries if one.soname.startswith("libcudnn")), None)
    if found is not None and (found.version or found.wheel_version):
        return found.version or found.wheel_version
    build = case.facts.build
    return build.cudnn if isinstance(build, Build) and isinstance(build.cudnn, str) else UNKNOWN


def driver(case: Case) -> str:
    found = case.facts.driver
    if isinstance(found, Driver) and isinstance(found.kernel, str):
        return found.kernel
    return "none"


def gpus(case: Case) -> str:
    if isinstance(case.facts.gpus, Unknown):
        return UNKNOWN
    counted = Counter(f"{gpu.name} (cc {gpu.capability})" for gpu in case.facts.gpus)
    return ", ".join(f"{count} × {name}" for name, count in sorted(counted.items())) or "none"


def distribution(name: str) -> Callable[[Case], str]:
    def value(case: Case) -> str:
        if isinstance(case.facts.distributions, Unknown):
            return UNKNOWN
        found = case.distributions.get(name)
        return found.version if found else "not installed"

    return value


def onednn(case: Case) -> str:
    """Whether oneDNN's kernels run: by default since 2.9 on x86-64 (tensorflow/core/util/port.cc)."""
    one = case.interpreter
    if one is None or not case.version:
        return UNKNOWN
    said = (case.variable("TF_ENABLE_ONEDNN_OPTS") or "").lower()
    if said in ("0", "false", "1", "true"):
        return "on" if said in ("1", "true") else "off"
    return "on" if case.minor >= (2, 9) and one.machine in ("x86_64", "AMD64") else "off"


def processor(case: Case) -> str:
    one, host = case.interpreter, case.facts.host
    flags = host.cpu_flags if isinstance(host, Host) and not isinstance(host.cpu_flags, Unknown) else ()
    return f"{one.machine} {' '.join(flags)}".strip() if one else UNKNOWN


def switch(name: str) -> Callable[[Case], str]:
    return lambda case: UNKNOWN if case.interpreter is None else case.variable(name) or UNSET


E, W, H = Severity.ERROR, Severity.WARNING, Severity.HINT
ONE_LOCK = "install the same versions everywhere, from one lock file"
SUBJECTS = (
    Subject(
        "TensorFlow",
        tensorflow,
        "PR006",
        E,
        "Workers exchange graphs and gradients, which are of one version.",
        ONE_LOCK,
    ),
    Subject("Keras", keras, "PR006", E, "Models and their variables are built by it on every worker.", ONE_LOCK),
    Subject(
        "Keras backend",
        backend,
        "PR006",
        E,
        "tf.distribute knows the backend tensorflow alone.",
        "set KERAS_BACKEND=tensorflow everywhere",
    ),
    Subject(
        "floatx, image_data_format",
        defaults,
        "PR006",
        E,
        "The same program builds other variables.",
        "copy one keras.json to all, or set KERAS_HOME",
    ),
    Subject(
        "Python",
        python,
        "PR006",
        W,
        "Pickled functions and datasets go from one to another.",
        "use one minor version of Python",
    ),
    Subject("CUDA", cuda, "PR006", W, "One of them computes on its processor, or with other kernels.", ONE_LOCK),
    Subject("cuDNN", cudnn, "PR006", W, "Convolutions take other algorithms.", ONE_LOCK),
    Subject("driver", driver, "PR006", H, "It may do, and NCCL is known to care.", "one driver on all machines"),
    Subject(
        "GPUs",
        gpus,
        "PR006",
        W,
        "A step lasts as long as on the slowest, and batches are split by their number.",
        "train on equal machines",
    ),
    Subject(
        "numpy",
        distribution("numpy"),
        "PR006",
        H,
        "Random numbers and rounding of what is prepared with it may differ.",
        ONE_LOCK,
    ),
    Subject("protobuf", distribution("protobuf"), "PR006", H, "Messages between workers are written by it.", ONE_LOCK),
    Subject("oneDNN", onednn, "PR009", W, "It adds in another order.", "set TF_ENABLE_ONEDNN_OPTS alike, to 0 or to 1"),
    *(
        Subject(
            name,
            switch(name),
            "PR009",
            W,
            "It changes which kernels run.",
            f"set {name} alike on all machines, or nowhere",
        )
        for name in SWITCHES
    ),
    Subject("processor", processor, "PR009", H, "Kernels for other instructions add in another order.", ""),
)
