"""Checks of the CUDA libraries that TensorFlow opens: GP, the part about files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import Case, Found, Look, installed
from tfkdoctor.doctor.checks.device import in_order, older, wanted
from tfkdoctor.doctor.compat import CudaBuild
from tfkdoctor.doctor.facts import Build, Library, Unknown
from tfkdoctor.model import Evidence, Severity

HIDES = ("LD_LIBRARY_PATH", "LD_PRELOAD")
WHEELS = {  # library -> nvidia wheel; the CUDA major is appended
    "cudart": "nvidia-cuda-runtime",
    "cublas": "nvidia-cublas",
    "cublasLt": "nvidia-cublas",
    "cufft": "nvidia-cufft",
    "curand": "nvidia-curand",
    "cusolver": "nvidia-cusolver",
    "cusparse": "nvidia-cusparse",
    "cudnn": "nvidia-cudnn",
}


def libraries(case: Case) -> tuple[Library, ...]:
    return () if isinstance(case.facts.libraries, Unknown) else case.facts.libraries


def missing(case: Case) -> list[Library]:
    return [one for one in libraries(case) if not one.path]


def stem(soname: str) -> str:
    return soname.removeprefix("lib").partition(".so")[0]


def cuda_major(need: CudaBuild) -> str:
    return need.cuda.split(".")[0]


def wheel_for(soname: str, need: CudaBuild) -> str:
    name = WHEELS.get(stem(soname), "")
    return f"{name}-cu{cuda_major(need)}" if name else ""


def no_cudart(case: Case) -> Iterator[Found]:
    need = wanted(case)
    gone = [one for one in missing(case) if stem(one.soname) == "cudart" and not one.wheel]
    if need and gone and in_order(case):
        others = len(missing(case)) - len(gone)
        yield Found(
            f"{gone[0].soname} is nowhere to be found"
            + (f", and {others} more CUDA libraries" if others else "")
            + f": TensorFlow {case.version} sees no GPU and says, wrongly, that it could not find CUDA drivers",
            cuda_help(case, need),
            tuple(Evidence(one.soname, "not found", searched(case)) for one in missing(case)),
        )


def no_library(case: Case) -> Iterator[Found]:
    need = wanted(case)
    gone = [one for one in missing(case) if stem(one.soname) not in ("cudart", "nvidia-ml") and not one.wheel]
    if len(missing(case)) == len(libraries(case)):  # none is there at all: GP003 says so
        return
    if need and gone and in_order(case) and not wrong_cudnn(case):
        names = ", ".join(one.soname for one in gone)
        yield Found(
            f"TensorFlow {case.version} cannot load {names}: Cannot dlopen some GPU libraries, no GPU is registered",
            cuda_help(case, need, gone),
            tuple(Evidence(one.soname, "not found", searched(case)) for one in gone),
        )


def cuda_help(case: Case, need: CudaBuild, gone: list[Library] | None = None) -> str:
    if case.minor >= (2, 14) and case.release and case.release.cuda_extra:
        if gone and len(gone) <= 2:
            wheels = sorted({wheel_for(one.soname, need) for one in gone})
            pinned = [text for text in case.release.cuda_extra if text.startswith(tuple(wheels))]
            return "python -m pip install " + " ".join(f'"{text}"' for text in pinned or wheels)
        then = "; then check again: it does not look where one of the wheels lies (GP005)" if unreached(case) else ""
        return f'python -m pip install "tensorflow[and-cuda]=={case.version}"{then}'
    return f"install CUDA {need.cuda} and cuDNN {need.cudnn} and put them on LD_LIBRARY_PATH"


def unreached(case: Case) -> bool:
    """Whether TensorFlow looks into the folders of NVIDIA's wheels, but not into that of cuSOLVER (2.21.0)."""
    build = case.facts.build
    folders = [part for part in build.search if "/nvidia/" in part] if isinstance(build, Build) else []
    return len(folders) > 1 and not any("/nvidia/cusolver/" in part for part in folders)


def searched(case: Case) -> str:
    build = case.facts.build
    kind = build.search_kind.upper() if isinstance(build, Build) and build.search_kind else "no RUNPATH"
    return f"LD_LIBRARY_PATH, {kind}, ld.so.cache"


def not_on_path(case: Case) -> Iterator[Found]:
    """The wheel holds the library, and TensorFlow does not look there."""
    there = [one for one in missing(case) if one.wheel]
    if there and in_order(case) and wanted(case):
        names = ", ".join(one.soname for one in there)
        wheels = ", ".join(dict.fromkeys(one.wheel_version for one in there))
        yield Found(
            f"{names} lies in {wheels}, where TensorFlow {case.version} does not look: no GPU is registered",
            reach(case, there),
            (
                *(Evidence(one.soname, one.wheel, f"RECORD of {one.wheel_version.split()[0]}") for one in there),
                Evidence("searched", searched(case), "libtensorflow_framework"),
            ),
        )


def reach(case: Case, there: list[Library]) -> str:
    """A link in a folder where TensorFlow looks, if one of another wheel is among them; else LD_LIBRARY_PATH."""
    looked = next(
        (one.path.rpartition("/")[0] for one in libraries(case) if one.owner and "RUNPATH" in one.found_by), ""
    )
    if looked:
        return " && ".join(f"ln -s {one.wheel} {looked}/" for one in there)
    folders = list(dict.fromkeys(one.wheel.rpartition("/")[0] for one in there))
    given = case.variable("LD_LIBRARY_PATH")
    return f"export LD_LIBRARY_PATH={':'.join(folders)}" + (f":{given}" if given else "")


