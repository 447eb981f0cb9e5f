"""Losses and metrics that use symbolic tensors of the code around them: a VAE's `z_mean` in its `vae_loss`.

The function gets these tensors as parameters behind (y_true, y_pred), and compile() hands it their values through the
support piece `with_tensors`. Calls of the function by its name hand them on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.metrics import compile_calls, metrics_of
from tfkdoctor.migrate.names import Scope, lookup
from tfkdoctor.migrate.plans import Change, Piece, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_PIECE = "{@support.with_tensors}("


@dataclass(slots=True, eq=False)
class _Place:
    """Where compile() is given a function, and what its factory's parameters stand for there."""

    call: ast.Call
    scope: Scope
    leaf: ast.expr
    arguments: dict[str, ast.expr] = field(default_factory=dict)


def run(context: Context, row: Row) -> None:
    """Give each such function the tensors that it uses, or tell what stands in the way."""
    if context.graph is not None:
        return
    done: set[ast.AST] = set()
    given: dict[ast.AST, list[_Place]] = {}
    for call, scope in compile_calls(context):
        for leaf in _leaves(call):
            place = _Place(call, scope, leaf)
            function = _function(context, place, leaf, scope)
            if function is not None:
                given.setdefault(function, []).append(place)
    for function, places in given.items():
        tensors = _captured(context, function, frozenset())
        if tensors:
            done |= _within(context, function)
            _plan(context, row, function, places, tensors)
    _tell_of_others(context, row, done)


def _leaves(call: ast.Call) -> Iterator[ast.expr]:
    """The single losses and metrics that compile() is given."""
    loss = next((k.value for k in call.keywords if k.arg == "loss"), call.args[1] if len(call.args) > 1 else None)
    stack = [node for node in (loss, metrics_of(call)) if node is not None]
    while stack:
        node = stack.pop(0)
        if isinstance(node, ast.List | ast.Tuple):
            stack += node.elts
        elif isinstance(node, ast.Dict):
            stack += node.values
        else:
            yield node


def _function(context: Context, place: _Place, node: ast.expr | None, scope: Scope) -> ast.AST | None:
    """The function of this file that is given, also through a variable or made by another function of the file."""
    if isinstance(node, ast.Lambda):
        return node
    if isinstance(node, ast.Call):
        factory = context.symbols.function_of(node)
        made = context.survey.names.returns.get(factory, []) if factory is not None else []
        if factory is None or len(made) != 1 or not isinstance(factory.node, ast.FunctionDef):
            return None
        names = [a.arg for a in factory.node.args.args][isinstance(node.func, ast.Attribute) :]
        place.arguments |= dict(zip(names, node.args, strict=False)) | {k.arg: k.value for k in node.keywords if k.arg}
        return _function(context, place, made[0], factory)
    if isinstance(node, ast.Name):
        bindings = lookup(scope, node.id)
        if len(bindings) != 1:
            return None
        if bindings[0].kind == "function":
            return bindings[0].node
        return _function(context, place, bindings[0].value, bindings[0].scope) if bindings[0].value else None
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        owner = scope.enclosing_class()
        found = [b for b in owner.names.get(node.attr, ()) if b.kind == "function"] if owner is not None else []
        return found[0].node if len(found) == 1 else None
    return None


def _captured(context: Context, function: ast.AST, seen: frozenset[ast.AST]) -> dict[str, list[ast.expr]]:
    """The symbolic tensors from outside that a function, or one that it calls, uses, with their places."""
    found: dict[str, list[ast.expr]] = {}
    inside = _within(context, function)
    for use in context.survey.names.uses:
        if use.root not in inside or any(b.scope.node in inside for b in use.bindings):
            continue
        for part in use.parts:
            if isinstance(part, ast.Name | ast.Attribute) and context.symbols.is_tensor(part):
                found.setdefault(context.survey.lines.segment(part), []).append(part)
                break
    for call, _ in context.survey.names.calls:
        scope = context.symbols.function_of(call) if call in inside else None
        if scope is not None and scope.node not in inside and scope.node not in seen | {function}:
            for text in _captured(context, scope.node, seen | {function}):
                found.setdefault(text, [])
    return found


