"""`tfkdoctor rules` and `explain`: what the tool knows."""

from __future__ import annotations

import sys

import click

from tfkdoctor.commands.output import joined, print_data
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


def explain(what: str, color: str) -> int:
    """A code or a symbol; what is neither is a usage error."""
    from tfkdoctor.report.explain import explanation

    lines = explanation(what, style_for(sys.stdout, color))
    if lines is None:
        raise click.UsageError(f"{what!r} is neither a code (see `tfkdoctor rules`) nor a name of TensorFlow or Keras")
    print_data(joined(lines))
    return CLEAN
