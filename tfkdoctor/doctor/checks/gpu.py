"""Checks of the driver and the devices against what the TensorFlow build needs: GP."""

from __future__ import annotations

from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import Case, Found, Look, installed
from tfkdoctor.doctor.checks.device import CU_NO_DEVICE, cuda_build, driver, older, wanted
from tfkdoctor.doctor.facts import Build, Unknown
from tfkdoctor.model import Evidence, Severity

CU_MISMATCH = 803
NVML_NO_PERMISSION, NVML_NO_LIBRARY, NVML_MISMATCH = 4, 12, 18
CU_INIT = {  # cuInit's answers, from cuda.h
    3: "CUDA_ERROR_NOT_INITIALIZED",
    34: "CUDA_ERROR_STUB_LIBRARY: a toolkit's stub libcuda is loaded instead of the driver's",
    35: "CUDA_ERROR_INSUFFICIENT_DRIVER: the driver is too old",
    101: "CUDA_ERROR_INVALID_DEVICE",
    304: "CUDA_ERROR_OPERATING_SYSTEM",
    500: "CUDA_ERROR_NOT_FOUND: in WSL often a Linux driver that hides the one of Windows",
    802: "CUDA_ERROR_SYSTEM_NOT_READY: the fabric manager does not run",
    804: "CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE: a cuda-compat libcuda that this card does not bear",
    999: "CUDA_ERROR_UNKNOWN: often nvidia_uvm after a suspend",
}


def no_gpu(case: Case) -> Iterator[Found]:
    found = driver(case)
    host = case.facts.host
    cards = () if isinstance(host, Unknown) or isinstance(host.nvidia_cards, Unknown) else host.nvidia_cards
    if case.gpus or found is None or cards or isinstance(case.facts.gpus, Unknown) or not case.version:
        return
    why = found.kernel.reason if isinstance(found.kernel, Unknown) else f"driver {found.kernel}"
    yield Found(
        f"no NVIDIA GPU here ({why}); TensorFlow {case.version} runs on the processor",
        "nothing to do, unless there should be one; TensorFlow's own cuInit line in the log means the same",
        (Evidence("driver", why, "/proc/driver/nvidia"),),
    )


def no_driver(case: Case) -> Iterator[Found]:
    found, host = driver(case), case.facts.host
    cards = () if isinstance(host, Unknown) or isinstance(host.nvidia_cards, Unknown) else host.nvidia_cards
    if found is not None and cards and isinstance(found.kernel, Unknown) and not case.gpus:
        yield Found(
            f"there is an NVIDIA card (PCI {cards[0]}), but its driver is not loaded",
            "install NVIDIA's driver; where nouveau is bound or secure boot refuses the module, see dmesg",
            (Evidence("card", cards[0], "/sys/bus/pci"), Evidence("driver", found.kernel.reason, "/sys/module/nvidia")),
        )


def cpu_build(case: Case) -> Iterator[Found]:
    if not case.gpus or case.tensorflow is None or cuda_build(case):
        return
    build = case.facts.build
    if not (isinstance(build, Build) and build.cuda_build is False) and case.release is None:
        return
    yield Found(
        f"{case.tensorflow.name} {case.version} is built without CUDA; {case.gpus[0].name} is not used",
        f'python -m pip install "tensorflow[and-cuda]=={case.version}"'
        if case.platform == "linux_x86_64" and case.minor >= (2, 14)
        else "on this platform the wheels have no CUDA; on Windows use WSL 2, on aarch64 NVIDIA's container"
        if case.platform != "linux_x86_64"
        else "use the CUDA distribution of this release",
        (installed(case.tensorflow), Evidence("is_cuda_build", "False", "build_info.py")),
    )


def old_driver(case: Case) -> Iterator[Found]:
    need, found = wanted(case), driver(case)
    if need is None or found is None or not isinstance(found.kernel, str) or case.platform not in ("linux_x86_64",):
        return
    if older(found.kernel, need.driver):
        yield Found(
            f"driver {found.kernel} is too old for CUDA {need.cuda}, with which TensorFlow {case.version} was built: "
            f"it needs {need.driver} or later",
            f"install driver {need.driver} or later, or an older TensorFlow",
            (
                Evidence("driver", found.kernel, "/sys/module/nvidia/version"),
                Evidence("floor", need.driver, need.source),
            ),
        )


