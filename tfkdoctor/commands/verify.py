"""`tfkdoctor verify`."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import click

from tfkdoctor.commands.output import OutputOptions, joined
from tfkdoctor.config import load_config, make_settings
from tfkdoctor.report.progress import waiting
from tfkdoctor.report.verdict import exit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOptions(OutputOptions):
    old: Path
    new: Path | None
    arguments: tuple[str, ...]
    legacy_python: str
    python: str | None
    script: tuple[str, ...]
    tolerance: float
    steps: int
    timeout: float
    dropout: bool
    source: tuple[str, ...]


def verify(options: VerifyOptions) -> int:
    """Both sides, compared; what differs is an error finding."""
    from tfkdoctor.doctor.patient import choose, resolve
    from tfkdoctor.report.verify import verify_json, verify_report
    from tfkdoctor.validate.scripts import Options
    from tfkdoctor.validate.verify import VerifyError
    from tfkdoctor.validate.verify import verify as run

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
                options.old, options.new, options.script, list(options.arguments), (old, new), chosen, settings
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
