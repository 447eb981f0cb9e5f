"""`loss = K.variable(0.)`, then `loss += …`: a sum that began as a variable of the graph begins as a number today.

In a graph `+=` made a tensor of it; a variable of TensorFlow 2 refuses it.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import rewrite
from tfkdoctor.migrate.plans import Change
from tfkdoctor.migrate.updating import within
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Binding, Names


def run(context: Context, row: Row) -> None:
    """Plan the number in the place of each such variable that is added to, and never fed to what needs a variable."""
    names = context.survey.names
    for call in names.calls_of.get("variable", ()) if context.moves else ():
        reference = context.reference_of.get(call.func)
        if reference is None or reference.name != "keras.backend.variable" or reference.node is not call.func:
            continue
        scope = names.scope_of(call)
        binding = next((b for bs in scope.names.values() for b in bs if b.value is call), None)
        number = _number(call)
        if number is None or binding is None or within(context, scope) or not _is_summed(names, binding):
            continue
        lines = context.survey.lines
        start, end = lines.start(call), lines.end(call)
        rewrite(
            context,
            row,
            (Change(start, end, (lines.segment(number),)),),
            f"`{binding.name}` is added to with `+=`, which a variable refuses today",
            scope,
            (start, end),
            covers=[reference.node],
            name=reference.name,
            bindings=context.movable(reference.bindings),
        )


def _number(call: ast.Call) -> ast.expr | None:
    """The plain number that a variable begins with."""
    value = next((k.value for k in call.keywords if k.arg == "value"), call.args[0] if call.args else None)
    plain = isinstance(value, ast.Constant) and type(value.value) in (int, float)
    return value if plain else None


def _is_summed(names: Names, binding: Binding) -> bool:
    """Whether the name is augmented, and all that else is done with it is to use its value."""
    summed = False
    for other in binding.scope.names[binding.name]:
        summed = summed or isinstance(names.parents.get(other.node), ast.AugAssign)
    for use in names.uses:
        if binding not in use.bindings:
            continue
        call = names.parents.get(use.node)
        held = isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("set_value", "update", "update_add")
        if held or use.attrs:
            return False
    return summed
