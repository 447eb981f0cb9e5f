"""TF_CONFIG, read as TensorFlow reads it (TFConfigClusterResolver and multi_worker_util of 2.21), and what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

ROLES = ("chief", "worker", "ps", "evaluator")  # multi_worker_util._validate_cluster_spec
OLD_ROLES = ("master",)  # TensorFlow 1's name of the chief, which its Estimator takes


@dataclass(frozen=True, slots=True)
class TfConfig:
    """The cluster by role, and the place of this process in it; `problems` say in words what TensorFlow refuses."""

    cluster: Mapping[str, tuple[str, ...]]
    role: str
    index: int
    problems: tuple[str, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(address for addresses in self.cluster.values() for address in addresses)

    @property
    def task(self) -> str:
        return f"{self.role} {self.index}" if self.role else ""


def read_tf_config(text: str) -> TfConfig | None:
    """What TF_CONFIG says; None where it is unset, empty, or holds no cluster (one process, which is no mistake)."""
    if not text.strip():
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        return broken(f"it is no JSON ({error})")
    if not isinstance(data, dict):
        return broken("it is no JSON object, so TensorFlow passes over it")
    cluster, task = data.get("cluster", {}), data.get("task", {})
    if not isinstance(cluster, dict) or not isinstance(task, dict):
        return broken("`cluster` and `task` must be objects")
    if not cluster:
        return None
    roles: dict[str, tuple[str, ...]] = {}
    for role, listed in cluster.items():
        values = list(listed.values()) if isinstance(listed, dict) else listed  # a sparse cluster: index -> address
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            return broken(f"`cluster.{role}` must be a list of addresses such as 'node1:2222'")
        roles[role] = tuple(values)
    role, index = str(task.get("type", "")), number(task.get("index", 0))
    sparse = any(isinstance(listed, dict) for listed in cluster.values())
    problems = tuple(wrong(roles, role, index, "index" in task, sparse))
    return TfConfig(roles, role, -1 if index is None else index, problems)


def broken(problem: str) -> TfConfig:
    return TfConfig({}, "", -1, (problem,))


def number(value: object) -> int | None:
    try:
        return int(value) if isinstance(value, int | str) else None
    except ValueError:
        return None


def wrong(
    roles: Mapping[str, tuple[str, ...]], role: str, index: int | None, told: bool, sparse: bool
) -> Iterator[str]:
    """Everything that keeps such a cluster from starting."""
    for name in roles:
        if name not in ROLES + OLD_ROLES:
            yield f"there is no role {name!r}: roles are {', '.join(ROLES)}"
    heads = sum(len(roles.get(name, ())) for name in ("chief", *OLD_ROLES))
    if heads > 1:
        yield f"it lists {heads} chiefs, and a cluster has at most one"
    if len(roles.get("evaluator", ())) > 1:
        yield "it lists more than one evaluator"
    if not role:
        yield "`task.type` is missing: no process knows which of them it is"
    elif role not in roles and role != "evaluator":
        yield f"`task.type` is {role!r}, and the cluster lists no such role"
    elif index is None:
        yield "`task.index` is no number"
    elif not told:
        yield "`task.index` is missing"
    elif role in roles and not sparse and not 0 <= index < len(roles[role]):
        count = len(roles[role])
        yield f"`task.index` is {index}, and the cluster lists {count} of the role {role!r}: 0 to {count - 1}"
    yield from wrong_addresses([address for addresses in roles.values() for address in addresses])


def wrong_addresses(addresses: list[str]) -> Iterator[str]:
    for address in sorted({one for one in addresses if addresses.count(one) > 1}):
        yield f"{address} stands there twice: two processes cannot listen on one port"
    for address in addresses:
        host, colon, port = address.rpartition(":")
        if not colon or not host:
            yield f"{address!r} has no port: addresses are 'host:port'"
        elif not port.isdigit() or not 0 < int(port) < 65536:
            yield f"{address!r}: {port!r} is no port"
        elif "://" in address:
            yield f"{address!r} must be 'host:port', without a protocol"
