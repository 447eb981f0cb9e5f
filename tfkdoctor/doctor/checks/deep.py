"""Checks of what a child process saw when it imported TensorFlow (only with --deep)."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from tfkdoctor.doctor.chain import broken, chain
from tfkdoctor.doctor.checks.case import Case, Found, Look
from tfkdoctor.doctor.checks.device import cuda_build
from tfkdoctor.doctor.facts import Imported, Tried, Unknown
from tfkdoctor.model import Evidence


def imported(case: Case) -> Imported | None:
    return None if isinstance(case.facts.imported, Unknown) else case.facts.imported


def import_fails(case: Case) -> Iterator[Found]:
    one = imported(case)
    if one is None or one.outcome == "ok":
        return
    step = last_step(one)
    what = {
        "timeout": "does not end",
        "signal": "crashes the interpreter",
        "error": "fails",
    }[one.outcome]
    help_ = {
        "timeout": "see the log in the evidence; a slow disk may need a longer --timeout",
        "signal": "see PY008 and the log in the evidence",
        "error": "see the other findings for the cause",
    }[one.outcome]
    evidence = (Evidence(step, one.detail, f"a child process, {one.seconds:.1f} s"), *log(one))
    yield Found(f"{step} {what}: {one.detail}", help_, evidence)


def last_step(one: Imported) -> str:
    """How far the child came: what it has said is done, what it has not said is where it ended."""
    if not one.version:
        return "import tensorflow"
    return "the first use of tf.keras" if isinstance(one.keras_module, Unknown) else "listing the devices"


def log(one: Imported) -> tuple[Evidence, ...]:
    return tuple(Evidence("log", line, "TensorFlow") for line in one.log[-3:])


def keras_fails(case: Case) -> Iterator[Found]:
    one = imported(case)
    if one is not None and one.version and isinstance(one.keras_module, Unknown) and one.outcome == "ok":
        yield Found(
            f"tf.keras cannot be used: {one.keras_module.reason}",
            "see the KE findings",
            (Evidence("tf.keras", one.keras_module.reason, "a child process"),),
        )


def other_tensorflow(case: Case) -> Iterator[Found]:
    one = imported(case)
    if one is not None and one.version and case.version and one.version.split("+")[0] != case.version.split("+")[0]:
        yield Found(
            f"metadata says TensorFlow {case.version}, what is imported is {one.version}",
            way_back(case, one),
            (Evidence("imported", one.version, one.file), Evidence("metadata", case.version, "dist-info")),
        )


def way_back(case: Case, one: Imported) -> str:
    """By where the imported one lies: in the working folder, or among what is installed."""
    folder = case.facts.cwd
    if folder and one.file.startswith(f"{folder}/tensorflow/"):
        return f"start programs in another folder than {shlex.quote(folder)}, or take tensorflow out of it"
    return "uninstall every TensorFlow distribution, then install one"


def no_device(case: Case) -> Iterator[Found]:
    one = imported(case)
    if one is None or one.outcome != "ok" or isinstance(one.devices, Unknown) or not case.gpus or not cuda_build(case):
        return
    found = case.facts.driver
    hidden = not isinstance(found, Unknown) and found.visible == 0 and case.variable("CUDA_VISIBLE_DEVICES") is not None
    if not any("GPU" in name for name in one.devices) and not hidden:  # what is hidden on purpose GP019 tells
        link = broken(chain(case.facts, case.version))
        names = ", ".join(one.not_loaded)
        yield Found(
            f"TensorFlow {one.version} lists no GPU although there is {case.gpus[0].name}"
            + (f"; it could not load {names}" if names else "")
            + (f"; what breaks is {link.name}: {link.what}" if link and not names else ""),
            "see the GP findings; install what could not be loaded",
            (Evidence("devices", ", ".join(one.devices), "tf.config.list_physical_devices"), *log(one)),
        )


def computing_fails(case: Case) -> Iterator[Found]:
    """What a child saw that computed on the GPU; without one, XLA_FLAGS was tried (GP030)."""
    tried = case.facts.tried
    if not isinstance(tried, Tried) or not tried.device.startswith("GPU"):
        return
    steps = (("a kernel of TensorFlow's own", tried.kernel), ("a function compiled with XLA", tried.compiled))
    for what, answer in steps:
        if isinstance(answer, str) and answer != "ok":
            lines = tuple(Evidence("log", line, "TensorFlow") for line in tried.log[-3:])
            yield Found(
                f"{what} fails on {tried.device}: {answer}",
                "see the GP findings for the cause (GP006, GP011, GP012, GP013, GP022)",
                (Evidence(what, answer, "a child process that computes"), *lines),
            )


LOOKS: dict[str, Look] = {
    "DI033": import_fails,
    "DI034": other_tensorflow,
    "GP036": no_device,
    "GP040": computing_fails,
    "KE014": keras_fails,
}
