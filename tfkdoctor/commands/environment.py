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
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    strict: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SmokeOptions(OutputOptions):
    python: str | None
    device: str | None
    timeout: float


def check(options: CheckOptions) -> int:
    """Examine, report; the exit code is the worst of all that was examined."""
    if options.list_checks:
        return list_checks(options)
    if options.files and (options.python or options.deep or options.smoke or options.save):
        raise click.UsageError("FILES are read, not examined: --python, --deep, --smoke and --save do not go with them")
    check_codes(options.select + options.ignore)
    started = time.monotonic()
    patients = []
    for facts in read_facts(options.files) or [examine(options)]:
        patients.append(examined(facts, options, started))
        started = time.monotonic()
    codes = [options.code(exit_code(patient.findings, options.strict)) for patient in patients]
    if options.format_ == "json":
        from tfkdoctor.report.json import check_json, dump

        reports = [check_json(patient.run, code, patient.smoke) for patient, code in zip(patients, codes, strict=True)]
        options.emit(dump(reports[0] if len(reports) == 1 else [*reports]))
    else:
        texts = [check_text(patient, options) for patient in patients]
        if len(options.files) > 1:
            texts = [f"== {path}\n{text}" for path, text in zip(options.files, texts, strict=True)]
        options.emit("\n\n".join(texts))
    return max(codes)


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

    config = load_config(Path.cwd())
    select = options.select or config.codes("select", of_code=False)
    ignore = options.ignore or config.codes("ignore", of_code=False)
    run = run_checks(facts, select=select, ignore=ignore)
    run = replace(run, seconds=time.monotonic() - started)
    if not options.smoke:
        return Patient(run, None)
    return Patient(run, run_smoke(facts.patient.python, None, max(options.timeout, SMOKE_SECONDS)))


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
        write_file(options.save, facts.to_json(), "--save")
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


def facts(python: str | None, deep: bool, timeout: float, output: Path | None) -> int:
    text = gather_facts(python, deep, timeout).to_json()
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
    result = run_smoke(patient.python, options.device, options.timeout)
    code = options.code(exit_code(result.findings(), strict=False))
    if options.format_ == "json":
        from tfkdoctor.report.json import dump, smoke_json

        options.emit(dump(smoke_json(result, code)))
    else:
        options.emit(joined(smoke_report(result, options.style, options.show())))
    return code


def run_smoke(python: str, device: str | None, timeout: float) -> SmokeResult:
    from tfkdoctor.validate.smoke import smoke as run

    with waiting("building and fitting"):
        return run(python, device=device, imports=None, timeout=timeout)


def list_checks(options: CheckOptions) -> int:
    from tfkdoctor.report.listing import check_rows, listing, listing_json

    rows = check_rows()
    if options.format_ == "json":
        from tfkdoctor.report.json import dump

        options.emit(dump(listing_json(rows)))
    else:
        options.emit(joined(listing(rows, options.style)))
    return CLEAN
