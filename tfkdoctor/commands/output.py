"""Where a report goes: the options that every reporting command has."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
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
