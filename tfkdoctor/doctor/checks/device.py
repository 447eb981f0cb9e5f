"""What the GPU checks ask of a case: its driver, whether its TensorFlow has CUDA, whether a device is in order."""

from __future__ import annotations

from tfkdoctor.doctor.checks.case import Case
from tfkdoctor.doctor.compat import CudaBuild, parse
from tfkdoctor.doctor.facts import Build, Driver, Unknown

CU_NO_DEVICE = 100  # cuInit's answer where it finds no device


def driver(case: Case) -> Driver | None:
    return None if isinstance(case.facts.driver, Unknown) else case.facts.driver


def wanted(case: Case) -> CudaBuild | None:
    """What the installed TensorFlow needs of CUDA; None for a build without it, or where that is not known."""
    return case.table.cuda_for(case.version) if case.version and cuda_build(case) else None


def cuda_build(case: Case) -> bool:
    build = case.facts.build
    if isinstance(build, Build) and isinstance(build.cuda_build, bool):
        return build.cuda_build
    known = case.release
    return bool(known and known.cuda_build)


def older(version: str, floor: str) -> bool:
    have, need = parse(version), parse(floor)
    return have is not None and need is not None and have < need


def in_order(case: Case) -> bool:
    """Whether there is a device and libcuda starts: only then missing CUDA libraries are a fault."""
    found = driver(case)
    return bool(case.gpus) and found is not None and found.init in (0, CU_NO_DEVICE)
