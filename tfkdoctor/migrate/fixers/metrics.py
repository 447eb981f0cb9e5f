"""The metrics of `compile()`: names that give the keys of old, functions that get their targets and averages as of old.

keras up to 2.2.5 logs 'acc' for metrics=['accuracy'] and 'mean_absolute_error' for ['mae']; today the key is the name
given. So the old key is given as the name, and every log, monitor and file name template stays right.
Source: keras 2.2.5 engine/training.py, `handle_metrics`, and engine/training_utils.py.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from packaging.version import Version

from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.migrate.fixers.log_keys import is_plain
from tfkdoctor.migrate.methods import gives_models
from tfkdoctor.migrate.names import Scope, lookup
from tfkdoctor.migrate.plans import Change, Plan, TemplatePlan, Trouble
from tfkdoctor.migrate.survey import Value
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Edit, Numerics, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_KEYS = {
    "accuracy": "acc",
    "mae": "mean_absolute_error",
    "MAE": "mean_absolute_error",
    "mse": "mean_squared_error",
    "MSE": "mean_squared_error",
    "mape": "mean_absolute_percentage_error",
    "MAPE": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "MSLE": "mean_squared_logarithmic_error",
    "ce": "crossentropy",
}
_KEY = re.compile(rf"(?:\w+_)?(?:{'|'.join(sorted(set(_KEYS.values())))})\Z")
_ACCURACIES = {
    "categorical_crossentropy": "categorical_accuracy",
    "sparse_categorical_crossentropy": "sparse_categorical_accuracy",
    "binary_crossentropy": "binary_accuracy",
}
_NO_BATCH_MEAN = Version("2.3")
_TEMPLATE = re.compile(rf"\{{(?:\w+_)?(?:{'|'.join(sorted(set(_KEYS.values())))})[:}}!]")
_LOGS = ("history", "metrics_names")  # attributes through which a program sees the names of its metrics
_LOGGERS = frozenset(["CSVLogger", "LambdaCallback", "Callback", "RemoteMonitor", "TensorBoard"])


def names(context: Context, row: Row) -> None:
    """Give metrics the names whose keys the program knows."""
    if not (context.moves or context.first_keras) or not looks_at_logs(context):
        return
    bindings = tuple(b for b in context.moves if gives_models(context, b))
    for call, scope in compile_calls(context):
        given = metrics_of(call)
        if given is None:
            for keyword in call.keywords:
                if keyword.arg is None and _is_of_keras(context, call):
                    wrapped = replace(row, wrap="support.old_arguments")
                    wrap_call(context, keyword.value, scope, wrapped, "compile(**…)", bindings, True)
            continue
        seen = False
        for node, _ in elements(context, given, scope):
            seen = True
            if masked_accuracy(context, call, node) is not None:
                continue  # `functions` gives it its key
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in _KEYS:
                _rename(context, row, node)
        named = isinstance(given, ast.List | ast.Tuple | ast.Dict | ast.Starred) or is_of_model(given)
        if not seen and not named:
            wrap_call(context, given, scope, row, "compile(metrics=…)", bindings, True)


def _is_of_keras(context: Context, call: ast.Call) -> bool:
    """Whether a call of compile() whose arguments do not show is one of a model's."""
    return isinstance(call.func, ast.Attribute) and bool(context.types.of(call.func.value))


def functions(context: Context, row: Row) -> None:
    """Wrap the program's own metric functions, which Keras 3 gives other targets and averages otherwise."""
    if not context.moves or context.settings.numerics is Numerics.MODERN:
        return
    for call, scope in compile_calls(context):
        given = metrics_of(call)
        for node, inner in elements(context, given, scope) if given is not None else ():
            accuracy = masked_accuracy(context, call, node)
            if accuracy is not None:
                _average_by_batch(context, row, node, inner, accuracy)
            elif is_function(context, node):
                bindings = tuple(b for b in context.moves if gives_models(context, b))
                wrap_call(context, node, inner, row, context.survey.lines.segment(node), bindings, True)


def masked_accuracy(context: Context, call: ast.Call, node: ast.expr) -> str | None:
    """The function that 'accuracy' stands for where time steps are masked, whose share of a batch then counts.

    Keras up to 2.2.5 averaged over batches what each reached on its own steps; Keras 3 counts all steps alike.
    """
    if not isinstance(node, ast.Constant) or node.value not in ("accuracy", "acc"):
        return None
    if context.settings.numerics is Numerics.MODERN or Version(context.knowledge.origin.keras) >= _NO_BATCH_MEAN:
        return None
    program = [context.facts.summaries[p] for p in context.facts.programs.get(context.path, (context.path,))]
    masks = any(keyword == "mask_zero" for summary in program for _, keyword in summary.keywords)
    if not masks and not any(name.endswith(".Masking") for summary in program for name in summary.names):
        return None
    loss = next((k.value for k in call.keywords if k.arg == "loss"), None) or next(iter(call.args[1:2]), None)
    return _ACCURACIES.get(str(loss.value)) if isinstance(loss, ast.Constant) else None


