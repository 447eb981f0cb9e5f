"""The facts of every worker of a Dask cluster, for `check --executor dask://host:8786` (the extra `dask`)."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tfkdoctor.doctor import compat, dask_worker
from tfkdoctor.doctor.cluster import Node
from tfkdoctor.doctor.facts import Facts, FactsError, Patient, Unknown

SCHEME = "dask://"
CONNECT = 10.0  # seconds in which a scheduler must answer


class ClusterError(Exception):
    """A cluster that cannot be asked; the message says why."""


def gather_workers(url: str, *, deep: bool, timeout: float) -> list[Node]:
    """Examine the Python of each worker, all at once. A worker that fails is a node without facts, not an error."""
    address = scheduler_address(url)
    try:
        import cloudpickle  # comes with distributed
        from distributed import Client
    except ImportError:
        raise ClusterError('distributed is not installed: pip install "tfkdoctor[dask]"') from None
    try:
        client: Any = Client(address, timeout=min(timeout, CONNECT), set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, RuntimeError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address} ({first_line(error)})") from None
    cloudpickle.register_pickle_by_value(dask_worker)
    try:
        with client:
            answers = client.run(dask_worker.probe, packed(), deep, timeout, on_error="return")
            names = worker_names(client.scheduler_info(n_workers=-1))
    finally:
        cloudpickle.unregister_pickle_by_value(dask_worker)
    if not answers:
        raise ClusterError("the scheduler has no workers")
    nodes = [node_of(names.get(worker, worker), worker, answer) for worker, answer in answers.items()]
    return sorted(nodes, key=lambda node: node.name)


def scheduler_address(url: str) -> str:
    """`dask://host:8786` as distributed names it; `dask+tls://` for an encrypted one."""
    for scheme, protocol in ((SCHEME, "tcp://"), ("dask+tls://", "tls://")):
        if url.startswith(scheme) and url.removeprefix(scheme).rpartition(":")[2].strip("/").isdigit():
            return protocol + url.removeprefix(scheme).strip("/")
    raise ClusterError("it must be dask://host:port, the address of a Dask scheduler")


def worker_names(info: Mapping[str, Any]) -> dict[str, str]:
    """What people call each worker: its name, if it was given one, else its address."""
    return {address: str(one.get("name") or address) for address, one in info["workers"].items()}


def node_of(name: str, address: str, answer: object) -> Node:
    short = address.split("://")[-1]
    name = f"worker {name}" if name.isdigit() else name.split("://")[-1]
    if not isinstance(answer, str) or answer.startswith("!"):
        reason = answer[1:].strip() if isinstance(answer, str) else first_line(answer)
        return Node(name, nothing(short, reason))
    try:
        facts = Facts.from_json(answer)
    except FactsError as error:
        return Node(name, nothing(short, str(error)))
    return Node(name, replace(facts, patient=replace(facts.patient, reason=f"the Dask worker at {short}")))


def nothing(address: str, reason: str) -> Facts:
    """The facts of a worker that gave none."""
    no = Unknown(reason)
    patient = Patient("?", f"the Dask worker at {address}")
    return Facts(patient, no, no, no, no, no, no, no, no, no, no, no, no, no)


def packed() -> bytes:
    """What the examination needs: the package without rules of migration, and the tables that the checks read."""
    package, table = Path(__file__).parents[1], compat.table_file()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for file in sorted(package.rglob("*.py")):
            if file.relative_to(package).parts[0] not in ("support", "dev", "rules"):
                archive.add(file, f"tfkdoctor/{file.relative_to(package).as_posix()}")
        for file in (table, *sorted((table.parent / "checks").glob("*.toml"))):
            archive.add(file, f"tfkdoctor/rules/{file.relative_to(table.parent).as_posix()}")
    return buffer.getvalue()


def first_line(error: object) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
