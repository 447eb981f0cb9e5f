"""Holds every name and call of a file against the rules and the index, and makes plans of what must change."""

from __future__ import annotations

import ast

from tfkdoctor.first_homes import is_unlisted
from tfkdoctor.knowledge import Home, Knowledge
from tfkdoctor.migrate import attributes, calls, gone, gone_aliases, spreads
from tfkdoctor.migrate.context import Context, graph_trouble, is_legacy_root
from tfkdoctor.migrate.link import ProjectFacts
from tfkdoctor.migrate.names import Binding
from tfkdoctor.migrate.plans import CallPlan, ImportPlan, Reference, Trouble, UsePlan
from tfkdoctor.migrate.refer import chain_is_plain, known_kind, merely_asks, natural_name, refer
from tfkdoctor.migrate.rows import silent_row
from tfkdoctor.migrate.survey import Survey
from tfkdoctor.migrate.types import Types
from tfkdoctor.model import Safety, Settings, Severity
from tfkdoctor.spellings import TF_KERAS, same_name

MIXED = "TFK620"
_MIXED_HELP = (
    "--unsafe takes it from tf_keras as well, "
    "which is right for code that was written for Keras 2 (TensorFlow up to 2.15)"
)
_IMPORTERS = ("import_module", "__import__")


def match(survey: Survey, facts: ProjectFacts, knowledge: Knowledge, settings: Settings) -> Context:
    """Everything legacy in a file: as a plan where it can be rewritten, else as trouble."""
    context = Context(survey, facts, knowledge, settings, Types(survey, facts, knowledge))
    for binding in survey.names.imports:
        _match_import(context, binding)
    for use in survey.names.uses:
        reference = refer(context, use)
        if reference is not None:
            context.found.references.append(reference)
            context.reference_of[reference.node] = reference
    spreads.find(context)
    _run_fixers(context, "before")
    for call, scope in survey.names.calls:
        calls.match_call(context, call, scope)
        _match_dynamic_import(context, call)
    attributes.match_attributes(context)
    _run_fixers(context, "after")
    _settle_support_imports(context)
    gone.settle_imports(context)
    gone_aliases.settle(context)
    for reference in context.found.references:
        if reference.node not in context.covered:
            _match_reference(context, reference)
    return context


def _match_import(context: Context, binding: Binding) -> None:
    canonical = binding.canonical or ""
    root = canonical.partition(".")[0]
    alias = binding.node
    if (
        root not in ("keras", "tensorflow")
        or not isinstance(alias, ast.alias)
        or context.facts.is_own(context.path, canonical)
    ):
        return
    legacy = is_legacy_root(context, canonical)
    if root == "keras" and not legacy:
        return
    lines = context.survey.lines
    start, end = lines.start(alias), lines.end(alias)
    home = context.knowledge.home(canonical)
    if not legacy:
        _match_tensorflow_import(context, binding, home, start, end)
        return
    if home is None and binding.kind != "star":
        gone.plan_drop(context, binding, canonical, start, end)
        return
    if binding.kind == "star":
        target = home.name if home is not None and context.knowledge.is_module(home.name) else ""
    else:
        target = home.name if home is not None else ""
    code = home.code if home is not None else "TFK101"
    row = home.row if home is not None else None
    context.moves[binding] = ImportPlan(
        id=context.id(code, start),
        code=code,
        start=start,
        end=end,
        message=f"`{_dotted(binding)}` is `{context.knowledge.written(target or canonical)}` today",
        severity=(row.severity if row is not None else None) or Severity.ERROR,
        safety=row.safety if row is not None else Safety.SAFE,
        help=row.help if row is not None else "",
        name=canonical,
        binding=binding,
        target=target,
        bindings=(),
    )


def _match_tensorflow_import(context: Context, binding: Binding, home: Home | None, start: int, end: int) -> None:
    """An import from TensorFlow itself: a symbol that has moved moves, one that is gone is trouble."""
    canonical = binding.canonical or ""
    if _is_other_keras(context, canonical) and home is not None:
        _match_mixed_import(context, binding, home, start, end)
        return
    if (binding.kind == "star" and not context.compat) or (home is not None and home.name == canonical):
        return
    if home is None and (context.compat or is_unlisted(canonical)) and binding.kind != "star":
        gone.plan_drop(context, binding, canonical, start, end)
        return
    if home is None:
        if known_kind(context, canonical) or context.knowledge.exists(canonical.partition(".")[0]):
            gone.tell_import(context, binding, canonical, start, end)
        return
    if context.graph is not None and not context.compat and not home.name.startswith("support."):
        graph_trouble(context, canonical, start, end, f"it lives at `{home.name}`")
        return
    where = "for a program in graph mode" if context.compat else "in TensorFlow 2"
    context.moves[binding] = ImportPlan(
        id=context.id(home.code, start),
        code=home.code,
        start=start,
        end=end,
        message=f"`{canonical}` is `{home.name}` {where}",
        severity=Severity.ERROR,
        name=canonical,
        binding=binding,
        target=home.name,
        needs=_pieces(home),
    )


