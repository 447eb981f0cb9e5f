"""The command line: options, and the edge where exceptions become one line and an exit code.

Only click is imported to show `--help`; what a command needs is imported when it runs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from tfkdoctor import __version__

F = TypeVar("F", bound=Callable[..., object])

EPILOG = "Exit codes: 0 nothing left to do, 1 something is, 2 usage, configuration or internal error, 130 interrupted."


def split_codes(_: click.Context, __: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """`TFK4,KE002`, several times."""
    return tuple(part.strip() for codes in value for part in codes.split(",") if part.strip())


def output_options(command: F) -> F:
    """How a report looks and where it goes: the same for every command that reports."""
    return output_options_with()(command)


def output_options_with(*formats: str) -> Callable[[F], F]:
    """The same, for a command that knows more formats."""
    return lambda command: add_output_options(command, ("text", "json", *formats))


def add_output_options(command: F, formats: tuple[str, ...]) -> F:
    for decorate in reversed(
        (
            click.option("--format", "format_", type=click.Choice(formats), default="text", show_default=True),
            click.option(
                "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to a file."
            ),
            click.option(
                "--exit-zero", is_flag=True, help="End with 0 where 1 would say that something is left to do."
            ),
            click.option("-q", "--quiet", is_flag=True, help="Only what makes the run fail."),
            click.option("-v", "--verbose", is_flag=True, help="Every fix on its own line; tracebacks."),
            click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True),
        )
    ):
        command = decorate(command)
    return command


def choice_options(command: F) -> F:
    """Which findings count."""
    for decorate in reversed(
        (
            click.option(
                "--select", metavar="CODES", multiple=True, callback=split_codes, help="Only these codes: TFK4,KE002."
            ),
            click.option("--ignore", metavar="CODES", multiple=True, callback=split_codes, help="All but these codes."),
            click.option("--strict", is_flag=True, help="A hint makes the run fail, too."),
        )
    ):
        command = decorate(command)
    return command


python_option = click.option(
    "--python", metavar="PATH", help="The interpreter to examine (a path, a name on PATH, or a virtual environment)."
)
redact_option = click.option(
    "--redact", is_flag=True, help="Leave out user names, home folders and host names (to show it to others)."
)


@click.group(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, "-V", "--version", prog_name="tfkdoctor")
def cli() -> None:
    """The doctor for TensorFlow and Keras: environments and code."""


@cli.command(epilog=EPILOG)
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@python_option
@click.option(
    "--deep", is_flag=True, help="Also import TensorFlow, list devices, load CUDA (in processes of their own)."
)
@click.option("--smoke", is_flag=True, help="Also build and fit a small CNN there.")
@click.option("--save", type=click.Path(dir_okay=False, path_type=Path), help="Keep the facts as JSON.")
@click.option("--timeout", type=click.FloatRange(min=1), default=120.0, show_default=True, help="Seconds per probe.")
@click.option("--list-checks", is_flag=True, help="List what is checked, and end.")
@click.option("--executor", metavar="URL", help="Examine every worker of a Dask cluster: dask://host:8786.")
@redact_option
@choice_options
@output_options_with("sarif", "github", "html")
def check(**options: object) -> int:
    """Examine a Python environment: TensorFlow, Keras, what they need, driver, GPU, CUDA.

    Without FILES an interpreter is examined, and the first line of the report says which one and why. FILES are
    dependency files (requirements.txt, pyproject.toml, setup.cfg, setup.py, environment.yml, Pipfile, Dockerfile, lock
    files), judged by what an installer would bring today, or facts that `tfkdoctor facts` saved.
    """
    from tfkdoctor.commands import environment

    return environment.check(environment.CheckOptions(**options))  # type: ignore[arg-type]


@cli.command(epilog=EPILOG)
@python_option
@click.option(
    "--deep", is_flag=True, help="Also import TensorFlow, list devices, load CUDA (in processes of their own)."
)
@click.option("--timeout", type=click.FloatRange(min=1), default=120.0, show_default=True, help="Seconds per probe.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file.")
@redact_option
@click.option("-v", "--verbose", is_flag=True, help="Tracebacks.")
def facts(python: str | None, deep: bool, timeout: float, output: Path | None, redact: bool, verbose: bool) -> int:
    """Print all that can be known about an environment, as JSON. `tfkdoctor check FILE` reads it."""
    from tfkdoctor.commands import environment

    return environment.facts(python, deep, timeout, output, redact)


@cli.command(epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="Change the files.")
@click.option("--check", is_flag=True, help="Only what makes the run fail, a line each (hooks, CI).")
@click.option("--diff", is_flag=True, help="Show what changes.")
@click.option("--unsafe/--no-unsafe", default=None, help="Also apply fixes that rest on a heuristic.")
@click.option(
    "--target",
    metavar="SPEC",
    help='What the result must run on: "tensorflow>=2.16" (tf.keras is Keras 3), "tensorflow==2.15.*" (it is Keras 2); '
    "the newest known.",
)
@click.option(
    "--keras",
    type=click.Choice(["3", "legacy"]),
    help="Which Keras on TensorFlow 2.16 and later: tf.keras, which is Keras 3 (3), or the package tf_keras, which is "
    "Keras 2 (legacy).",
)
@click.option("--source", metavar="SPEC", multiple=True, help='What the code was written for: "keras==2.2.4".')
@click.option(
    "--numerics",
    type=click.Choice(["keep", "exact", "modern"]),
    help="Whose numbers the result prints: its own (keep), to the last corner (exact), or those of today's defaults.",
)
@click.option("--support/--no-support", default=None, help="Whether a module of support code may be added (it may).")
@click.option("--support-name", metavar="NAME", help="What that module is called: tf_legacy.")
@click.option(
    "--tf1",
    type=click.Choice(["auto", "native", "compat"]),
    help="Programs of sessions and graphs: on tensorflow.compat.v1 where they need it (auto), TensorFlow 2, or all.",
)
@click.option("--exclude", metavar="GLOB", multiple=True, help="Leave these paths alone.")
@click.option("--jobs", type=click.IntRange(min=0), help="Processes; 0: one per core.")
@click.option(
    "--validate",
    metavar="LEVELS",
    multiple=True,
    callback=split_codes,
    help="Also prove the result: import, models (these two run the project's own code, in a copy), smoke.",
)
@python_option
@click.option("--statistics", is_flag=True, help="How many findings of each code.")
@choice_options
@output_options_with("sarif", "github", "html")
def migrate(**options: object) -> int:
    """Bring standalone Keras and TF1-style code to tf.keras, with the same numbers.

    Without --write nothing is touched: the report says what would change and what is left to a person.
    """
    from tfkdoctor.commands import migrate as command

    return command.migrate(command.MigrateOptions(**options))  # type: ignore[arg-type]


@cli.command(epilog=EPILOG)
@python_option
@click.option("--device", metavar="NAME", help="Only this device: cpu, gpu, gpu:1.")
@click.option(
    "--timeout", type=click.FloatRange(min=1), default=300.0, show_default=True, help="Seconds for all of it."
)
@output_options
def smoke(**options: object) -> int:
    """Build and fit a small CNN in an interpreter, and say which stage fails."""
    from tfkdoctor.commands import environment

    return environment.smoke(environment.SmokeOptions(**options))  # type: ignore[arg-type]


class Passing(click.Command):
    """A command that hands on what follows `--` as its parameter `arguments`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        place = args.index("--") if "--" in args else len(args)
        ctx.params["arguments"] = tuple(args[place + 1 :])
        return super().parse_args(ctx, args[:place])

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [*super().collect_usage_pieces(ctx), "[-- ARGS…]"]


