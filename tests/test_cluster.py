"""Several machines of one training: what differs between them, and TF_CONFIG."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import environments
import pytest
from doctor_values import GOOD_DRIVER, H100, clean_environment, facts, seen, whole, with_gpu

from tfkdoctor.cli import run
from tfkdoctor.doctor.cluster import Node, compare
from tfkdoctor.doctor.facts import Facts, Unknown
from tfkdoctor.doctor.tf_config import read_tf_config
from tfkdoctor.report.cluster import cluster_report
from tfkdoctor.report.style import Style
from tfkdoctor.report.text import Show

TF216 = {"tensorflow": "2.16.2", "keras": "3.5.0", "numpy": "1.26.4", "protobuf": "4.25.9"}


def found(*machines: Facts) -> list[str]:
    """`CODE severity: message up to its first sentence` of a comparison of node1, node2, …"""
    cluster = compare([Node(f"node{at}", one) for at, one in enumerate(machines, 1)])
    return [f"{one.code} {one.severity}: {one.message.partition('. ')[0]}" for one in cluster.findings]


def test_equal_machines_differ_in_nothing() -> None:
    assert found(facts(TF216), facts(TF216), facts(TF216)) == []


def test_another_tensorflow_and_keras() -> None:
    other = facts({**TF216, "tensorflow": "2.15.1", "keras": "2.15.0"})
    assert found(facts(TF216), facts(TF216), other)[:2] == [
        "PR006 error: TensorFlow differs: 2.16.2 on node1, node2; 2.15.1 on node3",
        "PR006 error: Keras differs: 3.5.0 on node1, node2; 2.15.0 on node3",
    ]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"TF_ENABLE_ONEDNN_OPTS": "0"}, "PR009 warning: oneDNN differs: on on node1; off on node2"),
        ({"NVIDIA_TF32_OVERRIDE": "0"}, "PR009 warning: NVIDIA_TF32_OVERRIDE differs: not set on node1; 0 on node2"),
        ({"TF_DETERMINISTIC_OPS": "1"}, "PR009 warning: TF_DETERMINISTIC_OPS differs: not set on node1; 1 on node2"),
        ({"XLA_FLAGS": "--x"}, "PR009 warning: XLA_FLAGS differs: not set on node1; --x on node2"),
        ({"KERAS_BACKEND": "jax"}, "PR006 error: Keras backend differs: tensorflow on node1; jax on node2"),
        (
            {"TF_USE_LEGACY_KERAS": "1"},
            "PR006 error: Keras differs: 3.5.0 on node1; tf-keras, which is not installed on node2",
        ),
    ],
)
def test_switches(environment: dict[str, str], said: str) -> None:
    assert found(facts(TF216), facts(TF216, environment=environment)) == [said]


def test_a_switch_that_says_the_default_is_no_difference() -> None:
    assert found(facts(TF216), facts(TF216, environment={"TF_ENABLE_ONEDNN_OPTS": "1"})) == []


def test_drivers_and_cards() -> None:
    versions = whole("2.18.1", "3.11")
    one = with_gpu(facts(versions))
    older = with_gpu(facts(versions), driver=replace(GOOD_DRIVER, kernel="535.54.03"))
    two = replace(one, gpus=(H100, replace(H100, index=1)))
    assert found(one, older) == ["PR006 hint: driver differs: 570.133.07 on node1; 535.54.03 on node2"]
    assert found(one, two) == [
        "PR006 warning: GPUs differs: 1 × NVIDIA H100 (cc 9.0) on node1; 2 × NVIDIA H100 (cc 9.0) on node2"
    ]


def test_what_is_unknown_is_no_difference() -> None:
    no = Unknown("it does not answer")
    assert found(facts(TF216), replace(facts(TF216), interpreter=no, distributions=no, gpus=no)) == []


def test_the_table_has_a_column_for_each_group_of_machines_that_agree() -> None:
    machines = [facts(TF216), facts(TF216), facts({**TF216, "tensorflow": "2.21.0"}, environment={"XLA_FLAGS": "-x"})]
    cluster = compare([Node(f"node{at}.json", one) for at, one in enumerate(machines, 1)])
    assert "\n".join(cluster_report(cluster, Style(), Show())[:6]) + "\n" == dedent("""\
        3 machines: node1.json, node2.json, node3.json

                      node1.json, node2.json  node3.json
        ✗ TensorFlow  2.16.2                  2.21.0
        ! XLA_FLAGS   not set                 -x

        """)
    narrow = cluster_report(cluster, Style(width=40), Show())[2:8]
    assert narrow[:3] == ["node1.json, node2.json", "  ✗ TensorFlow: 2.16.2", "  ! XLA_FLAGS: not set"]


def cluster_of(**task: object) -> str:
    return json.dumps({"cluster": {"worker": ["a:2222", "b:2222"]}, "task": {"type": "worker", "index": 0} | task})


# TF_CONFIG, what is wrong with it, and what TensorFlow 2.21 says of it ("" where only the running cluster shows it).
WRONG = [
    ("{worker: [a:1]}", "it is no JSON", "JSONDecodeError"),
    ("[1]", "it is no JSON object", "none"),
    ('{"cluster": {"worker": "a:1"}, "task": {}}', "`cluster.worker` must be a list", "TypeError"),
    (cluster_of(index=2), "`task.index` is 2, and the cluster lists 2 of the role 'worker': 0 to 1", "ValueError"),
    (cluster_of(type="chief"), "`task.type` is 'chief', and the cluster lists no such role", "ValueError"),
    (cluster_of(index="x"), "`task.index` is no number", "ValueError"),
    ('{"cluster": {"boss": ["a:1"]}, "task": {"type": "boss", "index": 0}}', "there is no role 'boss'", "ValueError"),
    (
        '{"cluster": {"chief": ["a:1", "b:1"]}, "task": {"type": "chief", "index": 0}}',
        "it lists 2 chiefs",
        "ValueError",
    ),
    ('{"cluster": {"worker": ["a:1", "a:1"]}, "task": {"type": "worker", "index": 0}}', "a:1 stands there twice", ""),
    ('{"cluster": {"worker": ["a", "b:1"]}, "task": {"type": "worker", "index": 0}}', "'a' has no port", ""),
    (
        '{"cluster": {"worker": ["a:99999"]}, "task": {"type": "worker", "index": 0}}',
        "'a:99999': '99999' is no port",
        "",
    ),
]


@pytest.mark.parametrize(("text", "said", "raised"), WRONG)
def test_a_wrong_tf_config_is_an_error(text: str, said: str, raised: str) -> None:
    lines = seen(facts(TF216, environment={"TF_CONFIG": text}))
    assert any(line.startswith(f"PR030 error TF_CONFIG: {said}") for line in lines), lines


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"cluster": {}}',
        '{"task": {"type": "worker", "index": 0}}',
        cluster_of(),
        cluster_of(index="1"),
        '{"cluster": {"chief": ["c:1"], "ps": ["p:1"], "worker": ["w:1"]}, "task": {"type": "evaluator", "index": 0}}',
        '{"cluster": {"worker": {"3": "w:1"}}, "task": {"type": "worker", "index": 3}}',
        '{"cluster": {"worker": ["[::1]:2222"]}, "task": {"type": "worker", "index": 0}, "rpc_layer": "grpc"}',
    ],
)
def test_a_good_tf_config_is_none(text: str) -> None:
    config = read_tf_config(text)
    assert config is None or config.problems == ()


RESOLVE = """
import sys, tensorflow as tf
from tensorflow.python.distribute import multi_worker_util
one = tf.distribute.cluster_resolver.TFConfigClusterResolver()
multi_worker_util._validate_cluster_spec(one.cluster_spec(), one.task_type, one.task_id)
"""


@pytest.mark.environment
def test_tensorflow_refuses_what_is_called_an_error(newest: environments.Environment) -> None:
    script = "import os\n" + RESOLVE.replace("\n", "\n    ").join(["def resolve():", "\n"])
    script += f"for text in {[text for text, _, raised in WRONG if raised]!r}:\n    os.environ['TF_CONFIG'] = text\n"
    script += "    try:\n        resolve()\n        print('none')\n    except Exception as error:\n"
    script += "        print(type(error).__name__)\n"
    env = clean_environment() | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    ended = subprocess.run([newest.python, "-c", script], env=env, capture_output=True, text=True, check=False)
    assert ended.stdout.split() == [raised for _, _, raised in WRONG if raised], ended.stderr


def with_config(index: int, *addresses: str) -> Facts:
    config = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}
    return facts(TF216, environment={"TF_CONFIG": json.dumps(config)})


def test_tf_configs_must_form_one_cluster() -> None:
    assert found(with_config(0, "a:1", "b:1"), with_config(1, "a:1", "b:1")) == []
    assert found(with_config(0, "a:1", "b:1"), with_config(0, "a:1", "b:1"))[0] == (
        "PR031 error: node1, node2 are all worker 0 in TF_CONFIG; each machine needs a task of its own"
    )
    assert found(with_config(0, "a:1", "b:1"), with_config(1, "a:1", "c:1")) == [
        "PR031 error: TF_CONFIG lists other clusters on other machines: node1: worker a:1 b:1; node2: worker a:1 c:1"
    ]
    assert found(with_config(0, "a:1", "b:1"), facts(TF216))[0] == (
        "PR031 error: TF_CONFIG is not set on node2, and is on node1"
    )
    assert found(with_config(0, "a:1", "b:1", "c:1"), with_config(1, "a:1", "b:1", "c:1")) == [
        "PR031 hint: nobody here is worker 2 of TF_CONFIG; the others will wait for it"
    ]


def test_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sound = whole("2.16.2", "3.11")
    for name, one in (("a", facts(sound)), ("b", facts(sound, environment={"TF_ENABLE_ONEDNN_OPTS": "0"}))):
        (tmp_path / f"{name}.json").write_text(one.to_json(), "utf-8")
    assert run(["check", "a.json", "b.json"]) == 1
    out = capsys.readouterr().out
    assert out.startswith(
        "2 machines: a.json, b.json\n\n          a.json  b.json\n! oneDNN  on      off\n\n! PR009 oneDNN differs"
    )
    assert [line for line in out.splitlines() if line.startswith("==")] == ["== a.json, b.json"]
    assert run(["check", "a.json", "b.json", "--ignore", "PR009"]) == 0
    assert "nothing that matters to training differs" in capsys.readouterr().out
    assert run(["check", "a.json", "b.json", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["drift"][0]["values"] == {"a.json": "on", "b.json": "off"}
    assert [node["name"] for node in report["nodes"]] == ["a.json", "b.json"]


@contextmanager
def dask_cluster(folder: Path, *workers: dict[str, str]) -> Iterator[str]:
    """A real scheduler and real workers on loopback, each with its variables; the scheduler's address."""
    pytest.importorskip("distributed")
    where = folder / "scheduler.json"
    common = ["--no-dashboard", "--scheduler-file", str(where)]
    started = [start(folder, "dask_scheduler", "--host", "127.0.0.1", "--port", "0", *common)]
    try:
        wait_for(where)
        for at, environment in enumerate(workers):
            name = ["--name", f"node{at}", "--no-nanny", "--nthreads", "1", "--host", "127.0.0.1"]
            started.append(start(folder, "dask_worker", *name, *common, **environment))
        address = json.loads(where.read_text("utf-8"))["address"].removeprefix("tcp://")
        wait_for_workers(address, len(workers))
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(30)


