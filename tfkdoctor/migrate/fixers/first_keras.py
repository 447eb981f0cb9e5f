"""tf.keras in a program of TensorFlow 1: its names are those of today, its defaults and formulas are not.

LSTM, GRU and ConvLSTM began with hard_sigmoid gates, GRU reset before the product, and hard_sigmoid was 0.2 x + 0.5
(tensorflow/python/keras/layers/recurrent.py and activations.py of TF 1.13 and 1.15).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.fixers.old_losses import replace_name
from tfkdoctor.migrate.names import Scope
from tfkdoctor.migrate.plans import Amendment, Change, Reference, TemplatePlan, Trouble
from tfkdoctor.migrate.refer import merely_asks
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Numerics, Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.summary import Summary

_CHANGED = ("tensorflow.keras.layers.", "tensorflow.keras.optimizers.", "tensorflow.keras.models.")
_LAYERS = ("tensorflow.keras.layers.", "tensorflow.python.keras.layers.", "tensorflow.contrib.keras.layers.")
_GATES = {
    "LSTM": ("recurrent_activation",),
    "LSTMCell": ("recurrent_activation",),
    "ConvLSTM2D": ("recurrent_activation",),
    "GRU": ("recurrent_activation", "reset_after"),
    "GRUCell": ("recurrent_activation", "reset_after"),
}
_ON_BATCH = ("train_on_batch", "test_on_batch")
_LEAVE_METRICS = frozenset(["fit", "fit_generator", "evaluate", "evaluate_generator"])
_OLD = {"recurrent_activation": "{@support.hard_sigmoid}", "reset_after": "False"}


def _applies(context: Context) -> bool:
    return context.first_keras and context.settings.numerics is not Numerics.MODERN


def calls(context: Context, row: Row) -> None:
    """Amend calls of recurrent layers that leave their gates to the defaults of TensorFlow 1."""
    if not _applies(context):
        return
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        leaf = _layer(reference) if reference is not None and reference.node is call.func else ""
        for value in _activations(call, leaf):
            if isinstance(value, ast.Constant) and value.value == "hard_sigmoid":
                replace_name(context, row, scope, value, "{@support.hard_sigmoid}")
        given = {k.arg for k in call.keywords}
        if leaf not in _GATES or None in given or any(isinstance(a, ast.Starred) for a in call.args):
            continue
        absent = [name for name in _GATES[leaf] if name not in given]
        if len(call.args) > 2 and "recurrent_activation" in absent:
            absent.remove("recurrent_activation")
        if absent:
            said = {name: (_OLD[name],) for name in absent}
            context.amend(call, Amendment(row.code, f"{', '.join(absent)} was another in TensorFlow 1", said))


def handed(context: Context, row: Row) -> None:
    """Give such a layer its old defaults where it is handed on, and not called here."""
    if not _applies(context):
        return
    parents = context.survey.names.parents
    for reference in context.found.references:
        leaf = _layer(reference)
        parent = parents.get(reference.node)
        if leaf not in _GATES or reference.size < len(reference.use.attrs) or reference.use.stored:
            continue
        if isinstance(parent, ast.Call) and parent.func is reference.node:
            continue
        if isinstance(parent, ast.Call) and _is_partial(context, parent) and parent.args[0] is reference.node:
            given = {k.arg for k in parent.keywords}
            absent = [name for name in _GATES[leaf] if name not in given]
            end = context.survey.lines.end(parent) - 1
            if absent and None not in given and len(parent.args) == 1:
                text = "".join(f", {name}={_OLD[name]}" for name in absent)
                _plan(context, row, reference, Change(end, end, (text,)))
        elif not _is_harmless(parent, reference.node):
            start, end = context.survey.lines.start(reference.node), context.survey.lines.end(reference.node)
            text = "".join(f", {name}={_OLD[name]}" for name in _GATES[leaf])
            before = Change(start, start, ("{@functools.partial}(",))
            _plan(context, row, reference, before, Change(end, end, (f"{text})",)))


def run(context: Context, row: Row) -> None:
    """Tell once per file that numbers may be others."""
    if not _applies(context):
        return
    found = [r for r in context.found.references if r.name.startswith(_CHANGED)]
    if not found:
        return
    first = min(found, key=lambda r: context.survey.lines.start(r.use.root))
    start, end = context.survey.lines.start(first.use.root), context.survey.lines.end(first.node)
    message = "tf.keras of TensorFlow 1 had other defaults: those of gates and metrics are kept, others may be missed"
    context.found.troubles.append(Trouble(row.code, start, end, message, row.help, Severity.HINT, name=first.name))
    _tell_of_batches(context, row)


def _tell_of_batches(context: Context, row: Row) -> None:
    """The first train_on_batch after fit or evaluate counted on from their metrics, and set them to 0 afterwards.

    (`train_on_batch(reset_metrics=True)` of TF 1.13 to 1.15; Keras 3 sets them to 0 before.) Its loss is the same.
    """
    methods = context.facts.program_methods(context.path)
    keywords = {k for member in _program(context) for callee, k in member.keywords if callee == "compile"}
    if not _LEAVE_METRICS & set(methods) or "metrics" not in keywords:
        return
    lines = context.survey.lines
    for call, _ in context.survey.names.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _ON_BATCH:
            message = f"the first {call.func.attr} after fit or evaluate went on with their metrics in TensorFlow 1"
            way = (
                "its metrics, not its loss, differ where it comes right after them: evaluate the batch by itself there"
            )
            context.found.troubles.append(
                Trouble(row.code, lines.start(call.func), lines.end(call.func), message, way, Severity.WARNING)
            )
            return


def _program(context: Context) -> list[Summary]:
    return [context.facts.summaries[p] for p in context.facts.programs.get(context.path, (context.path,))]


def _layer(reference: Reference) -> str:
    """The name of the layer of a tf.keras that a reference means, "" for everything else."""
    return reference.name.rpartition(".")[2] if reference.name.startswith(_LAYERS) else ""


def _activations(call: ast.Call, leaf: str) -> list[ast.expr | None]:
    """Where a layer's call says its activations."""
    if not leaf:
        return []
    given = {k.arg: k.value for k in call.keywords}
    first = call.args[:1] if leaf == "Activation" else call.args[1:3] if leaf in (*_GATES, "Dense") else []
    return [given.get("activation"), given.get("recurrent_activation"), *first]


def _is_partial(context: Context, call: ast.Call) -> bool:
    use = context.survey.names.use_of.get(call.func)
    names = [name for _, name in context.survey.canonicals(use)] if use is not None else []
    return names == ["functools.partial"]


def _is_harmless(parent: ast.AST | None, node: ast.expr) -> bool:
    """Whether a class is derived from, compared, asked about, or given another name."""
    if isinstance(parent, ast.ClassDef | ast.Attribute | ast.Compare | ast.Assign | ast.AnnAssign | ast.arg):
        return True
    return isinstance(parent, ast.Call) and merely_asks(parent, "super", "wraps")


def _plan(context: Context, row: Row, reference: Reference, *changes: Change) -> None:
    lines = context.survey.lines
    scope: Scope = reference.use.scope
    context.add(
        TemplatePlan(
            id=context.id(row.code, changes[-1].start),
            code=row.code,
            start=lines.start(reference.node),
            end=lines.end(reference.node),
            message=f"`{reference.name}` had other gates in TensorFlow 1",
            severity=Severity.ERROR,
            bindings=context.movable(reference.bindings),
            changes=changes,
            introduces=introduced(changes),
            scope=scope,
        )
    )
