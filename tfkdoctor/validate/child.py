"""Runs a program in another interpreter, for a limited time; everything that it has started dies with it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LOOK_EVERY = 1.0  # seconds
FLOOD = 200_000_000  # bytes of a stream after which the child is stopped: it would fill the disk


@dataclass(frozen=True, slots=True)
class End:
    """How a child ended: its exit status (negative: a signal), or why it has none."""

    status: int | None
    reason: str = ""

    def told(self, said: str) -> str:
        """In words, with the line of standard error that most likely says why."""
        if self.status is None:
            return self.reason
        if self.status < 0:
            try:
                name = signal.Signals(-self.status).name
            except ValueError:
                name = f"signal {-self.status}"
            how = f"the process was killed by {name}" if name == "SIGKILL" else f"the process died of {name}"
        else:
            how = f"the process ended with status {self.status}"
        last = telling_line(said)
        return f"{how}: {last}" if last else how


def run(
    command: Sequence[str],
    cwd: Path,
    errors: Path,
    timeout: float,
    output: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> End:
    """Run a command; never raises for what it does. Standard error goes to `errors`, standard output to `output`."""
    with contextlib.ExitStack() as files:
        try:
            stderr = files.enter_context(errors.open("wb"))
            stdout = files.enter_context(output.open("wb")) if output is not None else subprocess.DEVNULL
            # A session of its own, so that what it has started dies with it.
            child = subprocess.Popen(
                command,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                env=env,
                start_new_session=True,
            )
        except OSError as error:
            return End(None, f"{command[0]} does not start: {error.strerror or error}")
        end = time.monotonic() + timeout
        try:
            while all(path.stat().st_size < FLOOD for path in (errors, output) if path is not None):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    return End(child.wait(max(0.0, min(LOOK_EVERY, end - time.monotonic()))))
                if time.monotonic() >= end:
                    return End(None, f"no end within {timeout:g} s")
            return End(None, f"it printed more than {FLOOD // 1_000_000} MB of messages")
        finally:
            if child.poll() is None:
                kill(child)


def kill(child: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    child.wait()


def telling_line(said: str) -> str:
    """The line of standard error that most likely says why: the fatal one, else the last; not faulthandler's stack."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    told = [
        line for line in lines if not line.startswith(("File ", "Extension modules:", "Current thread", "Thread 0x"))
    ]
    fatal = [line for line in told if line.startswith(("F0", "Check failed", "terminate called", "Fatal Python error"))]
    return (fatal or told or [""])[-1][:300]
