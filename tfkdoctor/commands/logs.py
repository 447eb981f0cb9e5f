"""`tfkdoctor explain train.log`: translate a log, and hold it against an interpreter if one is named."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from tfkdoctor.commands.output import OutputOptions, joined
from tfkdoctor.logs.messages import Weight, load
from tfkdoctor.logs.scan import Scan, Seen, scan
from tfkdoctor.logs.translate import Told, Translation, translate
from tfkdoctor.report.progress import waiting
from tfkdoctor.report.verdict import ATTENTION, CLEAN

if TYPE_CHECKING:
    from tfkdoctor.doctor.examine import CheckRun

ASKED = 40  # different lines of legacy code that the migrator is asked about
GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainOptions(OutputOptions):
    what: str | None
    python: str | None


def explain_log(options: ExplainOptions) -> int:
    """Read, translate, report; 1 where the log holds something that ends a program or takes something from it."""
    with opened(options.what) as stream, waiting("reading"):
        found = scan(stream, load())
    run = examine(options.python) if options.python else None
    told = with_checks(with_legacy(translate(found, version_of(run)), found), run)
    serious = any(one.weight in (Weight.FATAL, Weight.CAUSE) for one in told.all)
    code = options.code(ATTENTION if serious else CLEAN)
    name = options.what if options.what and options.what != "-" else "standard input"
    if options.format_ == "json":
        from tfkdoctor.report.json import dump
        from tfkdoctor.report.log import log_json

        options.emit(dump(log_json(name, told, code)))
    else:
        from tfkdoctor.report.log import log_report

        options.emit(joined(log_report(name, told, options.style, options.show())))
    return code


@contextmanager
def opened(what: str | None) -> Iterator[BinaryIO]:
    """The log's bytes: of a file, which may be compressed, or of standard input."""
    if what is None or what == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(what).open("rb") as stream:
            zipped = stream.read(2) == GZIP
            stream.seek(0)
            yield cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if zipped else stream
    except (OSError, EOFError) as error:
        raise click.UsageError(f"{what}: {getattr(error, 'strerror', None) or error}") from None


def examine(python: str) -> CheckRun:
    from tfkdoctor.commands.environment import gather_facts
    from tfkdoctor.doctor.examine import check

    return check(gather_facts(python, deep=False, timeout=120))


def version_of(run: CheckRun | None) -> str:
    """The version of the interpreter's TensorFlow, "" where none is known."""
    if run is None:
        return ""
    from tfkdoctor.doctor import compat
    from tfkdoctor.doctor.checks.case import Case

    return Case(run.facts, compat.load()).version


def with_legacy(told: Translation, found: Scan) -> Translation:
    """The same, with what the migrator says of each line of legacy code."""
    from tfkdoctor.logs.legacy import ask, public, sentence

    snippets: dict[str, str] = {}
    for one in found.ordered():
        if one.message and one.message.snippet and one.groups and len(snippets) < ASKED:
            groups = {name: public(value) if name == "module" else value for name, value in one.groups}
            snippets[key_of(one)] = one.message.snippet.format_map(groups)
    said = ask(snippets)
    by_key = {key_of(one): said.get(key_of(one), ()) for one in found.ordered()}

    def add(one: Told) -> Told:
        findings = by_key.get(f"{one.name}:{one.first}", ())
        if not findings:
            return one
        return replace(one, codes=tuple(dict.fromkeys(f.code for f in findings)), code_says=sentence(findings[-1]))

    return changed(told, add)


def key_of(one: Seen) -> str:
    return f"{one.message.name if one.message else ''}:{one.first}"


def with_checks(told: Translation, run: CheckRun | None) -> Translation:
    """The same, with what the checks that it names find in the interpreter."""
    if run is None:
        return told
    lines = {finding.code: f"{finding.code} {finding.message}" for finding in run.findings}

    def add(one: Told) -> Told:
        return replace(one, found=tuple(lines[code] for code in one.codes if code in lines))

    return changed(told, add)


def changed(told: Translation, add: Callable[[Told], Told]) -> Translation:
    return replace(told, verdict=add(told.verdict) if told.verdict else None, rest=tuple(map(add, told.rest)))
