"""Names for modules that are gone: `slim = tf.contrib.slim` goes where each use of `slim` is written anew.

Uses of contrib and of private modules get homes of their own, through other imports.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from tfkdoctor.first_homes import is_unlisted
from tfkdoctor.migrate.context import Context
from tfkdoctor.migrate.names import Binding, Use
from tfkdoctor.migrate.plans import Change, Reference, TemplatePlan
from tfkdoctor.model import Severity


def written_anew(context: Context, references: Iterable[Reference]) -> dict[int, str]:
    """By the identity of a use: the plan that will write it anew through another import."""
    return {id(r.use): use_id(context, r) for r in references if leaves(context, r)}


def leaves(context: Context, reference: Reference) -> bool:
    """Whether a use will be written anew through another import."""
    anew = context.compat or is_unlisted(reference.name)
    return anew and reference.home is not None and reference.node not in context.covered


def use_id(context: Context, reference: Reference) -> str:
    """The id of the plan that writes a use anew: see `match`."""
    assert reference.home is not None
    return context.id(reference.home.code, context.survey.lines.start(reference.use.root))


def settle(context: Context) -> None:
    """Plan the end of the assignments that merely name what is gone."""
    for statement, binding, gone in _aliases(context):
        uses = [use for use in context.survey.names.uses if binding in use.bindings and not use.stored]
        needed = [_plan_of(context, use) for use in uses]
        if None in needed or context.is_taken(binding):
            continue
        start, end = context.survey.lines.start(statement), context.survey.lines.end(statement)
        context.add(
            TemplatePlan(
                id=context.id("TFK714", start),
                code="TFK714",
                start=start,
                end=end,
                message=f"nothing needs this name for `{gone.name}`, which is gone, any more",
                severity=Severity.ERROR,
                changes=(_removal(context, statement),),
                scope=context.survey.names.module,
                requires=frozenset(id_ for id_ in needed if id_ is not None),
                bindings=context.movable(gone.bindings),
            ),
            [gone.node],
        )


def _aliases(context: Context) -> Iterator[tuple[ast.Assign, Binding, Reference]]:
    """`slim = tf.contrib.slim`, the binding that it makes, and the reference on its right side."""
    for reference in context.found.references:
        statement = context.survey.names.parents.get(reference.use.node)
        gone = reference.home is None and (context.compat or is_unlisted(reference.name))
        if not gone or not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
            continue
        target = statement.targets[0]
        bindings = reference.use.scope.names.get(target.id, ()) if isinstance(target, ast.Name) else ()
        if statement.value is reference.use.node and len(bindings) == 1 and context.survey.is_alias(bindings[0]):
            yield statement, bindings[0], reference


def _plan_of(context: Context, use: Use) -> str | None:
    """The plan that does away with a use of the alias, None where it stays."""
    for part in use.parts:
        reference = context.reference_of.get(part)
        if reference is not None and reference.node in context.covered:
            return context.covered[reference.node]
        if reference is not None and leaves(context, reference):
            return use_id(context, reference)
    return None


def _removal(context: Context, statement: ast.stmt) -> Change:
    from tfkdoctor.migrate.fixers.statements import block_of, removal

    return removal(context, statement, len(block_of(context, statement)) == 1)
