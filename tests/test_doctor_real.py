"""Errors that only a real TensorFlow, a real resolver or two real machines can show, each beside what these say."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import environments
import pytest
from doctor_values import clean_environment
from patients import Room, Said, uv

from tfkdoctor.doctor import compat
from tfkdoctor.doctor.files.examine import examine

pytestmark = pytest.mark.environment
USE = "import tensorflow as tf; print('works', tf.__version__); tf.keras.layers.Dense(2)"


def at(environment: environments.Environment, folder: Path, **variables: str) -> Room:
    """A prepared environment, looked at from a working folder of one's own."""
    cwd = folder / "home" / "project"
    cwd.mkdir(parents=True, exist_ok=True)
    return Room(environment.folder, cwd, dict(variables), linked=True)


def errors(said: Said) -> dict[str, str]:
    """code -> message"""
    return {row["code"]: row["message"] for row in said.report["findings"] if row["severity"] == "error"}


def site(environment: environments.Environment) -> Path:
    return next(environment.folder.glob("lib/python3*/site-packages"))


def test_another_tensorflow_in_the_working_folder(
    newest: environments.Environment, tf215: environments.Environment, tmp_path: Path
) -> None:
    """What `pip install --target . tensorflow` leaves: programs that start there take it, whatever is installed."""
    here = at(newest, tmp_path)
    for entry in site(tf215).iterdir():
        (here.cwd / entry.name).symlink_to(entry)
    assert "works 2.15.1" in here.run(USE)
    said = here.check("--deep")
    assert errors(said)["DI034"] == "metadata says TensorFlow 2.21.0, what is imported is 2.15.1"
    assert said.fix("DI034") == f"start programs in another folder than {here.cwd}, or take tensorflow out of it"


def test_the_source_of_tensorflow(newest: environments.Environment, tmp_path: Path) -> None:
    """A checkout of the days when its folder was a package; without an __init__.py the installed one is imported."""
    here = at(newest, tmp_path)
    installed, source = site(newest) / "tensorflow", here.cwd / "tensorflow"
    platform = source / "python" / "platform"
    platform.mkdir(parents=True)
    for folder, mine in ((installed, source), (installed / "python", source / "python"), (installed, platform)):
        where = installed / "python/platform" if mine == platform else folder
        for entry in where.iterdir():
            if entry.name not in ("python", "platform", "build_info.py", "__pycache__", "__init__.py"):
                (mine / entry.name).symlink_to(entry)
    assert "works 2.21.0" in here.run(USE) and "PR002" not in errors(here.check())
    for mine, whole in ((source, installed), (platform, installed / "python/platform")):
        (mine / "__init__.py").symlink_to(whole / "__init__.py")
    (source / "python/__init__.py").symlink_to(installed / "python/__init__.py")
    assert "Do not import tensorflow from its source directory" in here.run(USE)
    assert errors(here.check())["PR002"].startswith(f"{source} is TensorFlow's source")
    elsewhere = at(newest, tmp_path / "elsewhere")
    assert errors(elsewhere.check()) == {} and "works" in elsewhere.run(USE)


def test_an_import_and_a_first_use_that_die(newest: environments.Environment, tmp_path: Path) -> None:
    backend = at(newest, tmp_path / "backend", KERAS_BACKEND="jax")
    assert "Keras cannot be imported" in backend.run(USE)
    assert "KE014" in errors(backend.check("--deep"))
    local = at(newest, tmp_path / "local")
    (local.cwd / "numpy.py").write_text("zeros = None\n")
    assert "Traceback" in local.run(USE)
    assert "DI033" in errors(local.check("--deep"))