def cudnn_version(case: Case) -> tuple[str, str]:
    """(version of the cuDNN that would be loaded, where that is known from); ("", "") where it is not known."""
    for one in libraries(case):
        if stem(one.soname) == "cudnn" and one.path:
            return one.says or (one.version.split()[-1] if one.version else ""), one.path
    return "", ""


def old_cudnn(case: Case) -> Iterator[Found]:
    need = wanted(case)
    have, path = cudnn_version(case)
    if need and have and older(".".join(have.split(".")[:2]), need.cudnn) and case.gpus:
        wheel = wheel_for("libcudnn.so", need)
        yield Found(
            f"cuDNN {have} is older than {need.cudnn}, with which TensorFlow {case.version} was built: "
            "DNN library initialization failed",
            f'python -m pip install "{wheel}>={need.cudnn},<{int(need.cudnn.split(".")[0]) + 1}"',
            (Evidence("cudnn", have, path), Evidence("built with", need.cudnn, "compat table")),
        )


def wrong_cudnn(case: Case) -> list[tuple[str, str]]:
    """nvidia-cudnn wheels of another major than the one that is needed, while that one is missing."""
    need = wanted(case)
    if need is None or not any(stem(one.soname) == "cudnn" for one in missing(case)):
        return []
    major = need.cudnn.split(".")[0]
    names = [name for name in case.distributions if name.startswith("nvidia-cudnn-cu")]
    return [(n, v) for n in names if (v := case.distributions[n].version).split(".")[0] != major]


def cudnn_major(case: Case) -> Iterator[Found]:
    need = wanted(case)
    for name, version in wrong_cudnn(case):
        if need and in_order(case):
            major = int(need.cudnn.split(".")[0])
            yield Found(
                f"TensorFlow {case.version} needs cuDNN {major}, but {name} {version} is installed",
                f'python -m pip install "{wheel_for("libcudnn.so", need)}>={need.cudnn},<{major + 1}"',
                (installed(case.distributions[name]), Evidence("built with", need.cudnn, "compat table")),
            )


def hidden_wheels(case: Case) -> Iterator[Found]:
    for one in libraries(case):
        if one.wheel and one.path and one.found_by in HIDES and one.version != one.wheel_version:
            told = one.says or one.version
            shown = f" ({told})" if told else ""
            yield Found(
                f"{one.found_by} puts {one.path}{shown} before the copy of {one.wheel_version}",
                f"unset {one.found_by}, or put the wheel's folder first",
                (Evidence(one.soname, one.path, one.found_by), Evidence("wheel", one.wheel, one.wheel_version)),
                None if too_old(case, one) else Severity.WARNING,
            )


def too_old(case: Case, one: Library) -> bool:
    """Whether the library that would be loaded is known to be one that TensorFlow refuses: an old cuDNN."""
    need, have = wanted(case), (one.says or one.version).split()[-1:]
    return need is not None and stem(one.soname) == "cudnn" and bool(have) and older(have[0], need.cudnn)


def cannot_open(case: Case) -> Iterator[Found]:
    for one in libraries(case):
        if one.path and one.problem and in_order(case) and wanted(case):
            yield Found(
                f"{one.path} is there and cannot be opened: {one.problem}",
                f"install {one.owner.split()[0]} anew" if one.owner else "remove it, or mend what it needs",
                (
                    Evidence(one.soname, one.path, one.found_by),
                    *(Evidence("later copy", path, "not reached") for path in one.shadowed),
                ),
            )


def overwritten(case: Case) -> Iterator[Found]:
    overlaps = () if isinstance(case.facts.overlaps, Unknown) else case.facts.overlaps
    for one in overlaps:
        if all(name.startswith("nvidia-") for name in one.owners) and wanted(case):
            yield Found(
                f"{' and '.join(one.owners)} both own {one.path.rpartition('/')[2]}"
                + (f"; the file on the disk is that of {one.holder}" if one.holder else ""),
                "keep TensorFlow and what brought the other one (often torch) in separate environments",
                (Evidence("file", one.path, "RECORD"),),
            )


def other_cuda(case: Case) -> Iterator[Found]:
    need = wanted(case)
    if need is None or not missing(case) or not in_order(case):
        return
    major = cuda_major(need)
    others = [n for n in case.distributions if (m := re.match(r"nvidia-.*-cu(\d+)$", n)) and m[1] != major]
    ours = [n for n in case.distributions if re.match(rf"nvidia-.*-cu{major}$", n)]
    if others and not ours:
        yield Found(
            f"the installed NVIDIA wheels ({others[0]}, {len(others)} in all) are not for CUDA {major}, "
            f"which TensorFlow {case.version} needs",
            cuda_help(case, need),
            tuple(installed(case.distributions[name]) for name in others[:3]),
        )


LOOKS: dict[str, Look] = {
    "GP003": no_cudart,
    "GP004": no_library,
    "GP005": not_on_path,
    "GP006": old_cudnn,
    "GP007": cudnn_major,
    "GP008": hidden_wheels,
    "GP009": overwritten,
    "GP010": other_cuda,
    "GP038": cannot_open,
}
