"""Holds every name and call of a file against the rules and the index, and makes plans of what must change."""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass, field

from tfkdoctor.knowledge import Home, Knowledge
from tfkdoctor.migrate import calls
from tfkdoctor.migrate.link import ProjectFacts
from tfkdoctor.migrate.names import Binding, Use
from tfkdoctor.migrate.plans import Found, ImportPlan, Reference, Trouble, UsePlan
from tfkdoctor.migrate.survey import Survey
from tfkdoctor.migrate.types import Types
from tfkdoctor.model import Safety, Settings, Severity
from tfkdoctor.rulebook import Row

_FOREIGN_KERAS = ("tensorflow.python.keras", "tensorflow.contrib.keras")
_IMPORTERS = ("import_module", "__import__")


@dataclass(slots=True, eq=False)
class Context:
    """Everything that a rule may ask while one file is matched."""

    survey: Survey
    facts: ProjectFacts
    knowledge: Knowledge
    settings: Settings
    types: Types
    found: Found = field(default_factory=Found)
    moves: dict[Binding, ImportPlan] = field(default_factory=dict)
    reference_of: dict[ast.AST, Reference] = field(default_factory=dict)
    told: list[Row] = field(default_factory=list)  # rows of `differs` that this file was told of

    @property
    def path(self) -> str:
        return self.survey.path

    @property
    def graph(self) -> str | None:
        """Why this file's programs need graph mode, or None."""
        return self.facts.graph.get(self.path)

    @property
    def legacy_tensorflow(self) -> bool:
        return self.path in self.facts.legacy_tf

    def id(self, code: str, start: int) -> str:
        return f"{self.path}:{code}:{start}"

    def movable(self, bindings: tuple[Binding, ...]) -> tuple[Binding, ...]:
        return tuple(b for b in bindings if b in self.moves)

    def writable(self, node: ast.expr) -> bool:
        """Whether the positions of a node can be trusted.

        Before Python 3.12 those inside f-strings are found by searching for the expression's text, so that the second
        of two equal ones may get the place of the first.
        """
        if sys.version_info >= (3, 12) or not self.in_fstring(node):
            return True
        try:
            found = ast.parse(f"({self.survey.lines.segment(node)})", mode="eval").body
        except SyntaxError:
            return False
        starts = [self.survey.lines.start(use.root) for use in self.survey.names.uses if self.in_fstring(use.root)]
        root = self.survey.lines.start(node)
        return ast.dump(found) == ast.dump(node) and starts.count(root) <= 1

    def in_fstring(self, node: ast.expr) -> bool:
        current: ast.AST | None = node
        while current is not None and not isinstance(current, ast.stmt):
            if isinstance(current, ast.JoinedStr):
                return True
            current = self.survey.names.parents.get(current)
        return False


def match(survey: Survey, facts: ProjectFacts, knowledge: Knowledge, settings: Settings) -> Context:
    """Everything legacy in a file: as a plan where it can be rewritten, else as trouble."""
    context = Context(survey, facts, knowledge, settings, Types(survey, facts, knowledge))
    for binding in survey.names.imports:
        _match_import(context, binding)
    for use in survey.names.uses:
        reference = _refer(context, use)
        if reference is not None:
            context.found.references.append(reference)
            context.reference_of[reference.node] = reference
            _match_reference(context, reference)
    for call, scope in survey.names.calls:
        calls.match_call(context, call, scope)
        _match_dynamic_import(context, call)
    _run_fixers(context)
    return context


def is_legacy_root(context: Context, canonical: str) -> bool:
    """Whether an imported name belongs to a Keras that is not the target's: standalone, contrib's, the private one."""
    if canonical == "keras" or canonical.startswith("keras."):
        return context.path not in context.facts.modern and not context.facts.is_own(context.path, "keras")
    return any(canonical == p or canonical.startswith(p + ".") for p in _FOREIGN_KERAS)


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
        _gone_import(context, binding, canonical, start, end)
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
        message=f"`{_dotted(binding)}` is `{target or canonical}` today",
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
    if binding.kind == "star" or (home is not None and home.name == canonical):
        return
    if home is None:
        if _known(context, canonical) or context.knowledge.exists(canonical.partition(".")[0]):
            _gone_import(context, binding, canonical, start, end)
        return
    if context.graph is not None:
        _graph_trouble(context, canonical, start, end, f"it lives at `{home.name}`")
        return
    context.moves[binding] = ImportPlan(
        id=context.id(home.code, start),
        code=home.code,
        start=start,
        end=end,
        message=f"`{canonical}` is `{home.name}` in TensorFlow 2",
        severity=Severity.ERROR,
        name=canonical,
        binding=binding,
        target=home.name,
    )


