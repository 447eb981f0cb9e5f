"""Level `import`: each module in a process of its own, with a time limit and without network, before and after."""

from __future__ import annotations

import sys

import pytest

from tfkdoctor.validate import importing

BEFORE = {
    "fine.py": "x = 1\n",
    "broken_by_us.py": "x = 1\n",
    "broken_before.py": "raise ValueError('its own fault')\n",
    "other_fault_now.py": "raise ValueError('its own fault')\n",
    "network.py": "import socket\nsocket.create_connection(('203.0.113.7', 80), timeout=5)\n",
    "looks_up.py": "import urllib.request\nurllib.request.urlopen('http://example.com/weights.h5')\n",
    "endless.py": "while True:\n    pass\n",
    "dies.py": "x = 1\n",
    "wrong_syntax.py": "x = 1\n",
    "writes.py": "open('left.txt', 'w').write('x')\n",
    "main.py": "import sys\nsys.exit(3)\n",
}
AFTER = {
    **BEFORE,
    "broken_by_us.py": "x = undefined_name\n",
    "other_fault_now.py": "raise AttributeError(\"module 'tensorflow' has no attribute 'app'\")\n",
    "dies.py": "import os\nos.abort()\n",
    "wrong_syntax.py": "x = (\n",
}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, importing.ImportRow]:
    folder = tmp_path_factory.mktemp("imports")
    for name, files in (("before", BEFORE), ("after", AFTER)):
        (folder / name).mkdir()
        for path, text in files.items():
            (folder / name / path).write_text(text)
    (folder / "site").mkdir()
    (folder / "site" / "numpy.py").write_text("")  # what a target has, and the interpreter of these tests has not
    python = folder / "python3"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={folder / "site"} exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    sides = folder / "before", folder / "after"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importing, "LIMIT", 8.0)
        found = importing.import_all(*sides, list(AFTER), list(AFTER), str(python), folder / "work")
    return {row.path: row for row in found.rows}


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("broken_by_us.py", "NameError: name 'undefined_name' is not defined"),
        ("other_fault_now.py", "AttributeError: module 'tensorflow' has no attribute 'app'"),
        ("wrong_syntax.py", "SyntaxError: '(' was never closed"),
        ("dies.py", "the process died of SIGABRT"),
    ],
)
def test_what_the_migration_answers_for(rows: dict[str, importing.ImportRow], path: str, told: str) -> None:
    failed = rows[path].failed
    assert failed is not None and told in failed.error


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("broken_before.py", "it failed in the same way before: ValueError: its own fault"),
        ("network.py", "it needs the network"),
        ("looks_up.py", "it needs the network"),
    ],
)
def test_what_it_does_not_answer_for(rows: dict[str, importing.ImportRow], path: str, told: str) -> None:
    assert rows[path].failed is None
    assert rows[path].excused.startswith(told)


def test_what_goes_on_after_the_limit_is_ended_and_told(rows: dict[str, importing.ImportRow]) -> None:
    assert rows["endless.py"].ok
    assert "8 s" in rows["endless.py"].reached


def test_the_others_import(rows: dict[str, importing.ImportRow]) -> None:
    assert [path for path, row in rows.items() if row == importing.ImportRow(path, row.reached) and row.ok] == [
        "fine.py",
        "endless.py",
        "writes.py",
        "main.py",
    ]
