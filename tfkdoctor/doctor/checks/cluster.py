"""Checks of clusters: TF_CONFIG of one environment. What differs between machines is compared in doctor/cluster.py."""

from __future__ import annotations

from collections.abc import Iterator

from tfkdoctor.doctor.checks.case import Case, Found, Look
from tfkdoctor.doctor.tf_config import read_tf_config
from tfkdoctor.model import Evidence, Severity

LOCAL = ("localhost", "127.0.0.1", "[::1]", "::1")


def config(case: Case) -> Iterator[Found]:
    text = case.variable("TF_CONFIG") or ""
    read = read_tf_config(text)
    if read is None:
        return
    seen = (Evidence("TF_CONFIG", text, "environment"),)
    for problem in read.problems:
        yield Found(f"TF_CONFIG: {problem}", "correct TF_CONFIG where the launcher sets it", seen)
    hosts = {address.rpartition(":")[0] for address in read.addresses}
    if hosts & set(LOCAL) and hosts - set(LOCAL):
        yield Found(
            "TF_CONFIG lists this machine as localhost beside other machines, which take it for themselves",
            "write the name that the other machines know",
            seen,
            Severity.WARNING,
        )


def alone(case: Case) -> Iterator[Found]:
    """One environment differs from nothing: these codes are found by `doctor.cluster.compare`."""
    yield from ()


LOOKS: dict[str, Look] = {"PR006": alone, "PR009": alone, "PR030": config, "PR031": alone}
