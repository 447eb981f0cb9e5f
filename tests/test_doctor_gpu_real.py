"""Each GPU finding against what TensorFlow 2.21 really does, under the driver of tests/fake_driver."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import environments
import pytest
from doctor_values import put_dist
from under_driver import CUDA_12, GCC, Seen, ask_tensorflow, build_cuda, build_driver, compile_library, install_wheels

from tfkdoctor.doctor.examine import check, gather
from tfkdoctor.model import Severity

pytestmark = [
    pytest.mark.environment,
    pytest.mark.skipif(GCC is None, reason="gcc is not here to build the driver"),
]
GPU0 = "/physical_device:GPU:0"
COMPILERS = {"GP011", "GP012", "GP041"}  # whether this machine has a CUDA toolkit is not what these tests are about


@dataclass(frozen=True)
class Machine:
    """A copy of TensorFlow 2.21 with the CUDA libraries in wheels, and a driver."""

    python: Path
    site: Path
    driver: Path
    libraries: Path

    def env(self, *folders: Path) -> dict[str, str]:
        return {"LD_LIBRARY_PATH": ":".join(map(str, (self.driver, *folders)))}


@pytest.fixture(scope="module")
def machine(newest: environments.Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    driver = build_driver(tmp_path_factory.mktemp("driver"))
    libraries = build_cuda(tmp_path_factory.mktemp("cuda"), driver)
    with environments.damageable_copy(newest) as folder:
        site = next(folder.glob("lib/python3*/site-packages"))
        install(site, libraries)
        yield Machine(folder / "bin" / "python", site, driver, libraries)


def install(site: Path, libraries: Path) -> None:
    """The wheels, and what the fix of GP005 does: TensorFlow 2.21 does not look into the folder of cuSOLVER."""
    install_wheels(site, libraries)
    (site / "nvidia/cublas/lib/libcusolver.so.11").symlink_to(site / "nvidia/cusolver/lib/libcusolver.so.11")


@contextmanager
def variables(added: Mapping[str, str]) -> Iterator[None]:
    """The environment of this process, and so of the doctor, with these variables."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CUDA_VISIBLE_DEVICES", "XLA_FLAGS", "TF_CPP_MIN_LOG_LEVEL", *added):
            patch.delenv(name, raising=False)
        for name, value in added.items():
            patch.setenv(name, value)
        yield


def findings(machine: Machine, env: Mapping[str, str], cwd: Path, *, deep: bool = False) -> set[str]:
    """`CODE severity` of what the doctor says of the GPU, without the explaining GP001 to GP0.. hints."""
    with variables(env):
        one = gather(str(machine.python), deep=deep, cwd=cwd)
    return {
        f"{found.code} {found.severity}"
        for found in check(one).findings
        if found.code.startswith("GP") and found.severity is not Severity.HINT and found.code not in COMPILERS
    }


@dataclass(frozen=True)
class Case:
    """Variables of the driver, what the doctor must say, and what TensorFlow must do in the step."""

    given: Mapping[str, str]
    says: set[str]
    devices: tuple[str, ...] = ()
    step: str = "devices"
    log: str = ""
    error: str = ""
    signal: int = 0


