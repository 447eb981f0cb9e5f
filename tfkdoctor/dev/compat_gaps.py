"""What a new release of TensorFlow leaves to a person in rules/compat.toml."""

from __future__ import annotations

import re
import tomllib

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version


def gaps(text: str) -> list[str]:
    """What a person has to add by hand above the marker, after a release that says less of itself, or something new.

    TensorFlow 2.22 states in its build_info neither CUDA nor cuDNN nor compute capabilities; what its extra and-cuda
    asks for tells at least the majors, and the sonames have to be looked at.
    """
    found = []
    data = tomllib.loads(text)
    for row in data["tensorflow"]:
        version, build = row["version"], row.get("build", {})
        base = Version(version).base_version
        rows = [one for one in data["cuda"] if SpecifierSet(one["tensorflow"]).contains(base)]
        if not build.get("is_cuda_build", False):
            continue
        if len(rows) != 1:
            found.append(f"{version}: {len(rows)} rows [[cuda]] are for it; {asked_for(row['cuda_extra'])}")
            continue
        stated = {"cuda": build.get("version"), "cudnn": build.get("cudnn_version")}
        for name, said in {**asked_majors(row["cuda_extra"]), **{k: v for k, v in stated.items() if v}}.items():
            if rows[0][name].split(".")[0] != str(said).split(".")[0]:
                found.append(f"{version}: its [[cuda]] row says {name} {rows[0][name]}, the wheel {said}")
        if not build.get("compute_capabilities") and not rows[0].get("sass"):
            found.append(
                f"{version}: no compute capabilities are known: read them with python -m tfkdoctor.dev.fatbins"
            )
    return found


def asked_majors(extra: list[str]) -> dict[str, str]:
    """The majors of CUDA and cuDNN that the extra and-cuda asks for."""
    found = {}
    for text in extra:
        parsed = Requirement(text)
        if match := re.match(r"nvidia-(cuda-runtime|cudnn)-cu(\d+)$", parsed.name):
            found["cuda"] = match[2]
            if match[1] == "cudnn":
                found["cudnn"] = next(
                    (one.version for one in parsed.specifier if one.operator in (">=", "==", "~=")), ""
                )
    return {name: version for name, version in found.items() if version}


def asked_for(extra: list[str]) -> str:
    wanted = [text for text in extra if re.match(r"nvidia-(cuda-runtime|cudnn)", text)]
    return f"its extra and-cuda asks for {', '.join(wanted)}" if wanted else "its metadata says nothing of CUDA"
