"""What is kept in the user's cache directory: used while it is of the same files, and never trusted otherwise."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tfkdoctor import knowledge
from tfkdoctor.model import Origin
from tfkdoctor.stored import directory, stored
from tfkdoctor.versions import points_of


class Maker:
    """Counts how often something had to be made."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> dict[str, int]:
        self.calls += 1
        return {"made": self.calls}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    file = tmp_path / "data.toml"
    file.write_text("a = 1\n")
    return file


def test_made_once_as_long_as_no_file_changes(data: Path) -> None:
    make = Maker()
    assert [stored("one", [data], make) for _ in range(3)] == [{"made": 1}] * 3
    data.write_text("a = 1  # longer\n")
    assert stored("one", [data], make) == {"made": 2}
    os.utime(data, ns=(1, 1))
    assert stored("one", [data], make) == {"made": 3}


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-3])


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _of_others(file: Path) -> None:
    file.chmod(0o666)


@pytest.mark.parametrize("damage", [_cut, _empty, _of_others])
@pytest.mark.skipif(sys.platform == "win32", reason="modes of files are POSIX'")
def test_what_is_damaged_or_writable_for_others_is_made_anew(data: Path, damage: Callable[[Path], None]) -> None:
    make = Maker()
    stored("one", [data], make)
    (kept,) = directory().iterdir()
    damage(kept)
    assert stored("one", [data], make) == {"made": 2}


def test_a_pickle_under_another_key_is_not_loaded(data: Path) -> None:
    stored("one", [data], Maker())
    (kept,) = directory().iterdir()
    kept.write_bytes(bytes(32) + pickle.dumps("of somebody else"))
    assert stored("one", [data], Maker()) == {"made": 1}


def test_no_place_to_keep_it_is_no_error(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(data))  # a file stands where the directory should be
    assert stored("one", [data], Maker()) == {"made": 1}
    assert stored("one", [data.with_name("missing")], Maker()) == {"made": 1}


def test_old_ones_go(data: Path) -> None:
    for number in range(40):
        data.write_text("x" * number)
        stored("one", [data], Maker())
    assert 20 <= len(list(directory().iterdir())) <= 30


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize(
    "name", ["keras.layers.core.Dense", "tensorflow.contrib.layers.fully_connected", "keras.layers.Merge"]
)
def test_kept_knowledge_is_the_knowledge(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge, "_rules", knowledge._rules.__wrapped__)  # past the cache within the process
    verbs = ("calls", "renames", "defaults", "removed")
    fresh = knowledge.Knowledge(points_of(">=2.16"), Origin(), knowledge._rules(), "compat")
    first = [fresh.rows_about(verb, name) for verb in verbs]
    assert len(list(directory().iterdir())) == 2
    kept = knowledge.Knowledge(points_of(">=2.16"), Origin(), knowledge._rules(), "compat")
    assert [kept.rows_about(verb, name) for verb in verbs] == first
    assert any(first)