def _is_other_keras(context: Context, name: str) -> bool:
    """Whether a name reaches Keras 3 through TensorFlow, where the target's Keras is the package tf_keras."""
    other = name == TF_KERAS or name.startswith(TF_KERAS + ".")
    return other and context.knowledge.package != TF_KERAS


def _match_mixed_import(context: Context, binding: Binding, home: Home, start: int, end: int) -> None:
    """An import of tf.keras beside tf_keras: the same library up to TensorFlow 2.15, if the code is from that time."""
    if binding.kind == "star":
        message = (
            f"`from {binding.canonical} import *` is Keras 3 from TensorFlow 2.16 on: it cannot be mixed with tf_keras"
        )
        help_text = f"`from {context.knowledge.written(home.name)} import *`, where the code was written for Keras 2"
        context.found.troubles.append(Trouble(MIXED, start, end, message, help_text, name=home.name))
        return
    context.moves[binding] = ImportPlan(
        id=context.id(MIXED, start),
        code=MIXED,
        start=start,
        end=end,
        message=_mixed(context, home.name),
        severity=Severity.ERROR,
        safety=Safety.UNSAFE,
        help=_MIXED_HELP,
        name=home.name,
        binding=binding,
        target=home.name,
    )


def _mixed(context: Context, name: str) -> str:
    written = context.knowledge.written(name)
    return f"`{name}` is Keras 3 from TensorFlow 2.16 on, and cannot be mixed with `{written}`"


def _pieces(home: Home) -> frozenset[str]:
    """The support piece that a home is, as a fix needs it."""
    return frozenset([home.name.replace(".", ":", 1)] if home.name.startswith("support.") else [])


def _settle_support_imports(context: Context) -> None:
    """Import from the support module what every use of a name is turned into, under the name that it has."""
    for binding, plan in context.moves.items():
        uses = [u for u in context.survey.names.uses if binding in u.bindings]
        calls = [_call_plan(context, u.node) for u in uses if not u.attrs]
        callees = {p.callee for p in calls if p is not None}
        if len(calls) != len(uses) or None in calls or len(callees) != 1 or context.is_taken(binding):
            continue
        piece = (callees.pop() or "").removeprefix("{@").removesuffix("}")
        if not piece.startswith("support.") or binding.kind == "star":
            continue
        plan.target, plan.message = piece, f"`{plan.name}` is in the support module: {piece.removeprefix('support.')}"
        plan.needs |= {piece.replace(".", ":", 1)}
        plan.requires |= {p.id for p in calls if p is not None}
        for one in calls:
            if one is not None:
                one.callee = None


def _call_plan(context: Context, node: ast.expr) -> CallPlan | None:
    """The plan of the call of this very name that gives it another callee."""
    id_ = context.covered.get(node)
    plans = (p for p in context.found.plans if p.id == id_)
    return next((p for p in plans if isinstance(p, CallPlan) and p.call is not None and p.call.func is node), None)


def _match_reference(context: Context, reference: Reference) -> None:
    """A name that moved elsewhere than its import, or that is gone."""
    lines = context.survey.lines
    start, end = lines.start(reference.use.root), lines.end(reference.node)
    home = reference.home
    if home is None:
        gone.tell_use(context, reference, start, end)
        return
    parent = context.survey.names.parents.get(reference.node)
    if reference.kind == "module" and isinstance(parent, ast.Call) and parent.func is reference.node:
        return  # calls.py tells of it
    _match_escape(context, reference, start, end)
    movable = context.movable(reference.bindings)
    natural = natural_name(context, reference)
    mixed = _is_other_keras(context, reference.name) and not movable and natural == home.name
    if mixed and reference.bindings[0].canonical != "tensorflow":
        return  # its import tells of it
    if not mixed and natural is not None and same_name(natural) == home.name:
        return
    if not mixed and not movable and home.name == reference.name:
        return
    if (
        context.graph is not None
        and not reference.name.startswith("keras")
        and home.code.startswith("TFK2")
        and not movable
        and not context.compat
    ):
        graph_trouble(context, reference.name, start, end, f"it lives at `{home.name}`")
        return
    row = home.row
    if mixed:
        home, row = Home(home.name, MIXED), None
    if reference.through_backend:
        home = Home(home.name, "TFK223")
    safety = row.safety if row is not None else Safety.SAFE
    written = context.knowledge.written(home.name)
    if mixed or not reference.certain:
        safety = Safety.UNSAFE
    if not context.writable(reference.node) or not chain_is_plain(context, reference):
        context.found.troubles.append(
            Trouble(
                home.code,
                start,
                end,
                f"`{reference.name}` is `{written}` today",
                "rewrite it by hand: it stands in an f-string",
                name=reference.name,
            )
        )
        return
    context.found.plans.append(
        UsePlan(
            id=context.id(home.code, start),
            code=home.code,
            start=start,
            end=end,
            message=_mixed(context, home.name) if mixed else f"`{reference.name}` is `{written}` today",
            severity=(row.severity if row is not None else None) or Severity.ERROR,
            safety=safety,
            help=_MIXED_HELP if mixed else row.help if row is not None else "",
            bindings=movable,
            providers=reference.providers,
            requires=reference.providers,
            silent=natural is not None and context.knowledge.exists(natural),
            name=reference.name,
            reference=reference,
            target=home.name,
            introduces=frozenset([home.name]),
            needs=_pieces(home),
        )
    )


