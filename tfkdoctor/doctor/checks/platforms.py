"""Checks of platforms on which TensorFlow's wheels lack the GPU, or are no more: PY."""

from __future__ import annotations

from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import Case, Found, Look, installed
from tfkdoctor.doctor.compat import minor
from tfkdoctor.doctor.facts import Unknown
from tfkdoctor.model import Evidence

LAST_WINDOWS_CUDA = "2.10.1"


def windows_gpu(case: Case) -> Iterator[Found]:
    if case.platform == "win_amd64" and case.tensorflow and case.minor >= (2, 11) and case.interpreter:
        yield Found(
            f"TensorFlow {case.version} has no CUDA on Windows; {LAST_WINDOWS_CUDA} was the last with it",
            f'use WSL2, or tensorflow=={LAST_WINDOWS_CUDA} with CUDA 11.2, "numpy<2" and Python up to 3.10',
            (installed(case.tensorflow), Evidence("system", "Windows", case.interpreter.executable)),
        )


def runtime_library(case: Case) -> Iterator[Found]:
    """Microsoft's C++ runtime; a DLL of it that is missing ends the import."""
    host = case.facts.host
    missing = () if isinstance(host, Unknown) or isinstance(host.missing_dlls, Unknown) else host.missing_dlls
    if case.platform == "win_amd64" and case.tensorflow and missing:
        yield Found(
            f"{', '.join(missing)} is missing: DLL load failed while importing _pywrap_tensorflow_internal",
            "install the newest Microsoft Visual C++ Redistributable (vc_redist.x64.exe)",
            tuple(Evidence("dll", name, "System32") for name in missing),
        )


def intel_mac(case: Case) -> Iterator[Found]:
    one = case.interpreter
    known = case.table.installable(case.python, case.platform)
    if one is None or case.platform != "macos_x86_64" or not known:
        return
    newest = case.table.finals()[-1]
    if minor(known[-1]) < minor(newest.version) and not translated(case):
        yield Found(
            f"on an Intel Mac TensorFlow ends with {known[-1]}; the newest is {newest.version}",
            "a Mac with an Apple processor, or Linux",
            (Evidence("machine", one.machine, one.executable),),
        )


def translated(case: Case) -> bool:
    return not isinstance(case.facts.host, Unknown) and case.facts.host.translated


def rosetta(case: Case) -> Iterator[Found]:
    one = case.interpreter
    if one is not None and one.system == "Darwin" and one.machine == "x86_64" and translated(case):
        yield Found(
            "this Python is built for Intel and runs translated (Rosetta): TensorFlow's wheels for it use AVX, which "
            "Rosetta does not offer",
            "a Python for arm64: python -c 'import platform; print(platform.machine())' says arm64",
            (Evidence("sysctl.proc_translated", "1", "sysctl"),),
        )


def arm_linux_gpu(case: Case) -> Iterator[Found]:
    if case.platform == "linux_aarch64" and case.tensorflow and case.gpus:
        yield Found(
            f"TensorFlow {case.version} for aarch64 is built without CUDA on the package index; {case.gpus[0].name} is "
            "not used",
            "NVIDIA's container nvcr.io/nvidia/tensorflow",
            (installed(case.tensorflow), Evidence("machine", "aarch64", "platform.machine()")),
        )


LOOKS: dict[str, Look] = {
    "PY009": windows_gpu,
    "PY010": runtime_library,
    "PY011": intel_mac,
    "PY012": rosetta,
    "PY013": arm_linux_gpu,
}
