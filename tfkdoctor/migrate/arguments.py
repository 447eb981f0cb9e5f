"""Fits a call to the target: names its arguments by the origin's signature, then reads them by that of its home."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tfkdoctor.homes import OldArguments
from tfkdoctor.migrate.plans import Amendment, Item
from tfkdoctor.rulebook import Row
from tfkdoctor.validate.index import Signature
from tfkdoctor.validate.signatures import same_default

Endings = Callable[[ast.expr], frozenset[str] | None]
_Pieces = tuple[str | int | ast.expr, ...]
_HOLE = re.compile(r"\{(\w+)\}")
_NAME = re.compile(r"\{@([\w.]+)\}")
_CLOSED = (ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.List, ast.Dict)
_SIDES = {3: ("nb_row", "nb_col"), 4: ("kernel_dim1", "kernel_dim2", "kernel_dim3")}  # of kernels in Keras 1
_MORE = re.compile(r"\{(\w+)\} \+ (\d+)")  # a number that is counted differently
_EMPTY = re.compile(r"\s*\Z")


@dataclass(slots=True)
class Argument:
    """An argument of the call as written: `name` is the parameter of the origin that it goes to, None if unknown."""

    index: int
    node: ast.expr
    keyword: str | None
    name: str | None
    old: str | None = None  # its name in Keras 1, where it had another
    replaced: str | None = None  # the text of its new value; "" where the value must change and cannot be told


@dataclass(slots=True)
class Fitted:
    """How the call must look: `items` None where it can stay as it is. `notes` say what changed, by code."""

    items: tuple[Item, ...] | None = None
    notes: list[tuple[str, str]] = field(default_factory=list)
    silent: bool = False  # leaving the call as it is would run and mean something else
    unclear: list[tuple[str, str]] = field(default_factory=list)  # (code, argument) whose new value cannot be told
    unseen: bool = False  # an argument would get its name, and more positional ones come through `*` behind it
    twice: str | None = None  # an argument that is given under its old and its new name
    renamed: list[tuple[str, str]] = field(default_factory=list)  # (old, new) parameter at the position of an argument
    gone: list[tuple[str, bool]] = field(default_factory=list)  # (argument, swallowed silently)


def bind(call: ast.Call, origin: Signature | None, old: OldArguments) -> list[Argument]:
    """Give each argument the name of the origin's parameter; those of Keras 1 get today's names."""
    arguments = []
    after_star = False
    for position, node in enumerate(call.args):
        if isinstance(node, ast.Starred):
            after_star = True
        parameter = origin.position(position) if origin is not None and not after_star else None
        name = parameter.name if parameter is not None and parameter.kind != "varargs" else None
        arguments.append(Argument(position, node, None, name))
    for offset, keyword in enumerate(call.keywords):
        arguments.append(Argument(len(call.args) + offset, keyword.value, keyword.arg, keyword.arg))
    known = {p.name for p in origin.parameters} if origin is not None else set()
    for argument in arguments:
        new = old.names.get(argument.name or "")
        if new is not None and argument.name not in old.computed and (argument.name not in known or new not in known):
            argument.old, argument.name = argument.name, new
            argument.replaced = _converted(argument.node, old.values.get(argument.old or ""))
    _name_sides(arguments)
    return arguments


def _name_sides(arguments: Sequence[Argument]) -> None:
    """`Conv2D(8, 3, 3, strides=2)`, which Keras 2 took as Keras 1 did: the numbers are the sides of the kernel."""
    positional = [a for a in arguments if a.keyword is None]
    given = {a.name for a in arguments if a.keyword is not None}
    sides = _SIDES.get(len(positional), ())
    if sides and positional[1].name == "kernel_size" and given & {"strides", "padding"} & {a.name for a in positional}:
        for argument, side in zip(positional[1:], sides, strict=True):
            argument.name = side


def _converted(node: ast.expr, values: Mapping[str, str] | None) -> str | None:
    """The new text of a value that changed its spelling ('th' is 'channels_first'); "" if it cannot be told."""
    if values is None:
        return None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return values.get(node.value)
    return ""


def renamed_in_place(origin: Signature | None, targets: Sequence[Signature]) -> dict[str, str]:
    """Parameters that kept position and default and changed their name: `to_categorical(y)` is `to_categorical(x)`.

    Only where both are required, or where one name begins with the other and the default is the same (`l`, `l2`): of
    `write_grads` and `write_steps_per_second` at one position nothing can be said.
    """
    if origin is None or not targets:
        return {}
    renames = {}
    known = {p.name for p in origin.parameters}
    for position, old in enumerate(origin.parameters):
        news = [t.position(position) for t in targets]
        new = news[0]
        if (
            new is None
            or new.name in known
            or any(n != new for n in news)
            or old.kind != "standard"
            or new.kind != "standard"
        ):
            continue
        akin = new.name.startswith(old.name) or old.name.startswith(new.name)
        alike = (old.default is None and new.default is None) or (akin and same_default(old.default, new.default))
        if alike and not any(t.accepts(old.name) for t in targets):
            renames[old.name] = new.name
    return renames


def holds(
    conditions: Mapping[str, str],
    arguments: Sequence[Argument],
    is_int: Mapping[int, bool | None],
    endings: Endings | None = None,
) -> bool:
    """Whether a row's `when` is satisfied; conditions of one argument are joined by `+`.

    `endings` tells how the text of an argument may end, None where that does not show.
    """
    by_name = {a.name: a for a in arguments if a.name}
    return all(
        _satisfies(condition.strip(), by_name.get(name), is_int, endings)
        for name, text in conditions.items()
        for condition in text.split("+")
    )


def _satisfies(
    condition: str, argument: Argument | None, is_int: Mapping[int, bool | None], endings: Endings | None
) -> bool:
    if condition == "absent":
        return argument is None
    if argument is None:
        return False
    if condition == "present":
        return True
    if condition == "positional":
        return argument.keyword is None
    if condition in ("int", "no-int", "unknown"):
        return {"int": True, "no-int": False, "unknown": None}[condition] is is_int.get(argument.index)
    if condition.startswith((">", "<=")):
        return _compares(condition, argument.node)
    word, _, rest = condition.partition(" ")
    if word == "other":  # than this literal, or than any that can be seen
        return not _satisfies(rest, argument, is_int, endings)
    if word == "ends":
        return _ends(endings(argument.node) if endings is not None else None, tuple(rest.split()))
    try:
        return bool(ast.literal_eval(argument.node) == ast.literal_eval(condition))
    except (ValueError, SyntaxError):
        return False


def _compares(condition: str, node: ast.expr) -> bool:
    """`>1e-6` and `<=1e-6`; a value that cannot be seen is taken for a large one."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, SyntaxError):
        return condition.startswith(">")
    if not isinstance(value, int | float):
        return False
    above = value > float(condition.lstrip("<>="))
    return above if condition.startswith(">") else not above


