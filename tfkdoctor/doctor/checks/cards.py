"""Checks of each card's compute capability against the code in the TensorFlow build: GP022, GP023."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import Case, Found, Look
from tfkdoctor.doctor.checks.device import cuda_build
from tfkdoctor.doctor.facts import Build, Gpu
from tfkdoctor.model import Evidence


def capabilities(case: Case) -> tuple[str, ...]:
    """What code the build contains: sm_XY and compute_XY; from the build itself, else from the table."""
    build = case.facts.build
    if isinstance(build, Build) and isinstance(build.capabilities, tuple):
        return build.capabilities
    return case.release.capabilities if case.release else ()


def level(code: str) -> tuple[int, int]:
    digits = code.rpartition("_")[2].rstrip("af").replace(".", "")
    return int(digits[:-1]), int(digits[-1])


def served(gpu: Gpu, codes: tuple[str, ...]) -> str:
    """native | jit | none: sm_XY runs on the same major from minor Y on; compute_XY is compiled for any later one."""
    major, minor = level(gpu.capability)
    if any(code.startswith("sm_") and level(code)[0] == major and level(code)[1] <= minor for code in codes):
        return "native"
    if f"compute_{major}{minor}" in codes:  # PTX for this very card: TensorFlow counts it as its own and says nothing
        return "native"
    return "jit" if any(level(code) <= (major, minor) for code in codes if code.startswith("compute_")) else "none"


def old_card(case: Case) -> Iterator[Found]:
    codes = capabilities(case)
    for gpu in case.gpus:
        if codes and cuda_build(case) and re.match(r"\d+\.\d", gpu.capability) and served(gpu, codes) == "none":
            yield Found(
                f"{gpu.name} has compute capability {gpu.capability}; TensorFlow {case.version} holds code for "
                f"{', '.join(codes)}: the GPU is listed and the first operation fails",
                newest_for(case, gpu),
                (
                    Evidence("compute capability", gpu.capability, "NVML"),
                    Evidence("build", " ".join(codes), "build_info.py"),
                ),
            )


def newest_for(case: Case, gpu: Gpu) -> str:
    fits = [
        one.version
        for one in case.table.finals()
        if one.cuda_build and one.capabilities and served(gpu, one.capabilities) != "none"
    ]
    return (
        f"TensorFlow {fits[-1]} is the last that serves this card" if fits else "no TensorFlow wheel serves this card"
    )


def new_card(case: Case) -> Iterator[Found]:
    codes = capabilities(case)
    for gpu in case.gpus:
        if codes and cuda_build(case) and re.match(r"\d+\.\d", gpu.capability) and served(gpu, codes) == "jit":
            yield Found(
                f"{gpu.name} has compute capability {gpu.capability}, newer than the code in TensorFlow {case.version} "
                f"({', '.join(codes)}): the driver compiles every kernel at the first run, which takes up to half an "
                "hour or fails",
                "NVIDIA's container for this card, or a build from source; CUDA_CACHE_MAXSIZE=4294967296 keeps it",
                (
                    Evidence("compute capability", gpu.capability, "NVML"),
                    Evidence("build", " ".join(codes), "build_info.py"),
                ),
            )


LOOKS: dict[str, Look] = {
    "GP022": old_card,
    "GP023": new_card,
}
