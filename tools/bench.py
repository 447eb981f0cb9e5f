"""Seconds per tree beside `tf_upgrade_v2`, in one run, and what a hook and `--help` cost beside bare Python.

    python tools/bench.py TREE… --upgrade ENV/bin/tf_upgrade_v2 [--repeat 3]

Every command is repeated, the programs in turn, and the fastest time counts: what is slower is the machine's doing.
`ratio` is tf_upgrade_v2's time divided by tfkdoctor's. Nothing is written into the trees.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

CLEAN_FILES = 50  # how many files without TensorFlow the hook is given
CLEAN = '"""Sums."""\n\nimport os\n\n\ndef total(values):\n    return sum(values) + len(os.sep)\n'
MODERN = """\
import tensorflow as tf
from tensorflow.keras import layers


def build(shape=(28, 28, 1), classes=10):
    inputs = tf.keras.Input(shape)
    x = layers.Flatten()(layers.Conv2D(32, 3, activation="relu")(inputs))
    return tf.keras.Model(inputs, layers.Dense(classes, activation="softmax")(x))
"""


@dataclass(frozen=True, slots=True)
class Program:
    """A column: how it is called on a tree with a scratch folder, and the exit codes that mean that it did its work."""

    heading: str
    command: Callable[[Path, Path], list[str]]
    done: tuple[int, ...] = (0, 1)


def seconds(command: Sequence[str], done: tuple[int, ...], cwd: Path) -> float:
    """How long a command takes; raises `RuntimeError` with the last words of its output where it fails."""
    started = time.perf_counter()
    ended = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - started
    if ended.returncode not in done:
        said = (ended.stderr or ended.stdout).strip().splitlines() or ["nothing said"]
        raise RuntimeError(f"{shlex.join(command)}: exit {ended.returncode}: {' '.join(said[-2:])}")
    return taken


def fastest(programs: Sequence[Program], tree: Path, repeat: int) -> list[float | str]:
    """The fastest time of each program on one tree, or "failed"; standard error tells why."""
    best: list[float | str] = [float("inf")] * len(programs)
    for _ in range(repeat):
        for column, program in enumerate(programs):
            so_far = best[column]
            if isinstance(so_far, str):
                continue
            with tempfile.TemporaryDirectory() as scratch:
                try:
                    taken = seconds(program.command(tree, Path(scratch)), program.done, Path(scratch))
                except RuntimeError as failure:
                    best[column] = "failed"
                    print(f"{tree.name}: {failure}", file=sys.stderr)
                else:
                    best[column] = min(so_far, taken)
    return best


def on_trees(trees: Sequence[Path], tool: list[str], upgrade: Path, repeat: int) -> list[tuple[str, ...]]:
    programs = [Program(f"jobs {n}", _migrate(tool, n)) for n in (1, 2)]
    programs.append(Program("tf_upgrade_v2", _upgrade(upgrade), done=(0,)))
    rows = [("tree", "lines", *(p.heading for p in programs), *(f"ratio {p.heading}" for p in programs[:-1]))]
    for tree in trees:
        lines = sum(path.read_bytes().count(b"\n") for path in tree.rglob("*.py"))
        times = fastest(programs, tree.resolve(), repeat)
        rows.append((tree.name, str(lines), *map(_seconds, times), *(_ratio(times[-1], t) for t in times[:-1])))
    return rows


def _migrate(tool: list[str], jobs: int) -> Callable[[Path, Path], list[str]]:
    return lambda tree, scratch: [*tool, "migrate", str(tree), "--jobs", str(jobs), "--format", "json"]


def _upgrade(upgrade: Path) -> Callable[[Path, Path], list[str]]:
    return lambda tree, scratch: [
        *(str(upgrade), "--intree", str(tree), "--outtree", str(scratch / "out")),
        *("--copyotherfiles", "False", "--reportfile", str(scratch / "report.txt")),
    ]


def start_up(tool: list[str], repeat: int) -> list[tuple[str, ...]]:
    """Bare Python, `--help`, the hook on files without TensorFlow, and on one that is modern."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        names = [f"clean{number}.py" for number in range(CLEAN_FILES)]
        for name in names:
            (folder / name).write_text(CLEAN, encoding="utf-8")
        (folder / "modern.py").write_text(MODERN, encoding="utf-8")
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "tfkdoctor --help": [*tool, "--help"],
            f"hook, {CLEAN_FILES} clean files": [*tool, "migrate", "--check", *names],
            "hook, a modern tf.keras file": [*tool, "migrate", "--check", "modern.py"],
        }
        best = {name: min(seconds(c, (0,), folder) for _ in range(3 * repeat)) for name, c in commands.items()}
    bare = best["python -c pass"]
    rows = [(name, f"{1000 * taken:.0f} ms", f"+{1000 * (taken - bare):.0f} ms") for name, taken in best.items()]
    return [("start", "time", "over bare"), *rows]


def _seconds(taken: float | str) -> str:
    return taken if isinstance(taken, str) else f"{taken:.2f}"


def _ratio(theirs: float | str, ours: float | str) -> str:
    return "-" if isinstance(theirs, str) or isinstance(ours, str) else f"{theirs / ours:.1f}"


def show(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        first, *rest = (
            cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join((first, *rest)))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("trees", nargs="+", type=Path, metavar="TREE")
    parser.add_argument(
        "--upgrade", type=Path, required=True, help="the tf_upgrade_v2 of an environment with TensorFlow"
    )
    parser.add_argument(
        "--tool", default=shlex.join([sys.executable, "-m", "tfkdoctor"]), help="default: this Python's"
    )
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    tool = shlex.split(options.tool)
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    show(start_up(tool, options.repeat))
    print()
    show(on_trees(options.trees, tool, options.upgrade, options.repeat))
    return 0


if __name__ == "__main__":
    sys.exit(main())
