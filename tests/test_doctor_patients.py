"""Patients: what is found in an environment that is really broken, and that it is whole after what is printed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import environments
import pytest
from patients import Room, copied, mend

pytestmark = pytest.mark.environment
KERAS = "import tensorflow as tf; tf.keras.layers.Dense(2)(tf.zeros((1, 2))); print('works')"


@dataclass(frozen=True)
class Patient:
    """How an environment with TensorFlow 2.21 is broken, what is said of it, and how it shows to a program."""

    code: str
    severity: str
    installs: tuple[str, ...] = ()
    breaks: Callable[[Room], None] = lambda here: None
    program: str = KERAS
    shows: str = ""


def variable(name: str, value: str) -> Callable[[Room], None]:
    return lambda here: here.variables.update({name: value})


def file(path: str, text: str) -> Callable[[Room], None]:
    """A file below the home of the patient's user; the working folder is project/."""

    def write(here: Room) -> None:
        (here.cwd.parent / path).parent.mkdir(parents=True, exist_ok=True)
        (here.cwd.parent / path).write_text(text)

    return write


def edited(here: Room) -> None:
    """A line more in a file of keras, written anew: the file that it was linked from stays as it is."""
    path = here.site / "keras" / "src" / "version.py"
    text = path.read_text()
    path.unlink()
    path.write_text(text + "print('debug')\n")


def other_files(here: Room) -> None:
    """The files of another release below the metadata of this one, as a copy of a folder leaves them."""
    here.uv("pip", "install", "--no-deps", "--target", str(here.cwd.parent / "old"), "keras==3.12.0")
    shutil.rmtree(here.site / "keras")
    shutil.move(here.cwd.parent / "old" / "keras", here.site / "keras")


def interrupted(here: Room) -> None:
    (here.site / "~ensorflow").mkdir()
    (here.site / "~ensorflow" / "__init__.py").touch()


PATIENTS: dict[str, Patient] = {
    "keras 2.15 under TensorFlow 2.21": Patient(
        "KE002", "error", ("keras==2.15.0",), shows="register_load_context_function"
    ),
    "keras below the floor": Patient("KE003", "warning", ("keras==3.5.0",), shows="works"),
    "no keras": Patient(
        "KE003", "error", breaks=lambda here: here.pip("uninstall", "keras"), shows="Keras cannot be imported"
    ),
    "the switch without tf-keras": Patient(
        "KE005", "error", breaks=variable("TF_USE_LEGACY_KERAS", "1"), shows="Keras cannot be imported"
    ),
    "a backend that is not installed": Patient(
        "KE005", "error", breaks=variable("KERAS_BACKEND", "jax"), shows="Keras cannot be imported"
    ),
    "tf-keras of another minor": Patient(
        "KE008", "error", ("--no-deps tf-keras==2.15.0",), program="import tf_keras", shows="AttributeError"
    ),
    "tf-keras of a near minor": Patient("KE008", "warning", ("--no-deps tf-keras==2.18.0",)),
    "theano in keras.json": Patient(
        "KE009", "error", breaks=file(".keras/keras.json", '{"backend": "theano"}'), shows="theano"
    ),
    "a keras.json that Keras refuses": Patient(
        "KE010", "error", breaks=file(".keras/keras.json", '{"epsilon": 1}'), shows="AssertionError"
    ),
    "numpy gone": Patient("DI008", "error", breaks=lambda here: here.pip("uninstall", "numpy"), shows="numpy"),
    "protobuf older than the gencode": Patient("DI011", "error", ("protobuf==6.30.2",), shows="Protobuf Gencode"),
    "setuptools 82 with tensorflow-hub": Patient(
        "DI016",
        "error",
        ("--no-deps tensorflow-hub==0.16.1", "setuptools>=82", "tf-keras==2.21.0"),
        program="import tensorflow_hub; print('works')",
        shows="pkg_resources",
    ),
    "tensorflow-text of a far minor": Patient(
        "DI020",
        "error",
        ("--no-deps tensorflow-text==2.15.0",),
        program="import tensorflow_text",
        shows="undefined symbol",
    ),
    "tensorflow-addons": Patient(
        "DI021",
        "error",
        ("tensorflow-addons==0.23.0 typeguard",),
        program="import tensorflow_addons",
        shows="keras.src.engine",
    ),
    "the files of another keras": Patient("DI032", "error", breaks=other_files),
    "keras-nightly over keras": Patient("DI006", "error", ("keras-nightly",)),
    "an interrupted pip": Patient("DI004", "warning", breaks=interrupted),
    "a file of keras edited by hand": Patient("DI031", "warning", breaks=edited),
    "another Keras than requirements.txt asks for": Patient(
        "PR003", "warning", breaks=file("project/requirements.txt", "tensorflow>=2.20\nkeras==3.14.0\n"), shows="works"
    ),
    "another Keras than the lock holds": Patient(
        "PR003",
        "warning",
        breaks=file("project/uv.lock", 'version = 1\n[[package]]\nname = "keras"\nversion = "3.14.0"\n'),
    ),
    "a local keras.py": Patient("PR001", "error", breaks=file("project/keras.py", "layers = 1\n"), shows="keras"),
}


@pytest.fixture(params=PATIENTS)
def patient(request: pytest.FixtureRequest) -> Patient:
    return PATIENTS[request.param]


@pytest.fixture
def here(patient: Patient, newest: environments.Environment) -> Iterator[Room]:
    with copied(newest, *patient.installs) as here:
        patient.breaks(here)
        yield here


def test_what_is_broken_is_found_and_what_is_printed_mends_it(patient: Patient, here: Room) -> None:
    found = here.check()
    assert [patient.code, patient.severity] in [line.split()[:2] for line in found.serious()], found.serious()
    assert not patient.shows or patient.shows in here.run(patient.program)
    after = mend(here, patient.code)
    assert after.serious() == []
    assert (after.exit, after.imported["outcome"], after.imported["version"]) == (0, "ok", "2.21.0")
    assert isinstance(after.imported["keras_version"], str), after.imported
