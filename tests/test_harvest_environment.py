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
        try:
            found = getattr(found, part)
        except AttributeError:
            found = importlib.import_module(".".join(parts[: index + 1]))
    return found

answers = {}
for name in json.load(sys.stdin):
    thing = find(name)
    call = thing.__init__ if inspect.isclass(thing) else thing
    parameters = list(inspect.signature(call).parameters.values())[1 if inspect.isclass(thing) else 0 :]
    answers[name] = [[p.name, KINDS[p.kind], p.default is p.empty] for p in parameters]
print(json.dumps(answers))
"""

# Builds each class with what it requires, then with one keyword more; prints which keywords raise.
PROBE = r"""
import json, sys
import tensorflow as tf
GUESS = dict(units=3, filters=3, kernel_size=3, rate=0.5, size=2, input_dim=4, output_dim=4, n=2, dims=(1,), factor=0.1,
             target_shape=(2,), num_heads=2, key_dim=2, stddev=0.1, function=abs, height=4, width=4, activation="relu")
answers = {}
for name, required, keywords in json.load(sys.stdin):
    cls = tf
    for part in name.split(".")[1:]:
        cls = getattr(cls, part)
    try:
        given = {key: GUESS[key] for key in required}
        cls(**given)
    except Exception:
        continue
    answers[name] = {}
    for keyword in set(keywords) - set(given):
        try:
            cls(**given, **{keyword: None})
            answers[name][keyword] = True
        except Exception as error:
            text = str(error).lower()
            refused = any(word in text for word in ("unexpected", "recognized", "understood"))
            answers[name][keyword] = False if refused else None
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
    answers = json.loads(run(newest, ASK, wanted))
    # A class without a constructor of its own in Python (namedtuple, enum, C) shows object's (*args, **kwargs).
    comparable = {name: found for name, found in answers.items() if [p[1] for p in found] != ["varargs", "kwargs"]}
    assert len(comparable) >= least
    assert {name: expected[name] for name in comparable} == {
        name: [[p[0], "keyword" if ".raw_ops." in name else p[1], p[2]] for p in found]
        for name, found in comparable.items()
    }


def test_keywords_behind_kwargs_are_taken_or_refused_as_the_running_library_does(
    newest: environments.Environment,
) -> None:
    index, version = load("tensorflow.keras"), "3.15.1"
    keywords = [
        "bogus",
        "input_shape",
        "weights",
        "lr",
        "decay",
        "input_dim",
        "batch_input_shape",
        "dynamic",
        "epsilon",
    ]
    asked = []
    for name in index.all_names(version):
        symbol = index.get(name, version)
        caught = symbol and symbol.signature and any(p.kind == "kwargs" for p in symbol.signature.parameters)
        if symbol and symbol.signature and caught and name.split(".")[2] in ("layers", "optimizers", "callbacks"):
            asked.append((name, symbol.signature.required(), keywords))
    answers = json.loads(run(newest, PROBE, asked))
    assert len(answers) > 100
    wrong = []
    for name, verdicts in answers.items():
        symbol = index.get(name, version)
        assert symbol is not None and symbol.signature is not None
        for keyword, taken in verdicts.items():
            ours = symbol.signature.accepts(keyword) or symbol.signature.swallows
            if taken is not None and taken != ours and not symbol.signature.fails:
                wrong.append((name, keyword, "taken" if taken else "refused"))
    assert wrong == []


def run(where: environments.Environment, program: str, question: object) -> str:
    """What a program prints in an environment, given a question as JSON on its standard input."""
    done = subprocess.run(
        [where.python, "-c", program],
        input=json.dumps(question),
        env={**environments.REPEATABLE, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


# Where source and run time differ, with the reason.
VERIFIED_BY_HAND = {
    "tensorflow.__internal__.test.combinations.generate": "functools.partial shows a given keyword as a default",
    "tensorflow.compat.v1.data.experimental.CsvDataset": "functools.wraps shows the signature of the v2 class",
    "tensorflow.compat.v1.data.experimental.RandomDataset": "functools.wraps shows the signature of the v2 class",
    "tensorflow.compat.v1.data.experimental.SqlDataset": "functools.wraps shows the signature of the v2 class",
}
