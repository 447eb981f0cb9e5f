"""The JSON schemas that ship with tfkdoctor, held against what its commands really write."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from doctor_values import facts, whole, with_gpu
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from tfkdoctor.cli import run
from tfkdoctor.dev import schema
from tfkdoctor.doctor.facts import Facts
from tfkdoctor.validate.index import rules_dir

SCHEMAS = {name: json.loads(text) for name, text in schema.texts().items()}
REGISTRY: Registry[object] = Registry().with_resources(
    [(name, Resource.from_contents(content)) for name, content in SCHEMAS.items()]
)
Say = Callable[..., object]


def problems(name: str, value: object, part: str = "") -> list[str]:
    """What a schema, or a part of it, finds wrong with a value."""
    wanted = SCHEMAS[name] if not part else {"$ref": f"{name}#/$defs/{part}"}
    validator = Draft202012Validator(wanted, registry=REGISTRY)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    """What a command prints as JSON, started in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def speak(*arguments: str) -> object:
        assert run([*arguments]) in (0, 1)
        return json.loads(capsys.readouterr().out)

    return speak


def test_the_shipped_schemas_are_those_of_the_code() -> None:
    """If this fails: python -m tfkdoctor.dev.docs"""
    for name, text in schema.texts().items():
        Draft202012Validator.check_schema(json.loads(text))
        assert (rules_dir() / "schema" / name).read_text("utf-8") == text


def test_real_facts(say: Say) -> None:
    assert problems("facts.schema.json", say("facts", "--python", sys.executable)) == []
    assert problems("facts.schema.json", say("facts", "--python", "/no/such/python")) == []


def test_facts_of_a_machine_with_a_gpu_and_of_an_unknown_key() -> None:
    one = json.loads(with_gpu(facts(whole("2.18.1", "3.11"))).to_json())
    assert problems("facts.schema.json", one) == []
    assert problems("facts.schema.json", one | {"more": 1}) != []
    assert problems("facts.schema.json", one | {"gpus": {"unknown": 3}}) != []


def test_every_field_that_may_be_unknown_may_be_so_in_the_schema() -> None:
    one = json.loads(facts({}).to_json())
    for name in one:
        data = one | {name: {"unknown": "why"}}
        try:
            Facts.from_json(json.dumps(data))
            readable = True
        except ValueError:
            readable = False
        assert (problems("facts.schema.json", data) == []) == readable, name


def test_reports(say: Say, tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text(
        "from keras.layers.core import Dense\nDense(3, init='uniform')\nDropout = x\n", "utf-8"
    )
    (tmp_path / "train.log").write_text("KeyError: 'val_acc'\nW0000 00:00:01.1 1 a.cc:1] new\n", "utf-8")
    (tmp_path / "a.json").write_text(facts({"tensorflow": "2.15.1", "keras": "3.0.0"}).to_json(), "utf-8")
    (tmp_path / "b.json").write_text(facts({"tensorflow": "2.16.1", "keras": "3.0.0"}).to_json(), "utf-8")
    said = {
        "check": say("check", "--python", sys.executable, "--format", "json"),
        "cluster": say("check", "a.json", "b.json", "--format", "json"),
        "migrate": say("migrate", "old.py", "--format", "json", "--diff"),
        "smoke": say("smoke", "--python", sys.executable, "--format", "json"),
        "explain": say("explain", "train.log", "--format", "json"),
        "codes": say("rules", "--format", "json"),
    }
    for part, report in said.items():
        assert problems("report.schema.json", report, part) == [], part
        assert problems("report.schema.json", report) == [], part
    for part in ("cluster", "migrate", "smoke", "explain"):
        others = [other for other in said if other != part and problems("report.schema.json", said[other], part) == []]
        assert others == [], f"the schema of {part} takes a report of {others}"
