"""Find a consistent set of versions around one TensorFlow release: the least change that breaks no limit.

A plan is made of exact versions that the compat table knows for this Python; it is worth something only after the
checks have found nothing in the facts as they would be afterwards (`simulate`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tfkdoctor.doctor.checks.case import SWITCH_ON, Case, Need, applies, marker_environment, requirement
from tfkdoctor.doctor.checks.cuda import cudnn_major, missing, old_cudnn
from tfkdoctor.doctor.checks.device import in_order
from tfkdoctor.doctor.checks.distributions import shim_alone
from tfkdoctor.doctor.checks.keras import BACKENDS, SWITCH, backend, backends
from tfkdoctor.doctor.checks.ranges import OPTIONAL, TFA, closure_of, older_than_gencode
from tfkdoctor.doctor.checks.requested import wishes
from tfkdoctor.doctor.compat import holds, minor, parse
from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.facts import Distribution, KerasConfig

ROUNDS = 8
FRAGILE = ("tensorflow-text", "tf-keras")  # they require the name `tensorflow` and have to have its minor
BOARD = "tensorboard"
KERAS_NAMES = ("keras", "keras-nightly")


@dataclass
class Plan:
    """What to change. `install` holds exact versions; an empty one stands for whatever pip finds in `ranges`."""

    tensorflow: str  # the distribution's name
    version: str
    install: dict[str, str] = field(default_factory=dict)
    ranges: dict[str, str] = field(default_factory=dict)  # name -> all limits, as one specifier
    brought: set[str] = field(default_factory=set)  # of `install`: what pip brings along by itself in this version
    uninstall: list[str] = field(default_factory=list)
    delete: list[str] = field(default_factory=list)
    unset: list[str] = field(default_factory=list)
    move: list[str] = field(default_factory=list)  # files to put aside
    cuda: bool = False  # install the extra and-cuda
    wished: bool = False  # keep to what the project's dependency files ask for

    def touched(self) -> set[str]:
        return set(self.install) - self.brought | set(self.uninstall)


def solve(case: Case, name: str, version: str, *, wished: bool = False) -> Plan | None:
    """A plan that leads to this TensorFlow, None where the table knows no versions that fit."""
    plan = Plan(name, version, wished=wished)
    start(case, plan)
    given = dict(plan.install)
    for _ in range(ROUNDS):
        limits = collect(case, plan)
        # Chosen anew in each round: a limit may have gone with the version that caused it.
        chosen = {n: choose(case, n, one) for n, one in limits.items() if not fits(case, plan, n, one, given)}
        before, plan.install = plan.install, {**given, **{n: v for n, v in chosen.items() if v is not None}}
        if plan.install == before:
            if None in chosen.values():
                return None
            plan.ranges = {n: ",".join(sorted(set(one) - {""})) for n, one in limits.items()}
            finish(case, plan)
            return plan
    return None


def start(case: Case, plan: Plan) -> None:
    """What has to go and what has to be installed anew, whatever the versions."""
    owners = list(case.family)
    shims = [one.name for one in case.distributions.values() if one.name == "tensorflow" and one not in owners]
    whole = len(owners) == 1 and not damaged(case, owners[0])
    same = whole and owners[0].name == plan.tensorflow and parse(owners[0].version) == parse(plan.version)
    if not same:
        plan.install[plan.tensorflow] = plan.version
    if (owners and not whole) or any(one.name != plan.tensorflow for one in owners):
        plan.uninstall += [*(one.name for one in owners), *shims]
    for one in case.distributions.values():
        if one not in owners and damaged(case, one) and vital(one):
            plan.uninstall.append(one.name)
            plan.install[one.name] = one.version
    if all(name in case.distributions for name in KERAS_NAMES):
        wanted = [need.name for need in tensorflow_needs(case, plan) if need.name in KERAS_NAMES] or ["keras"]
        plan.uninstall += KERAS_NAMES
        plan.install[wanted[0]] = case.distributions[wanted[0]].version
    delete_leftovers(case, plan)
    settings(case, plan)
    pairs(case, plan)
    nvidia(case, plan)


def damaged(case: Case, one: Distribution) -> bool:
    """Files are missing, of another release, or of another version than the metadata says."""
    if one.missing or (one.name == "tensorflow" and any(True for _ in shim_alone(case))):
        return True
    names = {"tensorflow"} if FAMILY.match(one.name) else {one.name.replace("-", "_")}
    return any(
        package.name in names
        and (not package.regular or (isinstance(package.version, str) and minor(package.version) != minor(one.version)))
        for package in case.packages
        if package.location.startswith(one.location)
    )


def vital(one: Distribution) -> bool:
    return bool(FAMILY.match(one.name)) or one.name in ("keras", "tf-keras", "numpy", "protobuf", "h5py")


def delete_leftovers(case: Case, plan: Plan) -> None:
    """Folders that no distribution owns, or that an uninstall leaves behind as an empty namespace."""
    plan.delete += [package.location for package in case.packages if not package.regular]


def settings(case: Case, plan: Plan) -> None:
    """Switches that no version can satisfy."""
    config = case.facts.keras_config
    if isinstance(config, KerasConfig) and config.state == "refused":
        plan.move.append(config.path)
    name, source = backend(case)
    known = BACKENDS if minor(plan.version) >= (2, 16) else backends(case)
    wanted = known.get(name)
    if not known or (name in known and (not wanted or wanted in case.distributions)):
        return
    if source == "KERAS_BACKEND":
        plan.unset.append(source)
    elif source not in plan.move:
        plan.move.append(source)


def pairs(case: Case, plan: Plan) -> None:
    """Distributions that have to leave: no release of theirs goes with this TensorFlow."""
    target = minor(plan.version)
    switch = target >= (2, 15) and case.variable(SWITCH) in SWITCH_ON
    known = [version for version in case.table.versions("tf-keras", case.python) if minor(version) == target]
    if case.tf_keras and minor(case.tf_keras) != target and not known:
        plan.uninstall.append("tf-keras")
    if switch and not known and (not case.tf_keras or minor(case.tf_keras) != target):
        plan.unset.append(SWITCH)
    elif (switch or probability(case)) and not case.tf_keras and known:
        plan.install["tf-keras"] = known[-1]
    if case.keras and target < (2, 6) and minor(case.keras) >= (3, 0):
        plan.uninstall.append("keras")
    if case.keras and target == (2, 5) and minor(case.keras) < (2, 4):  # one needs h5py 3, the other dies of it
        plan.uninstall.append("keras")
    if TFA in case.distributions and target >= (2, 16):
        plan.uninstall.append(TFA)


def probability(case: Case) -> bool:
    """Whether tensorflow-probability is there and needs tf-keras, as only its extra `tf` says."""
    one = case.distributions.get("tensorflow-probability")
    return one is not None and any(need.name == "tf-keras" for need in case.needs(one, extra="tf"))


def nvidia(case: Case, plan: Plan) -> None:
    """CUDA from NVIDIA's wheels, where there is a device for it and the release has the extra."""
    release = case.table.release(plan.version)
    if not (case.gpus and release and release.cuda_extra and plan.tensorflow == "tensorflow" and in_order(case)):
        return
    if case.platform == "linux_x86_64" and (plan.install.get(plan.tensorflow) or missing(case) or cudnn_wrong(case)):
        plan.cuda = True
        plan.install[plan.tensorflow] = plan.version