def _gone_import(context: Context, binding: Binding, canonical: str, start: int, end: int) -> None:
    row = next(iter(context.knowledge.rows("removed", canonical)), None)
    keras = canonical.startswith("keras") or ".keras" in canonical
    code = row.code if row is not None else "TFK202" if keras else "TFK204"
    if context.graph is not None and not keras:
        _graph_trouble(context, canonical, start, end, row.help if row is not None else "")
        return
    help_text = (
        row.help
        if row is not None
        else "find its replacement in the release notes, or keep a copy of it in the project"
    )
    context.found.troubles.append(
        Trouble(code, start, end, f"`{canonical}` is gone from the target", help_text, name=canonical)
    )


def _refer(context: Context, use: Use) -> Reference | None:
    """The reference that a use makes, if it is one to TensorFlow or Keras."""
    names: list[tuple[Binding, str]] = []
    others = 0
    for binding, canonical in context.survey.canonicals(use):
        reached = canonical
        if canonical.partition(".")[0] not in ("keras", "tensorflow") or context.facts.is_own(context.path, canonical):
            reached = context.facts.follow(context.path, canonical)
        if reached.partition(".")[0] in ("keras", "tensorflow") and not context.facts.is_own(context.path, reached):
            names.append((binding, reached))
        else:
            others += 1
    if not names and not others:
        found = _through_star(context, use)
        if found is not None:
            names.append(found)
    if not names or all(_skip_modern(context, name) for _, name in names):
        return None
    full = names[0][1]
    name, kind = _known_prefix(context, full)
    home = context.knowledge.home(name)
    homes = {h.name if (h := context.knowledge.home(_known_prefix(context, n)[0])) else None for _, n in names}
    size = len(use.attrs) - (full.count(".") - name.count("."))
    unknown = len(use.bindings) - len({b for b, _ in names})
    certain = (
        len(homes) == 1 and not others and (unknown == 0 or all(_is_nothing(b) or b.imported for b in use.bindings))
    )
    bindings = tuple(dict.fromkeys(b for b, _ in names))
    provider = _provider(context, use, bindings)
    return Reference(use, bindings, name, max(size, 0), home, kind, certain, provider)


def _provider(context: Context, use: Use, bindings: tuple[Binding, ...]) -> str:
    """The id of the fix in another file that moves the import which this use comes through."""
    for binding in bindings:
        canonical = ".".join([binding.canonical or "", *use.attrs])
        found = context.facts.provider(context.path, canonical) if binding.imported else None
        if found is not None:
            file, offset, name = found
            home = context.knowledge.home(name)
            if home is not None and file != context.path:
                return f"{file}:{home.code}:{offset}"
    return ""


def _through_star(context: Context, use: Use) -> tuple[Binding, str] | None:
    """The star import that brings a name: the last one that has it, be it Keras' or a module of the project."""
    for binding in sorted((b for b in use.bindings if b.kind == "star"), key=_line, reverse=True):
        star = binding.canonical or ""
        if context.facts.is_own(context.path, star):
            reached = context.facts.follow(context.path, f"{star}.{use.root.id}")
            module, _, name = reached.rpartition(".")
            if module.partition(".")[0] in ("keras", "tensorflow"):
                if name in _star(context, module) or context.knowledge.origin_symbol(reached) is not None:
                    return binding, ".".join([reached, *use.attrs])
            elif context.facts.exported(context.path, f"{star}.{use.root.id}") is not None:
                return None  # the project's own
        elif star.partition(".")[0] in ("keras", "tensorflow") and use.root.id in _star(context, star):
            return binding, ".".join([star, use.root.id, *use.attrs])
    return None


def _line(binding: Binding) -> int:
    return binding.statement.lineno if binding.statement is not None else 0


def _skip_modern(context: Context, name: str) -> bool:
    return name.partition(".")[0] == "keras" and not is_legacy_root(context, name)


def _star(context: Context, module: str) -> frozenset[str]:
    return context.knowledge.origin_star(module)


def _is_nothing(binding: Binding) -> bool:
    """`keras = None` in the arm of a try: no other meaning of the name."""
    return isinstance(binding.value, ast.Constant) and binding.value.value in (None, False)


def _known(context: Context, name: str) -> str | None:
    symbol = context.knowledge.origin_symbol(name)
    if symbol is not None:
        return symbol.kind
    targets = context.knowledge.target_symbols(name)
    return targets[0].kind if targets else None


