"""Saving, loading and callbacks: which way a call goes, by what its file name shows."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tfkdoctor.migrate.endings import endings
from tfkdoctor.migrate.survey import survey_module
from tfkdoctor.model import Finding, Settings
from tfkdoctor.run import migrate_paths
from tfkdoctor.text import Source

ENDS = [  # a program whose last statement is the expression, and what it may end with
    ('"a.h5"', {"a.h5"}),
    ('f"{n}.h5"', {".h5"}),
    ('f"a.{n}"', None),
    ('"%s_%03d.h5" % (n, 3)', {".h5"}),
    ('"%d" % 3', {""}),
    ('"{}.hdf5".format(n)', {".hdf5"}),
    ('"a.h5".format()', {"a.h5"}),
    ('import os\nos.path.join(n, "a.h5")', {"a.h5"}),
    ('"/".join([n, "a.h5"])', None),
    ('n + ".h5"', {".h5"}),
    ('p = n + ".h5"\np', {".h5"}),
    ('p = "a.h5"\nif n:\n    p = "a.hdf5"\np', {"a.h5", "a.hdf5"}),
    ('p = "a"\np += ".h5"\np', None),
    ('p = "a.h5" if n else "a"\np', {"a.h5", "a"}),
    ("import sys\nsys.argv[1]", None),
    ("p = p\np", None),
]


@pytest.mark.parametrize(("program", "wanted"), ENDS, ids=[p.splitlines()[-1] for p, _ in ENDS])
def test_the_end_of_a_text_is_followed_to_its_literals(program: str, wanted: set[str] | None) -> None:
    survey = survey_module(Source("m.py", b"", program + "\n", "utf-8", b""), "m", "")
    assert not isinstance(survey, Finding)
    last = survey.tree.body[-1]
    assert isinstance(last, ast.Expr)
    found = endings(last.value, survey.names.module, survey.names)
    assert found == (frozenset(wanted) if wanted is not None else None)


HEAD = (
    "from keras.models import Sequential, load_model, save_model\nfrom keras.callbacks import *\nmodel = Sequential()\n"
)
CALLS = [  # a call in such a program, and what it becomes
    ('model.save("a.h5", True, False)', 'model.save("a.h5", True, include_optimizer=False)'),
    ('model.save("a.hdf5")', 'model.save("a.hdf5")'),
    ('model.save("a.weights.h5")', 'save_model(model, "a.weights.h5")'),
    ('model.save("a", include_optimizer=False)', '_save_model(model, "a", include_optimizer=False)'),
    ('model.load_weights("a.h5")', 'model.load_weights("a.h5")'),
    ('model.load_weights("a.h5", by_name=False)', 'model.load_weights("a.h5", by_name=False)'),
    ('model.load_weights("a.weights.h5")', 'load_weights(model, "a.weights.h5")'),
    ('model.load_weights("a.hdf", True, True)', 'load_weights(model, "a.hdf", True, True)'),
    ('model.load_weights("a.h5", True, True)', 'model.load_weights("a.h5", by_name=True, skip_mismatch=True)'),
    ('model.save_weights("a.h5", True)', 'save_weights(model, "a.h5", True)'),
    ('load_model("a.h5")', '_load_model("a.h5")'),
    ('EarlyStopping("val_f1", 0, 3)', 'EarlyStopping("val_f1", 0, 3, mode="min")'),
    ('ReduceLROnPlateau("val_my_acc")', 'ReduceLROnPlateau("val_my_acc", mode="max")'),
    ('ReduceLROnPlateau("val_f1", mode="max", epsilon=1)', 'ReduceLROnPlateau("val_f1", mode="max", min_delta=1)'),
    ('ModelCheckpoint("a.h5", "val_f1")', 'ModelCheckpoint("a.h5", "val_f1")'),
    ('TensorBoard("a", 1, 16, True, True)', 'TensorBoard("a", 1, True)'),
]


@pytest.mark.parametrize(("call", "wanted"), CALLS, ids=[call for call, _ in CALLS])
def test_a_call_goes_the_way_that_its_file_name_shows(call: str, wanted: str, tmp_path: Path) -> None:
    head = HEAD if call.startswith(("E", "R", "M", "T", "load")) else HEAD.splitlines()[0] + "\nmodel = Sequential()\n"
    (tmp_path / "m.py").write_text(head + call + "\n", "utf-8")
    result = migrate_paths([tmp_path], Settings(jobs=1, source=("keras==2.2.5",)), tmp_path).files[0]
    assert (result.text or "").splitlines()[-1].lstrip("_") == wanted.lstrip("_")
