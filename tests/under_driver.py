"""Build the driver without a card of tests/fake_driver, and ask a real TensorFlow what it sees under it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SOURCES = Path(__file__).with_name("fake_driver")
DRIVER = "570.133.07"
GCC = shutil.which("gcc")
CUDA_12 = {  # library -> the wheel that brings it, as tensorflow[and-cuda]==2.21.0 pins them, and the folder in it
    "libcudart.so.12": ("nvidia-cuda-runtime-cu12", "12.5.82", "cuda_runtime"),
    "libcublas.so.12": ("nvidia-cublas-cu12", "12.5.3.2", "cublas"),
    "libcublasLt.so.12": ("nvidia-cublas-cu12", "12.5.3.2", "cublas"),
    "libcufft.so.11": ("nvidia-cufft-cu12", "11.2.3.61", "cufft"),
    "libcusolver.so.11": ("nvidia-cusolver-cu12", "11.6.3.83", "cusolver"),
    "libcusparse.so.12": ("nvidia-cusparse-cu12", "12.5.1.3", "cusparse"),
    "libcudnn.so.9": ("nvidia-cudnn-cu12", "9.3.0.75", "cudnn"),
}
WRITTEN_IN_C = {"libcudart.so.12": "cudart", "libcudnn.so.9": "cudnn"}


def compile_library(source: str, target: Path, *options: str) -> Path:
    """Build tests/fake_driver/<source>.c as a shared library."""
    assert GCC
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [GCC, "-shared", "-fPIC", "-w", f"-Wl,-soname,{target.name}", "-o", str(target)]
    subprocess.run([*command, str(SOURCES / f"{source}.c"), *options], check=True, timeout=60)
    return target


def build_driver(folder: Path) -> Path:
    """A folder with libnvidia-ml.so.1 and libcuda.so.<version> behind libcuda.so.1, as a driver installs them."""
    compile_library("nvml", folder / "libnvidia-ml.so.1")
    compile_library("cuda", folder / "libcuda.so.1").rename(folder / f"libcuda.so.{DRIVER}")
    (folder / "libcuda.so.1").symlink_to(f"libcuda.so.{DRIVER}")
    return folder


def build_cuda(folder: Path, driver: Path) -> Path:
    """A folder with all CUDA libraries that TensorFlow 2.21 opens."""
    compile_library("empty", folder / "libcublas.so.12")
    for name in CUDA_12:
        if source := WRITTEN_IN_C.get(name):
            compile_library(source, folder / name, f"-L{driver}", "-l:libcuda.so.1")
        elif not (folder / name).exists():
            shutil.copy(folder / "libcublas.so.12", folder / name)
    return folder


def install_wheels(site: Path, libraries: Path) -> None:
    """The CUDA libraries in site-packages as NVIDIA's wheels lay them out, each with its metadata."""
    from doctor_values import put_dist

    owned: dict[tuple[str, str], list[str]] = {}
    for name, (wheel, version, folder) in CUDA_12.items():
        owned.setdefault((wheel, version), []).append(f"nvidia/{folder}/lib/{name}")
    for (wheel, version), files in owned.items():
        put_dist(site, wheel, version, files=tuple(files))
        for file in files:
            (site / file).unlink()
            shutil.copy(libraries / Path(file).name, site / file)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a TensorFlow did in one case: the devices it lists, the error it raises, the signal it dies of, its log."""

    devices: tuple[str, ...]
    error: str
    signal: int
    log: str


@dataclass(frozen=True, slots=True)
class Question:
    """A step of `fake_driver/ask.py`, the variables it is asked with, and which links lead where meanwhile."""

    step: str = "devices"
    variables: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[Path, Path] = field(default_factory=dict)


def ask_tensorflow(
    python: Path, questions: Mapping[str, Question], env: Mapping[str, str], folder: Path, *wrapper: str
) -> dict[str, Seen]:
    """Ask each question in a fork of one TensorFlow: a tenth of a second each, after the seconds of the import."""
    request, response = folder / "request.json", folder / "response.json"
    cases = {
        name: {
            "step": one.step,
            "variables": dict(one.variables),
            "links": {str(link): str(target) for link, target in one.links.items()},
        }
        for name, one in questions.items()
    }
    request.write_text(json.dumps(cases))
    quiet = {"PYTHONDONTWRITEBYTECODE": "1", "HOME": str(folder), "TF_CPP_MIN_LOG_LEVEL": "0"}
    base = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TMPDIR")}
    command = [*wrapper, str(python), str(SOURCES / "ask.py"), str(request), str(response)]
    done = subprocess.run(
        command, env={**base, **quiet, **env}, cwd=folder, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers = json.loads(response.read_text())
    return {name: Seen(tuple(one["devices"]), one["error"], one["signal"], one["log"]) for name, one in answers.items()}
