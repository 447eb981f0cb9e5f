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
    if not (context.moves or context.keras2_optimizers or context.facts.is_standalone(context.path) or _late(context)):
        return
    for call, scope in compile_calls(context):
        value = next((k.value for k in call.keywords if k.arg == "optimizer"), None) or next(iter(call.args), None)
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            _replace(context, row, value, scope)
        elif value is not None and not isinstance(value, ast.Starred) and _may_be_name(context, value):
            _by_name(context, row, value, scope)
        elif value is None:
            for keyword in call.keywords:
                if keyword.arg is None and _owner(context, call):
                    _by_dictionary(context, row, keyword.value, scope)
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        named = reference is not None and reference.name == "keras.optimizers.get"
        if named and call.args and _may_be_name(context, call.args[0]):
            _by_name(context, row, call.args[0], scope)


def _late(context: Context) -> bool:
    """Whether optimizers are those of tf.keras in TensorFlow 1.14 and 1.15: today's, but Adagrad by name begins at 0.

    `Adagrad.from_config` there fills in `initial_accumulator_value=0.`, which a name leaves out; 0.1 is the default.
    """
    moved = context.moves or context.facts.is_standalone(context.path)
    return context.first_keras and not context.keras2_optimizers and not moved


def _owner(context: Context, call: ast.Call) -> frozenset[str]:
    return context.types.of(call.func.value) if isinstance(call.func, ast.Attribute) else frozenset()


def _by_dictionary(context: Context, row: Row, node: ast.expr, scope: Scope) -> None:
    """`compile(**settings)`: the name of an optimizer may be among what cannot be seen."""
    if _changed_names(context):
        first = _epsilon(context, "Adam") == 1e-8
        _wrap(context, row, node, scope, f"{{@support.old_compile}}({'1e-08' if first else 'None'}, ", ")")


def _may_be_name(context: Context, node: ast.expr) -> bool:
    """Whether an expression may be the name of an optimizer whose defaults have changed."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and text_of(context, node.value) != repr(node.value)
    if context.types.of(node) or isinstance(node, ast.Call):
        return False
    names = _changed_names(context)
    use = context.survey.names.use_of.get(node)
    values = [b.value for b in use.bindings] if use is not None and not use.attrs else [None]
    known = bool(values) and all(isinstance(v, ast.Call) for v in values)
    return bool(names) and not known


def _changed_names(context: Context) -> list[str]:
    """The names of optimizers that the program says, and whose defaults have changed."""
    program = [context.facts.summaries[p] for p in context.facts.programs.get(context.path, (context.path,))]
    strings = {key.lower() for summary in program for key in summary.keys}
    return [name for name in _ADAPTIVE if name in strings and text_of(context, name) != repr(name)]


def text_of(context: Context, name: str) -> str:
    """What an optimizer's old name is today, as a template; the name itself, in quotes, where nothing changed."""
    known = name.lower()
    text = repr(name)
    keep = context.settings.numerics is not Numerics.MODERN
    exact = context.settings.numerics is Numerics.EXACT
    class_name, rate = _RATES.get(known, ("RMSprop" if known == "rmsprop" else "", ""))
    if not keep or (_late(context) and known != "adagrad"):
        return text
    if _late(context):
        rate = ""
    given = [f"learning_rate={rate}"] if rate else []
    home = f"{{@keras.optimizers.{class_name}}}"
    if context.knowledge.keras_generation == "2" and (known == "nadam" or (known in _SQUARED and exact)):
        home = f"{{@keras.optimizers.legacy.{class_name}}}"
        given += ["initial_accumulator_value=0.0"] if known == "adagrad" else []
    elif known in _SQUARED and exact:
        home = f"{{@support.{class_name}}}"
    elif known in _SQUARED:
        given.append("epsilon=1e-16" if _epsilon(context, class_name) == 1e-8 else "epsilon=1e-14")
        given += ["initial_accumulator_value=0.0"] if known == "adagrad" else []
    elif known == "nadam" and context.settings.support:
        home = "{@support.Nadam}"
    if known in ("adam", "adadelta", "adamax", "nadam") and _epsilon(context, class_name or "Adam") == 1e-8:
        home, class_name = home if class_name else "{@keras.optimizers.Adam}", class_name or "Adam"
        given.append("epsilon=1e-08")
    if class_name:
        text = f"{home}({', '.join(given)})"
    dense = known in _ADAPTIVE and context.knowledge.keras_generation != "mixed" and context.settings.support
    if dense and uses(context, ("keras.layers.Embedding",)):
        text = f"{{@support.dense_gradients}}({text})"
    return text


def _epsilon(context: Context, class_name: str) -> float | None:
    """The default of an optimizer's `epsilon` in the origin: 1e-8 in Keras 1, later `K.epsilon()`, given as None."""
    symbol = context.knowledge.origin_symbol(f"keras.optimizers.{class_name}")
    parameters = symbol.signature.parameters if symbol is not None and symbol.signature is not None else ()
    default = next((p.default for p in parameters if p.name == "epsilon"), None)
    return float(default) if default not in (None, "None") else None


def _replace(context: Context, row: Row, node: ast.Constant, scope: Scope) -> None:
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    text = text_of(context, str(node.value))
    if text == repr(node.value) or not (context.moves or context.keras2_optimizers or _late(context)):
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


def _by_name(context: Context, row: Row, node: ast.expr, scope: Scope) -> None:
    """Let support code make the optimizer of a name that comes by another way than a literal."""
    embedding = uses(context, ("keras.layers.Embedding",)) and context.knowledge.keras_generation != "mixed"
    before, after = ("{@support.dense_gradients}(", ")") if embedding else ("", "")
    epsilon = ", epsilon=1e-08" if _epsilon(context, "Adam") == 1e-8 else ""
    _wrap(context, row, node, scope, before + "{@support.optimizer_by_name}(", f"{epsilon}){after}")


def _wrap(context: Context, row: Row, node: ast.expr, scope: Scope, before: str, after: str) -> None:
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    message = "an optimizer that is given by its name has other defaults today"
    if not (context.moves or context.keras2_optimizers or _late(context)):
        return
    if (
        _late(context)
        or not context.settings.support
        or context.settings.numerics is Numerics.MODERN
        or not context.writable(node)
    ):
        way = "make it with its class, and the arguments of old"
        context.found.troubles.append(Trouble(row.code, start, end, message, way))
        return
    changes = (Change(start, start, (before,)), Change(end, end, (after,)))
    context.add(
        TemplatePlan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message=message,
            severity=Severity.ERROR,
            bindings=tuple(b for b in context.moves if gives_models(context, b)),
            silent=True,
            introduces=introduced(changes),
            changes=changes,
            scope=scope,
        )
    )
