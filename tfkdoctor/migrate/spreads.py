"""Dictionaries in sight that go into calls through `**`: the calls are read as if their entries stood there.

`cell = dict(inner_init="one"); LSTM(4, **cell)` is fitted as `LSTM(4, inner_init="one")`, by the same rules as any
call, and what becomes of the entries is written where the dictionary is made. Only what every use shows: a name that is
bound once, to a dictionary with plain keys, and used for nothing but `**` in calls of standalone Keras.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tfkdoctor.migrate.arguments import Fitted
from tfkdoctor.migrate.names import Binding
from tfkdoctor.migrate.plans import Change, Item, Piece

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_METHODS = frozenset(["fit", "fit_generator", "evaluate", "evaluate_generator", "predict", "predict_generator"])
_Pieces = tuple[str | int | ast.expr, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What one call wants of the entries: for each its new key and value (entries by number), None if it goes."""

    entries: tuple[tuple[str, _Pieces] | None, ...]

    def says(self) -> tuple[object, ...]:
        """The wish without the identity of nodes."""
        return tuple(e and (e[0], *(ast.dump(p) if isinstance(p, ast.AST) else p for p in e[1])) for e in self.entries)


@dataclass(slots=True, eq=False)
class Entries:
    """A dictionary that goes into calls, with what each call wants of it."""

    node: ast.Dict | ast.Call
    keys: tuple[str, ...]
    values: tuple[ast.expr, ...]
    calls: list[ast.Call] = field(default_factory=list)
    wishes: dict[ast.Call, Wish] = field(default_factory=dict)
    bindings: dict[Binding, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    certain: bool = True
    silent: bool = False

    @property
    def unchanged(self) -> Wish:
        return Wish(tuple((key, (number,)) for number, key in enumerate(self.keys)))

    def wish(self, call: ast.Call) -> Wish:
        return self.wishes.get(call, self.unchanged)

    @property
    def agreed(self) -> Wish | None:
        """What all calls want, None where they differ."""
        first = self.wish(self.calls[0])
        return first if all(self.wish(c).says() == first.says() for c in self.calls) else None


@dataclass(slots=True, eq=False)
class Spread:
    """A call that was read with the entries of a dictionary: as it was written, and where its arguments stand there."""

    original: ast.Call
    star: int  # the place of the `**` among the arguments of the original
    first: int  # the place of the first entry among the arguments as they are read
    entries: Entries


def find(context: Context) -> None:
    """Read calls with the entries of the dictionaries in sight that they get through `**`."""
    by_node: dict[ast.AST, Entries] = {}
    for call, _ in context.survey.names.calls:
        starred = [k for k in call.keywords if k.arg is None]
        if len(starred) != 1 or not _is_of_keras(context, call):
            continue
        made = _dictionary(context, call, starred[0].value)
        entries = by_node.get(made) or _entries(made) if made is not None else None
        if entries is None or {k.arg for k in call.keywords} & set(entries.keys):
            continue
        by_node[entries.node] = entries
        entries.calls.append(call)
        original = ast.Call(func=call.func, args=call.args, keywords=call.keywords)
        ast.copy_location(original, call)
        star = len(call.args) + call.keywords.index(starred[0])
        others = [k for k in call.keywords if k is not starred[0]]
        read = [ast.keyword(arg=k, value=v) for k, v in zip(entries.keys, entries.values, strict=True)]
        for keyword in read:
            ast.copy_location(keyword, keyword.value)
        context.spreads[call] = Spread(original, star, len(call.args) + len(others), entries)
        call.keywords = [*others, *read]


def _is_of_keras(context: Context, call: ast.Call) -> bool:
    from tfkdoctor.migrate.context import is_legacy_root

    reference = context.reference_of.get(call.func)
    if reference is not None:
        class_ = reference.kind == "class" or reference.kind == "unknown"
        return reference.node is call.func and class_ and is_legacy_root(context, reference.name)
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _METHODS:
        return False
    classes = context.types.of(call.func.value)
    return bool(classes) and all(context.types.inherits(c, "keras.Model") for c in classes) and bool(context.moves)


def _dictionary(context: Context, call: ast.Call, node: ast.expr) -> ast.expr | None:
    """The dictionary that a `**` takes, if it is written there, or where a name is bound that nothing else uses."""
    if isinstance(node, ast.Dict | ast.Call):
        return node
    use = context.survey.names.use_of.get(node)
    if not isinstance(node, ast.Name) or use is None or use.attrs or len(use.bindings) != 1:
        return None
    binding = use.bindings[0]
    taken = binding.name in context.facts.taken.get(context.path, frozenset()) or _is_exported(context)
    if binding.kind != "assign" or (binding.scope.kind == "module" and taken) or binding.scope.kind == "class":
        return None
    statement = context.survey.names.parents.get(binding.value) if binding.value is not None else None
    if not isinstance(statement, ast.Assign) or not all(isinstance(t, ast.Name) for t in statement.targets):
        return None
    if len(statement.targets) != 1:
        return None
    for other in context.survey.names.uses:
        if binding in other.bindings and other.root is not binding.node and not other.stored:
            keyword = context.survey.names.parents.get(other.root)
            caller = context.survey.names.parents.get(keyword) if keyword is not None else None
            plain = isinstance(keyword, ast.keyword) and keyword.arg is None and not other.attrs
            if not plain or not isinstance(caller, ast.Call) or len(other.bindings) != 1:
                return None
            if not _is_of_keras(context, caller) or sum(k.arg is None for k in caller.keywords) > 1:
                return None
    return binding.value


def _is_exported(context: Context) -> bool:
    return context.path.endswith("__init__.py") or "__all__" in context.survey.names.module.names


def _entries(node: ast.expr | None) -> Entries | None:
    if isinstance(node, ast.Call):
        if not isinstance(node.func, ast.Name) or node.func.id != "dict" or node.args:
            return None
        keys = [k.arg for k in node.keywords if k.arg is not None]
        values = [k.value for k in node.keywords]
    elif isinstance(node, ast.Dict):
        keys = [k.value for k in node.keys if isinstance(k, ast.Constant) and isinstance(k.value, str)]
        values = node.values
    else:
        return None
    if len(keys) < len(values) or len(set(keys)) < len(keys) or not all(key.isidentifier() for key in keys):
        return None
    return Entries(node, tuple(keys), tuple(values))


def part(context: Context, call: ast.Call, fitted: Fitted, bindings: tuple[Binding, ...], certain: bool) -> Fitted:
    """What is left for a call to change, once its dictionary has taken its share."""
    spread = context.spreads.get(call)
    if spread is None:
        return fitted
    entries, count = spread.entries, len(spread.entries.keys)
    inside = range(spread.first, spread.first + count)
    if fitted.items is None:
        return fitted
    wished: dict[int, tuple[str, _Pieces]] = {}
    items: list[Item] = []
    kept: set[int] = set()
    for item in fitted.items:
        source = item.original if item.original is not None else item.source
        own = [h for h in item.holes if h in inside]
        if source is not None and source in inside and item.keyword is not None and len(own) == len(item.holes):
            pieces: _Pieces = tuple(p - spread.first if isinstance(p, int) else p for p in item.pieces)
            wished[source - spread.first] = (item.keyword, pieces)
            kept.update(p for p in pieces if isinstance(p, int))
        else:  # what is made of both stands in the call
            items.append(_outside(item, spread))
    star = Item((spread.star,), None, spread.star)
    place = max((n + 1 for n, i in enumerate(items) if i.holes and max(i.holes) < spread.star), default=0)
    entries.wishes[call] = Wish(tuple(wished.get(n) for n in range(count)))
    entries.bindings.update(dict.fromkeys(bindings))
    entries.notes += [text for _, text in fitted.notes]
    entries.certain, entries.silent = entries.certain and certain, entries.silent or fitted.silent
    items.insert(place, star)
    written = [*spread.original.args, *spread.original.keywords]
    same = len(items) == len(written) and all(
        i.original == n and i.keyword == getattr(w, "arg", None)
        for n, (i, w) in enumerate(zip(items, written, strict=True))
    )
    return replace(fitted, items=None if same else tuple(items))


def _outside(item: Item, spread: Spread) -> Item:
    """An item of the call itself, by the places in the original; entries of the dictionary are written out."""

    def place(index: int) -> int:
        return index if index < spread.star else index + 1

    inside = spread.first
    pieces: _Pieces = tuple(
        p if not isinstance(p, int) else place(p) if p < inside else spread.entries.values[p - inside]
        for p in item.pieces
    )
    original = item.original
    if original is not None:
        original = place(original) if original < inside else None
    return Item(pieces, item.keyword, original)


def changes(context: Context, entries: Entries, wish: Wish) -> list[Change]:
    """What makes a dictionary as its calls want it."""
    lines, node = context.survey.lines, entries.node
    starts = [lines.start(k) for k in (node.keys if isinstance(node, ast.Dict) else node.keywords) if k is not None]
    found: list[Change] = []
    for number, (key, value) in enumerate(zip(entries.keys, entries.values, strict=True)):
        wanted = wish.entries[number]
        if wanted is None:
            last = number == len(entries.keys) - 1
            if not last:
                found.append(Change(starts[number], starts[number + 1], ()))
            else:
                before = [n for n in range(number) if wish.entries[n] is not None]
                start = lines.end(entries.values[number - 1]) if before else starts[number]
                found.append(Change(start, lines.end(value), ()))
            continue
        new, pieces = wanted
        if new != key:
            quoted = lines.text[starts[number]] in "'\""
            end = starts[number] + len(key)
            if isinstance(node, ast.Dict):
                known = node.keys[number]
                assert known is not None
                end = lines.end(known)
            mark = lines.text[starts[number]] if quoted else '"' if isinstance(node, ast.Dict) else ""
            found.append(Change(starts[number], end, (f"{mark}{new}{mark}",)))
        if pieces != (number,):
            made: tuple[Piece, ...] = tuple(entries.values[p] if isinstance(p, int) else p for p in pieces)
            found.append(Change(lines.start(value), lines.end(value), made))
    return found
