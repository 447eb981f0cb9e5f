"""`dataset.map(f, num_threads=4, output_buffer_size=100)` of tf.contrib.data: parallel calls, and a prefetch behind."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.conversions import rewrite
from tfkdoctor.migrate.plans import Change
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_OLD = ("num_threads", "output_buffer_size")


def run(context: Context, row: Row) -> None:
    """Rewrite each call of `map` that has one of the two arguments, which no other `map` takes."""
    lines = context.survey.lines
    for call in context.survey.names.calls_of.get("map", ()):
        given = {k.arg: k for k in call.keywords}
        old = [given[name] for name in _OLD if name in given]
        if not old or not isinstance(call.func, ast.Attribute):
            continue
        if None in given or len(call.args) > 1:
            continue
        changes = []
        if "num_threads" in given:
            start = lines.start(given["num_threads"])
            changes.append(Change(start, start + len("num_threads"), ("num_parallel_calls",)))
        if "output_buffer_size" in given:
            size = given["output_buffer_size"]
            ends = [*map(lines.end, call.args), *map(lines.end, call.keywords)]
            before = [end for end in ends if end <= lines.start(size)]
            after = [lines.start(k) for k in call.keywords if lines.start(k) >= lines.end(size)]
            start, end = max(before, default=lines.start(size)), lines.end(size)
            changes.append(Change(start, end if before or not after else min(after), ()))
            changes.append(Change(lines.end(call), lines.end(call), (".prefetch(", size.value, ")")))
        rewrite(
            context,
            row,
            changes,
            f"`{old[0].arg}=` of the first datasets is gone from `map`",
            context.survey.names.scope_of(call),
            (lines.start(old[0]), lines.end(call)),
        )
