"""Accounts for every legacy reference of a tree: rewritten, reported, or unaccounted for.

    python tools/account.py TREE…                       copy each tree, migrate the copy, migrate it again, account
    python tools/account.py TREE --after DIR --report FILE [--second DIR]     account for a migration made elsewhere

The script judges tfkdoctor and shares no code with its engine: names are resolved with libcst's own providers, and what
the target knows is read from `rules/api/`. It ends with 1 if a reference is unaccounted for, a file parses worse, a
comment is lost, or a second run changes something.
"""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from account_api import load
from account_compare import FileAccount, Report, Unaccounted, compare, lost_comments, parses
from account_index import Index
from account_judge import Judged, judge

HEADINGS = ("tree", "files", "refs", "rewritten", "reported", "by import", "unaccounted", "unread", "faults", "seconds")
BLAMED = ("error", "warning")  # a hint leaves nothing accounted for


@dataclass(frozen=True, slots=True)
class Account:
    """One tree. `unread`: files that mention TensorFlow or Keras and do not parse; `faults`: harm that was done."""

    tree: str
    files: Mapping[str, FileAccount]
    unread: int
    faults: tuple[str, ...]
    seconds: float = 0.0

    @property
    def unaccounted(self) -> tuple[Unaccounted, ...]:
        return tuple(u for account in self.files.values() for u in account.unaccounted)

    def row(self) -> tuple[str, ...]:
        sums = [sum(getattr(a, field) for a in self.files.values()) for field in FileAccount.__slots__[:4]]
        cells = (len(self.files), *sums, len(self.unaccounted), self.unread, len(self.faults))
        return (self.tree, *map(str, cells), f"{self.seconds:.1f}")


def account(
    tree: str,
    before: Mapping[str, bytes],
    after: Mapping[str, bytes],
    report: Report,
    index: Index,
    second: Mapping[str, bytes] | None = None,
) -> Account:
    """Account for a tree; the mappings hold the content of its Python files by relative path."""
    old, new = _decoded(before), _decoded(after)
    judged_before, judged_after = judge(old, index), judge(new, index)
    files: dict[str, FileAccount] = {}
    faults = list(harm(before, after, second))
    unread = 0
    for path in sorted(before):
        judged = judged_before.get(path, Judged(parsed=False))
        if not judged.parsed:
            unread += 1 if b"keras" in before[path] or b"tensorflow" in before[path] else 0
            if path not in report.whole and path not in report.lines:
                faults.append(f"{path}: cannot be parsed, and no finding says so")
            continue
        if path not in new:
            faults.append(f"{path}: is gone")
            continue
        files[path] = compare(path, (old[path], new[path]), judged, judged_after[path], report)
    return Account(tree, files, unread, tuple(faults))


def harm(before: Mapping[str, bytes], after: Mapping[str, bytes], second: Mapping[str, bytes] | None) -> list[str]:
    """Files that parse worse, comments that are lost, files that a second run changes."""
    faults = []
    for path in sorted(set(before) & set(after)):
        if before[path] == after[path]:
            continue
        if parses(before[path]) and not parses(after[path]):
            faults.append(f"{path}: does not parse any more")
        faults += [f"{path}: lost {comment}" for comment in lost_comments(before[path], after[path])]
    if second is not None:
        faults += [f"{path}: a second run changes it" for path in sorted(after) if second.get(path) != after[path]]
    return faults


def read_report(text: str) -> Report:
    """The findings that remain and are more than a hint, out of what `tfkdoctor migrate --format json` prints."""
    lines: dict[str, set[tuple[int, str]]] = {}
    whole: set[str] = set()
    for finding in json.loads(text)["findings"]:
        if finding["severity"] not in BLAMED or finding["mended"] or not finding["path"]:
            continue
        path = Path(finding["path"]).as_posix()
        if finding["line"] is None:
            whole.add(path)
        else:
            lines.setdefault(path, set()).add((finding["line"], finding["name"]))
    return Report({path: frozenset(found) for path, found in lines.items()}, frozenset(whole))


def migrate(tree: Path, tool: Sequence[str], scratch: Path) -> tuple[Path, Path, Report, float]:
    """Copy a tree and migrate the copy twice: (after, second, report of the first run, its seconds)."""
    once, twice = scratch / "once", scratch / "twice"
    shutil.copytree(tree, once, symlinks=True)
    started = time.perf_counter()
    first = run(tool, once)
    seconds = time.perf_counter() - started
    shutil.copytree(once, twice, symlinks=True)
    run(tool, twice)
    return once, twice, read_report(first), seconds


def run(tool: Sequence[str], tree: Path) -> str:
    """Migrate a tree in place; returns the report, raises `RuntimeError` where the tool itself failed."""
    command = [*tool, "migrate", ".", "--write", "--format", "json"]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{shlex.join(command)} in {tree}: exit {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


def _decoded(files: Mapping[str, bytes]) -> dict[str, str]:
    texts = {}
    for path, content in files.items():
        try:
            encoding, _ = tokenize.detect_encoding(BytesIO(content).readline)
            texts[path] = content.decode(encoding).replace("\r\n", "\n").replace("\f", " ")
        except (SyntaxError, UnicodeDecodeError, LookupError):
            continue
    return texts


def read_tree(root: Path) -> dict[str, bytes]:
    """The Python files of a folder by relative path; dotted folders are left out."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*.py"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts)
    }


def table(accounts: Sequence[Account]) -> str:
    rows = [HEADINGS, *(a.row() for a in accounts)]
    if len(accounts) > 1:
        sums = (sum(float(row[i]) for row in rows[1:]) for i in range(1, len(HEADINGS)))
        rows.append(("all", *(f"{s:.1f}" if i == len(HEADINGS) - 2 else f"{s:.0f}" for i, s in enumerate(sums))))
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(
            cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    index = load()
    accounts = []
    for tree in options.trees:
        with tempfile.TemporaryDirectory() as scratch:
            if options.after:
                after, second, seconds = options.after, options.second, 0.0
                report = read_report(options.report.read_text(encoding="utf-8"))
            else:
                after, second, report, seconds = migrate(tree, shlex.split(options.tool), Path(scratch))
            result = account(
                tree.name,
                read_tree(tree),
                read_tree(after),
                report,
                index,
                read_tree(second) if second else None,
            )
        accounts.append(replace(result, seconds=seconds))
    print(table(accounts), flush=True)
    for result in accounts:
        for fault in result.faults:
            print(f"{result.tree}/{fault}")
        for line in result.unaccounted if options.list else ():
            print(f"{result.tree}/{line}")
    return 1 if any(a.unaccounted or a.faults for a in accounts) else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("trees", nargs="+", type=Path, metavar="TREE")
    parser.add_argument(
        "--tool", default=shlex.join([sys.executable, "-m", "tfkdoctor"]), help="default: this Python's"
    )
    parser.add_argument("--list", action="store_true", help="print every reference that is unaccounted for")
    parser.add_argument("--after", type=Path, help="the migrated tree, instead of migrating a copy")
    parser.add_argument("--report", type=Path, help="with --after: the JSON report of that migration")
    parser.add_argument("--second", type=Path, help="with --after: the tree after a second run")
    options = parser.parse_args(arguments)
    if options.after and (not options.report or len(options.trees) != 1):
        parser.error("--after needs --report and exactly one TREE")
    return options


if __name__ == "__main__":
    sys.exit(main())
