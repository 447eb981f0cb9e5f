"""The comparison of several machines: a table of what differs, by groups of machines that agree, then the findings."""

from __future__ import annotations

from tfkdoctor.doctor.cluster import Cluster, Difference, listed
from tfkdoctor.report.json import Json, finding_json
from tfkdoctor.report.style import Style
from tfkdoctor.report.text import Show, count, counts, finding_lines, worst_mark
from tfkdoctor.report.verdict import fails


def cluster_report(cluster: Cluster, style: Style, show: Show) -> list[str]:
    """Which machines, what differs between which groups of them, what of it matters, and a summary."""
    told = [finding for finding in cluster.findings if not show.quiet or fails(finding, show.strict)]
    lines: list[str] = []
    if not show.quiet:
        names = [node.name for node in cluster.nodes]
        lines += [style.paint(f"{count(len(names), 'machine')}: {listed(names, 8)}", "bold"), ""]
        lines += [*table(cluster, style), ""] if cluster.differences else []
    plain = Show(show.quiet, show.verbose, show.strict, evidence=show.verbose)
    for finding in told:
        lines += [*finding_lines(finding, style, plain), ""]
    if not show.quiet:
        said = counts(cluster.findings) if cluster.findings else "nothing that matters to training differs"
        lines.append(f"{worst_mark(cluster.findings, style)} {cluster.compared} things compared: {said}")
    return lines


def table(cluster: Cluster, style: Style) -> list[str]:
    """A column for each group of machines that agree; where the columns do not fit, a block for each group."""
    groups = cluster.groups()
    heads = [listed([cluster.nodes[at].name for at in group], 3) for group in groups]
    rows = [(one, [one.values[group[0]] for group in groups]) for one in cluster.differences]
    title = max(len(one.subject.title) for one in cluster.differences)
    widths = [max(len(head), *(len(cells[at]) for _, cells in rows)) for at, head in enumerate(heads)]
    if style.width is not None and title + sum(widths) + 2 * len(widths) + 4 > style.width:
        return [line for at, head in enumerate(heads) for line in block(head, rows, at, style)]
    lines = [" " * (title + 4) + "  ".join(f"{head:<{w}}" for head, w in zip(heads, widths, strict=True)).rstrip()]
    lines[0] = style.paint(lines[0], "bold")
    for one, cells in rows:
        body = "  ".join(f"{cell:<{w}}" for cell, w in zip(cells, widths, strict=True)).rstrip()
        lines.append(f"{style.severity(one.subject.severity)} {one.subject.title:<{title}}  {body}")
    return lines


def block(head: str, rows: list[tuple[Difference, list[str]]], at: int, style: Style) -> list[str]:
    lines = [style.paint(head, "bold")]
    return lines + [f"  {style.severity(one.subject.severity)} {one.subject.title}: {cells[at]}" for one, cells in rows]


def cluster_json(cluster: Cluster) -> dict[str, Json]:
    """`drift`: what differs, with its value on each machine; `groups`: the machines that agree in everything."""
    names = [node.name for node in cluster.nodes]
    return {
        "machines": list(names),
        "groups": [[names[at] for at in group] for group in cluster.groups()],
        "drift": [
            {
                "subject": one.subject.title,
                "code": one.subject.code,
                "severity": one.subject.severity.value,
                "values": dict(zip(names, one.values, strict=True)),
            }
            for one in cluster.differences
        ],
        "findings": [finding_json(finding) for finding in cluster.findings],
    }
