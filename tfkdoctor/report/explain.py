"""`tfkdoctor explain`: what a code means, and where a name lives today."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from tfkdoctor.model import Safety
from tfkdoctor.report.diff import painted, unified
from tfkdoctor.report.style import Style
from tfkdoctor.rulebook import Example, Rule

if TYPE_CHECKING:
    from tfkdoctor.validate.index import Signature

GRADES = {
    Safety.SAFE: "`migrate --write` applies it where the code proves what it needs; elsewhere it is reported",
    Safety.UNSAFE: "applied only with `--unsafe`: it rests on a heuristic",
    Safety.MANUAL: "reported, never rewritten: a person must decide",
}


def explanation(what: str, style: Style) -> list[str] | None:
    """The page about a code or a dotted name; None where it is neither."""
    from tfkdoctor.knowledge import load_rules

    rules = {rule.code: rule for rule in load_rules()}
    code = what.upper()
    if code in rules:
        return rule_page(rules[code], style)
    return check_page(code, style) or symbol_page(what, tuple(rules.values()), style)


def rule_page(rule: Rule, style: Style) -> list[str]:
    """Summary, why, how safe, and each example as a diff."""
    lines = [f"{style.paint(rule.code, 'bold')} {rule.name}", *paragraph(rule.summary, style), ""]
    lines += [*section("why", rule.why, style), *section("safety", GRADES[derived_safety(rule)], style)]
    lines += section("help", rule.help, style) if rule.help else []
    for example in rule.examples:
        lines += ["", *example_lines(example, style)]
    return lines


def derived_safety(rule: Rule) -> Safety:
    """What the examples show counts: a rule without one that rewrites is manual, whatever it says of itself."""
    rewrites = any(example.after is not None and example.after != example.before for example in rule.examples)
    return rule.safety if rewrites or not rule.examples else Safety.MANUAL


def example_lines(example: Example, style: Style) -> list[str]:
    if example.after is not None and example.after != example.before:
        diff = unified("", example.before.strip("\n") + "\n", example.after.strip("\n") + "\n")
        body = painted(diff, style).split("\n", 3)[3].rstrip("\n")
        said = "becomes"
    else:
        body = example.before.strip("\n")
        said = "is reported" if example.expect == "finding" else "stays as it is"
    target = f", target {example.target}" if example.target else ""
    proven = ", run in both worlds by the tests" if example.run else ""
    head = style.paint(f"Example ({example.origin}{target}{proven}) {said}:", "dim")
    return [head, *textwrap.indent(body, "    ", lambda line: True).split("\n")]


def check_page(code: str, style: Style) -> list[str]:
    """What a check of an environment looks for; empty where the code is none."""
    from tfkdoctor.doctor.examine import list_checks

    for check in list_checks():
        if check.code == code:
            lines = [f"{style.paint(check.code, 'bold')} {check.title} ({check.severity})"]
            told = {"cause": check.cause, "shows": check.symptom, "fix": check.fix, "known": check.source}
            parts = [section(title, text, style) for title, text in told.items() if text]
            return [*lines, "", *(line for part in parts for line in part)]
    return []


def symbol_page(name: str, rules: tuple[Rule, ...], style: Style) -> list[str] | None:
    """What a name was in each origin, where it lives on the newest target, and the rules that speak of it."""
    from tfkdoctor.knowledge import load
    from tfkdoctor.model import Origin
    from tfkdoctor.versions import NEWEST

    name = "tensorflow" + name[2:] if name.startswith("tf.") else name
    lives = lives_lines(name)
    told: list[str] = []
    for rule in rules:
        if any(name in row.of for row in rule.rows):
            first, *rest = style.wrap(f"{rule.name}: {' '.join(rule.summary.split())}", len(rule.code) + 1, 4)
            told += [f"{style.paint(rule.code, 'bold')} {first}", *(" " * 4 + line for line in rest)]
    if not lives and not told:
        return None
    home = load(f"tensorflow=={NEWEST}.*", Origin()).home(name)
    today = f"{home.name} ({home.code})" if home is not None else "gone, or named otherwise"
    if home is not None and home.name == name:
        today = "the same"
    told_all = [*lives, (f"on TensorFlow {NEWEST}: ", today)]
    lines = [style.paint(name, "bold")]
    for label, text in told_all:
        first, *rest = style.wrap(text, len(label) + 2, 6)
        lines += [f"  {label}{first}", *(" " * 6 + line for line in rest)]
    return lines + (["", *told] if told else [])


def lives_lines(name: str) -> list[tuple[str, str]]:
    """What the name was, as pairs of label and text; versions that agree share one."""
    from tfkdoctor.validate import index

    view = "keras" if name.partition(".")[0] == "keras" else "tensorflow"
    if name == "tensorflow.keras" or name.startswith("tensorflow.keras."):
        view = "tensorflow.keras"
    known = index.load(view)
    said: dict[str, list[str]] = {}
    for version in known.versions():
        symbol = known.get(name, version)
        if symbol is not None:
            leaf = name.rpartition(".")[2]
            shape = f"{leaf}{signature_text(symbol.signature)}" if symbol.signature else ""
            said.setdefault(f"{symbol.kind} {shape}".strip(), []).append(version)
    package = "keras" if "keras" in view else view
    return [(f"in {package} {', '.join(versions)}: ", what) for what, versions in said.items()]


def signature_text(signature: Signature) -> str:
    """A signature as Python writes it."""
    parts: list[str] = []
    star = False
    for parameter in signature.parameters:
        if parameter.kind == "keyword" and not star:
            parts.append("*")
        star = star or parameter.kind in ("keyword", "varargs")
        prefix = {"varargs": "*", "kwargs": "**"}.get(parameter.kind, "")
        parts.append(prefix + parameter.name + (f"={parameter.default}" if parameter.default is not None else ""))
    return f"({', '.join(parts)})"


def paragraph(text: str, style: Style) -> list[str]:
    return style.wrap(" ".join(text.split()), 0, 0)


def section(title: str, text: str, style: Style) -> list[str]:
    start = 8
    first, *rest = style.wrap(" ".join(text.split()), start, start)
    return [style.paint(f"{title + ':':<{start}}", "cyan") + first, *(" " * start + line for line in rest)]
