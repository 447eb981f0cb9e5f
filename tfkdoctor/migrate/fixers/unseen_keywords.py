"""Calls whose keywords come through a `**` that cannot be read: `LSTM(units, **kwargs)`, `model.fit(x, y, **settings)`.

Names of Keras 1 that the program writes anywhere may come that way, and get today's names as they come. Old defaults
count for what does not come.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tfkdoctor import homes
from tfkdoctor.migrate.arguments import bind
from tfkdoctor.migrate.context import is_legacy_root
from tfkdoctor.migrate.methods import gives_models
from tfkdoctor.migrate.names import Binding, Scope
from tfkdoctor.migrate.plans import Change, Piece, TemplatePlan, Trouble
from tfkdoctor.migrate.rows import choose_rows, leaf, old_defaults
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_METHODS = ("fit", "fit_generator", "evaluate_generator", "predict_generator")
_PLATEAU = "keras.callbacks.ReduceLROnPlateau"
_COMPUTED = frozenset(["nb_row", "nb_col", "kernel_dim1", "kernel_dim2", "kernel_dim3", "forget_bias_init"])
_SAMPLES = frozenset(["samples_per_epoch", "nb_val_samples", "val_samples"])
_CLOSED = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Dict)
_Defaults = Mapping[str, tuple[str, str]]


def run(context: Context, row: Row) -> None:
    """Plan what each `**` needs that spreads.py has not read."""
    for call, scope in context.survey.names.calls:
        stars = [k.value for k in call.keywords if k.arg is None]
        if not stars:
            continue
        reference = context.reference_of.get(call.func)
        if reference is not None and reference.node is call.func:
            if is_legacy_root(context, reference.name) and reference.node not in context.handed:
                bindings = context.movable(reference.bindings)
                if bindings or reference.providers:
                    about = _of_class(context, call, scope, reference.name)
                    certain, providers = reference.certain, reference.providers
                    _plan(context, row, stars[0], scope, reference.name, *about, bindings, certain, providers)
        elif isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS and context.moves:
            classes = context.types.of(call.func.value)
            if classes and all(context.types.inherits(c, "keras.Model") for c in classes):
                models = tuple(b for b in context.moves if gives_models(context, b))
                names, defaults = _of_method(context, call, scope, call.func.attr)
                y = _weighted(context, call)
                _plan(context, row, stars[0], scope, call.func.attr, names, defaults, models, True, y=y)


def _of_class(context: Context, call: ast.Call, scope: Scope, name: str) -> tuple[frozenset[str], _Defaults]:
    """The old names of what a class takes, and the defaults that changed of what this call does not give."""
    if name == _PLATEAU:
        return frozenset(["epsilon"]), {}
    if not name.startswith("keras.layers."):
        return frozenset(), {}
    old = homes.old_arguments(name)
    home = context.knowledge.home(name)
    symbol = context.knowledge.origin_symbol(name)
    origin = symbol.signature if symbol is not None else None
    targets = context.knowledge.target_signatures(home.name) if home is not None else ()
    arguments = [a for a in bind(call, origin, old) if a.keyword is not None or a.index < len(call.args)]
    if not targets:
        return frozenset(), {}
    rows = choose_rows(context, context.knowledge.rows_about("calls", name), arguments, scope)
    defaults = old_defaults(context, name, arguments, origin, targets, rows)
    return frozenset(old.names) | (old.computed & _COMPUTED), defaults


def _of_method(context: Context, call: ast.Call, scope: Scope, method: str) -> tuple[frozenset[str], _Defaults]:
    if method != "fit":
        return frozenset(homes.old_arguments(f"keras.Model.{method}").names), {}
    symbol = context.knowledge.origin_method("keras.models.Model", method)
    target = context.knowledge.target_method("tensorflow.keras.Model", method)
    targets = tuple(s.signature for s in target if s.signature is not None)
    origin = symbol.signature if symbol is not None else None
    arguments = [a for a in bind(call, origin, homes.NOTHING_OLD) if a.keyword is not None or a.index < len(call.args)]
    also = context.knowledge.rows("methods", method)
    return frozenset(["nb_epoch"]), old_defaults(context, "keras.Model.fit", arguments, origin, targets, [], also)


def _weighted(context: Context, call: ast.Call) -> ast.expr | None:
    """The targets of a fit that may get `class_weight=` and `validation_split=` both: see fixers/class_weights.py."""
    y = next((k.value for k in call.keywords if k.arg == "y"), call.args[1] if len(call.args) > 1 else None)
    both = frozenset(["class_weight", "validation_split"])
    known = both & {k.arg for k in call.keywords}
    fits = isinstance(call.func, ast.Attribute) and call.func.attr == "fit" and isinstance(y, ast.Name | ast.Attribute)
    return y if fits and not known and _says(context, both) == both else None


def _says(context: Context, names: frozenset[str]) -> frozenset[str]:
    """Those of some old names that the program gives to what is not Keras' own, or has as keys."""
    program = [context.facts.summaries[p] for p in context.facts.programs.get(context.path, (context.path,))]
    library = {leaf(name) for summary in program for name in summary.names}
    keys = {key for summary in program for key in summary.keys}
    given = {k for s in program for callee, k in s.keywords if callee not in library and callee not in _METHODS}
    return names & (keys | given)


