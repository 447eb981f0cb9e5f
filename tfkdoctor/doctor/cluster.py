"""Several machines of one training: what differs between their facts, and whether their TF_CONFIGs form one cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tfkdoctor.doctor import compat
from tfkdoctor.doctor.checks.case import Case
from tfkdoctor.doctor.facts import Facts
from tfkdoctor.doctor.subjects import SUBJECTS, UNKNOWN, UNSET, Subject
from tfkdoctor.doctor.tf_config import TfConfig, read_tf_config
from tfkdoctor.model import Evidence, Finding, Severity


@dataclass(frozen=True, slots=True)
class Node:
    """One machine: the name that a person knows it by, and its facts."""

    name: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Difference:
    """A subject that differs: its value on each node, in the order of the nodes."""

    subject: Subject
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """The comparison of several nodes."""

    nodes: tuple[Node, ...]
    differences: tuple[Difference, ...]
    findings: tuple[Finding, ...]
    compared: int

    def groups(self) -> tuple[tuple[int, ...], ...]:
        """The nodes that agree in everything, as their positions; the largest group first."""
        found: dict[tuple[str, ...], list[int]] = {}
        for at in range(len(self.nodes)):
            found.setdefault(tuple(one.values[at] for one in self.differences), []).append(at)
        return tuple(tuple(group) for group in sorted(found.values(), key=lambda group: (-len(group), group)))


def compare(nodes: Sequence[Node], select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> Cluster:
    """What differs between machines that train together; `select` and `ignore` are beginnings of codes."""
    table = compat.load()
    cases = [Case(node.facts, table) for node in nodes]
    wanted = [one for one in SUBJECTS if chosen(one.code, select, ignore)]
    differences = []
    for subject in wanted:
        values = tuple(subject.value(case) for case in cases)
        if len(set(values) - {UNKNOWN}) > 1:
            differences.append(Difference(subject, values))
    names = [node.name for node in nodes]
    findings = [finding_of(one, names) for one in differences]
    if chosen("PR031", select, ignore):
        findings += disagreements(nodes)
    return Cluster(tuple(nodes), tuple(differences), tuple(findings), len(wanted) + 1)


def chosen(code: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    return (not select or code.startswith(select)) and not (ignore and code.startswith(ignore))


def finding_of(one: Difference, names: Sequence[str]) -> Finding:
    by_value: dict[str, list[str]] = {}
    for name, value in zip(names, one.values, strict=True):
        by_value.setdefault(value, []).append(name)
    said = "; ".join(f"{value} on {listed(who)}" for value, who in sorted(by_value.items(), key=lambda i: -len(i[1])))
    evidence = tuple(Evidence(one.subject.title, value, name) for name, value in zip(names, one.values, strict=True))
    message = f"{one.subject.title} differs: {said}. {one.subject.why}"
    return Finding(one.subject.code, message, one.subject.severity, help=one.subject.help, evidence=evidence)


def listed(names: Sequence[str], most: int = 4) -> str:
    """A few names, and how many more."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


# -- TF_CONFIG --


def disagreements(nodes: Sequence[Node]) -> Iterator[Finding]:
    """What keeps these machines' TF_CONFIGs from being one cluster; what is wrong with a single one is PR030."""
    read = [(node.name, read_tf_config(node.facts.variable("TF_CONFIG") or "")) for node in nodes]
    told = [(name, config) for name, config in read if config is not None and config.cluster]
    if not told:
        return
    seen = tuple(Evidence("TF_CONFIG", node.facts.variable("TF_CONFIG") or UNSET, node.name) for node in nodes)
    silent = [name for name, config in read if config is None]
    if silent:
        yield disagreement(f"TF_CONFIG is not set on {listed(silent)}, and is on {listed([n for n, _ in told])}", seen)
    clusters: dict[str, list[str]] = {}
    for name, config in told:
        clusters.setdefault(spelled(config), []).append(name)
    if len(clusters) > 1:
        said = "; ".join(f"{listed(names)}: {cluster}" for cluster, names in clusters.items())
        yield disagreement(f"TF_CONFIG lists other clusters on other machines: {said}", seen)
    tasks: dict[str, list[str]] = {}
    for name, config in told:
        if config.task:
            tasks.setdefault(config.task, []).append(name)
    for task, names in tasks.items():
        if len(names) > 1:
            yield disagreement(
                f"{listed(names)} are all {task} in TF_CONFIG; each machine needs a task of its own", seen
            )
    if len(clusters) == 1:
        config = told[0][1]
        all_tasks = {f"{role} {index}" for role, each in config.cluster.items() for index in range(len(each))}
        missing = sorted(all_tasks - set(tasks))
        if missing:
            yield Finding(
                "PR031",
                f"nobody here is {listed(missing)} of TF_CONFIG; the others will wait for it",
                Severity.HINT,
                evidence=seen,
            )


def spelled(config: TfConfig) -> str:
    return ", ".join(f"{role} {' '.join(addresses)}" for role, addresses in sorted(config.cluster.items()))


def disagreement(message: str, seen: tuple[Evidence, ...]) -> Finding:
    return Finding(
        "PR031",
        message,
        Severity.ERROR,
        help="give every machine the same `cluster`, and each a `task` of its own",
        evidence=seen,
    )
