"""Read the Keras 1 → 2 argument table out of Keras 2 itself: `keras/legacy/interfaces.py` and who wears it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tfkdoctor.dev.harvest_names import Names, Thing
from tfkdoctor.dev.harvest_signatures import Signatures, method_node
from tfkdoctor.validate.index import View

MODULE = "keras.legacy.interfaces"


@dataclass(frozen=True, slots=True)
class Interface:
    """One `legacy_*_support`: old names that a callable accepted, and the new ones they stood for.

    `positional` are the arguments that may be given by position, None where Keras does not check. `computed` are
    conversions that a preprocessor makes with code: (what it takes, what it makes of it).
    """

    name: str
    applies_to: tuple[str, ...]
    positional: tuple[str, ...] | None
    conversions: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, tuple[tuple[str, str | int | None], ...]], ...]
    preprocessor: str | None
    computed: tuple[tuple[str, str], ...]
    dropped: tuple[str, ...]  # arguments that the preprocessor takes away without a replacement


def interfaces_of(names: Names, view: View, version: str) -> list[Interface]:
    """All interfaces of a Keras 2 release, in the order of their file."""
    tree = names.tree.parse(MODULE)
    decorated = _decorated(names, view, version)
    found = []
    for node in tree.body if tree else ():
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name):
            options = {k.arg: k.value for k in node.value.keywords if k.arg}
            if "generate_legacy" in ast.unparse(node.value.func):
                found.append(_interface(node.targets[0].id, options, names, decorated))
    return found


def _interface(name: str, options: dict[str, ast.expr], names: Names, decorated: dict[str, set[str]]) -> Interface:
    positional = ast.literal_eval(options["allowed_positional_args"]) if "allowed_positional_args" in options else None
    conversions = ast.literal_eval(options["conversions"]) if "conversions" in options else []
    values = ast.literal_eval(options["value_conversions"]) if "value_conversions" in options else {}
    preprocessor = ast.unparse(options["preprocessor"]) if "preprocessor" in options else None
    computed, dropped = _computed(names, preprocessor, {old for old, _ in conversions})
    return Interface(
        name,
        tuple(sorted(decorated.get(name, ()))),
        None if positional is None else tuple(positional),
        tuple((old, new) for old, new in conversions),
        tuple((argument, tuple(table.items())) for argument, table in values.items()),
        preprocessor,
        computed,
        dropped,
    )


def _computed(
    names: Names, preprocessor: str | None, converted: set[str]
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """What a preprocessor's body says it converts, and what it pops without putting anything in its place."""
    thing = names.resolve(MODULE, preprocessor) if preprocessor else None
    if thing is None or thing.node is None:
        return (), ()
    pairs: list[tuple[str, str]] = []
    popped: list[str] = []
    for node in ast.walk(thing.node):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "converted.append":
            pair = ast.literal_eval(node.args[0])
            if pair not in pairs:
                pairs.append(pair)
        elif (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
            and ast.unparse(node.value.func) == "kwargs.pop"
        ):
            name = ast.literal_eval(node.value.args[0])
            if name not in popped and name not in converted:
                popped.append(name)
    return tuple(pairs), tuple(popped)


def _decorated(names: Names, view: View, version: str) -> dict[str, set[str]]:
    """Interface name -> canonical public names of the classes, functions and methods that carry it."""
    signatures = Signatures(names)
    found: dict[str, set[str]] = {}
    for name in view.all_names(version):
        symbol = view.get(name, version)
        if symbol is None or view.canonical(name, version) != name or symbol.kind not in ("class", "function"):
            continue
        module, _, qualname = symbol.object.partition(":")
        thing = names.resolve(module, qualname)
        for interface, suffix in _interfaces_on(signatures, thing):
            found.setdefault(interface, set()).add(name + suffix)
    return found


def _interfaces_on(signatures: Signatures, thing: Thing | None) -> Iterator[tuple[str, str]]:
    if thing is None:
        return
    if isinstance(thing.node, ast.FunctionDef):
        yield from ((interface, "") for interface in _support(thing.node))
    elif isinstance(thing.node, ast.ClassDef):
        for cls in signatures.mro(thing) or []:
            constructor = method_node(cls, "__init__")
            if constructor is not None:
                yield from ((interface, "") for interface in _support(constructor))
                break
        for node in thing.node.body:
            if isinstance(node, ast.FunctionDef) and node.name != "__init__":
                yield from ((interface, f".{node.name}") for interface in _support(node))


def _support(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for decorator in node.decorator_list:
        name = ast.unparse(decorator).rpartition(".")[2]
        if name.startswith("legacy_") and name.endswith("_support"):
            yield name


def args_text(interfaces: list[Interface], command: str, release: str) -> str:
    """The table as TOML."""
    lines = [
        f"# Arguments of Keras 1 that {release} still accepts, and what each became.",
        f"# Generated by `{command}`; do not edit.",
        "# `positional`: what may be given by position (absent: anything). `computed`: conversions that need code, as",
        "# keras words them. `dropped`: accepted and thrown away.",
        "",
    ]
    for interface in interfaces:
        lines += [f"[{interface.name}]", f"applies_to = {_array(interface.applies_to)}"]
        if interface.positional is not None:
            lines.append(f"positional = {_array(interface.positional)}")
        if interface.preprocessor:
            lines.append(f'preprocessor = "{interface.preprocessor}"')
        if interface.computed:
            lines.append(f"computed = [{', '.join(_array(pair) for pair in interface.computed)}]")
        if interface.dropped:
            lines.append(f"dropped = {_array(interface.dropped)}")
        if interface.conversions:
            lines.append("[" + f"{interface.name}.conversions]")
            lines += [f'{old} = "{new}"' for old, new in interface.conversions]
        for argument, table in interface.values:
            lines.append(f"[{interface.name}.values.{argument}]")
            lines += [f"{old} = {_scalar(new)}" for old, new in table]
        lines.append("")
    return "\n".join(lines)


def _array(items: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{item}"' for item in items) + "]"


def _scalar(value: str | int | None) -> str:
    return '"None"' if value is None else f'"{value}"' if isinstance(value, str) else str(value)
