"""One small migration, written out by hand: what the tests of the reports print."""

from __future__ import annotations

from tfkdoctor.model import (
    Edit,
    Evidence,
    FileResult,
    Finding,
    Fix,
    MigrationRun,
    Numerics,
    Origin,
    Outcome,
    Severity,
    Span,
    Target,
)

PATH = "src/train.py"
OLD = """\
from keras.layers.core import Dense
from keras.models import Sequential

model.fit_generator(gen, samples_per_epoch=10)
model.predict_proba(x)
"""
NEW = """\
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential

model.fit(gen, steps_per_epoch=10)
model.predict_proba(x)
"""


def edit(old: str, new: str) -> Edit:
    start = OLD.index(old)
    return Edit(start, start + len(old), new)


IMPORTS = Fix(
    "src/train.py:TFK101:1",
    "TFK101",
    (edit("keras.layers.core", "tensorflow.keras.layers"), edit("keras.models", "tensorflow.keras.models")),
)
GENERATOR = Fix(
    "src/train.py:TFK401:4",
    "TFK401",
    (edit("fit_generator", "fit"), edit("samples_per_epoch", "steps_per_epoch")),
    requires=frozenset({IMPORTS.id}),
)
MOVED = Finding(
    "TFK101",
    "`keras.layers.core` is `tensorflow.keras.layers` today",
    Severity.WARNING,
    PATH,
    Span(1, 1, 1, 36),
    fix=IMPORTS.id,
)
GONE = Finding(
    "TFK401",
    "`Model.fit_generator` is gone from Keras 3; `fit` takes generators",
    Severity.ERROR,
    PATH,
    Span(4, 1, 4, 47),
    fix=GENERATOR.id,
    name="keras.models.Model.fit_generator",
)
BY_HAND = Finding(
    "TFK402",
    "`Sequential.predict_proba` is gone since TensorFlow 2.6, and nothing proves that `model` is a Keras model, "
    "so it was left alone",
    Severity.ERROR,
    PATH,
    Span(5, 1, 5, 23),
    help="call `predict`; it returns the probabilities of a model that ends in a softmax",
    evidence=(Evidence("receiver", "unknown", "src/train.py:5"),),
)
ASSUMED = Finding(
    "TFK005",
    "the origin is assumed to be keras 2.2.5",
    Severity.HINT,
    help="--source keras==… states it",
)
RUN = MigrationRun(
    root=".",
    files=(
        FileResult(PATH, Outcome.CHANGED, (MOVED, GONE, BY_HAND), (IMPORTS, GENERATOR), NEW, references=5, rewritten=3),
        FileResult("src/other.py", Outcome.CLEAN),
    ),
    findings=(ASSUMED,),
    origin=Origin(reason="no dependency file states a version"),
    target=Target("tensorflow>=2.16"),
    numerics=Numerics.KEEP,
    scanned=14,
    seconds=0.314,
    kept={PATH: OLD.encode()},
)
