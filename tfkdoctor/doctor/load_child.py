"""The loading child: opens each named library as TensorFlow would, and lets it tell its version. One JSON line a step.

load_child.py SONAME PATH [SONAME PATH …]
"""

from __future__ import annotations

import ctypes
import json
import sys

MARK = "tfkdoctor-child "


def say(**facts: object) -> None:
    print(MARK + json.dumps(facts), flush=True)


def version(soname: str, library: ctypes.CDLL) -> str:
    """The version that cuDNN or the CUDA runtime tells of itself, "" of another library."""
    if soname.startswith("libcudnn.so"):
        library.cudnnGetVersion.restype = ctypes.c_size_t
        number = library.cudnnGetVersion()
        wide = 10000 if number >= 90000 else 1000  # cuDNN 9 counts the major by ten thousands
        return f"{number // wide}.{number % wide // 100}.{number % 100}"
    if soname.startswith("libcudart.so"):
        found = ctypes.c_int()
        library.cudaRuntimeGetVersion(ctypes.byref(found))
        return f"{found.value // 1000}.{found.value % 1000 // 10}"
    return ""


def main() -> None:
    for soname, path in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        say(loading=soname)
        try:
            say(**{soname: {"says": version(soname, ctypes.CDLL(path))}})
        except (OSError, AttributeError) as error:
            say(**{soname: {"problem": str(error)}})
    say(loading="")


if __name__ == "__main__":
    main()
