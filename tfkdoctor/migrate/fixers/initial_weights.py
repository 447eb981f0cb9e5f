"""`weights=` of a layer's constructor, which Keras 3 takes for Embedding alone."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import wrap_with
from tfkdoctor.migrate.names import Scope
from tfkdoctor.migrate.plans import Amendment, Change, Reference, TemplatePlan
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_KERNEL_FIRST = ("Dense", "Conv1D", "Conv2D", "Conv3D", "Convolution1D", "Convolution2D", "Convolution3D")


def run(context: Context, row: Row) -> None:
    """Write initializers where kernel and bias stand side by side, else let support code set the weights."""
    for call, scope in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        given = next((k.value for k in call.keywords if k.arg == "weights"), None)
        if given is not None and reference is None and is_project_layer(context, call):
            _on_build_of_own(context, row, call, scope, given)
        if given is None or reference is None or reference.home is None or not _is_layer(context, reference):
            continue
        if _within_wrapper(context, call) and not context.knowledge.origin.keras.startswith("1."):
            message = "Keras 2 ignored `weights=` of a layer within a wrapper"
            context.amend(call, Amendment(row.code, message, {"weights": None}, silent=False))
            continue
        initializers = {"kernel_initializer", "bias_initializer"} & {k.arg for k in call.keywords}
        leaf = reference.name.rpartition(".")[2]
        literal = isinstance(given, ast.List) and 1 <= len(given.elts) <= 2 and not _has_star(given)
        if literal and leaf in _KERNEL_FIRST and not initializers:
            _as_initializers(context, row, call, given)
        else:
            _on_build(context, row, call, scope, reference, given)


def _is_layer(context: Context, reference: Reference) -> bool:
    if not reference.name.startswith("keras.layers.") or reference.kind != "class" or reference.home is None:
        return False
    signatures = context.knowledge.target_signatures(reference.home.name)
    return bool(signatures) and not all(s.accepts("weights") for s in signatures)


def _within_wrapper(context: Context, call: ast.Call) -> bool:
    """`TimeDistributed(Dense(3, weights=w))`, `Bidirectional(LSTM(3, weights=w))`."""
    parent = context.survey.names.parents.get(call)
    reference = context.reference_of.get(parent.func) if isinstance(parent, ast.Call) else None
    return reference is not None and reference.name.endswith((".TimeDistributed", ".Bidirectional"))


def is_project_layer(context: Context, call: ast.Call) -> bool:
    """Whether a call makes a layer of a class of the project, which hands its keywords on to Keras."""
    classes = context.types.of(call)
    own = bool(classes) and all(not c.startswith(("keras.", "tensorflow.")) for c in classes)
    return own and bool(context.moves) and all(context.types.inherits(c, "keras.Layer") for c in classes)


def _on_build_of_own(context: Context, row: Row, call: ast.Call, scope: Scope, given: ast.expr) -> None:
    lines = context.survey.lines
    start, end = lines.start(call), lines.end(call)
    changes = (
        Change(start, start, ("{@support.with_weights}(",)),
        without_keyword(context, call, "weights"),
        Change(end, end, (", ", given, ")")),
    )
    context.add(
        TemplatePlan(
            id=context.id(row.code, end),
            code=row.code,
            start=start,
            end=end,
            message="`weights=` is gone: the layer gets its weights when it is built",
            severity=Severity.ERROR,
            bindings=tuple(context.moves),
            introduces=introduced(changes),
            changes=changes,
            scope=scope,
        )
    )


def without_keyword(context: Context, call: ast.Call, name: str) -> Change:
    """Take a keyword out of a call, with the comma before it, or after it where it is the first argument."""
    lines = context.survey.lines
    keyword = next(k for k in call.keywords if k.arg == name)
    start, end = lines.start(keyword), lines.end(keyword)
    others: list[ast.expr | ast.keyword] = [*call.args, *(k for k in call.keywords if k is not keyword)]
    before = [lines.end(o) for o in others if lines.end(o) <= start]
    after = [lines.start(o) for o in others if lines.start(o) >= end]
    if before:
        return Change(max(before), end, ())
    return Change(start, min(after, default=end), ())


def _has_star(node: ast.expr) -> bool:
    return isinstance(node, ast.List) and any(isinstance(e, ast.Starred) for e in node.elts)


def _as_initializers(context: Context, row: Row, call: ast.Call, given: ast.expr) -> None:
    assert isinstance(given, ast.List)
    names = ("kernel_initializer", "bias_initializer")
    new: dict[str, tuple[str | ast.expr, ...] | None] = {
        name: ("{@keras.initializers.Constant}(", element, ")")
        for name, element in zip(names, given.elts, strict=False)
    }
    message = "`weights=` are the initializers of kernel and bias today"
    context.amend(call, Amendment(row.code, message, {"weights": None, **new}, silent=False))


def _on_build(context: Context, row: Row, call: ast.Call, scope: Scope, reference: Reference, given: ast.expr) -> None:
    message = "`weights=` is gone: the layer gets its weights when it is built"
    plan = wrap_with(context, row, call, scope, reference, "support.with_weights", given, message)
    said = "`weights=` goes to the function around it"
    context.amend(call, Amendment(row.code, said, {"weights": None}, silent=False, requires=frozenset([plan.id])))
