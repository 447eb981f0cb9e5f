"""`random.seed(1)` in a Keras program: Keras 3 draws its own seeds from Python's `random`, Keras 2 from NumPy's."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from packaging.version import Version

from tfkdoctor.migrate.names import Use
from tfkdoctor.migrate.plans import Change, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Numerics, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_NUMPY = "numpy.random"
_NO_DRAWS = ("seed", "RandomState", "default_rng", "get_state", "set_state", "Generator")
_MESSAGE = "Keras 3 draws seeds from Python's `random`, where Keras 2 drew them from NumPy's: both sequences change"


def run(context: Context, row: Row) -> None:
    """Let Keras draw from NumPy, from the first seed of each scope on."""
    for call in seeded(context):
        _plan(context, row, call)


def seeded(context: Context) -> list[ast.Call]:
    """The seeds from which on Keras is to draw from NumPy: the first of each scope, where the program draws itself."""
    if context.settings.numerics is Numerics.MODERN or not context.survey.names.calls_of.get("seed"):
        return []
    if not context.moves or context.graph is not None or draws_as_then(context):
        return []
    found: dict[object, ast.Call] = {}
    for use in _uses(context):
        call = context.survey.names.parents.get(use.node)
        if (
            isinstance(call, ast.Call)
            and call.func is use.node
            and _name(use).endswith(".seed")
            and _alone(context, call)
        ):
            first = found.get(use.scope)
            if first is None or context.survey.lines.start(call) < context.survey.lines.start(first):
                found[use.scope] = call
    return list(found.values()) if found and _draws(context) else []


def draws_as_then(context: Context) -> bool:
    """Whether the numbers themselves can come back: of Keras 2 on TensorFlow 1, in a file that seeds NumPy alone."""
    version = Version(context.knowledge.origin.keras)
    first = Version("2.0") <= version < Version("2.3") and context.knowledge.origin.tensorflow.startswith("1.")
    if not first or not context.settings.support or context.settings.numerics is Numerics.MODERN:
        return False
    program = [context.facts.summaries[p] for p in context.facts.programs.get(context.path, (context.path,))]
    if any(name.endswith(".set_random_seed") for summary in program for name in summary.names):
        return False
    calls = (context.survey.names.parents.get(use.node) for use in _uses(context) if _name(use) == f"{_NUMPY}.seed")
    return any(isinstance(call, ast.Call) and bool(call.args) and context.writable(call) for call in calls)


def _uses(context: Context) -> Iterator[Use]:
    for use in context.survey.names.uses:
        if _name(use).startswith(("random.", f"{_NUMPY}.")):
            yield use


def _name(use: Use) -> str:
    root = use.bindings[0].canonical if len(use.bindings) == 1 and use.bindings[0].imported else None
    return ".".join([root, *use.attrs]) if root else ""


def _alone(context: Context, call: ast.Call) -> bool:
    return isinstance(context.survey.names.parents.get(call), ast.Expr) and bool(call.args or call.keywords)


def _draws(context: Context) -> bool:
    """Whether the program draws from `random`, or from NumPy once layers are made: in functions, or further down."""
    layers = [
        context.survey.lines.start(node)
        for node, reference in context.reference_of.items()
        if isinstance(node, ast.expr) and reference.name.startswith(("keras.layers.", "keras.applications."))
    ]
    first = min(layers, default=None)
    for use in _uses(context):
        name = _name(use)
        if name.rpartition(".")[2] in _NO_DRAWS:
            continue
        later = first is not None and context.survey.lines.start(use.root) > first
        if name.startswith("random.") or use.scope.kind != "module" or later:
            return True
    others = [p for p in context.facts.programs.get(context.path, ()) if p != context.path]
    summaries = [context.facts.summaries[p] for p in others]
    return any("random" in s.imports or "random" in s.attributes for s in summaries)


def _plan(context: Context, row: Row, call: ast.Call) -> None:
    lines = context.survey.lines
    start, end = lines.start(call), lines.end(call)
    if not context.settings.support:
        context.found.troubles.append(Trouble(row.code, start, end, _MESSAGE, row.help, Severity.WARNING))
        return
    text = context.survey.source.text
    line = text.rfind("\n", 0, start) + 1
    margin = text[line:start]
    between = f"\n{margin}" if not margin.strip() else "; "
    change = Change(start, start, ("{@support.seeds_from_numpy}()" + between,))
    scope = context.survey.names.scope_of(call)
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=start,
            message=_MESSAGE,
            severity=Severity.WARNING,
            help=row.help,
            name="seed",
            bindings=tuple(context.moves),
            silent=True,
            introduces=introduced([change]),
            changes=(change,),
            scope=scope,
        )
    )
