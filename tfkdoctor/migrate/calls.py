"""Calls of library functions, classes and methods: what their arguments meant, and how to say it to the target."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tfkdoctor import homes
from tfkdoctor.knowledge import target_name
from tfkdoctor.migrate.arguments import Argument, Fitted, bind, fit, holds, renamed_in_place, same_default
from tfkdoctor.migrate.names import Binding, Scope, lookup
from tfkdoctor.migrate.plans import CallPlan, Reference, Trouble
from tfkdoctor.migrate.survey import Value, star_owner
from tfkdoctor.model import Numerics, Safety, Severity
from tfkdoctor.rulebook import Row
from tfkdoctor.validate import index

if TYPE_CHECKING:
    from tfkdoctor.migrate.match import Context


def match_call(context: Context, call: ast.Call, scope: Scope) -> None:
    """One call: of a name that is known, or of a method whose receiver is."""
    reference = context.reference_of.get(call.func)
    if reference is not None and reference.node is call.func:
        _match_function(context, call, scope, reference)
    elif isinstance(call.func, ast.Attribute):
        _match_method(context, call, scope, call.func)


def _match_function(context: Context, call: ast.Call, scope: Scope, reference: Reference) -> None:
    if reference.home is None:
        return
    name = reference.name
    if reference.kind == "module" or context.knowledge.is_module(reference.home.name):
        _tell_of_called_module(context, call, reference)
        return
    moved = bool(context.movable(reference.bindings)) or name.startswith("keras.")
    if not moved and name == reference.home.name and not name.startswith("tensorflow."):
        return
    symbol = context.knowledge.origin_symbol(name) if moved or context.legacy_tensorflow else None
    origin = symbol.signature if symbol is not None else None
    targets = context.knowledge.target_signatures(reference.home.name)
    old = homes.old_arguments(name) if moved else homes.NOTHING_OLD
    arguments = bind(call, origin, old)
    rows = _choose_rows(context, rows_about(context, "calls", name), arguments, scope)
    if not targets or (not moved and not context.legacy_tensorflow):
        if targets:
            _check_modern(context, call, reference, targets)
        return
    for row in context.knowledge.split_rows("defaults") if moved else ():
        if name in row.of and row.arg not in {a.name for a in arguments}:
            _tell_of_split(context, call, row, f"the default of `{row.arg}`", context.movable(reference.bindings), True)
            return
    _match_differences(context, call, name, arguments)
    defaults = _old_defaults(context, reference.name, arguments, origin, targets, rows) if moved else {}
    if old is homes.NOTHING_OLD:
        _rename_in_place(arguments, origin, targets, rows)
    order = _order(context, name, origin, targets, ()) if moved else ()
    reach = _reach(context, call, scope)
    _match_starred(context, call, name, order, reach, rows_about(context, "calls", name))
    fitted = fit(arguments, targets, rows, defaults, "TFK303", order, reach)
    if not moved and context.graph is not None:
        _tell_of_graph_call(context, call, fitted, name)
        return
    bindings = context.movable(reference.bindings)
    _plan(context, call, scope, fitted, rows, bindings, name, reference.certain, None, reference.provider)


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
    """What runs on the target and gives other numbers, and no rewrite brings back: said once per file and row."""
    if context.settings.numerics is Numerics.MODERN:
        return
    lines = context.survey.lines
    for row in rows_about(context, "differs", name):
        argument = next((a for a in arguments if row.arg is not None and a.name == row.arg), None)
        if row.arg is not None and (argument is None or not holds({row.arg: row.value or "present"}, arguments, {})):
            continue
        if row not in context.told:
            context.told.append(row)
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


def _rename_in_place(
    arguments: Sequence[Argument],
    origin: index.Signature | None,
    targets: Sequence[index.Signature],
    rows: Sequence[Row],
) -> None:
    renames = renamed_in_place(origin, targets)
    ruled = {hole for row in rows for text in row.args.values() for hole in re.findall(r"\{(\w+)\}", text)}
    for argument in arguments:
        if argument.name in renames and argument.name not in ruled:
            argument.name = renames[argument.name]


def _match_method(context: Context, call: ast.Call, scope: Scope, func: ast.Attribute) -> None:
    if _is_project_method(context, func):
        return
    classes = context.types.of(func.value)
    rows = [r for r in context.knowledge.rows("methods", func.attr) if r.on]
    split = [r for r in context.knowledge.split_rows("methods") if func.attr in r.of]
    about = [r for r in rows if classes and all(context.types.inherits(c, r.on or "") for c in classes)]
    certain = True
    if not about and not classes and not _is_foreign(context, func.value):
        about = [r for r in rows if r.distinctive]
        certain = not context.facts.defines_method(func.attr)
    if split and (classes or split[0].distinctive) and not _is_foreign(context, func.value):
        _tell_of_split(context, func, split[0], f"`.{func.attr}(…)`", (), False)
        return
    if about and not _match_known_method(context, call, scope, func, about, certain):
        return
    if classes and (about or not rows):
        _match_library_method(context, call, scope, func, classes)


def _check_target_method(context: Context, call: ast.Call, func: ast.Attribute, owner: str) -> None:
    """A method of today's tf.keras: does it exist in the target, and does it take these keywords?"""
    target = context.knowledge.target_method(owner, func.attr)
    lines = context.survey.lines
    start, end = lines.end(func) - len(func.attr), lines.end(func)
    if not target:
        if context.knowledge.exists(owner) and not context.knowledge.open_bases(owner):
            known = context.knowledge.origin_method(owner, func.attr) or context.knowledge.origin_method(
                _class_name(owner.removeprefix("tensorflow.")), func.attr
            )
            if known is not None and known.kind == "method":
                message = f"`.{func.attr}(…)` of `{owner}` does not exist in the target"
                context.found.troubles.append(Trouble("TFK404", start, end, message, "see what the class offers today"))
        return
    signatures = [s.signature for s in target if s.signature is not None]
    bad = [k.arg for k in call.keywords if k.arg and signatures and not all(s.accepts(k.arg) for s in signatures)]
    if bad:
        message = f"`.{func.attr}(…)` of `{owner}` takes no argument `{bad[0]}` in the target"
        context.found.troubles.append(Trouble("TFK304", start, end, message, "see its signature"))


