"""What `import_style` reads out of a migrated project, and which interpreters validation refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tfkdoctor.model import Evidence, FileResult, Finding, MigrationRun, Numerics, Origin, Outcome, Severity, Target
from tfkdoctor.validate.imports import ImportStyle, Use, import_style
from tfkdoctor.validate.validate import migrated_texts, wrong_interpreter


def style(source: str, path: str = "a.py") -> ImportStyle:
    return import_style({path: source})


def test_import_lines_and_names() -> None:
    found = style(
        """\
import os
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.layers import (Conv2D,
                                     Dense as D)

def build():
    from tensorflow.keras import backend as K
    model = keras.models.Sequential([Conv2D(8, 3), D(1)])
    model.compile(keras.optimizers.Adam(learning_rate=0.1))
    return K.mean(tf.constant(1.0)), os.path.join(".")
"""
    )
    assert found == ImportStyle(
        statements=(
            Use("import tensorflow as tf", "a.py:2"),
            Use("from tensorflow import keras", "a.py:3"),
            Use("from tensorflow.keras.layers import Conv2D, Dense as D", "a.py:4"),
            Use("from tensorflow.keras import backend as K", "a.py:8"),
        ),
        names=(
            Use("tensorflow.keras.models.Sequential", "a.py:9"),
            Use("tensorflow.keras.layers.Conv2D", "a.py:9"),
            Use("tensorflow.keras.layers.Dense", "a.py:9"),
            Use("tensorflow.keras.optimizers.Adam", "a.py:10"),
            Use("tensorflow.keras.backend.mean", "a.py:11"),
            Use("tensorflow.constant", "a.py:11"),
        ),
    )


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    from tensorflow.keras import gone\nexcept ImportError:\n    gone = None\n",
        "import os\nif os.name == 'nt':\n    import tensorflow.gone\n",
        "if sys.version_info < (3,):\n    import tensorflow.gone\nelse:\n    import tensorflow.other\n",
        "from .keras import layers\n",
        "import numpy as tf\ntf.zeros(1)\n",
        "print 'Python 2'\nimport tensorflow\n",
    ],
)
def test_what_may_fail_is_left_out(source: str) -> None:
    assert style(source) == ImportStyle()


@pytest.mark.parametrize(
    "source",
    [
        "if __name__ == '__main__':\n    from tensorflow.keras import layers\n    layers.Dense(1)\n",
        "try:\n    from tensorflow.keras import layers\n    layers.Dense(1)\nexcept KeyboardInterrupt:\n    pass\n",
        "try:\n    from tensorflow.keras import layers\n    layers.Dense(1)\nfinally:\n    pass\n",
    ],
)
def test_what_may_not_fail_is_in(source: str) -> None:
    assert [use.text for use in style(source).statements + style(source).names] == [
        "from tensorflow.keras import layers",
        "tensorflow.keras.layers.Dense",
    ]


def test_name_that_is_also_bound_otherwise() -> None:
    found = style("from tensorflow import keras\n\ndef f(keras):\n    return keras.my_own\n")
    assert found.statements == (Use("from tensorflow import keras", "a.py:1"),)
    assert found.names == ()


def test_module_of_the_project_with_the_name_of_a_package() -> None:
    assert import_style({"keras.py": "", "a.py": "from keras.mine import thing\n"}) == ImportStyle()


def test_legacy_keras_is_the_root() -> None:
    assert style("from tf_keras.layers import Dense\n").root == "tf_keras"


def run_of(*files: FileResult, kept: dict[str, bytes]) -> MigrationRun:
    return MigrationRun(".", files, (), Origin(), Target("tensorflow>=2.16"), Numerics.KEEP, 3, 0.1, kept=kept)


def test_texts_after_the_migration() -> None:
    run = run_of(
        FileResult("new.py", Outcome.CHANGED, text="new"),
        FileResult("clean.py", Outcome.CLEAN),
        FileResult("refused.py", Outcome.REFUSED),
        kept={"new.py": b"old", "clean.py": b"clean", "refused.py": b"\xff"},
    )
    assert migrated_texts(run) == {"new.py": "new", "clean.py": "clean"}


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """An environment without anything."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "env")], check=True)
    return tmp_path / "env"


@pytest.mark.parametrize(
    ("folder", "refused"),
    [
        ("tensorflow-2.21.0.dist-info", None),
        ("tensorflow_cpu-2.16.1.dist-info", None),
        ("tf_nightly-2.22.0.dev20260101.dist-info", None),
        ("tensorflow-2.16.0rc0.dist-info", "has TensorFlow 2.16.0rc0, which is outside the target tensorflow>=2.16"),
        ("tensorflow-2.10.1.dist-info", "has TensorFlow 2.10.1, which is outside the target tensorflow>=2.16"),
        ("tensorflow-1.15.5-py3.7.egg-info", "has TensorFlow 1.15.5, which is outside the target tensorflow>=2.16"),
        ("tensorflow_estimator-2.15.0.dist-info", "has no TensorFlow"),
    ],
)
@pytest.mark.environment
def test_interpreter_outside_the_target(bare: Path, folder: str, refused: str | None) -> None:
    (next(bare.glob("lib/python3.*/site-packages")) / folder).mkdir()
    python = str(bare / "bin" / "python")
    expected = Finding(
        code="TFK022",
        message=f"{python} {refused}, so the migration cannot be validated there",
        severity=Severity.ERROR,
        help="Name an interpreter that has tensorflow>=2.16 with --python.",
        evidence=(Evidence("interpreter", python, "--python"), Evidence("target", "tensorflow>=2.16")),
    )
    assert wrong_interpreter(python, "tensorflow>=2.16") == (expected if refused else None)
