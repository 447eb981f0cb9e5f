"""Losses and metrics that use symbolic tensors of the code around them: a VAE's `z_mean` in its `vae_loss`.

The function gets these tensors as parameters behind (y_true, y_pred), and compile() hands it their values through the
support piece `with_tensors`. Calls of the function by its name hand them on. The `call` of a layer gets them as
parameters too, and the layer is called on them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.places import Place, places
from tfkdoctor.migrate.names import lookup
from tfkdoctor.migrate.plans import Change, Piece, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_PIECE = "{@support.with_tensors}("


def run(context: Context, row: Row) -> None:
    """Give each such function the tensors that it uses, or tell what stands in the way."""
    if context.graph is not None:
        return
    done: set[ast.AST] = set()
    changes: list[Change] = []
    for function, found in places(context).items():
        tensors = _captured(context, function, frozenset())
        if tensors:
            done |= _within(context, function)
            changes += _changes(context, row, function, found, tensors)
    if changes:
        _plan(context, row, changes)
    _tell_of_others(context, row, done)


def _captured(context: Context, function: ast.AST, seen: frozenset[ast.AST]) -> dict[str, list[ast.expr]]:
    """The symbolic tensors from outside that a function uses, itself or in what it calls, with their places."""
    found: dict[str, list[ast.expr]] = {}
    inside = _within(context, function)
    for use in context.survey.names.uses:
        own = context.symbols.functions.is_own(use)
        if use.root not in inside or (not own and any(b.scope.node in inside for b in use.bindings)):
            continue
        for part in use.parts:
            if isinstance(part, ast.Name | ast.Attribute) and context.symbols.is_tensor(part):
                found.setdefault(context.survey.lines.segment(part), []).append(part)
                break
    for call, _ in context.survey.names.calls:
        scope = context.symbols.functions.function_of(call) if call in inside else None
        if scope is not None and scope.node not in inside and scope.node not in seen | {function}:
            for text in _captured(context, scope.node, seen | {function}):
                found.setdefault(text, [])
    return found


def _within(context: Context, function: ast.AST) -> set[ast.AST]:
    return set(ast.walk(function))


def _plan(context: Context, row: Row, changes: list[Change]) -> None:
    """One plan for a file, since functions that call each other hand on the same tensors."""
    unique = {(c.start, c.end, str(c.pieces)): c for c in changes}
    first = min(changes, key=lambda c: c.start)
    plan = TemplatePlan(
        id=context.id(row.code, first.start),
        code=row.code,
        start=first.start,
        end=max(first.end, first.start + 1),
        message="symbolic tensors from outside are given to losses, metrics and layers as arguments",
        severity=Severity.ERROR,
        help=row.help,
        introduces=introduced(changes),
        changes=tuple(unique.values()),
        scope=context.survey.names.module,
    )
    context.add(plan)


def _changes(
    context: Context, row: Row, function: ast.AST, found: list[Place], tensors: dict[str, list[ast.expr]]
) -> list[Change]:
    """What gives one function its tensors; nothing, and trouble, where that cannot be written."""
    assert isinstance(function, ast.FunctionDef | ast.Lambda)
    name = getattr(function, "name", "lambda")

    def trouble(way: str) -> list[Change]:
        what = f"`{name}` uses {', '.join(f'`{t}`' for t in tensors)}, which no loss or metric can see any more"
        start = context.survey.lines.start(function)
        context.found.troubles.append(Trouble(row.code, start, start + len(name), what, way, name=name))
        return []

    compiled = [place for place in found if place.leaf is not None]
    if compiled and not context.settings.support:
        return trouble("allow support code (without --no-support)")
    if compiled and _required(function) - _is_method(context, function) != 2:
        return trouble("it does not take (y_true, y_pred): write a layer that calls self.add_loss")
    changes: list[Change] = []
    for one in [function, *_called_by(context, function)]:
        needed = _captured(context, one, frozenset())
        header = _header(context, one, [_parameter(text) for text in needed])
        if header is None:
            return trouble("its arguments leave no place for them: write a layer that calls self.add_loss")
        changes += [header, *_renamed(context, needed), *_calls(context, one, needed)]
    for place in found:
        handed = _handed(context, place, tensors)
        if handed is None:
            return trouble(f"they have no names in line {place.call.lineno}, where it is used")
        changes += handed
    return changes


def _is_method(context: Context, function: ast.AST) -> bool:
    return isinstance(context.survey.names.parents.get(function), ast.ClassDef)


def _called_by(context: Context, function: ast.AST) -> list[ast.AST]:
    """The file's own functions that a function calls, and those that these call, which use tensors from outside."""
    found: list[ast.AST] = []
    stack = [function]
    while stack:
        inside = _within(context, stack.pop())
        for call, _ in context.survey.names.calls:
            scope = context.symbols.functions.function_of(call) if call in inside else None
            if scope is not None and scope.node not in inside and scope.node not in [function, *found]:
                found.append(scope.node)
                stack.append(scope.node)
    return [one for one in found if _captured(context, one, frozenset())]


