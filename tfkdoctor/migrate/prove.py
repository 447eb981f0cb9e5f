"""Reads the new text again: outside edits every name means what it meant, inside exactly what was declared."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence

from tfkdoctor.migrate.context import Context
from tfkdoctor.migrate.names import Use
from tfkdoctor.migrate.plan import Chosen
from tfkdoctor.migrate.plans import CallPlan, Plan, Reference, UsePlan
from tfkdoctor.migrate.survey import Survey, survey_module
from tfkdoctor.model import Edit, Finding
from tfkdoctor.spellings import same_name
from tfkdoctor.text import Source


class Shift:
    """Maps offsets of the original to offsets of the new text."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self.edits = outermost(edits)

    def __call__(self, offset: int) -> int | None:
        """The new offset, or None for what lies within replaced text."""
        delta = 0
        for edit in self.edits:
            if edit.end <= offset:
                delta += len(edit.text) - (edit.end - edit.start)
            elif edit.start < offset or (edit.start == offset and edit.end > offset):
                return None if edit.start < offset else edit.start + delta
            else:
                break
        return offset + delta

    def replaces(self, start: int, end: int) -> bool:
        """Whether what lies there is the beginning of something longer that has another text now."""
        return any(edit.start == start and edit.end > end for edit in self.edits)


def outermost(edits: Sequence[Edit]) -> list[Edit]:
    """Edits in order, without those that lie inside another one."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start, e.end > e.start, -e.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def prove(context: Context, chosen: Chosen, edits: Sequence[Edit], text: str) -> dict[str, str]:
    """Plan ids that fail, with the reason; empty if the new text is right."""
    old = context.survey
    source = Source(old.path, b"", text, old.source.encoding, old.source.bom)
    new = survey_module(source, old.module, old.package)
    if isinstance(new, Finding):
        return {plan.id: f"the result does not parse: {new.message}" for plan in chosen.plans}
    error = _compile_error(text, old.path)
    if error is not None and _compile_error(old.source.text, old.path) is None:
        return {plan.id: f"the result does not compile: {error}" for plan in chosen.plans}
    shift = Shift(edits)
    at = {new.lines.start(use.root): use for use in new.names.uses}
    failed: dict[str, str] = {}
    plans = {id(p.reference): p for p in chosen.plans if isinstance(p, UsePlan)}
    reported = {trouble.start for trouble in context.found.troubles}
    standing = {plan.id for plan in chosen.plans}
    for reference in context.found.references:
        if context.covered.get(reference.node) in standing:
            continue  # done away with by a plan, which declares what takes its place
        plan = plans.get(id(reference))
        if plan is None and context.covered.get(reference.node) in standing:
            continue  # another plan has done away with it
        start = old.lines.start(reference.use.root)
        position = shift(start)
        found = at.get(position) if position is not None else None
        if context.covered.get(reference.node) in standing:
            continue  # something else stands there, which the plan has declared
        if plan is None and shift.replaces(start, old.lines.end(reference.use.root)) and not _is_at(found, reference):
            continue  # moved along within what has another text now
        if position is None or (plan is None and start in reported):
            continue
        wanted = _expected(chosen, reference, plan)
        if wanted is None:
            continue
        wanted = same_name(wanted)
        got = _meanings(context, new, found) if found is not None else set()
        if plan is None and _at_home(reference) in got:
            continue  # through another name, or another file, that moves
        if wanted.startswith("support.") and any(_is_piece(context, wanted, name) for name in got):
            continue
        through = bool(reference.providers) and any(_aliased(wanted, g) for g in got)
        if wanted not in got and not through:
            culprits: list[Plan] = (
                [plan] if plan is not None else [p for b, p in chosen.moved.items() if b in reference.bindings]
            )
            for culprit in culprits or chosen.plans:
                failed[culprit.id] = f"`{wanted}` was meant, the result says {', '.join(sorted(got)) or 'nothing'}"
    failed.update(_unproven_calls(context, chosen, new, shift))
    failed.update(_strangers(context, chosen, new, shift, old))
    return failed


def _is_at(found: Use | None, reference: Reference) -> bool:
    return found is not None and found.root.id == reference.use.root.id


def _compile_error(text: str, path: str) -> Exception | None:
    """What Python says of a text beyond its grammar, such as a repeated keyword; its warnings are the author's."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return error
    return None


