"""Find what XLA compiles kernels with, ptxas and libdevice, where TensorFlow looks for them.

The places and their order were taken down from the log of TensorFlow 2.21.0 (xla: cuda_root_path.cc,
nvptx_libdevice_path.cc, subprocess_compilation.cc at VLOG) while it compiled under tests/fake_driver.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tfkdoctor.doctor.facts import Compilers
from tfkdoctor.doctor.process import run_child

LIBDEVICE = "nvvm/libdevice/libdevice.10.bc"
SECONDS = 5.0
DATA_DIR = re.compile(r"--xla_gpu_cuda_data_dir=(\S+)")


def find_compilers(
    tensorflow: Path, variables: Mapping[str, str], env: Mapping[str, str], cwd: Path, *, ask: bool
) -> Compilers:
    """What TensorFlow in the folder `tensorflow` would compile with; `ask`: start ptxas for its version."""
    given = DATA_DIR.search(variables.get("XLA_FLAGS", ""))
    data = cwd / (given[1] if given else "cuda_sdk_lib")
    roots = [data, *cuda_roots(tensorflow)]
    programs = [data / "bin", *(Path(part) for part in env.get("PATH", "").split(os.pathsep) if part)]
    programs += [root / "bin" for root in roots[1:]]
    ptxas = next((str(folder / "ptxas") for folder in programs if os.access(folder / "ptxas", os.X_OK)), "")
    libdevice = next((str(root / LIBDEVICE) for root in roots if (root / LIBDEVICE).is_file()), "")
    if not libdevice and (cwd / "libdevice.10.bc").is_file():
        libdevice = str(cwd / "libdevice.10.bc")
    version = (wheel_version(ptxas) or (ptxas_version(ptxas, env, cwd) if ask else "")) if ptxas else ""
    return Compilers(ptxas, version, libdevice, tuple(map(str, dict.fromkeys(roots))))


def cuda_roots(tensorflow: Path) -> Iterator[Path]:
    """The folders that may hold a CUDA toolkit, in XLA's order."""
    site = tensorflow.parent
    yield from (Path("/usr/local/cuda"), Path("/opt/cuda"))
    yield from (site / "nvidia/cuda_nvcc", site.parent / "nvidia/cuda_nvcc", tensorflow / "cuda")
    yield from (site.parent.parent.parent, site.parent.parent.parent.parent)


def wheel_version(ptxas: str) -> str:
    """The version of the wheel that a ptxas lies in, from the name of its metadata."""
    if "/nvidia/cuda_nvcc/" not in ptxas:
        return ""
    site = Path(ptxas.partition("/nvidia/cuda_nvcc/")[0])
    found = sorted(site.glob("nvidia_cuda_nvcc*.dist-info"))
    return found[-1].name.removesuffix(".dist-info").rpartition("-")[2] if found else ""


def ptxas_version(ptxas: str, env: Mapping[str, str], cwd: Path) -> str:
    """What `ptxas --version` says, such as 12.5.82; "" where it does not answer."""
    outcome = run_child([ptxas, "--version"], b"", cwd=cwd, env=dict(env), timeout=SECONDS)
    match = re.search(r"\bV(\d+(?:\.\d+)+)", outcome.stdout)
    return match[1] if match and not outcome.problem else ""
