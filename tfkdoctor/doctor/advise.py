"""One consistent set of versions and one command that mends all that packages and switches can mend.

Least change first, newest second. The advice is proven before it is given: the checks find no such error in the facts
as they would be afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from tfkdoctor.doctor.checks import run_checks
from tfkdoctor.doctor.checks.case import Case
from tfkdoctor.doctor.checks.requested import wishes
from tfkdoctor.doctor.command import changes, command, fresh_environment, windows
from tfkdoctor.doctor.compat import Compat, holds, minor, parse
from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.facts import Facts, Unknown
from tfkdoctor.doctor.simulate import simulate
from tfkdoctor.doctor.solve import Plan, solve
from tfkdoctor.model import Finding, Severity

MENDABLE = (
    *("DI001", "DI002", "DI006", "DI007", "DI008", "DI009", "DI010", "DI011", "DI013", "DI014", "DI015", "DI016"),
    *("DI020", "DI021", "DI027", "DI030", "DI032"),
    *("KE001", "KE002", "KE003", "KE005", "KE008", "KE009", "KE010", "GP003", "GP004", "GP006", "GP007", "GP010"),
)
MATCHED = ("DI022", "DI023")  # built for other TensorFlows: one that goes with them is worth moving to
BUILT_ON = {"tensorflow-decision-forests", "tensorflow-probability"}
FITTING = ("GP013", "GP022")  # another TensorFlow may go with this driver and this card, and need not exist
SEEN_BY_IMPORT = ("DI033", "DI034", "KE014", "GP036")  # only the next --deep can say whether they are gone
REQUESTED = "PR003"  # told line by line: `refused_wishes`
NEW_PYTHON = ("PY001", "PY003", "PY007")
# What it costs, in changed distributions; STEP and OLDER for each minor of TensorFlow between.
MOVE_MINOR, MOVE_PATCH, BREAKS_OTHER, ADDS, STEP, OLDER, MISFIT = 5.0, 1.0, 3.0, 0.1, 0.1, 0.02, 8.0


@dataclass(frozen=True, slots=True)
class Advice:
    """One command, what it changes, why this way; `alternative` is the variant with the newest TensorFlow."""

    command: str
    changes: tuple[str, ...]
    why: str
    alternative: Advice | None = None
    whole: bool = True  # no finding stays that a person has to look after, hints left out

    @property
    def heading(self) -> str:
        return "One command mends all of it" if self.whole else "One command mends all that packages can"


def advise(facts: Facts, table: Compat, findings: tuple[Finding, ...]) -> Advice | None:
    """The command that mends what is more than a hint among the findings; None where no package can mend any of it."""
    case = Case(facts, table)
    serious = [one for one in findings if one.severity is not Severity.HINT]
    if case.interpreter is None:
        return None
    if any(one.code in NEW_PYTHON and one.severity is Severity.ERROR for one in serious):
        return new_python(case)
    broken = any(one.code in (*MENDABLE, *MATCHED) for one in serious)
    if not broken and not any(one.code in FITTING and one.severity is Severity.ERROR for one in serious):
        return None
    if broken and (simple := without_python_path(case)):
        return simple
    plans = [plan for version in candidates(case) if (plan := plan_for(case, version))]
    left = {plan.version: misfits(case, plan) for plan in plans}
    if not broken:  # TensorFlow is whole: moving it is worth something only where the device works afterwards
        plans = [plan for plan in plans if plan.cuda and not left[plan.version]]
    if not plans:
        return None
    best = min(plans, key=lambda plan: (cost(case, plan) + MISFIT * left[plan.version], -rank(plan.version)))
    newest = max(plans, key=lambda plan: (-left[plan.version], rank(plan.version)))
    words = command(case, best)
    if not words:
        return None
    alternative = None
    if rank(newest.version) > rank(best.version):
        fits = " that goes with this driver and card" if left and max(left.values()) > left[newest.version] else ""
        why = "; ".join([f"the newest TensorFlow for Python {case.python}{fits}", *broken_words(case, newest)])
        alternative = Advice(command(case, newest), changes(case, newest), why)
    why, whole = reason(case, best, serious)
    return Advice(words, changes(case, best), why, alternative, whole)


def candidates(case: Case) -> list[str]:
    """The versions that are tried: the installed one, the last patch of each minor, and what others require exactly."""
    known = case.table.installable(case.python, case.platform)
    last = {minor(version): version for version in known}
    here = [case.version] if case.version and minor(case.version) != (0, 0) else []
    needs = (need for one in case.distributions.values() for need in case.needs(one))
    exact = {need.specifier for need in needs if need.name == "tensorflow"}
    named = [version for version in known if f"=={version}" in exact]
    others = [version for version in (*last.values(), *named) if not here or parse(version) != parse(case.version)]
    return sorted({*here, *others}, key=rank)


def rank(version: str) -> int:
    """Versions as numbers that sort: 2.15.1 is 2_015_001."""
    found = parse(version)
    return found.major * 1_000_000 + found.minor * 1_000 + found.micro if found else 0


def plan_for(case: Case, version: str) -> Plan | None:
    """A plan for one TensorFlow that the checks approve of."""
    if wishes(case) and (plan := approved(case, solve(case, distribution_for(case, version), version, wished=True))):
        return plan
    return approved(case, solve(case, distribution_for(case, version), version))


def approved(case: Case, plan: Plan | None) -> Plan | None:
    """The plan, if no error is found in the facts as they would be."""
    if plan is None or any(case.distributions[name].location in case.python_path for name in present(case, plan)):
        return None
    before = {one.code for one in error_findings(case.facts, case.table)}
    after = [
        one
        for one in error_findings(simulate(case, plan), case.table)
        if one.code in MENDABLE or one.code not in before
    ]
    return None if after else plan


def misfits(case: Case, plan: Plan) -> int:
    """How many findings of driver, card and what is built on TensorFlow a plan leaves; another may leave none."""
    if not case.gpus and not BUILT_ON & set(case.distributions):
        return 0
    known = (*FITTING, *MATCHED) if case.gpus else MATCHED
    return sum(one.code in known for one in error_findings(simulate(case, plan), case.table))


def present(case: Case, plan: Plan) -> set[str]:
    """What a plan changes of what is installed now."""
    return plan.touched() & set(case.distributions)


def without_python_path(case: Case) -> Advice | None:
    """Where the trouble comes from a folder in PYTHONPATH: leave it out, if what lies behind it is whole."""
    facts = case.facts
    if isinstance(facts.interpreter, Unknown) or isinstance(facts.distributions, Unknown):
        return None
    if not any(one.location in case.python_path for one in facts.distributions):
        return None
    packages = () if isinstance(facts.packages, Unknown) else facts.packages
    environment = {name: value for name, value in facts.interpreter.environment.items() if name != "PYTHONPATH"}
    after = replace(
        facts,
        interpreter=replace(facts.interpreter, environment=environment),
        distributions=tuple(one for one in facts.distributions if one.location not in case.python_path),
        packages=tuple(one for one in packages if one.location.rpartition("/")[0] not in case.python_path),
        shadows=(),
    )
    if any(one.code in MENDABLE for one in error_findings(after, case.table)):
        return None
    hidden = ", ".join(sorted(case.python_path & {one.location for one in facts.distributions}))
    why = f"no pip of this interpreter changes what lies in {hidden}, and without it nothing is wrong"
    return Advice("unset PYTHONPATH" if not windows(case) else "set PYTHONPATH=", (f"leaves out {hidden}",), why)


def error_findings(facts: Facts, table: Compat) -> list[Finding]:
    return [one for one in run_checks(facts, table)[0] if one.severity is Severity.ERROR]


def distribution_for(case: Case, version: str) -> str:
    """The name under which this TensorFlow is installed: the one that is there, if it has that release."""
    overlaps = () if isinstance(case.facts.overlaps, Unknown) else case.facts.overlaps
    holders = [one.holder.split()[0] for one in overlaps if one.holder and FAMILY.match(one.holder.split()[0])]
    names = [*holders, *(one.name for one in case.family)]
    for name in names:
        known = {parse(v) for v in case.table.versions(name, case.python)}
        if name == "tensorflow" or parse(version) in known or (name == names[0] and version == case.version):
            return name
    return "tensorflow"


def cost(case: Case, plan: Plan) -> float:
    """How much a plan changes, in distributions; moving TensorFlow weighs more, breaking what others require too."""
    touched = plan.touched() - {plan.tensorflow}
    changed = present(case, plan) - {plan.tensorflow}
    total = float(len(changed) + len(plan.unset) + len(plan.move) + len(plan.delete)) + ADDS * len(touched - changed)
    if case.version and minor(case.version) != minor(plan.version):
        here, there = minor(case.version), minor(plan.version)
        total += MOVE_MINOR + STEP * abs((there[0] - here[0]) * 16 + there[1] - here[1])
    elif not case.version:  # of what can be installed anew, the newest
        newest, there = minor(case.table.finals()[-1].version), minor(plan.version)
        total += OLDER * ((newest[0] - there[0]) * 16 + newest[1] - there[1])
    elif parse(case.version) != parse(plan.version) and case.version:
        total += MOVE_PATCH
    return total + BREAKS_OTHER * (len(broken_others(case, plan)) + len(refused_wishes(case, plan)))


def broken_others(case: Case, plan: Plan) -> list[str]:
    """Requirements of distributions that the plan does not touch, and that it breaks."""
    return [
        f"{one.name} {one.version} requires {need.name}{need.specifier}"
        for one in case.distributions.values()
        if one.name not in plan.touched() and one not in case.family and not FAMILY.match(one.name)
        for need in case.needs(one)
        if (version := plan.install.get(need.name))
        and need.specifier
        and not holds(need.specifier, version)
        and need.name in case.distributions
        and holds(need.specifier, case.distributions[need.name].version)
    ]


def refused_wishes(case: Case, plan: Plan) -> list[str]:
    """Lines of the project's dependency files that do not hold after the plan."""
    after = {name: one.version for name, one in case.distributions.items()} | plan.install
    return [
        f"{Path(one.path).name}:{one.line} asks for {one.name}{one.specifier}"
        for one in wishes(case)
        if (version := plan.version if FAMILY.match(one.name) else after.get(one.name))
        and not holds(one.specifier, version)
    ]


