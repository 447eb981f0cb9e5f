"""'acc' and 'val_acc' in histories, logs, monitors and file name templates.

keras up to 2.2.5 logs 'acc' for metrics=['acc'] and for ['accuracy'] alike; today's key is the name that was given. So
the keys change where every compile() of the program says 'accuracy', stay where every one says 'acc', and are
reported where both occur or none can be seen.
Source: keras 2.2.5 engine/training.py, `handle_metrics`; keras 2.3.0 release notes.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.methods import gives_models
from tfkdoctor.migrate.plans import Plan, Trouble
from tfkdoctor.model import Edit, Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_KEY = re.compile(r"(val_)?(\w+_)?acc\Z")  # with the name of an output in front where a model has several
_FIELD = re.compile(r"\{((?:val_)?(?:\w+_)?)acc(?=[:}!])")
_FITS = ("fit", "fit_generator")
_LITERAL = re.compile(r"(?i)[rub]{0,2}(\"{3}|'{3}|\"|')(.*)\1\Z", re.DOTALL)


def run(context: Context, row: Row) -> None:
    """Plan the new keys, or report them where the project does not say what they mean."""
    metrics = {
        m for path in context.facts.programs.get(context.path, ()) for m in context.facts.summaries[path].metrics
    }
    given = metrics & {"acc", "accuracy"}
    if given == {"acc"}:
        return
    places = list(_places(context))
    _tell_of_others(context, row, {node for node, _ in places})
    for node, evident in places:
        start, end = context.survey.lines.start(node), context.survey.lines.end(node)
        text = context.survey.source.text[start:end]
        if given != {"accuracy"} or not _is_plain(text) or not context.writable(node):
            why = (
                "compile() is given both 'acc' and 'accuracy'"
                if given
                else "no compile() of this program shows its metrics"
            )
            help_text = (
                "the key is the name given as a metric: use metrics=['accuracy'] and 'accuracy', or ['acc'] and 'acc'"
            )
            context.found.troubles.append(
                Trouble(
                    row.code,
                    start,
                    end,
                    f"the key in {text} may be another one today: {why}",
                    help_text,
                    Severity.WARNING,
                )
            )
            continue
        context.found.plans.append(
            Plan(
                id=context.id(row.code, start),
                code=row.code,
                start=start,
                end=end,
                message=f"the metric is logged as 'accuracy', so {text} is {_renamed(text)}",
                severity=Severity.ERROR,
                safety=Safety.SAFE if evident else Safety.UNSAFE,
                bindings=tuple(b for b in context.moves if gives_models(context, b)),
                silent=evident and not isinstance(context.survey.names.parents.get(node), ast.Subscript),
                edits=(Edit(start, end, _renamed(text)),),
            )
        )


def _places(context: Context) -> Iterator[tuple[ast.Constant, bool]]:
    """String literals that are keys of logs, each with whether its place proves it."""
    seen: set[ast.Constant] = set()
    for node, evident in (*_subscripts(context), *_arguments(context)):
        if node not in seen:
            seen.add(node)
            yield node, evident


def _tell_of_others(context: Context, row: Row, handled: set[ast.Constant]) -> None:
    """The same word elsewhere in a file of Keras code may be a key that comes to a history by another way."""
    if not context.found.references:
        return
    parents = context.survey.names.parents
    given = {node for call, _ in context.survey.names.calls for k in call.keywords for node in _metrics_in(k)}
    for node in context.survey.names.constants:
        if node in handled or node in given or not _is_key(node.value) or isinstance(parents.get(node), ast.Expr):
            continue
        start, end = context.survey.lines.start(node), context.survey.lines.end(node)
        text = context.survey.source.text[start:end]
        if context.writable(node):
            message = f"if {text} is a key of a history or of logs, it is '{_renamed(str(node.value))}' today"
            context.found.troubles.append(Trouble(row.code, start, end, message, "look where it goes", Severity.HINT))


def _metrics_in(keyword: ast.keyword) -> Iterator[ast.AST]:
    if keyword.arg == "metrics":
        yield from ast.walk(keyword.value)


def _subscripts(context: Context) -> Iterator[tuple[ast.Constant, bool]]:
    """`history.history["acc"]` and `logs["acc"]` in a callback."""
    for subscript in context.survey.names.subscripts:
        key = subscript.slice
        if isinstance(key, ast.Constant) and _is_key(key.value):
            owner = _log_like(context, subscript.value)
            if owner is not None:
                yield key, owner


def _arguments(context: Context) -> Iterator[tuple[ast.Constant, bool]]:
    """`monitor="val_acc"`, `logs.get("acc")` and `ModelCheckpoint("w-{val_acc:.2f}.h5")`."""
    for call, _ in context.survey.names.calls:
        callback = _is_callback(context, call)
        for keyword in call.keywords:
            value = keyword.value
            if callback and isinstance(value, ast.Constant) and isinstance(value.value, str):
                if keyword.arg == "monitor" and _is_key(value.value):
                    yield value, True
                if keyword.arg == "filepath" and _FIELD.search(value.value):
                    yield value, True
        for position, value in enumerate(call.args):
            if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
                continue
            if callback and (_is_key(value.value) or (position == 0 and _FIELD.search(value.value))):
                yield value, True
            elif (
                isinstance(call.func, ast.Attribute)
                and call.func.attr == "get"
                and _is_key(value.value)
                and position == 0
            ):
                owner = _log_like(context, call.func.value)
                if owner is not None:
                    yield value, owner
        if callback:
            yield from _templates(context, call)


def _templates(context: Context, call: ast.Call) -> Iterator[tuple[ast.Constant, bool]]:
    """A file name template that a callback gets through a variable."""
    for value in (*call.args[:1], *(k.value for k in call.keywords if k.arg == "filepath")):
        use = context.survey.names.use_of.get(value)
        for binding in use.bindings if use is not None and not use.attrs else ():
            bound = binding.value
            if isinstance(bound, ast.Constant) and isinstance(bound.value, str) and _FIELD.search(bound.value):
                yield bound, True


def _is_callback(context: Context, call: ast.Call) -> bool:
    reference = context.reference_of.get(call.func)
    return reference is not None and ".callbacks." in reference.name


def _log_like(context: Context, node: ast.expr) -> bool | None:
    """True for the logs of a fit, False for what is only called so, None for other things."""
    if isinstance(node, ast.Attribute) and node.attr == "history":
        owners = context.types.of(node.value)
        if owners:
            return True if context.types.is_a(node.value, "keras.History") else None
        return _shows_fit(context, node.value)
    if context.types.is_a(node, "keras.History"):
        return True
    if isinstance(node, ast.Name) and node.id == "logs":
        return _in_callback(context, node)
    if isinstance(node, ast.Name):
        use = context.survey.names.use_of.get(node)
        values = [b.value for b in use.bindings] if use is not None else []
        if values and all(isinstance(v, ast.Attribute) and v.attr == "history" for v in values):
            return True
    return None


def _shows_fit(context: Context, node: ast.expr) -> bool:
    """`model.fit(…)`, `h` where `h = model.fit(…)`, `self.h` where `self.h = self.model.fit(…)`, `model.history`."""
    if isinstance(node, ast.Attribute) and node.attr == "history":
        return True
    use = context.survey.names.use_of.get(node)
    if use is None:
        return _is_fit(node)
    attrs = use.attrs[: use.parts.index(node)]
    owner = use.scope.enclosing_class()
    if not attrs:
        values = [b.value for b in use.bindings]
        if not any(values):  # a parameter: its name is all there is
            return "hist" in use.root.id.lower()
    elif use.root.id == "self" and len(attrs) == 1 and owner is not None:
        values = list(context.survey.names.attributes.get((owner, attrs[0]), []))
    else:
        return False
    return bool(values) and all(v is not None and _is_fit(v) for v in values)


def _is_fit(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _FITS


def _in_callback(context: Context, node: ast.Name) -> bool:
    use = context.survey.names.use_of.get(node)
    owner = use.scope.enclosing_class() if use is not None else None
    if owner is None:
        return False
    name = f"{context.survey.module}.{owner.qualname}" if context.survey.module else owner.qualname
    return context.types.inherits(name, "keras.Callback")


def _is_plain(text: str) -> bool:
    """One literal, no concatenation of several and no escapes."""
    match = _LITERAL.match(text)
    return match is not None and match[1] not in match[2] and "\\" not in match[2]


def _is_key(value: object) -> bool:
    return isinstance(value, str) and _KEY.match(value) is not None


def _renamed(text: str) -> str:
    """A literal with the new key: the key itself, or the fields of a file name template."""
    if _FIELD.search(text):
        return _FIELD.sub(r"{\1accuracy", text)
    return re.sub(r"acc(?=[\"']*\Z)", "accuracy", text)
