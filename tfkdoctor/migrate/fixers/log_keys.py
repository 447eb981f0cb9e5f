"""Where keys of histories and logs stand: subscripts, `logs.get`, monitors, and fields of file name templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.log_flow import is_logged_row, is_logs_of_lambda_callback, literals_of
from tfkdoctor.migrate.methods import gives_models
from tfkdoctor.migrate.plans import Plan, Trouble
from tfkdoctor.model import Edit, Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_FITS = ("fit", "fit_generator")
_LITERAL = re.compile(r"(?i)[rub]{0,2}(\"{3}|'{3}|\"|')(.*)\1\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys that have a new name: the last part of the old one -> the new one.

    With `prefixed`, `val_` and the name of an output may stand in front (`val_main_acc`).
    """

    new: Mapping[str, str]
    prefixed: bool = True

    def matches(self, value: object) -> bool:
        return isinstance(value, str) and re.fullmatch(self._pattern, value) is not None

    def in_template(self, text: str) -> bool:
        return re.search(r"\{" + self._pattern + r"(?=[:}!])", text) is not None

    def renamed(self, text: str) -> str:
        """A literal, or a bare key, with the new key in it: the key itself, or the fields of a file name template."""

        def new(match: re.Match[str]) -> str:
            return f"{match['before']}{self.new[match['last']]}"

        if self.in_template(text):
            return re.sub(r"(?<=\{)" + self._pattern + r"(?=[:}!])", new, text)
        return re.sub(r"(?<![^\"'])" + self._pattern + r"(?=[\"']*\Z)", new, text)

    @property
    def _pattern(self) -> str:
        before = r"(?:val_)?(?:\w+?_)??" if self.prefixed else ""
        return f"(?P<before>{before})(?P<last>{'|'.join(sorted(self.new, key=len, reverse=True))})"


def plan_keys(context: Context, row: Row, keys: Keys) -> set[ast.Constant]:
    """Plan the new name of each key that stands where its meaning shows; returns the literals that were looked at."""
    handled = set()
    for node, evident in places_of(context, keys):
        handled.add(node)
        start, end = context.survey.lines.start(node), context.survey.lines.end(node)
        text = context.survey.source.text[start:end]
        if not is_plain(text) or not context.writable(node):
            message = f"the key in {text} has another name today"
            way = "write it as one plain literal, with the new name"
            context.found.troubles.append(Trouble(row.code, start, end, message, way, Severity.WARNING))
            continue
        context.found.plans.append(
            Plan(
                id=context.id(row.code, start),
                code=row.code,
                start=start,
                end=end,
                message=f"the key is another today: {text} is {keys.renamed(text)}",
                severity=Severity.ERROR,
                safety=Safety.SAFE if evident else Safety.UNSAFE,
                bindings=tuple(b for b in context.moves if gives_models(context, b)),
                silent=evident and not isinstance(context.survey.names.parents.get(node), ast.Subscript),
                edits=(Edit(start, end, keys.renamed(text)),),
            )
        )
    return handled


def places_of(context: Context, keys: Keys) -> Iterator[tuple[ast.Constant, bool]]:
    """String literals that are keys of logs, each with whether its place proves it."""
    seen: set[ast.Constant] = set()
    for node, evident in (*_subscripts(context, keys), *_arguments(context, keys)):
        if node not in seen:
            seen.add(node)
            yield node, evident


def _subscripts(context: Context, keys: Keys) -> Iterator[tuple[ast.Constant, bool]]:
    """`history.history["acc"]` and `logs["acc"]` in a callback."""
    for subscript in context.survey.names.subscripts:
        key = subscript.slice
        if isinstance(key, ast.Constant) and keys.matches(key.value):
            owner = _log_like(context, subscript.value)
            if owner is not None:
                yield key, owner


def _arguments(context: Context, keys: Keys) -> Iterator[tuple[ast.Constant, bool]]:
    """`monitor="val_acc"`, `logs.get("acc")` and `ModelCheckpoint("w-{val_acc:.2f}.h5")`."""
    for call, _ in context.survey.names.calls:
        callback = _is_callback(context, call)
        for keyword in call.keywords:
            value = keyword.value
            if callback and isinstance(value, ast.Constant) and isinstance(value.value, str):
                if keyword.arg == "monitor" and keys.matches(value.value):
                    yield value, True
                if keyword.arg == "filepath" and keys.in_template(value.value):
                    yield value, True
        for position, value in enumerate(call.args):
            if not isinstance(value, ast.Constant) or not isinstance(value.value, str):
                continue
            if callback and (keys.matches(value.value) or (position == 0 and keys.in_template(value.value))):
                yield value, True
            elif (
                isinstance(call.func, ast.Attribute)
                and call.func.attr == "get"
                and keys.matches(value.value)
                and position == 0
            ):
                owner = _log_like(context, call.func.value)
                if owner is not None:
                    yield value, owner
        if callback:
            yield from _templates(context, call, keys)


def _templates(context: Context, call: ast.Call, keys: Keys) -> Iterator[tuple[ast.Constant, bool]]:
    """A file name template that a callback gets through a variable, or joined to a folder."""
    for value in (*call.args[:1], *(k.value for k in call.keywords if k.arg == "filepath")):
        for literal in literals_of(context, value):
            if isinstance(literal.value, str) and keys.in_template(literal.value):
                yield literal, True


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
    if is_logged_row(context, node):
        return True
    if isinstance(node, ast.Name) and is_logs_of_lambda_callback(context, node):
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


def is_plain(text: str) -> bool:
    """One literal, no concatenation of several and no escapes."""
    match = _LITERAL.match(text)
    return match is not None and match[1] not in match[2] and "\\" not in match[2]