def test_two_machines(newest: environments.Environment, tf215: environments.Environment, tmp_path: Path) -> None:
    """Facts of two real environments, both told to be the same worker."""
    config = json.dumps({"cluster": {"worker": ["a:1", "b:1"]}, "task": {"type": "worker", "index": 0}})
    for name, environment in (("one", newest), ("two", tf215)):
        here = at(environment, tmp_path, TF_CONFIG=config)
        command = [sys.executable, "-m", "tfkdoctor", "facts", "--python", str(environment.python)]
        done = subprocess.run(
            [*command, "--output", f"{name}.json"], cwd=here.cwd, env=here.environment(), capture_output=True
        )
        assert done.returncode == 0, done.stderr
    command = [sys.executable, "-m", "tfkdoctor", "check", "one.json", "two.json"]
    said = subprocess.run(command, cwd=here.cwd, env=here.environment(), capture_output=True, text=True)
    assert said.returncode == 1
    assert "PR006 TensorFlow differs: 2.21.0 on one.json; 2.15.1 on two.json" in " ".join(said.stdout.split())
    assert "PR031 one.json, two.json are all worker 0 in TF_CONFIG" in " ".join(said.stdout.split())


WORKER = """
import sys, tensorflow as tf
tf.distribute.MultiWorkerMirroredStrategy()
print("a cluster")
"""


@pytest.mark.heavy
def test_two_processes_that_take_one_task(newest: environments.Environment, tmp_path: Path) -> None:
    """The second cannot take the address, and the first waits for a worker 1 that never comes."""
    with socket.socket() as one, socket.socket() as two:
        for each in (one, two):
            each.bind(("127.0.0.1", 0))
        addresses = [f"127.0.0.1:{each.getsockname()[1]}" for each in (one, two)]
    config = json.dumps({"cluster": {"worker": addresses}, "task": {"type": "worker", "index": 0}})
    env = {**clean_environment(), "TF_CONFIG": config, "CUDA_VISIBLE_DEVICES": "-1"}
    command = [str(newest.python), "-c", WORKER]
    with subprocess.Popen(command, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as first:
        wait_for(addresses[0])
        second = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
        assert first.poll() is None
        first.kill()
    assert second.returncode != 0 and "a cluster" not in second.stdout
    assert "Could not start gRPC server" in second.stderr, second.stderr[-2000:]


def wait_for(address: str, seconds: float = 120) -> None:
    import time

    host, _, port = address.partition(":")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as one:
            if one.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.2)
    pytest.fail(f"nobody listens on {address}")


REFUSED: Mapping[str, tuple[str, str]] = {
    "tensorflow==2.15.1\nprotobuf==3.20.3\nkeras==2.12.0\n": ("KE003", "No solution found"),
    "tensorflow==2.15.1\ntensorboard==2.10.0\n": ("PR004", "No solution found"),
    "tensorflow==2.16.1\nkeras<3\n": ("KE002", "No solution found"),
    "tensorflow = 2.15\n": ("PR022", "Couldn't parse requirement"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_in_a_file_uv_refuses(text: str, tmp_path: Path) -> None:
    """And what the doctor writes in its place, uv accepts."""
    code, words = REFUSED[text]
    (tmp_path / "requirements.txt").write_text(text)
    said = resolved(tmp_path / "requirements.txt")
    assert said.returncode and words in said.stderr, said.stderr
    command = [sys.executable, "-m", "tfkdoctor", "check", "requirements.txt", "--format", "json"]
    done = subprocess.run(command, cwd=tmp_path, env=clean_environment(), capture_output=True, text=True)
    report = json.loads(done.stdout)
    assert [row["code"] for row in report["findings"] if row["severity"] == "error"] == [code]
    for _, text_after in examine(tmp_path / "requirements.txt", compat.load()).corrected.values():
        (tmp_path / "requirements.txt").write_text(text_after)
        again = resolved(tmp_path / "requirements.txt")
        assert again.returncode == 0, again.stderr


def resolved(file: Path) -> subprocess.CompletedProcess[str]:
    command = [str(uv()), "pip", "compile", "-q", "--only-binary", ":all:", "--python-version", "3.11", str(file)]
    return subprocess.run(command, cwd=file.parent, capture_output=True, text=True, timeout=120)