def cudnn_wrong(case: Case) -> bool:
    return any(True for look in (old_cudnn, cudnn_major) for _ in look(case))


def version_of(case: Case, plan: Plan, name: str) -> str | None:
    """The version of a distribution after the plan, None where it is not installed then."""
    if name in plan.install:
        return plan.install[name]
    if name in plan.uninstall:
        return None
    if name == plan.tensorflow:
        return plan.version
    one = case.distributions.get(name)
    return one.version if one else None


def collect(case: Case, plan: Plan) -> dict[str, list[str]]:
    """name -> specifiers, of all that has to hold after the plan."""
    limits: dict[str, list[str]] = {}
    for need in [*tensorflow_needs(case, plan), *other_needs(case, plan)]:
        brought = plan.tensorflow in plan.install or version_of(case, plan, need.name) is not None
        if FAMILY.match(need.name) or (need.name in OPTIONAL and not brought):
            continue
        limits.setdefault(need.name, []).append(need.specifier)
        for text in case.table.brought.get(need.name, ()):
            limits.setdefault(text, [])
    for needs in active_ceilings(case, plan):
        if version_of(case, plan, needs.name) is not None or needs.name in limits:
            limits.setdefault(needs.name, []).append(str(needs.specifier))
    if plan.tensorflow not in plan.install and (generated := older_than_gencode(case)):
        limits.setdefault("protobuf", []).append(f">={generated}")
    target = minor(plan.version)
    for name in FRAGILE:
        if version_of(case, plan, name) is not None:
            limits.setdefault(name, []).append(f"=={target[0]}.{target[1]}.*")
    if target >= (2, 21) and plan.tensorflow in plan.install and version_of(case, plan, BOARD) is not None:
        limits.setdefault(BOARD, []).append(">=2.21")  # no longer required, so nothing else would move it along
    if (2, 6) <= target <= (2, 14) and version_of(case, plan, "keras") is not None:
        limits.setdefault("keras", []).append(f"=={target[0]}.{target[1]}.*")
    for wish in wishes(case) if plan.wished else ():
        absent = wish.name not in case.distributions and not (wish.limits or FAMILY.match(wish.name))
        if wish.name in limits or absent:
            limits.setdefault(wish.name, []).append(wish.specifier)
    return limits


