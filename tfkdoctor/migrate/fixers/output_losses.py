"""`<output>_loss` in the logs of a model with several outputs: Keras 3 averages it over batches, not over samples."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import wrap_call
from tfkdoctor.migrate.fixers.metrics import compile_calls, looks_at_logs
from tfkdoctor.migrate.methods import gives_models, is_foreign
from tfkdoctor.migrate.names import Scope, lookup
from tfkdoctor.model import Numerics
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_RETURNS = frozenset(["evaluate", "evaluate_generator", "train_on_batch", "test_on_batch"])


def run(context: Context, row: Row) -> None:
    """Wrap the models of compile() that have several outputs, where the program sees their losses."""
    if not context.moves or context.settings.numerics is Numerics.MODERN:
        return
    if not context.survey.names.calls_of.get("compile"):
        return
    seen = looks_at_logs(context) or bool(_RETURNS & context.facts.program_methods(context.path))
    for call, scope in compile_calls(context) if seen else ():
        assert isinstance(call.func, ast.Attribute)
        if not is_foreign(context, call.func.value) and has_outputs(context, call, scope):
            bindings = tuple(b for b in context.moves if gives_models(context, b))
            wrap_call(context, call.func.value, scope, row, ".compile(…)", bindings, True)


def has_outputs(context: Context, call: ast.Call, scope: Scope) -> bool:
    """Whether a call of compile() speaks of several outputs, or is on a model that this file makes with several."""
    given = dict(zip(("optimizer", "loss", "metrics", "loss_weights"), call.args, strict=False))
    given |= {k.arg: k.value for k in call.keywords if k.arg}
    if any(_count(given.get(name), scope) > 1 for name in ("loss", "loss_weights")):
        return True
    known = given.keys() & {"loss", "loss_weights"} or any(k.arg is None for k in call.keywords)
    assert isinstance(call.func, ast.Attribute)
    classes = context.types.of(call.func.value)
    several = known and any(_count(outputs, inner) > 1 for outputs, inner in models(context))
    return bool(several) and bool(classes) and not all(c.endswith(".Sequential") for c in classes)


def models(context: Context) -> list[tuple[ast.expr | None, Scope]]:
    """What this file gives Model() as outputs."""
    made = {id(call) for call in context.survey.names.calls_of.get("Model", ())}
    return [(_outputs(call), scope) for call, scope in context.survey.names.calls if id(call) in made]


def _outputs(call: ast.Call) -> ast.expr | None:
    named = next((k.value for k in call.keywords if k.arg in ("outputs", "output")), None)
    return named if named is not None else call.args[1] if len(call.args) > 1 else None


def _count(node: ast.expr | None, scope: Scope) -> int:
    """How many entries a list or dict has that is written here, or that a variable holds."""
    if isinstance(node, ast.Name):
        return max(
            (_count(b.value, b.scope) for b in lookup(scope, node.id) if not isinstance(b.value, ast.Name)), default=0
        )
    if isinstance(node, ast.List | ast.Tuple):
        return len(node.elts)
    return len(node.keys) if isinstance(node, ast.Dict) else 0
