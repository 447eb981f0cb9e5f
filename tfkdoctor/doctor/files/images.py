"""CUDA beside TensorFlow: a Dockerfile's base image, or conda's cudatoolkit, against what the wheel loads (PR005)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tfkdoctor.doctor.compat import Compat, CudaBuild, minor
from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.files.changes import Problem, family_pin
from tfkdoctor.doctor.files.declared import IMAGE, Pin
from tfkdoctor.doctor.files.resolve import Resolution
from tfkdoctor.doctor.files.scenario import Scenario
from tfkdoctor.model import Evidence, Severity

DRIFT = "PR005"
CUDA_IMAGE = re.compile(
    r"(?:^|/)nvidia/cuda:(?P<cuda>\d+\.\d+)[\d.]*(?:-(?P<cudnn>cudnn(?P<major>\d*)))?(?P<rest>[\w.-]*)"
)
TENSORFLOW_IMAGE = re.compile(
    r"(?:^|/)tensorflow/tensorflow:(?P<version>\d+\.\d+(?:\.\d+)?(?:rc\d+)?)?(?P<rest>[\w.-]*)"
)
NGC_IMAGE = re.compile(r"^nvcr\.io/nvidia/tensorflow\b")
TOOLKITS = ("cudatoolkit", "cuda-toolkit", "cuda-version", "cuda-runtime")


def image_pin(image: str, path: str, line: int) -> Pin | None:
    """The TensorFlow that a base image brings."""
    found = TENSORFLOW_IMAGE.search(image)
    if found is None or not found["version"]:
        return None
    return Pin("tensorflow", f"=={found['version']}", path, line, f"FROM {image}", IMAGE)


def over_image(pins: list[Pin], upgraded: set[str], image: str, own: Pin | None) -> Iterator[tuple[Pin, str, str]]:
    """(line, message, help) for each TensorFlow that is installed over that of the base image."""
    there = (
        f"TensorFlow {own.specifier[2:]}"
        if own
        else "NVIDIA's own build of TensorFlow"
        if NGC_IMAGE.match(image)
        else ""
    )
    for pin in pins:
        if not there or not FAMILY.match(pin.name) or pin.form == IMAGE or pin.constraint:
            continue
        another = pin.name != "tensorflow" or (pin.specifier and not (own and own.specifier == pin.specifier))
        if another or pin.name in upgraded:
            what = f"{pin.said} is installed over the image {image}, which holds {there}"
            yield (
                pin,
                f"{what}: the image's CUDA libraries were chosen for its own",
                "take the image of the wanted version",
            )


def cuda_problems(scenario: Scenario, resolution: Resolution, table: Compat) -> Iterator[Problem]:
    """A CUDA that is provided, and that this TensorFlow does not load."""
    pin = family_pin(scenario)
    name = pin.name if pin else ""
    version = resolution.versions.get(name, "")
    need, release = table.cuda_for(version) if version else None, table.release(version) if version else None
    if pin is None or need is None or pin.form == IMAGE or pin.conda or "and-cuda" in pin.extras:
        return
    if name not in ("tensorflow", "tensorflow-gpu") or (
        name == "tensorflow" and release and release.cuda_build is False
    ):
        return
    for source, cuda, cudnn, at in provided(scenario):
        wrong = list(differences(need, cuda, cudnn))
        if wrong:
            has = f"CUDA {cuda}" + (f" and cuDNN {cudnn}" if cudnn else "" if cudnn is None else " and no cuDNN")
            yield Problem(
                DRIFT,
                Severity.WARNING,
                f"{source} has {has}; {name} {version} loads {' and '.join(wrong)}: it will see no GPU",
                at or pin,
                help=way_out(version, need),
                evidence=(
                    Evidence("provided", has, source),
                    Evidence("built for", f"CUDA {need.cuda}, cuDNN {need.cudnn}", need.source),
                ),
            )


def provided(scenario: Scenario) -> Iterator[tuple[str, str, str | None, Pin | None]]:
    """(who brings it, CUDA, the major of cuDNN ("" for none, None for unknown), its line)"""
    if found := CUDA_IMAGE.search(scenario.setting.image):
        cudnn = None if found["cudnn"] and not found["major"] else found["major"] or ""
        yield scenario.setting.image, found["cuda"], cudnn, None
    conda = {pin.name: pin for pin in scenario.pins if pin.conda}
    toolkit = next((conda[name] for name in TOOLKITS if name in conda and conda[name].specifier.startswith("==")), None)
    if toolkit:
        other = conda.get("cudnn")
        major = other.specifier[2:].split(".")[0] if other and other.specifier.startswith("==") else None
        yield f"conda's {toolkit.text}", toolkit.specifier[2:].removesuffix(".*"), major, toolkit


def differences(need: CudaBuild, cuda: str, cudnn: str | None) -> Iterator[str]:
    """The libraries that are loaded under another number than the provided ones have."""
    runtime = next((one for one in need.sonames if one.startswith("libcudart.so.")), "")
    wanted = runtime.removeprefix("libcudart.so.")
    have, numbers = cuda.split("."), wanted.split(".")
    same = have[0] == numbers[0] and (int(numbers[0]) >= 11 or len(numbers) < 2 or have[1:2] == numbers[1:2])
    if runtime and not same:  # from CUDA 11 on the soname of the runtime is one for the whole major
        yield runtime
    library = next((one for one in need.sonames if one.startswith("libcudnn.so.")), "")
    if library and cudnn is not None and library.removeprefix("libcudnn.so.") != cudnn:
        yield library


def way_out(version: str, need: CudaBuild) -> str:
    own = ""
    if minor(version) >= (2, 14):
        own = f"install tensorflow[and-cuda]=={version}, which brings its own CUDA, or "
    return f"{own}provide CUDA {need.cuda} and cuDNN {need.cudnn.split('.')[0]}"
