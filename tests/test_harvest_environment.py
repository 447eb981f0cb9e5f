"""The files in rules/api/ say what an installed TensorFlow holds: read again, and asked at run time."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

import environments
import pytest

from tfkdoctor.dev.harvest_releases import VIEWS, names_of
from tfkdoctor.dev.harvest_views import entries_of
from tfkdoctor.dev.harvest_write import index_text
from tfkdoctor.validate.index import load, rules_dir

pytestmark = pytest.mark.environment

# Runs in the examined environment: name and kind on each line; prints the parameters, or why there are none.
ASK = r"""
import importlib, inspect, json, sys
KINDS = ["positional", "standard", "varargs", "keyword", "kwargs"]

def find(name):
    parts = name.split(".")
    found = importlib.import_module(parts[0])
    for index, part in enumerate(parts[1:], 1):
        if not hasattr(found, part):
            importlib.import_module(".".join(parts[: index + 1]))
        found = getattr(found, part)
    return found

answers = {}
for name in json.load(sys.stdin):
    thing = find(name)
    call = thing.__init__ if inspect.isclass(thing) else thing
    parameters = list(inspect.signature(call).parameters.values())[1 if inspect.isclass(thing) else 0 :]
    answers[name] = [[p.name, KINDS[p.kind], p.default is p.empty] for p in parameters]
print(json.dumps(answers))
"""


def site(where: environments.Environment) -> Path:
    return where.folder / "lib" / f"python{where.version}" / "site-packages"


def rows(text: str, version: str) -> set[str]:
    """The lines of an index file that hold at a version, without their version column."""
    versions: list[str] = []
    found = set()
    for line in text.splitlines():
        name, *columns = line.split("\t")
        if name == "versions":
            versions = columns
        elif not line.startswith("#"):
            for part in columns[0].split(","):
                start, _, end = part.partition("..")
                first, last = (versions[0], versions[-1]) if part == "*" else (start, end or start)
                if versions.index(first) <= versions.index(version) <= versions.index(last):
                    found.add("\t".join([name, *columns[1:]]))
    return found


@pytest.mark.parametrize(
    ("view", "version", "stem"),
    [
        ("tensorflow", "2.21", environments.NEWEST),
        ("tensorflow.keras", "3.15.1", environments.NEWEST),
        ("keras", "2.2.5", environments.KERAS2),
        ("keras", "1.2.2", environments.KERAS1),
    ],
)
def test_harvesting_the_installed_release_again_gives_what_the_file_says(
    view: str, version: str, stem: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    fixture = {environments.NEWEST: "newest", environments.KERAS2: "keras2", environments.KERAS1: "keras1"}[stem]
    where: environments.Environment = request.getfixturevalue(fixture)
    release = next(release for release in VIEWS[view] if release.version == version)
    again = entries_of(names_of(release, [site(where)], tmp_path), release.recipe)
    stored = rows((rules_dir() / "api" / f"{view}.txt").read_text(encoding="utf-8"), version)
    found = rows(index_text(view, "again", release.pins, {version: again}), version)
    assert sorted(stored - found) == []
    assert sorted(found - stored) == []


@pytest.mark.parametrize(
    ("view", "version", "least"), [("tensorflow", "2.21", 150), ("tensorflow.keras", "3.15.1", 150)]
)
def test_signatures_are_those_of_the_running_library(
    view: str, version: str, least: int, newest: environments.Environment
) -> None:
    index = load(view)
    expected = {}
    for name in index.all_names(version):
        symbol = index.get(name, version)
        if symbol is not None and symbol.kind in ("function", "class") and symbol.signature is not None:
            expected[name] = [[p.name, p.kind, p.default is None] for p in symbol.signature.parameters]
    names = sorted(set(expected) - set(VERIFIED_BY_HAND))
    wanted = random.Random(20).sample(names, 200)
    done = subprocess.run(
        [newest.python, "-c", ASK],
        input=json.dumps(wanted),
        env={**environments.REPEATABLE, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answers = json.loads(done.stdout)
    # A class without a constructor of its own in Python (namedtuple, enum, C) shows object's (*args, **kwargs).
    comparable = {name: found for name, found in answers.items() if [p[1] for p in found] != ["varargs", "kwargs"]}
    assert len(comparable) >= least
    assert {name: expected[name] for name in comparable} == {
        name: [[p[0], "keyword" if ".raw_ops." in name else p[1], p[2]] for p in found]
        for name, found in comparable.items()
    }


# Where source and run time differ, with the reason.
VERIFIED_BY_HAND = {
    "tensorflow.__internal__.test.combinations.generate": "functools.partial shows a given keyword as a default",
    "tensorflow.compat.v1.data.experimental.CsvDataset": "functools.wraps shows the signature of the v2 class",
    "tensorflow.compat.v1.data.experimental.RandomDataset": "functools.wraps shows the signature of the v2 class",
    "tensorflow.compat.v1.data.experimental.SqlDataset": "functools.wraps shows the signature of the v2 class",
}
