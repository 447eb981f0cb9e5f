"""'acc', 'val_acc' and the long names of metrics in histories, logs, monitors and file name templates.

keras up to 2.2.5 logs 'acc' for metrics=['acc'] and for ['accuracy'] alike, and 'mean_absolute_error' for ['mae'];
today's key is the name that was given. So the keys change where every compile() of the program says 'accuracy', stay
where every one says 'acc', and are reported where both occur or none can be seen.
Source: keras 2.2.5 engine/training.py, `handle_metrics`; keras 2.3.0 release notes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.log_keys import Keys, is_plain, places_of
from tfkdoctor.migrate.methods import gives_models
from tfkdoctor.migrate.plans import Plan, Trouble
from tfkdoctor.model import Edit, Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_ACCURACY = Keys({"acc": "accuracy"})
_LONG = {
    "mean_absolute_error": "mae",
    "mean_squared_error": "mse",
    "mean_absolute_percentage_error": "mape",
    "mean_squared_logarithmic_error": "msle",
}


def run(context: Context, row: Row) -> None:
    """Plan the new keys, or report them where the project does not say what they mean."""
    metrics = given_metrics(context)
    short = {long: name for long, name in _LONG.items() if name in metrics and long not in metrics}
    if short:
        plan_keys(context, row, Keys(short))
    given = metrics & {"acc", "accuracy"}
    if given == {"accuracy"}:
        _tell_of_others(context, row, plan_keys(context, row, _ACCURACY))
    elif given != {"acc"}:
        _tell_of_unclear(context, row, bool(given))


def given_metrics(context: Context) -> set[str]:
    """The names that any compile() of the program gives as metrics."""
    program = context.facts.programs.get(context.path, ())
    return {name for path in program for name in context.facts.summaries[path].metrics}


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


def _tell_of_unclear(context: Context, row: Row, both: bool) -> None:
    why = "compile() is given both 'acc' and 'accuracy'" if both else "no compile() of this program shows its metrics"
    way = "the key is the name given as a metric: use metrics=['accuracy'] and 'accuracy', or ['acc'] and 'acc'"
    for node, _ in places_of(context, _ACCURACY):
        start, end = context.survey.lines.start(node), context.survey.lines.end(node)
        message = f"the key in {context.survey.source.text[start:end]} may be another one today: {why}"
        context.found.troubles.append(Trouble(row.code, start, end, message, way, Severity.WARNING))


def _tell_of_others(context: Context, row: Row, handled: set[ast.Constant]) -> None:
    """The same word elsewhere in a file of Keras code may be a key that comes to a history by another way."""
    if not context.found.references:
        return
    parents = context.survey.names.parents
    given = {node for call, _ in context.survey.names.calls for k in call.keywords for node in _metrics_in(k)}
    for node in context.survey.names.constants:
        known = node in handled or node in given or isinstance(parents.get(node), ast.Expr)
        if known or not _ACCURACY.matches(node.value) or not context.writable(node):
            continue
        start, end = context.survey.lines.start(node), context.survey.lines.end(node)
        text = context.survey.source.text[start:end]
        message = f"if {text} is a key of a history or of logs, it is {_ACCURACY.renamed(text)} today"
        way = "if it names a metric of Keras, write the new key"
        context.found.troubles.append(Trouble(row.code, start, end, message, way, Severity.HINT))


def _metrics_in(keyword: ast.keyword) -> Iterator[ast.AST]:
    if keyword.arg == "metrics":
        yield from ast.walk(keyword.value)
