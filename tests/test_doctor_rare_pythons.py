"""Interpreters and a processor that TensorFlow has no wheel for: real ones, from Debian (make test-heavy)."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import environments
import pytest
from doctor_values import facts
from patients import uv

from tfkdoctor.doctor.examine import check, gather
from tfkdoctor.doctor.facts import Facts, Imported, Unknown
from tfkdoctor.model import Severity

pytestmark = pytest.mark.heavy


def unpacked(folder: Path, *packages: str, architecture: str = "amd64") -> Path:
    """The files of Debian's packages below `folder`; nothing is installed. Skips where that cannot be had."""
    if not shutil.which("apt-get"):
        pytest.skip("no apt-get here")
    for name in ("state/lists/partial", "cache/archives/partial", "debs", "root"):
        (folder / name).mkdir(parents=True)
    options = [f"Dir::State={folder}/state", f"Dir::Cache={folder}/cache", "Dir::State::status=/dev/null"]
    options += [f"APT::Architecture={architecture}", f"APT::Architectures={architecture}", "APT::Sandbox::User=root"]
    apt = ["apt-get", "-qq", *(part for option in options for part in ("-o", option))]
    # An update fails as a whole if one of many lists does, of an updates suite for example.
    subprocess.run([*apt, "update"], cwd=folder / "debs", capture_output=True, text=True, timeout=300)
    done = subprocess.run(
        [*apt, "download", *packages], cwd=folder / "debs", capture_output=True, text=True, timeout=300
    )
    if done.returncode:
        pytest.skip(f"apt-get download: {done.stderr.strip()[-200:]}")
    for deb in (folder / "debs").glob("*.deb"):
        subprocess.run(["dpkg", "-x", deb, folder / "root"], check=True, timeout=120)
    return folder / "root"


def command(path: Path, *words: str | Path) -> Path:
    """A file that runs a command, as an interpreter is run."""
    path.write_text(f'#!/bin/sh\nexec {shlex.join(map(str, words))} "$@"\n')
    path.chmod(0o755)
    return path


def errors(python: Path, cwd: Path) -> set[str]:
    return errors_of(gather(str(python), deep=False, cwd=cwd))


def errors_of(one: Facts) -> set[str]:
    findings = check(one).findings
    return {f"{one.code} {one.message}" for one in findings if one.severity is Severity.ERROR}


def test_pypy(tmp_path: Path) -> None:
    root = unpacked(tmp_path / "debian", "pypy3", "pypy3-lib")
    libraries = f"LD_LIBRARY_PATH={root}/usr/lib/x86_64-linux-gnu"
    pypy = command(tmp_path / "python", "env", libraries, root / "usr/bin/pypy3")
    assert "PY007 this is PyPy 3.9.16; TensorFlow has wheels for CPython only" in errors(pypy, tmp_path)
    broken = errors(root / "usr/bin/pypy3", tmp_path)  # without the library that it is linked with
    assert [one.split()[0] for one in broken] == ["PY017"]
    assert "error while loading shared libraries: libpypy3.9-c.so" in broken.pop()


PYTHON = ("python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib", "libc6", "zlib1g", "libexpat1")


def test_a_32_bit_python(tmp_path: Path) -> None:
    root = unpacked(tmp_path / "debian", *PYTHON, architecture="i386")
    folders = f"{root}/lib/i386-linux-gnu:{root}/usr/lib/i386-linux-gnu"
    words = (root / "lib/ld-linux.so.2", "--library-path", folders, root / "usr/bin/python3.11")
    python = command(tmp_path / "python", *words)
    assert "PY003 this Python is a 32-bit build; TensorFlow has only 64-bit wheels" in errors(python, tmp_path)


def test_a_machine_without_wheels(tmp_path: Path) -> None:
    """PY001 on an emulated mainframe, whose Python says so itself, and of which uv finds no wheel either."""
    emulator = unpacked(tmp_path / "qemu", "qemu-user-static") / "usr/bin/qemu-s390x-static"
    root = unpacked(tmp_path / "debian", *PYTHON, architecture="s390x")
    python = command(tmp_path / "python", emulator, "-L", root, root / "usr/bin/python3.11")
    assert "PY001 no TensorFlow release has a wheel for Linux on s390x" in errors(python, tmp_path)
    resolve = [
        str(uv()),
        "pip",
        "compile",
        "-q",
        "--only-binary",
        ":all:",
        "--python-platform",
        "s390x-unknown-linux-gnu",
    ]
    resolve += ["--python-version", "3.11", "-"]
    said = subprocess.run(resolve, input="tensorflow\n", cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert said.returncode == 1 and "no wheels with a matching" in said.stderr, said.stderr


def test_a_processor_without_avx(tmp_path: Path, newest: environments.Environment) -> None:
    """The real TensorFlow on an emulated processor of 2008: the import is killed, the doctor is not."""
    root = unpacked(tmp_path / "debian", "qemu-user-static")
    python = command(
        tmp_path / "python", root / "usr/bin/qemu-x86_64-static", "-cpu", "Nehalem", environments.ensure(newest)
    )
    one = gather(str(python), deep=True, cwd=tmp_path, timeout=300)
    assert isinstance(one.imported, Imported) and not isinstance(one.host, Unknown)
    assert (one.imported.outcome, one.imported.detail) == ("signal", "killed by SIGILL")
    # The emulator shows /proc/cpuinfo of the machine that it runs on: the flags are those of a Nehalem.
    found = errors_of(replace(one, host=replace(one.host, cpu_flags=("sse4_1", "sse4_2"))))
    assert {"DI033 import tensorflow crashes the interpreter: killed by SIGILL"} < found
    assert any(line.startswith("PY008 this processor offers no AVX") for line in found)


def test_a_resolver_finds_no_tensorflow_for_a_python_that_is_too_new(tmp_path: Path) -> None:
    """What PY001 says of a Python is what uv says of it."""
    (found,) = (one for one in errors_of(facts({}, python="3.14.0")) if one.startswith("PY001"))
    coming = found.removeprefix("PY001 for Python 3.14 there is only the pre-release TensorFlow ")
    (tmp_path / "requirements.in").write_text("tensorflow\n")
    resolve = [str(uv()), "pip", "compile", "--only-binary", ":all:", "requirements.in", "--python-version"]
    said = {
        version: subprocess.run([*resolve, version], cwd=tmp_path, capture_output=True, text=True, timeout=120)
        for version in ("3.13", "3.14")
    }
    assert "tensorflow==2.21" in said["3.13"].stdout
    assert f"tensorflow=={coming}\n" in said["3.14"].stdout  # a pre-release, as there is nothing else
