"""Where a report goes: the options that every reporting command has."""

from __future__ import annotations

import difflib
import io
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from tfkdoctor.report.style import Style, style_for
from tfkdoctor.report.text import Show
from tfkdoctor.report.verdict import ATTENTION, CLEAN


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputOptions:
    format_: str
    output: Path | None
    exit_zero: bool
    quiet: bool
    verbose: bool
    color: str

    @property
    def style(self) -> Style:
        return style_for(io.StringIO() if self.output else sys.stdout, self.color)

    def show(self, strict: bool = False, evidence: bool = False) -> Show:
        return Show(self.quiet, self.verbose, strict, evidence or self.verbose)

    def emit(self, text: str) -> None:
        """Send the report to standard output or into the file; a file that cannot be written is a usage error."""
        if self.output is None:
            print_data(text)
        else:
            write_file(self.output, text, "--output")

    def code(self, code: int) -> int:
        """The exit code, after --exit-zero."""
        return CLEAN if self.exit_zero and code == ATTENTION else code


def write_file(path: Path, text: str, option: str) -> None:
    try:
        path.write_text(text + "\n" if text else "", "utf-8")
    except OSError as error:
        raise click.UsageError(f"{option} {path}: {error.strerror or error}") from None


def print_data(text: str) -> None:
    """Print to standard output whatever its encoding is; what it cannot say is escaped."""
    if not text:
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def joined(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def check_codes(codes: Sequence[str]) -> None:
    """Refuse what begins no code, before a typing error silently selects nothing."""
    if not codes:
        return
    from tfkdoctor.report.listing import check_rows, rule_rows

    known = [row.code for row in rule_rows() + check_rows()]
    for code in codes:
        if not any(one.startswith(code) for one in known):
            near = difflib.get_close_matches(code.upper(), known, n=1)
            raise click.UsageError(f"no code begins with {code!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
