"""Real environments, sound and broken: a useful report, the right exit code, no traceback, in little time."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import environments
import pytest
from doctor_values import clean_environment, mirror, new_venv, put_dist

from tfkdoctor.doctor.examine import check, gather
from tfkdoctor.doctor.facts import Facts, Imported, Unknown
from tfkdoctor.model import Severity

pytestmark = pytest.mark.environment
HINTS = ("PY002", "KE004", "GP001", "DI017", "PR010")  # true of these environments, and no fault


@dataclass(frozen=True)
class Report:
    code: int
    text: str
    seconds: float


def run_check(python: Path, cwd: Path, *options: str, environment: dict[str, str] | None = None) -> Report:
    """`tfkdoctor check` as a person runs it."""
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tfkdoctor", "check", "--python", str(python), *options],
        cwd=cwd,
        env={**clean_environment(), **(environment or {})},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return Report(done.returncode, done.stdout, time.monotonic() - start)


def serious(one: Facts) -> list[str]:
    return [f"{f.code} {f.message}" for f in check(one).findings if f.severity is not Severity.HINT]


def advised(one: Facts) -> str:
    found = check(one).advice
    return found.command if found else ""


@pytest.fixture(params=["newest", "keras2", "keras1"])
def ready(request: pytest.FixtureRequest) -> environments.Environment:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, environments.Environment)
    return found


def test_a_whole_environment_is_no_fault(ready: environments.Environment, tmp_path: Path) -> None:
    one = gather(str(ready.python), deep=False, cwd=tmp_path)
    assert serious(one) == []
    assert {f.code for f in check(one).findings} <= set(HINTS)
    assert one.version("tensorflow") == ready.pins()["tensorflow"]
    assert Facts.from_json(one.to_json()) == one
    assert one.seconds < 1.5


def test_exit_code_and_time_of_a_whole_environment(newest: environments.Environment, tmp_path: Path) -> None:
    report = run_check(newest.python, tmp_path)
    assert report.code == 0 and report.text.startswith(f"Python: {newest.python} (--python)")
    assert report.seconds < 5  # alone on the machine it takes half a second


def test_without_tensorflow(tmp_path: Path) -> None:
    new_venv(tmp_path / "env")
    report = run_check(tmp_path / "env", tmp_path)
    assert report.code == 1 and "DI030 TensorFlow is not installed in this interpreter" in report.text
    assert "-m ensurepip && " in report.text and '-m pip install "tensorflow==' in report.text


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.13"])
def test_the_child_runs_on_every_python(version: str, tmp_path: Path) -> None:
    pythons = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    if not pythons:
        pytest.skip(f"no Python {version} here")
    one = gather(str(pythons[-1]), deep=False, cwd=tmp_path)
    assert not isinstance(one.interpreter, Unknown)
    assert one.interpreter.python == version and one.interpreter.implementation == "CPython"
    assert one.version("pip")


def test_tf_1_15_with_protobuf_4_on_python_3_7(keras2: environments.Environment, tmp_path: Path) -> None:
    source = next(keras2.folder.glob("lib/python3*/site-packages"))
    base = str(next(Path.home().glob(".pyenv/versions/3.7.*/bin/python"), keras2.python))
    site = mirror(source, tmp_path / "env", base, without=("protobuf-", "h5py-"))
    put_dist(site, "protobuf", "4.24.4")
    put_dist(site, "h5py", "3.8.0")
    report = run_check(tmp_path / "env", tmp_path)
    assert report.code == 1
    assert "DI010 protobuf 4.24.4 is too new for tensorflow 1.15.5" in " ".join(report.text.split())
    assert "DI015 h5py 3.8.0 is too new for" in " ".join(report.text.split())
    one = gather(str(tmp_path / "env"), deep=False, cwd=tmp_path)
    assert advised(one) == f'{tmp_path}/env/bin/python -m pip install "h5py==2.10.0" "protobuf==3.20.3"'


def test_a_half_uninstalled_tensorflow(newest: environments.Environment, tmp_path: Path) -> None:
    """What an uninstall of one of two owners leaves: metadata that says installed, and an empty namespace."""
    source = next(newest.folder.glob("lib/python3*/site-packages"))
    site = mirror(source, tmp_path / "env", str(newest.python), without=("tensorflow",))
    (site / "tensorflow-2.21.0.dist-info").symlink_to(source / "tensorflow-2.21.0.dist-info")
    (site / "tensorflow" / "python").mkdir(parents=True)
    report = run_check(tmp_path / "env", tmp_path)
    assert report.code == 1 and "DI002 tensorflow 2.21.0 is not whole: tensorflow/__init__.py" in report.text
    assert "uninstall -y tensorflow && rm -rf" in report.text
    deep = gather(str(tmp_path / "env"), deep=True, cwd=tmp_path).imported
    assert isinstance(deep, Imported) and (deep.outcome, deep.detail) == (
        "error",
        "tensorflow is an empty namespace: it has no __version__",
    )


def test_numpy_2_under_an_old_tensorflow_from_metadata_alone(tmp_path: Path) -> None:
    """Nothing is imported: an environment of mere metadata is enough."""
    site = new_venv(tmp_path / "env")
    put_dist(site, "tensorflow", "2.14.0", requires=("numpy>=1.23.5", "keras<2.15,>=2.14.0"))
    put_dist(site, "keras", "2.14.0", files=("keras/__init__.py",))
    put_dist(site, "numpy", "2.2.6")
    put_dist(site, "pip", "24.0")
    (site / "tensorflow").mkdir()
    (site / "tensorflow/__init__.py").touch()
    one = gather(str(tmp_path / "env"), deep=False, cwd=tmp_path)
    assert serious(one) == [
        "DI009 numpy 2.2.6 is too new for tensorflow 2.14.0: import tensorflow dies: numpy.core.umath failed to "
        "import, "
        "_ARRAY_API not found"
    ]
    assert advised(one) == f'{tmp_path}/env/bin/python -m pip install "numpy==1.26.4"'


def test_a_uv_environment_is_spoken_to_as_such(tmp_path: Path) -> None:
    new_venv(tmp_path / "env")
    with (tmp_path / "env/pyvenv.cfg").open("a") as file:
        file.write("uv = 0.9.1\n")
    one = gather(str(tmp_path / "env"), deep=False, cwd=tmp_path)
    assert advised(one).startswith("uv pip install --python ")


def test_a_local_keras_py_is_seen_and_not_run(newest: environments.Environment, tmp_path: Path) -> None:
    (tmp_path / "keras.py").write_text("open('executed', 'w')\n")
    report = run_check(newest.python, tmp_path)
    assert report.code == 1 and "PR001 keras.py in" in report.text
    assert not (tmp_path / "executed").exists()


def test_switches_of_the_environment_are_seen(newest: environments.Environment, tmp_path: Path) -> None:
    report = run_check(newest.python, tmp_path, environment={"TF_USE_LEGACY_KERAS": "1", "KERAS_HOME": str(tmp_path)})
    assert report.code == 1 and "KE005 TF_USE_LEGACY_KERAS=1 makes tf.keras" in report.text
    assert '"tf-keras==2.21.0"' in report.text


@pytest.mark.legacy
def test_deep_imports_and_lists_devices(newest: environments.Environment, tmp_path: Path) -> None:
    deep = gather(str(newest.python), deep=True, cwd=tmp_path).imported
    assert isinstance(deep, Imported) and deep.outcome == "ok", deep
    assert (deep.version, deep.keras_module, deep.keras_version) == ("2.21.0", "keras._tf_keras.keras", "3.15.1")
    assert isinstance(deep.devices, tuple) and "/physical_device:CPU:0" in deep.devices
    assert "libcuda.so.1" in deep.not_loaded or any("GPU" in name for name in deep.devices)


@pytest.mark.legacy
def test_deep_in_tensorflow_1(keras2: environments.Environment, tmp_path: Path) -> None:
    deep = gather(str(keras2.python), deep=True, cwd=tmp_path).imported
    assert isinstance(deep, Imported) and (deep.outcome, deep.version) == ("ok", "1.15.5"), deep


@pytest.mark.legacy
def test_an_import_that_hangs_is_a_finding(newest: environments.Environment, tmp_path: Path) -> None:
    """--deep runs in the working folder, as a program would: what lies there is imported."""
    (tmp_path / "tensorflow.py").write_text("import time\ntime.sleep(300)\n")
    one = gather(str(newest.python), deep=True, cwd=tmp_path, timeout=2)
    assert [line for line in serious(one) if line.startswith("DI033")] == [
        "DI033 import tensorflow does not end: no answer within 2 s"
    ]


@pytest.mark.legacy
def test_what_tensorflow_imports_of_the_standard_library(newest: environments.Environment, tmp_path: Path) -> None:
    """The names that PR001 warns of are imported after the start of the interpreter."""
    from tfkdoctor.doctor.surroundings import STANDARD

    code = "import sys; before = set(sys.modules); import tensorflow as tf; tf.keras.layers.Dense; "
    code += "print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([newest.python, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=200)
    assert set(STANDARD) - set(done.stdout.split()) == set()


def test_folders_of_the_project_are_never_left_overs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of scripts that is called tensorflow imports as an empty namespace, and is still the user's own."""
    new_venv(tmp_path / "env")
    for name in ("tensorflow", "keras"):
        (tmp_path / "project" / name).mkdir(parents=True)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "project"))
    one = gather(str(tmp_path / "env"), deep=False, cwd=tmp_path)
    assert serious(one) == ["DI030 TensorFlow is not installed in this interpreter"]
    assert "rm " not in advised(one)


def test_a_checkout_that_a_pth_file_names(tmp_path: Path) -> None:
    site = new_venv(tmp_path / "env")
    put_dist(tmp_path / "target", "keras", "3.15.1", files=("keras/__init__.py",))  # pip install -t is no checkout
    (tmp_path / "source/tf_keras").mkdir(parents=True)
    (tmp_path / "source/tf_keras/__init__.py").touch()
    (site / "own.pth").write_text(f"{tmp_path}/target\n{tmp_path}/source\n")
    assert serious(gather(str(tmp_path / "env"), deep=False, cwd=tmp_path)) == [
        "DI030 TensorFlow is not installed in this interpreter; Keras is, and has no backend",
        f"DI002 import tf_keras takes {tmp_path}/source/tf_keras (of unknown version), which lies in no folder of "
        "installed packages",
    ]
