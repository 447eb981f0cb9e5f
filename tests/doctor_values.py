"""Facts for the tests of the doctor: one whole environment, from which each test changes what it is about."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tfkdoctor.doctor import compat
from tfkdoctor.doctor.checks import run_checks
from tfkdoctor.doctor.facts import (
    Build,
    Distribution,
    Driver,
    Facts,
    Gpu,
    Host,
    Interpreter,
    KerasConfig,
    Library,
    Package,
    Patient,
    Unknown,
)
from tfkdoctor.doctor.project import Project
from tfkdoctor.model import Severity

SITE = "/env/lib/site-packages"
ABSENT = Unknown("no NVIDIA kernel module is loaded")
LATER = Unknown("not read")
NO_DRIVER = Driver(kernel=ABSENT, library=ABSENT, cuda=ABSENT, init=ABSENT, nvml=12, visible=ABSENT)
H100 = Gpu(index=0, name="NVIDIA H100", uuid="GPU-1", capability="9.0", memory=81559, used=0)
GOOD_DRIVER = Driver(kernel="570.133.07", library="570.133.07", cuda="12.8", init=0, nvml=0, visible=1)


def interpreter(python: str = "3.11.7", **changes: object) -> Interpreter:
    one = Interpreter(
        version=python,
        implementation="CPython",
        bits=64,
        executable="/env/bin/python",
        prefix="/env",
        base_prefix="/usr",
        path=(SITE,),
        system="Linux",
        machine="x86_64",
        release="6.1",
        free_threaded=False,
        user_site="",
        environment={},
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def installed(versions: Mapping[str, str], requires: Mapping[str, tuple[str, ...]] = {}) -> tuple[Distribution, ...]:
    """Distributions by name and version; what TensorFlow and tf-keras require comes from the compat table."""
    return tuple(
        Distribution(name, version, SITE, requires.get(name, table_requires(name, version)), installer="pip")
        for name, version in versions.items()
    )


def table_requires(name: str, version: str) -> tuple[str, ...]:
    table = compat.load()
    if name in ("tensorflow", "tensorflow-cpu", "tensorflow-gpu"):
        release = table.release(version)
        return release.requires if release else ()
    return table.tf_keras.get(version, ()) if name == "tf-keras" else ()


def whole(tensorflow: str, python: str, name: str = "tensorflow") -> dict[str, str]:
    """TensorFlow and the newest release of each distribution that it requires, within all limits: a sound set."""
    from tfkdoctor.doctor.checks.case import Case
    from tfkdoctor.doctor.solve import solve

    empty = facts({}, python=python)
    plan = solve(Case(empty, compat.load()), name, tensorflow)
    assert plan is not None, f"nothing fits around TensorFlow {tensorflow} on Python {python}"
    return dict(plan.install)


def facts(
    versions: Mapping[str, str],
    *,
    python: str = "3.11.7",
    environment: Mapping[str, str] = {},
    requires: Mapping[str, tuple[str, ...]] = {},
    **changes: object,
) -> Facts:
    """A Linux machine without a GPU, and these distributions."""
    one = Facts(
        patient=Patient("/env/bin/python", "--python"),
        interpreter=interpreter(python, environment=dict(environment)),
        distributions=installed(versions, requires),
        packages=packages(versions),
        overlaps=(),
        leftovers=(),
        build=Unknown("not read"),
        shadows=(),
        keras_config=KerasConfig("/home/me/.keras/keras.json", "absent"),
        host=Host("glibc 2.36", ("avx", "avx2", "fma"), False, False, (), ()),
        driver=NO_DRIVER,
        gpus=(),
        libraries=(),
        imported=Unknown("only --deep imports TensorFlow"),
        project=Project((), Unknown("no pip on PATH"), ()),
        cwd="/project",
        day="2026-11-24",
        tool="0",
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def packages(versions: Mapping[str, str]) -> tuple[Package, ...]:
    """The folders that belong to these distributions."""
    owners = {"tensorflow": "tensorflow", "tensorflow-cpu": "tensorflow", "keras": "keras", "tf-keras": "tf_keras"}
    names = dict.fromkeys(owners[name] for name in versions if name in owners)
    return tuple(Package(name, f"{SITE}/{name}", True, Unknown("not read")) for name in names)


def with_gpu(
    one: Facts,
    gpu: Gpu = H100,
    driver: Driver = GOOD_DRIVER,
    *,
    missing: tuple[str, ...] = (),
    cuda_build: bool = True,
) -> Facts:
    """The same environment on a machine with a GPU, with all CUDA libraries but those in `missing`."""
    version = next(d.version for d in one.distributions if d.name.startswith("tensorflow"))  # type: ignore[union-attr]
    table = compat.load()
    need, release = table.cuda_for(version), table.release(version)
    assert need and release
    return replace(
        one,
        gpus=(gpu,),
        driver=driver,
        host=Host("glibc 2.36", ("avx",), False, False, ("0000:01:00.0",), ("/dev/nvidia0",)),
        build=Build(
            cuda_build, need.cuda, need.cudnn, release.capabilities, LATER, (f"{SITE}/nvidia/cudnn/lib",), "runpath"
        ),
        libraries=tuple(
            Library(soname, "", "")
            if soname in missing
            else Library(soname, f"{SITE}/nvidia/{soname}", "TensorFlow's RUNPATH")
            for soname in need.sonames
        ),
    )


def seen(one: Facts, *, hints: bool = False) -> list[str]:
    """`CODE severity message` of every finding, hints only if asked for."""
    findings, _ = run_checks(one, compat.load())
    return [f"{f.code} {f.severity} {f.message}" for f in findings if hints or f.severity is not Severity.HINT]


def errors(one: Facts) -> list[str]:
    return [line.split()[0] for line in seen(one) if " error " in line]


def new_venv(folder: Path, python: str = sys.executable) -> Path:
    """An empty virtual environment; returns its site-packages."""
    subprocess.run([python, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=120)
    return next(folder.glob("lib/python3*/site-packages"))


def put_dist(
    site: Path, name: str, version: str, *, requires: tuple[str, ...] = (), files: tuple[str, ...] = ()
) -> None:
    """A distribution as pip leaves it, with these (empty) files."""
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {one}" for one in requires)]
    (info / "METADATA").write_text("\n".join(["Metadata-Version: 2.1", *lines]) + "\n\nText.\n")
    (info / "INSTALLER").write_text("pip\n")
    for file in files:
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        (site / file).touch()
    (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))


def mirror(source: Path, folder: Path, python: str, without: tuple[str, ...] = ()) -> Path:
    """A virtual environment whose site-packages holds links to all of `source` but the named top-level entries."""
    site = new_venv(folder, python)
    for entry in source.iterdir():
        if not entry.name.startswith(without or ("\0",)) and not (site / entry.name).exists():
            (site / entry.name).symlink_to(entry)
    return site


def clean_environment() -> dict[str, str]:
    """This process's environment without what would choose or change the examined interpreter."""
    drop = ("VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "TF_USE_LEGACY_KERAS", "KERAS_BACKEND", "CUDA_VISIBLE_DEVICES")
    return {name: value for name, value in os.environ.items() if name not in drop}
