"""Makes the text of a changed call: the argument list goes through LibCST, every argument in it a placeholder.

With placeholders the unit is small whatever stands in the arguments, what is between them (commas, comments, breaks)
survives, and the outcome can be told apart into edits that leave the arguments themselves to inner plans.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import libcst as cst

from tfkdoctor.migrate.plans import CallPlan, Item
from tfkdoctor.migrate.templates import NAME
from tfkdoctor.model import Edit
from tfkdoctor.text import Lines, apply_edits

_PLACEHOLDER = "__tfk{}__"
_GUESTS = 100_000  # numbers of placeholders for nodes that are no arguments of the call
_NEWLINE = re.compile(r"\r\n|\r|\n")
_FIND = re.compile(r"__tfk(\d+)__")


class RenderError(Exception):
    """The call cannot be written anew without losing something; the message says what."""


def call_edits(plan: CallPlan, lines: Lines, inner: Sequence[Edit], words: Mapping[str, str]) -> tuple[Edit, ...]:
    """The edits of one call.

    `inner` are edits within its arguments: used where an argument moves, else left to themselves. `words` says how each
    canonical name of a template is written here. Raises RenderError.
    """
    call = plan.call
    assert call is not None
    edits = []
    if plan.method is not None and isinstance(call.func, ast.Attribute):
        end = lines.end(call.func)
        edits.append(Edit(end - len(call.func.attr), end, plan.method))
    if plan.callee is not None:
        edits.append(Edit(lines.start(call.func), lines.end(call.func), _spell(plan.callee, words)))
    if plan.items is not None:
        edits += _argument_edits(call, [_spelled(item, words) for item in plan.items], lines, inner)
    return tuple(edits)


def _argument_edits(call: ast.Call, items: Sequence[Item], lines: Lines, inner: Sequence[Edit]) -> list[Edit]:
    values = _values(call)
    start, end = lines.end(call.func), lines.end(call)
    skeleton, spans = _skeleton(values, start, end, lines)
    items, guests = _numbered(items)
    new = _rebuild(skeleton, items, call)
    if skeleton.count("#") != new.count("#"):
        raise RenderError("a comment between its arguments would be lost")
    order = [int(n) for n in _FIND.findall(new)]
    if guests or order != sorted(order):
        spans |= {number: _span(node, lines) for number, node in guests.items()}
        return [Edit(start, end, _substitute(new, spans, lines.text, inner))]
    edits = _glue_edits(skeleton, new, spans, start, end)
    wrapped = {edit.start for edit in inner if edit.start == edit.end}
    return [_before_wrapper(edit, lines.text) if edit.start in wrapped else edit for edit in edits]


def _before_wrapper(edit: Edit, text: str) -> Edit:
    """The keyword of an argument stands before what its value is wrapped in, which is put in at the same place."""
    if edit.start != edit.end or not edit.text.endswith("="):
        return edit
    return Edit(edit.start - 1, edit.end, text[edit.start - 1] + edit.text)


def _spelled(item: Item, words: Mapping[str, str]) -> Item:
    return replace(item, pieces=tuple(_spell(p, words) if isinstance(p, str) else p for p in item.pieces))


def _spell(text: str, words: Mapping[str, str]) -> str:
    return NAME.sub(lambda m: words.get(m[1], m[1]), text)


def _numbered(items: Sequence[Item]) -> tuple[list[Item], dict[int, ast.expr]]:
    """The items with a number for each node that is no argument of the call, and these nodes."""
    guests: dict[int, ast.expr] = {}
    numbered = []
    for item in items:
        pieces: list[str | int | ast.expr] = []
        for piece in item.pieces:
            if isinstance(piece, ast.expr):
                guests[_GUESTS + len(guests)] = piece
                piece = _GUESTS + len(guests) - 1
            pieces.append(piece)
        numbered.append(replace(item, pieces=tuple(pieces)))
    return numbered, guests


def _values(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(k.value for k in call.keywords)]


def _skeleton(values: Sequence[ast.expr], start: int, end: int, lines: Lines) -> tuple[str, dict[int, tuple[int, int]]]:
    """The argument list with a placeholder for every value, and where each value stands."""
    spans = {i: _span(value, lines) for i, value in enumerate(values)}
    pieces, position = [], start
    for i, (first, last) in sorted(spans.items(), key=lambda item: item[1]):
        pieces += [lines.text[position:first], _PLACEHOLDER.format(i)]
        position = last
    return "".join([*pieces, lines.text[position:end]]), spans


def _span(value: ast.expr, lines: Lines) -> tuple[int, int]:
    """A value's range; of `*args` that of what follows the star."""
    node = value.value if isinstance(value, ast.Starred) else value
    return lines.start(node), lines.end(node)


def _rebuild(skeleton: str, items: Sequence[Item], call: ast.Call) -> str:
    """The skeleton with its arguments as `items` say; LibCST sees `\\n` alone, so other newlines are put back."""
    head = "f"
    newlines = set(_NEWLINE.findall(skeleton)) or {"\n"}
    if len(newlines) > 1:
        raise RenderError("its lines end in different ways")
    try:
        parsed = cst.parse_expression(head + _NEWLINE.sub("\n", skeleton))
    except cst.ParserSyntaxError as error:
        raise RenderError(f"LibCST does not parse its arguments: {error.message}") from None
    if not isinstance(parsed, cst.Call):
        raise RenderError("it is no plain call")
    originals = _by_index(parsed.args)
    arguments = [_argument(item, originals) for item in items]
    new = cst.Module([]).code_for_node(parsed.with_changes(args=_with_commas(arguments, parsed.args)))
    return new[len(head) :].replace("\n", newlines.pop())