def _within(context: Context, function: ast.AST) -> set[ast.AST]:
    return set(ast.walk(function))


def _plan(
    context: Context, row: Row, function: ast.AST, places: list[_Place], tensors: dict[str, list[ast.expr]]
) -> None:
    lines = context.survey.lines
    name = getattr(function, "name", "lambda")
    what = f"`{name}` uses {', '.join(f'`{t}`' for t in tensors)}, which no loss or metric can see any more"
    assert isinstance(function, ast.stmt | ast.expr)
    start = lines.start(function)

    def trouble(way: str) -> None:
        context.found.troubles.append(Trouble(row.code, start, start + len(name), what, way, Severity.ERROR, name=name))

    if not context.settings.support:
        trouble("allow support code (without --no-support)")
        return
    changes: list[Change] = []
    functions = [function, *_called_by(context, function)]
    needed = {one: _captured(context, one, frozenset()) for one in functions}
    for one in functions:
        if needed[one]:
            header = _header(context, one, [_parameter(text) for text in needed[one]])
            if header is None:
                trouble("it takes its arguments in a way that leaves no place for them: write a layer with add_loss")
                return
            changes += [header, *_renamed(context, needed[one]), *_calls(context, one, needed[one])]
    for place in places:
        wrapped = _wrapped(context, place, tensors)
        if wrapped is None:
            trouble(f"they cannot be named in line {place.call.lineno}, where the model is compiled")
            return
        changes += wrapped
    unique = {(c.start, c.end, str(c.pieces)): c for c in changes}
    plan = TemplatePlan(
        id=context.id(row.code, start),
        code=row.code,
        start=start,
        end=lines.end(places[0].leaf) if lines.end(places[0].leaf) > start else start + len(name),
        message=what,
        severity=Severity.ERROR,
        help=row.help,
        name=name,
        introduces=introduced(changes),
        changes=tuple(unique.values()),
        scope=places[0].scope,
    )
    context.add(plan)


def _called_by(context: Context, function: ast.AST) -> list[ast.AST]:
    """The file's own functions that a function calls, and those that these call, which use tensors from outside."""
    found: list[ast.AST] = []
    stack = [function]
    while stack:
        inside = _within(context, stack.pop())
        for call, _ in context.survey.names.calls:
            scope = context.symbols.function_of(call) if call in inside else None
            fresh = scope is not None and scope.node not in inside and scope.node not in [function, *found]
            if scope is not None and fresh and _captured(context, scope.node, frozenset()):
                found.append(scope.node)
                stack.append(scope.node)
    return found


def _parameter(text: str) -> str:
    """The name of the parameter for an expression: `z_mean` for `self.z_mean`, `model_output` for `model.output`."""
    return text.removeprefix("self.").replace(".", "_")


