"""The script that derives the compat table: what it reads out of names and metadata. No network."""

from __future__ import annotations

from packaging.version import Version

from tfkdoctor.dev.compat import MARKER, TABLE, platform_of, python_key, requirements, tidy, versions

METADATA = """Metadata-Version: 2.1
Name: tensorflow
Requires-Dist: numpy (<2.0,>=1.16.0)
Requires-Dist: Keras_Preprocessing>=1.0.5
Requires-Dist: enum34 (>=1.1.6) ; python_version < "3.4"
Requires-Dist: nvidia-cudnn-cu12==8.9.4.25; extra == "and-cuda"

Requires-Dist: text-of-the-description
"""


def test_requirements_are_normalised() -> None:
    assert requirements(METADATA) == (
        ['enum34>=1.1.6; python_version < "3.4"', "keras-preprocessing>=1.0.5", "numpy<2.0,>=1.16.0"],
        ["nvidia-cudnn-cu12==8.9.4.25"],
    )


def test_platforms() -> None:
    tags = ("manylinux_2_17_x86_64", "manylinux1_x86_64", "macosx_10_6_intel", "macosx_12_0_arm64", "win_amd64", "any")
    assert [platform_of(tag) for tag in tags] == [
        "linux_x86_64", "linux_x86_64", "macos_x86_64", "macos_arm64", "win_amd64", "any"
    ]  # fmt: skip
    assert platform_of("musllinux_1_1_x86_64") == "" and platform_of("win32") == ""


def test_which_pythons() -> None:
    assert python_key({"3.9", "3.10", "3.8"}, ">=3.8") == "3.8 3.9 3.10"
    assert python_key({""}, ">=3.7") == ">=3.7"
    assert python_key(set(), "") == ""
    assert tidy(">=3.6.*, !=3.7.0") == "!=3.7.0,>=3.6"


def test_long_lists_are_filled() -> None:
    text = versions([Version(f"1.{n}.0") for n in range(40)])
    assert text.startswith('[\n    "1.0.0", "1.1.0"') and text.endswith('"1.39.0",\n]')
    assert max(map(len, text.splitlines())) <= 108


def test_the_table_says_by_what_it_was_written() -> None:
    assert TABLE.read_text(encoding="utf-8").count(MARKER) == 1
