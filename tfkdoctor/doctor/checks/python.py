"""Checks of the interpreter and the platform: PY."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import Case, Found, Look, installed
from tfkdoctor.doctor.compat import minor
from tfkdoctor.doctor.facts import Unknown
from tfkdoctor.model import Evidence

GLIBC = re.compile(r"manylinux_(\d+)_(\d+)_")


def no_wheel(case: Case) -> Iterator[Found]:
    one = case.interpreter
    if one is None or case.version or case.table.installable(case.python, case.platform) or unusual(case):
        return
    newest, coming = case.table.finals()[-1], case.table.tensorflow[-1]
    pythons = newest.wheels.get(case.platform, ())
    evidence = (Evidence("python", f"{one.version} on {one.system} {one.machine}", one.executable),)
    if not case.platform:
        message = f"no TensorFlow release has a wheel for {one.system} on {one.machine}"
        way = "use Linux on x86_64 or aarch64, macOS on arm64, or Windows on AMD64"
    elif case.python in coming.wheels.get(case.platform, ()):
        message = f"for Python {case.python} there is only the pre-release TensorFlow {coming.version}"
        way = f'use Python {pythons[-1]}, or: python -m pip install --pre "tensorflow=={coming.version}"'
    else:
        message = f"no TensorFlow release has a wheel for Python {case.python} on {case.platform}"
        way = f"use Python {pythons[0]} to {pythons[-1]} (TensorFlow {newest.version})" if pythons else "use Linux"
    yield Found(message, way, evidence)


def unusual(case: Case) -> bool:
    """An interpreter that cannot install any wheel for a reason that has its own check."""
    one = case.interpreter
    return one is not None and (one.bits == 32 or one.free_threaded or one.implementation != "CPython" or musl(case))


def ends_here(case: Case) -> Iterator[Found]:
    known = case.table.installable(case.python, case.platform)
    newest = case.table.finals()[-1]
    if case.interpreter is None or unusual(case) or not known or minor(known[-1]) >= minor(newest.version):
        return
    pythons = newest.wheels.get(case.platform, ())
    yield Found(
        f"for Python {case.python} on {case.platform} TensorFlow ends with {known[-1]}; the newest is {newest.version}",
        f"the newest has wheels for Python {', '.join(pythons)}" if pythons else "the newest needs another platform",
        (Evidence("python", case.interpreter.version, case.interpreter.executable),),
    )


def bits(case: Case) -> Iterator[Found]:
    if case.interpreter and case.interpreter.bits == 32:
        yield Found(
            "this Python is a 32-bit build; TensorFlow has only 64-bit wheels",
            "install the 64-bit Python",
            (Evidence("bits", "32", case.interpreter.executable),),
        )


def musl(case: Case) -> bool:
    host = case.facts.host
    return not isinstance(host, Unknown) and isinstance(host.libc, str) and host.libc.startswith("musl")


def c_library(case: Case) -> Iterator[Found]:
    if musl(case) and not case.version:
        yield Found(
            "this system uses musl (Alpine); no TensorFlow wheel was ever built for it",
            "use an image with glibc, for example python:3.13-slim",
            (Evidence("libc", "musl", "/lib"),),
        )


def old_glibc(case: Case) -> Iterator[Found]:
    host, release = case.facts.host, case.release
    if (
        isinstance(host, Unknown)
        or isinstance(host.libc, Unknown)
        or release is None
        or not host.libc.startswith("glibc")
    ):
        return
    have = minor(host.libc.split()[-1])
    need = [minor(f"{m[1]}.{m[2]}") for tag in release.tags if (m := GLIBC.search(tag))]
    if case.platform == "linux_x86_64" and need and have < min(need):
        yield Found(
            f"TensorFlow {release.version} needs glibc {dotted(min(need))}; this system has {dotted(have)}",
            "use a newer system, or a TensorFlow up to 2.20 (glibc 2.17)",
            (Evidence("libc", host.libc, "confstr"), Evidence("wheel", " ".join(release.tags), "compat table")),
        )


def dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def not_cpython(case: Case) -> Iterator[Found]:
    one = case.interpreter
    if one is None or case.version:
        return
    if one.free_threaded:
        yield Found(
            f"this is a free-threaded Python {one.version}; TensorFlow has no wheel for it",
            "use the ordinary build of the same Python",
            (Evidence("Py_GIL_DISABLED", "1", one.executable),),
        )
    if one.implementation != "CPython":
        yield Found(
            f"this is {one.implementation} {one.version}; TensorFlow has wheels for CPython only",
            "use CPython",
            (Evidence("implementation", one.implementation, one.executable),),
        )


def old_pip(case: Case) -> Iterator[Found]:
    if case.old_pip and not case.version:
        yield Found(
            f"pip {case.old_pip} does not know the tags of newer wheels (20.3 does) and finds older releases or none",
            "python -m pip install -U pip",
            (installed(case.distributions["pip"]),),
        )


def no_avx(case: Case) -> Iterator[Found]:
    host = case.facts.host
    flags = Unknown("") if isinstance(host, Unknown) else host.cpu_flags
    if isinstance(flags, Unknown) or not case.platform.endswith(("x86_64", "amd64")) or "avx" in flags:
        return
    if case.version and case.minor >= (1, 6):
        yield Found(
            "this processor offers no AVX; every TensorFlow wheel since 1.6 uses it and dies with SIGILL",
            "in a virtual machine pass the host's processor through (-cpu host); else build TensorFlow from source",
            (Evidence("flags", " ".join(flags), "/proc/cpuinfo"),),
        )


LOOKS: dict[str, Look] = {
    "PY001": no_wheel,
    "PY002": ends_here,
    "PY003": bits,
    "PY004": c_library,
    "PY005": old_glibc,
    "PY006": old_pip,
    "PY007": not_cpython,
    "PY008": no_avx,
}
