"""Legacy programs, migrated and run on the newest TensorFlow: every number that they printed in their own time.

`parity/programs/` are written for this suite in the habits of real repositories, `parity/expected/` holds what each
printed in its original environment (`origin`, a stem of `environments/`), recorded before the rules that serve it. The
programs of `../shared/parity` are held to the same where they are there.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import environments
import pytest
from printed import Line, first_difference, results

from tfkdoctor.model import Numerics, Settings
from tfkdoctor.run import migrate_paths
from tfkdoctor.write import write_run

OWN = Path(__file__).parent / "parity"
SHARED = Path(__file__).parents[2] / "shared" / "parity"

# Nothing in these programs tells which Keras they are from, as a requirements file would.
UNTOLD = {"k231_unet_dice": "keras==2.3.1", "trap_t10_default_epochs": "keras==1.2.2"}

# Not equal, and why; each is reported by the migration.
DIFFERS: dict[str, str] = {
    "k2_augment_seeded": "ImageDataGenerator draws its random numbers in another order",
}

pytestmark = pytest.mark.legacy


@dataclass(frozen=True, slots=True)
class Program:
    """A program with what it printed; `numerics` is the setting that it is migrated with."""

    name: str
    folder: Path
    numerics: Numerics
    lines: tuple[Line, ...]
    kind: str

    @property
    def files(self) -> Path:
        folder = self.folder / "programs" / self.name
        return folder if folder.is_dir() else folder.with_suffix(".py")


def programs(folder: Path, *settings: Numerics) -> Iterator[Program]:
    """The Keras programs of a suite, each with every setting that it must be equal with."""
    for file in sorted(folder.glob("expected/*.json")):
        if file.stem.startswith(("tf1_", "tfk1_", "mix_", "trap_tf1", "trap_dropout_keep_prob")):
            continue  # TensorFlow 1
        told = json.loads(file.read_text("utf-8"))
        lines = tuple((name, tuple(values)) for name, values in told.get("results", []))
        for numerics in settings:
            if told["kind"] != "trap" or numerics is Numerics.EXACT:
                yield Program(file.stem, folder, numerics, lines, told["kind"])


ALL = [
    *(p for p in programs(OWN, Numerics.KEEP) if p.kind == "migrate"),
    *(p for p in programs(OWN, Numerics.EXACT) if p.kind == "trap"),
    *programs(SHARED, Numerics.EXACT, Numerics.KEEP),
]


def test_the_shared_programs_are_there() -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared programs are not beside this checkout")
    assert len(list(programs(SHARED, Numerics.EXACT))) >= 29


@pytest.mark.parametrize("program", ALL, ids=[f"{p.name}-{p.numerics}" for p in ALL])
def test_prints_the_numbers_of_its_own_time(program: Program, newest: environments.Environment, tmp_path: Path) -> None:
    project, scratch = tmp_path / program.name, tmp_path / "scratch"
    scratch.mkdir()
    main = lay_out(program, project)
    before = {path: path.read_bytes() for path in project.rglob("*.py")}
    source = (UNTOLD[program.name],) if program.name in UNTOLD else ()
    run = migrate_paths([project], Settings(jobs=1, numerics=program.numerics, source=source), project)
    if program.kind == "keep":
        assert all(file.text is None for file in run.files)
        return
    assert not write_run(run).findings
    assert {path for path in before if path.exists()} == set(before)
    told = first_difference(program.lines, results(environments.run(newest, [main], scratch)))
    if program.name in DIFFERS:
        assert told is not None, f"it is equal now: take it out of DIFFERS ({DIFFERS[program.name]})"
        assert any(f.severity == "error" for f in run.all_findings()), "it differs, and nothing is reported"
        return
    assert told is None, told


def lay_out(program: Program, project: Path) -> Path:
    """Copy a program into a folder of its own; the file that runs it."""
    if program.files.is_dir():
        shutil.copytree(program.files, project)
        return project / "main.py"
    project.mkdir()
    shutil.copy(program.files, project)
    return project / program.files.name
