"""Calls that become something else: another callee, an expression of another form, the same call within another one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence

from tfkdoctor import homes, support
from tfkdoctor.migrate.arguments import Argument, bind, fit
from tfkdoctor.migrate.callplans import plan_call
from tfkdoctor.migrate.context import Context
from tfkdoctor.migrate.names import Binding, Scope
from tfkdoctor.migrate.plans import Change, Reference, TemplatePlan, Trouble
from tfkdoctor.migrate.rows import choose_rows, old_defaults, order_of
from tfkdoctor.migrate.templates import fill, holes_of, introduced
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row
from tfkdoctor.spellings import target_name
from tfkdoctor.validate import index


def match_conversion(context: Context, call: ast.Call, scope: Scope, reference: Reference) -> bool:
    """Plan what a row makes of a call as a whole; True if the call needs no further look."""
    name = reference.name
    about = [r for r in context.knowledge.rows_about("calls", name) if r.to or r.becomes or r.wrap]
    if reference.home is not None and reference.home.row in about and reference.home.name.startswith("support."):
        return False  # the name itself becomes the piece's, be it called or handed on
    first = context.first_tensorflow and name.startswith("tensorflow.")
    moves = context.movable(reference.bindings) or reference.providers or name.startswith("keras.")
    if not (moves or first):
        raising = {"symbolic", "step"}  # what raises in tf.keras code as well
        about = [r for r in about if raising & set(r.when.values())]
    if not about:
        return False
    origin = _signature(context, name)
    arguments = bind(call, origin, homes.old_arguments(name))
    rows = choose_rows(context, about, arguments, scope)
    for one in rows:
        if one.wrap is not None:
            _wrap(context, call, scope, reference, one)
    row = next((r for r in rows if r.to or r.becomes), None)
    if row is None:
        return False
    bindings = context.movable(reference.bindings)
    if row.becomes is not None:
        nodes = {a.name: a.node for a in arguments if a.name is not None}
        return plan_template(
            context, call, scope, row, nodes, arguments, bindings, name, reference.certain, reference.providers
        )
    return _convert(context, call, scope, reference, row, origin, arguments)


def _signature(context: Context, name: str) -> index.Signature | None:
    """The signature in the origin, else in the last release where the name was no module."""
    symbol = context.knowledge.origin_symbol(name)
    if symbol is None or symbol.kind == "module":
        symbol = context.knowledge.origin_function(name)
    return symbol.signature if symbol is not None else None


def _convert(
    context: Context,
    call: ast.Call,
    scope: Scope,
    reference: Reference,
    row: Row,
    origin: index.Signature | None,
    arguments: Sequence[Argument],
) -> bool:
    """The same arguments, as another function wants them."""
    assert row.to is not None
    name = reference.name
    home = reference.home.name if reference.home is not None else ""
    piece = row.to.startswith("support.")
    targets = context.knowledge.target_signatures(home if piece else target_name(row.to))
    own = index.signature_of(support.signature(row.to.removeprefix("support.")) or "") if piece else None
    if context.compat and own is not None:
        targets = (own,)
    others = [
        r
        for r in choose_rows(context, context.knowledge.rows_about("calls", name), arguments, scope)
        if not (r.to or r.becomes or r.wrap)
    ]
    rows = [row, *others]
    defaults = old_defaults(context, name, arguments, origin, targets, rows)
    order = order_of(context, name, origin, targets, rows)
    amendments = context.amendments.get(call, ())
    fitted = fit(arguments, targets, rows, defaults, "TFK303", order, None, amendments)
    fitted.notes.insert(0, (row.code, f"`{name}` is `{shown(row.to)}` here"))
    fitted.silent = fitted.silent or reference.home is not None
    plan_call(
        context,
        call,
        scope,
        fitted,
        rows,
        context.movable(reference.bindings),
        name,
        reference.certain,
        providers=reference.providers,
        requires=reference.providers.union(*(a.requires for a in amendments)),
        callee="{@" + row.to + "}",
    )
    return True


def plan_template(
    context: Context,
    node: ast.expr,
    scope: Scope,
    row: Row,
    nodes: Mapping[str, ast.expr],
    arguments: Sequence[Argument],
    bindings: tuple[Binding, ...],
    name: str,
    certain: bool,
    providers: frozenset[str] = frozenset(),
) -> bool:
    """Plan an expression in the form that a row's template says; False where an argument has no place in it."""
    assert row.becomes is not None
    holes = set(holes_of(row.becomes))
    whole = "arguments" in holes
    dropped = {argument for argument, text in row.args.items() if not text.strip()}
    known = whole or all(a.name in holes | dropped and not isinstance(a.node, ast.Starred) for a in arguments)
    if not known or not holes <= {*nodes, "arguments"}:
        return False
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    piece = re.match(r"\{@support\.(\w+)\}\(", row.becomes)
    message = f"`{name}` is `{shown(row.becomes)}` today"
    if piece is not None:
        message = f"`{name}` does otherwise today: `{piece[1]}` of the support module does what it did"
    if not context.writable(node) or not (context.settings.support or "{@support." not in row.becomes):
        way = "rewrite it by hand" if context.settings.support else "allow support code (without --no-support)"
        context.found.troubles.append(Trouble(row.code, start, end, message, way, name=name))
        return True
    change = Change(start, end, fill(row.becomes, nodes, lines, node))
    plan = TemplatePlan(
        id=context.id(row.code, start),
        code=row.code,
        start=start,
        end=end,
        message=message,
        severity=row.severity or Severity.ERROR,
        safety=row.safety if certain or row.safety is not Safety.SAFE else Safety.UNSAFE,
        help=row.help,
        bindings=bindings,
        silent=False,
        requires=providers,
        providers=providers,
        name=name,
        introduces=introduced([change]),
        needs=frozenset(f"pip:{distribution}" for distribution in row.needs),
        changes=(change,),
        scope=scope,
    )
    context.add(plan, [node.func] if isinstance(node, ast.Call) and "self" not in holes else ())
    return True


