"""Fixtures that several test files share: interpreters of real environments."""

from __future__ import annotations

import os

import environments
import pytest


def usable(stem: str) -> environments.Environment:
    """The environment, built; skips where it cannot be built here, and fails instead with TFKDOCTOR_REQUIRE_ENVS=1."""
    wanted = environments.environment(stem)
    try:
        environments.ensure(wanted)
    except environments.Unavailable as reason:
        if os.environ.get("TFKDOCTOR_REQUIRE_ENVS") == "1":
            pytest.fail(f"{stem}: {reason}")
        pytest.skip(f"{stem}: {reason}")
    return wanted


@pytest.fixture(scope="session")
def newest() -> environments.Environment:
    """Python 3.11 with TensorFlow 2.21 and Keras 3.15."""
    return usable(environments.NEWEST)


@pytest.fixture(scope="session")
def tf215() -> environments.Environment:
    """Python 3.11 with TensorFlow 2.15, whose tf.keras is Keras 2.15."""
    return usable(environments.TF215)


@pytest.fixture(scope="session")
def tf_keras() -> environments.Environment:
    """Python 3.11 with TensorFlow 2.21 and tf_keras 2.21, the Keras 2 that lives on."""
    return usable(environments.TF_KERAS)


@pytest.fixture(scope="session")
def keras2() -> environments.Environment:
    """Python 3.7 with TensorFlow 1.15.5 and Keras 2.2.5."""
    return usable(environments.KERAS2)


@pytest.fixture(scope="session")
def keras1() -> environments.Environment:
    """Python 3.6 with TensorFlow 1.4.1 and Keras 1.2.2."""
    return usable(environments.KERAS1)
