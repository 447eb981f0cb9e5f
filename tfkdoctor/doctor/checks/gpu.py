"""Checks of whether there is a GPU and a TensorFlow that could use it: GP001, GP002, GP016, GP018, GP029, GP035."""

from __future__ import annotations

from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import Case, Found, Look, installed
from tfkdoctor.doctor.checks.device import cuda_build, driver
from tfkdoctor.doctor.facts import Build, Unknown
from tfkdoctor.model import Evidence


def no_gpu(case: Case) -> Iterator[Found]:
    found = driver(case)
    host = case.facts.host
    cards = () if isinstance(host, Unknown) or isinstance(host.nvidia_cards, Unknown) else host.nvidia_cards
    if case.gpus or found is None or found.died or cards or isinstance(case.facts.gpus, Unknown) or not case.version:
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
    if found is None or not cards or isinstance(found.kernel, str) or case.gpus or isinstance(host, Unknown):
        return
    bound = next((name for name in host.card_drivers if name), "")
    yield Found(
        f"there is an NVIDIA card (PCI {cards[0]}), but "
        + (f"the kernel has given it to {bound}, not to NVIDIA's driver" if bound else "its driver is not loaded"),
        "install NVIDIA's driver"
        + (f" and blacklist {bound}" if bound else "; where secure boot refuses it, see dmesg"),
        (
            Evidence("card", cards[0], "/sys/bus/pci"),
            Evidence("driver", bound or found.kernel.reason, "/sys/bus/pci/devices/*/driver"),
        ),
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


def container(case: Case) -> Iterator[Found]:
    """A container that sees the host's kernel module, or was told of GPUs, and got none."""
    host, found = case.facts.host, driver(case)
    if isinstance(host, Unknown) or found is None or not cuda_build(case) or case.gpus or not host.container:
        return
    value = case.variable("NVIDIA_VISIBLE_DEVICES")
    if host.device_nodes or found.init == 0 or not (isinstance(found.kernel, str) or value):
        return
    told = f"NVIDIA_VISIBLE_DEVICES={value}" if value else "NVIDIA_VISIBLE_DEVICES is not set"
    kernel = f"the machine has NVIDIA's driver {found.kernel}" if isinstance(found.kernel, str) else told
    yield Found(
        f"this container was given no GPU: {kernel}, and there is no /dev/nvidia* in it",
        "docker run --gpus all (with the NVIDIA container toolkit on the host), if it should have one",
        (
            Evidence("/dev/nvidia*", "none", "/dev"),
            Evidence("NVIDIA_VISIBLE_DEVICES", value or "not set", "environment"),
            Evidence("kernel", str(found.kernel), found.kernel_source or "/sys/module/nvidia"),
        ),
    )


def wsl(case: Case) -> Iterator[Found]:
    host, found = case.facts.host, driver(case)
    if isinstance(host, Unknown) or found is None or not host.wsl or not cuda_build(case):
        return
    graphics = any(node.endswith("/dxg") for node in host.device_nodes)
    if found.library_file and "/wsl/" not in found.library_file and graphics:
        yield Found(
            f"in WSL 2 libcuda must be the one of Windows in /usr/lib/wsl/lib; {found.library_file} hides it",
            "remove the Linux driver from inside WSL, then ldconfig",
            (Evidence("libcuda", found.library_file, "/proc/self/maps"),),
        )
    elif not found.library_file and graphics:
        yield Found(
            "WSL 2 passes the GPU through (/dev/dxg), and libcuda.so.1 is not found",
            "echo /usr/lib/wsl/lib | sudo tee /etc/ld.so.conf.d/wsl.conf && sudo ldconfig; else update Windows' driver",
            (Evidence("/dev/dxg", "there", "/dev"), Evidence("libcuda.so.1", "not found", "the loader")),
        )
    elif not graphics:
        yield Found(
            "this is WSL without /dev/dxg: no GPU is passed through (WSL 1, or no driver in Windows)",
            "wsl --set-version … 2, and NVIDIA's driver for Windows",
            (Evidence("/dev/dxg", "not there", "/dev"),),
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
    "GP016": container,
    "GP018": wsl,
    "GP029": no_driver,
    "GP035": muted,
}
