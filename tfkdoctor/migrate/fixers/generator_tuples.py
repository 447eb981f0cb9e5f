"""What generators and Sequences give: tuples, where Keras 3 takes a list for a signature and raises.

Rewritten in functions whose result is fed to fit() and its kind, and in `__getitem__` of a Sequence.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.names import Scope, lookup
from tfkdoctor.migrate.plans import Change, Piece, TemplatePlan
from tfkdoctor.migrate.survey import join
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_FED = frozenset(["keras.utils.Sequence", "keras.utils.data_utils.Sequence", "tensorflow.keras.utils.Sequence"])


def run(context: Context, row: Row) -> None:
    """Make tuples of the lists that a fed generator yields, and of a bare array for predict."""
    fed = _fed(context)
    for scope in context.survey.names.functions:
        if not isinstance(scope.node, ast.FunctionDef):
            continue
        name = join(context.survey.module, scope.qualname)
        sequence = scope.node.name == "__getitem__" and _is_sequence(context, scope)
        if sequence or name in fed:
            bare = fed.get(name) == "predict" and not sequence
            for value in _given(scope.node, sequence):
                _rewrite(context, row, scope, value, bare)
    for call, scope in context.survey.names.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("predict_generator", "fit_generator"):
            for value in call.args[:1]:
                if isinstance(value, ast.GeneratorExp):
                    _rewrite(context, row, scope, value.elt, call.func.attr.startswith("predict"))


def _fed(context: Context) -> dict[str, str]:
    """Functions of the project whose result is given to fit() and its kind: name -> "fit", or "predict" alone."""
    found: dict[str, str] = {}
    for summary in context.facts.summaries.values():
        for entry in summary.fed:
            name = entry.removeprefix("predict ")
            reached = context.facts.locate(summary.path, context.facts.follow(summary.path, name))
            target = context.facts.summaries.get(reached[0]) if reached is not None else None
            if reached is None or target is None:
                continue
            kind = "predict" if entry.startswith("predict ") else "fit"
            key = join(target.module, ".".join(reached[1]))
            found[key] = "fit" if "fit" in (kind, found.get(key, kind)) else "predict"
    return found


def _is_sequence(context: Context, scope: Scope) -> bool:
    owner = scope.parent
    if owner is None or owner.kind != "class":
        return False
    return bool(_FED & set(context.types.ancestors(join(context.survey.module, owner.qualname))))


def _given(function: ast.FunctionDef, sequence: bool) -> Iterator[ast.expr]:
    """What the function yields, or returns if it is the method of a Sequence; not what functions in it do."""
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            continue
        kind = ast.Return if sequence else ast.Yield
        if isinstance(node, kind) and node.value is not None:
            yield node.value
        stack += ast.iter_child_nodes(node)


def _rewrite(context: Context, row: Row, scope: Scope, value: ast.expr, bare: bool) -> None:
    changes: list[Change] = []
    if isinstance(value, ast.List) and 2 <= len(value.elts) <= 3 and not bare:
        changes += _as_tuple(context, value)
    if isinstance(value, ast.Tuple | ast.List) and not bare:
        for element in value.elts:
            if isinstance(element, ast.List) and element.elts:
                changes += _as_tuple(context, element)
            elif isinstance(element, ast.Name) and _is_list(scope, element):
                changes += _around(context, element, "tuple(", ")")
    if bare and not isinstance(value, ast.Tuple):
        if isinstance(value, ast.List):
            changes += [*_as_tuple(context, value), *_around(context, value, "(", ",)")]
        else:
            changes += _around(context, value, "(", ",)")
    if not changes:
        return
    lines = context.survey.lines
    start, end = lines.start(value), lines.end(value)
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message="Keras 3 takes a list that a generator gives for something else: it gives a tuple",
            severity=Severity.ERROR,
            safety=Safety.SAFE,
            changes=tuple(changes),
            scope=scope,
        )
    )


def _as_tuple(context: Context, node: ast.List) -> list[Change]:
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    closing = ",)" if len(node.elts) == 1 and not lines.text[: end - 1].rstrip().endswith(",") else ")"
    return [Change(start, start + 1, ("(",)), Change(end - 1, end, (closing,))]


def _around(context: Context, node: ast.expr, before: str, after: str) -> list[Change]:
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    pieces: tuple[Piece, ...] = (before,)
    return [Change(start, start, pieces), Change(end, end, (after,))]


def _is_list(scope: Scope, node: ast.Name) -> bool:
    """Whether a name is only ever bound to a list of arrays that is made here."""
    bindings = lookup(scope, node.id)
    made = (ast.List, ast.ListComp)
    return bool(bindings) and all(isinstance(b.value, made) and getattr(b.value, "elts", [1]) for b in bindings)
