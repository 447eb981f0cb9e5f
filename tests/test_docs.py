"""What is derived from rules and options is fresh: README.md, rules/gate.txt."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tfkdoctor.dev.docs import BLOCKS, README, derived
from tfkdoctor.knowledge import load_rules
from tfkdoctor.migrate import gate


@pytest.mark.parametrize("path", derived(), ids=lambda path: path.name)
def test_derived_files_are_fresh(path: Path) -> None:
    """If this fails: python -m tfkdoctor.dev.docs"""
    assert path.read_text("utf-8") == derived()[path]


def test_the_readme_has_every_block() -> None:
    found = re.findall(r"^<!-- (\w+) -->$", README.read_text("utf-8"), re.MULTILINE)
    assert sorted(name for name in found if name != "end") == sorted(BLOCKS)
    assert found.count("end") == len(BLOCKS)


def test_the_gate_lets_every_example_through() -> None:
    """A legacy line that the gate does not see would be passed over in silence."""
    closed = [
        f"{rule.code}: {example.before}"
        for rule in load_rules()
        for example in rule.examples
        if example.after not in (None, example.before) and not gate.mentions(example.before.encode())
    ]
    assert closed == []
