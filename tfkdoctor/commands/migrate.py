"""`tfkdoctor migrate`."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tfkdoctor.commands.output import OutputOptions, check_codes, joined
from tfkdoctor.config import Config, load_config, make_settings
from tfkdoctor.model import Finding, MigrationRun, Settings
from tfkdoctor.report import text
from tfkdoctor.report.progress import waiting
from tfkdoctor.report.verdict import Verdict, applied_fixes, in_order, judge

if TYPE_CHECKING:
    from tfkdoctor.report.json import Json
    from tfkdoctor.report.style import Style
    from tfkdoctor.validate.levels import Executed
    from tfkdoctor.validate.smoke import SmokeResult

LEVELS = frozenset({"index", "import", "smoke", "models"})  # index is the proof that always runs


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrateOptions(OutputOptions):
    paths: tuple[Path, ...]
    write: bool
    check: bool
    diff: bool
    unsafe: bool | None
    target: str | None
    keras: str | None
    source: tuple[str, ...]
    numerics: str | None
    support: bool | None
    support_name: str | None
    tf1: str | None
    exclude: tuple[str, ...]
    jobs: int | None
    validate: tuple[str, ...]
    python: str | None
    statistics: bool
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    strict: bool


def migrate(options: MigrateOptions) -> int:
    """Run the engine, write if asked to, validate if asked to, report; the exit code says what is left."""
    check_usage(options)
    cwd = Path.cwd()
    config = load_config(common_folder(options.paths, cwd))
    run = run_engine(options, settings_of(options, config), cwd)
    not_written, written = put(run) if options.write else ((), None)
    proof = validate(run, options, config)
    verdict = judge(run, not_written + proof.findings, written)
    code = options.code(verdict.exit_code(options.strict))
    options.emit(report(run, verdict, proof, code, options))
    return code


def run_engine(options: MigrateOptions, settings: Settings, cwd: Path) -> MigrationRun:
    """The engine's run; a target or a source that cannot be used is a usage error."""
    from tfkdoctor.run import migrate_paths

    try:
        if options.target or options.source:
            check_versions(options)
        with waiting("migrating"):
            return migrate_paths(options.paths, settings, cwd)
    except ValueError as error:
        # Imported late: files that say nothing of TensorFlow need none of it.
        from tfkdoctor.versions import TargetError

        if isinstance(error, TargetError):
            raise click.UsageError(str(error)) from None
        raise


def check_versions(options: MigrateOptions) -> None:
    """Raise for what was typed even where no file asks for it."""
    from tfkdoctor.versions import points_of, specifiers

    specifiers(options.source)
    if options.target:
        points_of(options.target, options.keras)


def check_usage(options: MigrateOptions) -> None:
    if options.write and options.check:
        raise click.UsageError("--check touches nothing and --write does: choose one")
    for path in options.paths:
        if not os.path.lexists(path):
            raise click.UsageError(f"path {str(path)!r} does not exist")
    unknown = sorted(set(options.validate) - LEVELS)
    if unknown:
        raise click.UsageError(f"--validate: unknown level {unknown[0]!r}; known: {', '.join(sorted(LEVELS))}")


def common_folder(paths: tuple[Path, ...], cwd: Path) -> Path:
    """The folder that holds all paths: where the search for pyproject.toml begins."""
    absolute = [cwd / path for path in paths]
    folders = [path if path.is_dir() else path.parent for path in absolute]
    return Path(os.path.commonpath([os.path.normpath(folder) for folder in folders]))


def settings_of(options: MigrateOptions, config: Config) -> Settings:
    chosen = {
        "target": options.target,
        "keras": options.keras,
        "source": options.source,
        "numerics": options.numerics,
        "support": options.support,
        "support-name": options.support_name,
        "tf1": options.tf1,
        "unsafe": options.unsafe,
        "select": options.select,
        "ignore": options.ignore,
        "exclude": options.exclude,
        "jobs": options.jobs,
    }
    settings = make_settings(config, chosen)
    check_codes(settings.select + settings.ignore)
    if not settings.support_name.isidentifier():
        raise click.UsageError(f"--support-name is the name of a Python module, not {settings.support_name!r}")
    return settings


def put(run: MigrationRun) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    from tfkdoctor.write import write_run

    result = write_run(run)
    return result.findings, result.paths


@dataclass(frozen=True, slots=True)
class Proof:
    """What validation in the target interpreter found; None where a level did not run."""

    findings: tuple[Finding, ...] = ()
    smoke: SmokeResult | None = None
    executed: Executed | None = None


