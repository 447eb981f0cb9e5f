"""What stands around an installation and changes what an import gives: local files, keras.json, the build."""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from tfkdoctor.doctor.disk import read_text
from tfkdoctor.doctor.elf import read_dynamic
from tfkdoctor.doctor.facts import Build, KerasConfig, Package, Shadow, Unknown
from tfkdoctor.doctor.libraries import expand

OWN = ("tensorflow", "keras", "tf_keras")
IMPORTED = ("numpy", "h5py", "google", "six", "absl", "wrapt", "grpc", "gast", "astunparse", "flatbuffers", "termcolor")
# What TensorFlow 2.21 imports of the standard library after the interpreter has started, where a project is likely to
# have a file of that name; seen in sys.modules.
STANDARD = (
    *("array", "ast", "bisect", "calendar", "code", "collections", "copy", "csv", "ctypes", "dataclasses", "datetime"),
    *("decimal", "difflib", "enum", "fractions", "functools", "gettext", "glob", "hashlib", "heapq", "html", "http"),
    *("importlib", "inspect", "ipaddress", "json", "linecache", "locale", "logging", "math", "multiprocessing"),
    *("numbers", "operator", "pathlib", "pickle", "platform", "pprint", "queue", "random", "re", "secrets", "select"),
    *("shutil", "signal", "socket", "ssl", "string", "struct", "subprocess", "tarfile", "tempfile"),
    *("textwrap", "threading", "token", "tokenize", "traceback", "types", "typing", "unittest", "urllib", "uuid"),
    *("warnings", "weakref", "xml", "zipfile"),
)

SOURCE = "TensorFlow's source"  # what a checkout hides behind
ACCEPTED = {
    "floatx": ("float16", "float32", "float64"),
    "image_data_format": ("channels_last", "channels_first"),
}


def find_shadows(cwd: Path, pythonpath: str) -> tuple[Shadow, ...]:
    """Files and packages in the working folder and on PYTHONPATH that an import of TensorFlow would take instead."""
    found = []
    for folder in dict.fromkeys([cwd, *(cwd / part for part in pythonpath.split(os.pathsep) if part)]):
        try:
            names = {entry.name for entry in folder.iterdir()}
        except OSError:
            continue
        if any(name.endswith(".dist-info") for name in names):
            continue  # an installation, not a project: PY015 tells which of two distributions counts
        if is_source(folder):
            found.append(Shadow("tensorflow", str(folder / "tensorflow"), SOURCE))
        for module, hides in kinds():
            if module == "tensorflow" and is_source(folder):
                continue
            for name in (module, f"{module}.py"):
                if name in names and (name.endswith(".py") or (folder / name / "__init__.py").is_file()):
                    found.append(Shadow(module, str(folder / name), hides))
    return tuple(found)


def is_source(folder: Path) -> bool:
    """Whether a folder is a checkout of TensorFlow that imports go to: its files without what each build writes.

    Checkouts of today have no tensorflow/__init__.py, so that from their folder the installed package is imported.
    """
    source = folder / "tensorflow"
    platform = source / "python" / "platform"
    package = (source / "__init__.py").is_file() and (platform / "self_check.py").is_file()
    return package and not (platform / "build_info.py").exists()


def kinds() -> Iterable[tuple[str, str]]:
    yield from ((module, "the installed package") for module in OWN)
    yield from ((module, "a package that TensorFlow imports") for module in IMPORTED)
    yield from ((module, "the standard library") for module in STANDARD)


