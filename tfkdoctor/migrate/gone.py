"""Names that are gone from the target: what is said of them, and which of their imports go with the last use."""

from __future__ import annotations

import ast

from tfkdoctor.migrate import gone_aliases
from tfkdoctor.migrate.context import Context, graph_trouble
from tfkdoctor.migrate.names import Binding
from tfkdoctor.migrate.plans import CallPlan, ImportPlan, Reference, Trouble
from tfkdoctor.model import Severity

_NO_HOME = "find its replacement in the release notes, or keep a copy of it in the project"


def plan_drop(context: Context, binding: Binding, canonical: str, start: int, end: int) -> None:
    """The import of what is gone goes too, if nothing is left that uses it: see `settle_imports`."""
    code = _gone_code(context, canonical)
    context.moves[binding] = ImportPlan(
        id=context.id(code, start),
        code=code,
        start=start,
        end=end,
        message=f"`{canonical}` is gone from the target, and nothing needs its import any more",
        severity=Severity.ERROR,
        name=canonical,
        binding=binding,
    )


def settle_imports(context: Context) -> None:
    """Keep the plan to drop an import only where every use of its name is done away with, and nobody else takes it.

    The import of a name that lives goes as well, if each call of it has another callee.
    """
    replaced = {p.id for p in context.found.plans if isinstance(p, CallPlan) and p.callee and p.silent}
    for binding, plan in list(context.moves.items()):
        if binding.kind == "star":
            continue
        uses = [u for u in context.survey.names.uses if binding in u.bindings]
        references = {id(r.use): r for r in context.found.references if binding in r.bindings}
        if plan.target and uses and all(_is_called_module(context, references.get(id(u))) for u in uses):
            plan.target = ""  # `merge`, a function of Keras 1 that is a module today, and no call of it is left
            plan.message = f"`{plan.name}` was a function, and nothing needs its import any more"
        elsewhere = bool(uses) and all(context.covered.get(u.parts[0]) in replaced for u in uses)
        if plan.target and elsewhere and not context.is_taken(binding):
            plan.target = ""
            plan.message = f"nothing needs the import of `{plan.name}` any more: each call of it is of another name"
        if plan.target:
            continue
        anew = gone_aliases.written_anew(context, references.values())
        left = [u for u in uses if id(u) not in references or references[id(u)].node not in context.covered]
        left = [u for u in left if id(u) not in anew]
        if left or context.is_taken(binding):
            del context.moves[binding]
            tell_import(context, binding, plan.name, plan.start, plan.end)
        else:
            plan.requires |= {context.covered.get(references[id(u)].node) or anew[id(u)] for u in uses}


def _is_called_module(context: Context, reference: Reference | None) -> bool:
    called = reference is not None and reference.kind == "module" and reference.size == 0
    return called and reference is not None and reference.node in context.covered


def tell_import(context: Context, binding: Binding, canonical: str, start: int, end: int) -> None:
    """Say of an import that what it names is gone, or private and there by chance."""
    row = next(iter(context.knowledge.rows("removed", canonical)), None)
    code = _gone_code(context, canonical)
    if context.graph is not None and code == "TFK204" and not context.compat:
        graph_trouble(context, canonical, start, end, row.help if row is not None else "")
        return
    help_text = row.help if row is not None else _NO_HOME
    there = "is private: it is there today, and may go without notice"
    message = f"`{canonical}` {there if _is_there(context, code) else 'is gone from the target'}"
    message, severity = _judged(context, code, message, binding.statement, canonical.startswith("tensorflow"))
    context.found.troubles.append(Trouble(code, start, end, message, help_text, severity, name=canonical))


def _is_there(context: Context, code: str) -> bool:
    """Whether names under this code can still be imported, though no API has them."""
    return context.knowledge.rules[code].severity is Severity.HINT


def _judged(
    context: Context, code: str, message: str, node: ast.AST | None, may_be_missed: bool
) -> tuple[str, Severity]:
    """What is said, and how grave it is where the program knows that the name may be missing."""
    if node is not None and may_be_missed and context.is_handled(node):
        return f"{message}; the program goes another way there", Severity.HINT
    if node is not None and context.is_fallback(node):
        return f"{message}; the program comes here only where something is missing that the target has", Severity.HINT
    return message, context.knowledge.rules[code].severity or Severity.ERROR


def tell_use(context: Context, reference: Reference, start: int, end: int) -> None:
    """Say of a use that its name is gone; nothing where its import has said so already."""
    name = reference.name
    if any(trouble.start == start for trouble in context.found.troubles) or _import_is_gone(context, reference):
        return
    paths = (name, name.removeprefix("tensorflow."))  # a gone name that has moved with its import is gone still
    row = next((row for path in paths for row in context.knowledge.rows("removed", path)), None)
    keras = name.startswith("keras.") or ".keras." in name
    if not keras and context.graph is not None and not context.compat:
        graph_trouble(context, name, start, end, row.help if row is not None else "")
        return
    code = row.code if row is not None else "TFK202" if keras else "TFK204"
    help_text = row.help if row is not None else _NO_HOME
    if _is_there(context, code) and any(
        name.startswith(f"{t.name}.") for t in context.found.troubles if t.code == code
    ):
        return  # its import tells of it
    private = name.startswith("tensorflow.python.")
    message = f"`{name}` is private and moves without notice" if private else f"`{name}` does not exist in the target"
    message, severity = _judged(context, code, message, reference.node, not keras)
    context.found.troubles.append(
        Trouble(code, start, end, message, help_text, severity, context.movable(reference.bindings), name=name)
    )


def _import_is_gone(context: Context, reference: Reference) -> bool:
    """Whether the import of this very name was reported already: its uses add nothing."""
    return reference.size == 0 and any(
        isinstance(b.node, ast.alias) and b.canonical == reference.name and b not in context.moves
        for b in reference.bindings
    )


def _gone_code(context: Context, canonical: str) -> str:
    row = next(iter(context.knowledge.rows("removed", canonical)), None)
    keras = canonical.startswith("keras") or ".keras" in canonical
    return row.code if row is not None else "TFK202" if keras else "TFK204"