def validate(run: MigrationRun, options: MigrateOptions, config: Config) -> Proof:
    """The chosen levels, in the interpreter that `check` would examine."""
    spelled = index_findings(run)
    if not set(options.validate) - {"index"}:
        return Proof(spelled)
    from tfkdoctor.doctor.patient import choose
    from tfkdoctor.validate.levels import execute
    from tfkdoctor.validate.models import smoke_arguments
    from tfkdoctor.validate.validate import smoke_of, wrong_interpreter

    python = choose(options.python, config.python, Path.cwd(), os.environ).python
    with waiting("validating"):
        wrong = wrong_interpreter(python, run.target.spec)
        if wrong is not None:
            return Proof((*spelled, wrong))
        result = smoke_of(run, python) if "smoke" in options.validate else None
        executed = execute(run, options.validate, python, smoke_arguments(config.values.get("smoke")))
    return Proof((*spelled, *(result.findings() if result else ()), *executed.findings()), result, executed)


def index_findings(run: MigrationRun) -> tuple[Finding, ...]:
    """What level `index` says beyond the engine's own proof; read late, since most projects ask for nothing of it."""
    from tfkdoctor.validate.imports import ASKED
    from tfkdoctor.validate.validate import all_texts

    texts = {path: text for path, text in all_texts(run).items() if ASKED.search(text)}
    if not texts:
        return ()
    from tfkdoctor.validate.reached import reached

    return reached(run, texts)


def report(run: MigrationRun, verdict: Verdict, proof: Proof, code: int, options: MigrateOptions) -> str:
    from tfkdoctor.report.diff import diffs, painted
    from tfkdoctor.report.environment import smoke_stages
    from tfkdoctor.report.fixes import fix_lines
    from tfkdoctor.report.paths import seen_from

    if options.format_ == "json":
        from tfkdoctor.report.json import dump, migration_json

        changes = list(diffs(run)) if options.diff else None
        whole = migration_json(run, verdict, code, changes, proof.smoke)
        return dump({**whole, **levels_json(proof)})
    run, verdict = seen_from(Path.cwd(), run, verdict)
    if options.format_ == "html":
        from tfkdoctor.report.html import html
        from tfkdoctor.report.pages import migration_page

        return html(migration_page(run, verdict, [*diffs(run)], proof.smoke))
    if options.format_ != "text":
        from tfkdoctor.report.machine import machine_report

        fixes = {fix.id: (file.path, fix) for file in run.files for fix in applied_fixes(file)}
        pending = verdict.mended if verdict.pending else ()
        return machine_report(options.format_, in_order(verdict.remaining + pending), fixes)
    preview = not (options.write or options.diff)
    style, show = options.style, replace(options.show(options.strict), mended=preview)
    blocks = [[painted(change, style).removesuffix("\n") for change in diffs(run)] if options.diff else []]
    if options.check:
        blocks.append(text.failing_lines(verdict, options.strict))
        return joined(line for block in blocks for line in block)
    if proof.smoke is not None and not options.quiet:
        blocks.append(smoke_stages(proof.smoke, style))
    if proof.executed is not None and not options.quiet:
        blocks += level_blocks(proof.executed, style)
    if options.statistics:
        blocks.append(text.statistics(verdict, rule_names(), style))
    else:
        blocks.append(text.findings(verdict, style, show, fix_lines(run)))
    if not options.quiet:
        blocks.append(text.migration_summary(run, verdict, style, shown=options.diff))
    return "\n\n".join(joined(block) for block in blocks if block)


def level_blocks(executed: Executed, style: Style) -> list[list[str]]:
    from tfkdoctor.report.levels import import_lines, models_lines

    blocks = [import_lines(executed.imports, style)] if executed.imports else []
    return blocks + ([models_lines(executed.models, style)] if executed.models else [])


def levels_json(proof: Proof) -> dict[str, Json]:
    from tfkdoctor.report.levels import import_json, models_json

    found: dict[str, Json] = {}
    if proof.executed is not None and proof.executed.imports is not None:
        found["imports"] = import_json(proof.executed.imports)
    if proof.executed is not None and proof.executed.models is not None:
        found["models"] = models_json(proof.executed.models)
    return found


def rule_names() -> dict[str, str]:
    from tfkdoctor.knowledge import load_rules

    return {rule.code: rule.name for rule in load_rules()}