def tensorflow_needs(case: Case, plan: Plan) -> Iterator[Need]:
    """What this TensorFlow requires: by its own metadata where it stays, else by the table."""
    here = case.tensorflow
    if here and plan.tensorflow not in plan.install:
        yield from case.needs(here)
        return
    release = case.table.release(plan.version)
    texts = release.requires if release else (here.requires if here and here.version == plan.version else ())
    by = Distribution(plan.tensorflow, plan.version, "", ())
    environment = marker_environment(case.interpreter) if case.interpreter else {}
    for text in texts:
        parsed = requirement(text)
        if parsed is not None and applies(parsed, environment):
            yield Need(canonicalize_name(parsed.name), str(parsed.specifier), by)


def other_needs(case: Case, plan: Plan) -> Iterator[Need]:
    """What the installed distributions of TensorFlow's closure require of each other, where they stay as they are."""
    roots = [*case.family, *(case.distributions[name] for name in ("keras", "tf-keras") if name in case.distributions)]
    for one in closure_of(case, roots):
        if one in case.family or one.name in plan.install or one.name in plan.uninstall or one.name in FRAGILE:
            continue
        yield from case.needs(one)


def active_ceilings(case: Case, plan: Plan) -> Iterator[Requirement]:
    for ceiling in case.table.ceilings:
        for text in ceiling.when:
            condition = Requirement(text)
            name = plan.tensorflow if condition.name == "tensorflow" else condition.name
            version = version_of(case, plan, name)
            if version and holds(str(condition.specifier), version):
                yield Requirement(ceiling.needs)
                break


def fits(case: Case, plan: Plan, name: str, limits: list[str], given: dict[str, str]) -> bool:
    """Whether what is installed, or given from the start, is within all limits."""
    version = version_of(case, replace(plan, install=given), name)
    return version is not None and all(holds(limit, version) for limit in limits if limit)


def choose(case: Case, name: str, limits: list[str]) -> str | None:
    """The newest known release within all limits; "" for what the table does not know; None: there is none."""
    known = case.table.versions(name, case.python)
    if not case.table.releases.get(name):
        return ""
    fitting = [version for version in known if all(holds(limit, version) for limit in limits if limit)]
    return fitting[-1] if fitting else None


def finish(case: Case, plan: Plan) -> None:
    """Mark what pip brings along in just this version, so that it need not be named."""
    if plan.tensorflow not in plan.install:
        return
    declared: dict[str, list[str]] = {}
    for need in tensorflow_needs(case, plan):
        declared.setdefault(need.name, []).append(need.specifier)
    for name, version in plan.install.items():
        absent = name not in case.distributions
        if name != plan.tensorflow and absent and name in declared and choose(case, name, declared[name]) == version:
            plan.brought.add(name)
