"""`tfkdoctor check`, `facts` and `smoke`: what looks at an interpreter."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tfkdoctor.commands.output import OutputOptions, check_codes, joined, print_data, write_file
from tfkdoctor.config import load_config
from tfkdoctor.report.progress import waiting
from tfkdoctor.report.verdict import CLEAN, exit_code

if TYPE_CHECKING:
    from tfkdoctor.doctor.examine import CheckRun
    from tfkdoctor.doctor.facts import Facts
    from tfkdoctor.model import Finding
    from tfkdoctor.validate.smoke import SmokeResult


SMOKE_SECONDS = 300.0  # importing, building and fitting on a slow machine; a probe needs less


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions(OutputOptions):
    files: tuple[Path, ...]
    python: str | None
    deep: bool
    smoke: bool
    save: Path | None
    timeout: float
    list_checks: bool
    executor: str | None
    redact: bool
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    strict: bool

    def told(self, facts: Facts) -> Facts:
        """The facts as they may be shown: without names where --redact asks for that."""
        return redacted(facts) if self.redact else facts

    def emit(self, text: str) -> None:
        """The report, in which --redact finds what no fact held: paths in messages, a host in a log."""
        if self.redact:
            from tfkdoctor.doctor.redact import redactor

            text = redactor().text(text)
        OutputOptions.emit(self, text)


def redacted(facts: Facts) -> Facts:
    from tfkdoctor.doctor.redact import redactor

    return redactor([facts]).facts(facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmokeOptions(OutputOptions):
    python: str | None
    device: str | None
    timeout: float


def check(options: CheckOptions) -> int:
    """Examine, report; the exit code is the worst of all that was examined."""
    if options.list_checks:
        return list_checks(options)
    check_usage(options)
    check_codes(options.select + options.ignore)
    if options.files:
        from tfkdoctor.commands.files import check_files, dependency_files

        if given := dependency_files(options.files):
            return check_files(options, given)
    started = time.monotonic()
    if options.executor or len(options.files) > 1:
        from tfkdoctor.commands.cluster import check_cluster, worker_nodes
        from tfkdoctor.doctor.cluster import Node

        nodes = [Node(str(path), facts) for path, facts in zip(options.files, read_facts(options.files), strict=True)]
        return check_cluster(options, nodes or worker_nodes(options))
    facts = read_facts(options.files)[0] if options.files else examine(options)
    patient = examined(facts, options, started)
    code = options.code(exit_code(patient.findings, options.strict))
    options.emit(check_output(patient, options, code))
    return code


def check_usage(options: CheckOptions) -> None:
    """Refuse what does not go together."""
    if options.files and (options.python or options.deep or options.smoke or options.save or options.executor):
        raise click.UsageError(
            "FILES are read, not examined: --python, --deep, --smoke, --save and --executor do not go with them"
        )
    if options.executor and (options.python or options.smoke or options.save):
        raise click.UsageError(
            "--executor examines the Python of each worker: --python, --smoke and --save do not go with it"
        )


def check_output(patient: Patient, options: CheckOptions, code: int) -> str:
    """The report in the chosen format."""
    if options.format_ == "json":
        from tfkdoctor.report.json import check_json, dump

        return dump(check_json(patient.run, code, patient.smoke))
    if options.format_ == "html":
        from tfkdoctor.report.html import html
        from tfkdoctor.report.pages import check_page

        return html(check_page(patient.run, patient.smoke))
    if options.format_ != "text":
        from tfkdoctor.report.machine import machine_report

        return machine_report(options.format_, patient.findings, place=patient.run.facts.patient.python)
    return check_text(patient, options)


@dataclass(frozen=True, slots=True)
class Patient:
    """One environment after the checks and, if asked for, the smoke test."""

    run: CheckRun
    smoke: SmokeResult | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.run.findings + (self.smoke.findings() if self.smoke else ())


def examined(facts: Facts, options: CheckOptions, started: float) -> Patient:
    """The checks, and the smoke test; the seconds of the run are all since `started`, the probes among them."""
    from tfkdoctor.doctor.examine import check as run_checks

    select, ignore = chosen_codes(options)
    run = run_checks(options.told(facts), select=select, ignore=ignore)
    run = replace(run, seconds=time.monotonic() - started)
    if not options.smoke:
        return Patient(run, None)
    return Patient(run, run_smoke(facts.patient.python, None, max(options.timeout, SMOKE_SECONDS)))


def chosen_codes(options: CheckOptions) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`--select` and `--ignore`, else what the configuration says."""
    config = load_config(Path.cwd())
    select = options.select or config.codes("select", of_code=False)
    return select, options.ignore or config.codes("ignore", of_code=False)


