# ruff: noqa: UP006, UP035  # old interpreters read this file
"""Runs many small programs with one import of TensorFlow: `python run_many.py REQUEST RESPONSE`, two JSON files.

REQUEST is an object {name: source}, RESPONSE becomes {name: [exit status, standard output, standard error]}. Each
program gets a process of its own, forked from one that has imported TensorFlow and Keras and done nothing with them, so
that no program sees what another did, and an import of several seconds is paid once. Python 3.6 or newer.
"""

import contextlib
import importlib
import json
import os
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any, Dict, List

SECONDS = 120  # a program that hangs is ended with SIGALRM


def run_forked(source: str, folder: Path) -> List[Any]:
    out, err = folder / "stdout", folder / "stderr"
    child = os.fork()
    if child == 0:
        execute(source, folder, out, err)
    _, status = os.waitpid(child, 0)
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
    return [code, out.read_text("utf-8"), err.read_text("utf-8", "replace")]


def execute(source: str, folder: Path, out: Path, err: Path) -> None:
    """Never returns."""
    signal.alarm(SECONDS)
    code = 1
    try:
        for number, path in ((1, out), (2, err)):
            os.dup2(os.open(str(path), os.O_WRONLY | os.O_CREAT), number)
        (folder / "work").mkdir()
        os.chdir(str(folder / "work"))
        sys.path.insert(0, "")  # modules that an earlier part of the program has written there
        exec(compile(source, "program.py", "exec"), {"__name__": "__main__"})
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    request: Dict[str, str] = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    for package in ("tensorflow", "keras"):
        with contextlib.suppress(ImportError):
            importlib.import_module(package)
    response = {}
    for name, source in request.items():
        with tempfile.TemporaryDirectory() as folder:
            response[name] = run_forked(source, Path(folder))
    Path(sys.argv[2]).write_text(json.dumps(response), "utf-8")


if __name__ == "__main__":
    main()