def _tell_of_split(
    context: Context, node: ast.expr, row: Row, what: str, bindings: tuple[Binding, ...], silent: bool
) -> None:
    """What Keras 2 and Keras 3 need differs, and the target range holds both."""
    lines = context.survey.lines
    message = f"{what} needs other code on Keras 2 than on Keras 3, and the target range holds both"
    help_text = "narrow the range: --target 'tensorflow>=2.16' or --target 'tensorflow==2.15.*'"
    context.found.troubles.append(
        Trouble(row.code, lines.start(node), lines.end(node), message, help_text, bindings=bindings, silent=silent)
    )


def _is_foreign(context: Context, node: ast.expr) -> bool:
    """Whether a receiver is shown to come from a library that is neither TensorFlow nor Keras nor the project."""
    values = context.survey.describe(node)
    return bool(values) and all(_comes_from_elsewhere(context, value) for value in values)


def _comes_from_elsewhere(context: Context, value: Value) -> bool:
    while value.base is not None:
        value = value.base
    name = context.facts.follow(context.path, value.name)
    library = name.partition(".")[0] in ("keras", "tensorflow")
    return value.kind in ("call", "ref") and not library and not context.facts.is_own(context.path, name)


def _match_known_method(
    context: Context, call: ast.Call, scope: Scope, func: ast.Attribute, rows: Sequence[Row], certain: bool
) -> bool:
    """A method that rules speak of, on a receiver that is proven or whose method no other library has.

    True if no row's conditions hold for a method that is still there, so that it is to be judged like any other.
    """
    group = rows[0].on or ""
    symbol = context.knowledge.origin_method(_class_name(group), func.attr)
    origin = symbol.signature if symbol is not None else None
    arguments = bind(call, origin, homes.old_arguments(f"{_class_name(group)}.{func.attr}"))
    row = next(iter(_choose_rows(context, [r for r in rows if r.on == group], arguments, scope)), None)
    start, end = context.survey.lines.end(func) - len(func.attr), context.survey.lines.end(func)
    if row is None and all(r.to == func.attr for r in rows):
        return True
    if row is None or row.to is None or row.safety is Safety.MANUAL:
        known = row or rows[0]
        severity = known.severity or Severity.ERROR
        message = f"`.{func.attr}(…)` does not exist in the target"
        context.found.troubles.append(Trouble(known.code, start, end, message, known.help, severity, name=func.attr))
        return False
    target = context.knowledge.target_method(f"tensorflow.{group}", row.to)
    targets = tuple(s.signature for s in target if s.signature is not None)
    unknown = [a.name for a in arguments if a.name and not _takes(a.name, targets, row)]
    if unknown or not targets:
        message = (
            f"`{func.attr}({unknown[0]}=…)` is the Keras 1 form, which `{row.to}` does not take"
            if unknown
            else f"`.{row.to}` is unknown"
        )
        context.found.troubles.append(Trouble(row.code, start, end, message, row.help, name=func.attr))
        return False
    fitted = fit(arguments, targets, [row], {}, row.code, _order(context, func.attr, origin, targets, [row]))
    if fitted.items is None and row.to == func.attr:
        return False
    fitted.notes.insert(0, (row.code, f"`.{func.attr}(…)` is `.{row.to}(…)` today"))
    bindings = tuple(b for b in context.moves if _gives_models(context, b))
    _plan(context, call, scope, fitted, [row], bindings, func.attr, certain, row.to if row.to != func.attr else None)
    return False


