"""The examples of the rules that say `run = true` are run: `before` in the environment of its origin, `after` in the
newest TensorFlow, and what the two print must be equal, number by number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import environments
import pytest
from conftest import usable
from environments import Ended, Environment
from packaging.requirements import Requirement
from printed import differing_value, values, without_progress

from tfkdoctor import support
from tfkdoctor.knowledge import load_rules


@dataclass(frozen=True, slots=True)
class Pair:
    """A rule's example: two programs that must print the same."""

    name: str
    origin: str
    target: str | None
    before: str
    after: str
    references: bool


def pairs() -> tuple[Pair, ...]:
    return tuple(
        Pair(
            f"{rule.code}-line{example.line}",
            example.origin,
            example.target,
            example.before,
            example.after,
            example.references,
        )
        for rule in load_rules()
        for example in rule.examples
        if example.run and example.after is not None
    )


PAIRS = pairs()

# One worker runs them all: every environment's programs share one import of TensorFlow.
pytestmark = [pytest.mark.legacy, pytest.mark.xdist_group("rule examples")]


def origin_of(pair: Pair) -> Environment:
    found = environments.satisfying(re.split(r",\s*(?=[A-Za-z])", pair.origin))
    assert found, f"{pair.name}: no test environment has {pair.origin}; these are run: {', '.join(environments.USED)}"
    return found


@pytest.fixture(scope="module")
def old() -> Mapping[str, Ended]:
    """What each `before` printed in its own time."""
    together: dict[tuple[str, bool], dict[str, str]] = {}
    for pair in PAIRS:
        together.setdefault((origin_of(pair).stem, pair.references), {})[pair.name] = pair.before
    ended: dict[str, Ended] = {}
    for (stem, references), programs in together.items():
        unordered = {"PYTHONPATH": ""} if references else None  # without environments/legacy/sitecustomize.py
        ended |= environments.run_many(usable(stem), programs, variables=unordered)
    return ended


@pytest.fixture(scope="module")
def new(newest: Environment) -> Mapping[str, Ended]:
    """What each `after` prints today."""
    return environments.run_many(newest, {pair.name: with_support(pair.after) for pair in PAIRS})


def with_support(program: str) -> str:
    """The program, preceded by what writes the support module that it imports."""
    if "from tf_legacy import" not in program:
        return program
    text = support.module_text(support.pieces(), None)
    return f"open('tf_legacy.py', 'w', encoding='utf-8').write({text!r})\n{program}"


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.name for pair in PAIRS])
def test_prints_the_same(pair: Pair, old: Mapping[str, Ended], new: Mapping[str, Ended]) -> None:
    if pair.target:
        version = environments.environment(environments.NEWEST).pins()["tensorflow"]
        assert Requirement(pair.target).specifier.contains(version), "run = true needs the newest target"
    for label, ended in (("before", old[pair.name]), ("after", new[pair.name])):
        assert ended.status == 0, f"`{label}` ended with {ended.status}\n{ended.stderr[-3000:]}"
    before, after = (without_progress(ended.stdout) for ended in (old[pair.name], new[pair.name]))
    assert before.strip(), "prints nothing, so nothing is compared"
    assert differing_value(values(before), values(after)) is None, f"before:\n{before}\nafter:\n{after}"
