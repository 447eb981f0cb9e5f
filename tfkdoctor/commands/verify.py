"""`tfkdoctor verify`."""

from __future__ import annotations

import os
import shlex
import time
from dataclasses import dataclass
from pathlib import Path

import click

from tfkdoctor.commands.output import OutputOptions, joined
from tfkdoctor.config import load_config, make_settings
from tfkdoctor.report.progress import waiting
from tfkdoctor.report.verdict import ATTENTION, CLEAN, exit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOptions(OutputOptions):
    old: Path
    new: Path | None
    arguments: tuple[str, ...]
    legacy_python: str | None
    make_legacy_env: Path | None
    python: str | None
    script: tuple[str, ...]
    tolerance: float
    steps: int
    timeout: float
    dropout: bool
    source: tuple[str, ...]
    models: bool


def verify(options: VerifyOptions) -> int:
    """Both sides, compared; what differs is an error finding."""
    from tfkdoctor.doctor.patient import choose, resolve
    from tfkdoctor.report.verify import verify_json, verify_report
    from tfkdoctor.validate.models import smoke_arguments
    from tfkdoctor.validate.scripts import Options
    from tfkdoctor.validate.verify import VerifyError
    from tfkdoctor.validate.verify import verify as run

    if options.make_legacy_env is not None:
        return make_legacy_env(options, options.make_legacy_env)
    if options.legacy_python is None:
        told = "verify needs --legacy-python, an interpreter in which the original runs"
        raise click.UsageError(f"{told}; --make-legacy-env DIR builds one")
    started, cwd = time.monotonic(), Path.cwd()
    config = load_config(options.old.resolve())
    settings = make_settings(config, {"source": options.source})
    old = str(resolve(options.legacy_python, cwd, os.environ))
    if not Path(old).exists():
        raise click.UsageError(f"--legacy-python {options.legacy_python}: no such interpreter")
    new = choose(options.python, config.python, cwd, os.environ).python
    chosen = Options(options.tolerance, options.steps, options.timeout, not options.dropout)
    try:
        with waiting("running both"):
            result = run(
                options.old,
                options.new,
                options.script,
                list(options.arguments),
                (old, new),
                chosen,
                settings,
                smoke_arguments(config.values.get("smoke")) if options.models else None,
            )
    except VerifyError as error:
        raise click.UsageError(str(error)) from None
    code, seconds = options.code(exit_code(result.findings(), strict=False)), time.monotonic() - started
    if options.format_ == "json":
        from tfkdoctor.report.json import dump

        options.emit(dump(verify_json(result, code, seconds)))
    else:
        options.emit(joined(verify_report(result, options.style, options.show(), seconds)))
    return code


def make_legacy_env(options: VerifyOptions, folder: Path) -> int:
    """Build the old environment of a project; where that cannot be done, say what to type."""
    from tfkdoctor.validate.legacy_env import LegacyError, make, origin_of, pins_for

    origin = origin_of(options.old, options.source)
    pins = pins_for(origin)
    lines = [
        f"{options.old} was written for keras {origin.keras} ({origin.reason})",
        f"Python {pins.python}, keras {pins.keras}, tensorflow {pins.tensorflow} (the nearest that is known to work)",
    ]
    try:
        with waiting("building"):
            python = make(pins, folder)
    except LegacyError as error:
        options.emit(joined([*lines, f"{options.style.mark('error')} {error}"]))
        return options.code(ATTENTION)
    now = f"tfkdoctor verify --legacy-python {shlex.quote(str(python))} {shlex.quote(str(options.old))}"
    options.emit(joined([*lines, f"{options.style.mark('ok')} built and tried: {python}", f"  now: {now}"]))
    return CLEAN