def _ends(texts: frozenset[str] | None, wanted: tuple[str, ...]) -> bool:
    """Whether a text ends so whatever leads to it; `.weights.h5`, another format, is no `.h5`."""
    if not texts:
        return False
    own = ".weights.h5"
    return all(text.endswith(wanted) and (own in wanted or not text.endswith(own)) for text in texts)


def fit(
    arguments: Sequence[Argument],
    targets: Sequence[Signature],
    rows: Sequence[Row],
    defaults: Mapping[str, tuple[str, str]],
    conversion_code: str,
    order: Sequence[str] = (),
    reach: int | None = None,
    amendments: Sequence[Amendment] = (),
) -> Fitted:
    """The arguments as the target wants them.

    `order` are the target's names of the origin's parameters, by position: what comes through `*` is read by it, as far
    as `reach` positions in all (None: no end is known).

    `targets` are the signatures at every point of the target range; `defaults` maps parameters of the target that are
    absent from the call and must be written out to (code, text).
    """
    fitted = Fitted()
    codes = {name: row.code for row in rows for name in row.args}
    codes |= {name: amendment.code for amendment in amendments for name in amendment.arguments}
    wanted = _wanted(arguments, rows, amendments)
    written = {name for row in rows if is_support(row) for name in row.args}
    amended = {name for amendment in amendments for name in amendment.arguments}
    for amendment in amendments:
        fitted.notes.append((amendment.code, amendment.message))
        fitted.silent = fitted.silent or amendment.silent
    items: list[Item] = []
    changed = False
    after_star = False
    keywords_from_here = False
    position = 0
    for pieces, name, source in wanted:
        argument = source
        if argument is not None and isinstance(argument.node, ast.Starred):
            after_star = True
        if name is None:  # *args, **kwargs, or a positional of which nothing is known
            kept = argument is not None and argument.keyword is None
            items.append(
                Item(
                    pieces,
                    None if kept else argument.keyword if argument else None,
                    argument.index if argument else None,
                )
            )
            position += 1
            continue
        positional = argument is not None and argument.keyword is None
        here = positional and not keywords_from_here and all(_at(t, position) == name for t in targets)
        others = (
            {_at(t, position) for t in targets} if positional and not keywords_from_here and len(pieces) == 1 else set()
        )
        if not here and None not in others and len(others) == 1 and not any(t.accepts(name) for t in targets):
            fitted.renamed.append((name, str(others.pop())))  # the name is gone, another parameter stands there
            here = True
        if here:
            items.append(Item(pieces, None, _same(argument, pieces)))
            position += 1
            if fitted.renamed and fitted.renamed[-1][0] == name:
                continue
        else:
            if positional:
                keywords_from_here = True
                fitted.silent = True
                fitted.notes.append(
                    ("TFK305", f"`{name}` is no longer at position {(argument.index if argument else 0) + 1}")
                )
            items.append(Item(pieces, name, _same(argument, pieces), argument.index if argument else None))
        if argument is not None and argument.replaced == "" and name not in amended:
            fitted.unclear.append((conversion_code, argument.keyword or name))
        if name in amended:
            changed = True
        elif argument is not None and not argument.replaced and not any(isinstance(p, int) for p in pieces):
            shown = _NAME.sub(lambda m: m[1].removeprefix("support."), "".join(map(str, pieces)))
            fitted.notes.append((codes.get(name, conversion_code), f"`{name}` is {shown} today"))
            fitted.silent = True
        elif len(pieces) > 1:
            fitted.notes.append((codes.get(name, conversion_code), f"`{name}` is made of {_listed(pieces, arguments)}"))
            fitted.silent = True
        old = argument.keyword if argument is not None else None
        if argument is not None and old is not None and old != name and len(pieces) == 1:
            code = codes.get(name, conversion_code)
            fitted.notes.append((code, f"`{old}=` is `{name}=` now"))
            fitted.silent = fitted.silent or any(t.accepts(old) or _swallows(t, old) for t in targets)
        made = name in written
        if not made and not all(t.accepts(name) and not _swallows(t, name) for t in targets):
            fitted.gone.append((old or name, any(_swallows(t, name) for t in targets)))
        changed = changed or replace(items[-1], source=None) != _as_written(argument)
    replaced = {a.index for a in arguments if a.replaced}
    replaced |= {source.index for pieces, _, source in wanted if source is not None and source.index not in pieces}
    dropped = [a for a in arguments if a.index not in replaced and not any(a.index in item.holes for item in items)]
    for argument in dropped:
        if argument.name in amended:
            continue  # the amendment has said it
        code = codes.get(argument.name or "", conversion_code)
        fitted.silent = fitted.silent or any(t.accepts(argument.keyword or "") for t in targets)
        fitted.notes.append((code, f"`{argument.keyword or argument.name}` has no effect any more"))
    for pieces, name, source in wanted:
        if source is None and name is not None and name not in amended:
            text = "".join(p for p in pieces if isinstance(p, str))
            fitted.notes.append((codes.get(name, conversion_code), f"`{name}={text}` is what it did"))
            fitted.silent = True
    star = next((n for n, a in enumerate(arguments) if isinstance(a.node, ast.Starred)), None)
    named = {name for a in arguments if a.keyword is not None for name in (a.keyword, a.name)}
    last = next((place for place, name in enumerate(order) if name in named), len(order))  # by name, so by no star
    far = list(enumerate(order))[star : last if reach is None else min(reach, last)] if star is not None else []
    moved = any(_at(t, n) != name for t in targets for n, name in far)
    fitted.unseen = moved or (after_star and any(i.keyword is not None and _is_positional(i, arguments) for i in items))
    given = [item.keyword for item in items if item.keyword is not None]
    fitted.twice = next((name for name in given if given.count(name) > 1), None)
    for name, (code, text) in defaults.items():
        items.append(Item((text,), name))
        shown = _NAME.sub(lambda m: m[1].removeprefix("support."), text)
        fitted.notes.append((code, f"`{name}={shown}` was the default"))
        fitted.silent = True
    if changed or dropped or defaults or amendments:
        fitted.items = tuple(items)
    return fitted


