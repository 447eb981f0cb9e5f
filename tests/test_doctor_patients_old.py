"""Patients of other ages, each a fresh installation of its own: make test-heavy. uv's cache of them takes some 12 GB.

What pip and uv install of an old release today is often dead although its metadata is met: see rules/compat.toml.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from patients import Room, built, mend

pytestmark = pytest.mark.heavy
IMPORT = "import tensorflow as tf; print('works', tf.__version__)"
KERAS = "import tensorflow as tf; tf.keras.layers.Dense(2); print('works', tf.__version__)"


@dataclass(frozen=True)
class Patient:
    """What is installed, one call after the other; the codes that must be among the errors; how it shows; what stays.

    `keeps` is the version of TensorFlow after what is printed was done.
    """

    python: str
    installs: tuple[str, ...]
    codes: tuple[str, ...]
    keeps: str
    shows: str = ""
    program: str = KERAS
    manager: str = "uv"
    breaks: Callable[[Room], None] = lambda here: None
    severity: str = "error"


PATIENTS: dict[str, Patient] = {
    "TensorFlow 1.15 on Python 3.7, as it is installed today": Patient(
        "3.7", ("tensorflow==1.15.5",), ("DI010",), "1.15.5", "be created directly", manager="pip"
    ),
    "TensorFlow 1.15.4 with h5py 3": Patient(
        "3.7", ("tensorflow==1.15.4 protobuf<3.21 h5py==3.8.0",), ("DI015",), "1.15.4"
    ),
    "TensorFlow 2.4 on Python 3.8, as it is installed today": Patient(
        "3.8", ("tensorflow==2.4.4",), ("DI010",), "2.4.4", "be created directly"
    ),
    "TensorFlow 2.6.0 on Python 3.9, as it is installed today": Patient(
        "3.9", ("tensorflow==2.6.0",), ("DI010", "KE003"), "2.6.0", "be created directly"
    ),
    "TensorFlow 2.10 on Python 3.10 with numpy 2": Patient(
        "3.10", ("tensorflow==2.10.1",), ("DI009",), "2.10.1", "_ARRAY_API", IMPORT, manager="pip"
    ),
    "TensorFlow 2.14.0, as it is installed today": Patient(
        "3.11", ("tensorflow==2.14.0",), ("DI009",), "2.14.0", "handle", IMPORT
    ),
    "TensorFlow 2.14 with Keras 3": Patient(
        "3.11", ("tensorflow==2.14.1", "keras==3.5.0"), ("KE001",), "2.14.1", "No module named"
    ),
    "TensorFlow 2.14 with ml_dtypes 0.5": Patient(
        "3.11", ("tensorflow==2.14.1", "ml_dtypes==0.5.4"), ("DI013",), "2.14.1", "handle", IMPORT
    ),
    "TensorFlow 2.15 with Keras 3, which works": Patient(
        "3.11", ("tensorflow==2.15.1", "keras==3.5.0"), ("KE001",), "2.15.1", "works", severity="warning"
    ),
    "TensorFlow 2.20 with a protobuf that its metadata allows": Patient(
        "3.12", ("tensorflow-cpu==2.20.0 protobuf==5.28.0",), ("DI011",), "2.20.0", "Protobuf Gencode", IMPORT
    ),
    "tensorflow-cpu laid over by tensorflow, and half uninstalled": Patient(
        "3.11",
        ("tensorflow-cpu==2.20.0", "tensorflow==2.20.0"),
        ("DI002",),
        "2.20.0",
        "has no attribute '__version__'",
        "import tensorflow as tf; print(tf.__version__)",
        manager="pip",
        breaks=lambda here: here.pip("uninstall", "tensorflow-cpu"),
    ),
    "tensorflow 2.21 with the files of tensorflow-cpu 2.20": Patient(
        "3.11",
        ("tensorflow==2.21.0", "--no-deps tensorflow-cpu==2.20.0"),
        ("DI001",),
        "2.21.0",
        "works 2.20.0",
        IMPORT,
    ),
    "the empty wheel of aarch64": Patient(
        "3.11",
        ("--no-deps --python-platform aarch64-unknown-linux-gnu tensorflow==2.15.1",),
        ("DI007",),
        "2.15.1",
        "No module named 'tensorflow'",
        IMPORT,
    ),
    "tensorflow-text of another minor": Patient(
        "3.11",
        ("tensorflow==2.18.1", "--no-deps tensorflow-text==2.19.0"),
        ("DI020",),
        "2.18.1",
        "",
        "import tensorflow_text",
        severity="warning",
    ),
    "tensorflow-decision-forests of another patch": Patient(
        "3.11",
        (
            "tensorflow==2.18.1",
            "--no-deps tensorflow-decision-forests==1.12.0",
            "pandas wurlitzer ydf tf-keras~=2.18.0",
        ),
        ("DI022",),
        "2.19.0",
        "Traceback",
        "import tensorflow_decision_forests",
    ),
    "tensorflow-probability without tf-keras": Patient(
        "3.11",
        ("tensorflow==2.18.1", "tensorflow-probability==0.25.0"),
        ("DI023",),
        "2.18.1",
        "No module named 'tf_keras'",
        "import tensorflow_probability as tfp; print(tfp.distributions)",
    ),
    "no TensorFlow": Patient("3.11", (), ("DI030",), "2.21.0", "No module named 'tensorflow'"),
}


@pytest.mark.parametrize("name", PATIENTS)
def test_what_is_broken_is_found_and_what_is_printed_mends_it(name: str) -> None:
    patient = PATIENTS[name]
    with built(patient.python, *patient.installs, manager=patient.manager) as here:
        patient.breaks(here)
        found = here.check()
        assert {f"{code} {patient.severity}" for code in patient.codes} <= {
            " ".join(line.split()[:2]) for line in found.serious()
        }, found.serious()
        assert not patient.shows or patient.shows in here.run(patient.program)
        after = mend(here, patient.codes[0])
        assert after.serious() == []
        assert (after.exit, after.imported["outcome"], after.imported["version"]) == (0, "ok", patient.keeps)


WHOLE: dict[str, tuple[str, str]] = {
    "TensorFlow 1.15 on 3.7": ("3.7", "tensorflow==1.15.5 protobuf<3.21"),
    "TensorFlow 2.3 on 3.8": ("3.8", "tensorflow-cpu==2.3.4 protobuf<3.21"),
    "TensorFlow 2.4 on 3.8": ("3.8", "tensorflow==2.4.4 protobuf<3.21"),
    "TensorFlow 2.6 on 3.9": ("3.9", "tensorflow-cpu==2.6.5"),
    "TensorFlow 2.8 on 3.9": ("3.9", "tensorflow-cpu==2.8.4 numpy<2"),
    "TensorFlow 2.10 on 3.10": ("3.10", "tensorflow==2.10.1 numpy<2"),
    "TensorFlow 2.12 on 3.11": ("3.11", "tensorflow-cpu==2.12.1"),
    "TensorFlow 2.14 on 3.11": ("3.11", "tensorflow==2.14.1"),
    "TensorFlow 2.16 on 3.12": ("3.12", "tensorflow-cpu==2.16.2"),
    "TensorFlow 2.18 on 3.12": ("3.12", "tensorflow==2.18.1"),
    "TensorFlow 2.20 on 3.13": ("3.13", "tensorflow-cpu==2.20.0"),
    "TensorFlow 2.21 on 3.10": ("3.10", "tensorflow==2.21.0"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_environment_of_any_age_has_no_more_than_hints(name: str) -> None:
    python, packages = WHOLE[name]
    with built(python, f"{packages} setuptools<82") as here:  # DI016: newer ones break tensorboard up to 2.20
        found = here.check("--deep")
        assert (found.serious(), found.imported["outcome"]) == ([], "ok")