def _header(context: Context, function: ast.AST, names: list[str]) -> Change | None:
    """The new parameters, behind (y_true, y_pred)."""
    assert isinstance(function, ast.FunctionDef | ast.Lambda)
    arguments = [*function.args.posonlyargs, *function.args.args]
    method = isinstance(context.survey.names.parents.get(function), ast.ClassDef)
    if len(arguments) < 2 + method or len(function.args.defaults) > len(arguments) - 2 - method:
        return None
    taken = {a.arg for a in ast.walk(function) if isinstance(a, ast.arg)}
    taken |= {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    if taken & set(names) or len(set(names)) < len(names):
        return None
    last = arguments[1 + method]
    position = context.survey.lines.offset(last.end_lineno or last.lineno, last.end_col_offset or last.col_offset)
    return Change(position, position, (", " + ", ".join(names),))


def _renamed(context: Context, tensors: dict[str, list[ast.expr]]) -> Iterator[Change]:
    """The places in the body where a tensor was reached by a dotted name."""
    lines = context.survey.lines
    for text, nodes in tensors.items():
        for node in nodes:
            if _parameter(text) != text:
                yield Change(lines.start(node), lines.end(node), (_parameter(text),))


def _calls(context: Context, function: ast.AST, tensors: dict[str, list[ast.expr]]) -> Iterator[Change]:
    """The tensors as arguments of each call of the function by its name."""
    lines = context.survey.lines
    for call, _ in context.survey.names.calls:
        scope = context.symbols.function_of(call)
        if scope is None or scope.node is not function:
            continue
        outside = context.symbols.capturing(call.func) is None and not context.symbols.is_traced(call)
        names = [(text if outside else _parameter(text), _parameter(text)) for text in tensors]
        if len(call.args) >= 2:
            position = lines.end(call.args[1])
            yield Change(position, position, ("".join(f", {text}" for text, _ in names),))
        elif call.args or call.keywords:
            position = max(lines.end(a) for a in [*call.args, *(k.value for k in call.keywords)])
            yield Change(position, position, ("".join(f", {name}={text}" for text, name in names),))


def _wrapped(context: Context, place: _Place, tensors: dict[str, list[ast.expr]]) -> list[Change] | None:
    """What compile() is given instead; None where a tensor has no name there."""
    lines = context.survey.lines
    listed: list[Piece] = []
    for text, nodes in tensors.items():
        shown = _named_there(context, place, text, nodes)
        if shown is None:
            return None
        listed += [", " if listed else "", *shown]
    func = place.call.func
    assert isinstance(func, ast.Attribute)
    model: Piece = func.value
    start, end = lines.start(place.leaf), lines.end(place.leaf)
    if isinstance(place.leaf, ast.Name | ast.Attribute):
        whole = (_PIECE, model, f", {lines.segment(place.leaf)}, [", *listed, "])")
        return [Change(start, end, tuple(p for p in whole if p != ""))]
    after = (", [", *(p for p in listed if p != ""), "])")
    return [Change(start, start, (_PIECE, model, ", ")), Change(end, end, after)]


def _named_there(context: Context, place: _Place, text: str, nodes: list[ast.expr]) -> tuple[Piece, ...] | None:
    """A tensor as the code around compile() names it."""
    root = text.partition(".")[0]
    if root in place.arguments:
        argument = place.arguments[root]
        return (argument, text[len(root) :]) if text != root else (argument,)
    use = context.survey.names.use_of.get(nodes[0]) if nodes else None
    there = lookup(place.scope, root)
    if root == "self":
        return (text,) if place.scope.enclosing_class() is not None else None
    seen = {b.scope for b in use.bindings} if use is not None else {b.scope for b in there}
    return (text,) if there and {b.scope for b in there} == seen else None


def _tell_of_others(context: Context, row: Row, done: set[ast.AST]) -> None:
    """Lambda layers and other functions that use a symbolic tensor from outside: it is no tensor of theirs."""
    lines = context.survey.lines
    told: set[ast.AST] = set()
    helpers = {one for function in done for one in _called_by(context, function) if _is_function(function)}
    inside = done | {node for helper in helpers for node in ast.walk(helper)}
    for use in context.survey.names.uses:
        for part in use.parts if use.root not in inside and use.bindings and not use.stored else ():
            if not isinstance(part, ast.Name | ast.Attribute) or not context.symbols.is_tensor(part):
                continue
            function = context.symbols.capturing(part)
            if function is not None and function not in told and _is_layer_function(context, function):
                told.add(function)
                text = lines.segment(part)
                message = f"a Lambda layer uses the symbolic tensor `{text}`, which it is not called on"
                way = f"call it on both: Lambda(lambda t: …t[0]…t[1]…)([x, {text}])"
                start, end = lines.start(part), lines.end(part)
                context.found.troubles.append(Trouble(row.code, start, end, message, way, name=text))
            break


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.Lambda)


def _is_layer_function(context: Context, function: ast.AST) -> bool:
    """Whether a function is given to a Lambda layer."""
    names = context.survey.names
    for call, _ in names.calls:
        reference = context.reference_of.get(call.func)
        if reference is not None and reference.name.endswith(".Lambda"):
            for node in [*call.args[:1], *(k.value for k in call.keywords if k.arg == "function")]:
                use = names.use_of.get(node)
                if node is function or (use is not None and any(b.node is function for b in use.bindings)):
                    return True
    return False
