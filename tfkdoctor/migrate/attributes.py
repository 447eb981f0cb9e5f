"""Attributes that are read or set: on receivers that are shown to be models, layers or optimizers."""

from __future__ import annotations

import ast

from tfkdoctor.migrate.context import Context
from tfkdoctor.migrate.conversions import plan_template, shown
from tfkdoctor.migrate.methods import is_foreign, is_project_attribute
from tfkdoctor.migrate.names import Scope
from tfkdoctor.migrate.plans import Change, TemplatePlan, Trouble
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row


def match_attributes(context: Context) -> None:
    """Plan the new form of each attribute that the rules speak of."""
    for node, scope in context.survey.names.dotted:
        rows = context.knowledge.exact_rows("attributes", node.attr)
        if isinstance(node.value, ast.Attribute):
            rows = (*context.knowledge.exact_rows("attributes", f"{node.value.attr}.{node.attr}"), *rows)
        if rows and (context.moves or context.found.references):
            _match(context, node, scope, rows)


def _match(context: Context, node: ast.Attribute, scope: Scope, rows: tuple[Row, ...]) -> None:
    if node in context.reference_of or node in context.covered or is_project_attribute(context, node):
        return
    parent = context.survey.names.parents.get(node)
    if isinstance(parent, ast.Call) and parent.func is node:
        return  # a method; methods.py looks at it
    classes = context.types.of(node.value)
    row = next((r for r in rows if classes and all(context.types.inherits(c, r.on or "") for c in classes)), None)
    certain = True
    if row is None and not classes and not is_foreign(context, node.value):
        row = next((r for r in rows if r.distinctive or any("." in of for of in r.of)), None)
        certain = row is not None and ("." in row.of[0] or not context.facts.defines_attribute(node.attr))
    if row is not None and context.modern and context.knowledge.target_method(f"tensorflow.{row.on}", node.attr):
        return
    if row is None or (row.source is not None and not context.moves and not context.facts.is_standalone(context.path)):
        return
    lines = context.survey.lines
    start, end = lines.end(node) - len(node.attr), lines.end(node)
    if row.becomes is not None and isinstance(node.ctx, ast.Load):
        plan_template(context, node, scope, row, {"self": node.value}, (), (), node.attr, certain)
    elif row.to is not None:
        context.add(
            TemplatePlan(
                id=context.id(row.code, start),
                code=row.code,
                start=start,
                end=end,
                message=f"`.{node.attr}` is `.{shown(row.to)}` today",
                severity=row.severity or Severity.ERROR,
                safety=row.safety if certain else Safety.UNSAFE,
                help=row.help,
                name=node.attr,
                changes=(Change(start, end, (row.to,)),),
                scope=scope,
            )
        )
    else:
        message = f"`.{node.attr}` of `{row.on}` does not exist in the target"
        severity = row.severity or Severity.ERROR
        context.found.troubles.append(Trouble(row.code, start, end, message, row.help, severity, name=node.attr))
