"""`tfkdoctor check a.json b.json …` and `check --executor dask://…`: the machines of one training, side by side."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tfkdoctor.commands.output import joined
from tfkdoctor.doctor.cluster import Cluster, Node, compare, listed
from tfkdoctor.report.progress import waiting
from tfkdoctor.report.verdict import exit_code

if TYPE_CHECKING:
    from tfkdoctor.commands.environment import CheckOptions, Patient


def worker_nodes(options: CheckOptions) -> list[Node]:
    """The facts of each worker of a Dask cluster; what keeps them from being asked is a usage error."""
    from tfkdoctor.doctor.dask_cluster import ClusterError, gather_workers

    assert options.executor is not None
    try:
        with waiting("asking the workers"):
            return gather_workers(options.executor, deep=options.deep, timeout=options.timeout)
    except ClusterError as error:
        raise click.UsageError(f"--executor {options.executor}: {error}") from None


def check_cluster(options: CheckOptions, nodes: Sequence[Node]) -> int:
    """What differs, then what each machine has of its own; machines with the same findings are told once."""
    from tfkdoctor.commands.environment import chosen_codes, examined

    patients = [examined(node.facts, options, time.monotonic()) for node in nodes]
    select, ignore = chosen_codes(options)
    cluster = compare(nodes, select, ignore)
    findings = (*cluster.findings, *(finding for patient in patients for finding in patient.findings))
    code = options.code(exit_code(findings, options.strict))
    options.emit(report(options, cluster, patients, code))
    return code


def report(options: CheckOptions, cluster: Cluster, patients: Sequence[Patient], code: int) -> str:
    from tfkdoctor.report.cluster import cluster_json, cluster_report

    runs = [patient.run for patient in patients]
    if options.format_ == "json":
        from tfkdoctor.report.json import check_json, dump, head

        each = [
            {"name": node.name, **check_json(run, exit_code(run.findings, options.strict))}
            for node, run in zip(cluster.nodes, runs, strict=True)
        ]
        return dump(head("check", code) | cluster_json(cluster) | {"nodes": each})
    if options.format_ == "html":
        from tfkdoctor.report.html import html
        from tfkdoctor.report.pages import cluster_page

        return html(cluster_page(cluster, runs))
    if options.format_ != "text":
        from tfkdoctor.report.machine import machine_report

        return machine_report(options.format_, [*cluster.findings, *(f for run in runs for f in run.findings)])
    lines = cluster_report(cluster, options.style, options.show(options.strict))
    blocks = [joined(lines)] if lines else []
    return "\n\n".join(blocks + [told for told in each_machine(options, cluster, patients) if told])


def each_machine(options: CheckOptions, cluster: Cluster, patients: Sequence[Patient]) -> list[str]:
    """The report of each machine under its name; one report for all that are told the same."""
    from tfkdoctor.commands.environment import check_text

    same: dict[object, list[int]] = {}
    for at, patient in enumerate(patients):
        same.setdefault(tuple((f.code, f.message) for f in patient.findings), []).append(at)
    told = []
    for group in same.values():
        text = check_text(patients[group[0]], options)
        if text:
            told.append(f"== {listed([cluster.nodes[at].name for at in group], 8)}\n{text}")
    return told