@cli.command(cls=Passing, epilog=EPILOG)
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path), required=False)
@click.option("--legacy-python", metavar="PATH", help="The interpreter that the original runs in.")
@click.option(
    "--make-legacy-env",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Build the environment that OLD ran in, with pins that work, and end.",
)
@click.option("--python", metavar="PATH", help="The interpreter that the migrated code runs in.")
@click.option("--script", metavar="FILE", multiple=True, help="What to run, relative to OLD and NEW (found by itself).")
@click.option(
    "--tolerance", type=click.FloatRange(min=0), default=1e-3, show_default=True, help="What counts as equal: a share."
)
@click.option("--steps", type=click.IntRange(min=0), default=0, help="End after so many training steps.")
@click.option(
    "--timeout", type=click.FloatRange(min=1), default=1800.0, show_default=True, help="Seconds for each side."
)
@click.option("--dropout", is_flag=True, help="Leave dropout on (the two sides then drop other things).")
@click.option(
    "--models", is_flag=True, help="Compare what builds models, called with its defaults or [tool.tfkdoctor.smoke]."
)
@click.option("--source", metavar="SPEC", multiple=True, help="What OLD was written for, where NEW is made from it.")
@output_options
def verify(**options: object) -> int:
    """Run the original in its old interpreter and the migrated code in the new one, and compare the numbers.

    Models get the same weights, and shuffling and dropout are switched off on both sides; then the outputs of their
    layers, the losses of training steps and all numbers that are printed must be equal. Without NEW a copy of OLD is
    migrated. Neither folder is touched: both sides run in copies. What follows `--` goes to the scripts.
    """
    from tfkdoctor.commands import verify as command

    return command.verify(command.VerifyOptions(**options))  # type: ignore[arg-type]