def _wrap(context: Context, call: ast.Call, scope: Scope, reference: Reference, row: Row) -> None:
    """The call, whatever becomes of it, as the argument of another function."""
    wrap_call(context, call, scope, row, reference.name, context.movable(reference.bindings), reference.certain)


def wrap_call(
    context: Context,
    node: ast.expr,
    scope: Scope,
    row: Row,
    name: str,
    bindings: tuple[Binding, ...],
    certain: bool,
) -> None:
    """Plan an expression, whatever else becomes of it, as the argument of the function that the row names."""
    assert row.wrap is not None
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    message = f"`{name}`: {row.size}" if row.size else f"`{name}` needs `{shown(row.wrap)}` today"
    if not context.settings.support or not context.writable(node):
        way = "allow support code (without --no-support)"
        context.found.troubles.append(Trouble(row.code, start, end, message, way, name=name))
        return
    changes = (Change(start, start, ("{@" + row.wrap + "}(",)), Change(end, end, (")",)))
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message=message,
            severity=row.severity or Severity.ERROR,
            safety=row.safety if certain or row.safety is not Safety.SAFE else Safety.UNSAFE,
            help=row.help,
            bindings=bindings,
            silent=True,
            name=name,
            introduces=introduced(changes),
            changes=changes,
            scope=scope,
        )
    )


def rewrite(
    context: Context,
    row: Row,
    changes: Sequence[Change],
    message: str,
    scope: Scope,
    span: tuple[int, int],
    *,
    covers: Iterable[ast.AST] = (),
    bindings: tuple[Binding, ...] = (),
    silent: bool = False,
    name: str = "",
) -> None:
    """Plan changes that belong together, for the reason that the row has; `span` is the place that is reported.

    `bindings`, `silent`: see `Plan`; `covers`: see `Context.add`.
    """
    plan = TemplatePlan(
        id=context.id(row.code, span[0]),
        code=row.code,
        start=span[0],
        end=span[1],
        message=message,
        severity=row.severity or Severity.ERROR,
        help=row.help,
        bindings=bindings,
        silent=silent,
        name=name,
        introduces=introduced(changes),
        changes=tuple(changes),
        scope=scope,
    )
    context.add(plan, covers)


def wrap_with(
    context: Context,
    row: Row,
    call: ast.Call,
    scope: Scope,
    reference: Reference,
    piece: str,
    given: ast.expr,
    message: str,
) -> TemplatePlan:
    """Plan a call, whatever else becomes of it, as the first argument of a function that takes `given` besides."""
    lines = context.survey.lines
    start, end = lines.start(call), lines.end(call)
    changes = (Change(start, start, ("{@" + piece + "}(",)), Change(end, end, (", ", given, ")")))
    plan = TemplatePlan(
        id=context.id(row.code, end),
        code=row.code,
        start=start,
        end=end,
        message=message,
        severity=Severity.ERROR,
        safety=Safety.SAFE if reference.certain else Safety.UNSAFE,
        bindings=context.movable(reference.bindings),
        introduces=introduced(changes),
        changes=changes,
        scope=scope,
    )
    context.add(plan)
    return plan


def shown(template: str) -> str:
    """A template as a person reads it: `support.` and `@` left out."""
    return template.replace("{@", "").replace("support.", "").replace("{", "").replace("}", "")
