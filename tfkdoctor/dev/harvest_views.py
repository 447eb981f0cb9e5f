"""One version of one view: walk the public modules of a release and say what each name is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tfkdoctor.dev.harvest_names import Names, Thing
from tfkdoctor.dev.harvest_signatures import Method, Signature, Signatures


@dataclass(frozen=True, slots=True)
class Entry:
    """What one name is in one version. `target` is the canonical name where this is another name for the same thing."""

    kind: str  # module | class | function | constant | method | property | alias
    object: str = ""  # module:qualname, for modules their canonical public name
    signature: str = ""
    bases: tuple[str, ...] = ()
    star: bool = True  # bound by `from MODULE import *`
    loaded: bool = True  # an attribute of its package; else a module that only an import of its own brings there


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to walk one release.

    `roots` are public names and the modules behind them; `prefixes` turn a real module name into its public one;
    `whole` walks every module on disk and takes private functions too (the origins); `bare` records names only.
    """

    roots: tuple[tuple[str, str], ...]
    prefixes: tuple[tuple[str, str], ...]
    whole: bool = False
    bare: bool = False
    submodules: bool = False  # modules on disk count as names even where no __init__ imports them
    skip: frozenset[str] = frozenset()  # public names that are left out, with all below them
    closed: frozenset[str] = frozenset()  # public modules that are named, but whose names are left out


@dataclass(slots=True)
class Walk:
    """The state of walking one release."""

    names: Names
    recipe: Recipe
    signatures: Signatures
    things: dict[str, Thing] = field(default_factory=dict)  # public name -> what it is
    stars: dict[str, frozenset[str]] = field(default_factory=dict)
    public: dict[str, str] = field(default_factory=dict)  # real module -> public name
    loaded: frozenset[str] = frozenset()
    unloaded: set[str] = field(default_factory=set)  # modules on disk that the package does not import
    methods: dict[str, dict[str, Method]] = field(default_factory=dict)  # class -> its own methods


def entries_of(names: Names, recipe: Recipe) -> dict[str, Entry]:
    """All entries of a release: names, aliases, methods, and the private base classes that public ones need."""
    entries = _entries(walk_of(names, recipe))
    return entries if recipe.whole else fold_modules(entries)


def walk_of(names: Names, recipe: Recipe) -> Walk:
    """Every public name of a release and the thing behind it."""
    walk = Walk(names, recipe, Signatures(names))
    if recipe.whole or recipe.submodules:
        (root,) = {module for _, module in recipe.roots}
        walk.loaded = names.scopes.imported(root, root.partition(".")[0])
    queue = list(recipe.roots)
    for public, module in queue:
        walk.things[public] = Thing("module", module)
        walk.public.setdefault(module, public)
    while queue:  # breadth first: the shortest path to a module names it
        public, module = queue.pop(0)
        queue.extend(_visit(walk, public, module))
    return walk


def _visit(walk: Walk, public: str, module: str) -> Iterator[tuple[str, str]]:
    """Record the names of one module and yield the modules below it that are to be walked."""
    names, recipe = walk.names, walk.recipe
    if public in recipe.closed:
        return
    walk.stars[public] = names.scopes.star(module, walk.loaded)
    for name in sorted(_members(walk, module)):
        path = f"{public}.{name}"
        thing = names.resolve(module, name)
        if thing is None or path in recipe.skip or thing.module.startswith("__future__"):
            continue
        if thing.kind == "external" and module.startswith("tensorflow.contrib"):  # imports in passing
            continue
        walk.things[path] = thing
        if name not in names.scopes.scope(module) and f"{module}.{name}" not in walk.loaded:
            walk.unloaded.add(path)
        if thing.kind == "module" and thing.module not in walk.public and _owned(walk, module, thing.module):
            walk.public[thing.module] = _public_name(recipe, thing.module) or path
            if walk.public[thing.module] == path or walk.public[thing.module] not in walk.things:
                walk.things.setdefault(walk.public[thing.module], thing)
                yield walk.public[thing.module], thing.module


def _members(walk: Walk, module: str) -> set[str]:
    """The names of a module that its users may write."""
    names, recipe = walk.names, walk.recipe
    scope = names.scopes.scope(module)
    implementation = _public_name(recipe, module) is None and module not in (m for _, m in recipe.roots)
    if implementation and not _contrib_package(names, module):
        return {name for name, found in scope.items() if not name.startswith("_") and any(map(_own, found))}
    members = {name for name in scope if not name.startswith("_") or name in VERSION_NAMES}
    if recipe.whole:
        members |= {n for n, found in scope.items() if n[:2] != "__" and any(b.kind in ("def", "class") for b in found)}
        members |= {n for n in scope if n.startswith("_") and n[:2] != "__" and _defined_elsewhere(names, module, n)}
    if recipe.whole or recipe.submodules:
        members |= {leaf for leaf in names.tree.submodules(module) if not leaf.startswith("_")}
    return members


