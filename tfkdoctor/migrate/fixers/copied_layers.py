"""`copy.deepcopy(layer)`, which Keras 3 does by saving and loading: it does not find a class of the program's own."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Change, TemplatePlan, Trouble
from tfkdoctor.migrate.survey import join
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context


def run(context: Context, row: Row) -> None:
    """Plan a copy by configuration for each thing that is shown to be a layer."""
    calls = context.survey.names.calls_of.get("deepcopy", ())
    if not calls or not context.moves:
        return
    for call in calls:
        use = context.survey.names.use_of.get(call.func)
        if use is None or "copy.deepcopy" not in {name for _, name in context.survey.canonicals(use)}:
            continue
        if len(call.args) != 1 or call.keywords or not _is_layer(context, call.args[0]):
            continue
        lines = context.survey.lines
        start, end = lines.start(call), lines.end(call)
        message = "`copy.deepcopy` of a layer does not find a class of the program's own today"
        if not context.settings.support:
            way = "make the copy with `type(layer).from_config(layer.get_config())`"
            context.found.troubles.append(Trouble(row.code, start, end, message, way))
            continue
        changes = (Change(start, end, ("{@support.copied}(", call.args[0], ")")),)
        context.add(
            TemplatePlan(
                id=context.id(row.code, start),
                code=row.code,
                start=start,
                end=end,
                message=message,
                severity=Severity.ERROR,
                introduces=introduced(changes),
                changes=changes,
                scope=use.scope,
            )
        )


def _is_layer(context: Context, node: ast.expr) -> bool:
    """Whether a node is a layer, such as the `self.layer` of a Wrapper."""
    if context.symbols.is_layer(node):
        return True
    use = context.survey.names.use_of.get(node)
    if use is None or use.root.id != "self" or use.attrs != ("layer",):
        return False
    owner = use.scope.enclosing_class()
    ancestors = context.types.ancestors(join(context.survey.module, owner.qualname)) if owner is not None else ()
    return any(name.startswith("keras.") and name.endswith(".Wrapper") for name in ancestors)
