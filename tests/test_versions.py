"""The versions that a migration knows are those that were harvested, and belong together as released."""

from __future__ import annotations

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tfkdoctor import versions
from tfkdoctor.doctor import compat
from tfkdoctor.validate import index


def test_every_harvested_version_is_known_and_no_other() -> None:
    tensorflow, behind, keras = (index.load(v).versions() for v in ("tensorflow", "tensorflow.keras", "keras"))
    assert tensorflow == (versions.ORIGIN_TENSORFLOW, *versions.KERAS_BEHIND)
    assert versions.KERAS_BEHIND.keys() == {*tensorflow[1:]} and tensorflow[-1] == versions.NEWEST
    known = {one for all_ in versions.KERAS_BEHIND.values() for one in all_}
    assert known | {versions.LEGACY_KERAS} == set(behind)
    assert keras == (*versions.ORIGINS_KERAS, versions.NEWEST_KERAS)


@pytest.mark.parametrize("minor", versions.KERAS_BEHIND)
def test_each_tensorflow_admits_the_keras_behind_it(minor: str) -> None:
    releases = [one for one in compat.load().tensorflow if one.minor == minor]
    asked = [Requirement(text) for one in releases for text in one.requires if Requirement(text).name == "keras"]
    assert asked
    for keras in versions.KERAS_BEHIND[minor]:
        assert any(Version(keras) in requirement.specifier for requirement in asked), keras


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("tensorflow==2.15.*", {"2.15"}),
        ("tensorflow~=2.17.0", {"2.16", "2.21"}),
        ("tensorflow>=2.16", {"2.16", "2.21"}),
        ("tensorflow>=2.9", {"2.10", "2.15", "2.16", "2.21"}),
        ("tensorflow==2.12.*", {"2.10", "2.15"}),
    ],
)
def test_a_target_between_harvested_versions_is_judged_by_both(spec: str, expected: set[str]) -> None:
    assert {point.tensorflow for point in versions.points_of(spec)} == expected
