"""Automatic names of layers: standalone Keras counts from 'dense_1', tf.keras begins with 'dense'.

Where a program asks for such a name, each layer of that class gets its old one, if each of them is made once, and in
plain sight; else the program begins to count at one.
Source: keras 2.2.5 engine/base_layer.py, `_to_snake_case` and `K.get_uid`.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.by_output import has_several
from tfkdoctor.migrate.plans import Amendment, Change, Reference, TemplatePlan
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Scope

_AUTOMATIC = re.compile(r"([a-z][a-z0-9_]*?)_(\d+)(?:_(?:loss|acc|accuracy|input))?\Z")


def run(context: Context, row: Row) -> None:
    """Write the automatic names out, or have them counted as of old."""
    if not context.moves:
        return
    asked = _asked(context)
    made = [(call, scope, _prefix(context, ref)) for call, scope, ref in _constructors(context)]
    wanted = {prefix for _, _, prefix in made} & asked
    if wanted and _alone(context) and all(_plain(context, c, s) for c, s, p in made if p in wanted):
        for prefix in wanted:
            _name(context, row, [call for call, _, p in made if p == prefix], prefix)
    elif context.path in context.facts.entries and (asked & _program_prefixes(context) or _shows(context)):
        _count_from_one(context, row)


def _asked(context: Context) -> set[str]:
    """The prefixes of automatic names that the program speaks of and gives to no layer itself."""
    program = [context.facts.summaries[p] for p in context.facts.programs.get(context.path, (context.path,))]
    strings = {key for summary in program for key in summary.keys}
    given = {name for summary in program for name in summary.named}
    return {match[1] for text in strings - given if (match := _AUTOMATIC.match(text)) is not None}


def _shows(context: Context) -> bool:
    """Whether the program reads names that layers get by themselves: of outputs, or as they are stored in files."""
    program = [context.facts.summaries[p] for p in context.facts.programs.get(context.path, (context.path,))]
    attributes = {name for summary in program for name in summary.attributes}
    keys = {key for summary in program for key in summary.keys}
    named = [any(k.arg == "name" for k in call.keywords) for call, _, _ in _constructors(context)]
    of_outputs = "metrics_names" in attributes and not any(named) and has_several(context)
    return not all(named) and ("output_names" in attributes or "layer_names" in keys or of_outputs)


def _constructors(context: Context) -> list[tuple[ast.Call, Scope, Reference]]:
    """Calls that make a layer, in the order in which they are evaluated."""
    found = []
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is None or reference.home is None or not reference.name.startswith("keras."):
            continue
        if ".layers." in reference.name and reference.name.count(".") >= 2:
            found.append((call, scope, reference))
    return sorted(found, key=lambda entry: (entry[0].func.end_lineno or 0, entry[0].func.end_col_offset or 0))


def _prefix(context: Context, reference: Reference) -> str:
    """`Convolution2D` is Conv2D in Keras 2, its first layer 'conv2d_1'; in Keras 1 that is 'convolution2d_1'."""
    symbol = context.knowledge.origin_symbol(reference.name)
    name = (
        (symbol.object if symbol is not None and symbol.object else reference.name).replace(":", ".").rpartition(".")[2]
    )
    return snake_case(name)


def snake_case(name: str) -> str:
    """The automatic name of a class without its number."""
    words = re.sub("([a-z])([A-Z])", r"\1_\2", re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", name)).lower()
    return words.lstrip("_")


def _program_prefixes(context: Context) -> set[str]:
    program = [context.facts.summaries[p] for p in context.facts.programs.get(context.path, (context.path,))]
    leaves = {n.rpartition(".")[2] for s in program for n in s.names if n.startswith("keras.")}
    return {snake_case(leaf) for leaf in leaves if leaf[:1].isupper()}


def _alone(context: Context) -> bool:
    """Whether no other file of the program makes layers."""
    others = [p for p in context.facts.programs.get(context.path, ()) if p != context.path]
    summaries = (context.facts.summaries[p] for p in others)
    cleared = any(node.attr == "clear_session" for node, _ in context.survey.names.dotted)
    return not cleared and not any(name.startswith("keras.layers") for s in summaries for name in s.names)


def _plain(context: Context, call: ast.Call, scope: Scope) -> bool:
    """Whether a layer is made exactly once: in a statement of the module, in no loop, branch or comprehension."""
    if scope.kind != "module" or any(k.arg is None for k in call.keywords):
        return False
    node: ast.AST | None = call
    while node is not None and not isinstance(node, ast.Module):
        if isinstance(node, ast.For | ast.While | ast.If | ast.IfExp | ast.Try | ast.Lambda | ast.BoolOp):
            return False
        node = context.survey.names.parents.get(node)
    return True


def _name(context: Context, row: Row, calls: list[ast.Call], prefix: str) -> None:
    number = 0
    for call in calls:
        if any(k.arg == "name" for k in call.keywords):
            continue  # a layer with a name of its own is not counted
        number += 1
        name = f"{prefix}_{number}"
        message = f"its automatic name was '{name}', and is another today"
        context.amend(call, Amendment(row.code, message, {"name": (repr(name),)}))


def _count_from_one(context: Context, row: Row) -> None:
    lines = context.survey.lines
    top = [s for s in context.survey.tree.body if isinstance(s, ast.Import | ast.ImportFrom)]
    if not top:
        return
    end = lines.end(top[-1])
    after = lines.text.find("\n", end)
    at = after if after >= 0 else len(lines.text)
    changes = [Change(at, at, ("\n\n{@support.number_names_from_one}()",))]
    for call, _ in context.survey.names.calls:
        statement = context.survey.names.parents.get(call)
        clears = isinstance(call.func, ast.Attribute) and call.func.attr == "clear_session"
        if clears and isinstance(statement, ast.Expr):
            start = lines.start(statement)
            indent = lines.text[lines.text.rfind("\n", 0, start) + 1 : start]
            text = f"\n{indent}" if not indent.strip() else "; "
            changes.append(Change(lines.end(call), lines.end(call), (text + "{@support.number_names_from_one}()",)))
    context.add(
        TemplatePlan(
            id=context.id(row.code, at),
            code=row.code,
            start=lines.start(top[-1]),
            end=end,
            message="automatic names of layers were counted from one: 'dense_1' is the first Dense",
            severity=Severity.ERROR,
            help=row.help,
            bindings=tuple(context.moves),
            introduces=introduced(changes),
            changes=tuple(changes),
            scope=context.survey.names.module,
        )
    )
