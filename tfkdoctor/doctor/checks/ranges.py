"""Checks of versions against each other: declared requirements, and the ceilings that nobody declared."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tfkdoctor.doctor.checks.case import Case, Found, Look, Need, installed
from tfkdoctor.doctor.compat import Ceiling, holds, parse
from tfkdoctor.doctor.disk import FAMILY
from tfkdoctor.doctor.facts import Distribution, Unknown
from tfkdoctor.model import Evidence, Severity

OWN_CHECK = ("tf-keras", "tensorflow-decision-forests")  # what they require of TensorFlow: KE008, DI022
ALIGNED = {"keras", "tf-keras", "keras-nightly"}  # their pairs with TensorFlow have checks of their own: KE
OPTIONAL = {"libclang", "requests", "packaging", "setuptools", "wheel", "clang"}  # no import of TensorFlow needs them
NARROW = {"typing-extensions", "wrapt", "gast", "flatbuffers", "h5py", "absl-py", "termcolor"}  # upper ends: DI014
ML_DTYPES, FILE_SYSTEM = "ml-dtypes", "tensorflow-io-gcs-filesystem"
PURE_PYTHON_PROTOBUF = ("PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION", "python")
TFA = "tensorflow-addons"


def declared(case: Case) -> Iterator[Found]:
    """The requirements of TensorFlow, Keras and all that they require; and of others on TensorFlow and Keras."""
    own_roots = roots(case)
    limited = {Requirement(one.needs).name for one, _ in broken_ceilings(case)}
    limited |= {need.name for need, _ in narrow(case)} | {ML_DTYPES, FILE_SYSTEM}
    limited |= {"protobuf"} if older_than_gencode(case) else set()
    for need, found in unmet(case):
        if need.name in limited and need.by in case.family:
            continue
        mine = need.by in own_roots
        yield Found(found, advice_for(need), (installed(need.by), have(case, need)), None if mine else Severity.WARNING)


def roots(case: Case) -> list[Distribution]:
    return [*case.family, *(case.distributions[name] for name in ALIGNED if name in case.distributions)]


def unmet(case: Case) -> Iterator[tuple[Need, str]]:
    """(requirement, what is wrong with it) within TensorFlow's closure, and of others on TensorFlow and Keras."""
    closure = closure_of(case, roots(case))
    for one in case.distributions.values():
        for need in case.needs(one):
            if one not in closure and not (FAMILY.match(need.name) or need.name in ALIGNED):
                continue
            if (need.name in ALIGNED and one in case.family) or one.name in OWN_CHECK:
                continue
            if found := violated(case, need):
                yield need, found


def of_tensorflow(case: Case, names: set[str]) -> Iterator[tuple[Need, str]]:
    yield from ((need, found) for need, found in unmet(case) if need.by in case.family and need.name in names)


def narrow(case: Case) -> Iterator[tuple[Need, str]]:
    """Upper ends that TensorFlow declares and that nothing was seen to need: what is installed is newer."""
    for need, found in of_tensorflow(case, NARROW):
        one = provider(case, need.name)
        if one is not None and too_new(need.specifier, one.version):
            yield need, found


def too_new(specifier: str, version: str) -> bool:
    """Whether a version that does not fit is newer than what would."""
    known = parse(version)
    broken = [one for one in SpecifierSet(specifier) if not holds(str(one), version)]
    ends = [parse(one.version.removesuffix(".*")) for one in broken]
    return known is not None and bool(ends) and all(end is not None and end <= known for end in ends)


def too_narrow(case: Case) -> Iterator[Found]:
    for need, found in narrow(case):
        yield Found(
            f"{found}: pip calls it a conflict, the import goes on",
            f"{advice_for(need)}, in an environment of its own if something else needs the newer one",
            (installed(need.by), have(case, need)),
        )


def ml_dtypes(case: Case) -> Iterator[Found]:
    """TensorFlow 2.14 dies of ml_dtypes 0.5; 2.15.1 and 2.18.1, which forbid it too, go on."""
    for need, found in of_tensorflow(case, {ML_DTYPES}):
        dies = case.minor == (2, 14) or provider(case, ML_DTYPES) is None
        jax = case.distributions.get("jax")
        yield Found(
            found + (": import tensorflow dies" if dies else ": pip calls it a conflict, the import goes on"),
            advice_for(need) + ("; jax wants a newer one: an environment each, or TensorFlow 2.19" if jax else ""),
            (installed(need.by), have(case, need), *([installed(jax)] if jax else [])),
            None if dies else Severity.WARNING,
        )


def file_system(case: Case) -> Iterator[Found]:
    for need, found in of_tensorflow(case, {FILE_SYSTEM}):
        yield Found(
            f"{found}: only paths that begin with gs:// need it",
            f"{advice_for(need)}; TensorFlow 2.20 and later do without",
            (installed(need.by), have(case, need)),
        )


def older_than_gencode(case: Case) -> str:
    """The protobuf that TensorFlow's modules were generated with, where the installed one is older; "" otherwise."""
    build, one = case.facts.build, case.distributions.get("protobuf")
    if isinstance(build, Unknown) or isinstance(build.protobuf, Unknown) or one is None:
        return ""
    return "" if holds(f">={build.protobuf}", one.version) else build.protobuf


def gencode(case: Case) -> Iterator[Found]:
    wanted = older_than_gencode(case)
    if wanted and case.tensorflow:
        one = case.distributions["protobuf"]
        yield Found(
            f"protobuf {one.version} is older than {wanted}, with which TensorFlow {case.version} was generated: "
            "import tensorflow dies",
            f'python -m pip install "protobuf>={wanted},<{int(wanted.split(".")[0]) + 1}"',
            (installed(one), Evidence("gencode", wanted, f"{case.tensorflow.location}/tensorflow/core/framework")),
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


LOOKS: dict[str, Look] = {
    "DI008": open_ends,
    "DI009": numpy_ceiling,
    "DI010": protobuf_ceiling,
    "DI011": gencode,
    "DI012": slow_protobuf,
    "DI013": ml_dtypes,
    "DI014": too_narrow,
    "DI015": h5py_ceiling,
    "DI016": setuptools_ceiling,
    "DI027": file_system,
}
