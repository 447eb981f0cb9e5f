"""What the chains of a file refer to in TensorFlow and Keras: directly, through stars, aliases and the project."""

from __future__ import annotations

import ast
import builtins
import re

from tfkdoctor.first_homes import is_unlisted
from tfkdoctor.migrate.context import FOREIGN_KERAS, Context, is_legacy_root
from tfkdoctor.migrate.names import Binding, Use
from tfkdoctor.migrate.plans import Reference
from tfkdoctor.spellings import through_backend

_OF_KERAS2 = (
    "tensorflow.keras.backend.",
    "tensorflow.keras.callbacks.ModelCheckpoint",
    "tensorflow.keras.layers.Embedding",
    "tensorflow.keras.models.load_model",
)


def refer(context: Context, use: Use) -> Reference | None:
    """The reference that a use makes, if it is one to TensorFlow or Keras."""
    names: list[tuple[Binding, str]] = []
    others = 0
    for binding, canonical in context.survey.canonicals(use):
        reached = canonical
        if canonical.partition(".")[0] not in ("keras", "tensorflow") or context.facts.is_own(context.path, canonical):
            reached = context.facts.follow(context.path, canonical)
        reached = through_backend(reached)
        if _is_keras2(context, reached):
            reached = reached.removeprefix("tensorflow.")
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
    providers = _providers(context, use, bindings)
    return Reference(use, bindings, name, max(size, 0), home, kind, certain, providers)


def _is_keras2(context: Context, name: str) -> bool:
    """Whether a name of TensorFlow 1's tf.keras is what standalone Keras 2 had by it, so that its rules hold."""
    if name.startswith("tensorflow.keras.optimizers."):
        return context.keras2_optimizers
    return name.startswith(_OF_KERAS2) and context.first_keras


def _providers(context: Context, use: Use, bindings: tuple[Binding, ...]) -> frozenset[str]:
    """The ids of the fixes in other files that move the imports which this use comes through."""
    found = set()
    for binding in bindings:
        first = [binding.canonical or "", use.root.id] if binding.kind == "star" else [binding.canonical or ""]
        places = context.facts.providers(context.path, ".".join([*first, *use.attrs])) if binding.imported else ()
        for file, offset, name in places:
            home = context.knowledge.home(name)
            code = home.code if home is not None else "TFK101"  # as match_import names the fix
            if file != context.path:
                found.add(f"{file}:{code}:{offset}")
    return frozenset(found)


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
            if hasattr(builtins, use.root.id) and context.knowledge.home(f"{star}.{use.root.id}") is None:
                return None  # `zip` of six, which Keras 1 exported: the built-in does the same
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


def known_kind(context: Context, name: str) -> str | None:
    symbol = context.knowledge.origin_symbol(name)
    if symbol is not None:
        return symbol.kind
    targets = context.knowledge.target_symbols(name)
    return targets[0].kind if targets else None


def _known_prefix(context: Context, full: str) -> tuple[str, str]:
    """The part of a dotted chain that names something of the library, and its kind; the rest is said of an object."""
    parts = full.split(".")
    foreign = next((p for p in FOREIGN_KERAS if full == p or full.startswith(p + ".")), parts[0])
    name, kind = foreign, "module"
    for size in range(foreign.count(".") + 2, len(parts) + 1):
        candidate = ".".join(parts[:size])
        found = known_kind(context, candidate)
        if found is not None and kind == "class" and _has_member(context, name, parts[size - 1]):
            return name, kind  # a method of a class that the target's class has as well
        if found is None:
            home = context.knowledge.home(candidate)
            if home is not None:
                name, kind = candidate, "module" if context.knowledge.is_module(home.name) else "unknown"
                continue
            return (_closed(context, full, size), "unknown") if kind == "module" else (name, kind)
        name, kind = candidate, found
        if kind not in ("module", "class"):
            return _within_module(context, parts, size) or (name, kind)
    return name, kind


def _closed(context: Context, full: str, size: int) -> str:
    """What a chain names that leads where the index does not: a name with a home, or all of a private one's."""
    parts = full.split(".")
    closed = full if is_unlisted(full) else ".".join(parts[:size])
    prefixes = (".".join(parts[:end]) for end in range(len(parts), size - 1, -1))
    return next((p for p in prefixes if context.knowledge.home(p) is not None), closed)


def _within_module(context: Context, parts: list[str], size: int) -> tuple[str, str] | None:
    """What is imported from a module that bears the name of a function, as `keras.layers.merge` did before 2.2."""
    if size == len(parts):
        return None
    longer = ".".join(parts[: size + 1])
    kind = known_kind(context, longer)
    if kind is None and context.knowledge.home(longer) is not None:
        kind = "unknown"
    return (longer, kind) if kind is not None else None


def _has_member(context: Context, cls: str, member: str) -> bool:
    home = context.knowledge.home(cls)
    if home is not None and home.name.startswith("support."):
        return True  # the piece has what its class had: `tf.estimator.ModeKeys.TRAIN`
    inherited = home is not None and bool(context.knowledge.target_method(home.name, member))
    return inherited and home is not None and not context.knowledge.exists(f"{home.name}.{member}")


def natural_name(context: Context, reference: Reference) -> str | None:
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
        elif base.partition(".")[0] == "tensorflow" and _is_keras2(context, f"tensorflow.{reference.name}"):
            names.add(f"tensorflow.{reference.name}")  # of a tf.keras that was Keras 2
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
        if home is None and is_unlisted(exported):
            return ".".join([exported, *attrs[size:]])  # the module that it comes through is gone
        if exported.partition(".")[0] in ("keras", "tensorflow") and home is not None:
            return ".".join([home.name, *attrs[size:]])
    return reference.name


def chain_is_plain(context: Context, reference: Reference) -> bool:
    """Whether the chain stands in the text as the tree says, with nothing but dots and blanks between."""
    text = context.survey.source.text[
        context.survey.lines.start(reference.use.root) : context.survey.lines.end(reference.node)
    ]
    parts = [reference.use.root.id, *reference.use.attrs[: reference.size]]
    return re.fullmatch(r"\s*\.\s*".join(map(re.escape, parts)), text) is not None


def merely_asks(call: ast.Call, *more: str) -> bool:
    """Whether what gets a class asks about it or prints it, and does not call it; `more` names other such functions."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr == "format"
    known = ("isinstance", "issubclass", "type", "hasattr", "print", "str", "repr", *more)
    return isinstance(call.func, ast.Name) and call.func.id in known
