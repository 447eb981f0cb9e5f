"""Decides which plans of a file stand: lets fall what is ignored, unsafe or held, and all that depends on it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tfkdoctor.migrate.context import Context
from tfkdoctor.migrate.imports import Spelling, spelling
from tfkdoctor.migrate.names import Binding, Scope, lookup
from tfkdoctor.migrate.plans import CallPlan, ImportPlan, Plan, TemplatePlan, Trouble, UsePlan
from tfkdoctor.migrate.templates import NAME, names_of
from tfkdoctor.model import Safety, Settings
from tfkdoctor.spellings import target_name
from tfkdoctor.support import pieces


@dataclass(slots=True, eq=False)
class Chosen:
    """The plans that stand, and why each of the others fell."""

    plans: list[Plan] = field(default_factory=list)
    fallen: dict[str, str] = field(default_factory=dict)  # plan id -> reason
    moved: dict[Binding, ImportPlan] = field(default_factory=dict)
    extra: dict[ast.stmt, list[Spelling]] = field(default_factory=dict)  # imports to add beside a statement
    asked: dict[ast.stmt, str] = field(default_factory=dict)  # the plan that asked for them first
    texts: dict[str, str] = field(default_factory=dict)  # UsePlan id -> what to write
    words: dict[str, dict[str, str]] = field(
        default_factory=dict
    )  # CallPlan id -> canonical name of a template -> text
    holds: set[str] = field(default_factory=set)  # fixes of other files that must not happen
    stars: dict[Binding, tuple[Spelling, ...]] = field(default_factory=dict)


def choose(context: Context, excluded: frozenset[str], ignored: frozenset[tuple[str, int]]) -> Chosen:
    """Let fall what may not be applied, to a fixed point, then find the words for what stands.

    `excluded` are plan ids; `ignored` are (code, line) of ignore comments, the code "" for all of a line.
    """
    chosen = Chosen()
    plans: list[Plan] = [*context.moves.values(), *context.found.plans]
    _spread_stars(context, chosen)
    _separate_arms(context)
    for plan in plans:
        reason = _unwanted(plan, context, excluded, ignored)
        if reason:
            chosen.fallen[plan.id] = reason
    for trouble in context.found.troubles:
        if trouble.silent:
            _hold(context, chosen, trouble.bindings, _because(context, trouble))
            chosen.holds |= trouble.providers
    _fall(context, plans, chosen)
    chosen.plans = [p for p in plans if p.id not in chosen.fallen]
    chosen.moved = {b: p for b, p in context.moves.items() if p.id not in chosen.fallen}
    for plan in chosen.plans:
        if isinstance(plan, UsePlan) and plan.reference is not None:
            use = plan.reference.use
            bindings = plan.reference.bindings
            root = use.root.id if set(bindings) <= set(use.bindings) else ""  # an alias means a part of its import
            chosen.texts[plan.id] = _express(
                context, chosen, plan.target, use.scope, bindings, root, _needed_by(use.scope, plan.start)
            )
        elif isinstance(plan, CallPlan | TemplatePlan) and plan.scope is not None:
            names = names_of(plan.changes) if isinstance(plan, TemplatePlan) else _names_in_call(plan)
            bindings = plan.bindings or tuple(chosen.moved)
            roots = _roots(context, plan)
            needed_by = _needed_by(plan.scope, plan.start)
            chosen.words[plan.id] = {
                name: _by_root(context, chosen, context.knowledge.written(target_name(name)), roots)
                or _express(context, chosen, target_name(name), plan.scope, bindings, "", needed_by)
                for name in names
            }
        for statement in chosen.extra:
            chosen.asked.setdefault(statement, plan.id)
    return chosen


def _roots(context: Context, plan: CallPlan | TemplatePlan) -> dict[str, tuple[Binding, ...]]:
    """The names within a function through which the code that a plan does away with reached the library."""
    use_of = context.survey.names.use_of
    uses = [use_of[node] for node, id_ in context.covered.items() if id_ == plan.id and node in use_of]
    module = context.survey.names.module
    local = (u for u in uses if u.bindings and all(b.imported and b.scope is not module for b in u.bindings))
    return {use.root.id: use.bindings for use in local}


def _by_root(context: Context, chosen: Chosen, target: str, roots: Mapping[str, tuple[Binding, ...]]) -> str:
    """A canonical name through one of these, "" where none leads to it."""
    for root, bindings in roots.items():
        meaning = _meaning(context, chosen, bindings)
        if meaning is not None and target.startswith(meaning + "."):
            return root + target[len(meaning) :]
    return ""


def _names_in_call(plan: CallPlan) -> list[str]:
    texts = [p for item in plan.items or () for p in item.pieces if isinstance(p, str)] + [plan.callee or ""]
    return [name for text in texts for name in NAME.findall(text)]


def wanted_code(code: str, settings: Settings) -> bool:
    """Whether `--select` and `--ignore` let a code through; both take prefixes."""
    selected = not settings.select or any(code.startswith(s) for s in settings.select)
    return selected and not any(code.startswith(i) for i in settings.ignore)


def _unwanted(plan: Plan, context: Context, excluded: frozenset[str], ignored: frozenset[tuple[str, int]]) -> str:
    line = context.survey.lines.position(plan.start)[0]
    for id_, code, _ in plan.reasons():
        if id_ in excluded:
            return "excluded"
        if not wanted_code(code, context.settings):
            return f"{code} is not selected"
        if (code, line) in ignored or ("", line) in ignored:
            return "ignored by a comment"
    asked = {name.removeprefix("support.") for name in plan.introduces if name.startswith("support.")}
    if asked and not asked <= set(pieces(context.knowledge.keras_generation)):
        return "the support code that it needs is for Keras 3 alone"
    if plan.safety is Safety.UNSAFE and not context.settings.unsafe:
        return "unsafe: apply it with --unsafe"
    return "by hand" if plan.safety is Safety.MANUAL else ""


def _because(context: Context, trouble: Trouble) -> str:
    line = context.survey.lines.position(trouble.start)[0]
    return f"held: moving it would silently change line {line} ({trouble.message})"


def _hold(context: Context, chosen: Chosen, bindings: Iterable[Binding], reason: str) -> None:
    for binding in bindings:
        plan = context.moves.get(binding)
        if plan is not None:
            chosen.fallen.setdefault(plan.id, reason)


def _separate_arms(context: Context) -> None:
    """A name that several arms bind is moved safely only if all of them come to the same."""
    for binding, plan in context.moves.items():
        if binding.kind == "star":
            continue
        for other in binding.scope.names.get(binding.name, ()):
            if other is binding or not other.imported or other.canonical is None:
                continue
            twin = context.moves.get(other)
            meaning = twin.target if twin is not None else other.canonical
            same = other.canonical == binding.canonical or _both_top(binding, other)
            same = same or context.knowledge.is_same(meaning, plan.target)
            if not same and plan.safety is Safety.SAFE:
                plan.safety = Safety.UNSAFE
                plan.help = f"another import binds `{binding.name}` to `{meaning}`: decide which one the program needs"


def _both_top(binding: Binding, other: Binding) -> bool:
    """`import keras.backend` and `import keras.layers` both bind `keras`."""
    return (binding.canonical or "").partition(".")[0] == other.canonical and binding.canonical == binding.name


def _fall(context: Context, plans: list[Plan], chosen: Chosen) -> None:
    """All or nothing per binding, to a fixed point; the set of the fallen only grows, so this ends."""
    stands = True
    while stands:
        before = len(chosen.fallen)
        for plan in plans:
            if plan.id not in chosen.fallen:
                _fall_with_needs(context, plan, chosen)
            elif plan.silent:
                chosen.holds |= plan.providers
                line = context.survey.lines.position(plan.start)[0]
                reason = chosen.fallen[plan.id]
                _hold(
                    context,
                    chosen,
                    plan.bindings,
                    f"held: the change in line {line} that it needs does not happen ({reason})",
                )
        for binding, move in context.moves.items():
            if move.id in chosen.fallen:
                twins = [b for b in binding.scope.names.get(binding.name, ()) if b is not binding and b.name != "*"]
                _hold(
                    context, chosen, twins, f"held: another import of `{binding.name}` stays ({chosen.fallen[move.id]})"
                )
        stands = len(chosen.fallen) != before


def _fall_with_needs(context: Context, plan: Plan, chosen: Chosen) -> None:
    for binding in plan.bindings:
        move = context.moves.get(binding)
        if move is not None and move.id in chosen.fallen:
            chosen.fallen[plan.id] = f"its import stays ({chosen.fallen[move.id]})"
            return
    for needed in plan.requires:
        if needed in chosen.fallen:
            chosen.fallen[plan.id] = f"{needed} does not happen"
            return


def _spread_stars(context: Context, chosen: Chosen) -> None:
    """Decide for each star import that moves: a star again where the sets allow it, else the names that are used."""
    for binding, plan in context.moves.items():
        if binding.kind != "star" or binding.canonical is None:
            continue
        used = [r for r in context.found.references if binding in r.bindings]
        old = context.knowledge.origin_star(binding.canonical)
        names = {r.use.root.id for r in used} | (old & context.facts.taken.get(context.path, frozenset()))
        new = context.knowledge.star_names(plan.target) if plan.target else frozenset()
        homes = {name: context.knowledge.home(f"{binding.canonical}.{name}") for name in names}
        roots = {use.root.id for use in context.survey.names.uses} | set(context.survey.names.module.names)
        keeps = all(h is not None and h.name == f"{plan.target}.{n}" and n in new for n, h in homes.items())
        if plan.target and keeps and not (new - old) & roots:
            continue
        written = {n: context.knowledge.written(h.name) for n, h in sorted(homes.items()) if h is not None}
        spread = [Spelling(name.rpartition(".")[0], name.rpartition(".")[2], n) for n, name in written.items()]
        chosen.stars[binding] = tuple(spread)
        plan.message = (
            f"`from {binding.canonical} import *` brings {', '.join(sorted(names)) or 'nothing that is used'}"
        )
        if not spread and not plan.target:
            chosen.fallen[plan.id] = "nothing of it lives on the target"


def _needed_by(scope: Scope, start: int) -> int | None:
    """Where a name must be imported that is used at this place, if that runs while the module itself does."""
    current: Scope | None = scope
    while current is not None:
        if current.kind == "function":
            return None
        current = current.parent
    return start


def _express(
    context: Context,
    chosen: Chosen,
    target: str,
    scope: Scope,
    bindings: tuple[Binding, ...],
    root: str,
    needed_by: int | None,
) -> str:
    """Words for a canonical name at this place: through its own root, another import in sight, else a new import."""
    target = context.knowledge.written(target)
    own = _meaning(context, chosen, bindings) if root else None
    if own is not None and (target == own or target.startswith(own + ".")):
        return root + target[len(own) :]
    best: tuple[int, str, str] | None = None
    for name, meaning in _in_sight(context, chosen, scope, needed_by):
        if (target + ".").startswith(meaning + ".") and (best is None or len(meaning) > best[0]):
            best = (len(meaning), name, meaning)
    if best is not None:
        return best[1] + target[len(best[2]) :]
    return _import_besides(context, chosen, _around(scope, bindings), target, needed_by)


def _around(scope: Scope, bindings: Iterable[Binding]) -> tuple[Binding, ...]:
    """Those that can be seen from a scope: what is used here is not imported within another function."""
    seen: list[Scope] = []
    current: Scope | None = scope
    while current is not None:
        seen.append(current)
        current = current.parent
    return tuple(b for b in bindings if b.scope in seen)


def _meaning(context: Context, chosen: Chosen, bindings: Iterable[Binding]) -> str | None:
    meanings = set()
    for binding in bindings:
        if binding.kind == "star":
            return None
        plan = chosen.moved.get(binding)
        meanings.add(
            context.knowledge.written(plan.target)
            if plan is not None
            else _through_project(context, binding.canonical or "")
        )
    return meanings.pop() if len(meanings) == 1 else None


def _through_project(context: Context, canonical: str) -> str:
    """What a name of the project means once its own import has moved."""
    if not context.facts.is_own(context.path, canonical):
        return canonical
    home = context.knowledge.home(context.facts.follow(context.path, canonical))
    return context.knowledge.written(home.name) if home is not None else canonical


def _in_sight(context: Context, chosen: Chosen, scope: Scope, needed_by: int | None) -> Iterable[tuple[str, str]]:
    """Module-level names that mean one thing of the target, and are bound and not hidden where the use stands."""
    module = context.survey.names.module
    for name, bindings in module.names.items():
        if name == "*" or lookup(scope, name) != tuple(bindings):
            continue
        if not all(_is_before(context, b.statement, needed_by) for b in bindings):
            continue
        meaning = (
            _meaning(context, chosen, bindings) if all(b.imported for b in bindings) else _renamed(context, bindings)
        )
        if meaning is not None and meaning.partition(".")[0] in ("tensorflow", "tf_keras", "absl"):
            yield name, meaning


def _renamed(context: Context, bindings: Sequence[Binding]) -> str | None:
    """What `flags = tf.app.flags` names once it is an import."""
    value = bindings[0].value if len(bindings) == 1 else None
    behind = context.reference_of.get(value) if value is not None and value in context.covered else None
    beside = behind is not None and behind.home is not None and behind.home.name.startswith("absl.")
    return behind.home.name if beside and behind is not None and behind.home is not None else None


def _is_before(context: Context, statement: ast.stmt | None, place: int | None) -> bool:
    return place is None or statement is None or context.survey.lines.start(statement) < place


def _import_besides(
    context: Context, chosen: Chosen, bindings: Iterable[Binding], target: str, needed_by: int | None
) -> str:
    """A new import beside the one that the name came through, or above it where the name is needed before that."""
    top = [b for b in context.survey.names.imports if b.scope is context.survey.names.module]
    top = [b for b in top if not (isinstance(b.statement, ast.ImportFrom) and b.statement.module == "__future__")]
    top = top or list(context.survey.names.imports)
    beside = [b.statement for b in (*bindings, *top) if isinstance(b.statement, ast.Import | ast.ImportFrom)]
    arms = [b.statement for b in bindings if isinstance(b.statement, ast.Import | ast.ImportFrom)]
    assert beside, "a file without imports has no library names"
    statements = _one_per_block(context, arms) or beside[:1]
    if not all(_is_before(context, s, needed_by) for s in statements):
        above = [b.statement for b in top if b.statement is not None and _is_before(context, b.statement, needed_by)]
        statements = above[-1:] or statements
    if target.startswith("support."):
        return _support(context, chosen, statements, target.removeprefix("support."))
    taken = context.survey.names.bound | {u.root.id for u in context.survey.names.uses}
    already = {s.bound: s for specs in chosen.extra.values() for s in specs}
    if target.startswith("tensorflow.keras."):
        wanted, rest = Spelling("tensorflow", "keras", "keras"), target[len("tensorflow.keras.") :]
    elif target.startswith("tf_keras."):
        wanted, rest = Spelling("", "tf_keras", "keras"), target[len("tf_keras.") :]
    elif context.compat and target.startswith("tensorflow.compat.v1."):
        wanted, rest = Spelling("", "tensorflow.compat.v1", "tf"), target[len("tensorflow.compat.v1.") :]
    elif target.startswith("tensorflow."):
        wanted, rest = Spelling("", "tensorflow", "tf"), target[len("tensorflow.") :]
    elif target.startswith("absl.") and target.count(".") > 1:  # `logging.info`, as everybody writes it
        _, module, rest = target.split(".", 2)
        wanted = Spelling("absl", module, module)
    else:
        module, _, name = target.rpartition(".")
        wanted, rest = Spelling(module, name, name), ""
    if already.get(wanted.bound) != wanted and wanted.bound in taken:
        wanted = Spelling(*wanted_private(wanted))
    _add(context, chosen, statements, wanted)
    return ".".join([wanted.bound, *([rest] if rest else [])])


def _add(context: Context, chosen: Chosen, statements: Sequence[ast.stmt], wanted: Spelling) -> None:
    """The import beside each statement; at the top of a module beside the first of them alone."""
    parents = context.survey.names.parents
    for statement in statements:
        same = [s for s, found in chosen.extra.items() if wanted in found]
        if isinstance(parents.get(statement), ast.Module):
            same = [s for s in same if s is statement or isinstance(parents.get(s), ast.Module)]
            if any(s.lineno <= statement.lineno for s in same):
                continue
            for later in same:
                chosen.extra[later].remove(wanted)
                if not chosen.extra[later]:
                    del chosen.extra[later]
        if wanted not in chosen.extra.setdefault(statement, []):
            chosen.extra[statement].append(wanted)


def _one_per_block(context: Context, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The first statement of each block: the arms of an `if` or `try` each need an import of their own."""
    parents = context.survey.names.parents
    found: dict[tuple[int, str], ast.stmt] = {}
    for statement in statements:
        parent = parents.get(statement)
        field = next((f for f in ("body", "orelse", "finalbody") if statement in (getattr(parent, f, None) or [])), "")
        found.setdefault((id(parent), field), statement)
    top = [s for s in found.values() if isinstance(parents.get(s), ast.Module)]
    return top[:1] or list(found.values())


