"""What the machine is: C library, processor, container, NVIDIA cards and their kernel driver. Reads files only."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from pathlib import Path

from tfkdoctor.doctor.facts import Host, Unknown

FLAGS = ("sse4_1", "sse4_2", "avx", "avx2", "fma")
MSVC = ("msvcp140.dll", "msvcp140_1.dll")  # msvcp_dll_names in build_info.py of the Windows wheels
CONTROL = ("nvidiactl", "nvidia-uvm")  # without them libcuda opens no card
NVIDIA_VENDOR, DISPLAY_CLASS = "0x10de", "0x03"


def read_host(root: Path = Path("/")) -> Host:
    """The facts of this machine, from /proc, /sys and /dev below `root`."""
    cards = nvidia_cards(root)
    nodes = tuple(sorted(str(node) for node in (root / "dev").glob("nvidia[0-9]*")))
    nodes += (str(root / "dev/dxg"),) if (root / "dev/dxg").exists() else ()
    control = tuple(str(node) for name in CONTROL if (node := root / "dev" / name).exists())
    return Host(
        libc=libc(root),
        cpu_flags=cpu_flags(root),
        container=any((root / name).exists() for name in (".dockerenv", "run/.containerenv"))
        or bool(re.search("docker|kubepods|containerd|lxc", text(root / "proc/1/cgroup"))),
        wsl="microsoft" in text(root / "proc/version").lower(),
        translated=translated(),
        missing_dlls=missing_dlls(Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32"),
        nvidia_cards=cards,
        device_nodes=nodes,
        card_drivers=() if isinstance(cards, Unknown) else tuple(bound_driver(root, card) for card in cards),
        closed_nodes=tuple(node for node in (*nodes, *control) if not os.access(node, os.R_OK | os.W_OK)),
        control_nodes=control,
    )


def translated() -> bool:
    """Whether macOS translates this process for its processor, as sysctl says."""
    if platform.system() != "Darwin":
        return False
    try:
        said = subprocess.run(["sysctl", "-n", "sysctl.proc_translated"], capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.stdout.strip() == "1"


def missing_dlls(system: Path) -> tuple[str, ...] | Unknown:
    """The DLLs of Microsoft's C++ runtime that TensorFlow's build_info names and that are not there."""
    if platform.system() != "Windows":
        return Unknown(f"{platform.system()} has no DLLs")
    return tuple(name for name in MSVC if not (system / name).exists())


def text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def libc(root: Path) -> str | Unknown:
    if platform.system() != "Linux":
        return Unknown(f"{platform.system()} has no glibc")
    try:
        found = os.confstr("CS_GNU_LIBC_VERSION")
    except (ValueError, OSError):
        found = None
    if found:
        return found
    musl = sorted((root / "lib").glob("ld-musl-*.so.1"))
    return "musl" if musl else Unknown("neither glibc nor musl was recognised")


def cpu_flags(root: Path) -> tuple[str, ...] | Unknown:
    match = re.search(r"^flags\s*:(.*)$", text(root / "proc/cpuinfo"), re.MULTILINE)
    if not match:
        return Unknown("/proc/cpuinfo lists no flags")
    present = set(match[1].split())
    return tuple(flag for flag in FLAGS if flag in present)


def nvidia_cards(root: Path) -> tuple[str, ...] | Unknown:
    devices = root / "sys/bus/pci/devices"
    if not devices.is_dir():
        return Unknown("/sys/bus/pci is not there")
    return tuple(
        card.name
        for card in sorted(devices.iterdir())
        if text(card / "vendor") == NVIDIA_VENDOR and text(card / "class").startswith(DISPLAY_CLASS)
    )


def bound_driver(root: Path, card: str) -> str:
    """The kernel driver that is bound to a PCI device: nvidia, nouveau, vfio-pci; "" for none."""
    link = root / "sys/bus/pci/devices" / card / "driver"
    try:
        return link.readlink().name
    except OSError:
        return ""


def kernel_driver(root: Path = Path("/")) -> str | Unknown:
    """The version of NVIDIA's kernel module; the closed and the open one spell their line differently."""
    if version := text(root / "sys/module/nvidia/version"):
        return version
    match = re.search(r"Kernel Module(?: for \S+)?\s+(\d+(?:\.\d+)+)", text(root / "proc/driver/nvidia/version"))
    return match[1] if match else Unknown("no NVIDIA kernel module is loaded")
