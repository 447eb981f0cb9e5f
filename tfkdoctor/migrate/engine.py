"""Rewrites one file in memory: survey, match, choose, render, prove. Pure: no IO, picklable in and out."""

from __future__ import annotations

import ast

from tfkdoctor.knowledge import Knowledge
from tfkdoctor.migrate import imports, plan, prove, templates
from tfkdoctor.migrate.context import Context
from tfkdoctor.migrate.link import ProjectFacts, module_name, package_name
from tfkdoctor.migrate.match import match
from tfkdoctor.migrate.plan import Chosen, choose
from tfkdoctor.migrate.plans import CallPlan, ImportPlan, Plan, TemplatePlan, Trouble, UsePlan
from tfkdoctor.migrate.suppress import Ignores, read_ignores, spread
from tfkdoctor.migrate.survey import survey_module
from tfkdoctor.model import Edit, FileResult, Finding, Fix, Outcome, Settings
from tfkdoctor.text import Lines, Source, apply_edits

_ROUNDS = 6  # of proof; each one takes at least one plan out


def migrate(
    source: Source,
    facts: ProjectFacts,
    settings: Settings,
    knowledge: Knowledge,
    excluded: frozenset[str] = frozenset(),
) -> FileResult:
    """Rewrite one file in memory; never touches the disk and never raises for bad input.

    `excluded` are ids of fixes that must not be applied; what depends on them is left out as well.
    """
    survey = survey_module(source, module_name(source.path), package_name(source.path))
    if isinstance(survey, Finding):
        return FileResult(source.path, Outcome.REFUSED, (survey,))
    ignores = spread(read_ignores(source.text), survey.tree)
    context = match(survey, facts, knowledge, settings)
    _drop_unrenderable(context)
    failed: dict[str, str] = {}
    for _ in range(_ROUNDS):
        chosen = choose(context, excluded | frozenset(failed), ignores.lines | _file_wide(context, ignores))
        edits = _edits(context, chosen)
        flat = [edit for es in edits.values() for edit in es]
        text = apply_edits(source.text, flat)
        unproven = prove.prove(context, chosen, flat, text) if flat else {}
        unproven = {id_: reason for id_, reason in unproven.items() if id_ not in failed}
        if not unproven:
            break
        failed |= unproven
    else:  # it did not come to rest: nothing is applied
        chosen, edits, flat = choose(context, frozenset(_ids(context)), frozenset()), {}, []
    return _result(context, chosen, edits, text if flat else source.text, failed, ignores)


def _ids(context: Context) -> list[str]:
    plans: list[Plan] = [*context.moves.values(), *context.found.plans]
    return [id_ for plan in plans for id_, _, _ in plan.reasons()]


def _file_wide(context: Context, ignores: Ignores) -> frozenset[tuple[str, int]]:
    lines = range(1, len(context.survey.lines.starts) + 1)
    return frozenset((code, line) for code in ignores.file for line in lines)


def _drop_unrenderable(context: Context) -> None:
    """A call that cannot be written anew without loss is trouble, not a plan."""
    calls = [p for p in context.found.plans if isinstance(p, CallPlan)]
    if not calls:
        return
    from tfkdoctor.migrate import render  # imports LibCST, which a file without a changed call does not need

    for call_plan in calls:
        try:
            render.call_edits(call_plan, context.survey.lines, (), {})
        except render.RenderError as error:
            context.found.plans.remove(call_plan)
            context.found.troubles.append(
                Trouble(
                    call_plan.code,
                    call_plan.start,
                    call_plan.end,
                    call_plan.message,
                    f"rewrite it by hand: {error}",
                    bindings=call_plan.bindings,
                    silent=call_plan.silent,
                    name=call_plan.name,
                )
            )


def _edits(context: Context, chosen: Chosen) -> dict[str, tuple[Edit, ...]]:
    """Plan id -> edits: names first, then calls from the inside out, then import statements."""
    lines = context.survey.lines
    edits: dict[str, tuple[Edit, ...]] = {}
    for one in chosen.plans:
        if isinstance(one, UsePlan) and one.reference is not None:
            use = one.reference.use
            edits[one.id] = (Edit(lines.start(use.root), lines.end(one.reference.node), chosen.texts[one.id]),)
        elif not isinstance(one, ImportPlan | CallPlan | TemplatePlan):
            edits[one.id] = one.edits
    nested = [(_size(p, lines), n, p) for n, p in enumerate(chosen.plans) if isinstance(p, CallPlan | TemplatePlan)]
    if any(isinstance(p, CallPlan) for _, _, p in nested):
        from tfkdoctor.migrate import render
    for _, _, one in sorted(nested, key=lambda entry: entry[:2]):
        inner = [edit for es in edits.values() for edit in es]
        words = chosen.words.get(one.id, {})
        if isinstance(one, CallPlan):
            edits[one.id] = render.call_edits(one, lines, inner, words)
        else:
            edits[one.id] = templates.change_edits(one, lines, inner, words)
    for id_, made in _import_edits(context, chosen).items():
        edits[id_] = (*edits.get(id_, ()), *made)
    return edits


def _size(one: CallPlan | TemplatePlan, lines: Lines) -> tuple[int, bool]:
    """What orders plans from the inside out; a call comes before a template around it."""
    if isinstance(one, CallPlan) and one.call is not None:
        return lines.end(one.call) - lines.start(one.call), False
    return (templates.size_of(one, lines), True) if isinstance(one, TemplatePlan) else (0, False)


