"""Losses with sample weights: keras up to 2.2.5 divided them by the share of weights that are not 0.

That shows where weights are 0: with sample_weight_mode='temporal', which masks time steps, with weighted_metrics, which
count the nodes of a graph that a mask leaves in, and with weights by outputs, which leave samples out that have no
target of an output; with `--numerics exact` wherever samples are weighted.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.migrate.fixers.by_outputs import weighs_by_outputs
from tfkdoctor.migrate.fixers.metrics import compile_calls
from tfkdoctor.migrate.fixers.old_losses import replace_name
from tfkdoctor.migrate.methods import gives_models
from tfkdoctor.model import Numerics
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Wrap the losses of compile() where the program weights its samples."""
    if not context.moves or context.settings.numerics is Numerics.MODERN:
        return
    if not context.survey.names.calls_of.get("compile"):
        return
    weighted = _weights(context) if context.settings.numerics is Numerics.EXACT else weighs_by_outputs(context)
    bindings = tuple(b for b in context.moves if gives_models(context, b))
    for call, scope in compile_calls(context):
        masks = any(k.arg in ("sample_weight_mode", "weighted_metrics") for k in call.keywords)
        if not masks and not weighted:
            continue
        for node in losses_of(call):
            wrap_call(context, node, scope, row, context.survey.lines.segment(node), bindings, True)
        for keyword in call.keywords:
            spread = given_loss(call) is None and keyword.arg is None and isinstance(call.func, ast.Attribute)
            if spread and isinstance(call.func, ast.Attribute) and context.types.of(call.func.value):
                within = replace(row, wrap="support.nonzero_arguments")
                wrap_call(context, keyword.value, scope, within, "compile(**…)", bindings, True)


def padded(context: Context, row: Row) -> None:
    """Let time steps whose targets are all 0 not count in 'categorical_crossentropy', where a program has such steps.

    That they are all 0 cannot be seen: layers that give sequences are taken for it.
    """
    if not context.moves or context.settings.numerics is Numerics.MODERN or not _gives_sequences(context):
        return
    for call, scope in compile_calls(context):
        for node in losses_of(call):
            if isinstance(node, ast.Constant) and node.value == "categorical_crossentropy":
                replace_name(context, row, scope, node, "{@support.categorical_crossentropy}")


def _gives_sequences(context: Context) -> bool:
    program = [context.facts.summaries[p] for p in context.facts.programs.get(context.path, (context.path,))]
    return any(keyword == "return_sequences" for summary in program for _, keyword in summary.keywords)


def _weights(context: Context) -> bool:
    """Whether the program gives fit() or train_on_batch() weights."""
    program = [context.facts.summaries[p] for p in context.facts.programs.get(context.path, (context.path,))]
    given = {keyword for summary in program for _, keyword in summary.keywords}
    return bool(given & {"sample_weight", "class_weight", "sample_weights"})


def given_loss(call: ast.Call) -> ast.expr | None:
    """What a call of compile() gives as its loss: the keyword, else the second argument."""
    return next((k.value for k in call.keywords if k.arg == "loss"), None) or next(iter(call.args[1:2]), None)


def losses_of(call: ast.Call) -> Iterator[ast.expr]:
    """The losses that a call of compile() gives, one for each output."""
    return _losses(given_loss(call))


def _losses(node: ast.expr | None) -> Iterator[ast.expr]:
    """The losses of each output in a list or dict."""
    if isinstance(node, ast.List | ast.Tuple):
        yield from node.elts
    elif isinstance(node, ast.Dict):
        yield from node.values
    elif node is not None and not (isinstance(node, ast.Constant) and node.value is None):
        yield node