def is_support(row: Row) -> bool:
    """Whether a row leads to a piece of support code, which takes more than the class that it stands for."""
    return row.to is not None and row.to.startswith("support.")


def _swallows(signature: Signature, name: str) -> bool:
    """Whether an argument of this name is taken and dropped without an error."""
    return name in signature.ignored or (signature.swallows and not signature.accepts(name))


def _wanted(
    arguments: Sequence[Argument], rows: Sequence[Row], amendments: Sequence[Amendment]
) -> list[tuple[_Pieces, str | None, Argument | None]]:
    """(pieces, target parameter, the original argument that stands there) in the order of the source."""
    templates = {name: text for row in rows for name, text in row.args.items()}
    by_name = {a.name: a for a in arguments if a.name}
    made: dict[int, tuple[_Pieces, str, Argument]] = {}
    loose: list[tuple[_Pieces, str | None, Argument | None]] = []
    consumed: set[str] = {name for name, text in templates.items() if _EMPTY.match(text)}
    for name, text in templates.items():
        if _EMPTY.match(text):
            continue
        holes = _HOLE.findall(text)  # a hole is an argument; {@name} is a canonical name, spelled when the text is made
        if any(hole not in by_name for hole in holes):
            continue
        pieces = _filled(text, by_name)
        consumed.update(holes)
        if holes:
            first = min((by_name[h] for h in holes), key=lambda a: a.index)
            made[first.index] = (pieces, name, first)
        elif name in by_name:
            made[by_name[name].index] = (pieces, name, by_name[name])  # another value for an argument that is there
        else:
            loose.append((pieces, name, None))
    for amendment in amendments:
        for name, new in amendment.arguments.items():
            if new is None:
                consumed.add(name)
            elif name in by_name:
                made[by_name[name].index] = (new, name, by_name[name])
            else:
                loose.append((new, name, None))
    result: list[tuple[_Pieces, str | None, Argument | None]] = []
    for argument in arguments:
        if argument.index in made:
            result.append(made[argument.index])
        elif argument.name is None or argument.name not in consumed:
            kept: _Pieces = (argument.replaced,) if argument.replaced else (argument.index,)
            result.append((kept, argument.name, argument))
    return result + loose


