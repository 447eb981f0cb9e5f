"""Say a plan as one command line: pip, uv or conda, for the shell of the examined system."""

from __future__ import annotations

import shlex

from tfkdoctor.doctor.checks.case import Case
from tfkdoctor.doctor.compat import Unreached, holds
from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.solve import FRAGILE, Plan


def command(case: Case, plan: Plan) -> str:
    """All steps of a plan, joined so that each runs only if the one before it worked."""
    steps = [unset(case, name) for name in plan.unset]
    steps += [put_aside(case, path) for path in plan.move]
    steps += bring_pip(case)
    steps += uninstall(case, plan)
    steps += [remove(case, path) for path in plan.delete]
    named = {name: pin(plan, name) for name in sorted(plan.install, key=order) if name not in plan.brought}
    theirs = [name for name in named if name in case.distributions and case.distributions[name].conda]
    alone = [name for name in named if name in FRAGILE and plan.tensorflow != "tensorflow"]
    together = [text for name, text in named.items() if name not in (*alone, *theirs)]
    if theirs and case.interpreter:  # what conda installed stays conda's: pip would write over it
        pins = " ".join(f'"{name}={plan.install[name]}"' for name in theirs)
        steps.append(f"conda install -y -p {shlex.quote(case.interpreter.prefix)} {pins}")
    if together:
        steps.append(f"{installer(case)} install {target(case)}{' '.join(together)}")
    if alone:  # they require the name `tensorflow`: pip would lay it over the variant that is installed
        pins = " ".join(named[name] for name in alone)
        steps.append(f"{installer(case)} install {target(case)}--no-deps {pins}")
    return " && ".join([*steps, *links(case, plan)])


def links(case: Case, plan: Plan) -> list[str]:
    """What brings a library of the extra and-cuda to where this TensorFlow looks for it."""
    path = case.interpreter.path if case.interpreter else ()
    site = case.tensorflow.location if case.tensorflow else next((p for p in path if p.endswith("site-packages")), "")
    return [
        f"ln -sf {shlex.quote(f'{site}/{one.library}')} {shlex.quote(f'{site}/{one.reached}')}/"
        for one in out_of_reach(case, plan)
        if site
    ]


def out_of_reach(case: Case, plan: Plan) -> list[Unreached]:
    return [one for one in case.table.unreached if plan.cuda and holds(one.tensorflow, plan.version)]


def order(name: str) -> tuple[bool, bool, str]:
    return not FAMILY.match(name), "keras" not in name, name


def pin(plan: Plan, name: str) -> str:
    version = plan.install[name]
    extra = "[and-cuda]" if plan.cuda and name == plan.tensorflow else ""
    specifier = f"=={version}" if version else plan.ranges.get(name, "")
    return f'"{name}{extra}{specifier}"'


def bring_pip(case: Case) -> list[str]:
    """An environment without pip (`venv --without-pip`) gets it from the standard library; an old one is renewed."""
    python = shlex.quote(case.facts.patient.python)
    if case.facts.patient.manager != "pip":
        return []
    if case.old_pip:
        return [f"{python} -m pip install -U pip"]
    return [] if "pip" in case.distributions else [f"{python} -m ensurepip"]


def installer(case: Case) -> str:
    """How packages are installed into the examined environment."""
    if case.facts.patient.manager == "uv":
        return "uv pip"
    if case.facts.patient.manager == "conda" and case.interpreter:
        return f"conda run -p {shlex.quote(case.interpreter.prefix)} python -m pip"
    return f"{shlex.quote(case.facts.patient.python)} -m pip"


def target(case: Case) -> str:
    """uv has to be told which environment is meant."""
    return f"--python {shlex.quote(case.facts.patient.python)} " if case.facts.patient.manager == "uv" else ""


def uninstall(case: Case, plan: Plan) -> list[str]:
    names = list(dict.fromkeys(plan.uninstall))
    conda = [name for name in names if name in case.distributions and case.distributions[name].conda]
    others = [name for name in names if name not in conda]
    steps = []
    if conda and case.interpreter:
        steps.append(f"conda remove -y -p {shlex.quote(case.interpreter.prefix)} --force {' '.join(conda)}")
    if others:
        yes = "" if case.facts.patient.manager == "uv" else "-y "
        steps.append(f"{installer(case)} uninstall {target(case)}{yes}{' '.join(others)}")
    return steps


def windows(case: Case) -> bool:
    return case.interpreter is not None and case.interpreter.system == "Windows"


def unset(case: Case, name: str) -> str:
    return f"set {name}=" if windows(case) else f"unset {name}"


def put_aside(case: Case, path: str) -> str:
    return f'move "{path}" "{path}.old"' if windows(case) else f"mv {shlex.quote(path)} {shlex.quote(path + '.old')}"


def remove(case: Case, path: str) -> str:
    return f'rmdir /s /q "{path}"' if windows(case) else f"rm -rf {shlex.quote(path)}"


def changes(case: Case, plan: Plan) -> tuple[str, ...]:
    """What a plan changes, a line each."""
    lines = [f"unsets {name}" for name in plan.unset] + [f"puts {path} aside" for path in plan.move]
    lines += [f"deletes {path}" for path in plan.delete]
    lines += [f"removes {name}" for name in dict.fromkeys(plan.uninstall) if name not in plan.install]
    for name in sorted(plan.install, key=order):
        if name in plan.brought:
            continue
        new = plan.install[name] or plan.ranges.get(name, "")
        extra = " with the CUDA libraries of NVIDIA's wheels" if plan.cuda and name == plan.tensorflow else ""
        old = case.distributions[name].version if name in case.distributions else ""
        if not old:
            lines.append(f"installs {name} {new}{extra}")
        elif old == new and extra and name not in plan.uninstall:
            lines.append(f"adds the CUDA libraries of NVIDIA's wheels to {name} {new}")
        elif old == new:
            lines.append(f"installs {name} {new} anew{extra}")
        else:
            lines.append(f"{name} {old} → {new}{extra}")
    for one in out_of_reach(case, plan):
        lines.append(f"links {one.library.rpartition('/')[2]} to where TensorFlow {plan.version} looks for it")
    return tuple(lines)


def fresh_environment(case: Case, python: str, version: str) -> str:
    """The command for a new environment beside the examined one."""
    pinned = f'"tensorflow=={version}"'
    if case.facts.patient.manager == "uv":
        return f"uv venv --python {python} .venv && uv pip install --python .venv {pinned}"
    if case.facts.patient.manager == "conda":
        return f"conda create -y -p ./.venv python={python} && conda run -p ./.venv python -m pip install {pinned}"
    if windows(case):
        return rf"py -{python} -m venv .venv && .venv\Scripts\python -m pip install {pinned}"
    return f"python{python} -m venv .venv && .venv/bin/python -m pip install {pinned}"
