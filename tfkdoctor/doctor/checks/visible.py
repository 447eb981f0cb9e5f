"""Checks of which GPUs a program gets and how much of them: GP019, GP020, GP021, GP025, GP026, GP037."""

from __future__ import annotations

from collections.abc import Iterator

from tfkdoctor.doctor.chain import broken, chain
from tfkdoctor.doctor.checks.case import Case, Found, Look
from tfkdoctor.doctor.checks.device import CU_NO_DEVICE, cuda_build, driver
from tfkdoctor.doctor.facts import Gpu
from tfkdoctor.model import Evidence, Severity

LITTLE = 1024  # MiB: TensorFlow takes what is free, and the first larger tensor is one too many
USUAL_MULTIPROCESSORS = 8  # TF_MIN_GPU_MULTIPROCESSOR_COUNT of gpu_device.cc, or those of the largest card if fewer


def hidden_devices(case: Case) -> Iterator[Found]:
    found = driver(case)
    value = case.variable("CUDA_VISIBLE_DEVICES")
    if found is None or value is None or not case.gpus or not isinstance(found.visible, int):
        return
    if found.visible < len(case.gpus):
        token = wrong_token(value, case.gpus)
        yield Found(
            f"CUDA_VISIBLE_DEVICES={value} leaves {found.visible} of {len(case.gpus)} GPUs"
            + (f": {token} names none, and hides itself and all that follow" if token else ""),
            "unset CUDA_VISIBLE_DEVICES, if that is not meant",
            (
                Evidence("CUDA_VISIBLE_DEVICES", value, "environment"),
                Evidence("visible", str(found.visible), "libcuda"),
            ),
            Severity.WARNING if found.visible == 0 else Severity.HINT,
        )


def wrong_token(value: str, gpus: tuple[Gpu, ...]) -> str:
    """The first token that names no GPU or one that was named before, "" if there is none or all are meant hidden."""
    seen: set[int] = set()
    for token in (part.strip() for part in value.split(",")):
        if token in ("", "-1") and not seen:
            return ""
        place = next((gpu.index for gpu in gpus if str(gpu.index) == token or names(token, gpu)), None)
        if place is None or place in seen:
            return token or "an empty token"
        seen.add(place)
    return ""


def names(token: str, gpu: Gpu) -> bool:
    """Whether a UUID, or the beginning of one, is that of a GPU or of one of its MIG instances."""
    uuids = [gpu.uuid, *gpu.mig_instances]
    return token.startswith(("GPU-", "MIG-")) and any(uuid.startswith(token) for uuid in uuids)


def other_order(case: Case) -> Iterator[Found]:
    found = driver(case)
    if found is None or len(case.gpus) < 2 or case.variable("CUDA_DEVICE_ORDER") == "PCI_BUS_ID":
        return
    ours = [gpu.uuid for gpu in case.gpus]
    value = case.variable("CUDA_VISIBLE_DEVICES")
    if value is None and sorted(found.order) == sorted(ours) and list(found.order) != ours:
        first = next(gpu for gpu in case.gpus if gpu.uuid == found.order[0])
        yield Found(
            f"CUDA's device 0 is {first.name}, which nvidia-smi counts as {first.index}: CUDA puts the fastest first",
            "export CUDA_DEVICE_ORDER=PCI_BUS_ID, and both count alike",
            (Evidence("CUDA's order", ", ".join(found.order), "libcuda"), Evidence("order", ", ".join(ours), "NVML")),
        )


def mig(case: Case) -> Iterator[Found]:
    value = case.variable("CUDA_VISIBLE_DEVICES")
    for gpu in case.gpus:
        if not gpu.mig:
            continue
        seen = Evidence("MIG", f"on, {len(gpu.mig_instances)} instances", "NVML")
        if not gpu.mig_instances:
            yield Found(
                f"{gpu.name} is in MIG mode and has no instance: no program gets anything of it",
                f"nvidia-smi mig -i {gpu.index} -cgi … -C makes one, nvidia-smi -i {gpu.index} -mig 0 ends the mode",
                (seen,),
            )
        elif value is None or not value.startswith("MIG-"):
            yield Found(
                f"{gpu.name} is in MIG mode: a program gets the first instance, unless CUDA_VISIBLE_DEVICES names one",
                f"export CUDA_VISIBLE_DEVICES={gpu.mig_instances[0]}",
                (seen, *(Evidence("instance", uuid, "NVML") for uuid in gpu.mig_instances[:3])),
            )


def little_memory(case: Case) -> Iterator[Found]:
    for gpu in case.gpus:
        free = gpu.memory - gpu.used
        if gpu.memory and free < LITTLE and not gpu.mig and cuda_build(case):
            users = [f"{one.name or 'process'} ({one.pid}, {one.memory} MiB)" for one in gpu.processes]
            by = f", used by {', '.join(users[:3])}" if users else ""
            yield Found(
                f"{gpu.name} has {free} of {gpu.memory} MiB free{by}: TensorFlow gets what is left "
                "and runs out of memory",
                f"end the process (kill {gpu.processes[0].pid}), or TF_FORCE_GPU_ALLOW_GROWTH=true in it if it is a "
                "TensorFlow"
                if users
                else "see nvidia-smi for who uses it",
                (Evidence("memory", f"{gpu.used} of {gpu.memory} MiB used", "NVML"),),
            )


def small_card(case: Case) -> Iterator[Found]:
    counts = {gpu.index: gpu.multiprocessors for gpu in case.gpus if gpu.multiprocessors}
    given = case.variable("TF_MIN_GPU_MULTIPROCESSOR_COUNT") or ""
    if not counts or not cuda_build(case):
        return
    least = int(given) if given.isdigit() else min(USUAL_MULTIPROCESSORS, max(counts.values()))
    for gpu in case.gpus:
        if 0 < gpu.multiprocessors < least:
            yield Found(
                f"{gpu.name} has {gpu.multiprocessors} multiprocessors; TensorFlow leaves out cards "
                f"with fewer than {least}",
                f"export TF_MIN_GPU_MULTIPROCESSOR_COUNT={gpu.multiprocessors}, if it is to be used",
                (Evidence("multiprocessors", str(gpu.multiprocessors), "libcuda"),),
            )


def no_device(case: Case) -> Iterator[Found]:
    """NVML lists GPUs and CUDA finds none, for no reason that another check tells."""
    found = driver(case)
    if found is None or not case.gpus or found.init != CU_NO_DEVICE or not cuda_build(case) or not case.version:
        return
    link = broken(chain(case.facts, case.version))
    if case.variable("CUDA_VISIBLE_DEVICES") is None and link is not None:
        yield Found(
            f"NVML lists {len(case.gpus)} GPUs and CUDA finds none (cuInit answers 100); what breaks is {link.name}: "
            f"{link.what}",
            "in a container: --gpus all and NVIDIA_VISIBLE_DEVICES; else nvidia-smi -q shows the state of each card",
            (
                Evidence("cuInit", "100, CUDA_ERROR_NO_DEVICE", found.library_file or "libcuda.so.1"),
                Evidence("devices", ", ".join(gpu.name for gpu in case.gpus), "NVML"),
            ),
        )


LOOKS: dict[str, Look] = {
    "GP019": hidden_devices,
    "GP020": other_order,
    "GP021": mig,
    "GP025": little_memory,
    "GP026": small_card,
    "GP037": no_device,
}
