"""The report of `verify`: one screen that says equal, or the first difference with both values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tfkdoctor.model import Evidence
from tfkdoctor.report.json import Json, finding_json, head
from tfkdoctor.report.style import Style
from tfkdoctor.report.text import Show, count, counts, finding_lines, worst_mark

if TYPE_CHECKING:
    from tfkdoctor.validate.scripts import Account, Ran
    from tfkdoctor.validate.traces import ModelAccount
    from tfkdoctor.validate.verify import VerifyResult

NOTHING = "no numbers and no models: nothing was compared"
FEW = 6  # differences that are told of one script


def verify_report(result: VerifyResult, style: Style, show: Show, seconds: float) -> list[str]:
    lines: list[str] = []
    findings = result.findings()
    for account in result.accounts:
        if not show.quiet:
            lines += account_lines(account, style, result.options.tolerance)
        mine = [finding for finding in findings if Evidence("compared", account.name) in finding.evidence]
        for finding in mine if show.verbose else mine[:FEW]:
            lines += finding_lines(finding, style, show)
        if len(mine) > FEW and not show.verbose:
            lines.append(f"    and {len(mine) - FEW} more that follow from it or stand beside it (-v)")
        lines.append("")
    if show.quiet:
        return [line for line in lines if line]
    said = counts(findings) if findings else equal(result)
    if result.migrated is not None:
        lines.append(f"  migrated from a copy: {count(sum(f.changed for f in result.migrated.files), 'file')} changed")
    return [*lines, f"{worst_mark(findings, style)} {said}, {seconds:.1f} s"]


def equal(result: VerifyResult) -> str:
    return f"equal within {result.options.tolerance:g}"


def account_lines(account: Account, style: Style, tolerance: float) -> list[str]:
    lines = [style.paint(account.name, "bold"), f"  before  {ran(account.old)}"]
    if account.new is None:
        return lines
    lines.append(f"  now     {ran(account.new)}")
    lines += [model_line(model, style) for model in account.models]
    if not account.new.trouble:
        mark = style.mark("error" if account.unequal else "ok")
        told = "other numbers are printed" if account.unequal else "equal"
        if account.numbers or account.unequal:
            lines.append(
                f"  {mark} {count(account.numbers, 'number')} in {count(account.lines, 'printed line')}: {told}"
            )
        elif not account.models:
            lines.append(f"  {style.mark('warning')} {NOTHING}")
        if account.words:
            old, new = (text[:70] for text in account.words)
            lines.append(f"  {style.mark('hint')} other words: “{old}” before, “{new}” now")
    return lines + [f"  {style.mark('hint')} {note}" for note in account.notes]


def ran(side: Ran) -> str:
    return ", ".join(
        [f"Python {side.python}", *(f"{name} {version}" for name, version in sorted(side.versions.items()))]
    )


def model_line(model: ModelAccount, style: Style) -> str:
    mark = style.mark("error" if model.differences else "warning" if model.unseen else "ok")
    told = [f"{count(model.layers, 'output')} of layers" + (f" within {model.apart:.1g}" if model.layers else "")]
    if model.variables:
        told = [f"{model.variables} begin alike and end within {model.apart:.1g}"]
    if model.unseen:
        what = "variables" if model.label.startswith("trainable variables") else "layers"
        told = [f"{what} not compared: {model.unseen}"]
    if model.alone:
        told.append(f"not compared, since the new side has none of that name and shape: {', '.join(model.alone)}")
    if model.steps:
        told.append(f"{count(model.steps, 'training step')} within {model.step_apart:.1g}")
    return f"  {mark} {model.label}: {', '.join(told)}"


def verify_json(result: VerifyResult, exit_code: int, seconds: float) -> dict[str, Json]:
    report = head("verify", exit_code)
    report["tolerance"] = result.options.tolerance
    report["seconds"] = round(seconds, 3)
    report["scripts"] = [account_json(account) for account in result.accounts]
    report["findings"] = [finding_json(finding) for finding in result.findings()]
    return report


def account_json(account: Account) -> Json:
    return {
        "name": account.name,
        "before": side_json(account.old),
        "now": side_json(account.new) if account.new else None,
        "numbers": account.numbers,
        "lines": account.lines,
        "models": [
            {
                "model": model.number,
                "label": model.label,
                "layers": model.layers,
                "apart": model.apart,
                "apart_in": model.apart_in,
                "steps": model.steps,
                "step_apart": model.step_apart,
                "unseen": model.unseen,
                "variables": model.variables,
                "alone": list(model.alone),
            }
            for model in account.models
        ],
        "differences": [
            {"what": one.what, "where": one.where, "before": one.old, "now": one.new} for one in account.differences
        ],
        "words": list(account.words) if account.words else None,
        "notes": list(account.notes),
    }


def side_json(side: Ran) -> Json:
    return {"python": side.python, "versions": dict(side.versions), "trouble": side.trouble}
