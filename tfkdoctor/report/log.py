"""The report of `tfkdoctor explain train.log`: the line that matters first, then the rest in the log's order."""

from __future__ import annotations

import re

from tfkdoctor.logs.messages import Weight
from tfkdoctor.logs.translate import Told, Translation
from tfkdoctor.report.json import Json, head
from tfkdoctor.report.style import Style
from tfkdoctor.report.text import Show, count, labelled

MARKS = {Weight.FATAL: "error", Weight.CAUSE: "error", Weight.WARNING: "warning", Weight.HARMLESS: "hint"}
VERDICTS = {
    Weight.FATAL: "What it died of",
    Weight.CAUSE: "What is missing",
    Weight.WARNING: "Worth a look",
}
QUOTED = 160  # characters of a line of the log
# The time, process and severity that TensorFlow writes first; what remains begins with the source file.
_STAMP = re.compile(r"^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWEF] |[IWEF]\d{4} [\d:.]+\s+\d+ )(?:[\w.]+/)*")


def log_report(name: str, told: Translation, style: Style, show: Show) -> list[str]:
    """`-q` keeps the verdict alone, `-v` says of the harmless what they mean as well."""
    lines: list[str] = []
    if not show.quiet:
        lines += [style.paint(f"{name}: {count(told.lines, 'line')}{written_by(told)}", "bold"), ""]
    if told.verdict is not None:
        lines += [f"{style.paint(VERDICTS[told.verdict.weight], 'bold')}: {where(told.verdict)}", ""]
        lines += [*told_lines(told.verdict, style), ""]
    elif not show.quiet:
        lines += [f"{style.mark('ok')} {nothing(told)}", ""]
    if show.quiet:
        return lines[:-1]
    serious = [one for one in told.rest if one.weight is not Weight.HARMLESS]
    harmless = [one for one in told.rest if one.weight is Weight.HARMLESS]
    if serious:
        lines += [style.paint("Besides, in the log's order:", "bold"), ""]
        for one in serious:
            lines += [*told_lines(one, style, numbered=True), ""]
    if harmless:
        lines += [style.paint("Harmless:", "bold"), ""]
        for one in harmless:
            lines += told_lines(one, style, numbered=True) if show.verbose else harmless_lines(one, style)
        lines.append("")
    if told.unknown:
        lines += left_alone(told, style)
    return lines[:-1] if lines and not lines[-1] else lines


def written_by(told: Translation) -> str:
    return f", TensorFlow {told.tensorflow} ({told.reason})" if told.tensorflow else ""


def nothing(told: Translation) -> str:
    if told.rest:
        return "nothing in it needs you: all that is known of it is harmless"
    return "none of the messages that tfkdoctor knows is in it"


def where(one: Told) -> str:
    times = f", {one.count} times up to line {one.last}" if one.count > 1 else ""
    raised = f", raised in {one.frame}" if one.frame else ""
    return f"line {one.first}{times}{raised}"


def told_lines(one: Told, style: Style, numbered: bool = False) -> list[str]:
    """The line as it stands in the log, then what it means, what to do, and who knows more."""
    first, *more = style.wrap(quoted(one.text), 2, 4)
    lines = [f"{style.mark(MARKS[one.weight])} {style.paint(first, 'bold')}", *(" " * 4 + line for line in more)]
    if numbered:
        lines += labelled("line", where(one).removeprefix("line "), style, "dim")
    lines += labelled("means", one.says, style, "cyan")
    lines += labelled("migrate", one.code_says, style, "cyan") if one.code_says else []
    lines += labelled("do", one.do, style, "green") if one.do else []
    if one.found:
        for found in one.found:
            lines += labelled("here", found, style, "yellow")
    elif one.codes:
        here = "" if one.found is None else "; nothing of it is found in this interpreter"
        lines += labelled("more", f"tfkdoctor explain {one.codes[0]}{others(one.codes[1:])}{here}", style, "cyan")
    return lines


def others(codes: tuple[str, ...]) -> str:
    return f" (or {', '.join(codes)})" if codes else ""


def harmless_lines(one: Told, style: Style) -> list[str]:
    times = f" ({one.count} times)" if one.count > 1 else ""
    start = f"line {one.first}{times}: "
    first, *more = style.wrap(one.says, len(start) + 2, 4)
    return [f"{style.mark('hint')} {style.paint(start, 'dim')}{first}", *(" " * 4 + line for line in more)]


def left_alone(told: Translation, style: Style) -> list[str]:
    lines = [f"{count(told.unknown, 'warning')} or errors more, which tfkdoctor does not know; the first:"]
    if told.unknown == 1:
        lines = ["one warning or error more, which tfkdoctor does not know:"]
    for number, text in told.samples:
        lines.append(style.paint(f"  line {number}: {quoted(text)}", "dim"))
    return lines


def quoted(text: str) -> str:
    """A line of the log without its time stamp, of bearable length."""
    text = _STAMP.sub("", text)
    return text if len(text) <= QUOTED else text[: QUOTED - 2] + " …"


def log_json(name: str, told: Translation, exit_code: int) -> dict[str, Json]:
    """`verdict` is the place in `messages` of the line that matters, null if none does."""
    messages = told.all
    report = head("explain", exit_code)
    report["log"] = {"name": name, "lines": told.lines, "tensorflow": told.tensorflow, "known_by": told.reason}
    report["verdict"] = 0 if told.verdict else None
    report["messages"] = [told_json(one) for one in messages]
    report["unknown"] = {
        "count": told.unknown,
        "first": [{"line": number, "text": text} for number, text in told.samples],
    }
    return report


def told_json(one: Told) -> dict[str, Json]:
    return {
        "name": one.name or None,
        "severity": one.weight.value,
        "line": one.first,
        "last_line": one.last,
        "count": one.count,
        "text": one.text,
        "means": one.says,
        "do": one.do,
        "codes": list(one.codes),
        "raised_in": one.frame,
        "migrate": one.code_says,
        "proven": one.proven,
        "found": None if one.found is None else list(one.found),
    }
