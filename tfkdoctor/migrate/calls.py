"""Calls of library functions and classes: what their arguments meant, and how to say it to the target."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tfkdoctor import homes
from tfkdoctor.migrate import conversions
from tfkdoctor.migrate.arguments import Argument, Fitted, bind, fit, holds
from tfkdoctor.migrate.callplans import plan_call
from tfkdoctor.migrate.context import Context
from tfkdoctor.migrate.methods import match_method, tell_of_split
from tfkdoctor.migrate.names import Scope
from tfkdoctor.migrate.plans import Reference, Trouble
from tfkdoctor.migrate.rows import choose_rows, old_defaults, order_of, rename_in_place
from tfkdoctor.migrate.summary import star_owner
from tfkdoctor.model import Numerics, Severity
from tfkdoctor.rulebook import Row
from tfkdoctor.validate import index


def match_call(context: Context, call: ast.Call, scope: Scope) -> None:
    """One call: of a name that is known, or of a method whose receiver is."""
    reference = context.reference_of.get(call.func)
    if reference is not None and reference.node in context.covered:
        return
    if reference is not None and call.func in context.handed:
        return  # support code reads its arguments
    if reference is not None and reference.node is call.func:
        _match_function(context, call, scope, reference)
    elif isinstance(call.func, ast.Attribute):
        match_method(context, call, scope, call.func)


def _match_function(context: Context, call: ast.Call, scope: Scope, reference: Reference) -> None:
    if conversions.match_conversion(context, call, scope, reference) or reference.home is None:
        return
    name = reference.name
    if reference.kind == "module" or context.knowledge.is_module(reference.home.name):
        _tell_of_called_module(context, call, reference)
        return
    moved = bool(context.movable(reference.bindings)) or name.startswith("keras.")
    moved = moved and not is_plain_tensorflow(name)
    if not moved and name == reference.home.name and not name.startswith("tensorflow."):
        return
    legacy = context.legacy_tensorflow or context.first_tensorflow
    symbol = context.knowledge.origin_symbol(name) if moved or legacy else None
    origin = symbol.signature if symbol is not None else None
    targets = context.knowledge.target_signatures(reference.home.name)
    old = homes.old_arguments(name) if moved else homes.NOTHING_OLD
    arguments = bind(call, origin, old)
    rows = choose_rows(context, context.knowledge.rows_about("calls", name), arguments, scope)
    if is_plain_tensorflow(name):  # a row to another function that did not apply says nothing of this one
        rows = [row for row in rows if row.to is None]
    amended = bool(context.amendments.get(call))
    if not targets or (not moved and not legacy and not rows and not amended):
        if targets:
            _check_modern(context, call, reference, targets)
        return
    for row in context.knowledge.split_rows("defaults") if moved else ():
        if name in row.of and row.arg not in {a.name for a in arguments}:
            what = f"the default of `{row.arg}`"
            tell_of_split(context, call, row, what, context.movable(reference.bindings), reference.providers)
            return
    _match_differences(context, call, name, arguments)
    defaults = old_defaults(context, reference.name, arguments, origin, targets, rows) if moved else {}
    if old is homes.NOTHING_OLD:
        rename_in_place(arguments, origin, targets, rows)
    order = order_of(context, name, origin, targets, ()) if moved else ()
    reach = _reach(context, call, scope)
    _match_starred(context, call, name, order, reach, context.knowledge.rows_about("calls", name))
    amendments = context.amendments.get(call, ())
    fitted = fit(arguments, targets, rows, defaults, "TFK303", order, reach, amendments)
    if not moved and context.graph is not None and not context.compat:
        _tell_of_graph_call(context, call, fitted, name)
        return
    if not moved and context.first_tensorflow and _run_fixer(context, call, scope, reference, fitted):
        return
    bindings = context.movable(reference.bindings)
    requires = reference.providers.union(*(a.requires for a in amendments))
    plan_call(
        context,
        call,
        scope,
        fitted,
        rows,
        bindings,
        name,
        reference.certain,
        providers=reference.providers,
        requires=requires,
    )


def is_plain_tensorflow(name: str) -> bool:
    """Whether a name is of TensorFlow itself, and not of a Keras within it."""
    return name.startswith("tensorflow.") and ".keras" not in name


def _run_fixer(context: Context, call: ast.Call, scope: Scope, reference: Reference, fitted: Fitted) -> bool:
    """Whether a rule that is code has planned the call as it fits, or does not fit, the target."""
    from tfkdoctor.migrate.fixers import DURING

    rows = context.knowledge.rows("python", reference.name)
    return any(DURING[r.fixer](context, call, scope, reference, fitted, r) for r in rows if r.fixer in DURING)


def _tell_of_called_module(context: Context, call: ast.Call, reference: Reference) -> None:
    """`merge([a, b], mode="sum")`: a function of Keras 1 that is a module since Keras 2."""
    lines = context.survey.lines
    row = next(iter(context.knowledge.rows("removed", reference.name)), None)
    help_text = row.help if row is not None else "it was a function in Keras 1: see what took its place"
    context.found.troubles.append(
        Trouble(
            "TFK202",
            lines.start(call),
            lines.end(call),
            f"`{reference.name}` is called, and is a module today",
            help_text,
            bindings=context.movable(reference.bindings) if reference.size == 0 else (),
            silent=reference.size == 0,  # a name of its own stays; the import of a module above it may move
            name=reference.name,
            providers=reference.providers if reference.size == 0 else frozenset(),
        )
    )


def _tell_of_graph_call(context: Context, call: ast.Call, fitted: Fitted, name: str) -> None:
    """A call that does not fit the target, in a program whose session code is not rewritten: it is not touched."""
    wrong = [argument for argument, _ in fitted.gone] or [old for old, _ in fitted.renamed]
    if wrong or fitted.items is not None:
        lines = context.survey.lines
        what = f"`{wrong[0]}`" if wrong else "its arguments"
        message = f"`{name}` takes {what} otherwise in the target, and its program runs in graph mode ({context.graph})"
        help_text = "bring the program over by hand, or run it on tensorflow.compat.v1"
        context.found.troubles.append(
            Trouble("TFK702", lines.start(call), lines.end(call), message, help_text, name=name)
        )


def _match_differences(context: Context, call: ast.Call, name: str, arguments: Sequence[Argument]) -> None:
    """What runs on the target and gives other numbers, and no rewrite brings back."""
    if context.settings.numerics is Numerics.MODERN:
        return
    lines = context.survey.lines
    for row in context.knowledge.rows_about("differs", name):
        argument = next((a for a in arguments if row.arg is not None and a.name == row.arg), None)
        if row.arg is not None and (argument is None or not holds({row.arg: row.value or "present"}, arguments, {})):
            continue
        node = argument.node if argument is not None else call.func
        message = f"`{name}` gives other numbers on the target: {row.size}"
        severity = row.severity or Severity.WARNING
        context.found.troubles.append(
            Trouble(row.code, lines.start(node), lines.end(node), message, row.help, severity, name=name)
        )


def _match_starred(
    context: Context, call: ast.Call, name: str, order: Sequence[str], reach: int | None, rows: Sequence[Row]
) -> None:
    """`Conv2D(*args)`: what comes through the star may be what a rule about positions speaks of."""
    star = next((a for a in call.args if isinstance(a, ast.Starred)), None)
    for row in rows if star is not None else ():
        spoken = [order.index(p) for p, c in row.when.items() if "positional" in c and p in order]
        if star is not None and spoken and (reach is None or reach > max(spoken)):
            lines = context.survey.lines
            message = f"`{name}` gets positional arguments through `*`, which cannot be seen here"
            help_text = f"look at the callers: {context.knowledge.rules[row.code].summary}"
            context.found.troubles.append(
                Trouble(row.code, lines.start(star), lines.end(star), message, help_text, Severity.WARNING, name=name)
            )
            return


def _reach(context: Context, call: ast.Call, scope: Scope) -> int | None:
    """How many positional arguments a call with a star gets at most, by the calls of the function around it."""
    star = next((a for a in call.args if isinstance(a, ast.Starred)), None)
    if star is None:
        return None
    behind = context.facts.reach(star_owner(context.survey, star, scope))
    return call.args.index(star) + behind if behind is not None else None


def _today(context: Context, name: str, argument: str) -> str:
    """What the rules call an old argument: `lr` is `learning_rate`."""
    for row in context.knowledge.rows_about("calls", name):
        for new, text in row.args.items():
            if text == "{" + argument + "}":
                return f"it is `{new}=` today"
    return ""


def _check_modern(context: Context, call: ast.Call, reference: Reference, targets: Sequence[index.Signature]) -> None:
    """A call of a name that did not move: does it fit the target's signature?"""
    bad = [k.arg for k in call.keywords if k.arg and not all(t.accepts(k.arg) for t in targets)]
    if bad and not all(t.swallows for t in targets):
        lines = context.survey.lines
        node = next(k for k in call.keywords if k.arg == bad[0])
        message = f"`{reference.name}` takes no argument `{bad[0]}` in the target"
        context.found.troubles.append(
            Trouble(
                "TFK304",
                lines.start(node),
                lines.end(node),
                message,
                _today(context, reference.name.removeprefix("tensorflow."), bad[0] or "") or "see its signature",
                name=reference.name,
            )
        )
