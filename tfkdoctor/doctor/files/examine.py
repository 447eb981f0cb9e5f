"""`examine`: read a dependency file, judge what an installer would bring, and correct its lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tfkdoctor.doctor.checks.case import Case, Found
from tfkdoctor.doctor.checks.rows import read_checks
from tfkdoctor.doctor.compat import Compat
from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.files.changes import Change, Problem
from tfkdoctor.doctor.files.declared import IMAGE, Manifest, Setting, Unreadable, span_of
from tfkdoctor.doctor.files.images import cuda_problems
from tfkdoctor.doctor.files.judge import judge, two_names
from tfkdoctor.doctor.files.kinds import reader_of
from tfkdoctor.doctor.files.mend import Draft, mend
from tfkdoctor.doctor.files.outlook import scenarios
from tfkdoctor.doctor.files.pythons import on_musl, without_python
from tfkdoctor.doctor.files.resolve import resolve
from tfkdoctor.doctor.files.scenario import SPOKEN
from tfkdoctor.doctor.files.write import apply
from tfkdoctor.model import Finding
from tfkdoctor.validate.index import rules_dir


def judged_here(_: Case) -> Iterator[Found]:
    """No environment fails these: `problems` finds them in lines."""
    return iter(())


CHECKS = read_checks(rules_dir() / "checks" / "files", dict.fromkeys(("PR004", "PR005", "PR022"), judged_here))
SHOWN = (
    "tensorflow",
    "tensorflow-cpu",
    "tensorflow-gpu",
    "keras",
    "tf-keras",
    "numpy",
    "protobuf",
    "h5py",
    "tensorboard",
)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an installer would bring on one Python; empty where it would refuse."""

    where: str
    versions: dict[str, str]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What is said of one dependency file; `corrected` maps each path to its text before and after."""

    path: str
    findings: tuple[Finding, ...]
    outlooks: tuple[Outlook, ...] = ()
    corrected: dict[str, tuple[str, str]] = field(default_factory=dict)
    fixes: dict[str, str] = field(default_factory=dict)  # Finding.fix -> what its line says then
    declares: bool = True  # whether it asks for TensorFlow at all


def examine(path: Path, table: Compat, select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> FileReport:
    """Judge one dependency file; a file that cannot be understood is a finding."""
    reader = reader_of(path)
    try:
        if reader is None:
            raise Unreadable(str(path), "is no dependency file that tfkdoctor knows")
        manifest = reader(path)
    except Unreadable as error:
        return FileReport(str(path), (error.finding,))
    return report(manifest, table, select, ignore)


def report(manifest: Manifest, table: Compat, select: tuple[str, ...], ignore: tuple[str, ...]) -> FileReport:
    def looked(setting: Setting) -> list[Problem]:
        return [one for one in problems(setting, table) if wanted(one.code, select, ignore)]

    draft, later = mend(manifest.settings, looked)
    fixes: dict[str, str] = {}
    findings = [one for one in manifest.findings if wanted(one.code, select, ignore)]
    first = [(setting.label, one) for setting in manifest.settings for one in looked(setting)]
    findings += told(manifest.path, [*first, *(("", one) for one in later)], draft.taken, fixes)
    return FileReport(
        path=manifest.path,
        findings=tuple(findings),
        outlooks=tuple(outlooks(manifest, table)),
        corrected=corrected(manifest, draft),
        fixes=fixes,
        declares=any(asks(setting) for setting in manifest.settings),
    )


def wanted(code: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    return (not select or code.startswith(select)) and not (ignore and code.startswith(ignore))


def asks(setting: Setting) -> bool:
    return any(FAMILY.match(pin.name) or pin.name == "tf-keras" for pin in setting.pins)


@cache
def problems(setting: Setting, table: Compat) -> tuple[Problem, ...]:
    """All that is wrong with a setting, on every Python and platform that it is judged on."""
    if not asks(setting):
        return ()
    if found := [*two_names([pin for pin in setting.pins if not pin.marker])]:
        return tuple(found)  # which Pythons have both is not worth a word
    found = [*without_python(setting, table), *on_musl(setting)]
    for scenario in scenarios(setting, table):
        resolution = resolve(scenario, table)
        given = any(pin.form == IMAGE for pin in scenario.pins)  # what an image brings fits together, and is old
        found += [one for one in judge(scenario, resolution, table) if not (given and one.unnamed)]
        found += cuda_problems(scenario, resolution, table)
    return tuple(found)


def told(
    path: str, problems: list[tuple[str, Problem]], taken: tuple[Change, ...], fixes: dict[str, str]
) -> Iterator[Finding]:
    """Each problem once, at its line, in the words of the setting where it was met first.

    A fix is told only if the corrected lines hold it: one that would have made other lines impossible was not taken.
    """
    seen: set[tuple[str, str, int, str]] = set()
    for label, one in problems:
        where, line = (one.pin.path, one.pin.line) if one.pin else (path, 0)
        about = one.evidence[0].fact if one.evidence else ""
        key = (one.code, where, line, about)
        if key in seen:
            continue
        seen.add(key)
        fix = f"{where}:{one.code}:{line}:{len(fixes)}" if one.change in taken else None
        if fix and one.change:
            fixes[fix] = one.change.words
        yield Finding(
            code=one.code,
            message=f"{label}: {one.message}" if label else one.message,
            severity=one.severity,
            path=where,
            span=span_of(line) if line else None,
            help=one.help,
            evidence=one.evidence,
            fix=fix,
        )


def outlooks(manifest: Manifest, table: Compat) -> Iterator[Outlook]:
    """What would be installed, for each setting and Python."""
    for setting in manifest.settings:
        for scenario in scenarios(setting, table) if asks(setting) else ():
            versions = resolve(scenario, table).versions
            label = f"{setting.label}, " if setting.label else ""
            shown = {name: versions[name] for name in SHOWN if versions.get(name)}
            yield Outlook(f"{label}Python {scenario.python}, {SPOKEN[scenario.platform]}", shown)


def corrected(manifest: Manifest, draft: Draft) -> dict[str, tuple[str, str]]:
    texts = dict(manifest.texts)
    return {path: (texts[path], apply(texts[path], edits)) for path, edits in sorted(draft.edits(texts).items())}
