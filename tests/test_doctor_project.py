"""What the doctor reads of a project, and never runs: switches, private imports, pip and kernels."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest
from doctor_values import facts

from tfkdoctor.doctor.codec import Unknown
from tfkdoctor.doctor.kernel import with_loaded
from tfkdoctor.doctor.project import Kernel, Loaded, Mention, mentions_in, read_project
from tfkdoctor.doctor.surroundings import SOURCE, find_shadows

SET = 'os.environ["TF_USE_LEGACY_KERAS"] = "1"\n'


@pytest.mark.parametrize(
    ("before", "loaded"),
    [
        ("import os\nimport tensorflow as tf\n", 0),  # tf.keras is loaded by its first use: this is in time
        ("from tensorflow import keras\n", 0),
        ("from tensorflow.keras import layers\n", 1),
        ("import keras\n", 1),
        ("import tensorflow as tf\nmodel = tf.keras.Sequential()\n", 2),
        ("import tensorflow as tf\nclass Mine(tf.keras.Model):\n    pass\n", 2),
        ("import tensorflow as tf\ndef build():\n    return tf.keras.Sequential()\n", 0),
        ("if True:\n    import keras\n", 2),
    ],
)
def test_a_switch_is_late_once_keras_is_loaded(before: str, loaded: int) -> None:
    found = list(mentions_in(before + SET, Path("train.py")))
    line = before.count("\n") + 1
    late = Mention("late switch", "TF_USE_LEGACY_KERAS", "train.py", line, loaded)
    assert found == ([late] if loaded else [])


def test_setdefault_in_a_main_block_counts() -> None:
    text = 'import keras\nif __name__ == "__main__":\n    os.environ.setdefault("KERAS_BACKEND", "jax")\n'
    assert list(mentions_in(text, Path("a.py"))) == [Mention("late switch", "KERAS_BACKEND", "a.py", 3, 1)]


def test_private_imports_and_keras_saving() -> None:
    text = "from tensorflow.python.keras import layers\ntf.keras.saving.save_model(m, p)\n"
    assert [(one.what, one.text, one.line) for one in mentions_in(text, Path("a.py"))] == [
        ("private keras", "from tensorflow.python.keras", 1),
        ("keras.saving", "tf.keras.saving.save_model", 2),
    ]


def test_files_that_do_not_parse_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text("print 'KERAS_BACKEND'\n")
    (tmp_path / "train.py").write_text("import keras\n" + SET)
    found = read_project(tmp_path, "/none", {"HOME": str(tmp_path)})
    assert [one.path for one in found.mentions] == [str(tmp_path / "train.py")]


def test_pip_on_path_and_its_interpreter(tmp_path: Path) -> None:
    pip = tmp_path / "pip"
    pip.write_text("#!/opt/python/bin/python3.9\nimport pip\n")
    pip.chmod(0o755)
    environ = {"PATH": str(tmp_path), "HOME": str(tmp_path)}
    assert read_project(tmp_path, "/none", environ).pip == "/opt/python/bin/python3.9"
    pip.write_text("#!/usr/bin/env bash\n")  # a shim of pyenv
    assert read_project(tmp_path, "/none", environ).pip == Unknown(f"{pip} does not name its interpreter")
    assert read_project(tmp_path, "/none", {**environ, "PATH": ""}).pip == Unknown("no pip on PATH")


def test_kernels_of_the_environment_and_of_the_user(tmp_path: Path) -> None:
    def spec(share: Path, name: str, command: str) -> Path:
        file = share / "jupyter/kernels" / name / "kernel.json"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps({"argv": [command, "-m", "ipykernel_launcher"]}))
        return file

    mine = spec(tmp_path / "env/share", "python3", "python")
    gone = spec(tmp_path / ".local/share", "old", "/gone/bin/python3")
    spec(tmp_path / ".local/share", "ir", "R")
    found = read_project(tmp_path, str(tmp_path / "env"), {"HOME": str(tmp_path)}).kernels
    assert found == (Kernel("python3", "", str(mine), True), Kernel("old", "/gone/bin/python3", str(gone), False))


def test_a_checkout_of_tensorflow_is_known_by_what_it_lacks(tmp_path: Path) -> None:
    platform = tmp_path / "tensorflow/python/platform"
    platform.mkdir(parents=True)
    (platform / "self_check.py").touch()
    assert find_shadows(tmp_path, "") == ()  # as checkouts are today: the installed package is imported
    (tmp_path / "tensorflow/__init__.py").touch()
    assert [one.hides for one in find_shadows(tmp_path, "")] == [SOURCE]
    (platform / "build_info.py").touch()
    assert [one.hides for one in find_shadows(tmp_path, "")] == ["the installed package"]


def test_a_kernel_says_what_it_has_imported() -> None:
    module = ModuleType("tensorflow")
    module.__version__ = "2.15.1"  # type: ignore[attr-defined]
    project = with_loaded(facts({}), {"tensorflow": module, "numpy": ModuleType("numpy")}).project
    assert not isinstance(project, Unknown)
    assert project.loaded == (Loaded("tensorflow", "2.15.1"),)