def _import_edits(context: Context, chosen: Chosen) -> dict[str, tuple[Edit, ...]]:
    """The edits of each statement belong to the first of its aliases that moves."""
    statements: dict[ast.stmt, dict[ast.alias, ImportPlan]] = {}
    for binding, move in chosen.moved.items():
        if binding.statement is not None and isinstance(binding.node, ast.alias):
            statements.setdefault(binding.statement, {})[binding.node] = move
    edits: dict[str, tuple[Edit, ...]] = {}
    seen: set[tuple[ast.AST | None, tuple[imports.Spelling, ...]]] = set()
    for statement in sorted({*statements, *chosen.extra}, key=lambda s: (s.lineno, s.col_offset)):
        assert isinstance(statement, ast.Import | ast.ImportFrom)
        moves = statements.get(statement, {})
        moved = {alias: plan.spellings(context, chosen, move) for alias, move in moves.items()}
        extra = chosen.extra.get(statement, [])
        key = (_block(context, statement), tuple(s for a in statement.names for s in moved.get(a, ())))
        made = imports.statement_edits(statement, moved, extra, context.survey.lines, context.survey.names, key in seen)
        seen.add(key)
        owner = next((m.id for a in statement.names if (m := moves.get(a)) is not None), None)
        if owner is None:
            owner = chosen.asked[statement]
        edits[owner] = (*edits.get(owner, ()), *made)
        for move in moves.values():
            edits.setdefault(move.id, ())
    return edits


def _block(context: Context, statement: ast.stmt) -> ast.AST | None:
    """What tells apart statements of different blocks: the parent, and which of its lists it stands in."""
    parent = context.survey.names.parents.get(statement)
    return getattr(parent, "body", [None])[0] if statement in getattr(parent, "body", []) else statement


def _result(
    context: Context,
    chosen: Chosen,
    edits: dict[str, tuple[Edit, ...]],
    text: str,
    failed: dict[str, str],
    ignores: Ignores,
) -> FileResult:
    lines = context.survey.lines
    fixes = tuple(fix for one in chosen.plans for fix in _fixes(one, edits, chosen, context))
    findings = []
    for one in [*context.moves.values(), *context.found.plans]:
        for id_, code, message in one.reasons():
            if not ignores.hides(code, lines.position(one.start)[0]) and plan.wanted_code(code, context.settings):
                findings.append(_finding(context, one, id_, code, message, chosen, failed))
    for trouble in context.found.troubles:
        if not ignores.hides(trouble.code, lines.position(trouble.start)[0]) and plan.wanted_code(
            trouble.code, context.settings
        ):
            findings.append(
                Finding(
                    trouble.code,
                    trouble.message,
                    trouble.severity,
                    context.path,
                    lines.span(trouble.start, trouble.end),
                    trouble.help,
                    name=trouble.name,
                )
            )
    findings = _told_once(findings)
    changed = text != context.survey.source.text
    ordered = sorted(set(findings), key=lambda f: (f.span, f.code, f.message))
    rewritten = {id(r) for r in context.found.references if any(b in chosen.moved for b in r.bindings)}
    rewritten |= {id(p.reference) for p in chosen.plans if isinstance(p, UsePlan)}
    called = {id(p.call.func) for p in chosen.plans if isinstance(p, CallPlan) and p.call is not None}
    standing = {p.id for p in chosen.plans}
    called |= {id(node) for node, id_ in context.covered.items() if id_ in standing}
    rewritten |= {id(r) for r in context.found.references if id(r.node) in called}
    return FileResult(
        path=context.path,
        outcome=Outcome.CHANGED if changed else Outcome.CLEAN,
        findings=tuple(ordered),
        fixes=fixes,
        text=text if changed else None,
        references=len(context.found.references) + len(context.moves),
        rewritten=len(rewritten) + len(chosen.moved),
        holds=frozenset(chosen.holds),
    )


def _told_once(findings: list[Finding]) -> list[Finding]:
    """What gives other numbers is said once per file, at the first place that no comment ignores."""
    kept, told = [], set()
    for finding in sorted(findings, key=lambda f: (f.span is None, f.span)):
        if finding.code != "TFK504" or finding.message not in told:
            kept.append(finding)
        told.add(finding.message)
    return kept


def _fixes(one: Plan, edits: dict[str, tuple[Edit, ...]], chosen: Chosen, context: Context) -> list[Fix]:
    """The fixes of a plan, one per rule that has a part in it; they stand and fall together."""
    requires = set(one.requires) | {context.moves[b].id for b in one.bindings if b in chosen.moved}
    if isinstance(one, ImportPlan) and one.binding is not None:
        requires |= {p.id for p in chosen.plans if p.silent and one.binding in p.bindings}
        requires |= {
            m.id for b, m in chosen.moved.items() if b.statement is one.binding.statement and b is not one.binding
        }
    pieces = {f"support:{n.removeprefix('support.')}" for n in chosen.words.get(one.id, {}) if n.startswith("support.")}
    ids = {id_ for id_, _, _ in one.reasons()}
    return [
        Fix(id_, code, edits.get(id_, ()), one.safety, frozenset((requires | ids) - {id_}), one.needs | pieces)
        for id_, code, _ in one.reasons()
    ]


def _finding(
    context: Context, one: Plan, id_: str, code: str, message: str, chosen: Chosen, failed: dict[str, str]
) -> Finding:
    reason = chosen.fallen.get(one.id)
    help_text = one.help
    if one.id in failed:
        help_text = f"the proof of this fix failed ({failed[one.id]}); it is left alone, please report it"
    elif reason is not None and reason != "excluded":
        help_text = f"{one.help}; {reason}" if one.help else reason
    span = context.survey.lines.span(one.start, one.end)
    fix = id_ if reason is None else None
    return Finding(code, message, one.severity, context.path, span, help_text, fix=fix, name=one.name)
