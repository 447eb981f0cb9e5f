"""The compat table: whole, in order, and in agreement with what was collected independently."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tfkdoctor.doctor import compat
from tfkdoctor.doctor.checks import CHECKS
from tfkdoctor.model import Severity

TABLE = compat.load()
SHARED = Path(__file__).parents[2] / "shared" / "facts" / "tf_releases.json"


def test_releases_are_in_order_and_complete() -> None:
    versions = [Version(one.version) for one in TABLE.tensorflow]
    assert versions == sorted(set(versions))
    minors = {one.minor for one in TABLE.tensorflow}
    assert {f"1.{n}" for n in range(16)} | {f"2.{n}" for n in range(22)} <= minors


@pytest.mark.parametrize("release", TABLE.tensorflow, ids=lambda one: str(one.version))
def test_a_release_has_wheels_and_requirements_that_can_be_read(release: compat.Release) -> None:
    assert release.wheels["linux_x86_64"]
    assert all(Requirement(text).name for text in (*release.requires, *release.cuda_extra))
    assert TABLE.cuda_for(release.version) is not None


def test_ceilings_can_be_read_and_name_checks_that_exist() -> None:
    codes = {check.code for check in CHECKS}
    for one in TABLE.ceilings:
        assert one.code in codes and one.symptom and one.source
        assert Severity(one.severity) in (Severity.ERROR, Severity.WARNING)
        assert all(Requirement(text).specifier for text in (*one.when, one.needs))


def test_each_tensorflow_has_one_cuda_row() -> None:
    for release in TABLE.tensorflow:
        rows = [r for r in TABLE.cuda if SpecifierSet(r.tensorflow).contains(Version(release.version).base_version)]
        assert len(rows) == 1, release.version


def test_the_build_in_the_wheel_agrees_with_the_row_by_hand() -> None:
    """The major of CUDA and cuDNN that build_info.py states, and the soname that is kept by hand."""
    import tomllib

    data = tomllib.loads(compat.table_file().read_text())
    for row in data["tensorflow"]:
        build, need = row.get("build", {}), TABLE.cuda_for(row["version"])
        if build.get("is_cuda_build") and need and "cudnn_version" in build:
            assert f"libcudnn.so.{build['cudnn_version'].split('.')[0]}" in need.sonames, row["version"]
            assert build["version"].split(".")[0] == need.cuda.split(".")[0], row["version"]


@pytest.mark.skipif(not SHARED.is_file(), reason="the independent collection of releases is not beside this checkout")
def test_an_independent_collection_says_the_same() -> None:
    theirs = json.loads(SHARED.read_text())["tensorflow"]
    assert [one.version for one in TABLE.tensorflow] == list(theirs)
    for one in TABLE.tensorflow:
        row = theirs[one.version]
        for platform, wheels in row["wheels"].items():
            name = "win_amd64" if platform == "win" else platform
            assert list(one.wheels[name]) == wheels["pythons"], (one.version, name)
        ours = {(r.name, frozenset(r.specifier)) for r in map(Requirement, one.requires)}
        for name, said in row["requires"].items():
            for each in said if isinstance(said, list) else [said]:
                wanted = each["spec"] if isinstance(each, dict) else each
                assert (name, frozenset(SpecifierSet(wanted))) in ours, (one.version, name)


@pytest.mark.parametrize(
    ("pythons", "python", "expected"),
    [
        ("3.9 3.10", "3.10", True),
        ("3.9 3.10", "3.1", False),
        ("3.6+ 2.7", "3.12", True),
        (">=3.7", "3.6", False),
        (">=3.7,<3.12", "3.11", True),
        ("", "2.7", True),
    ],
)
def test_which_python_can_install(pythons: str, python: str, expected: bool) -> None:
    assert compat.admits(pythons, python) is expected


def test_what_is_no_version_fits_everything() -> None:
    assert compat.holds(">=2", "") and compat.holds("nonsense", "1.0") and not compat.holds(">=2", "1.0")