def _known_prefix(context: Context, full: str) -> tuple[str, str]:
    """The part of a dotted chain that names something of the library, and its kind; the rest is said of an object."""
    parts = full.split(".")
    foreign = next((p for p in _FOREIGN_KERAS if full == p or full.startswith(p + ".")), parts[0])
    name, kind = foreign, "module"
    for size in range(foreign.count(".") + 2, len(parts) + 1):
        candidate = ".".join(parts[:size])
        found = _known(context, candidate)
        if found is None:
            if context.knowledge.home(candidate) is not None:
                name, kind = candidate, "unknown"
                continue
            private = candidate == "tensorflow.python" or candidate.startswith("tensorflow.contrib")
            return (full if private else candidate, "unknown") if kind == "module" else (name, kind)
        name, kind = candidate, found
        if kind not in ("module", "class"):
            break
    return name, kind


def _match_reference(context: Context, reference: Reference) -> None:
    """A name that moved elsewhere than its import, or that is gone."""
    lines = context.survey.lines
    start, end = lines.start(reference.use.root), lines.end(reference.node)
    home = reference.home
    if home is None:
        _match_gone(context, reference, start, end)
        return
    parent = context.survey.names.parents.get(reference.node)
    if reference.kind == "module" and isinstance(parent, ast.Call) and parent.func is reference.node:
        return  # calls.py tells of it
    _match_escape(context, reference, start, end)
    movable = context.movable(reference.bindings)
    natural = _natural(context, reference)
    if natural == home.name:
        return
    if not movable and home.name == reference.name:
        return
    if (
        context.graph is not None
        and not reference.name.startswith("keras")
        and home.code.startswith("TFK2")
        and not movable
    ):
        _graph_trouble(context, reference.name, start, end, f"it lives at `{home.name}`")
        return
    row = home.row
    safety = row.safety if row is not None else Safety.SAFE
    if not reference.certain:
        safety = Safety.UNSAFE
    if not context.writable(reference.node) or not _chain_is_plain(context, reference):
        context.found.troubles.append(
            Trouble(
                home.code,
                start,
                end,
                f"`{reference.name}` is `{home.name}` today",
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
            message=f"`{reference.name}` is `{home.name}` today",
            severity=(row.severity if row is not None else None) or Severity.ERROR,
            safety=safety,
            help=row.help if row is not None else "",
            bindings=movable,
            provider=reference.provider,
            requires=frozenset([reference.provider] if reference.provider else []),
            silent=natural is not None and context.knowledge.exists(natural),
            name=reference.name,
            reference=reference,
            target=home.name,
            introduces=frozenset([home.name]),
        )
    )


def _match_escape(context: Context, reference: Reference, start: int, end: int) -> None:
    """A class that is handed on or subclassed: calls of it that cannot be seen may need what calls here would get."""
    moves = reference.name.startswith("keras.") and is_legacy_root(context, reference.name)
    if not moves or reference.kind not in ("class", "function") or _is_harmless(context, reference):
        return
    row = calls.silent_row(context, reference.name)
    if row is not None:
        what = context.knowledge.rules[row.code].summary
        context.found.troubles.append(
            Trouble(
                row.code,
                start,
                end,
                f"`{reference.name}` is handed on here, and its calls cannot all be seen",
                f"look at its calls: {what}",
                Severity.WARNING,
                name=reference.name,
            )
        )


def _is_harmless(context: Context, reference: Reference) -> bool:
    """Whether a class stands where it is called, compared, named once more, or has an attribute taken."""
    node: ast.AST = reference.node
    parent = context.survey.names.parents.get(node)
    if reference.size < len(reference.use.attrs) or reference.use.stored:
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
        if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
            return parent.func.id in ("isinstance", "issubclass", "type", "hasattr", "wraps")
        parent = context.survey.names.parents.get(parent)
    return False


def _natural(context: Context, reference: Reference) -> str | None:
    """What the chain, left as it is, means once its import has moved."""
    attrs = reference.use.attrs[: reference.size]
    names = set()
    alias = _alias_meaning(context, reference)
    if alias is not None:
        return alias
    for binding in reference.bindings:
        plan = context.moves.get(binding)
        if binding.kind == "star" and plan is None:
            names.add(_through_project(context, reference, attrs))
            continue
        if binding.kind == "star":
            spread = context.knowledge.home(f"{binding.canonical}.{reference.use.root.id}")
            names.add(".".join([spread.name if spread is not None else "", *attrs]))
            continue
        base = binding.canonical or ""
        trail = reference.name[len(base) + 1 :] if reference.name.startswith(base + ".") else ""
        if plan is not None:
            names.add(f"{plan.target}.{trail}" if trail else plan.target)
        elif base.partition(".")[0] in ("keras", "tensorflow"):
            names.add(reference.name)
        else:  # through a module of the project, which moves its own import
            names.add(_through_project(context, reference, attrs))
    return names.pop() if len(names) == 1 else None