CASES = {
    "a whole machine": Case({}, set(), (GPU0,), "kernel"),
    "two cards": Case({"FAKE_GPUS": "9.0,8.6"}, set(), (GPU0, "/physical_device:GPU:1")),
    **{
        f"cuInit {code}": Case({"FAKE_INIT": str(code)}, {"GP027 error"}, log="failed call to cuInit")
        for code in (3, 34, 35, 101, 304, 500, 802, 804, 999)
    },
    "cuInit 100": Case({"FAKE_INIT": "100"}, {"GP037 error"}, log="CUDA_ERROR_NO_DEVICE"),
    "cuInit 803": Case({"FAKE_INIT": "803"}, {"GP014 error"}, log="CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"),
    "NVML 4": Case({"FAKE_NVML": "4"}, {"GP028 error"}),
    "NVML 9": Case({"FAKE_NVML": "9"}, {"GP017 error"}),
    "NVML 18": Case({"FAKE_NVML": "18"}, {"GP014 error"}),
    "libcuda aborts": Case({"FAKE_DIES": "abort"}, {"GP039 error"}, signal=6),
    "libcuda dies of an instruction": Case({"FAKE_DIES": "ill"}, {"GP039 error"}, signal=4),
    "hidden by -1": Case({"CUDA_VISIBLE_DEVICES": "-1"}, {"GP019 warning"}, log="CUDA_ERROR_NO_DEVICE"),
    "hidden by an index that is not there": Case({"CUDA_VISIBLE_DEVICES": "7"}, {"GP019 warning"}),
    "an old driver": Case(
        {"FAKE_API": "11040"}, {"GP013 error"}, (GPU0,), "kernel", error="CUDA driver version is insufficient"
    ),
    "a card from before Pascal": Case(
        {"FAKE_GPUS": "5.2"}, {"GP022 error"}, step="kernel", log="no kernel image is available", signal=6
    ),
    "a Pascal": Case({"FAKE_GPUS": "6.1"}, set(), (GPU0,), "kernel"),
    "an Ada": Case({"FAKE_GPUS": "8.9"}, set(), (GPU0,), "kernel"),
    "a Blackwell": Case(
        {"FAKE_GPUS": "12.0"}, {"GP023 warning"}, (GPU0,), "kernel", log="compatible with compute capability 12.0"
    ),
    "memory is taken": Case(
        {"FAKE_USED": "16084"}, {"GP025 warning"}, (GPU0,), "large", error="OOM when allocating tensor"
    ),
    "a small second card": Case(
        {"FAKE_GPUS": "9.0,9.0", "FAKE_SM": "132,4"},
        {"GP026 warning"},
        ("/device:GPU:0",),
        "logical",
        log="The minimum required count is 8",
    ),
    "cuDNN of the wheel": Case({}, set(), (GPU0,)),
}