def start(folder: Path, program: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    """The workers must do without tfkdoctor: they start elsewhere, without PYTHONPATH."""
    env = clean_environment() | environment
    command = [sys.executable, "-m", f"distributed.cli.{program}", *arguments]
    with (folder / "dask.log").open("ab") as log:
        return subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)


def wait_for(path: Path) -> None:
    end = time.monotonic() + 60
    while not (path.exists() and path.read_text("utf-8").endswith("}")):
        assert time.monotonic() < end, f"{path} does not come"
        time.sleep(0.1)


def wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(f"tcp://{address}", timeout=30, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(count, timeout=60)


@pytest.mark.environment
def test_the_workers_of_a_dask_cluster(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with dask_cluster(tmp_path, {"NVIDIA_TF32_OVERRIDE": "0"}, {}, {"TF_CONFIG": "{"}) as address:
        assert run(["check", "--executor", f"dask://{address}", "--format", "json"]) == 1
        report = json.loads(capsys.readouterr().out)
    assert report["machines"] == ["node0", "node1", "node2"]
    assert [(one["subject"], list(one["values"].values())) for one in report["drift"]] == [
        ("NVIDIA_TF32_OVERRIDE", ["0", "not set", "not set"])
    ]
    assert [[one["code"] for one in node["findings"]] for node in report["nodes"]] == [
        ["DI030"],
        ["DI030"],
        ["DI030", "PR030"],
    ]
    patient = report["nodes"][0]["facts"]["patient"]
    assert Path(patient["python"]).samefile(sys.executable)
    assert patient["reason"].startswith("the Dask worker at 127.0.0.1:")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("dask://127.0.0.1:1", "no Dask scheduler answers at tcp://127.0.0.1:1"),
        ("ray://x:1", "it must be dask://host:port"),
        ("dask://x", "it must be dask://host:port"),
    ],
)
def test_a_cluster_that_cannot_be_asked(url: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--executor", url, "--timeout", "2"]) == 2
    assert said in capsys.readouterr().err


def test_old_pythons_are_a_finding_of_their_machine() -> None:
    from tfkdoctor.doctor.dask_cluster import node_of

    node = node_of("node7", "tcp://10.0.0.7:4000", "! its Python is 3.10, and tfkdoctor needs 3.11 there")
    assert node.name == "node7"
    assert [line.split()[0] for line in seen(node.facts)] == ["PY017"]