def _contrib_package(names: Names, module: str) -> bool:
    """A package inside contrib that a public one exposes (`tf.contrib.learn.datasets`)."""
    return module.startswith("tensorflow.contrib.") and names.tree.is_package(module)


def _defined_elsewhere(names: Names, module: str, name: str) -> bool:
    """A private function or class that a module re-exports (`from .x import _f`)."""
    thing = names.resolve(module, name)
    return thing is not None and thing.kind in ("function", "class")


def _own(binding: object) -> bool:
    """Defined in the module itself or bound by a star import there: what an exposed implementation module offers."""
    kind, node = getattr(binding, "kind", ""), getattr(binding, "node", None)
    return kind in ("def", "class", "value") or (isinstance(node, ast.ImportFrom) and node.names[0].name == "*")


def _owned(walk: Walk, parent: str, module: str) -> bool:
    """Whether to walk into a module: it belongs to the view, or a public module exposes it as its own."""
    if _public_name(walk.recipe, module) is not None:
        return True
    exposing = _public_name(walk.recipe, parent) is not None or _contrib_package(walk.names, parent)
    if walk.recipe.whole or not exposing:
        return False
    # contrib's packages import implementation modules of the core in passing
    return not parent.startswith("tensorflow.contrib") or module.startswith("tensorflow.contrib")


def _public_name(recipe: Recipe, module: str) -> str | None:
    """The public name of a real module; None for implementation modules (`…contrib.slim.python.slim.learning`)."""
    for real, public in recipe.prefixes:
        if module == real or module.startswith(real + "."):
            rest = module[len(real) :]
            hidden = (".tests." in f"{rest}.") or (not recipe.whole and ".python." in f"{rest}.")
            return None if hidden else public + rest
    return None


def canonical_key(name: str, own: str = "") -> tuple[int, int, bool, int, str]:
    """Which of several names of one thing is the canonical one: the plainest, and its `own` name before nicknames."""
    parts = name.split(".")
    odd = sum(part in ("compat", "contrib", "experimental", "raw_ops", "legacy") for part in parts)
    private = any(part.startswith("_") for part in parts)
    return (odd + 4 * private, len(parts), parts[-1] != own, len(name), name)


def _entries(walk: Walk) -> dict[str, Entry]:
    by_object: dict[str, list[str]] = {}
    for name, thing in walk.things.items():
        if thing.kind in ("class", "function", "constant"):
            by_object.setdefault(thing.identity, []).append(name)
    canonical = {
        identity: min(found, key=lambda name: canonical_key(name, walk.things[name].qualname))
        for identity, found in by_object.items()
    }
    entries: dict[str, Entry] = {}
    for name, thing in walk.things.items():
        parent, _, leaf = name.rpartition(".")
        star = leaf in walk.stars.get(parent, (leaf,))
        if thing.kind in ("module", "external"):
            entries[name] = replace(_module_entry(walk, thing, star), loaded=name not in walk.unloaded)
        elif canonical[thing.identity] != name:
            entries[name] = Entry("alias", canonical[thing.identity], star=star)
        else:
            entries[name] = _thing_entry(walk, thing, canonical, star)
    if not walk.recipe.bare:
        for identity, name in canonical.items():
            thing = walk.things[name]
            if thing.kind == "class" and not name.startswith("tensorflow.contrib."):
                _class_entries(walk, identity, thing, canonical, entries)
    return entries


def fold_modules(entries: dict[str, Entry]) -> dict[str, Entry]:
    """Where two modules hold the same things under the same names, keep the plainer one and point the other to it."""
    below: dict[str, dict[str, str]] = {}
    for name, entry in entries.items():
        if entry.kind in ("method", "property") or ":" in name:
            continue
        identity = entry.object if entry.kind == "alias" else name
        parts = name.split(".")
        for depth in range(1, len(parts)):
            module, rest = ".".join(parts[:depth]), ".".join(parts[depth:])
            kin = entries.get(module)
            if kin is not None and kin.kind == "module" and not rest.startswith("compat"):
                below.setdefault(module, {})[rest] = "module" if entry.kind == "module" else f"{identity} {entry.star}"
    same: dict[frozenset[tuple[str, str]], list[str]] = {}
    for module, content in below.items():
        if len(content) > 1:
            same.setdefault(frozenset(content.items()), []).append(module)
    folded: dict[str, str] = {}
    for modules in same.values():
        best = min(modules, key=canonical_key)
        folded.update({module: best for module in modules if module != best})
    kept: dict[str, Entry] = {}
    for name, entry in entries.items():
        if name in folded:
            kept[name] = Entry("module", folded[name], star=entry.star)
        elif not any(parent in folded for parent in _parents(name)):
            kept[name] = entry
    return kept