@pytest.fixture(scope="module")
def seen(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    cases = {name: (case.step, case.given) for name, case in CASES.items()}
    return ask_tensorflow(machine.python, cases, machine.env(), tmp_path_factory.mktemp("asked"))


@pytest.mark.parametrize("name", CASES)
def test_what_the_doctor_says_is_what_tensorflow_does(
    name: str, machine: Machine, seen: dict[str, Seen], tmp_path: Path
) -> None:
    case, real = CASES[name], seen[name]
    assert (real.devices, real.signal) == (case.devices, case.signal), real.log
    assert case.error in real.error and case.log in real.log, real
    assert findings(machine, {**machine.env(), **case.given}, tmp_path) == case.says


def drop(name: str) -> Callable[[Machine], None]:
    wheel, version, folder = CUDA_12[name]

    def change(one: Machine) -> None:
        (one.site / f"nvidia/{folder}/lib/{name}").unlink()
        shutil.rmtree(one.site / f"{wheel.replace('-', '_')}-{version}.dist-info")

    return change


def as_pip_leaves_it(one: Machine) -> None:
    (one.site / "nvidia/cublas/lib/libcusolver.so.11").unlink()


def move(one: Machine) -> None:
    """A wheel that lays its library where TensorFlow does not look, as the wheels of CUDA 13 do."""
    drop("libcufft.so.11")(one)
    put_dist(one.site, "nvidia-cufft-cu12", "11.2.3.61", files=("nvidia/cu12/lib/libcufft.so.11",))
    shutil.copy(one.libraries / "libcufft.so.11", one.site / "nvidia/cu12/lib/libcufft.so.11")


def cudnn8(one: Machine) -> None:
    drop("libcudnn.so.9")(one)
    put_dist(one.site, "nvidia-cudnn-cu12", "8.9.7.29", files=("nvidia/cudnn/lib/libcudnn.so.8",))
    shutil.copy(one.libraries / "libcudnn.so.9", one.site / "nvidia/cudnn/lib/libcudnn.so.8")


def cuda13(one: Machine) -> None:
    for name in CUDA_12:
        if (one.site / f"nvidia/{CUDA_12[name][2]}/lib/{name}").exists():
            (one.site / f"nvidia/{CUDA_12[name][2]}/lib/{name}").unlink()
        shutil.rmtree(
            one.site / f"{CUDA_12[name][0].replace('-', '_')}-{CUDA_12[name][1]}.dist-info", ignore_errors=True
        )
    put_dist(one.site, "nvidia-cublas-cu13", "13.0.0.19", files=("nvidia/cu13/lib/libcublas.so.13",))


def garbage(one: Machine) -> None:
    file = one.site / "nvidia/cusparse/lib/libcusparse.so.12"
    file.unlink()
    file.write_text("<html>404</html>")


def needy(one: Machine) -> None:
    """A libcusolver that needs a library which no wheel brings."""
    nowhere = compile_library("empty", one.libraries.parent / "needed" / "libnvJitLink.so.12")
    target = one.site / "nvidia/cusolver/lib/libcusolver.so.11"
    target.unlink()
    compile_library("empty", target, "-Wl,--no-as-needed", f"-L{nowhere.parent}", "-l:libnvJitLink.so.12")
    nowhere.unlink()


def old_cudnn(one: Machine) -> None:
    drop("libcudnn.so.9")(one)
    put_dist(one.site, "nvidia-cudnn-cu12", "9.1.0.70", files=("nvidia/cudnn/lib/libcudnn.so.9",))
    (one.site / "nvidia/cudnn/lib/libcudnn.so.9").unlink()
    compile_library("cudnn", one.site / "nvidia/cudnn/lib/libcudnn.so.9", "-DVERSION=90100")


BROKEN: dict[str, tuple[Callable[[Machine], None], set[str], str]] = {
    "no libcudart": (drop("libcudart.so.12"), {"GP003 error"}, "Cannot dlopen some GPU libraries"),
    "no libcufft": (drop("libcufft.so.11"), {"GP004 error"}, "Cannot dlopen some GPU libraries"),
    "tensorflow[and-cuda]==2.21.0 as pip installs it": (
        as_pip_leaves_it,
        {"GP005 error"},
        "Cannot dlopen some GPU libraries",
    ),
    "a wheel elsewhere": (move, {"GP005 error"}, "Cannot dlopen some GPU libraries"),
    "cuDNN 8": (cudnn8, {"GP007 error"}, "Cannot dlopen some GPU libraries"),
    "the wheels of CUDA 13": (
        cuda13,
        {"GP003 error", "GP004 error", "GP010 error"},
        "Cannot dlopen some GPU libraries",
    ),
    "no library": (garbage, {"GP038 error"}, "Cannot dlopen some GPU libraries"),
    "a library that needs another": (needy, {"GP038 error"}, "Cannot dlopen some GPU libraries"),
}


@contextmanager
def damaged(machine: Machine, change: Callable[[Machine], None]) -> Iterator[None]:
    """The machine with its wheels damaged, whole again afterwards."""
    change(machine)
    try:
        yield
    finally:
        shutil.rmtree(machine.site / "nvidia")
        for info in machine.site.glob("nvidia_*.dist-info"):
            shutil.rmtree(info)
        install(machine.site, machine.libraries)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_library_loses_the_gpu_and_is_named(name: str, machine: Machine, tmp_path: Path) -> None:
    change, says, log = BROKEN[name]
    with damaged(machine, change):
        real = ask_tensorflow(machine.python, {name: ("devices", {})}, machine.env(), tmp_path)[name]
        assert real.devices == () and log in real.log
        assert findings(machine, machine.env(), tmp_path) == says


def test_the_link_that_is_told_mends_a_library_out_of_reach(machine: Machine, tmp_path: Path) -> None:
    with damaged(machine, as_pip_leaves_it):
        with variables(machine.env()):
            run = check(gather(str(machine.python), deep=False, cwd=tmp_path))
        (found,) = (one for one in run.findings if one.code == "GP005")
        subprocess.run(found.help, shell=True, check=True, timeout=20)
        real = ask_tensorflow(machine.python, {"one": ("devices", {})}, machine.env(), tmp_path)["one"]
        assert real.devices == (GPU0,) and findings(machine, machine.env(), tmp_path) == set()


def test_an_old_cudnn_ends_the_first_compiled_function(machine: Machine, tmp_path: Path) -> None:
    with damaged(machine, old_cudnn):
        real = ask_tensorflow(machine.python, {"one": ("compiled", {})}, machine.env(), tmp_path)["one"]
        assert real.devices == (GPU0,) and "DNN library initialization failed" in real.error
        assert "Loaded runtime CuDNN library: 9.1.0 but source was compiled with: 9.3.0" in real.log
        assert findings(machine, machine.env(), tmp_path) == {"GP006 error"}


def test_ld_library_path_comes_before_the_wheel(machine: Machine, tmp_path: Path) -> None:
    compile_library("cudnn", tmp_path / "old" / "libcudnn.so.9.1.0", "-Wl,-soname,libcudnn.so.9", "-DVERSION=90100")
    (tmp_path / "old" / "libcudnn.so.9").symlink_to("libcudnn.so.9.1.0")
    env = machine.env(tmp_path / "old")
    real = ask_tensorflow(machine.python, {"one": ("compiled", {})}, env, tmp_path)["one"]
    assert "Loaded runtime CuDNN library: 9.1.0" in real.log
    assert findings(machine, env, tmp_path) == {"GP006 error", "GP008 error"}


def test_without_nvml_there_is_silence(machine: Machine, tmp_path: Path) -> None:
    bare = tmp_path / "driver"
    shutil.copytree(machine.driver, bare, symlinks=True)
    (bare / "libnvidia-ml.so.1").unlink()
    env = {"LD_LIBRARY_PATH": str(bare)}
    real = ask_tensorflow(machine.python, {"one": ("devices", {})}, env, tmp_path)["one"]
    assert real.devices == () and "cuda" not in real.log.lower()
    assert findings(machine, env, tmp_path) == {"GP017 error"}


def test_deep_computes_and_names_the_flag_that_ends_the_process(machine: Machine, tmp_path: Path) -> None:
    env = {**machine.env(), "XLA_FLAGS": "--xla_nonsense=1"}
    assert "GP030 error" in findings(machine, env, tmp_path, deep=True)


def test_a_build_without_cuda_beside_a_gpu(keras1: environments.Environment, machine: Machine, tmp_path: Path) -> None:
    with variables(machine.env()):
        one = gather(str(keras1.python), deep=False, cwd=tmp_path)
    assert "GP002" in {found.code for found in check(one).findings}


def test_nvidias_own_runtime_refuses_what_the_doctor_calls_too_old(machine: Machine, tmp_path: Path) -> None:
    """cudaErrorInsufficientDriver (35) from the real libcudart of nvidia-cuda-runtime-cu12, 0.7 MB."""
    target = tmp_path / "real"
    command = ["-m", "pip", "install", "-qq", "--no-deps", "--target", str(target), "nvidia-cuda-runtime-cu12==12.5.82"]
    if subprocess.run([str(machine.python), *command], capture_output=True, timeout=120).returncode:
        pytest.skip("nvidia-cuda-runtime-cu12 cannot be installed here")
    ask = (
        "import ctypes, sys; count = ctypes.c_int(); "
        "print(ctypes.CDLL(sys.argv[1]).cudaGetDeviceCount(ctypes.byref(count)))"
    )
    file = target / "nvidia/cuda_runtime/lib/libcudart.so.12"

    def answer(api: str) -> int:
        env = {**os.environ, **machine.env(), "FAKE_API": api}
        return int(subprocess.run([sys.executable, "-c", ask, str(file)], env=env, capture_output=True).stdout)

    assert [answer(api) == 35 for api in ("11040", "11080", "12000", "12080")] == [True, True, False, False]