def _match_library_method(
    context: Context, call: ast.Call, scope: Scope, func: ast.Attribute, classes: frozenset[str]
) -> None:
    """A method of a library class that no rule speaks of: is it there, and do its arguments stand where they stood?"""
    owners = {
        next((a for a in context.types.ancestors(c) if a.partition(".")[0] in ("keras", "tensorflow")), "")
        for c in classes
    }
    owner = owners.pop() if len(owners) == 1 else ""
    if owner.startswith("tensorflow.keras."):
        _check_target_method(context, call, func, owner)
        return
    symbol = context.knowledge.origin_method(_class_name(owner), func.attr) if owner else None
    home = context.knowledge.home(_class_name(owner)) if symbol is not None else None
    if symbol is None or home is None or symbol.kind != "method" or _is_project_method(context, func):
        return
    target = context.knowledge.target_method(home.name, func.attr)
    start, end = context.survey.lines.end(func) - len(func.attr), context.survey.lines.end(func)
    if not target:
        if not context.knowledge.open_bases(home.name):
            message = f"`.{func.attr}(…)` of `{owner}` does not exist in the target"
            context.found.troubles.append(
                Trouble("TFK404", start, end, message, "see what the class offers today", name=func.attr)
            )
        return
    targets = tuple(s.signature for s in target if s.signature is not None)
    bindings = tuple(b for b in context.moves if _gives_models(context, b))
    if len(targets) == len(target) and symbol.signature is not None:
        old = homes.old_arguments(f"{_class_name(owner)}.{func.attr}")
        arguments = bind(call, symbol.signature, old)
        if old is homes.NOTHING_OLD:
            _rename_in_place(arguments, symbol.signature, targets, [])
        group = "keras.Model" if context.types.inherits(owner, "keras.Model") else owner
        also = context.knowledge.rows("methods", func.attr)
        defaults = _old_defaults(context, f"{group}.{func.attr}", arguments, symbol.signature, targets, [], also)
        order = _order(context, f"{owner}.{func.attr}", symbol.signature, targets, also)
        fitted = fit(arguments, targets, [], defaults, "TFK303", order)
        _plan(context, call, scope, fitted, [], bindings, func.attr, True, None)


def _takes(name: str, targets: Sequence[index.Signature], row: Row) -> bool:
    used = name in row.args or any("{" + name + "}" in text for text in row.args.values())
    return used or all(t.accepts(name) for t in targets)