def _average_by_batch(context: Context, row: Row, node: ast.expr, scope: Scope, function: str) -> None:
    start, end = context.survey.lines.start(node), context.survey.lines.end(node)
    text = context.survey.source.text[start:end]
    message = f"{text} over masked time steps was averaged by batches"
    if not is_plain(text) or not context.writable(node) or not context.settings.support:
        way = "allow support code (without --no-support), or take today's average over all steps"
        context.found.troubles.append(Trouble(row.code, start, end, message, way))
        return
    change = Change(start, end, ("{@support.batch_mean}({@keras.metrics." + function + "}, name='acc')",))
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
            introduces=introduced([change]),
            changes=(change,),
            scope=scope,
        )
    )


def looks_at_logs(context: Context) -> bool:
    """Whether the program of this file may see the names of its metrics."""
    program = [context.facts.summaries[p] for p in context.facts.programs.get(context.path, (context.path,))]
    strings = {key for summary in program for key in summary.keys}
    used = {name.rpartition(".")[2] for summary in program for name in summary.names}
    attributes = {name for summary in program for name in summary.attributes}
    shown = any(_KEY.match(s) or _TEMPLATE.search(s) for s in strings)
    return shown or bool(used & _LOGGERS) or any(name in attributes for name in _LOGS)


def compile_calls(context: Context) -> Iterator[tuple[ast.Call, Scope]]:
    """Calls of `compile` on what is, or may be, a Keras model."""
    for call, scope in context.survey.names.calls:
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == "compile":
            classes = context.types.of(func.value)
            if not classes or all(context.types.inherits(c, "keras.Model") for c in classes):
                yield call, scope


def metrics_of(call: ast.Call) -> ast.expr | None:
    """What a call of compile() gives as metrics: the keyword, else the third argument, as Keras 2 has it."""
    keyword = next((k.value for k in call.keywords if k.arg == "metrics"), None)
    return keyword if keyword is not None else call.args[2] if len(call.args) > 2 else None


def is_of_model(given: ast.expr) -> bool:
    """Whether metrics are those of a model, `model.metrics`: by the names of today, if it was compiled here."""
    own = ("self", "args", "opt", "options", "config", "cfg")  # a program's own attributes
    if not isinstance(given, ast.Attribute) or given.attr != "metrics":
        return False
    return not (isinstance(given.value, ast.Name) and given.value.id in own)


def elements(context: Context, node: ast.expr, scope: Scope, depth: int = 0) -> Iterator[tuple[ast.expr, Scope]]:
    """The single metrics in lists, dicts and the variables that hold them, with the scopes that they stand in."""
    if isinstance(node, ast.List | ast.Tuple):
        for child in node.elts:
            yield from elements(context, child, scope, depth + 1)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from elements(context, value, scope, depth + 1)
    elif isinstance(node, ast.Name) and depth < 6:
        bindings = lookup(scope, node.id)
        values = [(b.value, b.scope) for b in bindings if isinstance(b.value, ast.List | ast.Tuple | ast.Dict)]
        if bindings and len(values) == len(bindings):
            for value, owner in values:
                if value is not None:
                    yield from elements(context, value, owner, depth + 1)
        elif depth:
            yield node, scope
    elif depth:
        yield node, scope


def _rename(context: Context, row: Row, node: ast.Constant) -> None:
    start, end = context.survey.lines.start(node), context.survey.lines.end(node)
    text = context.survey.source.text[start:end]
    new = _KEYS[node.value] if isinstance(node.value, str) else ""
    if not is_plain(text) or not context.writable(node):
        context.found.troubles.append(
            Trouble(row.code, start, end, f"the metric {text} is logged under another key today", f"write {new!r}")
        )
        return
    context.found.plans.append(
        Plan(
            id=context.id(row.code, start),
            code=row.code,
            start=start,
            end=end,
            message=f"the key in the logs was '{new}', and is the name given today: {text} is '{new}'",
            severity=Severity.ERROR,
            bindings=tuple(b for b in context.moves if gives_models(context, b)),
            silent=True,
            edits=(Edit(start, end, text.replace(str(node.value), new)),),
        )
    )


def is_function(context: Context, node: ast.expr) -> bool:
    """Whether a metric is a function of the project's own, or is made by one."""
    if isinstance(node, ast.Lambda):
        return True
    if isinstance(node, ast.Call):
        return is_project_function(context, node.func)
    return isinstance(node, ast.Name | ast.Attribute) and is_project_function(context, node)


def _is_method(context: Context, base: Value, name: str) -> bool:
    """Whether a class of the project defines this method: `crf.accuracy`."""
    for cls in context.types.resolve(base, context.path):
        found = context.facts.locate(context.path, cls)
        summary = context.facts.summaries.get(found[0]) if found is not None else None
        own = summary.classes.get(".".join(found[1])) if found is not None and summary is not None else None
        if own is not None and name in own.methods:
            return True
    return False


def is_project_function(context: Context, node: ast.expr) -> bool:
    use = context.survey.names.use_of.get(node)
    if use is not None and not use.attrs and any(b.kind == "function" for b in use.bindings):
        return True
    for value in context.survey.describe(node):
        if value.kind == "attr" and value.base is not None and _is_method(context, value.base, value.name):
            return True
        found = context.facts.locate(context.path, value.name) if value.kind == "ref" else None
        summary = context.facts.summaries.get(found[0]) if found is not None else None
        if found is not None and summary is not None and ".".join(found[1]) in summary.functions:
            return True
    return False
