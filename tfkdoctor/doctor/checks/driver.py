"""Checks of NVIDIA's driver and what it answers: GP013, GP014, GP015, GP017, GP027, GP028, GP039."""

from __future__ import annotations

from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import Case, Found, Look
from tfkdoctor.doctor.checks.device import CU_NO_DEVICE, cuda_build, driver, older, wanted
from tfkdoctor.doctor.facts import Driver, Unknown
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
INIT_HELP = {
    34: "take the toolkit's stubs folder out of LD_LIBRARY_PATH",
    35: "install a newer driver",
    500: "in WSL: remove the Linux driver, Windows' own is passed through; then ldconfig",
    802: "sudo systemctl start nvidia-fabricmanager, and enable it",
    804: "take the compat folder out of LD_LIBRARY_PATH, or remove the cuda-compat package",
    999: "sudo modprobe -r nvidia_uvm && sudo modprobe nvidia_uvm, or restart the machine",
}


def old_driver(case: Case) -> Iterator[Found]:
    need, found = wanted(case), driver(case)
    if need is None or found is None or not (isinstance(found.kernel, str) or isinstance(found.cuda, str)):
        return
    kernel = found.kernel if isinstance(found.kernel, str) else "of an unknown version"
    if isinstance(
        found.cuda, str
    ):  # what libcuda itself says counts: cuda-compat may be newer than the kernel's driver
        least = need.cuda if need.cuda.split(".")[0] in ("8", "9", "10") else need.cuda.split(".")[0]
        old = older(found.cuda, least)
    else:
        least, old = need.cuda, case.platform == "linux_x86_64" and older(kernel, need.driver)
    if old:
        spoken = f" (it speaks CUDA {found.cuda})" if isinstance(found.cuda, str) else ""
        yield Found(
            f"driver {kernel}{spoken} is too old for CUDA {need.cuda}, with which TensorFlow {case.version} was built: "
            f"it needs {need.driver} or later",
            f"install driver {need.driver} or later, or an older TensorFlow",
            (
                Evidence("driver", kernel, found.kernel_source or "NVML"),
                Evidence("cuDriverGetVersion", str(found.cuda), found.library_file or "libcuda.so.1"),
                Evidence("floor", need.driver, need.source),
            ),
        )


def mismatch(case: Case) -> Iterator[Found]:
    found = driver(case)
    if found is None or compat_package(found):
        return
    differ = isinstance(found.kernel, str) and isinstance(found.library, str) and found.kernel != found.library
    if found.nvml == NVML_MISMATCH or found.init == CU_MISMATCH or (differ and found.init not in (0, CU_NO_DEVICE)):
        library = found.library if isinstance(found.library, str) else "another one"
        kernel = found.kernel if isinstance(found.kernel, str) else "of another version"
        yield Found(
            f"the loaded kernel module ({kernel}) and the driver's library ({library}) do not match",
            "the driver was updated: restart the machine, or reload the nvidia modules",
            (
                Evidence("kernel", kernel, found.kernel_source or "/sys/module/nvidia/version"),
                Evidence("library", library, found.library_file or "libcuda.so.1"),
                Evidence("cuInit", str(found.init), "libcuda"),
                Evidence("nvmlInit", str(found.nvml), "NVML"),
            ),
        )


def compat_package(found: Driver) -> bool:
    """Whether libcuda is that of a cuda-compat package, which is newer than the kernel's driver on purpose."""
    return "/compat/" in found.library_file


def forward_compatibility(case: Case) -> Iterator[Found]:
    found = driver(case)
    if found is None or not compat_package(found):
        return
    evidence = (
        Evidence("libcuda", found.library_file, "/proc/self/maps"),
        Evidence("kernel", str(found.kernel), found.kernel_source),
        Evidence("cuInit", str(found.init), "libcuda"),
    )
    if found.init == 0:
        yield Found(
            f"libcuda is that of a cuda-compat package ({found.library_file}), newer than the kernel's driver on "
            "purpose",
            "nothing to do; TensorFlow's line that kernel and DSO version differ means this",
            evidence,
        )
    elif isinstance(found.init, int) and found.init != CU_NO_DEVICE:
        yield Found(
            f"the libcuda of a cuda-compat package does not start here (cuInit answers {found.init}): it serves "
            "data-centre cards only, and no driver that is newer than itself",
            "take the compat folder out of LD_LIBRARY_PATH, or remove the cuda-compat package",
            evidence,
        )


