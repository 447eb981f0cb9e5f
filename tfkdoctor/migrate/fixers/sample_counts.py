"""`fit_generator(samples_per_epoch=…)` and its kind count samples; `steps_per_epoch=` and `steps=` count batches.

Keras 1 draws batches until the samples seen reach the number, so it is divided by the batch size and rounded up
(keras 1.2.2 engine/training.py). Keras 2 takes the number as steps, except for `samples_per_epoch=` with a generator
that has a `batch_size`: there it divides and rounds down (keras 2.2.5 legacy/interfaces.py).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.batch_sizes import Size, batch_size_of, has_batch_size
from tfkdoctor.migrate.methods import is_foreign
from tfkdoctor.migrate.plans import Amendment
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Binding

_COUNTS = {  # method -> (old argument, its position in Keras 1, new argument, the generator's argument and position)
    "fit_generator": (
        ("samples_per_epoch", 1, "steps_per_epoch", "generator", 0),
        ("nb_val_samples", 6, "validation_steps", "validation_data", 5),
    ),
    "evaluate_generator": (("val_samples", 1, "steps", "generator", 0),),
    "predict_generator": (("val_samples", 1, "steps", "generator", 0),),
}
_Pieces = tuple[str | ast.expr, ...]


def run(context: Context, row: Row) -> None:
    """Amend each call with the number of batches, where the size of a batch shows."""
    old = context.knowledge.origin_keras.startswith("1.")
    for call, _ in context.survey.names.calls:
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in _COUNTS:
            continue
        if is_foreign(context, call.func.value) or any(isinstance(a, ast.Starred) for a in call.args):
            continue
        if call.func.attr == "fit_generator":
            _keep_validation(context, row, call, old)
        for name, position, new, source, place in _COUNTS[call.func.attr]:
            samples = _given(call, name, position if old else None)
            if samples is None:
                continue
            pieces = _steps(context, call, samples, _given(call, source, place), name, old)
            if pieces is not None:
                message = f"`{name}=` counts samples, `{new}=` batches"
                arguments: dict[str, _Pieces | None] = {name: None, **({new: pieces} if pieces else {})}
                flows = source == "generator" and old and call.func.attr == "fit_generator"
                if flows and has_batch_size(context, _given(call, source, place)):
                    arguments["shuffle"] = ("False",)  # of an iterator that has a length, fit() shuffles the batches
                context.amend(call, Amendment(row.code, message, arguments, silent=False))


def _keep_validation(context: Context, row: Row, call: ast.Call, old: bool) -> None:
    """Validation data that a generator gives: Keras 3 would begin with its first batches again in every epoch."""
    data = _given(call, "validation_data", 5)
    if data is None or isinstance(data, ast.Tuple | ast.Constant):
        return
    iterator = has_batch_size(context, data)
    sized = old and iterator is None and batch_size_of(context, data, call) is not None
    generator = iterator is False or _is_generator(context, data) or sized
    if generator and context.knowledge.keras_generation == "3":
        pieces = ("{@support.endless_batches}(", data, ")")
        message = "each epoch's validation goes on where the last one ended"
        context.amend(call, Amendment(row.code, message, {"validation_data": pieces}, silent=False))


def _is_generator(context: Context, node: ast.expr) -> bool:
    """Whether an expression is a call of a function of the project that yields."""
    for value in context.survey.describe(node):
        found = context.facts.locate(context.path, context.facts.follow(context.path, value.name))
        summary = context.facts.summaries.get(found[0]) if found is not None else None
        if value.kind == "call" and found is not None and summary is not None:
            return ".".join(found[1]) in summary.generators
    return False


def _given(call: ast.Call, name: str, position: int | None) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[position] if position is not None and position < len(call.args) else None


def _steps(
    context: Context, call: ast.Call, samples: ast.expr, source: ast.expr | None, name: str, old: bool
) -> _Pieces | None:
    """The number of batches as pieces of code; () where none is to be said, None where it cannot be told."""
    if name == "nb_val_samples":
        if source is None or isinstance(source, ast.Tuple) or _is_none(samples):
            return ()  # arrays: the number was not looked at
        bindings = _bindings(context, source)
        if bindings and all(isinstance(b.value, ast.Tuple) for b in bindings):
            return ()
    if source is None:
        return None
    if not old and (name != "samples_per_epoch" or has_batch_size(context, source) is False):
        return (samples,)
    size = batch_size_of(context, source, call)
    return divided(context, samples, size, up=old) if size is not None else None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _bindings(context: Context, node: ast.expr) -> tuple[Binding, ...]:
    use = context.survey.names.use_of.get(node)
    return use.bindings if use is not None and not use.attrs else ()


def divided(context: Context, samples: ast.expr, size: Size, up: bool) -> _Pieces:
    """`samples` over `size`, rounded up or down, in the plainest form there is."""
    known = samples.value if isinstance(samples, ast.Constant) else None
    if isinstance(size, ast.Constant) and isinstance(size.value, int):
        size = size.value
    if isinstance(size, int) and isinstance(known, int):
        return (str(-(-known // size) if up else known // size),)
    if not isinstance(size, int) and isinstance(samples, ast.BinOp) and isinstance(samples.op, ast.Mult):
        for one, other in ((samples.left, samples.right), (samples.right, samples.left)):
            if ast.dump(one) == ast.dump(size):
                return (other,)
    text = context.survey.lines.segment(samples)
    closed = isinstance(samples, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant)
    number: _Pieces = (samples,) if closed and "\n" not in text else ("(", samples, ")")
    by: _Pieces = (
        (str(size),)
        if isinstance(size, int)
        else (size,)
        if isinstance(size, ast.Name | ast.Attribute | ast.Constant | ast.Subscript | ast.Call)
        else ("(", size, ")")
    )
    return ("-(-", *number, " // ", *by, ")") if up else (*number, " // ", *by)
