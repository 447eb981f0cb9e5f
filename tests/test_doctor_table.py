"""The compat table over time: a TensorFlow that it does not know, and what a new release leaves to a person."""

from __future__ import annotations

import struct

from doctor_values import facts, seen, whole

from tfkdoctor.dev.compat_gaps import gaps
from tfkdoctor.dev.fatbins import codes
from tfkdoctor.doctor import compat

TABLE = compat.load()


def test_a_tensorflow_newer_than_the_table_is_said() -> None:
    lines = seen(facts({**whole("2.21.0", "3.11.7"), "tensorflow": "2.30.0"}), hints=True)
    newest = TABLE.tensorflow[-1].version
    assert any(
        f"TensorFlow 2.30.0 is newer than all that this tfkdoctor knows (up to {newest})" in one for one in lines
    )
    assert not any("PY018" in one for one in seen(facts(whole("2.21.0", "3.11.7")), hints=True))


def test_a_release_that_was_never_made_is_said() -> None:
    lines = seen(facts({**whole("2.15.1", "3.11.7"), "tensorflow": "2.15.9"}), hints=True)
    assert any("PY018" in one and "2.15.9 is no release that was made" in one for one in lines)


def test_every_cuda_build_has_its_compute_capabilities() -> None:
    silent = [one.version for one in TABLE.finals() if one.cuda_build and not one.capabilities]
    assert silent == []
    assert TABLE.release("1.15.0").capabilities[-1] == "compute_70"  # type: ignore[union-attr]


ROW = """
[[tensorflow]]
version = "{version}"
cuda_extra = ["nvidia-cuda-runtime-cu13>=13.0", "nvidia-cudnn-cu13<10.0,>=9.20.1.2"]
build.is_cuda_build = true
[[cuda]]
tensorflow = ">=2.22,<2.23"
cuda = "12.5"
cudnn = "9.10"
"""


def test_what_a_release_without_a_row_leaves_to_a_person() -> None:
    assert gaps(ROW.format(version="2.23.0")) == [
        "2.23.0: 0 rows [[cuda]] are for it; its extra and-cuda asks for nvidia-cuda-runtime-cu13>=13.0, "
        "nvidia-cudnn-cu13<10.0,>=9.20.1.2"
    ]


def test_a_row_that_the_extra_contradicts_is_named() -> None:
    assert gaps(ROW.format(version="2.22.0")) == [
        "2.22.0: its [[cuda]] row says cuda 12.5, the wheel 13",
        "2.22.0: no compute capabilities are known: read them with python -m tfkdoctor.dev.fatbins",
    ]


def test_gpu_code_in_a_library() -> None:
    entries = [(2, 60, b"cubin"), (1, 90, b"text")]
    body = b"".join(
        struct.pack("<HHIQ12xI32x", kind, 0x101, 64, len(code), capability) + code for kind, capability, code in entries
    )
    fat = struct.pack("<IHHQ", 0xBA55ED50, 1, 16, len(body)) + body
    assert dict(codes(b"ELF" + fat + b"more" + fat)) == {("sass", 60): 2, ("ptx", 90): 2}
