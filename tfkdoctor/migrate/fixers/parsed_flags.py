"""`tf.app.flags`: what was a name for absl's module becomes its import, and flags that nobody parses parse themselves.

FLAGS of TensorFlow 1 parsed the command line where it was first read (tensorflow/python/platform/flags.py of TF 1.15);
absl does it in `app.run`, and raises before.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.names import Scope, Use
from tfkdoctor.migrate.plans import Change, Piece, Reference, TemplatePlan
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_MODULES = ("tensorflow.app.flags", "tensorflow.flags")
_RUNS = ("tensorflow.app.run", "tensorflow.compat.v1.app.run", "absl.app.run")


def run(context: Context, row: Row) -> None:
    """Plan `flags = tf.app.flags` as an import, and FLAGS of programs that read them before or without `app.run`."""
    names = context.facts.program_names(context.path)
    if not any(name.startswith(_MODULES) for name in names):
        return
    for reference in context.found.references:
        statement = context.survey.names.parents.get(reference.node)
        if reference.name in _MODULES and reference.size == len(reference.use.attrs) and _names_module(statement):
            assert isinstance(statement, ast.Assign)
            target = statement.targets[0]
            assert isinstance(target, ast.Name)
            alias = "" if target.id == "flags" else f" as {target.id}"
            _plan(context, row, reference, statement, (f"from absl import flags{alias}",))
        elif reference.name in row.of and _is_direct(reference) and _is_early(context, names):
            _plan(context, row, reference, reference.node, ("{@support.parsed_flags}()",))


def _names_module(statement: ast.AST | None) -> bool:
    """Whether a statement merely gives the module a name."""
    return (
        isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name)
    )


def _is_direct(reference: Reference) -> bool:
    """Whether a chain begins with an import, and not with a name that was given to FLAGS."""
    return all(binding.imported for binding in reference.use.bindings)


def _is_early(context: Context, names: frozenset[str]) -> bool:
    """Whether flags are read where `app.run` has not parsed them."""
    return not any(run in names for run in _RUNS) or any(
        _is_read_at_once(context, use) for use in context.survey.names.uses
    )


def _is_read_at_once(context: Context, use: Use) -> bool:
    """Whether this reads a flag while its module is imported."""
    scope: Scope | None = use.scope
    while scope is not None:
        if scope.kind == "function":
            return False
        scope = scope.parent
    if use.stored or not use.attrs:
        return False
    found = [canonical for _, canonical in context.survey.canonicals(use)]
    return any(name.startswith(tuple(f"{module}.FLAGS." for module in _MODULES)) for name in found)


def _plan(
    context: Context, row: Row, reference: Reference, node: ast.stmt | ast.expr, pieces: tuple[Piece, ...]
) -> None:
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    change = Change(start, end, pieces)
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message=f"`{reference.name}` is absl's",
            severity=Severity.ERROR,
            bindings=context.movable(reference.bindings),
            changes=(change,),
            introduces=introduced([change]),
            scope=reference.use.scope,
        ),
        [reference.node],
    )
