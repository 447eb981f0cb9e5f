"""`tfkdoctor rules` and `explain`: what the tool knows."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import click

from tfkdoctor.commands.output import OutputOptions, joined, print_data
from tfkdoctor.report.style import style_for
from tfkdoctor.report.verdict import CLEAN


def rules(format_: str, color: str) -> int:
    """Every code, in text or JSON."""
    from tfkdoctor.report.listing import check_rows, listing, listing_json, rule_rows

    if format_ == "json":
        from tfkdoctor.report.json import dump

        print_data(dump(listing_json(rule_rows() + check_rows())))
    else:
        style = style_for(sys.stdout, color)
        print_data(joined([*listing(rule_rows(), style), "", *listing(check_rows(), style)]))
    return CLEAN


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOptions(OutputOptions):
    what: str | None
    python: str | None


def explain(options: PageOptions) -> int:
    """A code or a symbol; what is neither is a usage error."""
    from tfkdoctor.report.explain import explanation

    if options.what is None:
        raise click.UsageError("name a code, a name of TensorFlow or Keras, or a log file; or pipe a log into it")
    if options.python or options.format_ != "text":
        raise click.UsageError(f"--python and --format belong to a log, and there is no file {options.what!r}")
    lines = explanation(options.what, options.style)
    if lines is None:
        raise click.UsageError(
            f"{options.what!r} is neither a code (see `tfkdoctor rules`) nor a name of TensorFlow or Keras, nor a file"
        )
    options.emit(joined(lines))
    return CLEAN