def _match_escape(context: Context, reference: Reference, start: int, end: int) -> None:
    """A class that is handed on or subclassed: calls of it that cannot be seen may need what calls here would get."""
    if reference.node in context.handed:
        return
    moves = reference.name.startswith("keras.") and is_legacy_root(context, reference.name)
    if not moves or reference.kind not in ("class", "function") or _is_harmless(context, reference):
        return
    row = silent_row(context, reference.name)
    if row is not None:
        what = context.knowledge.rules[row.code].summary
        context.found.troubles.append(
            Trouble(
                row.code,
                start,
                end,
                f"`{reference.name}` is handed on here, and its calls cannot all be seen",
                f"look at its calls: {what}; --unsafe moves it all the same",
                bindings=context.movable(reference.bindings),
                silent=not context.settings.unsafe,
                name=reference.name,
                providers=reference.providers,
            )
        )


def _is_harmless(context: Context, reference: Reference) -> bool:
    """Whether a class stands where it is called, compared, named once more, or has an attribute taken."""
    node: ast.AST = reference.node
    parent = context.survey.names.parents.get(node)
    if reference.size < len(reference.use.attrs):
        return reference.use.attrs[reference.size] != "__init__"
    if reference.use.stored:
        return True
    if isinstance(parent, ast.Call) and parent.func is node:
        return True
    if isinstance(parent, ast.Assign) and parent.value is node and all(isinstance(t, ast.Name) for t in parent.targets):
        scope = reference.use.scope
        names = [t.id for t in parent.targets if isinstance(t, ast.Name)]
        followed = [b for name in names for b in scope.names.get(name, ())]
        return scope.kind != "class" and bool(followed) and all(context.survey.is_alias(b) for b in followed)
    while parent is not None and not isinstance(parent, ast.stmt):
        if isinstance(parent, ast.Compare):
            return True
        if isinstance(parent, ast.Call) and (isinstance(parent.func, ast.Name) or merely_asks(parent)):
            return merely_asks(parent, "wraps")
        parent = context.survey.names.parents.get(parent)
    return False


def _match_dynamic_import(context: Context, call: ast.Call) -> None:
    """`importlib.import_module("keras.layers")`, `getattr(keras.layers, name)`: no name shows what is meant."""
    name = (
        call.func.attr
        if isinstance(call.func, ast.Attribute)
        else call.func.id
        if isinstance(call.func, ast.Name)
        else ""
    )
    if name in ("getattr", "vars") and call.args:
        reference = context.reference_of.get(call.args[0])
        if reference is not None and reference.kind == "module" and context.movable(reference.bindings):
            lines = context.survey.lines
            message = f"names of `{reference.name}` are looked up at run time"
            way = "see that each of them lives on the target, and takes what it is given there"
            start, end = lines.start(call), lines.end(call)
            context.found.troubles.append(Trouble("TFK007", start, end, message, way, name=reference.name))
    if name not in _IMPORTERS or not call.args:
        return
    first = call.args[0]
    if isinstance(first, ast.Constant) and isinstance(first.value, str) and is_legacy_root(context, first.value):
        lines = context.survey.lines
        home = context.knowledge.home(first.value)
        way = f"import `{home.name}` instead" if home is not None else "import its new home instead"
        context.found.troubles.append(
            Trouble(
                "TFK007",
                lines.start(first),
                lines.end(first),
                f"`{first.value}` is imported by name at run time",
                way,
                name=first.value,
            )
        )


def _run_fixers(context: Context, when: str) -> None:
    """The escape hatch: rules that are code, one file each in `fixers/`, before or after the calls are looked at."""
    from tfkdoctor.migrate.fixers import AFTER, BEFORE

    if context.modern:
        return  # they speak of what Keras 2 or TensorFlow 1 meant
    fixers = BEFORE if when == "before" else AFTER
    for row in context.knowledge.all_rows("python"):
        if row.fixer in fixers and row.numerics in ("any", context.settings.numerics.value):
            fixers[row.fixer](context, row)


def _dotted(binding: Binding) -> str:
    return f"{binding.canonical}.*" if binding.kind == "star" else binding.canonical or binding.name
