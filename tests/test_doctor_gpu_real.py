"""Each GPU finding against what TensorFlow 2.21 really does, under the driver of tests/fake_driver.

One TensorFlow answers all questions, each in a fork. What differs are variables, and where three links lead: the
driver, a folder that comes first on LD_LIBRARY_PATH, and the wheels in site-packages.
"""

from __future__ import annotations

import json
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
from under_driver import (
    CUDA_12,
    GCC,
    Question,
    Seen,
    ask_tensorflow,
    build_cuda,
    build_driver,
    compile_library,
    install_wheels,
)

from tfkdoctor.doctor.examine import check, gather
from tfkdoctor.model import Severity

pytestmark = [
    pytest.mark.environment,
    pytest.mark.skipif(GCC is None, reason="gcc is not here to build the driver"),
]
GPU0 = "/physical_device:GPU:0"
COMPILERS = {"GP011", "GP012", "GP041"}  # whether this machine has a CUDA toolkit is not what most tests are about
CUSOLVER = "nvidia/cusolver/lib/libcusolver.so.11"
REACHED = "nvidia/cublas/lib/libcusolver.so.11"  # where the fix of GP005 puts a link


@dataclass(frozen=True)
class Machine:
    """A copy of TensorFlow 2.21, whole CUDA libraries, and the three links."""

    python: Path
    site: Path
    libraries: Path
    room: Path  # for what the tests build

    @property
    def driver(self) -> Path:
        return self.room / "driver"

    @property
    def first(self) -> Path:
        return self.room / "first"

    @property
    def wheels(self) -> Path:
        return self.site / "nvidia"

    @property
    def env(self) -> dict[str, str]:
        return {"LD_LIBRARY_PATH": f"{self.driver}:{self.first}"}

    def wheel_set(self, name: str, change: Callable[[Path, Path], None] | None = None) -> Path:
        """A set of wheels, changed by `change(site, whole libraries)`; returns the folder that holds it."""
        site = self.room / "wheels" / name
        install_wheels(site, self.libraries)
        (site / REACHED).symlink_to(self.wheels.parent / CUSOLVER)
        if change:
            change(site, self.libraries)
        return site