def no_nvml(case: Case) -> Iterator[Found]:
    found = driver(case)
    if found is None or case.minor < (2, 21) or not cuda_build(case) or found.init != 0 or found.nvml == 0:
        return
    if found.nvml in (NVML_NO_PERMISSION, NVML_MISMATCH):  # GP028 and GP014 tell the cause
        return
    gone = found.nvml == NVML_NO_LIBRARY
    what = "is missing" if gone else f"does not start (nvmlInit answers {found.nvml})"
    yield Found(
        f"libnvidia-ml.so.1 {what}: TensorFlow {case.version} then sees no GPU and logs nothing",
        "in a container: NVIDIA_DRIVER_CAPABILITIES=compute,utility" if gone else "see what nvidia-smi says",
        (
            Evidence("nvmlInit", "12, library not found" if gone else str(found.nvml), "libnvidia-ml.so.1"),
            Evidence("cuInit", "0", "libcuda.so.1"),
            *(
                Evidence(name, value, "environment")
                for name in ("NVIDIA_DRIVER_CAPABILITIES",)
                if (value := case.variable(name))
            ),
        ),
    )


def no_start(case: Case) -> Iterator[Found]:
    found = driver(case)
    if found is None or not isinstance(found.init, int) or found.init in (0, CU_NO_DEVICE, CU_MISMATCH):
        return
    yield Found(
        f"CUDA does not start: cuInit answers {found.init}, {CU_INIT.get(found.init, 'see cuda.h')}",
        INIT_HELP.get(found.init, "no TensorFlow can use the GPU before this is mended"),
        (Evidence("cuInit", str(found.init), found.library_file or "libcuda.so.1"),),
        None if trace_of_card(case) else Severity.HINT,
    )


def trace_of_card(case: Case) -> bool:
    """Whether anything but libcuda speaks of a card: machines without one may have the driver's libraries."""
    host, found = case.facts.host, driver(case)
    seen = not isinstance(host, Unknown) and bool(
        host.device_nodes or (isinstance(host.nvidia_cards, tuple) and host.nvidia_cards)
    )
    return seen or bool(case.gpus) or (found is not None and isinstance(found.kernel, str))


def driver_dies(case: Case) -> Iterator[Found]:
    found = driver(case)
    for one in found.died if found else ():
        library, _, how = one.partition(": ")
        yield Found(
            f"{library} ends every process that starts it ({how}), TensorFlow's as well",
            "install the driver anew; until then CUDA_VISIBLE_DEVICES=-1 does not help, a TensorFlow without CUDA does",
            (Evidence(library, how, "a child process that loads it"),),
        )


def no_permission(case: Case) -> Iterator[Found]:
    found, host = driver(case), case.facts.host
    closed = () if isinstance(host, Unknown) else host.closed_nodes
    if found is not None and (found.nvml == NVML_NO_PERMISSION or closed):
        yield Found(
            "this user may not open the NVIDIA devices" + (f": {', '.join(closed)}" if closed else ""),
            "add the user to the group that ls -l /dev/nvidia* shows, or give the device to the container",
            (
                Evidence("nvmlInit", str(found.nvml), "NVML"),
                *(Evidence("node", node, "may not be opened for reading and writing") for node in closed),
            ),
            None if found.nvml == NVML_NO_PERMISSION else Severity.HINT,
        )


LOOKS: dict[str, Look] = {
    "GP013": old_driver,
    "GP014": mismatch,
    "GP015": forward_compatibility,
    "GP017": no_nvml,
    "GP027": no_start,
    "GP028": no_permission,
    "GP039": driver_dies,
}