def mismatch(case: Case) -> Iterator[Found]:
    found = driver(case)
    if found is None:
        return
    differ = isinstance(found.kernel, str) and isinstance(found.library, str) and found.kernel != found.library
    if found.nvml == NVML_MISMATCH or found.init == CU_MISMATCH or (differ and found.init not in (0, CU_NO_DEVICE)):
        library = found.library if isinstance(found.library, str) else "another one"
        kernel = found.kernel if isinstance(found.kernel, str) else "of another version"
        yield Found(
            f"the loaded kernel module ({kernel}) and the driver's library ({library}) do not match",
            "the driver was updated: restart the machine, or reload the nvidia modules",
            (Evidence("kernel", kernel, "/sys/module/nvidia/version"), Evidence("library", library, "libcuda.so.1")),
        )


def no_nvml(case: Case) -> Iterator[Found]:
    found = driver(case)
    if found and case.minor >= (2, 21) and cuda_build(case) and found.init == 0 and found.nvml == NVML_NO_LIBRARY:
        yield Found(
            f"libnvidia-ml.so.1 is missing: TensorFlow {case.version} then sees no GPU and logs nothing",
            "in a container: NVIDIA_DRIVER_CAPABILITIES=compute,utility",
            (
                Evidence("nvmlInit", "12, library not found", "libnvidia-ml.so.1"),
                Evidence("cuInit", "0", "libcuda.so.1"),
            ),
        )


def hidden_devices(case: Case) -> Iterator[Found]:
    found = driver(case)
    value = case.variable("CUDA_VISIBLE_DEVICES")
    if found is None or value is None or not case.gpus or not isinstance(found.visible, int):
        return
    if found.visible < len(case.gpus):
        yield Found(
            f"CUDA_VISIBLE_DEVICES={value} leaves {found.visible} of {len(case.gpus)} GPUs",
            "unset CUDA_VISIBLE_DEVICES, if that is not meant",
            (
                Evidence("CUDA_VISIBLE_DEVICES", value, "environment"),
                Evidence("visible", str(found.visible), "libcuda"),
            ),
            Severity.WARNING if found.visible == 0 else Severity.HINT,
        )


def no_start(case: Case) -> Iterator[Found]:
    found = driver(case)
    if found is None or not isinstance(found.init, int) or found.init in (0, CU_NO_DEVICE, CU_MISMATCH):
        return
    yield Found(
        f"CUDA does not start: cuInit answers {found.init}, {CU_INIT.get(found.init, 'see cuda.h')}",
        "no TensorFlow can use the GPU before this is mended",
        (Evidence("cuInit", str(found.init), "libcuda.so.1"),),
    )


def no_permission(case: Case) -> Iterator[Found]:
    found = driver(case)
    if found is not None and found.nvml == NVML_NO_PERMISSION:
        yield Found(
            "this user may not open the NVIDIA devices",
            "add the user to the group of /dev/nvidia*",
            (Evidence("nvmlInit", "4, no permission", "NVML"),),
        )


def container(case: Case) -> Iterator[Found]:
    value = case.variable("NVIDIA_VISIBLE_DEVICES")
    if case.version and cuda_build(case) and not case.gpus and value in ("void", "none"):
        yield Found(
            f"NVIDIA_VISIBLE_DEVICES={value}: this container was started without GPUs",
            "docker run --gpus all",
            (Evidence("NVIDIA_VISIBLE_DEVICES", str(value), "environment"),),
            Severity.HINT,
        )


def muted(case: Case) -> Iterator[Found]:
    value = case.variable("TF_CPP_MIN_LOG_LEVEL")
    if value in ("2", "3") and case.gpus:
        yield Found(
            f"TF_CPP_MIN_LOG_LEVEL={value} hides TensorFlow's warnings about the GPU",
            "unset it while something is wrong",
            (Evidence("TF_CPP_MIN_LOG_LEVEL", value, "environment"),),
        )


LOOKS: dict[str, Look] = {
    "GP001": no_gpu,
    "GP002": cpu_build,
    "GP013": old_driver,
    "GP014": mismatch,
    "GP016": container,
    "GP017": no_nvml,
    "GP019": hidden_devices,
    "GP027": no_start,
    "GP028": no_permission,
    "GP029": no_driver,
    "GP035": muted,
}