def read_keras_config(environment: Mapping[str, str]) -> KerasConfig:
    """keras.json where Keras looks for it: KERAS_HOME, else ~/.keras, else /tmp/.keras if the home is not writable."""
    if "KERAS_HOME" in environment:
        folder = Path(environment["KERAS_HOME"])
    else:
        # Where no variable names the home, the user database does, for Keras as for us.
        home = environment.get("HOME") or environment.get("USERPROFILE") or os.path.expanduser("~")  # noqa: PTH111
        folder = Path(home if os.access(home, os.W_OK) else "/tmp") / ".keras"
    path = folder / "keras.json"
    try:
        text = path.read_bytes().decode("utf-8")
        values = json.loads(text)
    except (FileNotFoundError, NotADirectoryError):
        return KerasConfig(str(path), "absent")
    except OSError as error:  # Keras passes over what is no JSON, and dies of what it cannot open
        return KerasConfig(str(path), "refused", problem=error.strerror or str(error))
    except (ValueError, RecursionError) as error:
        return KerasConfig(str(path), "invalid", problem=str(error))
    if not isinstance(values, dict):
        return KerasConfig(str(path), "refused", problem="it holds no JSON object")
    named = {key: str(values.get(key, "")) for key in ("backend", "floatx", "image_data_format")}
    problem = refused(values)
    state = "refused" if problem else "read"
    return KerasConfig(str(path), state, named["backend"], named["floatx"], named["image_data_format"], problem)


def refused(values: Mapping[str, object]) -> str:
    """What Keras does not accept in a keras.json, "" if nothing (the same tests in Keras 2.2.5, 2.15 and 3.15)."""
    for key, accepted in ACCEPTED.items():
        if key in values and values[key] not in accepted:
            return f"{key} is {json.dumps(values[key])}, and must be one of {', '.join(accepted)}"
    if not isinstance(values.get("epsilon", 1e-7), float):
        return f"epsilon is {json.dumps(values['epsilon'])}, and must be a number with a point, such as 1e-07"
    return ""


def read_build(package: Package) -> Build:
    """What a TensorFlow was built with: build_info.py by its syntax tree, the search path by the ELF header."""
    homes = [Path(package.location), Path(package.location).with_name("tensorflow_core")]
    source = next((text for home in homes if (text := read_text(home / "python/platform/build_info.py"))), "")
    info = build_info(source)
    framework = next((file for home in homes for file in sorted(home.glob("libtensorflow_framework.so*"))), None)
    dynamic = read_dynamic(framework) if framework else None
    search: tuple[str, ...] = ()
    if framework and dynamic:
        origin = str(framework.resolve().parent)
        search = expand(dynamic, origin)
    silent = Unknown("build_info.py does not say" if source else "no build_info.py")
    capabilities = info.get("cuda_compute_capabilities")
    return Build(
        cuda_build=bool(info["is_cuda_build"]) if "is_cuda_build" in info else silent,
        cuda=str(info["cuda_version"]) if "cuda_version" in info else silent,
        cudnn=str(info["cudnn_version"]) if "cudnn_version" in info else silent,
        capabilities=tuple(map(str, capabilities)) if isinstance(capabilities, list) else silent,
        protobuf=gencode(homes),
        search=search,
        search_kind=dynamic.search_kind if dynamic else "",
    )


def gencode(homes: Iterable[Path]) -> str | Unknown:
    """The version of protobuf that TensorFlow's modules were generated with, as their heads state it."""
    text = next((text for home in homes if (text := read_text(home / "core/framework/types_pb2.py"))), "")
    match = re.search(r"^# Protobuf Python Version: (\S+)$", text[:1000], re.MULTILINE)
    return match[1] if match else Unknown("its *_pb2.py do not say")


def build_info(source: str) -> dict[str, object]:
    """The values in `build_info.py`: a list of assignments before TensorFlow 2.3, one dict since; {} if unreadable."""
    facts: dict[str, object] = {}
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return facts
    for node in body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        value = node.value
        if isinstance(value, ast.Call) and value.args:  # collections.OrderedDict([...])
            value = value.args[0]
        try:
            literal = ast.literal_eval(value)
            facts.update(literal if node.targets[0].id == "build_info" else {node.targets[0].id: literal})
        except (ValueError, TypeError):
            continue
    return facts