def _filled(text: str, by_name: Mapping[str, Argument]) -> _Pieces:
    """A template with the arguments in its holes, in parentheses beside an operator: `1 - (a - b)`; `4 + 1` is 5."""
    more = _MORE.fullmatch(text)
    number = by_name[more[1]].node if more is not None else None
    if more is not None and isinstance(number, ast.Constant) and type(number.value) is int:
        return (str(number.value + int(more[2])),)
    parts = _HOLE.split(text)
    pieces: list[str | int | ast.expr] = []
    for i, part in enumerate(parts):
        if i % 2 == 0:
            pieces.append(part)
            continue
        before, after = parts[i - 1].rstrip()[-1:], parts[i + 1].lstrip()[:1]
        alone = before in ("", "(", "[", ",", "=") and after in ("", ")", "]", ",")
        whole = alone or isinstance(by_name[part].node, _CLOSED)
        pieces += [by_name[part].index] if whole else ["(", by_name[part].index, ")"]
    return tuple(p for p in pieces if p != "")


def _is_positional(item: Item, arguments: Sequence[Argument]) -> bool:
    return any(arguments[hole].keyword is None for hole in item.holes)


def _same(argument: Argument | None, pieces: _Pieces) -> int | None:
    """The index of an argument that stays as it is, perhaps under a keyword."""
    return argument.index if argument is not None and pieces == (argument.index,) else None


def _listed(pieces: _Pieces, arguments: Sequence[Argument]) -> str:
    """The arguments that a template unites, by position or keyword."""
    names = {a.index: f"`{a.keyword}`" if a.keyword else f"argument {a.index + 1}" for a in arguments}
    return " and ".join(names[p] for p in pieces if isinstance(p, int))


def _at(signature: Signature, position: int) -> str | None:
    parameter = signature.position(position)
    return parameter.name if parameter is not None and parameter.kind != "varargs" else None


def _as_written(argument: Argument | None) -> Item | None:
    return Item((argument.index,), argument.keyword, argument.index) if argument is not None else None
