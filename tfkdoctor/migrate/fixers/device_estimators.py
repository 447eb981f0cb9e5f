"""Estimators on several devices or on a TPU: the piece that stands for them runs on one device, and raises for more."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_CONFIGS = ("support.RunConfig", "support.TPURunConfig")
_STRATEGIES = ("train_distribute", "eval_distribute", "experimental_distribute")


def run(context: Context, row: Row) -> None:
    """Report what asks for more than one device where it is written; what a variable says shows when it runs."""
    if not context.compat:
        return
    for call, _ in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        piece = reference.home.name if reference is not None and reference.home is not None else ""
        for node, message in _asks(call, piece):
            start, end = context.survey.lines.start(node), context.survey.lines.end(node)
            context.found.troubles.append(Trouble(row.code, start, end, message, row.help))


def _asks(call: ast.Call, piece: str) -> Iterator[tuple[ast.expr, str]]:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if piece in _CONFIGS:
        for name in _STRATEGIES:
            if name in given and not _is(given[name], None):
                yield given[name], f"`{name}` is refused: estimators run in one process and on one device here"
    if piece == "support.TPUEstimator" and None not in given and len(call.args) < 5:  # use_tpu is the fifth
        if "use_tpu" not in given:
            yield call.func, "`use_tpu` is True where nothing is said, and estimators run without TPUs here"
        elif _is(given["use_tpu"], True):
            yield given["use_tpu"], "estimators run without TPUs here: `use_tpu=True` is refused"


def _is(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