def _class_name(group: str) -> str:
    return {"keras.Model": "keras.models.Model"}.get(group, group)


def _gives_models(context: Context, binding: Binding) -> bool:
    """Whether an import brings in what models are made with."""
    name = (binding.canonical or "").rpartition(".")[2]
    return name in ("Model", "Sequential", "load_model", "models", "keras", "applications") or ".applications" in (
        binding.canonical or ""
    )


def _is_project_method(context: Context, func: ast.Attribute) -> bool:
    """Whether the receiver is an instance of a class of the project that defines this method itself."""
    for value in context.survey.describe(func.value):
        for owner in context.types.resolve(value, context.path):
            for ancestor in context.types.ancestors(owner):
                found = context.facts.locate(context.path, ancestor)
                summary = context.facts.summaries.get(found[0]) if found else None
                cls = summary.classes.get(".".join(found[1])) if summary and found else None
                if cls is not None and func.attr in cls.methods:
                    return True
    return False


def _choose_rows(context: Context, rows: Sequence[Row], arguments: Sequence[Argument], scope: Scope) -> list[Row]:
    """Within each code the first row whose conditions hold; of codes that would give one argument two values, none."""
    if not rows:
        return []
    ints = {a.index: is_int(a.node, scope) for a in arguments}
    chosen: dict[str, list[Row]] = {}
    for row in rows:
        fits = holds(row.when, arguments, ints) and not _ruled_out(context, row)
        if fits and (row.code not in chosen or row.code == "TFK307"):
            chosen.setdefault(row.code, []).append(row)
    return [row for group in chosen.values() for row in group]


def _ruled_out(context: Context, row: Row) -> bool:
    """Whether the program uses a name that the row cannot stand beside."""
    if not row.unless:
        return False
    program = context.facts.programs.get(context.path, (context.path,))
    used = {
        name
        for member in program
        if member in context.facts.summaries
        for name in context.facts.summaries[member].names
    }
    used = {name.removeprefix("tensorflow.") for name in used}  # moved already, or not yet
    return any(name == u or name.startswith(u + ".") for name in used for u in row.unless)


def silent_row(context: Context, name: str) -> Row | None:
    """A row about calls of this name without which they would run and mean something else."""
    positional = [r for r in rows_about(context, "calls", name) if any("positional" in c for c in r.when.values())]
    defaults = [r for r in rows_about(context, "defaults", name) if r.keep and r.arg not in ("*", "pool_size")]
    kept = [] if context.settings.numerics is Numerics.MODERN else defaults
    return next((r for r in (*positional, *kept)), None)


def rows_about(context: Context, verb: str, name: str) -> tuple[Row, ...]:
    """The rows about a name or another path of the same object."""
    rows = list(context.knowledge.exact_rows(verb, name))
    symbol = context.knowledge.origin_symbol(name)
    if symbol is not None and symbol.object:
        for row in context.knowledge.all_rows(verb):
            for other in row.of:
                if other != name and "*" not in other and row not in rows:
                    twin = context.knowledge.origin_symbol(other)
                    if twin is not None and twin.object == symbol.object:
                        rows.append(row)
    return (*rows, *context.knowledge.pattern_rows(verb, name))


def _old_defaults(
    context: Context,
    about: str,
    arguments: Sequence[Argument],
    origin: index.Signature | None,
    targets: Sequence[index.Signature],
    rows: Sequence[Row],
    also: Sequence[Row] = (),
) -> Mapping[str, tuple[str, str]]:
    """Parameters that the call leaves to a default which has changed: target name -> (code, old value)."""
    if origin is None or context.settings.numerics is Numerics.MODERN:
        return {}
    if any(a.keyword is None and (a.name is None or isinstance(a.node, ast.Starred)) for a in arguments):
        return {}
    if any(a.keyword is None and a.index >= len(_positionals(arguments)) for a in arguments):
        return {}  # **kwargs may hold them
    given = {a.name for a in arguments}
    renames = {**homes.old_arguments(about).names, **_argument_renames(context, about)}
    renames |= {_only_hole(text): new for row in also for new, text in row.args.items() if _only_hole(text)}
    made = {name for row in rows for name in row.args}
    found = {}
    for parameter in origin.parameters:
        if parameter.name in given or parameter.default is None or parameter.kind in ("varargs", "kwargs"):
            continue
        name = renames.get(parameter.name, parameter.name)
        if name in given or (name in made and any("{" in r.args.get(name, "") for r in rows if _makes(r, name, given))):
            continue
        news = [p.default for t in targets for p in t.parameters if p.name == name]
        if len(news) != len(targets) or all(same_default(parameter.default, new) for new in news):
            continue
        decided = _default_row(context, about, name)
        if decided is not None and decided.keep:
            text = decided.map.get(parameter.default, parameter.default)
            found[name] = (decided.code, text)
    return found


