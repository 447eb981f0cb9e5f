"""`migrate --validate import, models`: each level catches a planted fault that the level below cannot see."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from environments import Environment

from tfkdoctor.validate.builders import Builder, find_builders, module_name
from tfkdoctor.validate.failures import Failure
from tfkdoctor.validate.models import ModelRow, ModelsResult

MODULES = {
    "net.py": """
        from keras import layers
        from keras.models import Sequential
        from keras.layers import Dense, Flatten

        KIND = 'Conv' + '2D'
        Convolution = getattr(layers, KIND)

        def build(size=8):
            model = Sequential()
            model.add(Convolution(4, (3, 3), input_shape=(size, size, 1)))
            model.add(Flatten())
            model.add(Dense(3, activation='softmax'))
            model.compile('sgd', 'categorical_crossentropy')
            return model

        def build_for(classes):
            return Sequential([Dense(classes, input_dim=4)])
    """,
    "train.py": """
        import numpy as np
        import keras
        from net import build
        model = build()
        model.fit(np.load('data.npy'), None)
    """,
    "report.py": """
        import nothing_like_this
        from keras.models import load_model
    """,
    "pyproject.toml": """
        [tool.tfkdoctor.smoke]
        "net.py:build_for" = {classes = 3}
    """,
}


def project(folder: Path, **changed: tuple[str, str]) -> Path:
    for name, text in MODULES.items():
        right, wrong = changed.get(name.partition(".")[0], ("", ""))
        assert right in text
        (folder / name).write_text(dedent(text.replace(right, wrong) if right else text).lstrip())
    return folder


def migrate(folder: Path, python: Path, levels: str) -> dict[str, object]:
    command = [sys.executable, "-m", "tfkdoctor", "migrate", ".", "--write", "--validate", levels, "--format", "json"]
    done = subprocess.run([*command, "--python", str(python)], cwd=folder, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    report: dict[str, object] = json.loads(done.stdout)
    return report


def codes(report: dict[str, object]) -> list[tuple[str, str | None, int | None]]:
    """The findings of the levels that execute code."""
    findings = report["findings"]
    assert isinstance(findings, list)
    return [(f["code"], f["path"], f["line"]) for f in findings if f["code"] in ("TFK023", "TFK024", "TFK025")]


@pytest.mark.legacy
def test_a_project_that_works(newest: Environment, tmp_path: Path) -> None:
    """What fails for want of a module or a file is told apart; nothing is left behind in the project."""
    report = migrate(project(tmp_path), newest.python, "import,models")
    assert codes(report) == []
    imports, models = report["imports"], report["models"]
    assert isinstance(imports, dict)
    assert isinstance(models, dict)
    assert {row["path"]: row["excused"].partition(":")[0] for row in imports["modules"]} == {
        "net.py": "",
        "report.py": "it needs the module nothing_like_this, which is not installed there",
        "train.py": "it needs a file that is not there",
    }
    assert (models["found"], models["built"], models["skipped"]) == (3, 3, 0)
    assert [(row["name"], row["fitted"], row["reloaded"]) for row in models["models"]] == [
        ("net.py:build", 1, 1),
        ("net.py:build_for", 1, 1),
        ("train.py", 1, 1),
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "net.py", "pyproject.toml", "report.py", "tfkdoctor.lock.json", "train.py"
    ]  # fmt: skip


@pytest.mark.legacy
def test_import_sees_a_name_that_is_made_at_run_time(newest: Environment, tmp_path: Path) -> None:
    """The index knows names that are written; this one is put together."""
    report = migrate(project(tmp_path, net=("'2D'", "'4D'")), newest.python, "import")
    assert ("TFK023", "net.py", 6) in codes(report)


@pytest.mark.legacy
def test_models_see_what_no_import_runs(newest: Environment, tmp_path: Path) -> None:
    """A loss that does not fit its output, given by a variable: nothing of that happens on import."""
    wrong = ("'categorical_crossentropy'", "'categorical_' + 'entropy'")
    report = migrate(project(tmp_path, net=wrong), newest.python, "import,models")
    assert ("TFK024", "net.py") in [(code, path) for code, path, _ in codes(report)]
    assert "TFK023" not in [code for code, _, _ in codes(report)]


@pytest.mark.legacy
def test_no_model_is_no_pass(newest: Environment, tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text("from keras import backend as K\n\ndef two():\n    return K.constant(2)\n")
    report = migrate(tmp_path, newest.python, "models")
    assert codes(report) == [("TFK025", None, None)]
    assert report["exit"] == 1


def test_what_fails_at_one_line_for_many_builders_is_told_once() -> None:
    fault = Failure("AttributeError: 'KerasTensor' object has no attribute '_shape_val'", "utils.py", 101, "build")
    builders = [Builder(f"net.py:{name}", "function", "net.py", 3, ".", "net", name) for name in ("a", "b", "c")]
    rows = tuple(ModelRow(one, failed=fault) for one in builders)
    (finding,) = ModelsResult(rows, "python", 1.0).findings()
    assert finding.message == f"a and 2 more fail in stage “build”: {fault.error} (utils.py:101)"


def test_builders() -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/net.py": dedent("""
            from keras.models import Model, Sequential
            def build(n=3):
                model = Sequential()
                return model
            def with_parts(x, *, y):
                m = Model(x, y)
                return m, x
            def again():
                return build(4)
            def tensor(x):
                return build()(x)
            def inner():
                def f():
                    return build()
                return 3
            class Net(Model):
                def __init__(self, width):
                    pass
        """),
        "script.py": "import keras\nfrom pkg.net import build\nmodel = build()\nmodel.fit(1)\n",
        "django_like.py": "from db import Model\nclass Person(Model):\n    pass\n",
    }
    found = find_builders(files, {"net.py:Net": {"width": 3}})
    assert [(one.name, one.kind, one.skipped) for one in found] == [
        ("pkg/net.py:build", "function", ""),
        ("pkg/net.py:with_parts", "function", "it needs x, y"),
        ("pkg/net.py:again", "function", ""),
        ("pkg/net.py:Net", "class", ""),
        ("script.py", "module", ""),
    ]
    assert (found[0].base, found[0].module) == (".", "pkg.net")


def test_module_name_of_a_package_in_a_folder() -> None:
    packages = {"code/pkg", "code/pkg/sub"}
    assert module_name("code/pkg/sub/a.py", packages) == ("code", "pkg.sub.a")
    assert module_name("code/pkg/__init__.py", packages) == ("code", "pkg")
    assert module_name("code/run.py", packages) == ("code", "run")
    assert module_name("run.py", packages) == (".", "run")
