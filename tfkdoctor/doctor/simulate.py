"""The facts of an environment as they would be after a plan: what the checks are asked before advice is given."""

from __future__ import annotations

from dataclasses import replace

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from tfkdoctor.doctor.checks.case import Case
from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.facts import Build, Distribution, Facts, KerasConfig, Library, Package, Unknown
from tfkdoctor.doctor.solve import Plan

LATER = Unknown("not known before it is installed")


def simulate(case: Case, plan: Plan) -> Facts:
    """The same facts with the plan carried out; what only the new files could tell is Unknown."""
    facts = case.facts
    moved = plan.tensorflow in plan.install
    packages = () if isinstance(facts.packages, Unknown) else facts.packages
    overlaps = () if isinstance(facts.overlaps, Unknown) else facts.overlaps
    return replace(
        facts,
        distributions=distributions(case, plan),
        packages=tuple(one for package in packages if (one := package_after(package, plan))),
        overlaps=tuple(one for one in overlaps if not set(one.owners) & set(plan.uninstall)),
        interpreter=facts.interpreter
        if isinstance(facts.interpreter, Unknown)
        else replace(
            facts.interpreter,
            environment={k: v for k, v in facts.interpreter.environment.items() if k not in plan.unset},
        ),
        keras_config=KerasConfig(facts.keras_config.path, "absent")
        if plan.move and isinstance(facts.keras_config, KerasConfig)
        else facts.keras_config,
        build=build_after(case, plan) if moved else facts.build,
        libraries=libraries_after(case, plan) if moved else facts.libraries,
        imported=Unknown("only --deep imports TensorFlow"),
    )


def distributions(case: Case, plan: Plan) -> tuple[Distribution, ...]:
    place = case.tensorflow.location if case.tensorflow else "site-packages"
    gone = set(plan.uninstall) | set(plan.install)
    everything = () if isinstance(case.facts.distributions, Unknown) else case.facts.distributions
    kept = [one for one in everything if one.name not in gone or one is not case.distributions.get(one.name)]
    fresh = [Distribution(name, planned(plan, name), place, requires(case, plan, name)) for name in plan.install]
    return tuple(fresh + kept)  # what is hidden now stays hidden, and is still there


def planned(plan: Plan, name: str) -> str:
    """The version that is installed then; the lowest within its limits where only the installer knows it."""
    if plan.install[name] or not plan.ranges.get(name):
        return plan.install[name]
    ends = [one for one in SpecifierSet(plan.ranges[name]) if one.operator in ("==", ">=", "~=")]
    return max((one.version.removesuffix(".*") for one in ends), key=Version, default="")


def requires(case: Case, plan: Plan, name: str) -> tuple[str, ...]:
    """What a newly installed distribution requires, as far as the table knows."""
    if FAMILY.match(name):
        release = case.table.release(plan.version)
        return release.requires if release else ()
    return case.table.tf_keras.get(plan.install[name], ()) if name == "tf-keras" else ()


def package_after(package: Package, plan: Plan) -> Package | None:
    installs = plan.tensorflow if package.name == "tensorflow" else package.name.replace("_", "-")
    if installs in plan.install:
        return replace(package, regular=True, version=plan.install[installs] or LATER)
    if installs in plan.uninstall or package.location in plan.delete:
        return None
    return package


def build_after(case: Case, plan: Plan) -> Build | Unknown:
    release = case.table.release(plan.version)
    if release is None:
        return LATER
    cuda = case.table.cuda_for(plan.version)
    return Build(
        cuda_build=bool(release.cuda_build) and plan.tensorflow in ("tensorflow", "tensorflow-gpu"),
        cuda=cuda.cuda if cuda else LATER,
        cudnn=cuda.cudnn if cuda else LATER,
        capabilities=release.capabilities or LATER,
        protobuf=LATER,
        search=(),
        search_kind="",
    )


def libraries_after(case: Case, plan: Plan) -> tuple[Library, ...] | Unknown:
    """With and-cuda every library comes out of a wheel that this release was pinned to."""
    cuda = case.table.cuda_for(plan.version)
    if not plan.cuda or cuda is None:
        return LATER
    return tuple(Library(soname, f"nvidia/{soname}", "TensorFlow's RUNPATH") for soname in cuda.sonames)
