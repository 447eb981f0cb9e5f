"""The GPU children: `nvml` asks NVML for driver and devices, `cuda` starts libcuda; each prints one line of JSON.

Run by the tool's own interpreter, each in a process of its own: a broken driver library can abort or hang.
"""

from __future__ import annotations

import ctypes
import json
import re
import sys

MARK = "tfkdoctor-child "
MIB = 1 << 20
LIBCUDA = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"


def ask_nvml() -> dict[str, object]:
    """Driver version, highest CUDA, devices; `code` is nvmlInit's answer (18: library and kernel module differ)."""
    import pynvml

    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        return {"code": int(error.value), "error": str(error)}
    answer: dict[str, object] = {"code": 0}
    try:
        answer["driver"] = str(pynvml.nvmlSystemGetDriverVersion())
        cuda = pynvml.nvmlSystemGetCudaDriverVersion_v2()
        answer["cuda"] = f"{cuda // 1000}.{cuda % 1000 // 10}"
        answer["devices"] = [nvml_device(index) for index in range(pynvml.nvmlDeviceGetCount())]
    except pynvml.NVMLError as error:
        answer["error"] = str(error)
    return answer


def nvml_device(index: int) -> dict[str, object]:
    import pynvml

    handle = pynvml.nvmlDeviceGetHandleByIndex(index)
    major, minor = pynvml.nvmlDeviceGetCudaComputeCapability(handle)
    memory = pynvml.nvmlDeviceGetMemoryInfo(handle)
    try:
        mig = bool(pynvml.nvmlDeviceGetMigMode(handle)[0])
    except pynvml.NVMLError:  # a card without MIG
        mig = False
    try:
        pci = str(pynvml.nvmlDeviceGetPciInfo(handle).busId)
    except pynvml.NVMLError:
        pci = ""
    return {
        "index": index,
        "name": str(pynvml.nvmlDeviceGetName(handle)),
        "uuid": str(pynvml.nvmlDeviceGetUUID(handle)),
        "capability": f"{major}.{minor}",
        "memory": memory.total // MIB,
        "used": memory.used // MIB,
        "mig": mig,
        "mig_instances": mig_instances(handle) if mig else [],
        "processes": nvml_processes(handle),
        "pci": pci,
    }


def mig_instances(handle: object) -> list[str]:
    """The UUIDs of a card's MIG instances, as CUDA_VISIBLE_DEVICES takes them."""
    import pynvml

    found = []
    for index in range(pynvml.nvmlDeviceGetMaxMigDeviceCount(handle)):
        try:
            found.append(str(pynvml.nvmlDeviceGetUUID(pynvml.nvmlDeviceGetMigDeviceHandleByIndex(handle, index))))
        except pynvml.NVMLError:  # a place that holds no instance
            continue
    return found


def nvml_processes(handle: object) -> list[dict[str, object]]:
    """Who computes on a card; of another user's process, or outside of a container, only the number is known."""
    import pynvml

    try:
        running = pynvml.nvmlDeviceGetComputeRunningProcesses(handle)
    except pynvml.NVMLError:
        return []
    return [
        {"pid": one.pid, "name": process_name(one.pid), "memory": (one.usedGpuMemory or 0) // MIB} for one in running
    ]


def process_name(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
            return file.read().strip()
    except OSError:
        return ""


def ask_cuda() -> dict[str, object]:
    """What libcuda says: highest CUDA, cuInit's answer, the devices that CUDA_VISIBLE_DEVICES leaves, its own file."""
    library = ctypes.CDLL(LIBCUDA)
    number = ctypes.c_int()
    answer: dict[str, object] = {"file": loaded_file("libcuda.so")}
    tell(answer)  # what follows may kill this process
    if library.cuDriverGetVersion(ctypes.byref(number)) == 0:
        answer["cuda"] = f"{number.value // 1000}.{number.value % 1000 // 10}"
    answer["init"] = library.cuInit(0)
    if answer["init"] == 0 and library.cuDeviceGetCount(ctypes.byref(number)) == 0:
        answer["devices"] = [cuda_device(library, index) for index in range(number.value)]
    return answer


def cuda_device(library: ctypes.CDLL, index: int) -> dict[str, object]:
    device, name, memory = ctypes.c_int(), ctypes.create_string_buffer(96), ctypes.c_size_t()
    major, minor, multiprocessors = ctypes.c_int(), ctypes.c_int(), ctypes.c_int()
    library.cuDeviceGet(ctypes.byref(device), index)
    library.cuDeviceGetName(name, 96, device)
    library.cuDeviceGetAttribute(ctypes.byref(major), 75, device)  # CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
    library.cuDeviceGetAttribute(ctypes.byref(minor), 76, device)
    library.cuDeviceGetAttribute(ctypes.byref(multiprocessors), 16, device)
    library.cuDeviceTotalMem_v2(ctypes.byref(memory), device)
    return {
        "index": index,
        "name": name.value.decode("utf-8", "replace"),
        "uuid": cuda_uuid(library, device),
        "capability": f"{major.value}.{minor.value}",
        "memory": memory.value // MIB,
        "used": 0,
        "mig": False,
        "multiprocessors": multiprocessors.value,
    }


def cuda_uuid(library: ctypes.CDLL, device: ctypes.c_int) -> str:
    """The UUID as NVML and CUDA_VISIBLE_DEVICES write it; "" where libcuda does not tell (before CUDA 9.2)."""
    raw = (ctypes.c_ubyte * 16)()
    try:
        if library.cuDeviceGetUuid(ctypes.byref(raw), device) != 0:
            return ""
    except AttributeError:
        return ""
    text = bytes(raw).hex()
    return f"GPU-{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def loaded_file(stem: str) -> str:
    """The file behind a loaded library, from /proc/self/maps; "" where there is none."""
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:  # noqa: PTH123
            found = re.findall(rf"(/\S*/{re.escape(stem)}\S*)", maps.read())
    except OSError:
        return ""
    return found[0] if found else ""


def main() -> None:
    try:
        answer = {"nvml": ask_nvml, "cuda": ask_cuda}[sys.argv[1]]()
    except ImportError as error:
        answer = {"error": f"nvidia-ml-py cannot be imported: {error}"}
    except (OSError, AttributeError) as error:
        answer = {"error": str(error)}
    except Exception as error:  # an NVML error in the middle: what it says is the fact
        answer = {"error": f"{type(error).__name__}: {error}"}
    tell(answer)


def tell(answer: dict[str, object]) -> None:
    print(MARK + json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