def _parameter(text: str) -> str:
    """The name of the parameter for an expression: `z_mean` for `self.z_mean`, `model_output` for `model.output`."""
    return text.removeprefix("self.").replace(".", "_")


def _header(context: Context, function: ast.AST, names: list[str]) -> Change | None:
    """The new parameters, behind those without a default: (y_true, y_pred) of a loss, the inputs of a layer."""
    assert isinstance(function, ast.FunctionDef | ast.Lambda)
    arguments = [*function.args.posonlyargs, *function.args.args]
    size = _required(function)
    method = _is_method(context, function)
    taken = {a.arg for a in ast.walk(function) if isinstance(a, ast.arg)}
    taken |= {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    if size <= method or taken & set(names) or len(set(names)) < len(names):
        return None
    position = context.survey.lines.end(arguments[size - 1])
    return Change(position, position, (", " + ", ".join(names),))


def _required(function: ast.FunctionDef | ast.Lambda) -> int:
    """How many positional parameters have no default."""
    return len(function.args.posonlyargs) + len(function.args.args) - len(function.args.defaults)


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
        scope = context.symbols.functions.function_of(call)
        if scope is None or scope.node is not function:
            continue
        functions = context.symbols.functions
        outside = functions.capturing(call.func) is None and not functions.is_traced(call)
        names = [(text if outside else _parameter(text), _parameter(text)) for text in tensors]
        assert isinstance(function, ast.FunctionDef)
        size = _required(function) - _is_method(context, function)
        if len(call.args) >= size > 0:
            position = lines.end(call.args[size - 1])
            yield Change(position, position, ("".join(f", {text}" for text, _ in names),))
        elif call.args or call.keywords:
            position = max(lines.end(a) for a in [*call.args, *(k.value for k in call.keywords)])
            yield Change(position, position, ("".join(f", {name}={text}" for text, name in names),))


def _handed(context: Context, place: Place, tensors: dict[str, list[ast.expr]]) -> list[Change] | None:
    """What compile() is given instead; None where a tensor has no name there."""
    lines = context.survey.lines
    listed: list[Piece] = []
    for text, nodes in tensors.items():
        shown = _named_there(context, place, text, nodes)
        if shown is None:
            return None
        listed += [", " if listed else "", *shown]
    func = place.call.func
    if place.leaf is None:
        position = lines.end(place.call.args[0])
        return [Change(position, position, (", ", *(p for p in listed if p != "")))]
    assert isinstance(func, ast.Attribute)
    model: Piece = func.value
    start, end = lines.start(place.leaf), lines.end(place.leaf)
    if isinstance(place.leaf, ast.Name | ast.Attribute):
        whole = (_PIECE, model, f", {lines.segment(place.leaf)}, [", *listed, "])")
        return [Change(start, end, tuple(p for p in whole if p != ""))]
    after = (", [", *(p for p in listed if p != ""), "])")
    return [Change(start, start, (_PIECE, model, ", ")), Change(end, end, after)]


def _named_there(context: Context, place: Place, text: str, nodes: list[ast.expr]) -> tuple[Piece, ...] | None:
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
    """Lambda layers and other layers that use a symbolic tensor from outside: it is no tensor of theirs."""
    lines = context.survey.lines
    told: set[ast.AST] = set()
    helpers = {one for function in done if _is_function(function) for one in _called_by(context, function)}
    inside = done | {node for helper in helpers for node in ast.walk(helper)}
    for use in context.survey.names.uses:
        if use.root in inside or not use.bindings or use.stored:
            continue
        function = context.symbols.functions.capturing(use.root)  # the same for all parts, and sooner told
        for part in use.parts if function is not None and function not in told else ():
            if not isinstance(part, ast.Name | ast.Attribute) or not context.symbols.is_tensor(part):
                continue
            if function is not None and _is_of_layer(context, function):
                told.add(function)
                text = lines.segment(part)
                message = f"a layer uses the symbolic tensor `{text}`, which it is not called on"
                way = f"call it on both, such as Lambda(lambda t: …t[0]…t[1]…)([x, {text}])"
                start, end = lines.start(part), lines.end(part)
                context.found.troubles.append(Trouble(row.code, start, end, message, way, name=text))
            break


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.Lambda)


def _is_of_layer(context: Context, function: ast.AST) -> bool:
    """Whether a function is given to a Lambda layer, or is a method of a layer."""
    names = context.survey.names
    if _is_method(context, function):
        return True
    for call, _ in names.calls:
        reference = context.reference_of.get(call.func)
        if reference is not None and reference.name.endswith(".Lambda"):
            for node in [*call.args[:1], *(k.value for k in call.keywords if k.arg == "function")]:
                use = names.use_of.get(node)
                if node is function or (use is not None and any(b.node is function for b in use.bindings)):
                    return True
    return False
