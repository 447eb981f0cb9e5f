"""Run by a Python with TensorFlow: each case of a JSON file in a fork, with variables set and links turned before.

A case is {"step": …, "variables": {…}, "links": {link: target}}; what is set or turned stays so for that case only.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import tensorflow as tf


def devices() -> list[str]:
    """What a program sees; CUDA starts here."""
    return [device.name for device in tf.config.list_physical_devices("GPU")]


def logical() -> list[str]:
    """The devices that TensorFlow really sets up."""
    return [device.name for device in tf.config.list_logical_devices("GPU")]


def kernel() -> list[str]:
    """A kernel out of TensorFlow's own binary."""
    found = devices()
    tf.random.uniform([4]).numpy()
    return found


def compiled() -> list[str]:
    """A function compiled by XLA, with a mathematical function out of libdevice."""
    found = devices()
    tf.function(lambda x: x * 2 + tf.sin(x), jit_compile=True)(tf.constant([1.0, 2.0]))
    return found


def large() -> list[str]:
    """Half a GiB on the device."""
    found = devices()
    tf.ones([1024, 1024, 128])
    return found


STEPS = {step.__name__: step for step in (devices, logical, kernel, compiled, large)}


def run(step: str, variables: dict[str, str]) -> dict[str, object]:
    with tempfile.TemporaryFile() as output:
        pid = os.fork()
        if not pid:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            os.environ.update(variables)
            try:
                answer = {"devices": STEPS[step](), "error": ""}
            except Exception as error:
                answer = {"devices": devices(), "error": f"{type(error).__name__}: {error}"[:600]}
            os.write(1, ("\nanswer " + json.dumps(answer) + "\n").encode())
            os._exit(0)
        status = os.waitpid(pid, 0)[1]
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    said = next((line.removeprefix("answer ") for line in text.splitlines() if line.startswith("answer ")), "")
    answer = json.loads(said) if said else {"devices": [], "error": f"exit status {os.waitstatus_to_exitcode(status)}"}
    return {**answer, "signal": os.WTERMSIG(status), "log": text[-6000:]}


def turned(links: dict[str, str]) -> dict[str, str]:
    """Turn each link to its target; where it pointed before."""
    before = {link: str(Path(link).readlink()) for link in links}
    for link, target in links.items():
        Path(link).unlink()
        Path(link).symlink_to(target)
    return before


def main() -> None:
    answers = {}
    for name, case in json.loads(Path(sys.argv[1]).read_text()).items():
        before = turned(case["links"])
        answers[name] = run(case["step"], case["variables"])
        turned(before)
    Path(sys.argv[2]).write_text(json.dumps(answers))


main()