def _makes(row: Row, name: str, given: set[str | None]) -> bool:
    """Whether a row's template for this argument finds what it needs in the call."""
    return all(hole in given for hole in re.findall(r"\{(\w+)\}", row.args.get(name, "{?}")))


def _order(
    context: Context,
    about: str,
    origin: index.Signature | None,
    targets: Sequence[index.Signature],
    rows: Sequence[Row],
) -> tuple[str, ...]:
    """What the target calls the origin's positional parameters, in their order."""
    renames = {**homes.old_arguments(about).names, **_argument_renames(context, about)}
    renames |= renamed_in_place(origin, targets)
    renames |= {_only_hole(text): new for row in rows for new, text in row.args.items() if _only_hole(text)}
    parameters = origin.parameters if origin is not None else ()
    return tuple(renames.get(p.name, p.name) for p in parameters if p.kind in ("positional", "standard"))


def _positionals(arguments: Sequence[Argument]) -> list[Argument]:
    return [a for a in arguments if a.keyword is None and a.name is not None]


def _only_hole(text: str) -> str:
    return text[1:-1] if text.startswith("{") and text.endswith("}") and text.count("{") == 1 else ""


def _argument_renames(context: Context, name: str) -> dict[str, str]:
    renames = {}
    for row in rows_about(context, "calls", name):
        for new, text in row.args.items():
            if _only_hole(text):
                renames[_only_hole(text)] = new
    return renames


def _default_row(context: Context, about: str, argument: str) -> Row | None:
    rows = [r for r in rows_about(context, "defaults", about) if r.arg in (argument, "*")]
    return rows[0] if rows else None


def is_int(node: ast.expr, scope: Scope) -> bool | None:
    """Whether an argument is a whole number: by its literal, or by the only value of its name; None: cannot be told."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int) and not isinstance(node.value, bool)
    if isinstance(node, ast.Tuple | ast.List | ast.Dict | ast.JoinedStr):
        return False
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv | ast.Mult | ast.Add | ast.Sub):
        left, right = is_int(node.left, scope), is_int(node.right, scope)
        return True if left and right else None
    if isinstance(node, ast.Name):
        bindings = lookup(scope, node.id)
        values = [b.value for b in bindings]
        if bindings and all(v is not None for v in values):
            known = {is_int(v, scope) for v in values if v is not None and not isinstance(v, ast.Name)}
            return known.pop() if len(known) == 1 and all(not isinstance(v, ast.Name) for v in values) else None
    return None


def _check_modern(context: Context, call: ast.Call, reference: Reference, targets: Sequence[index.Signature]) -> None:
    """A call of a name that did not move: does it fit the target's signature?"""
    bad = [k.arg for k in call.keywords if k.arg and not all(t.accepts(k.arg) for t in targets)]
    if bad and not all(t.swallows for t in targets):
        lines = context.survey.lines
        node = next(k for k in call.keywords if k.arg == bad[0])
        message = f"`{reference.name}` takes no argument `{bad[0]}` in the target"
        context.found.troubles.append(
            Trouble("TFK304", lines.start(node), lines.end(node), message, "see its signature", name=reference.name)
        )


