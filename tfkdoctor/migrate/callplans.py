"""Turns a fitted call into a plan, or into trouble where it cannot be written."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from tfkdoctor.migrate import spreads
from tfkdoctor.migrate.arguments import Fitted
from tfkdoctor.migrate.context import Context
from tfkdoctor.migrate.names import Binding, Scope
from tfkdoctor.migrate.plans import CallPlan, Trouble
from tfkdoctor.model import Safety, Severity
from tfkdoctor.rulebook import Row
from tfkdoctor.spellings import target_name

_NO_WAY = "remove it, or express it in another way"
_WAYS = {"decay": "`learning_rate=InverseTimeDecay(rate, 1, decay)` of keras.optimizers.schedules does what it did"}


def plan_call(
    context: Context,
    call: ast.Call,
    scope: Scope,
    fitted: Fitted,
    rows: Sequence[Row],
    bindings: tuple[Binding, ...],
    name: str,
    certain: bool,
    method: str | None = None,
    providers: frozenset[str] = frozenset(),
    requires: frozenset[str] = frozenset(),
    callee: str | None = None,
) -> CallPlan | None:
    """Take up the plan of a call, and give it back; None where it can stay, or is trouble now.

    `method` is the new name of the method that is called, `callee` a template for what takes the place of the function.
    """
    lines = context.survey.lines
    start, end = lines.start(call), lines.end(call)
    position = lines.end(call.func) - len(call.func.attr) if isinstance(call.func, ast.Attribute) else start

    def trouble(code: str, message: str, help_text: str, silent: bool) -> None:
        context.found.troubles.append(
            Trouble(
                code,
                position,
                end,
                message,
                help_text,
                bindings=bindings,
                silent=silent,
                name=name,
                providers=providers,
            )
        )

    if fitted.unseen or fitted.twice:
        code = next((row.code for row in rows), "TFK305")
        if fitted.twice:
            text = f"`{name}` is given `{fitted.twice}` twice, under its old name and its new one"
            trouble(rows[0].code if rows else "TFK303", text, "leave one of them", False)
        else:
            text = f"positional arguments of `{name}` have other places today, and more come through `*`"
            trouble(code, text, "write all of them as keywords", method is None)
        return None
    for argument, swallowed in fitted.gone:
        text = "is swallowed without effect" if swallowed else "does not exist"
        trouble(
            "TFK304",
            f"the argument `{argument}` of `{name}` {text} in the target",
            _WAYS.get(argument, _NO_WAY) if ".optimizers." in name else _NO_WAY,
            swallowed,
        )
    for old, new in fitted.renamed:
        trouble(
            "TFK305",
            f"what stood for `{old}` in `{name}` stands for `{new}` in the target",
            f"check that `{new}` means the same, and name the argument",
            True,
        )
    for code, argument in fitted.unclear:
        trouble(
            code,
            f"the value of `{argument}` of `{name}` is spelled otherwise today, and cannot be seen here",
            "write it out: 'th' is 'channels_first', 'tf' is 'channels_last'",
            False,
        )
    by_hand = next((row for row in rows if row.safety is Safety.MANUAL), None)
    if by_hand is not None:
        trouble(by_hand.code, by_hand.size or f"`{name}` means something else in the target", by_hand.help, True)
        return None
    fitted = spreads.part(context, call, fitted, bindings, certain)
    if fitted.items is None and method is None and callee is None:
        return None
    codes = list(dict.fromkeys(code for code, _ in fitted.notes)) or ["TFK305"]
    said = {code: "; ".join(dict.fromkeys(text for c, text in fitted.notes if c == code)) for code in codes}
    head = "" if method else f"{name.rpartition('.')[2]}: "
    if not context.writable(call):
        trouble(codes[0], f"{name}: {said[codes[0]]}", "rewrite it by hand: it stands in an f-string", fitted.silent)
        return None
    texts = [p for item in fitted.items or () for p in item.pieces if isinstance(p, str)] + [callee or ""]
    if not context.settings.support and any("{@support." in text for text in texts):
        trouble(
            codes[0],
            said[codes[0]],
            "no argument brings the old numbers back: allow support code (without --no-support)",
            True,
        )
        return None
    safety = Safety.SAFE if certain else Safety.UNSAFE
    for row in rows:
        safety = _weaker(safety, row.safety)
    parts = tuple((context.id(code, position), code, head + said[code]) for code in codes)
    plan = CallPlan(
        id=parts[0][0],
        code=codes[0],
        start=position,
        end=end,
        message=parts[0][2],
        severity=next((row.severity for row in rows if row.severity is not None), Severity.ERROR),
        safety=safety,
        bindings=bindings,
        silent=fitted.silent,
        requires=requires or providers,
        providers=providers,
        name=name,
        parts=parts,
        call=context.spreads[call].original if call in context.spreads else call,
        scope=scope,
        items=fitted.items,
        method=method,
        callee=callee,
        needs=frozenset(f"pip:{distribution}" for row in rows for distribution in row.needs),
        introduces=frozenset(name for text in texts for name in canonical_names(text)),
    )
    context.add(plan, [call.func] if callee is not None else ())
    return plan


def canonical_names(text: str) -> list[str]:
    """The canonical names that a template asks for: `{@keras.backend.hard_sigmoid}`."""
    return [target_name(name) for name in re.findall(r"\{@([\w.]+)\}", text)]


def _weaker(first: Safety, second: Safety) -> Safety:
    order = [Safety.SAFE, Safety.UNSAFE, Safety.MANUAL]
    return max(first, second, key=order.index)
