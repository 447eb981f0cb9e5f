"""Checks of what XLA compiles kernels with, and of the variables that change it: GP011, GP012, GP024, GP030, GP041."""

from __future__ import annotations

from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import Case, Found, Look
from tfkdoctor.doctor.checks.cuda import cuda_major
from tfkdoctor.doctor.checks.device import in_order, older, wanted
from tfkdoctor.doctor.facts import Compilers, Tried
from tfkdoctor.model import Evidence, Severity

SEEN_FAILING = (2, 21)  # from here on measured; before it XLA's places and its way out were others
LEAST_PTXAS = "11.8"  # measured: TensorFlow 2.21 takes a ptxas from 11.8 on
MISCOMPILES = ("12.0", "12.6.85")  # ptxas 12.6.85 is that of CUDA 12.6.3; TensorFlow 2.21 warns below it
JIT_VARIABLES = {
    "CUDA_DISABLE_PTX_JIT": "the driver compiles no PTX: a card without code of its own in the build is not served",
    "CUDA_FORCE_PTX_JIT": "the driver compiles every kernel from PTX, which TensorFlow's build has for the newest only",
    "CUDA_CACHE_DISABLE": "what the driver compiles from PTX is compiled again in every process",
}


def compilers(case: Case) -> Compilers | None:
    """What was found, where a GPU is in order and this TensorFlow could use it."""
    found = case.facts.compilers
    return found if isinstance(found, Compilers) and in_order(case) and wanted(case) else None


def grade(case: Case) -> Severity | None:
    return None if case.minor >= SEEN_FAILING else Severity.WARNING if case.minor >= (2, 14) else Severity.HINT


def compiler_help(case: Case) -> str:
    need = wanted(case)
    if need is None or case.minor < (2, 14):
        return "install the CUDA toolkit, or XLA_FLAGS=--xla_gpu_cuda_data_dir=… to where it lies"
    return f'python -m pip install "nvidia-cuda-nvcc-cu{cuda_major(need)}>={need.cuda}"'


def no_libdevice(case: Case) -> Iterator[Found]:
    found = compilers(case)
    if found and not found.libdevice:
        yield Found(
            "libdevice.10.bc is nowhere to be found: what is compiled with XLA (jit_compile=True) fails with "
            "'libdevice not found'",
            compiler_help(case),
            (Evidence("nvvm/libdevice/libdevice.10.bc", "not found", ", ".join(found.searched)),),
            grade(case),
        )


def no_ptxas(case: Case) -> Iterator[Found]:
    found = compilers(case)
    if found is None:
        return
    if not found.ptxas:
        yield Found(
            "ptxas is nowhere to be found: what is compiled with XLA (jit_compile=True) fails with "
            "'No PTX compilation provider is available'",
            compiler_help(case),
            (Evidence("ptxas", "not found", "PATH, " + ", ".join(found.searched)),),
            grade(case),
        )
    elif found.ptxas_version and older(found.ptxas_version, LEAST_PTXAS):
        yield Found(
            f"ptxas {found.ptxas_version} is too old, {LEAST_PTXAS} is the least: what is compiled with XLA fails",
            compiler_help(case),
            (Evidence("ptxas", found.ptxas_version, found.ptxas),),
            grade(case),
        )


def bad_ptxas(case: Case) -> Iterator[Found]:
    found = compilers(case)
    first, mended = MISCOMPILES
    if (
        found
        and found.ptxas_version
        and not older(found.ptxas_version, first)
        and older(found.ptxas_version, mended)
        and case.minor >= SEEN_FAILING
    ):
        yield Found(
            f"ptxas {found.ptxas_version} miscompiles some code around clamping, as TensorFlow itself warns",
            f'python -m pip install -U "nvidia-cuda-nvcc-cu12>={mended}"',
            (Evidence("ptxas", found.ptxas_version, found.ptxas),),
        )


def jit_variables(case: Case) -> Iterator[Found]:
    for name, effect in JIT_VARIABLES.items():
        value = case.variable(name)
        if value == "1" and in_order(case):
            yield Found(f"{name}=1: {effect}", f"unset {name}", (Evidence(name, value, "environment"),))


def xla_flags(case: Case) -> Iterator[Found]:
    value = case.variable("XLA_FLAGS")
    if not value or not case.version:
        return
    tried = case.facts.tried
    evidence = Evidence("XLA_FLAGS", value, "environment")
    if isinstance(tried, Tried):
        unknown = next((line.partition("Unknown flag")[2] for line in tried.log if "Unknown flag" in line), "")
        if unknown:
            yield Found(
                f"TensorFlow {case.version} does not know a flag{unknown}: the process ends when XLA or the GPU starts",
                "unset XLA_FLAGS, or take the flag out",
                (evidence, Evidence("child", tried.detail or "ended", "a child process that computes")),
                Severity.ERROR,
            )
        return
    yield Found(
        f"XLA_FLAGS is set ({value}): a flag that this TensorFlow does not know ends the process; --deep tries it",
        "unset XLA_FLAGS, if it is left from another version",
        (evidence,),
    )


LOOKS: dict[str, Look] = {
    "GP011": no_libdevice,
    "GP012": no_ptxas,
    "GP024": jit_variables,
    "GP030": xla_flags,
    "GP041": bad_ptxas,
}
