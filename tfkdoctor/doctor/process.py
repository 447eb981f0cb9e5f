"""Run a child process with a time limit and a limit on what it may print; whatever it does is a value."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

MARK = "tfkdoctor-child "  # what a child's own lines start with
LIMIT = 4_000_000  # bytes that are kept of each stream; a child that prints more is stopped
NO_ANSWER = "no answer within"  # how the problem of a child begins that was stopped for its time
GRACE = 1.0  # seconds in which the pipes of a stopped child must close


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a child ended: `code` is negative for a signal; `problem` says in words why there is no good result."""

    code: int
    stdout: str
    stderr: str
    seconds: float
    problem: str = ""

    @property
    def signal(self) -> str:
        """SIGILL and its like, "" where the child was not killed by a signal."""
        if self.code >= 0:
            return ""
        try:
            return signal.Signals(-self.code).name
        except ValueError:
            return f"signal {-self.code}"


def run_child(command: list[str], script: bytes, *, cwd: Path, env: dict[str, str], timeout: float) -> Outcome:
    """Start `command`, feed it `script` on standard input and wait at most `timeout` seconds; never raises."""
    start = time.monotonic()
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env=env,
            start_new_session=True,  # so that a stopped child takes its own children along
        )
    except (OSError, ValueError) as error:
        return Outcome(-1, "", "", 0.0, f"cannot be started: {getattr(error, 'strerror', None) or error}")
    assert child.stdin and child.stdout and child.stderr
    kept: tuple[list[bytes], list[bytes]] = ([], [])
    flood = threading.Event()
    threads = [
        threading.Thread(target=write_all, args=(child.stdin, script), daemon=True),
        threading.Thread(target=read_all, args=(child.stdout, kept[0], flood, child), daemon=True),
        threading.Thread(target=read_all, args=(child.stderr, kept[1], flood, child), daemon=True),
    ]
    for thread in threads:
        thread.start()
    problem = ""
    try:
        child.wait(timeout)
    except subprocess.TimeoutExpired:
        problem = f"{NO_ANSWER} {timeout:g} s"
        stop(child)
    for thread in threads:
        thread.join(GRACE)
    if flood.is_set():
        problem = f"printed more than {LIMIT // 1_000_000} MB"
    texts = [b"".join(parts).decode("utf-8", "replace") for parts in kept]
    return Outcome(child.poll() or 0, texts[0], texts[1], time.monotonic() - start, problem)


def write_all(stream: IO[bytes], data: bytes) -> None:
    try:
        stream.write(data)
        stream.close()
    except OSError:  # the child does not read; what it answers says the rest
        pass


def read_all(stream: IO[bytes], kept: list[bytes], flood: threading.Event, child: subprocess.Popen[bytes]) -> None:
    size = 0
    while part := os.read(stream.fileno(), 65536):
        size += len(part)
        if size > LIMIT:
            flood.set()
            stop(child)
            return
        kept.append(part)


def stop(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and everything that it started."""
    try:
        if os.name == "posix":
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
    except OSError:
        pass
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(GRACE)


def answers(stdout: str) -> dict[str, object]:
    """What a child of the doctor said: the values of all its marked JSON lines; other output is not its own."""
    said: dict[str, object] = {}
    for line in stdout.splitlines():
        if line.startswith(MARK):
            try:
                value = json.loads(line.removeprefix(MARK))
            except ValueError:  # cut short by a crash
                continue
            said.update(value if isinstance(value, dict) else {})
    return said
