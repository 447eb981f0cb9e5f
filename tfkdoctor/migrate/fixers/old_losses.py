"""Losses, metrics and constraints by names that Keras 3 does not know; see TFK214 and TFK215."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from packaging.version import Version

from tfkdoctor.migrate.context import is_legacy_root
from tfkdoctor.migrate.methods import gives_models, is_foreign
from tfkdoctor.migrate.plans import Change, Reference, TemplatePlan, Trouble
from tfkdoctor.model import Numerics, Safety, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Scope

_LOSSES = {
    "kullback_leibler_divergence": "kl_divergence",
    "logcosh": "log_cosh",
    "cosine_proximity": "cosine_similarity",
    "cosine": "cosine_similarity",
}
_METRICS = {
    "kullback_leibler_divergence": "kullback_leibler_divergence",
    "kld": "kullback_leibler_divergence",
    "logcosh": "logcosh",
    "cosine_proximity": "cosine_proximity",
    "cosine": "cosine_proximity",
}
_BATCHWISE = {
    "precision": "precision",
    "recall": "recall",
    "fmeasure": "fmeasure",
    "f1score": "fmeasure",
    "fscore": "fmeasure",
    "matthews_correlation": "matthews_correlation",
}
_HINGES = {"hinge": "hinge", "squared_hinge": "squared_hinge"}  # labels of 0 and 1 become -1 and 1 today
_CONSTRAINTS = {"maxnorm": "max_norm", "nonneg": "non_neg", "unitnorm": "unit_norm"}
_SUM_SINCE = Version("2.0.9")


def losses(context: Context, row: Row) -> None:
    """Plan the old names in every compile() of a model of standalone Keras, or of tf.keras in TensorFlow 1."""
    if not (context.moves or context.first_keras):
        return
    version = Version(context.knowledge.origin.keras)
    metrics = dict(_METRICS) | (_BATCHWISE if version < Version("2.0") else {})
    hinges = _hinges(context) if context.moves else {}
    metrics |= hinges
    mean = {name: "mean_cosine_proximity" for name in ("cosine_proximity", "cosine") if version < _SUM_SINCE}
    for call, scope in context.survey.names.calls:
        if not (isinstance(call.func, ast.Attribute) and call.func.attr == "compile") or is_foreign(
            context, call.func.value
        ):
            continue
        given = {k.arg: k.value for k in call.keywords} | dict(
            zip(("optimizer", "loss", "metrics"), call.args, strict=False)
        )
        for node in _strings(given.get("loss")):
            if node.value in mean:
                replace_name(context, row, scope, node, "{@support.mean_cosine_proximity}")
            elif node.value in hinges:
                replace_name(context, row, scope, node, "{@support." + hinges[node.value] + "}")
            elif node.value in _LOSSES:
                replace_name(context, row, scope, node, _quoted(context, node, _LOSSES[node.value]))
        for node in _strings(given.get("metrics")):
            if node.value in metrics:
                replace_name(context, row, scope, node, "{@support." + mean.get(node.value, metrics[node.value]) + "}")


def functions(context: Context, row: Row) -> None:
    """Plan the functions themselves: `losses.cosine_proximity`, `metrics.precision`."""
    pieces = {"cosine_proximity": "cosine_proximity", "cosine": "cosine_proximity"}
    if Version(context.knowledge.origin.keras) < _SUM_SINCE:
        pieces = dict.fromkeys(pieces, "mean_cosine_proximity")
    hinges = _hinges(context)
    pieces |= {name: piece for name, piece in _BATCHWISE.items() if name == piece} | hinges
    for reference in context.found.references:
        module, _, leaf = reference.name.rpartition(".")
        known = module in ("keras.losses", "keras.objectives", "keras.metrics") and leaf in pieces
        lives = reference.home is not None and leaf not in hinges
        if known and not lives and not reference.use.stored and context.settings.support:
            lines = context.survey.lines
            start, end = lines.start(reference.use.root), lines.end(reference.node)
            _plan_change(
                context, row, reference.use.scope, start, end, leaf, "{@support." + pieces[leaf] + "}", reference
            )


def _hinges(context: Context) -> dict[str, str]:
    return _HINGES if context.settings.numerics is not Numerics.MODERN else {}


def constraints(context: Context, row: Row) -> None:
    """Plan the old names of constraints that layers get."""
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        if reference is None or not is_legacy_root(context, reference.name):
            continue
        values = [k.value for k in call.keywords if k.arg and k.arg.endswith("_constraint")]
        if reference.name == "keras.constraints.get":
            values += call.args[:1]
        for node in values:
            if isinstance(node, ast.Constant) and node.value in _CONSTRAINTS:
                replace_name(context, row, scope, node, _quoted(context, node, _CONSTRAINTS[node.value]))


def _strings(node: ast.expr | None) -> Iterator[ast.Constant]:
    """The names in what is given as loss or metrics: one, a list, or a dictionary of these by outputs."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif isinstance(node, ast.List | ast.Tuple):
        for element in node.elts:
            yield from _strings(element)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _strings(value)


def _quoted(context: Context, node: ast.Constant, name: str) -> str:
    quote = context.survey.lines.segment(node)[-1]
    return f"{quote}{name}{quote}"


def replace_name(context: Context, row: Row, scope: Scope, node: ast.Constant, text: str) -> None:
    """Plan another name, or a support piece, in the place of a literal."""
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    if text.startswith("{@") and not context.settings.support:
        way = "no name of today gives the old numbers: allow support code (without --no-support)"
        context.found.troubles.append(
            Trouble(row.code, start, end, f"{lines.segment(node)} is `{_shown(text)}` today", way)
        )
        return
    _plan_change(context, row, scope, start, end, lines.segment(node), text)


def _plan_change(
    context: Context,
    row: Row,
    scope: Scope,
    start: int,
    end: int,
    old: str,
    text: str,
    reference: Reference | None = None,
) -> None:
    plan = TemplatePlan(
        id=context.id(row.code, start),
        code=row.code,
        start=start,
        end=end,
        message=f"{old} is `{_shown(text)}` today",
        severity=Severity.ERROR,
        safety=Safety.SAFE,
        bindings=tuple(b for b in context.moves if gives_models(context, b)),
        changes=(Change(start, end, (text,)),),
        scope=scope,
        introduces=frozenset([text[2:-1]]) if text.startswith("{@") else frozenset(),
    )
    context.add(plan, [reference.node] if reference is not None else [])


def _shown(text: str) -> str:
    return text.replace("{@support.", "").rstrip("}").strip("'\"")
