"""Counts the programs of the parity suite in three columns: equal by rewrite alone, with support code, and not equal.

    python tests/parity_columns.py [--kind k] [--run] [--list]

Each program is migrated here, and a support module says that it needed support code; the pieces that most of them need
come last. Which programs print other numbers is known from `DIFFERS` of test_parity.py, which CI holds to what they
print; with `--run` each is run here again, on the newest TensorFlow. Those that differ count by whether the migration
leaves a finding or a hint beside the age that the program was taken for.
"""

from __future__ import annotations

import argparse
import ast
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import environments
from environments import NEWEST, environment
from printed import first_difference, results
from test_parity import DIFFERS, OWN, UNTOLD, Program, lay_out, programs

from tfkdoctor.model import FileResult, Numerics, Settings
from tfkdoctor.run import migrate_paths
from tfkdoctor.write import write_run

ALONE, SUPPORT, REPORTED, UNSAID = "rewrite alone", "with support code", "not equal, reported", "not equal, not told"
KERAS = ("k1_", "k2_", "k22", "k23", "trap_t0", "trap_t1", "trap_t2", "trap_t3", "trap_k")


def column(program: Program, runs: bool) -> tuple[str, list[str]]:
    """The column that one program counts in, and the pieces of support code that it needs."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / program.name
        main = lay_out(program, project)
        given = Settings(jobs=1, numerics=program.numerics, source=UNTOLD.get(program.name, ()))
        run = migrate_paths([project], given, project)
        if runs:
            write_run(run)
            differs = _difference(program, main, Path(folder)) is not None
        else:
            differs = program.name in DIFFERS
    pieces = [name for text in run.support.values() for name in _pieces(text)]
    if differs:
        return (REPORTED if any(map(_tells, run.files)) else UNSAID), pieces
    return (SUPPORT if run.support else ALONE), pieces


def _difference(program: Program, main: Path, folder: Path) -> str | None:
    try:
        return first_difference(program.lines, results(environments.run(environment(NEWEST), [main], folder)))
    except environments.ProgramFailed as failure:
        return str(failure)


def _pieces(text: str) -> list[str]:
    tops = ast.parse(text).body
    return [n.name for n in tops if isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_")]


def _tells(file: FileResult) -> bool:
    return any(finding.fix is None for finding in file.findings)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", default="", help="only programs whose names begin so; `k` for those of Keras")
    parser.add_argument("--run", action="store_true", help="run every program, in place of what CI knows")
    parser.add_argument("--list", action="store_true", help="name each program with its column")
    options = parser.parse_args(arguments)
    wanted = KERAS if options.kind == "k" else (options.kind,)
    counted, needed = Counter[str](), Counter[str]()
    for program in [*programs(OWN, Numerics.KEEP), *programs(OWN, Numerics.EXACT)]:
        setting = Numerics.EXACT if program.kind == "trap" else Numerics.KEEP
        if program.kind not in ("migrate", "trap") or program.numerics is not setting:
            continue
        if not program.name.startswith(wanted):
            continue
        found, pieces = column(program, options.run)
        needed.update(pieces)
        counted[found] += 1
        if options.list:
            print(f"{program.name:40} {found}", flush=True)
    total = sum(counted.values())
    for name in (ALONE, SUPPORT, REPORTED, UNSAID):
        print(f"{name:20} {counted[name]:4} {counted[name] / total if total else 0:6.1%}")
    print(f"{'programs':20} {total:4}")
    print("pieces:", ", ".join(f"{name} {count}" for name, count in needed.most_common(12)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
