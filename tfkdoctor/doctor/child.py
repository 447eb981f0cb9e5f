# ruff: noqa: C402
"""The child: fed on standard input to the examined interpreter (Python 2.7 or 3.5+), prints one line of JSON.

It reports only what needs that interpreter. Before it imports anything it leaves nothing but the standard library on
sys.path, so that no file of the project or of the environment is executed on its behalf.
"""

import sys

_PATH = list(sys.path)
_STDLIB = sys.modules["os"].__file__.replace("\\", "/").rsplit("/", 1)[0] if "os" in sys.modules else ""  # type: ignore[union-attr]
sys.path[:] = [
    entry
    for entry in _PATH
    if "-packages" not in entry and (entry.replace("\\", "/").startswith(_STDLIB) or entry.endswith((".zip", "DLLs")))
]

import json  # noqa: E402
import os  # noqa: E402
import platform  # noqa: E402
import struct  # noqa: E402
import sysconfig  # noqa: E402

MARK = "tfkdoctor-child "
_PREFIXES = "CUBLAS_ CUDA_ HIP_ KERAS_ NCCL_ NVIDIA_ PROTOCOL_BUFFERS_ TF_CPP_ TF_CUDNN_ TF_GPU_ TF_XLA_ XLA_"
PREFIXES = tuple(_PREFIXES.split())
_NAMES = (
    "CONDA_PREFIX DYLD_LIBRARY_PATH HOME LD_LIBRARY_PATH LD_PRELOAD PYTHONHOME PYTHONNOUSERSITE PYTHONPATH TF_CONFIG "
    "TF_DETERMINISTIC_OPS TF_ENABLE_ONEDNN_OPTS TF_FORCE_GPU_ALLOW_GROWTH TF_MIN_GPU_MULTIPROCESSOR_COUNT "
    "TF_USE_LEGACY_KERAS USERPROFILE VIRTUAL_ENV"
)
NAMES = _NAMES.split()


def text(value):
    # type: (object) -> str
    """A value of sys or os as text that JSON and UTF-8 can hold, on Python 2 as well."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    try:  # Python 3.6 in the C locale holds a path's bytes beyond ASCII as surrogates
        return os.fsencode(str(value)).decode("utf-8", "replace")
    except UnicodeError:
        return str(value).encode("utf-8", "replace").decode("utf-8")


def report():
    # type: () -> object
    site = sys.modules.get("site")
    user_site = getattr(site, "USER_SITE", None) if getattr(site, "ENABLE_USER_SITE", False) else None
    return {
        "version": ".".join(str(part) for part in sys.version_info[:3]),
        "implementation": platform.python_implementation(),
        "bits": struct.calcsize("P") * 8,
        "executable": text(sys.executable or ""),
        "prefix": text(sys.prefix),
        "base_prefix": text(getattr(sys, "base_prefix", getattr(sys, "real_prefix", sys.prefix))),
        "path": [text(entry) for entry in _PATH],
        "system": platform.system(),
        "machine": platform.machine(),
        "release": platform.release(),
        "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        "user_site": text(user_site or ""),
        "environment": dict(
            (text(name), text(value))
            for name, value in os.environ.items()
            if name.startswith(PREFIXES) or name in NAMES
        ),
    }


# Start-up code may have printed half a line, or given sys.stdout another encoding: a line of its own, as bytes.
sys.stdout.flush()
os.write(1, ("\n" + MARK + json.dumps(report()) + "\n").encode("ascii"))