def check_text(patient: Patient, options: CheckOptions) -> str:
    from tfkdoctor.doctor.chain import chain_lines
    from tfkdoctor.doctor.facts import headline
    from tfkdoctor.report.environment import check_report, smoke_report

    style, show = options.style, options.show(options.strict, evidence=True)
    head = headline(patient.run.facts) + chain_lines(patient.run.facts)
    lines = check_report(patient.run, head, style, show)
    if patient.smoke is not None:
        lines += [""] * bool(lines) + smoke_report(patient.smoke, style, show)
    return joined(lines)


def examine(options: CheckOptions) -> Facts:
    facts = gather_facts(options.python, options.deep, options.timeout)
    if options.save:
        write_file(options.save, options.told(facts).to_json().rstrip("\n"), "--save")
    return facts


def gather_facts(python: str | None, deep: bool, timeout: float) -> Facts:
    from tfkdoctor.doctor.examine import gather

    cwd = Path.cwd()
    with waiting("examining"):
        return gather(python, deep=deep, cwd=cwd, configured=load_config(cwd).python, timeout=timeout)


def read_facts(paths: tuple[Path, ...]) -> list[Facts]:
    from tfkdoctor.doctor.facts import Facts

    found = []
    for path in paths:
        try:
            found.append(Facts.from_json(path.read_text("utf-8")))
        except (OSError, ValueError) as error:
            raise click.UsageError(f"{path}: {error}") from None
    return found


def facts(python: str | None, deep: bool, timeout: float, output: Path | None, redact: bool) -> int:
    found = gather_facts(python, deep, timeout)
    text = (redacted(found) if redact else found).to_json()
    if output is None:
        print_data(text.rstrip("\n"))
    else:
        write_file(output, text.rstrip("\n"), "--output")
    return CLEAN


def smoke(options: SmokeOptions) -> int:
    """The smoke test in the interpreter that `check` would examine."""
    from tfkdoctor.doctor.patient import choose
    from tfkdoctor.report.environment import smoke_report

    cwd = Path.cwd()
    patient = choose(options.python, load_config(cwd).python, cwd, os.environ)
    result = run_smoke(patient.python, options.device, options.timeout, full=True)
    code = options.code(exit_code(result.findings(), strict=False))
    if options.format_ == "json":
        from tfkdoctor.report.json import dump, smoke_json

        options.emit(dump(smoke_json(result, code)))
    else:
        options.emit(joined(smoke_report(result, options.style, options.show())))
    return code


def run_smoke(python: str, device: str | None, timeout: float, *, full: bool = False) -> SmokeResult:
    from tfkdoctor.validate.smoke import smoke as run

    with waiting("building and fitting"):
        return run(python, device=device, imports=None, timeout=timeout, full=full)


def list_checks(options: CheckOptions) -> int:
    from tfkdoctor.report.listing import check_rows, listing, listing_json

    rows = check_rows()
    if options.format_ == "json":
        from tfkdoctor.report.json import dump

        options.emit(dump(listing_json(rows)))
    else:
        options.emit(joined(listing(rows, options.style)))
    return CLEAN
