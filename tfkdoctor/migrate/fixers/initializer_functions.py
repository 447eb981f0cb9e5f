"""Functions of the project that are given as initializers: Keras 3 (and 2.3) calls them with `dtype=`.

Keras 1 called them with (shape, name=), Keras 2 with the shape alone. The tensor or variable that they return is taken
as a value (measured on TF 2.21).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.context import is_legacy_root
from tfkdoctor.migrate.plans import Change, TemplatePlan
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.text import Lines

_Function = ast.FunctionDef | ast.Lambda


def run(context: Context, row: Row) -> None:
    """Plan a parameter `dtype=None` for each function that a layer of standalone Keras gets as an initializer."""
    done: set[ast.AST] = set()
    for call, _ in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        known = reference is not None and is_legacy_root(context, reference.name)
        if not known and not (context.moves and _adds_weight(call)):
            continue
        for keyword in call.keywords:
            if keyword.arg and (keyword.arg.endswith("_initializer") or keyword.arg.endswith("init") or not known):
                for function in functions_of(context, keyword.value):
                    if function not in done:
                        done.add(function)
                        _plan(context, row, function)


def _adds_weight(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "add_weight"


def functions_of(context: Context, node: ast.expr) -> Iterator[_Function]:
    """The functions of this file that an expression stands for: a lambda, a def, what a function of it returns."""
    if isinstance(node, ast.Lambda):
        yield node
        return
    made = isinstance(node, ast.Call)
    use = context.survey.names.use_of.get(node.func if isinstance(node, ast.Call) else node)
    for binding in use.bindings if use is not None and not use.attrs else ():
        if isinstance(binding.node, ast.FunctionDef) and not made:
            yield binding.node
        elif isinstance(binding.node, ast.FunctionDef):
            for scope, values in context.survey.names.returns.items():
                if scope.node is binding.node:
                    for value in values:
                        if isinstance(value, ast.Lambda | ast.Name):
                            yield from functions_of(context, value)
        elif binding.kind == "assign" and isinstance(binding.value, ast.Lambda) and not made:
            yield binding.value


def _end_of_name(lines: Lines, parameter: ast.arg) -> int:
    name = ast.Name(parameter.arg)
    ast.copy_location(name, parameter)
    return lines.end(name)


def _plan(context: Context, row: Row, function: _Function) -> None:
    arguments = function.args
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    positional = [*arguments.posonlyargs, *arguments.args]
    if "dtype" in names or arguments.kwarg is not None or not positional or arguments.vararg or arguments.kwonlyargs:
        return
    lines = context.survey.lines
    last = arguments.defaults[-1] if arguments.defaults else positional[-1].annotation
    end = lines.end(last) if last is not None else _end_of_name(lines, positional[-1])
    bare = positional[1 : len(positional) - len(arguments.defaults)]  # `name`, which Keras 1 gave
    ends = [lines.end(a.annotation) if a.annotation is not None else _end_of_name(lines, a) for a in bare]
    changes = [Change(place, place, ("=None",)) for place in ends if place != end]
    changes.append(Change(end, end, ("=None, dtype=None" if end in ends else ", dtype=None",)))
    name = function.name if isinstance(function, ast.FunctionDef) else "lambda"
    plan = TemplatePlan(
        id=context.id(row.code, lines.start(function)),
        code=row.code,
        start=end,
        end=end,
        message=f"`{name}` is called with `dtype=` as an initializer",
        severity=Severity.ERROR,
        changes=tuple(changes),
        scope=context.survey.names.module,
    )
    context.add(plan)
