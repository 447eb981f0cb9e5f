"""The versions that a migration knows are those that were harvested, and belong together as released."""

from __future__ import annotations

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tfkdoctor import versions
from tfkdoctor.doctor import compat
from tfkdoctor.knowledge import load
from tfkdoctor.model import Origin
from tfkdoctor.validate import index


def test_every_harvested_version_is_known_and_no_other() -> None:
    tensorflow, behind, keras = (index.load(v).versions() for v in ("tensorflow", "tensorflow.keras", "keras"))
    assert tensorflow == (versions.ORIGIN_TENSORFLOW, *versions.KERAS_BEHIND)
    assert versions.KERAS_BEHIND.keys() == {*tensorflow[1:]} and tensorflow[-1] == versions.NEWEST
    known = {one for all_ in versions.KERAS_BEHIND.values() for one in all_}
    assert known | {*versions.LEGACY_KERAS.values()} == set(behind)
    assert keras == (*versions.ORIGINS_KERAS, versions.NEWEST_KERAS)


def test_every_minor_of_tensorflow_2_is_known_from_the_first_target_on() -> None:
    minors = {one.minor for one in compat.load().tensorflow}
    known = {one for one in minors if Version("2.4") <= Version(one) <= Version(versions.NEWEST)}
    assert known == {*versions.KERAS_BEHIND}


@pytest.mark.parametrize("minor", [one for one in versions.KERAS_BEHIND if one not in ("2.4", "2.5")])
def test_each_tensorflow_admits_the_keras_behind_it_and_no_other(minor: str) -> None:
    """TensorFlow 2.4 and 2.5 bring theirs themselves; the one of 2.6 says `>=2.6`, and works with that alone."""
    releases = [one for one in compat.load().tensorflow if one.minor == minor]
    asked = [Requirement(text) for one in releases for text in one.requires if Requirement(text).name == "keras"]
    assert asked
    known = {one for all_ in versions.KERAS_BEHIND.values() for one in all_}
    admitted = {one for one in known if any(Version(one) in requirement.specifier for requirement in asked)}
    assert {*versions.KERAS_BEHIND[minor]} == (admitted if minor != "2.6" else admitted & {"2.6.0"})


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("tensorflow==2.15.*", {"2.15"}),
        ("tensorflow~=2.17.0", {"2.17"}),
        ("tensorflow==2.17.1", {"2.17"}),
        ("tensorflow>=2.18", {"2.18", "2.19", "2.20", "2.21"}),
        ("tensorflow>=2.4,<2.7", {"2.4", "2.5", "2.6"}),
        ("tensorflow==2.12.*", {"2.12"}),
    ],
)
def test_a_target_is_judged_by_every_minor_in_it(spec: str, expected: set[str]) -> None:
    assert {point.tensorflow for point in versions.points_of(spec)} == expected


def test_every_keras_that_a_target_admits_is_asked() -> None:
    assert {point.keras for point in versions.points_of("tensorflow>=2.16")} == {*versions.KERAS_3}
    assert [point.keras for point in versions.points_of("tensorflow==2.21.*")] == [*versions.KERAS_BEHIND["2.21"]]
    legacy = versions.points_of("tensorflow>=2.19", "legacy")
    assert [(one.tensorflow, one.keras) for one in legacy] == [
        ("2.19", "2.19.0"),
        ("2.20", "2.20.1"),
        ("2.21", "2.21.0"),
    ]


def test_a_target_before_the_first_is_refused() -> None:
    with pytest.raises(versions.TargetError, match=r"no TensorFlow from 2\.4 to 2\.21 is in"):
        versions.points_of("tensorflow==2.3.*")


@pytest.mark.parametrize(
    ("name", "alive"),
    [
        ("tensorflow.keras.layers.CuDNNLSTM", ()),
        ("tensorflow.keras.layers.Rescaling", ("2.6", "2.21")),
        ("tensorflow.keras.layers.experimental.preprocessing.Rescaling", ("2.4", "2.15")),
        ("tensorflow.keras.wrappers.scikit_learn.KerasClassifier", ("2.4", "2.12")),
        ("tensorflow.losses.MSE", ("2.4", "2.21")),
        ("tensorflow.estimator.Estimator", ("2.4", "2.15")),
        ("tensorflow.compat.v1.layers.dense", ("2.4", "2.15")),
    ],
)
def test_names_of_each_minor(name: str, alive: tuple[str, ...]) -> None:
    """The first and the last minor with a name are those of the release notes."""
    found = [minor for minor in versions.KERAS_BEHIND if load(f"tensorflow=={minor}.*", Origin()).exists(name)]
    assert (found[0], found[-1]) == alive if alive else not found
