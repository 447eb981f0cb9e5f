"""`tfkdoctor check FILE…` on dependency files: requirements, lock files, Dockerfiles."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tfkdoctor.config import Config, ConfigError, load_config
from tfkdoctor.doctor import compat
from tfkdoctor.doctor.files.examine import FileReport, examine
from tfkdoctor.doctor.files.kinds import KNOWN, is_facts, reader_of
from tfkdoctor.model import Finding
from tfkdoctor.report.files import file_json, file_report
from tfkdoctor.report.json import Json
from tfkdoctor.report.verdict import exit_code

if TYPE_CHECKING:
    from tfkdoctor.commands.environment import CheckOptions


def dependency_files(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The files that are no facts; one that is neither is a usage error."""
    found = tuple(path for path in paths if not is_facts(path) or reader_of(path) is not None)
    for path in found:
        if reader_of(path) is None:
            raise click.UsageError(f"{path}: neither facts (JSON) nor a dependency file: {KNOWN}")
    return found


def check_files(options: CheckOptions, given: tuple[Path, ...]) -> int:
    """Report on dependency files and on the facts beside them, in the order of the command line."""
    from tfkdoctor.commands.environment import check_text, examined, read_facts
    from tfkdoctor.report.json import check_json, dump

    select, ignore = chosen_codes(options, given)
    table, reports, texts, codes = compat.load(), list[Json](), list[str](), list[int]()
    judged, findings = list[FileReport](), list[Finding]()
    for path in options.files:
        if path in given:
            report = examine(path, table, select, ignore)
            judged.append(report)
            findings += report.findings
            codes.append(options.code(exit_code(report.findings, options.strict)))
            reports.append(file_json(report, codes[-1]))
            lines = file_report(report, options.style, options.show(options.strict, evidence=options.verbose))
            texts.append("\n".join(lines))
        else:
            patient = examined(read_facts((path,))[0], options, time.monotonic())
            findings += patient.findings
            codes.append(options.code(exit_code(patient.findings, options.strict)))
            reports.append(check_json(patient.run, codes[-1]))
            texts.append(f"== {path}\n{check_text(patient, options)}")
    if options.format_ == "json":
        options.emit(dump(reports[0] if len(reports) == 1 else reports))
    elif options.format_ == "html":
        from tfkdoctor.report.html import html
        from tfkdoctor.report.pages import files_page

        options.emit(html(files_page(judged, findings)))
    elif options.format_ != "text":
        from tfkdoctor.report.machine import machine_report

        options.emit(machine_report(options.format_, findings))
    else:
        options.emit("\n\n".join(text for text in texts if text))
    return max(codes)


def chosen_codes(options: CheckOptions, given: tuple[Path, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes of the command line, else of the configuration; a pyproject.toml that is examined may be broken."""
    try:
        config = load_config(Path.cwd())
    except ConfigError:
        folders = (Path.cwd(), *Path.cwd().parents)
        if not any(path.name == "pyproject.toml" and path.resolve().parent in folders for path in given):
            raise
        config = Config()
    return (
        options.select or config.codes("select", of_code=False),
        options.ignore or config.codes("ignore", of_code=False),
    )