def _plan(
    context: Context,
    row: Row,
    node: ast.expr,
    scope: Scope,
    name: str,
    names: frozenset[str],
    defaults: _Defaults,
    bindings: tuple[Binding, ...],
    certain: bool,
    providers: frozenset[str] = frozenset(),
    y: ast.expr | None = None,
) -> None:
    old = _says(context, names)
    if not old and not defaults and y is None:
        return
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    if old & _SAMPLES:
        message = f"`{name}` may get `{min(old & _SAMPLES)}` through `**`, which counts samples, and batches today"
        way = "divide it by the size of a batch where it is written: `steps_per_epoch=`, `validation_steps=`, `steps=`"
        context.found.troubles.append(Trouble(row.code, start, end, message, way, Severity.ERROR, name=name))
        old -= _SAMPLES
    kind = leaf(name).replace("Convolution", "Conv")
    shown = ", ".join(f"`{n}`" for n in sorted(old))
    message = f"`{kind}` may get {shown} of Keras 1 through `**`" if old else f"`{kind}` gets keywords through `**`"
    if defaults:
        message += f"; what it is not given was {', '.join(f'{n}={_bare(t)}' for n, (_, t) in defaults.items())}"
    if not context.writable(node) or (old and not context.settings.support):
        way = "rename them where they are written, or allow support code (without --no-support)"
        context.found.troubles.append(Trouble(row.code, start, end, message, way, Severity.ERROR, name=name))
        return
    if old:
        text = "".join(f", {n}={t}" for n, (_, t) in defaults.items())
        before, after = "{@support.old_keywords}(", f', "{kind}"{text})'
    elif not defaults:
        before, after = "", ""
    else:
        text = "".join(f'"{n}": {t}, ' for n, (_, t) in defaults.items())
        before, after = ("{" + text + "**", "}") if isinstance(node, _CLOSED) else ("{" + text + "**(", ")}")
    first: tuple[Piece, ...] = (before,)
    if y is not None and context.settings.support:
        first, after = ("{@support.with_class_weights}(", y, ", ", before), after + ")"
    changes = (Change(start, start, first), Change(end, end, (after,)))
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message=message,
            severity=Severity.ERROR,
            safety=Safety.SAFE if certain else Safety.UNSAFE,
            bindings=bindings,
            silent=bool(defaults),
            requires=providers,
            providers=providers,
            name=name,
            introduces=introduced(changes),
            changes=changes,
            scope=scope,
        )
    )


def _bare(text: str) -> str:
    return text.replace("{@", "").replace("support.", "").replace("}", "")
