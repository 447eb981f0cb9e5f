"""The GPU half on a machine without one: driver libraries that the test builds, asked by the real children."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from doctor_values import facts, seen, whole

from tfkdoctor.doctor.elf import read_dynamic
from tfkdoctor.doctor.examine import gather
from tfkdoctor.doctor.facts import Driver, Facts, Gpu, Unknown
from tfkdoctor.doctor.host import kernel_driver, read_host
from tfkdoctor.doctor.libraries import find_libraries

NVML = r"""
#include <stdlib.h>
#include <string.h>
static int code(void) { const char *e = getenv("STUB_NVML"); return e ? atoi(e) : 0; }
int nvmlInit_v2(void) { return code(); }
int nvmlInitWithFlags(unsigned flags) { return code(); }
const char *nvmlErrorString(int r) { return "stub error"; }
int nvmlSystemGetDriverVersion(char *v, unsigned n) { strncpy(v, "550.54.14", n); return 0; }
int nvmlSystemGetCudaDriverVersion_v2(int *v) { *v = 12040; return 0; }
int nvmlDeviceGetCount_v2(unsigned *n) { *n = 1; return 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned i, void **d) { *d = (void *)1; return 0; }
int nvmlDeviceGetName(void *d, char *v, unsigned n) { strncpy(v, "Stub RTX 4090", n); return 0; }
int nvmlDeviceGetUUID(void *d, char *v, unsigned n) { strncpy(v, "GPU-stub", n); return 0; }
int nvmlDeviceGetCudaComputeCapability(void *d, int *a, int *b) { *a = 8; *b = 9; return 0; }
int nvmlDeviceGetMemoryInfo(void *d, unsigned long long *m) {
    m[0] = 24ULL << 30; m[1] = 23ULL << 30; m[2] = 1ULL << 30;
    return 0;
}
int nvmlDeviceGetMigMode(void *d, unsigned *a, unsigned *b) { return 3; }
"""
CUDA = r"""
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <unistd.h>
static int number(const char *name, int usual) { const char *e = getenv(name); return e ? atoi(e) : usual; }
int cuInit(unsigned flags) {
    if (getenv("STUB_ABORT")) abort();
    if (getenv("STUB_HANG")) sleep(1000);
    return number("STUB_INIT", 0);
}
int cuDriverGetVersion(int *v) { *v = 12040; return 0; }
int cuDeviceGetCount(int *n) { *n = number("STUB_VISIBLE", 1); return 0; }
int cuDeviceGet(int *d, int i) { *d = i; return 0; }
int cuDeviceGetName(char *v, int n, int d) { strncpy(v, "Stub RTX 4090", n); return 0; }
int cuDeviceGetAttribute(int *v, int what, int d) { *v = what == 75 ? 8 : 9; return 0; }
int cuDeviceTotalMem_v2(size_t *n, int d) { *n = (size_t)24 << 30; return 0; }
"""
RUNPATH = "-Wl,-rpath,$ORIGIN/../nvidia/cudnn/lib:/opt/a"
GCC = shutil.which("gcc")
pytestmark = pytest.mark.skipif(GCC is None, reason="gcc is not here to build the driver stubs")


def build(folder: Path, name: str, source: str, *options: str) -> Path:
    assert GCC
    (folder / f"{name}.c").write_text(source)
    command = [GCC, "-shared", "-fPIC", "-w", *options, "-o", str(folder / name), str(folder / f"{name}.c")]
    subprocess.run(command, check=True, timeout=60)
    return folder / name


@pytest.fixture(scope="module")
def stubs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with libnvidia-ml.so.1 and libcuda.so.550.54.14 behind libcuda.so.1, as a driver installs them."""
    folder = tmp_path_factory.mktemp("driver")
    build(folder, "libnvidia-ml.so.1", NVML)
    build(folder, "libcuda.so.550.54.14", CUDA)
    (folder / "libcuda.so.1").symlink_to("libcuda.so.550.54.14")
    return folder


@pytest.fixture
def examined(stubs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LD_LIBRARY_PATH", str(stubs))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return tmp_path


def look(cwd: Path) -> Facts:
    return gather(sys.executable, deep=False, cwd=cwd)


def test_driver_and_devices_are_read(examined: Path) -> None:
    one = look(examined)
    assert one.gpus == (Gpu(0, "Stub RTX 4090", "GPU-stub", "8.9", 24576, 1024),)
    assert one.driver == Driver("550.54.14", "550.54.14", "12.4", 0, 0, 1)


def test_a_driver_library_that_aborts_is_a_fact(examined: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUB_ABORT", "1")
    one = look(examined)
    assert isinstance(one.driver, Driver)
    assert one.driver.init == Unknown("killed by SIGABRT")
    assert [gpu.name for gpu in one.gpus] == ["Stub RTX 4090"]  # type: ignore[union-attr]


def test_hidden_devices_are_counted(examined: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "7")
    monkeypatch.setenv("STUB_VISIBLE", "0")
    one = look(examined)
    versions = whole("2.21.0", "3.11.7")
    known = replace(facts(versions, environment={"CUDA_VISIBLE_DEVICES": "7"}), gpus=one.gpus, driver=one.driver)
    assert "GP019 warning CUDA_VISIBLE_DEVICES=7 leaves 0 of 1 GPUs" in seen(known)


def test_a_mismatch_of_kernel_and_library(examined: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUB_NVML", "18")
    monkeypatch.setenv("STUB_INIT", "803")
    one = look(examined)
    known = replace(facts(whole("2.21.0", "3.11.7")), gpus=one.gpus, driver=one.driver)
    assert [line[:11] for line in seen(known)] == ["GP014 error"]


def test_the_search_path_is_read_from_the_elf_header(tmp_path: Path) -> None:
    library = build(tmp_path, "libx.so", 'int x(void) { return puts(""); }', RUNPATH, "-Wl,--enable-new-dtags")
    found = read_dynamic(library)
    assert found is not None
    assert (found.search, found.search_kind) == (("$ORIGIN/../nvidia/cudnn/lib", "/opt/a"), "runpath")
    assert "libc.so.6" in found.needed
    assert read_dynamic(Path(__file__)) is None


def test_ld_library_path_comes_before_runpath_and_after_rpath(tmp_path: Path) -> None:
    for folder in ("env", "own"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "libcudnn.so.9").touch()
    wheel = str(tmp_path / "own" / "libcudnn.so.9")

    def found(kind: str) -> tuple[str, str]:
        (one,) = find_libraries(
            ["libcudnn.so.9"],
            ld_library_path=str(tmp_path / "env"),
            search=(str(tmp_path / "own"),),
            search_kind=kind,
            wheels={"libcudnn.so.9": (wheel, "nvidia-cudnn-cu12 9.3.0.75")},
        )
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
