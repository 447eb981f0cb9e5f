"""Optimizers that go by a name: the class with its old defaults, and what a program with embeddings needs besides.

`optimizers.get(name)` and names that come through a variable are reported where their defaults have changed.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.metrics import compile_calls
from tfkdoctor.migrate.methods import gives_models
from tfkdoctor.migrate.plans import Change, TemplatePlan, Trouble
from tfkdoctor.migrate.rows import uses
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Numerics, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Scope

_RATES = {
    "adadelta": ("Adadelta", "1.0"),
    "adagrad": ("Adagrad", "0.01"),
    "adamax": ("Adamax", "0.002"),
    "nadam": ("Nadam", "0.002"),
}
_SQUARED = ("rmsprop", "adagrad")  # their epsilon moved into the root
_ADAPTIVE = ("adam", "rmsprop", "adagrad", "adadelta", "adamax", "nadam")


def run(context: Context, row: Row) -> None:
    """Write the class for a name in compile(); report names whose defaults changed that come by another way."""
    if not context.moves and not context.facts.is_standalone(context.path):
        return
    for call, scope in compile_calls(context):
        value = next((k.value for k in call.keywords if k.arg == "optimizer"), None) or next(iter(call.args), None)
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            _replace(context, row, value, scope)
        elif isinstance(value, ast.Name):
            bound = [b.value for b in context.survey.names.use_of[value].bindings]
            _report(context, row, value, bound)
    for call, _ in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is not None and reference.name == "keras.optimizers.get" and call.args:
            _report(context, row, call.args[0], [call.args[0]])


def text_of(context: Context, name: str) -> str:
    """What an optimizer's old name is today, as a template; the name itself, in quotes, where nothing changed."""
    known = name.lower()
    text = repr(name)
    keep = context.settings.numerics is not Numerics.MODERN
    exact = context.settings.numerics is Numerics.EXACT
    class_name, rate = _RATES.get(known, ("RMSprop" if known == "rmsprop" else "", ""))
    if not keep:
        return text
    given = [f"learning_rate={rate}"] if rate else []
    home = f"{{@keras.optimizers.{class_name}}}"
    if known in _SQUARED and exact:
        home = f"{{@support.{class_name}}}"
    elif known in _SQUARED:
        given.append("epsilon=1e-16" if context.knowledge.origin.keras.startswith("1.") else "epsilon=1e-14")
        given += ["initial_accumulator_value=0.0"] if known == "adagrad" else []
    elif known == "nadam" and context.settings.support:
        home = "{@support.Nadam}"
    if known == "adam" and context.knowledge.origin.keras.startswith("1."):
        home, class_name, given = "{@keras.optimizers.Adam}", "Adam", ["epsilon=1e-08"]
    if class_name:
        text = f"{home}({', '.join(given)})"
    dense = known in _ADAPTIVE and context.knowledge.keras_generation == "3" and context.settings.support
    if dense and uses(context, ("keras.layers.Embedding",)):
        text = f"{{@support.dense_gradients}}({text})"
    return text


def _replace(context: Context, row: Row, node: ast.Constant, scope: Scope) -> None:
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    text = text_of(context, str(node.value))
    if text == repr(node.value) or not context.moves:
        return
    change = Change(start, end, (text,))
    shown = text.replace("{@", "").replace("support.", "").replace("}", "")
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message=f"the optimizer {lines.segment(node)} has other defaults today: it was {shown}",
            severity=Severity.ERROR,
            bindings=tuple(b for b in context.moves if gives_models(context, b)),
            silent=True,
            introduces=introduced([change]),
            changes=(change,),
            scope=scope,
        )
    )


def _report(context: Context, row: Row, value: ast.expr, bound: list[ast.expr | None]) -> None:
    lines = context.survey.lines
    names = [v.value for v in bound if isinstance(v, ast.Constant) and isinstance(v.value, str)]
    for name in names:
        if text_of(context, name) != repr(name):
            shown = text_of(context, name).replace("{@", "").replace("}", "")
            message = f"the optimizer '{name}' has other defaults today"
            start, end = lines.start(value), lines.end(value)
            context.found.troubles.append(Trouble(row.code, start, end, message, f"give {shown} instead"))
            return