def broken_words(case: Case, plan: Plan) -> list[str]:
    broken, refused = broken_others(case, plan), refused_wishes(case, plan)
    lines = [f"then no longer met: {', '.join(broken)}"] if broken else []
    return lines + ([f"then still to be corrected: {', '.join(refused)}"] if refused else [])


def reason(case: Case, plan: Plan, serious: list[Finding]) -> tuple[str, bool]:
    """(why this plan: what stays, what it mends and cannot mend, what it breaks elsewhere; whether all is mended)"""
    after = [one for one in run_checks(simulate(case, plan), case.table)[0] if one.severity is not Severity.HINT]
    left, messages = {one.code for one in after}, {one.message for one in after}
    judged = [one for one in serious if one.code not in SEEN_BY_IMPORT]
    gone = {one.code for one in judged if one.code not in left or one.message not in messages}
    mended = [code if code not in left else f"{code} in part" for code in sorted(gone)]
    kept_codes = sorted({one.code for one in judged} & left)
    others = [f"the rest of {code}" if code in gone else code for code in kept_codes if code != REQUESTED]
    words = [f"{kept(case, plan)}; mends {', '.join(mended)}", *broken_words(case, plan)]
    words += [f"no package mends {', '.join(others)}"] if others else []
    return "; ".join(words), not others and REQUESTED not in left


def kept(case: Case, plan: Plan) -> str:
    if not case.version:
        return f"TensorFlow {plan.version} goes with what is installed"
    if parse(case.version) == parse(plan.version):
        return f"keeps TensorFlow {case.version}"
    if minor(case.version) == minor(plan.version):
        return f"moves to the last patch of TensorFlow {case.version.rpartition('.')[0]}"
    return f"moves TensorFlow from {case.version} to {plan.version}, the least change"


def new_python(case: Case) -> Advice | None:
    """A new environment with the newest Python that the newest TensorFlow has a wheel for."""
    newest = case.table.finals()[-1]
    pythons = newest.wheels.get(case.platform, ())
    if not pythons:
        return None
    python = pythons[-1]
    return Advice(
        fresh_environment(case, python, newest.version),
        (f"a new environment .venv with Python {python} and TensorFlow {newest.version}",),
        f"TensorFlow {newest.version} has wheels for Python {', '.join(pythons)}, and none for this one",
    )
