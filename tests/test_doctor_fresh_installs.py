"""28 fresh installs of old and new releases were measured: an error is found exactly where the import died."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from doctor_values import errors, facts, table_requires

FILE = Path(__file__).parent / "data" / "facts" / "fresh_installs.json"
DATA = json.loads(FILE.read_text())
NAMES = [
    next(f"{n} {v}, Python {r['python']}" for n, v in r["installed"].items() if n.startswith("tensorflow"))
    for r in DATA["runs"]
]


@pytest.mark.parametrize("run", DATA["runs"], ids=NAMES)
def test_an_error_is_found_exactly_where_the_import_died(run: dict[str, object]) -> None:
    installed = run["installed"]
    assert isinstance(installed, dict)
    requires = {  # what was not noted down cannot be missed
        name: tuple(r for r in table_requires(name, v) if re.split(r"[^a-z0-9-]", r)[0] in DATA["noted"])
        for name, v in installed.items()
    }
    found = errors(facts(installed, python=str(run["python"]), requires=requires))
    assert bool(found) == (not run["import_ok"]), found


def test_there_are_28_of_which_14_died() -> None:
    assert (len(DATA["runs"]), sum(not run["import_ok"] for run in DATA["runs"])) == (28, 14)
