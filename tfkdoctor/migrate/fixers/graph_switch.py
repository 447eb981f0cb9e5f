"""Switches v2 behaviour off in the entry points of programs in graph mode, before anything of TensorFlow is used."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.names import Binding
from tfkdoctor.migrate.plans import Change, TemplatePlan, Trouble
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row
from tfkdoctor.text import newline_of

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_SWITCH = "tensorflow.compat.v1.disable_v2_behavior"
_RESOURCES = "tensorflow.compat.v1.enable_resource_variables"
_OF_REFERENCES = frozenset(["initialized_value"])  # methods that resource variables of the target do not have
_KINDS = frozenset(["VariableV2"])  # an operation that there is only with references
_OF_LAYERS = frozenset(
    ["kernel", "bias", "weights", "biases", "gamma", "beta", "moving_mean", "moving_variance", "global_step"]
)
_CHOOSES = frozenset(["disable_resource_variables", "enable_resource_variables"])


def run(context: Context, row: Row) -> None:
    """Plan the switch in an entry point; say of a library that its callers need it."""
    modes = context.facts.modes
    caller = modes.callers.get(context.path)
    if caller is not None:
        _tell(context, "TFK713", f"graph mode is needed ({caller}), and no program of this project sets it", None)
        return
    reason = modes.switches.get(context.path)
    if reason is None:
        return
    wished = context.settings.tf1 == "native"
    severity = Severity.WARNING if wished else Severity.HINT
    _tell(context, "TFK710", f"this program runs on tensorflow.compat.v1: it needs graph mode ({reason})", severity)
    statement, name = _place(context)
    lines = context.survey.lines
    newline = newline_of(lines.text)
    switches = [_SWITCH, *([_RESOURCES] if _takes_resources(context) else [])]
    if name:
        end = _end_of_line(lines.text, lines.end(statement))
        indent = f"{newline}{_indent(context, statement)}"
        change = Change(end, end, tuple(f"{indent}{name}.{switch.rpartition('.')[2]}()" for switch in switches))
    else:
        start = lines.start(statement)
        imported, called = _import(context, switches)
        change = Change(start, start, ("".join(f"{line}{newline}" for line in (imported, *called)),))
    context.add(
        TemplatePlan(
            id=context.id(row.code, change.start),
            code=row.code,
            start=lines.start(statement),
            end=lines.end(statement),
            message=f"graph mode is switched on for the whole program ({reason})",
            severity=row.severity or Severity.ERROR,
            help=row.help,
            changes=(change,),
            scope=context.survey.names.module,
            bindings=tuple(b for b in context.moves if b.statement is statement and context.moves[b].target),
            introduces=frozenset(switches),
        )
    )


def _tell(context: Context, code: str, message: str, severity: Severity | None) -> None:
    rule = context.knowledge.rules[code]
    graded = severity or rule.severity or Severity.WARNING
    context.found.troubles.append(Trouble(code, 0, 0, message, rule.help, graded))


def _place(context: Context) -> tuple[ast.stmt, str]:
    """Where the switch goes: after an import of TensorFlow, and what that calls it; else "", and before a statement."""
    imports = [b for b in context.survey.names.imports if b.scope is context.survey.names.module]
    own = [_top(context, b) for b in imports if b.statement is not None and _holds_tensorflow(context, b)]
    library = [_top(context, b) for b in imports if b.statement is not None and _stays(context, b)]
    whole = [b for b in imports if b.canonical == "tensorflow" and b.kind == "import" and b in context.moves]
    first = min((*own, *library), key=_line, default=None)
    body = context.survey.tree.body
    for binding in whole:
        statement = _top(context, binding)
        if first is None or statement is first or statement not in body or first not in body:
            return statement, binding.name
        between = body[body.index(first) : body.index(statement)]
        if first not in own and all(isinstance(s, ast.Import | ast.ImportFrom) and s not in own for s in between):
            return statement, binding.name
    if first is not None:
        return first, ""
    heads = [s for s in body if isinstance(s, ast.Import | ast.ImportFrom)]
    return (_next(body, heads[-1]) if heads else _first(body)), ""


def _line(statement: ast.stmt) -> int:
    return statement.lineno


def _next(body: list[ast.stmt], statement: ast.stmt) -> ast.stmt:
    return body[min(body.index(statement) + 1, len(body) - 1)]


def _first(body: list[ast.stmt]) -> ast.stmt:
    """The first statement behind the docstring."""
    doc = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    return body[1] if doc and len(body) > 1 else body[0]


def _stays(context: Context, binding: Binding) -> bool:
    """Whether an import is of TensorFlow, and there is something left of it."""
    moved = context.moves.get(binding)
    return (binding.canonical or "").partition(".")[0] == "tensorflow" and (moved is None or bool(moved.target))


def _holds_tensorflow(context: Context, binding: Binding) -> bool:
    """Whether an import brings in a module of the project that uses TensorFlow, itself or through others."""
    found = context.facts.locate(context.path, binding.canonical or "")
    pending = [found[0]] if found is not None else []
    seen: set[str] = set()
    while pending:
        path = pending.pop()
        if path in seen:
            continue
        seen.add(path)
        summary = context.facts.summaries.get(path)
        names = summary.imports | summary.names if summary is not None else frozenset()
        if any(name.partition(".")[0] == "tensorflow" for name in names):
            return True
        pending += context.facts.edges.get(path, ())
    return False


def _top(context: Context, binding: Binding) -> ast.stmt:
    """The statement of the module that an import stands in; itself, where that is run only as a program."""
    parents = context.survey.names.parents
    assert binding.statement is not None
    current: ast.AST = binding.statement
    while not isinstance(parents.get(current), ast.Module):
        current = parents[current]
        if isinstance(current, ast.If) and "__name__" in ast.dump(current.test):
            return binding.statement
    assert isinstance(current, ast.stmt)
    return current


def _indent(context: Context, statement: ast.stmt) -> str:
    return " " * statement.col_offset if isinstance(statement, ast.Import | ast.ImportFrom) else ""


def _end_of_line(text: str, position: int) -> int:
    """Where the line ends that a statement ends on: what follows it there stays with it."""
    ends = [p for p in (text.find("\n", position), text.find("\r", position)) if p >= 0]
    return min(ends, default=len(text))


def _import(context: Context, switches: list[str]) -> tuple[str, list[str]]:
    """The import at the head of a file for what is switched, and the calls."""
    whole = [b for b in context.survey.names.imports if b.canonical == "tensorflow" and b.kind == "import"]
    name = next((b.name for b in whole if b.scope is context.survey.names.module), "")
    plain = [switch.rpartition(".")[2] for switch in switches]
    if name:
        return f"import tensorflow.compat.v1 as {name}", [f"{name}.{one}()" for one in plain]
    bound = {one: f"_{one}" if one in context.survey.names.bound else one for one in plain}
    listed = ", ".join(f"{one} as {own}" if one != own else one for one, own in bound.items())
    return f"from tensorflow.compat.v1 import {listed}", [f"{own}()" for own in bound.values()]


def _takes_resources(context: Context) -> bool:
    """Whether the program can hold its variables as resources.

    Reference variables race within one `run`: what reads one may see it before or after an optimizer's step, by the
    timing of threads, and TensorFlow 2 times them otherwise than TensorFlow 1. The read of a resource has a place in
    the graph. Programs that use what resources do not have, or that choose themselves, keep what they have; so do
    those that ask for a variable by the name of its tensor, which is that of the handle where it is a resource.
    """
    summaries = [context.facts.summaries[path] for path in context.facts.programs.get(context.path, (context.path,))]
    held = _OF_LAYERS.union(*(one.held for one in summaries))
    return not any(
        _OF_REFERENCES & one.methods
        or _CHOOSES & {name.rpartition(".")[2] for name in one.names}
        or any(keyword == "use_resource" for _, keyword in one.keywords)
        or any(key.endswith(("/read", "/read:0")) or key in _KINDS or _last(key) in held for key in one.keys)
        for one in summaries
    )


def _last(key: str) -> str:
    """The last part of the name of a tensor, "weights" for "conv/weights:0"; "" for what is no such name."""
    return key.removesuffix(":0").rpartition("/")[2] if key.endswith(":0") else ""