@cli.command(epilog=EPILOG)
@click.argument("what", metavar="[CODE|SYMBOL|LOGFILE]", required=False)
@click.option("--python", metavar="PATH", help="A log's TensorFlow: hold what it says against this interpreter.")
@output_options
def explain(**options: object) -> int:
    """Explain a code (TFK201, KE002), a name (keras.layers.merge), or what a program printed (train.log).

    A file that exists is a log, and so is standard input: each message of TensorFlow and each traceback is translated
    into what it means, whether it matters and what to do, the line that matters first.
    """
    what = options["what"]
    if (what is None and not sys.stdin.isatty()) or what == "-" or (isinstance(what, str) and Path(what).is_file()):
        from tfkdoctor.commands import logs

        return logs.explain_log(logs.ExplainOptions(**options))  # type: ignore[arg-type]
    from tfkdoctor.commands import knowledge

    return knowledge.explain(knowledge.PageOptions(**options))  # type: ignore[arg-type]


@cli.command(epilog=EPILOG)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.option("-v", "--verbose", is_flag=True, help="Tracebacks.")
def rules(format_: str, color: str, verbose: bool) -> int:
    """List every code: rules of `migrate`, checks of `check`."""
    from tfkdoctor.commands import knowledge

    return knowledge.rules(format_, color)


def main() -> NoReturn:
    """Run and end; nothing but bugs ever shows a traceback, and those only with -v."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    try:
        return cli.main(arguments, prog_name="tfkdoctor", standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("tfkdoctor: interrupted", err=True)
        return 130
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; what is left in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except Exception as error:
        from tfkdoctor.rulebook import RuleError

        if isinstance(error, RuleError):
            click.echo(f"tfkdoctor: {error}", err=True)
            return 2
        if {"-v", "--verbose"} & set(arguments):
            import traceback

            traceback.print_exc()
        click.echo(f"tfkdoctor: {describe(error)}", err=True)
        return 2


def describe(error: Exception) -> str:
    """One line about a bug: what, and where in the tool's own code."""
    where = ""
    trace = error.__traceback__
    while trace is not None:
        if "tfkdoctor" in trace.tb_frame.f_code.co_filename:
            where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    first = str(error).split("\n", 1)[0]
    return f"internal error: {type(error).__name__}{f': {first}' if first else ''}{where}; -v shows the traceback"