def _support(context: Context, chosen: Chosen, statements: Sequence[ast.stmt], piece: str) -> str:
    """A piece of support code, imported from the project's support module."""
    home, module = context.facts.support_home(context.path, context.settings.support_name)
    present = context.facts.support_imports(context.path, home)
    if piece in present:
        return present[piece]
    taken = piece in context.survey.names.bound and not _is_dropped(context, chosen, piece)
    taken = taken or _is_from_a_star_of_the_project(context, piece)
    wanted = Spelling(module, piece, f"_{piece}" if taken else piece)
    _add(context, chosen, statements, wanted)
    return wanted.bound


def _is_from_a_star_of_the_project(context: Context, name: str) -> bool:
    """Whether a star import of the project's own may bind this name, after what is imported above it."""
    if name in context.survey.names.bound or all(use.root.id != name for use in context.survey.names.uses):
        return False
    statements = (b.statement for b in context.survey.names.imports if b.kind == "star")
    modules = [s.module or "" for s in statements if isinstance(s, ast.ImportFrom)]
    return any(module.partition(".")[0] not in ("keras", "tensorflow", "tf_keras") for module in modules)


def _is_dropped(context: Context, chosen: Chosen, name: str) -> bool:
    """Whether all that binds this name are imports that go."""
    names = context.survey.names
    scopes = [names.module, *names.functions, *names.classes]
    found = [binding for scope in scopes for binding in scope.names.get(name, ())]
    gone = [b for b in found if b in chosen.moved and not chosen.moved[b].target]
    return bool(found) and gone == found


def wanted_private(one: Spelling) -> tuple[str, str, str]:
    """The same import under a name with an underscore, where its own is taken."""
    return one.module, one.name, "_" + one.bound


def spellings(context: Context, chosen: Chosen, plan: ImportPlan) -> tuple[Spelling, ...]:
    """What a moved alias is imported as: one import, for a star perhaps many."""
    assert plan.binding is not None
    if not plan.target and plan.binding.kind != "star":
        return ()  # it is dropped
    if plan.target.startswith("support."):
        home = context.facts.support_home(context.path, context.settings.support_name)[1]
        return (Spelling(home, plan.target.removeprefix("support."), plan.binding.name),)
    return chosen.stars.get(plan.binding, (spelling(plan, context.knowledge.written(plan.target)),))
