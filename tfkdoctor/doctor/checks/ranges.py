"""Checks of versions against each other: declared requirements, and the ceilings that nobody declared."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.requirements import Requirement

from tfkdoctor.doctor.checks.case import Case, Check, Found, Need, installed
from tfkdoctor.doctor.compat import Ceiling, holds, minor, parse
from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.facts import Distribution
from tfkdoctor.model import Evidence, Severity

ALIGNED = {"keras", "tf-keras", "keras-nightly"}  # their pairs with TensorFlow have checks of their own: KE
OPTIONAL = {"libclang", "requests", "packaging", "setuptools", "wheel", "clang"}  # no import of TensorFlow needs them
PURE_PYTHON_PROTOBUF = ("PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION", "python")
TFA = "tensorflow-addons"


def declared(case: Case) -> Iterator[Found]:
    """The requirements of TensorFlow, Keras and all that they require; and of others on TensorFlow and Keras."""
    roots = [*case.family, *(case.distributions[name] for name in ALIGNED if name in case.distributions)]
    closure = closure_of(case, roots)
    ceilings = {Requirement(one.needs).name for one, _ in broken_ceilings(case)}
    for one in case.distributions.values():
        for need in case.needs(one):
            inside = one in closure
            if not inside and not (FAMILY.match(need.name) or need.name in ALIGNED):
                continue
            if (need.name in ALIGNED and one in case.family) or need.name in ceilings or one.name == "tf-keras":
                continue
            if found := violated(case, need):
                mine = one in roots
                yield Found(
                    found, advice_for(need), (installed(one), have(case, need)), None if mine else Severity.WARNING
                )


def closure_of(case: Case, roots: list[Distribution]) -> list[Distribution]:
    """The roots and every installed distribution that they require, directly or through others."""
    found, waiting = list(roots), list(roots)
    while waiting:
        for need in case.needs(waiting.pop()):
            one = case.distributions.get(need.name)
            if one is not None and one not in found:
                found.append(one)
                waiting.append(one)
    return found


def violated(case: Case, need: Need) -> str:
    """What is wrong with a requirement, "" where it is met."""
    one = provider(case, need.name)
    if one is None:
        if need.name in OPTIONAL:
            return ""
        return f"{need.by.name} {need.by.version} requires {need.name}{need.specifier}, which is not installed"
    if not need.specifier or holds(need.specifier, one.version):
        return ""
    return f"{need.by.name} {need.by.version} requires {need.name}{need.specifier}, but {one.version} is installed"


def provider(case: Case, name: str) -> Distribution | None:
    """The distribution that stands for a name: any TensorFlow of the same content stands for `tensorflow`."""
    if FAMILY.match(name) and name not in case.distributions:
        return case.tensorflow
    return case.distributions.get(name)


def have(case: Case, need: Need) -> Evidence:
    one = provider(case, need.name)
    return installed(one) if one else Evidence(need.name, "not installed", "sys.path")


def advice_for(need: Need) -> str:
    return f'python -m pip install "{need.name}{need.specifier}"'


def broken_ceilings(case: Case) -> Iterator[tuple[Ceiling, Distribution]]:
    """The ceilings of the table that this environment breaks, with the distribution that is too new."""
    for ceiling in case.table.ceilings:
        needs = Requirement(ceiling.needs)
        one = case.distributions.get(needs.name)
        if one is not None and not holds(str(needs.specifier), one.version) and cause(case, ceiling) is not None:
            yield ceiling, one


def cause(case: Case, ceiling: Ceiling) -> Distribution | None:
    """The installed distribution because of which a ceiling holds."""
    for text in ceiling.when:
        condition = Requirement(text)
        one = provider(case, condition.name)
        if one is not None and parse(one.version) and holds(str(condition.specifier), one.version):
            return one
    return None


def numpy_ceiling(case: Case) -> Iterator[Found]:
    yield from ceilings(case, "DI009")


def protobuf_ceiling(case: Case) -> Iterator[Found]:
    name, value = PURE_PYTHON_PROTOBUF
    for found in ceilings(case, "DI010"):
        if case.variable(name) == value:
            slow = f"{found.message.split(':')[0]}: it works because {name}={value}, and is slow"
            yield Found(slow, found.help, (*found.evidence, Evidence(name, value, "environment")), Severity.HINT)
        else:
            yield found


def h5py_ceiling(case: Case) -> Iterator[Found]:
    yield from ceilings(case, "DI015")


def setuptools_ceiling(case: Case) -> Iterator[Found]:
    yield from ceilings(case, "DI016")


def open_ends(case: Case) -> Iterator[Found]:
    yield from declared(case)
    yield from ceilings(case, "DI008")


def ceilings(case: Case, code: str) -> Iterator[Found]:
    for ceiling, one in broken_ceilings(case):
        by = cause(case, ceiling)
        age = "old" if str(Requirement(ceiling.needs).specifier).startswith(">") else "new"
        if ceiling.code == code and by is not None:
            yield Found(
                f"{one.name} {one.version} is too {age} for {by.name} {by.version}: {ceiling.symptom}",
                f'python -m pip install "{ceiling.needs}"',
                (installed(one), installed(by), Evidence("limit", ceiling.needs, ceiling.source)),
                Severity(ceiling.severity),
            )


def slow_protobuf(case: Case) -> Iterator[Found]:
    name, value = PURE_PYTHON_PROTOBUF
    if case.variable(name) == value and not any(one.code == "DI010" for one, _ in broken_ceilings(case)):
        yield Found(
            f"{name}={value} makes protocol buffers slow and is not needed here",
            f"unset {name}",
            (Evidence(name, value, "environment"),),
        )


def text_minor(case: Case) -> Iterator[Found]:
    one = case.distributions.get("tensorflow-text")
    if one and case.tensorflow and minor(one.version) != case.minor:
        want = f"{case.minor[0]}.{case.minor[1]}"
        yield Found(
            f"tensorflow-text {one.version} is built for TensorFlow {'.'.join(one.version.split('.')[:2])}, "
            f"not for {case.version}: undefined symbol at import",
            f'python -m pip install --no-deps "tensorflow-text=={want}.*"',
            (installed(one), installed(case.tensorflow)),
        )


def addons(case: Case) -> Iterator[Found]:
    one = case.distributions.get(TFA)
    if one and case.tensorflow and (case.minor >= (2, 16) or minor(case.keras) >= (3, 0)):
        yield Found(
            f"{TFA} {one.version} ended in May 2024 and does not go with Keras 3 and TensorFlow {case.version}",
            "use the layers and losses of Keras itself; tfa's metadata does not say this, so pip never warns",
            (installed(one), installed(case.tensorflow)),
        )


E, W, H = Severity.ERROR, Severity.WARNING, Severity.HINT
CHECKS = (
    Check(
        "DI008",
        E,
        "a declared requirement is not met",
        "What pip check does, for TensorFlow, Keras and what they require, and for what requires them.",
        open_ends,
    ),
    Check(
        "DI009",
        E,
        "numpy 2 with TensorFlow before 2.18",
        "Compiled against numpy 1: the import dies. The metadata of 2.7 to 2.11 and of 2.14.0 allows numpy 2.",
        numpy_ceiling,
    ),
    Check(
        "DI010",
        E,
        "protobuf 4 or newer with an old TensorFlow",
        "Descriptors cannot be created directly. The requirement of these releases has no upper end.",
        protobuf_ceiling,
    ),
    Check(
        "DI012",
        H,
        "slow protocol buffers",
        "PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION=python, often left from an older trouble.",
        slow_protobuf,
    ),
    Check(
        "DI015",
        E,
        "h5py 3 with an old TensorFlow or Keras",
        "'str' object has no attribute 'decode' when weights or models are loaded.",
        h5py_ceiling,
    ),
    Check(
        "DI016",
        E,
        "setuptools 82 without pkg_resources",
        "setuptools 82 removed pkg_resources, which tensorboard up to 2.20 and tensorflow_hub up to 0.16.1 import.",
        setuptools_ceiling,
    ),
    Check(
        "DI020",
        E,
        "tensorflow-text of another minor",
        "It links against the TensorFlow of its own minor.",
        text_minor,
    ),
    Check(
        "DI021",
        E,
        "tensorflow-addons with Keras 3",
        "End of life in May 2024; its requirement on TensorFlow stands in an extra only.",
        addons,
    ),
)