@pytest.fixture(scope="module")
def machine(newest: environments.Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    room = tmp_path_factory.mktemp("machine")
    build_driver(room / "drivers" / "whole")
    (room / "drivers" / "bare").mkdir(parents=True)
    for name in ("libcuda.so.1", "libcuda.so.570.133.07"):
        shutil.copy(room / "drivers" / "whole" / name, room / "drivers" / "bare", follow_symlinks=False)
    (room / "empty").mkdir()
    old = room / "old"
    compile_library("cudnn", old / "libcudnn.so.9.1.0", "-Wl,-soname,libcudnn.so.9", "-DVERSION=90100")
    (old / "libcudnn.so.9").symlink_to("libcudnn.so.9.1.0")
    libraries = build_cuda(room / "cuda", room / "drivers" / "whole")
    with environments.damageable_copy(newest) as folder:
        site = next(folder.glob("lib/python3*/site-packages"))
        one = Machine(folder / "bin" / "python", site, libraries, room)
        one.driver.symlink_to(room / "drivers" / "whole")
        one.first.symlink_to(room / "empty")
        use_wheels(one, one.wheel_set("whole"))
        yield one


def use_wheels(machine: Machine, held: Path) -> None:
    """Put a set of wheels and its metadata into site-packages."""
    machine.wheels.unlink(missing_ok=True)
    for info in machine.site.glob("nvidia_*.dist-info"):
        info.unlink()
    machine.wheels.symlink_to(held / "nvidia")
    for info in held.glob("*.dist-info"):
        (machine.site / info.name).symlink_to(info)


@contextmanager
def variables(added: Mapping[str, str]) -> Iterator[None]:
    """The environment of this process, and so of the doctor, with these variables."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CUDA_VISIBLE_DEVICES", "XLA_FLAGS", "TF_CPP_MIN_LOG_LEVEL"):
            patch.delenv(name, raising=False)
        for name, value in added.items():
            patch.setenv(name, value)
        yield


def findings(machine: Machine, env: Mapping[str, str], cwd: Path, *, deep: bool = False) -> set[str]:
    """`CODE severity` of what the doctor says of the GPU, hints left out."""
    with variables({**machine.env, **env}):
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
    driver: str = "whole"
    first: str = "empty"


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
    "no NVML": Case({}, {"GP017 error"}, driver="bare"),
    "an old cuDNN first on LD_LIBRARY_PATH": Case(
        {},
        {"GP006 error", "GP008 error"},
        (GPU0,),
        "compiled",
        log="Loaded runtime CuDNN library: 9.1.0 but source was compiled with: 9.3.0",
        error="DNN library initialization failed",
        first="old",
    ),
}


def drop(name: str) -> Callable[[Path, Path], None]:
    """A wheel that is not installed."""
    wheel, version, folder = CUDA_12[name]

    def change(site: Path, libraries: Path) -> None:
        (site / f"nvidia/{folder}/lib/{name}").unlink()
        shutil.rmtree(site / f"{wheel.replace('-', '_')}-{version}.dist-info")

    return change


def as_pip_leaves_it(site: Path, libraries: Path) -> None:
    (site / REACHED).unlink()


def elsewhere(site: Path, libraries: Path) -> None:
    """A wheel that lays its library where TensorFlow does not look, as the wheels of CUDA 13 do."""
    drop("libcufft.so.11")(site, libraries)
    put_dist(site, "nvidia-cufft-cu12", "11.2.3.61", files=("nvidia/cu12/lib/libcufft.so.11",))
    shutil.copy(libraries / "libcufft.so.11", site / "nvidia/cu12/lib/libcufft.so.11")


def cudnn8(site: Path, libraries: Path) -> None:
    drop("libcudnn.so.9")(site, libraries)
    put_dist(site, "nvidia-cudnn-cu12", "8.9.7.29", files=("nvidia/cudnn/lib/libcudnn.so.8",))
    shutil.copy(libraries / "libcudnn.so.9", site / "nvidia/cudnn/lib/libcudnn.so.8")


def cudnn91(site: Path, libraries: Path) -> None:
    drop("libcudnn.so.9")(site, libraries)
    put_dist(site, "nvidia-cudnn-cu12", "9.1.0.70")
    compile_library("cudnn", site / "nvidia/cudnn/lib/libcudnn.so.9", "-DVERSION=90100")
    (site / "nvidia_cudnn_cu12-9.1.0.70.dist-info/RECORD").write_text("nvidia/cudnn/lib/libcudnn.so.9,,\n")


def garbage(site: Path, libraries: Path) -> None:
    (site / "nvidia/cusparse/lib/libcusparse.so.12").unlink()
    (site / "nvidia/cusparse/lib/libcusparse.so.12").write_text("<html>404</html>")


def needy(site: Path, libraries: Path) -> None:
    """A cuFFT that needs a library which no wheel brings."""
    nowhere = compile_library("empty", site / "libnvJitLink.so.12")
    target = site / "nvidia/cufft/lib/libcufft.so.11"
    target.unlink()
    compile_library("empty", target, "-Wl,--no-as-needed", f"-L{site}", "-l:libnvJitLink.so.12")
    nowhere.unlink()


def cuda13(site: Path, libraries: Path) -> None:
    shutil.rmtree(site / "nvidia")
    for info in site.glob("*.dist-info"):
        shutil.rmtree(info)
    put_dist(site, "nvidia-cublas-cu13", "13.0.0.19", files=("nvidia/cu13/lib/libcublas.so.13",))


NOT_OPENED = "Cannot dlopen some GPU libraries"
WHEELS: dict[str, tuple[Callable[[Path, Path], None], set[str], str, str]] = {
    "tensorflow[and-cuda] as pip installs it": (as_pip_leaves_it, {"GP005 error"}, "devices", NOT_OPENED),
    "no libcufft": (drop("libcufft.so.11"), {"GP004 error"}, "devices", NOT_OPENED),
    "a wheel elsewhere": (elsewhere, {"GP005 error"}, "devices", NOT_OPENED),
    "cuDNN 8": (cudnn8, {"GP007 error"}, "devices", NOT_OPENED),
    "cuDNN 9.1": (cudnn91, {"GP006 error"}, "compiled", "Loaded runtime CuDNN library: 9.1.0"),
    "no library": (garbage, {"GP038 error"}, "devices", NOT_OPENED),
    "a library that needs another": (needy, {"GP038 error"}, "devices", NOT_OPENED),
}
# The CUDA runtime is opened while TensorFlow is imported: these are asked in a process that starts without it.
WITHOUT_RUNTIME: dict[str, tuple[Callable[[Path, Path], None], set[str], str, str]] = {
    "no libcudart": (drop("libcudart.so.12"), {"GP003 error"}, "devices", NOT_OPENED),
    "the wheels of CUDA 13": (cuda13, {"GP003 error", "GP010 error"}, "devices", NOT_OPENED),
}


def wheel_questions(
    machine: Machine, sets: Mapping[str, tuple[Callable[[Path, Path], None], set[str], str, str]]
) -> dict[str, Question]:
    return {
        name: Question(step, links={machine.wheels: machine.wheel_set(name, change) / "nvidia"})
        for name, (change, _, step, _) in sets.items()
    }


@pytest.fixture(scope="module")
def seen(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    questions = {
        name: Question(
            case.step,
            case.given,
            {machine.driver: machine.room / "drivers" / case.driver, machine.first: machine.room / case.first},
        )
        for name, case in CASES.items()
    }
    questions |= wheel_questions(machine, WHEELS)
    answers = ask_tensorflow(machine.python, questions, machine.env, tmp_path_factory.mktemp("asked"))
    without = wheel_questions(machine, WITHOUT_RUNTIME)
    use_wheels(machine, machine.room / "wheels" / "no libcudart")
    answers |= ask_tensorflow(machine.python, without, machine.env, tmp_path_factory.mktemp("without"))
    use_wheels(machine, machine.room / "wheels" / "whole")
    return answers


@pytest.mark.parametrize("name", CASES)
def test_what_the_doctor_says_is_what_tensorflow_does(
    name: str, machine: Machine, seen: dict[str, Seen], tmp_path: Path
) -> None:
    case, real = CASES[name], seen[name]
    assert (real.devices, real.signal) == (case.devices, case.signal), real.log
    assert case.error in real.error and case.log in real.log, real
    links = {machine.driver: machine.room / "drivers" / case.driver, machine.first: machine.room / case.first}
    with turned(links):
        assert findings(machine, case.given, tmp_path) == case.says


@contextmanager
def turned(links: Mapping[Path, Path]) -> Iterator[None]:
    before = {link: link.readlink() for link in links}
    try:
        for link, target in links.items():
            link.unlink()
            link.symlink_to(target)
        yield
    finally:
        for link, target in before.items():
            link.unlink()
            link.symlink_to(target)


@pytest.mark.parametrize("name", [*WHEELS, *WITHOUT_RUNTIME])
def test_a_broken_set_of_wheels_is_named(name: str, machine: Machine, seen: dict[str, Seen], tmp_path: Path) -> None:
    _, says, step, log = (WHEELS | WITHOUT_RUNTIME)[name]
    real = seen[name]
    assert real.devices == (() if step == "devices" else (GPU0,)) and log in real.log
    with wheels(machine, name):
        assert findings(machine, {}, tmp_path) == says


@contextmanager
def wheels(machine: Machine, name: str) -> Iterator[None]:
    use_wheels(machine, machine.room / "wheels" / name)
    try:
        yield
    finally:
        use_wheels(machine, machine.room / "wheels" / "whole")


def test_the_link_that_is_told_mends_a_library_out_of_reach(
    machine: Machine, seen: dict[str, Seen], tmp_path: Path
) -> None:
    with wheels(machine, "tensorflow[and-cuda] as pip installs it"):
        with variables(machine.env):
            run = check(gather(str(machine.python), deep=False, cwd=tmp_path))
        (found,) = (one for one in run.findings if one.code == "GP005")
        subprocess.run(found.help, shell=True, check=True, timeout=20)
        real = ask_tensorflow(machine.python, {"one": Question()}, machine.env, tmp_path)["one"]
        assert real.devices == (GPU0,) and findings(machine, {}, tmp_path) == set()


def test_the_advice_for_a_machine_without_wheels_leads_to_a_gpu(
    machine: Machine, seen: dict[str, Seen], tmp_path: Path
) -> None:
    """The command installs the extra, which the tests cannot afford, and links what is out of TensorFlow's reach."""
    with wheels(machine, "no libcudart"), variables(machine.env):
        advice = check(gather(str(machine.python), deep=False, cwd=tmp_path)).advice
    assert advice and '"tensorflow[and-cuda]==2.21.0" && ln -sf ' in advice.command
    machine.wheel_set("after the advice", as_pip_leaves_it)
    with wheels(machine, "after the advice"):
        subprocess.run(advice.command.rpartition(" && ")[2], shell=True, check=True, timeout=20)
        real = ask_tensorflow(machine.python, {"one": Question()}, machine.env, tmp_path)["one"]
        assert real.devices == (GPU0,) and findings(machine, {}, tmp_path) == set()


def test_deep_opens_the_libraries_and_computes(machine: Machine, tmp_path: Path) -> None:
    with variables({**machine.env, "XLA_FLAGS": "--xla_nonsense=1"}):
        one = gather(str(machine.python), deep=True, cwd=tmp_path)
    assert [x.says for x in one.libraries if x.says] == ["12.5", "9.3.0"]  # type: ignore[union-attr]
    told = {found.code: found.message for found in check(one).findings if found.severity is Severity.ERROR}
    assert "Unknown flag" not in told and "--xla_nonsense=1" in told["GP030"]
    assert one.imported.devices == ("/physical_device:CPU:0", GPU0)  # type: ignore[union-attr]


def test_deep_says_what_tensorflow_does_not_list_and_cannot_compute(
    machine: Machine, seen: dict[str, Seen], tmp_path: Path
) -> None:
    with wheels(machine, "no libcufft"):
        assert {"GP004 error", "GP036 error"} <= findings(machine, {}, tmp_path, deep=True)
    assert {"GP022 error", "GP040 error"} <= findings(machine, {"FAKE_GPUS": "5.2"}, tmp_path, deep=True)


def test_a_build_without_cuda_beside_a_gpu(keras1: environments.Environment, machine: Machine, tmp_path: Path) -> None:
    with variables(machine.env):
        one = gather(str(keras1.python), deep=False, cwd=tmp_path)
    assert "GP002" in {found.code for found in check(one).findings}


def ptxas(folder: Path, version: str) -> Path:
    """A folder with a ptxas that only tells its version."""
    folder.mkdir(parents=True)
    (folder / "ptxas").write_text(f'#!/bin/sh\necho "Cuda compilation tools, release {version[:4]}, V{version}"\n')
    (folder / "ptxas").chmod(0o755)
    return folder


NO_PTXAS = "No PTX compilation provider is available"
COMPILED = {  # version of ptxas, whether libdevice is there -> findings, what TensorFlow says
    ("", False): ({"GP011 error", "GP012 error"}, NO_PTXAS),
    ("11.7.99", True): ({"GP012 error"}, NO_PTXAS),
    ("11.8.89", True): (set(), ""),
    ("11.8.89", False): ({"GP011 error"}, "libdevice not found at ./libdevice.10.bc"),
    ("12.6.77", True): ({"GP041 warning"}, "*** WARNING *** Invoking ptxas with version 12.6.77"),
    ("12.6.85", True): (set(), ""),
}


def test_what_xla_compiles_with(machine: Machine, tmp_path: Path) -> None:
    """In a mount namespace where /usr/local/cuda is empty, if there is one."""
    wrapper = without_toolkit(tmp_path)
    data = tmp_path / "data/nvvm/libdevice/libdevice.10.bc"
    data.parent.mkdir(parents=True)
    data.touch()
    given: dict[str, dict[str, str]] = {}
    for (version, libdevice), _ in COMPILED.items():
        folder = ptxas(tmp_path / f"{version}-{libdevice}", version) if version else tmp_path
        flags = {"XLA_FLAGS": f"--xla_gpu_cuda_data_dir={tmp_path}/data"} if libdevice else {}
        given[f"{version} {libdevice}"] = {"PATH": f"{folder}:/bin", **flags}
    real = ask_tensorflow(
        machine.python, {n: Question("compiled", v) for n, v in given.items()}, machine.env, tmp_path, *wrapper
    )
    for ((version, libdevice), (says, words)), (name, variables_) in zip(COMPILED.items(), given.items(), strict=True):
        assert words in real[name].log + real[name].error, (version, libdevice)
        assert (NO_PTXAS in real[name].error) == ("GP012 error" in says)
        doctor = [sys.executable, "-m", "tfkdoctor", "check", "--format", "json", "--python", str(machine.python)]
        env = {**os.environ, **machine.env, **variables_}
        done = subprocess.run([*wrapper, *doctor], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
        told = {f"{one['code']} {one['severity']}" for one in json.loads(done.stdout)["findings"]}
        assert {one for one in told if one[:5] in COMPILERS} == says, (version, libdevice)


def without_toolkit(folder: Path) -> tuple[str, ...]:
    toolkit = Path("/usr/local/cuda")
    if Path("/opt/cuda").exists():
        pytest.skip("/opt/cuda cannot be hidden here")
    if not toolkit.exists():
        return ()
    (folder / "nothing").mkdir()
    unshare = shutil.which("unshare")
    script = f'mount --bind {folder}/nothing {toolkit.resolve()} && exec "$0" "$@"'
    wrapper = (str(unshare), "--user", "--map-root-user", "--mount", "/bin/sh", "-c", script)
    if unshare is None or subprocess.run([*wrapper, "/bin/true"], capture_output=True).returncode:
        pytest.skip("the CUDA toolkit of this machine cannot be hidden")
    return wrapper


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
        env = {**os.environ, **machine.env, "FAKE_API": api}
        return int(subprocess.run([sys.executable, "-c", ask, str(file)], env=env, capture_output=True).stdout)

    assert [answer(api) == 35 for api in ("11040", "11080", "12000", "12080")] == [True, True, False, False]