def _plan(
    context: Context,
    call: ast.Call,
    scope: Scope,
    fitted: Fitted,
    rows: Sequence[Row],
    bindings: tuple[Binding, ...],
    name: str,
    certain: bool,
    method: str | None,
    provider: str = "",
) -> None:
    lines = context.survey.lines
    start, end = lines.start(call), lines.end(call)
    position = lines.end(call.func) - len(call.func.attr) if isinstance(call.func, ast.Attribute) else start

    def trouble(code: str, message: str, help_text: str, silent: bool) -> None:
        context.found.troubles.append(
            Trouble(
                code, position, end, message, help_text, bindings=bindings, silent=silent, name=name, provider=provider
            )
        )

    if fitted.unseen or fitted.twice:
        code = next((row.code for row in rows), "TFK305")
        if fitted.twice:
            text = f"`{name}` is given `{fitted.twice}` twice, under its old name and its new one"
            trouble(rows[0].code if rows else "TFK303", text, "leave one of them", False)
        else:
            text = f"positional arguments of `{name}` have other places today, and more come through `*`"
            trouble(code, text, "write all of them as keywords", method is None)
        return
    for argument, swallowed in fitted.gone:
        text = "is swallowed without effect" if swallowed else "does not exist"
        trouble(
            "TFK304",
            f"the argument `{argument}` of `{name}` {text} in the target",
            "remove it, or express it in another way",
            swallowed,
        )
    for old, new in fitted.renamed:
        trouble(
            "TFK305",
            f"what stood for `{old}` in `{name}` stands for `{new}` in the target",
            f"check that `{new}` means the same, and name the argument",
            True,
        )
    for code, argument in fitted.unclear:
        trouble(
            code,
            f"the value of `{argument}` of `{name}` is spelled otherwise today, and cannot be seen here",
            "write it out: 'th' is 'channels_first', 'tf' is 'channels_last'",
            False,
        )
    by_hand = next((row for row in rows if row.safety is Safety.MANUAL), None)
    if by_hand is not None:
        trouble(by_hand.code, by_hand.size or f"`{name}` means something else in the target", by_hand.help, True)
        return
    if fitted.items is None and method is None:
        return
    codes = list(dict.fromkeys(code for code, _ in fitted.notes)) or ["TFK305"]
    said = {code: "; ".join(dict.fromkeys(text for c, text in fitted.notes if c == code)) for code in codes}
    head = "" if method else f"{name.rpartition('.')[2]}: "
    if not context.writable(call):
        trouble(codes[0], f"{name}: {said[codes[0]]}", "rewrite it by hand: it stands in an f-string", fitted.silent)
        return
    texts = [p for item in fitted.items or () for p in item.pieces if isinstance(p, str)]
    if not context.settings.support and any("{@support." in text for text in texts):
        trouble(
            codes[0],
            said[codes[0]],
            "no argument brings the old numbers back: allow support code (without --no-support)",
            True,
        )
        return
    safety = Safety.SAFE if certain else Safety.UNSAFE
    for row in rows:
        safety = _weaker(safety, row.safety)
    parts = tuple((context.id(code, position), code, head + said[code]) for code in codes)
    context.found.plans.append(
        CallPlan(
            id=parts[0][0],
            code=codes[0],
            start=position,
            end=end,
            message=parts[0][2],
            severity=next((row.severity for row in rows if row.severity is not None), Severity.ERROR),
            safety=safety,
            bindings=bindings,
            silent=fitted.silent,
            requires=frozenset([provider] if provider else []),
            provider=provider,
            name=name,
            parts=parts,
            call=call,
            scope=scope,
            items=fitted.items or (),
            method=method,
            introduces=frozenset(name for text in texts for name in canonical_names(text)),
        )
    )


def canonical_names(text: str) -> list[str]:
    """The canonical names that a template asks for: `{@keras.backend.hard_sigmoid}`."""
    return [target_name(name) for name in re.findall(r"\{@([\w.]+)\}", text)]


def _weaker(first: Safety, second: Safety) -> Safety:
    order = [Safety.SAFE, Safety.UNSAFE, Safety.MANUAL]
    return max(first, second, key=order.index)