def _by_index(args: Sequence[cst.Arg]) -> dict[int, cst.Arg]:
    found = {}
    for arg in args:
        match = _FIND.search(cst.Module([]).code_for_node(arg.value))
        if match:
            found[int(match[1])] = arg
    return found


def _argument(item: Item, originals: dict[int, cst.Arg]) -> cst.Arg:
    if item.original is not None:
        arg = originals[item.original]
        if item.keyword is None or (arg.keyword is not None and arg.keyword.value == item.keyword):
            return arg
        equal = arg.equal if arg.keyword is not None else _plain_equal()
        return arg.with_changes(keyword=cst.Name(item.keyword), equal=equal)
    text = "".join(piece if isinstance(piece, str) else _PLACEHOLDER.format(piece) for piece in item.pieces)
    value = cst.parse_expression(text)
    source = next((originals[hole] for hole in reversed(item.holes) if hole in originals), None)
    comma = source.comma if source is not None else cst.MaybeSentinel.DEFAULT
    keyword = cst.Name(item.keyword) if item.keyword is not None else None
    equal = (
        (source.equal if source is not None and source.keyword is not None else _plain_equal())
        if keyword
        else cst.MaybeSentinel.DEFAULT
    )
    return cst.Arg(value, keyword=keyword, equal=equal, comma=comma)


def _plain_equal() -> cst.AssignEqual:
    return cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def _with_commas(arguments: list[cst.Arg], before: Sequence[cst.Arg]) -> list[cst.Arg]:
    """Give the last argument the comma that the last one had, and those that were last or are new an inner one."""
    if not arguments or not before:
        return arguments
    last_comma = before[-1].comma
    inner = next((a.comma for a in before[:-1]), cst.MaybeSentinel.DEFAULT)
    if isinstance(inner, cst.Comma) and _has_comment(inner):
        inner = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    fixed = []
    for number, argument in enumerate(arguments):
        is_last = number == len(arguments) - 1
        was_last = argument.comma is last_comma
        if is_last and not was_last:
            comma: cst.Comma | cst.MaybeSentinel = last_comma
        elif not is_last and (was_last or isinstance(argument.comma, cst.MaybeSentinel)):
            comma = inner if isinstance(inner, cst.Comma) else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        else:
            comma = argument.comma
        fixed.append(argument.with_changes(comma=comma))
    if isinstance(last_comma, cst.MaybeSentinel):
        fixed[-1] = fixed[-1].with_changes(whitespace_after_arg=before[-1].whitespace_after_arg)
        for number, argument in enumerate(fixed[:-1]):
            if argument.whitespace_after_arg is before[-1].whitespace_after_arg:
                fixed[number] = argument.with_changes(whitespace_after_arg=cst.SimpleWhitespace(""))
    return fixed


def _has_comment(comma: cst.Comma) -> bool:
    return "#" in cst.Module([]).code_for_node(comma)


def _substitute(new: str, spans: dict[int, tuple[int, int]], text: str, inner: Sequence[Edit]) -> str:
    """Put the arguments, with the edits inside them, back in the place of their placeholders."""
    return _FIND.sub(lambda m: apply_edits(text, list(inner), *spans[int(m[1])]), new)


def _glue_edits(skeleton: str, new: str, spans: dict[int, tuple[int, int]], start: int, end: int) -> list[Edit]:
    """Edits of what stands between the arguments that stay, each as small as it can be."""
    kept = [int(n) for n in _FIND.findall(new)]
    old_pieces, old_order = _split(skeleton)
    new_pieces, _ = _split(new)
    edits = []
    position = start
    cursor = 0
    for number in range(len(kept) + 1):
        stop = old_order.index(kept[number]) if number < len(kept) else len(old_order)
        until = spans[kept[number]][0] if number < len(kept) else end
        old_glue = "".join(
            old_pieces[i] + (_PLACEHOLDER.format(old_order[i]) if i < stop else "") for i in range(cursor, stop + 1)
        )
        new_glue = new_pieces[number]
        if old_glue != new_glue:
            edits.append(_trimmed(old_glue, new_glue, position, until))
        if number < len(kept):
            position = spans[kept[number]][1]
            cursor = stop + 1
    return edits


def _split(text: str) -> tuple[list[str], list[int]]:
    parts = _FIND.split(text)
    return parts[::2], [int(n) for n in parts[1::2]]


def _trimmed(old: str, new: str, start: int, end: int) -> Edit:
    """One edit from old to new glue without what both begin and end with; dropped arguments lie inside it."""
    limit = min(len(old), len(new))
    placeholder = _FIND.search(old)
    first = placeholder.start() if placeholder else len(old)
    head = 0
    while head < min(limit, first) and old[head] == new[head]:
        head += 1
    last = len(old) - [m.end() for m in _FIND.finditer(old)][-1] if placeholder else len(old) - head
    tail = 0
    while tail < min(limit - head, last) and old[len(old) - 1 - tail] == new[len(new) - 1 - tail]:
        tail += 1
    return Edit(start + head, end - tail, new[head : len(new) - tail])