def _expected(chosen: Chosen, reference: Reference, plan: UsePlan | None) -> str | None:
    """The canonical name that the place must have in the result."""
    rest = reference.use.attrs[reference.size :]
    if plan is not None:
        return ".".join([plan.target, *rest])
    moved = [b for b in reference.bindings if b in chosen.moved]
    if moved:
        if reference.home is None:
            return None  # dead before, dead now: a finding of its own
        return ".".join([reference.home.name, *rest])
    return ".".join([reference.name, *rest])


def _at_home(reference: Reference) -> str:
    return ".".join([reference.home.name if reference.home else "", *reference.use.attrs[reference.size :]])


def _meanings(context: Context, survey: Survey, use: Use) -> set[str]:
    names = {same_name(context.facts.follow(context.path, canonical)) for _, canonical in survey.canonicals(use)}
    for binding in use.bindings:
        if binding.kind == "star" and binding.canonical:
            names.add(context.facts.follow(context.path, ".".join([binding.canonical, use.root.id, *use.attrs])))
    return {context.knowledge.meant(name) for name in names}


def _is_piece(context: Context, wanted: str, got: str) -> bool:
    """Whether a name of the support module is the piece that was meant."""
    module = f"{context.settings.support_name}.{wanted.removeprefix('support.')}"
    return got == module or got.endswith("." + module)


def _aliased(wanted: str, got: str) -> bool:
    """Through a module of the project that moves in the same run, the old name still shows here."""
    return got.startswith("keras.") and wanted.startswith("tensorflow.keras.")


def _unproven_calls(context: Context, chosen: Chosen, new: Survey, shift: Shift) -> dict[str, str]:
    """Every call that was to change must have exactly the arguments that its plan says, under these keywords."""
    failed = {}
    calls = {(new.lines.start(call), len(_chain(call))): call for call, _ in new.names.calls}
    for plan in chosen.plans:
        if not isinstance(plan, CallPlan) or plan.call is None or plan.items is None:
            continue
        if shift.replaces(context.survey.lines.start(plan.call), context.survey.lines.end(plan.call)):
            continue  # the receiver of what is written anew: `Adam(lr=0.1).get_updates(…)`
        position = shift(context.survey.lines.start(plan.call))
        links = len(_chain(plan.call))
        if plan.callee is not None:  # it is called by another name, of as many parts as that is spelled with
            links = _parts(chosen, plan)
        call = calls.get((position, links)) if position is not None else None
        if call is None:
            continue  # it stands in an argument that has gone, or was written anew within another call
        wanted = [item.keyword for item in plan.items]
        have = [None] * len(call.args) + [k.arg for k in call.keywords]
        if sorted(wanted, key=str) != sorted(have, key=str):
            shown = ", ".join(k or "…" for k in have)
            failed[plan.id] = f"the call has the arguments ({shown}) in the result"
    return failed


def _parts(chosen: Chosen, plan: CallPlan) -> int:
    """How many attributes the new callee is spelled with: `keras.layers.add` has two."""
    name = (plan.callee or "").removeprefix("{@").removesuffix("}")
    return chosen.words.get(plan.id, {}).get(name, name).count(".")


def _chain(call: ast.Call) -> list[ast.AST]:
    """The calls and attributes that a call is chained on, so that like is compared with like."""
    found: list[ast.AST] = []
    node: ast.AST = call.func
    while isinstance(node, ast.Attribute | ast.Call):
        found.append(node)
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return found


def _strangers(context: Context, chosen: Chosen, new: Survey, shift: Shift, old: Survey) -> dict[str, str]:
    """Names of the library at new places: declared by a plan and alive in the target, or moved along in an argument."""
    before = {shift(old.lines.start(use.root)) for use in old.names.uses}
    declared = {name for plan in chosen.plans for name in plan.introduces if not name.startswith("support.")}
    failed = {
        plan.id: f"`{n}` does not exist" for plan in chosen.plans for n in plan.introduces if _is_dead(context, n)
    }
    moved = {name.rpartition(".")[2] for use in old.names.uses for _, name in old.canonicals(use)}
    for use in new.names.uses:
        if new.lines.start(use.root) in before:
            continue
        for name in _meanings(context, new, use):
            root = name.partition(".")[0]
            known = any(name == d or name.startswith(d + ".") for d in declared)
            if root in ("keras", "tensorflow") and not known and name.rpartition(".")[2] not in moved:
                failed.update({p.id: f"the result brings in `{name}`, which nothing declared" for p in chosen.plans})
    return failed


def _is_dead(context: Context, name: str) -> bool:
    return name.partition(".")[0] == "tensorflow" and not context.knowledge.exists(name)
