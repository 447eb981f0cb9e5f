"""The GPU half on a machine without one: the driver of tests/fake_driver, asked by the real children."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from doctor_values import facts, seen, whole, with_gpu
from under_driver import DRIVER, GCC, build_driver, compile_library

from tfkdoctor.doctor import gpu
from tfkdoctor.doctor.elf import read_dynamic
from tfkdoctor.doctor.examine import gather
from tfkdoctor.doctor.facts import Driver, Facts, Gpu, GpuProcess, Unknown
from tfkdoctor.doctor.host import kernel_driver, read_host
from tfkdoctor.doctor.libraries import Loader, find_libraries

RUNPATH = "-Wl,-rpath,$ORIGIN/../nvidia/cudnn/lib:/opt/a"
pytestmark = pytest.mark.skipif(GCC is None, reason="gcc is not here to build the driver")


@pytest.fixture(scope="module")
def driver_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_driver(tmp_path_factory.mktemp("driver"))


@pytest.fixture
def examined(driver_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LD_LIBRARY_PATH", str(driver_folder))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return tmp_path


def look(cwd: Path) -> Facts:
    return gather(sys.executable, deep=False, cwd=cwd)


def judged(one: Facts, **environment: str) -> list[str]:
    """The findings for a whole TensorFlow 2.21 under the driver that was examined."""
    whole_one = with_gpu(facts(whole("2.21.0", "3.11.7"), environment=environment))
    return [line for line in seen(replace(whole_one, gpus=one.gpus, driver=one.driver)) if line.startswith("GP")]


def test_driver_and_devices_are_read(examined: Path, driver_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_GPUS", "8.9")
    monkeypatch.setenv("FAKE_USED", "1024")
    monkeypatch.setenv("FAKE_PID", str(os.getpid()))
    one = look(examined)
    uuid = "GPU-fa4e0000-0000-4000-8000-000000000000"
    assert one.gpus == (
        Gpu(
            index=0,
            name="Fake GPU 0",
            uuid=uuid,
            capability="8.9",
            memory=16384,
            used=1024,
            processes=(GpuProcess(os.getpid(), Path("/proc/self/comm").read_text().strip(), 1024),),
            pci="00000000:01:00.0",
            multiprocessors=132,
        ),
    )
    file = f"{driver_folder}/libcuda.so.{DRIVER}"
    assert one.driver == Driver(DRIVER, DRIVER, "12.8", 0, 0, 1, (uuid,), file, "NVML")


@pytest.mark.parametrize(("how", "told"), [("abort", "killed by SIGABRT"), ("ill", "killed by SIGILL")])
def test_a_driver_library_that_kills_is_a_finding(
    how: str, told: str, examined: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_DIES", how)
    one = look(examined)
    assert isinstance(one.driver, Driver)
    assert one.driver.init == Unknown(told) and one.driver.library == DRIVER
    assert judged(one) == [f"GP039 error libcuda.so.1 ends every process that starts it ({told}), TensorFlow's as well"]


def test_a_driver_library_that_hangs_is_a_finding(examined: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_DIES", "hang")
    monkeypatch.setattr(gpu, "SECONDS", 1.0)
    assert [line.split(" ends")[0] for line in judged(look(examined))] == ["GP039 error libcuda.so.1"]


@pytest.mark.parametrize(
    ("gpus", "value", "told"),
    [
        ("9.0", "7", "leaves 0 of 1 GPUs: 7 names none, and hides itself and all that follow"),
        ("9.0", "-1", "leaves 0 of 1 GPUs"),
        ("9.0", "", "leaves 0 of 1 GPUs"),
        ("9.0,8.0", "1,9,0", "leaves 1 of 2 GPUs: 9 names none, and hides itself and all that follow"),
        ("9.0,8.0", "GPU-fa4e0000-0000-4000-8000-000000000001", "leaves 1 of 2 GPUs"),
    ],
)
def test_hidden_devices_are_counted_and_the_wrong_token_named(
    gpus: str, value: str, told: str, examined: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_GPUS", gpus)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", value)
    one = look(examined)
    known = with_gpu(facts(whole("2.21.0", "3.11.7"), environment={"CUDA_VISIBLE_DEVICES": value}))
    lines = seen(replace(known, gpus=one.gpus, driver=one.driver), hints=True)
    assert [line.split(" ", 2)[2] for line in lines if line.startswith("GP019")] == [
        f"CUDA_VISIBLE_DEVICES={value} {told}"
    ]


def test_a_mismatch_of_kernel_and_library(examined: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_NVML", "18")
    monkeypatch.setenv("FAKE_INIT", "803")
    assert [line[:11] for line in judged(look(examined))] == ["GP014 error"]


def test_a_card_in_mig_mode_without_an_instance(examined: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_MIG", "1:0")
    monkeypatch.setenv("FAKE_INIT", "100")
    assert judged(look(examined)) == [
        "GP037 error NVML lists 1 GPUs and CUDA finds none (cuInit answers 100); what breaks is CUDA devices: "
        "Fake GPU 0 is in MIG mode and has no instance"
    ]


def test_mig_instances_are_listed(examined: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_MIG", "1:2")
    (card,) = look(examined).gpus  # type: ignore[misc]
    assert card.mig and card.mig_instances == (
        "MIG-fa4e0000-0000-4000-8000-000000001000",
        "MIG-fa4e0000-0000-4000-8000-000000001001",
    )


def test_a_compat_libcuda_is_explained(examined: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = build_driver(examined / "cuda-12.8" / "compat")
    monkeypatch.setenv("LD_LIBRARY_PATH", str(folder))
    monkeypatch.setenv("FAKE_DRIVER", "535.104.05")
    one = look(examined)
    assert judged(one) == []
    known = replace(with_gpu(facts(whole("2.21.0", "3.11.7"))), gpus=one.gpus, driver=one.driver)
    assert [line[:10] for line in seen(known, hints=True) if line.startswith("GP0")] == ["GP015 hint"]


def test_the_search_path_is_read_from_the_elf_header(tmp_path: Path) -> None:
    library = compile_library("empty", tmp_path / "libx.so", RUNPATH, "-Wl,--enable-new-dtags,--no-as-needed", "-lm")
    found = read_dynamic(library)
    assert found is not None
    assert (found.search, found.search_kind) == (("$ORIGIN/../nvidia/cudnn/lib", "/opt/a"), "runpath")
    assert "libm.so.6" in found.needed
    assert read_dynamic(Path(__file__)) is None


def test_ld_library_path_comes_before_runpath_and_after_rpath(tmp_path: Path) -> None:
    for folder in ("env", "own"):
        (tmp_path / folder).mkdir()
        compile_library("cudnn", tmp_path / folder / "libcudnn.so.9")
    wheel = str(tmp_path / "own" / "libcudnn.so.9")

    def found(kind: str) -> tuple[str, str]:
        loader = Loader({"LD_LIBRARY_PATH": str(tmp_path / "env")}, "/", (str(tmp_path / "own"),), kind)
        (one,) = find_libraries(["libcudnn.so.9"], loader, {"libcudnn.so.9": (wheel, "nvidia-cudnn-cu12 9.3.0.75")})
        return one.found_by, one.version

    assert found("runpath") == ("LD_LIBRARY_PATH", "")
    assert found("rpath") == ("TensorFlow's RPATH", "nvidia-cudnn-cu12 9.3.0.75")


@pytest.mark.parametrize(
    "line",
    [
        "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.144.03  Mon Dec 30",
        "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  550.144.03  Release Build",
    ],
)
def test_both_kernel_modules_spell_their_version(tmp_path: Path, line: str) -> None:
    (tmp_path / "proc/driver/nvidia").mkdir(parents=True)
    (tmp_path / "proc/driver/nvidia/version").write_text(line + "\n")
    assert kernel_driver(tmp_path) == "550.144.03"


def test_a_card_on_the_bus_is_seen_without_its_driver(tmp_path: Path) -> None:
    card = tmp_path / "sys/bus/pci/devices/0000:01:00.0"
    card.mkdir(parents=True)
    (card / "vendor").write_text("0x10de\n")
    (card / "class").write_text("0x030000\n")
    assert read_host(tmp_path).nvidia_cards == ("0000:01:00.0",)
