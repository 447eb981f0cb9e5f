"""Methods: on receivers that are shown to be models, or whose name no other library has."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tfkdoctor import homes
from tfkdoctor.migrate import updating
from tfkdoctor.migrate.arguments import bind, fit
from tfkdoctor.migrate.callplans import plan_call
from tfkdoctor.migrate.context import Context
from tfkdoctor.migrate.conversions import plan_template
from tfkdoctor.migrate.endings import endings
from tfkdoctor.migrate.names import Binding, Scope
from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.migrate.rows import choose_rows, old_defaults, order_of, rename_in_place
from tfkdoctor.migrate.survey import Value
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row
from tfkdoctor.validate import index


def match_method(context: Context, call: ast.Call, scope: Scope, func: ast.Attribute) -> None:
    if _is_project_method(context, func) or _is_of_updates(context, scope, func):
        return
    classes = context.types.of(func.value)
    rows = [r for r in context.knowledge.rows("methods", func.attr) if r.on]
    if context.modern:
        rows = [r for r in rows if not context.knowledge.target_method(f"tensorflow.{r.on}", func.attr)]
    split = [r for r in context.knowledge.split_rows("methods") if func.attr in r.of and _may_hold(r, call)]
    if not _is_standalone(context, classes):
        rows = [r for r in rows if r.source is None or _is_of_first_keras(context, call, func, scope)]
    about = [r for r in rows if classes and all(context.types.inherits(c, r.on or "") for c in classes)]
    certain = True
    if not about and not classes and not is_foreign(context, func.value):
        about = [r for r in rows if r.distinctive]
        certain = not context.facts.defines_method(func.attr)
    if split and (classes or split[0].distinctive) and not is_foreign(context, func.value):
        tell_of_split(context, func, split[0], f"`.{func.attr}(…)`")
        return
    if about and not _match_known_method(context, call, scope, func, about, certain):
        return
    if classes:
        _match_library_method(context, call, scope, func, classes)


def _is_of_first_keras(context: Context, call: ast.Call, func: ast.Attribute, scope: Scope) -> bool:
    """Whether tf.keras of TensorFlow 1 wrote or reads a file as Keras 2 did: one that is called `.h5`."""
    if not context.first_keras or func.attr not in ("save_weights", "load_weights") or not call.args:
        return False
    texts = endings(call.args[0], scope, context.survey.names)
    return bool(texts) and all(text.endswith((".h5", ".hdf5")) for text in texts or ())


def _is_of_updates(context: Context, scope: Scope, func: ast.Attribute) -> bool:
    """Whether this is a method of an optimizer that support code keeps: in such a class, or on an instance of one."""
    if func.attr not in ("get_updates", "get_gradients", "get_weights", "set_weights"):
        return False
    if func.attr in updating.METHODS and updating.within(context, scope):
        return True
    classes = context.types.of(func.value)
    return bool(classes) and all(updating.is_updating(context, c) for c in classes)


def _may_hold(row: Row, call: ast.Call) -> bool:
    """Whether a call gives what a row asks to be present, by its name."""
    given = {k.arg for k in call.keywords}
    return all(name in given for name, condition in row.when.items() if condition == "present")


def _is_standalone(context: Context, classes: frozenset[str]) -> bool:
    """Whether a receiver may be of standalone Keras: by its classes, else by what the file and its program import."""
    for one in classes:
        library = (a for a in context.types.ancestors(one) if a.partition(".")[0] in ("keras", "tensorflow"))
        first = next(library, "")
        if first.startswith("tensorflow."):
            return False
    if context.moves or any(c.startswith("keras.") and c.count(".") > 1 for c in classes):
        return True
    return not classes and any(name.startswith("keras.") for name in context.facts.program_names(context.path))


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


def tell_of_split(
    context: Context,
    node: ast.expr,
    row: Row,
    what: str,
    bindings: tuple[Binding, ...] = (),
    providers: frozenset[str] = frozenset(),
) -> None:
    """What Keras 2 and Keras 3 need differs, and the target range holds both; what would go unnoticed holds imports."""
    silent = row.verb == "defaults"
    lines = context.survey.lines
    message = f"{what} needs other code on Keras 2 than on Keras 3, and the target range holds both"
    help_text = "narrow the range: --target 'tensorflow>=2.16' or --target 'tensorflow==2.15.*'"
    context.found.troubles.append(
        Trouble(
            row.code,
            lines.start(node),
            lines.end(node),
            message,
            help_text,
            bindings=bindings,
            silent=silent,
            providers=providers,
        )
    )


def is_foreign(context: Context, node: ast.expr) -> bool:
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
    row = next(iter(choose_rows(context, [r for r in rows if r.on == group], arguments, scope)), None)
    start, end = context.survey.lines.end(func) - len(func.attr), context.survey.lines.end(func)
    if row is None and all(r.to == func.attr for r in rows):
        return True
    if row is not None and row.becomes is not None:
        nodes = {"self": func.value} | {a.name: a.node for a in arguments if a.name is not None}
        bindings = tuple(b for b in context.moves if gives_models(context, b))
        if plan_template(context, call, scope, row, nodes, arguments, bindings, func.attr, certain):
            return False
    if row is None or row.to is None or row.safety is Safety.MANUAL:
        known = row or rows[0]
        severity = known.severity or Severity.ERROR
        message = f"`.{func.attr}(…)` does not exist in the target"
        context.found.troubles.append(Trouble(known.code, start, end, message, known.help, severity, name=func.attr))
        return False
    target = context.knowledge.target_method(f"tensorflow.{group}", row.to)
    targets = tuple(s.signature for s in target if s.signature is not None)
    amendments = context.amendments.get(call, ())
    settled = {name for amendment in amendments for name in amendment.arguments}
    unknown = [a.name for a in arguments if a.name and a.name not in settled and not _takes(a.name, targets, row)]
    if unknown or not targets:
        message = (
            f"`{func.attr}({unknown[0]}=…)` is the Keras 1 form, which `{row.to}` does not take"
            if unknown
            else f"`.{row.to}` is unknown"
        )
        context.found.troubles.append(Trouble(row.code, start, end, message, row.help, name=func.attr))
        return False
    order = order_of(context, func.attr, origin, targets, [row])
    fitted = fit(arguments, targets, [row], {}, row.code, order, None, amendments)
    if fitted.items is None and row.to == func.attr:
        return False
    fitted.notes.insert(0, (row.code, f"`.{func.attr}(…)` is `.{row.to}(…)` today"))
    bindings = tuple(b for b in context.moves if gives_models(context, b))
    plan_call(
        context, call, scope, fitted, [row], bindings, func.attr, certain, row.to if row.to != func.attr else None
    )
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
    if func.attr == "add_weight" and gives_shape_first(call):
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
    bindings = tuple(b for b in context.moves if gives_models(context, b))
    if len(targets) == len(target) and symbol.signature is not None:
        old = homes.old_arguments(f"{_class_name(owner)}.{func.attr}")
        arguments = bind(call, symbol.signature, old)
        if old is homes.NOTHING_OLD:
            rename_in_place(arguments, symbol.signature, targets, [])
        group = "keras.Model" if context.types.inherits(owner, "keras.Model") else owner
        also = context.knowledge.rows("methods", func.attr)
        defaults = old_defaults(context, f"{group}.{func.attr}", arguments, symbol.signature, targets, [], also)
        order = order_of(context, f"{owner}.{func.attr}", symbol.signature, targets, also)
        fitted = fit(arguments, targets, [], defaults, "TFK303", order, None, context.amendments.get(call, ()))
        plan_call(context, call, scope, fitted, [], bindings, func.attr, True, None)


def gives_shape_first(call: ast.Call) -> bool:
    """Whether `add_weight((3, 4), initializer=…)` has the shape first, as in Keras 1 and 3; Keras 2 understood it.

    One argument by position is the shape, which has no default, unless that comes by its name or through a star.
    Source: `add_weight_args_preprocessing` in keras/legacy/interfaces.py of 2.2.5.
    """
    open_ended = any(k.arg in ("shape", None) for k in call.keywords)
    return len(call.args) == 1 and not open_ended and not isinstance(call.args[0], ast.Starred)


def _takes(name: str, targets: Sequence[index.Signature], row: Row) -> bool:
    used = name in row.args or any("{" + name + "}" in text for text in row.args.values())
    return used or all(t.accepts(name) for t in targets)


def _class_name(group: str) -> str:
    return {"keras.Model": "keras.models.Model", "keras.Layer": "keras.layers.Layer"}.get(group, group)


def gives_models(context: Context, binding: Binding) -> bool:
    """Whether an import brings in what models are made with."""
    name = (binding.canonical or "").rpartition(".")[2]
    return name in ("Model", "Sequential", "load_model", "models", "keras", "applications") or ".applications" in (
        binding.canonical or ""
    )


def is_project_attribute(context: Context, node: ast.Attribute) -> bool:
    """Whether the receiver is an instance of a class of the project that sets or defines this attribute itself."""
    for value in context.survey.describe(node.value):
        for owner in context.types.resolve(value, context.path):
            for ancestor in context.types.ancestors(owner):
                found = context.facts.locate(context.path, ancestor)
                summary = context.facts.summaries.get(found[0]) if found else None
                cls = summary.classes.get(".".join(found[1])) if summary and found else None
                if cls is not None and (node.attr in cls.methods or node.attr in cls.attributes):
                    return True
    return False


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
