"""The chain from the card to the program, and the findings that explain what no driver stub can prove."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from doctor_values import GOOD_DRIVER, H100, facts, seen, whole, with_gpu

from tfkdoctor.doctor.chain import chain_lines
from tfkdoctor.doctor.compilers import find_compilers
from tfkdoctor.doctor.facts import Compilers, Driver, Facts, Gpu, GpuProcess, Host, Unknown
from tfkdoctor.doctor.host import read_host

TF = whole("2.21.0", "3.11.7")
GPU = with_gpu(facts(TF))
NONE = Unknown("libcuda.so.1: cannot open shared object file")
NO_LIBCUDA = Driver("550.54.14", NONE, NONE, NONE, 12, NONE)
HOST = Host("glibc 2.36", ("avx",), False, False, ("0000:01:00.0",), ("/dev/nvidia0",))
BUILT = "card ✓ → kernel driver ✓ → device nodes ✓ → libcuda ✓ → NVML ✓ → "


def set_host(one: Facts, **changes: object) -> Facts:
    return replace(one, host=replace(HOST, **changes))  # type: ignore[arg-type]


def set_driver(one: Facts, **changes: object) -> Facts:
    return replace(one, driver=replace(GOOD_DRIVER, **changes))  # type: ignore[arg-type]


CHAINS: dict[str, tuple[Facts, tuple[str, ...]]] = {
    "no trace of a card": (facts(TF), ()),
    "whole": (GPU, (f"GPU chain: {BUILT}CUDA_VISIBLE_DEVICES ✓ → build ✓ → CUDA libraries ✓",)),
    "nouveau": (
        replace(set_host(facts(TF), device_nodes=(), card_drivers=("nouveau",))),
        ("GPU chain: card ✓ → kernel driver ✗ (nouveau is bound to the card)",),
    ),
    "a container without devices": (
        replace(set_host(facts(TF), nvidia_cards=(), device_nodes=(), container=True), driver=NO_LIBCUDA),
        ("GPU chain: card ? → kernel driver ✓ → device nodes ✗ (no /dev/nvidia* given to this container)",),
    ),
    "nodes of another group": (
        set_host(GPU, closed_nodes=("/dev/nvidia0",)),
        ("GPU chain: card ✓ → kernel driver ✓ → device nodes ✗ (/dev/nvidia0 may not be opened by this user)",),
    ),
    "libcuda is not there": (
        replace(GPU, driver=NO_LIBCUDA),
        (f"GPU chain: card ✓ → kernel driver ✓ → device nodes ✓ → libcuda ✗ ({NONE.reason})",),
    ),
    "hidden": (
        replace(
            with_gpu(facts(TF, environment={"CUDA_VISIBLE_DEVICES": "3"})),
            driver=replace(GOOD_DRIVER, init=100, visible=0),
        ),
        (f"GPU chain: {BUILT}CUDA_VISIBLE_DEVICES ✗ (3 leaves none of 1 GPUs)",),
    ),
    "MIG": (
        replace(set_driver(GPU, init=100, visible=0), gpus=(replace(H100, mig=True),)),
        (f"GPU chain: {BUILT}CUDA devices ✗ (NVIDIA H100 is in MIG mode and has no instance)",),
    ),
    "a missing library": (
        with_gpu(facts(TF), missing=("libcudnn.so.9",)),
        (f"GPU chain: {BUILT}CUDA_VISIBLE_DEVICES ✓ → build ✓ → CUDA libraries ✗ (cannot be opened: libcudnn.so.9)",),
    ),
}


@pytest.mark.parametrize("name", CHAINS)
def test_the_chain_ends_at_the_link_that_breaks(name: str) -> None:
    one, expected = CHAINS[name]
    assert chain_lines(one) == expected


def env(**variables: str) -> Facts:
    return with_gpu(facts(TF, environment=variables))


WSL = {"wsl": True, "nvidia_cards": (), "device_nodes": ("/dev/dxg",)}
SECOND = Gpu(1, "NVIDIA T4", "GPU-2", "7.5", 15360, 0)
EXPLAINED: dict[str, tuple[Facts, str]] = {
    "WSL without libcuda": (
        replace(set_host(GPU, **WSL), driver=NO_LIBCUDA),
        "GP018 hint WSL 2 passes the GPU through (/dev/dxg), and libcuda.so.1 is not found",
    ),
    "a Linux driver in WSL": (
        replace(set_host(GPU, **WSL), driver=replace(GOOD_DRIVER, library_file="/usr/lib/libcuda.so.570.1")),
        "GP018 hint in WSL 2 libcuda must be the one of Windows in /usr/lib/wsl/lib; "
        "/usr/lib/libcuda.so.570.1 hides it",
    ),
    "a container without devices": (
        replace(set_host(facts(TF), nvidia_cards=(), device_nodes=(), container=True), driver=NO_LIBCUDA),
        "GP016 hint this container was given no GPU: the machine has NVIDIA's driver 550.54.14, "
        "and there is no /dev/nvidia* in it",
    ),
    "nouveau": (
        set_host(facts(TF), device_nodes=(), card_drivers=("nouveau",)),
        "GP029 hint there is an NVIDIA card (PCI 0000:01:00.0), but the kernel has given it to nouveau, "
        "not to NVIDIA's driver",
    ),
    "nodes of another group": (
        set_host(GPU, closed_nodes=("/dev/nvidia0",)),
        "GP028 hint this user may not open the NVIDIA devices: /dev/nvidia0",
    ),
    "another order": (
        replace(GPU, gpus=(SECOND, H100), driver=replace(GOOD_DRIVER, visible=2, order=("GPU-1", "GPU-2"))),
        "GP020 hint CUDA's device 0 is NVIDIA H100, which nvidia-smi counts as 0: CUDA puts the fastest first",
    ),
    "MIG with instances": (
        replace(GPU, gpus=(replace(H100, mig=True, mig_instances=("MIG-7",)),)),
        "GP021 hint NVIDIA H100 is in MIG mode: a program gets the first instance, unless CUDA_VISIBLE_DEVICES "
        "names one",
    ),
    "PTX": (
        env(CUDA_DISABLE_PTX_JIT="1"),
        "GP024 hint CUDA_DISABLE_PTX_JIT=1: the driver compiles no PTX: a card without code of its own in the build "
        "is not served",
    ),
    "memory in use": (
        replace(GPU, gpus=(replace(H100, used=81000, processes=(GpuProcess(42, "python", 80900),)),)),
        "GP025 warning NVIDIA H100 has 559 of 81559 MiB free, used by python (42, 80900 MiB): TensorFlow gets what is "
        "left and runs out of memory",
    ),
    "XLA_FLAGS": (
        env(XLA_FLAGS="--xla_gpu_x=1"),
        "GP030 hint XLA_FLAGS is set (--xla_gpu_x=1): a flag that this TensorFlow does not know ends the process; "
        "--deep tries it",
    ),
    "no ptxas": (
        replace(GPU, compilers=Compilers("", "", "/a/libdevice.10.bc", ("/a",))),
        "GP012 error ptxas is nowhere to be found: what is compiled with XLA (jit_compile=True) fails with 'No PTX "
        "compilation provider is available'",
    ),
    "no libdevice": (
        replace(GPU, compilers=Compilers("/a/ptxas", "12.9.86", "", ("/a",))),
        "GP011 error libdevice.10.bc is nowhere to be found: what is compiled with XLA (jit_compile=True) fails with "
        "'libdevice not found'",
    ),
}


@pytest.mark.parametrize("name", EXPLAINED)
def test_it_is_explained(name: str) -> None:
    one, expected = EXPLAINED[name]
    assert expected in seen(one, hints=True)


def test_the_kernel_driver_of_a_card_and_closed_nodes_are_read(tmp_path: Path) -> None:
    card = tmp_path / "sys/bus/pci/devices/0000:01:00.0"
    card.mkdir(parents=True)
    (card / "vendor").write_text("0x10de\n")
    (card / "class").write_text("0x030200\n")
    (card / "driver").symlink_to("../../../drivers/nouveau")
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev/nvidiactl").touch()
    host = read_host(tmp_path)
    assert (host.nvidia_cards, host.card_drivers) == (("0000:01:00.0",), ("nouveau",))
    assert host.control_nodes == (str(tmp_path / "dev/nvidiactl"),)


def test_compilers_are_looked_for_in_xlas_order(tmp_path: Path) -> None:
    tensorflow = tmp_path / "lib/python3.11/site-packages/tensorflow"
    wheel = tensorflow.parent / "nvidia/cuda_nvcc"
    for file in (wheel / "bin/ptxas", wheel / "nvvm/libdevice/libdevice.10.bc", tmp_path / "own/bin/ptxas"):
        file.parent.mkdir(parents=True)
        file.touch(mode=0o755)
    (tensorflow.parent / "nvidia_cuda_nvcc_cu12-12.9.86.dist-info").mkdir()

    def found(flags: str, path: str = "") -> tuple[str, str]:
        one = find_compilers(tensorflow, {"XLA_FLAGS": flags}, {"PATH": path}, tmp_path, ask=False)
        return one.ptxas.removeprefix(f"{tmp_path}/"), one.ptxas_version

    assert found(f"--xla_gpu_cuda_data_dir={tmp_path}/own") == ("own/bin/ptxas", "")
    assert found("", f"{wheel}/bin") == ("lib/python3.11/site-packages/nvidia/cuda_nvcc/bin/ptxas", "12.9.86")
