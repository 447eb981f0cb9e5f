"""Ask the NVIDIA driver, in processes of their own: NVML for what there is, libcuda for what a program gets."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from concurrent.futures import Executor
from pathlib import Path

from tfkdoctor.doctor.facts import Driver, Gpu, GpuProcess, Unknown
from tfkdoctor.doctor.host import kernel_driver
from tfkdoctor.doctor.process import answers, run_child

SCRIPT = Path(__file__).with_name("gpu_child.py")
SECONDS = 10.0
LIBCUDA, LIBNVML = "libcuda.so.1", "libnvidia-ml.so.1"


def ask_driver(pool: Executor, env: dict[str, str], cwd: Path) -> tuple[Driver | Unknown, tuple[Gpu, ...] | Unknown]:
    """(driver, devices); both children run beside each other. Devices come from NVML, else from libcuda.

    They start in the working folder, since LD_LIBRARY_PATH may hold relative folders; `-I` keeps its files out.
    """
    nvml, cuda = pool.map(lambda what: ask(what, env, cwd), ("nvml", "cuda"))
    loaded = kernel_driver()
    driver = Driver(
        kernel=loaded if isinstance(loaded, str) else known(nvml, "driver", loaded),
        library=library_version(cuda),
        cuda=known(cuda, "cuda", known(nvml, "cuda", nothing(cuda))),
        init=number(cuda, "init", nothing(cuda)),
        nvml=number(nvml, "code", nothing(nvml)),
        visible=count(cuda),
        order=cuda_order(cuda),
        library_file=str(cuda.get("file", "")),
        kernel_source="/sys/module/nvidia" if isinstance(loaded, str) else "NVML" if "driver" in nvml else "",
        died=tuple(
            f"{library}: {said['died']}" for library, said in ((LIBCUDA, cuda), (LIBNVML, nvml)) if "died" in said
        ),
    )
    devices = nvml.get("devices", cuda.get("devices"))
    if isinstance(devices, list):
        return driver, tuple(gpu(one) for one in with_multiprocessors(devices, cuda))
    absent = isinstance(driver.kernel, Unknown) and isinstance(driver.init, Unknown) and not driver.died
    return driver, () if absent or driver.init == NO_DEVICE else nothing(nvml)


NO_DEVICE = 100  # CUDA_ERROR_NO_DEVICE


def ask(what: str, env: dict[str, str], cwd: Path) -> Mapping[str, object]:
    """What a child says; "died" where the library killed it or held it up, "error" where nothing was answered."""
    outcome = run_child([sys.executable, "-I", str(SCRIPT), what], b"", cwd=cwd, env=env, timeout=SECONDS)
    said = answers(outcome.stdout)
    died = f"killed by {outcome.signal}" if outcome.signal and not outcome.problem else outcome.problem
    if died:
        return {**said, "died": died, "error": died}
    return said or {"error": outcome.stderr[-200:]}


def with_multiprocessors(devices: list[object], cuda: Mapping[str, object]) -> list[Mapping[str, object]]:
    """NVML's devices, each with what only libcuda tells of it."""
    theirs = cuda.get("devices")
    known = {str(one.get("uuid")): one for one in theirs if isinstance(one, dict)} if isinstance(theirs, list) else {}
    ours = [one for one in devices if isinstance(one, dict)]
    return [{"multiprocessors": known.get(str(one.get("uuid")), {}).get("multiprocessors", 0), **one} for one in ours]


def cuda_order(cuda: Mapping[str, object]) -> tuple[str, ...]:
    devices = cuda.get("devices")
    return tuple(str(one["uuid"]) for one in devices if isinstance(one, dict)) if isinstance(devices, list) else ()


def nothing(said: Mapping[str, object]) -> Unknown:
    return Unknown(str(said.get("error", "the driver does not say")))


def known(said: Mapping[str, object], key: str, otherwise: str | Unknown) -> str | Unknown:
    return str(said[key]) if key in said else otherwise


def number(said: Mapping[str, object], key: str, otherwise: Unknown) -> int | Unknown:
    value = said.get(key)
    return value if isinstance(value, int) else otherwise


def count(cuda: Mapping[str, object]) -> int | Unknown:
    """How many devices a program would get: 0 where cuInit finds none."""
    devices = cuda.get("devices")
    if isinstance(devices, list):
        return len(devices)
    return 0 if cuda.get("init") == NO_DEVICE else nothing(cuda)


def library_version(cuda: Mapping[str, object]) -> str | Unknown:
    """The driver version in the name of the file behind libcuda.so.1 (`libcuda.so.550.144.03`)."""
    match = re.search(r"\.so\.(\d+\.\d+(?:\.\d+)*)$", str(cuda.get("file", "")))
    return match[1] if match else nothing(cuda)


def gpu(said: Mapping[str, object]) -> Gpu:
    def whole(key: str) -> int:
        value = said.get(key)
        return value if isinstance(value, int) else 0

    def listed(key: str) -> list[object]:
        value = said.get(key)
        return value if isinstance(value, list) else []

    return Gpu(
        index=whole("index"),
        name=str(said.get("name", "")),
        uuid=str(said.get("uuid", "")),
        capability=str(said.get("capability", "")),
        memory=whole("memory"),
        used=whole("used"),
        mig=bool(said.get("mig")),
        mig_instances=tuple(map(str, listed("mig_instances"))),
        processes=tuple(process(one) for one in listed("processes") if isinstance(one, dict)),
        pci=str(said.get("pci", "")),
        multiprocessors=whole("multiprocessors"),
    )


def process(said: Mapping[str, object]) -> GpuProcess:
    pid, memory = said.get("pid"), said.get("memory")
    return GpuProcess(
        pid if isinstance(pid, int) else 0, str(said.get("name", "")), memory if isinstance(memory, int) else 0
    )