def _alias_meaning(context: Context, reference: Reference) -> str | None:
    """What a chain through `log = tf.log` means once that assignment's own chain has been brought to its home."""
    values = [b.value for b in reference.use.bindings if b.kind == "assign" and b.value is not None]
    meanings = set()
    for value in values:
        behind = context.reference_of.get(value)
        use = context.survey.names.use_of.get(value)
        if behind is None or behind.home is None or use is None:
            return None
        rest = use.attrs[behind.size :]
        meanings.add(".".join([behind.home.name, *rest, *reference.use.attrs[: reference.size]]))
    return meanings.pop() if len(meanings) == 1 else None


def _through_project(context: Context, reference: Reference, attrs: tuple[str, ...]) -> str:
    for size in range(len(attrs) + 1):
        binding = reference.bindings[0]
        if binding.kind == "star":
            module, _, name = reference.name.rpartition(".")
            home = context.knowledge.home(module)
            return f"{home.name}.{name}" if home is not None else reference.name
        exported = context.facts.follow(context.path, ".".join([binding.canonical or "", *attrs[:size]]))
        home = context.knowledge.home(exported)
        if exported.partition(".")[0] in ("keras", "tensorflow") and home is not None:
            return ".".join([home.name, *attrs[size:]])
    return reference.name


def _match_gone(context: Context, reference: Reference, start: int, end: int) -> None:
    name = reference.name
    if any(trouble.start == start for trouble in context.found.troubles) or _import_is_gone(context, reference):
        return
    row = next(iter(context.knowledge.rows("removed", name)), None)
    keras = name.startswith("keras.") or ".keras." in name
    if not keras and context.graph is not None:
        _graph_trouble(context, name, start, end, row.help if row is not None else "")
        return
    code = row.code if row is not None else "TFK202" if keras else "TFK204"
    help_text = (
        row.help
        if row is not None
        else "find its replacement in the release notes, or keep a copy of it in the project"
    )
    private = name.startswith("tensorflow.python.")
    message = f"`{name}` is private and moves without notice" if private else f"`{name}` does not exist in the target"
    context.found.troubles.append(
        Trouble(code, start, end, message, help_text, Severity.ERROR, context.movable(reference.bindings), name=name)
    )


def _import_is_gone(context: Context, reference: Reference) -> bool:
    """Whether the import of this very name was reported already: its uses add nothing."""
    return reference.size == 0 and any(
        isinstance(b.node, ast.alias) and b.canonical == reference.name and b not in context.moves
        for b in reference.bindings
    )


def _graph_trouble(context: Context, name: str, start: int, end: int, more: str) -> None:
    rows = context.knowledge.rows("removed", name)
    code = next((r.code for r in rows if r.code == "TFK701"), "TFK702")
    what = "needs graph mode" if code == "TFK701" else "is not in the target, and its program runs in graph mode"
    help_text = "session code is not rewritten yet: bring the program over by hand, or run it on tensorflow.compat.v1"
    context.found.troubles.append(
        Trouble(
            code,
            start,
            end,
            f"`{name}` {what} ({context.graph})",
            f"{more}; {help_text}" if more else help_text,
            name=name,
        )
    )


def _chain_is_plain(context: Context, reference: Reference) -> bool:
    """Whether the chain stands in the text as the tree says, with nothing but dots and blanks between."""
    text = context.survey.source.text[
        context.survey.lines.start(reference.use.root) : context.survey.lines.end(reference.node)
    ]
    parts = [reference.use.root.id, *reference.use.attrs[: reference.size]]
    return re.fullmatch(r"\s*\.\s*".join(map(re.escape, parts)), text) is not None


def _match_dynamic_import(context: Context, call: ast.Call) -> None:
    """`importlib.import_module("keras.layers")`: nothing that a name shows, so it is reported."""
    name = (
        call.func.attr
        if isinstance(call.func, ast.Attribute)
        else call.func.id
        if isinstance(call.func, ast.Name)
        else ""
    )
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


def _run_fixers(context: Context) -> None:
    """The escape hatch: rules that are code, one file each in `fixers/`."""
    from tfkdoctor.migrate.fixers import FIXERS

    for row in context.knowledge.all_rows("python"):
        if row.fixer is not None:
            FIXERS[row.fixer](context, row)


def _dotted(binding: Binding) -> str:
    return f"{binding.canonical}.*" if binding.kind == "star" else binding.canonical or binding.name