def _parents(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _module_entry(walk: Walk, thing: Thing, star: bool) -> Entry:
    if thing.kind == "module":
        return Entry("module", walk.public.get(thing.module, thing.module), star=star)
    head, dot, leaf = thing.module.rpartition(".")
    known_module = thing.module.startswith(LAZY_KERAS) or not dot or thing.module in EXTERNAL_MODULES
    return Entry("module", thing.module, star=star) if known_module else Entry("constant", f"{head}:{leaf}", star=star)


def _thing_entry(walk: Walk, thing: Thing, canonical: dict[str, str], star: bool) -> Entry:
    if walk.recipe.bare:
        return Entry(thing.kind, thing.identity, star=star)
    signature = walk.signatures.of(thing)
    bases: tuple[str, ...] = ()
    if thing.kind == "class":
        bases = _bases(walk, thing, canonical)
    return Entry(thing.kind, thing.identity, text_of(signature) if signature else "", bases, star)


def _bases(walk: Walk, thing: Thing, canonical: dict[str, str]) -> tuple[str, ...]:
    return tuple(
        canonical.get(base.identity, base.identity) for base in walk.signatures.bases(thing) if base.kind != "constant"
    )


def _class_entries(
    walk: Walk, identity: str, thing: Thing, canonical: dict[str, str], entries: dict[str, Entry]
) -> None:
    """The methods of a class, and its private ancestors with theirs."""
    name = canonical.get(identity, identity)
    ancestors = [cls for cls in walk.signatures.mro(thing) or [] if cls.kind == "class"][1:]
    for method in walk.signatures.methods(thing):
        if _inherited(walk, ancestors, method) != method:  # an override that is called like what it overrides
            entries[f"{name}.{method.name}"] = Entry(
                method.kind, "", text_of(method.signature) if method.signature is not None else ""
            )
    for base in walk.signatures.bases(thing):
        if base.kind == "class" and base.identity not in canonical and base.identity not in entries:
            entries[base.identity] = Entry("class", base.identity, "", _bases(walk, base, canonical))
            _class_entries(walk, base.identity, base, canonical, entries)


def _inherited(walk: Walk, ancestors: list[Thing], method: Method) -> Method | None:
    for cls in ancestors:
        if cls.identity not in walk.methods:
            walk.methods[cls.identity] = {found.name: found for found in walk.signatures.methods(cls)}
        if method.name in walk.methods[cls.identity]:
            return walk.methods[cls.identity][method.name]
    return None


def text_of(signature: Signature) -> str:
    """A signature as source text; `+` lists what **kwargs accepts, `-` what it accepts and drops."""
    parts: list[str] = []
    keyword_only = False
    for index, parameter in enumerate(signature.parameters):
        if parameter.kind == "keyword" and not keyword_only:
            keyword_only = True
            if not any(p.kind == "varargs" for p in signature.parameters):
                parts.append("*")
        star = {"varargs": "*", "kwargs": "**"}.get(parameter.kind, "")
        default = "" if parameter.default is None else f"={parameter.default}"
        parts.append(f"{star}{parameter.name}{default}")
        following = signature.parameters[index + 1 : index + 2]
        if parameter.kind == "positional" and not (following and following[0].kind == "positional"):
            parts.append("/")
    text = f"({', '.join(parts)})"
    extra = signature.extra
    text += f" +{','.join(sorted(extra.names))}" if extra.names else ""
    text += f" -{','.join(sorted(extra.ignored))}" if extra.ignored else ""
    text += " swallows" if extra.swallows else ""
    text += " opaque" if extra.opaque else ""
    return text + (" fails" if signature.fails else "")


VERSION_NAMES = frozenset({"__version__", "__git_version__", "__compiler_version__", "__internal__", "__operators__"})
LAZY_KERAS = ("tensorflow.keras", "tensorflow.compat.v1.keras")  # modules of another view, behind a lazy loader
EXTERNAL_MODULES = frozenset({"os.path", "six.moves", "scipy.misc", "scipy.sparse", "multiprocessing.pool"})
