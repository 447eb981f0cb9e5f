"""Which references of a tree are legacy: names that the target lacks, calls that do not fit it, old method names.

Part of the independent accounting (`account.py`). A reference is legacy if it leads to standalone Keras, to
`tf.contrib`, to a private or missing name of TensorFlow; if it calls a name with arguments that the target's signature
refuses or gives another meaning; or if it is a method call that only Keras of its time understood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from account_calls import Shift, misfit, shifted
from account_index import Index
from account_names import Call
from account_tree import Outside, Resolved, Through, Tree


@dataclass(frozen=True, slots=True)
class Reference:
    """One legacy reference. `lines`: where a finding may stand to be about it; `bound_at`: its imports."""

    kind: str  # import | name | method | call
    name: str
    line: int
    lines: frozenset[int]
    why: str
    bound_at: frozenset[int] = frozenset()
    through: Through = frozenset()
    shift: Shift | None = None  # the call would run on the target and mean something else


@dataclass(frozen=True, slots=True)
class Placed:
    """The positional arguments of a resolved call, and what the target calls the parameters that they land on."""

    line: int
    codes: tuple[str, ...]
    parameters: tuple[str, ...]

    def repeats(self, shift: Shift) -> bool:
        """Whether the arguments stand where they stood, and do not mean what they meant."""
        codes = self.codes[shift.place : shift.place + len(shift.codes)]
        parameter = self.parameters[shift.place] if shift.place < len(self.parameters) else ""
        return codes == shift.codes and not (shift.meant and parameter == shift.meant)


@dataclass(frozen=True, slots=True)
class Judged:
    """One file: its legacy references, the lines of all TensorFlow and Keras names, and its resolved calls."""

    legacy: tuple[Reference, ...] = ()
    names: tuple[tuple[int, str], ...] = ()  # (line, canonical) of TensorFlow and Keras, legacy or not, no imports
    others: tuple[tuple[int, str], ...] = ()  # (line, first part) of everything else that is imported
    calls: tuple[Placed, ...] = ()
    parsed: bool = True


def judge(texts: Mapping[str, str], index: Index) -> dict[str, Judged]:
    """Judge the Python files of a tree; `texts` by path relative to its root, with forward slashes."""
    tree = Tree(texts, index)
    resolved = {path: Resolved(tree, path) for path in sorted(texts)}
    modern = any(r.says(index.only_keras3) for r in resolved.values()) and not any(
        r.says(index.never_keras3) for r in resolved.values()
    )
    own = frozenset().union(*(r.surface.defines for r in resolved.values() if r.surface))
    return {path: _judge(r, index, modern, own) for path, r in resolved.items()}


def _judge(resolved: Resolved, index: Index, modern: bool, own: frozenset[str]) -> Judged:
    if resolved.surface is None:
        return Judged(parsed=False)
    legacy = list(_legacy_names(resolved, index, modern))
    tf1 = any(r.name.startswith("tensorflow.") for r in legacy)
    for call, outside in resolved.calls:
        legacy.extend(_legacy_calls(call, outside, index, modern, tf1))
        if not outside.canonical:
            legacy.extend(_legacy_methods(call, index, own))
    uses = [(name, outside.canonical) for name, outside in resolved.names if not name.imported]
    names = tuple((n.line, canonical[0]) for n, canonical in uses if canonical)
    others = tuple((n.line, n.first) for n, canonical in uses if not canonical and n.bound_at)
    calls = tuple(_placed(call, outside, index) for call, outside in resolved.calls if outside.canonical)
    return Judged(tuple(sorted(legacy, key=lambda r: (r.line, r.kind, r.name))), names, others, calls)


def _legacy_names(resolved: Resolved, index: Index, modern: bool) -> Iterator[Reference]:
    for name, outside in resolved.names:
        for canonical in outside.canonical:
            why = index.why_legacy(canonical, modern)
            if why:
                kind = "import" if name.imported else "name"
                yield Reference(kind, canonical, name.line, name.lines, why, outside.bound_at, outside.through)
                break


def _placed(call: Call, outside: Outside, index: Index) -> Placed:
    signature = index.signature(outside.canonical[0])
    return Placed(call.line, tuple(a.code for a in call.placed), signature.by_place if signature else ())


def _legacy_calls(call: Call, outside: Outside, index: Index, modern: bool, tf1: bool) -> Iterator[Reference]:
    bound = (outside.bound_at, outside.through)
    for canonical in outside.canonical:
        standalone = canonical.startswith("keras.") and not modern
        entry = index.entry(index.home(canonical) if standalone else canonical)
        leaf = canonical.rsplit(".", 1)[-1]
        if entry and entry.kind == "module":
            yield Reference("call", leaf, call.line, frozenset({call.line}), "a module is called", *bound)
            return
        target = entry.signature if entry else None
        if target is None:
            continue
        in_time = standalone or (tf1 and not canonical.startswith("tensorflow.keras"))
        lines = frozenset({call.line, call.callee_line, *(a.line for a in call.arguments)})
        why = misfit(call, target)
        if why:
            yield Reference("call", leaf, call.line, lines, why, *bound)
        shift = shifted(call, index.origin(canonical), target, leaf) if in_time else None
        if shift:
            yield Reference("call", leaf, call.line, lines, shift.why, *bound, shift)
        if why or shift:
            return


def _legacy_methods(call: Call, index: Index, own: frozenset[str]) -> Iterator[Reference]:
    if call.method in own:
        return
    here = frozenset({call.line, call.callee_line})
    if call.method in index.legacy_methods:
        yield Reference("method", call.method, call.callee_line, here, "no class of the target has this method")
    for argument in call.arguments:
        if argument.keyword and argument.keyword in index.legacy_keywords.get(call.method, frozenset()):
            name = f"{call.method}({argument.keyword}=)"
            lines = here | {argument.line}
            yield Reference("method", name, argument.line, lines, "no such argument in the target")
