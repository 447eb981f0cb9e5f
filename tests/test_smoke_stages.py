"""`smoke` on real installations: whole ones pass every stage, damaged ones fail where the damage is."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import environments
import pytest
from environments import Environment

from tfkdoctor.model import Severity
from tfkdoctor.validate.imports import ImportStyle, Use
from tfkdoctor.validate.smoke import SmokeResult, smoke

ONCE = ["import", "devices", "data"]
EACH_DEVICE = [
    "build",
    "compile",
    "fit",
    "loss falls",
    "held-back accuracy",
    "evaluate",
    "predict",
    "save",
    "reload",
]

pytestmark = pytest.mark.legacy


@pytest.fixture(autouse=True)
def quiet_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """One CPU device, whatever the machine has: the tests name the devices."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")


def packages(environment: Path) -> Path:
    return next((environment / "lib").glob("python3.*/site-packages"))


def replace(file: Path, text: str) -> None:
    """Give a hard-linked file new content without touching the original."""
    assert file.exists()
    file.unlink()
    file.write_text(text)


def stages(result: SmokeResult) -> list[tuple[str, str, bool]]:
    return [(row.stage, row.device, row.ok) for row in result.rows]


def all_passing(last: int = len(EACH_DEVICE)) -> list[tuple[str, str, bool]]:
    return [(stage, "", True) for stage in ONCE] + [(stage, "CPU:0", True) for stage in EACH_DEVICE[:last]]


@pytest.mark.parametrize("stem", [environments.NEWEST, environments.KERAS2, environments.KERAS1])
def test_whole_installation_passes_every_stage(stem: str, request: pytest.FixtureRequest) -> None:
    names = {environments.NEWEST: "newest", environments.KERAS2: "keras2", environments.KERAS1: "keras1"}
    whole: Environment = request.getfixturevalue(names[stem])
    result = smoke(str(whole.python))
    assert stages(result) == all_passing(), result.findings()
    assert result.findings() == ()
    assert result.tensorflow == whole.pins()["tensorflow"]
    assert [step.device for step in result.steps] == ["CPU:0"]
    assert 0 < result.steps[0].seconds < 5


def test_the_full_test_goes_on_after_training(newest: Environment) -> None:
    """Pipelines, HDF5, a served model, TFLite, a strategy and half precision, and what a project names."""
    named = (
        Use("tensorflow.keras.optimizers.RMSprop", "a.py:3"),
        Use("tensorflow.keras.layers.Dense", "a.py:4"),
        Use("tensorflow.keras.losses.categorical_crossentropy", "a.py:5"),
        Use("tensorflow.keras.metrics.SparseCategoricalAccuracy", "a.py:6"),
        Use("tensorflow.keras.callbacks.ModelCheckpoint", "a.py:7"),
        Use("tensorflow.keras.callbacks.LearningRateScheduler", "a.py:8"),
    )
    result = smoke(str(newest.python), full=True, imports=ImportStyle(names=named))
    more = ["tf.data", "HDF5", "served", "TFLite", "tf.distribute", "mixed precision", "project API"]
    assert [row.stage for row in result.rows if row.ok][-7:] == more, result.findings()
    assert result.rows[-2].detail.endswith(" in mixed_bfloat16")
    assert result.rows[-1].detail == "RMSprop, categorical_crossentropy, SparseCategoricalAccuracy, ModelCheckpoint"


def test_what_a_project_names_and_cannot_train_fails(newest: Environment) -> None:
    """The name is there and takes these arguments; no check of names and signatures sees more."""
    with environments.damageable_copy(newest) as damaged:
        file = packages(damaged) / "keras/src/optimizers/nadam.py"
        source = file.read_text()
        assert source.count("def update_step(") == 1
        replace(file, source.replace("def update_step(", "def no_step("))
        named = (Use("tensorflow.keras.optimizers.Nadam", "a.py:3"),)
        result = smoke(str(damaged / "bin" / "python"), full=True, imports=ImportStyle(names=named))
    assert [row.stage for row in result.rows if not row.ok] == ["project API"]
    assert "tensorflow.keras.optimizers.Nadam (a.py:3)" in result.rows[-1].detail


def test_without_h5py_saving_fails(newest: Environment) -> None:
    with environments.damageable_copy(newest) as damaged:
        shutil.rmtree(packages(damaged) / "h5py")
        result = smoke(str(damaged / "bin" / "python"))
    assert stages(result) == [*all_passing(EACH_DEVICE.index("save")), ("save", "CPU:0", False)]
    (finding,) = result.findings()
    assert (finding.code, finding.severity) == ("TFK020", Severity.ERROR)
    assert "h5py" in finding.message


def test_with_a_damaged_layer_building_fails(newest: Environment) -> None:
    with environments.damageable_copy(newest) as damaged:
        layer = packages(damaged) / "keras/src/layers/convolutional/base_conv.py"
        source = layer.read_text()
        assert source.count("def build(self, input_shape):\n") == 1
        body = "def build(self, input_shape):\n        self.kernel = self.no_such_helper(input_shape)\n"
        replace(layer, source.replace("def build(self, input_shape):\n", body))
        result = smoke(str(damaged / "bin" / "python"))
    assert stages(result) == [*all_passing(0), ("build", "CPU:0", False)]
    assert "no_such_helper" in result.findings()[0].message


def test_with_a_cut_off_library_importing_fails(newest: Environment) -> None:
    with environments.damageable_copy(newest) as damaged:
        replace(packages(damaged) / "tensorflow/libtensorflow_framework.so.2", "half a download")
        result = smoke(str(damaged / "bin" / "python"))
    assert stages(result) == [("import", "", False)]
    assert "libtensorflow_framework.so.2" in result.findings()[0].message


def test_killed_while_importing(newest: Environment) -> None:
    with environments.damageable_copy(newest) as damaged:
        start = packages(damaged) / "tensorflow/python/__init__.py"
        replace(start, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
        result = smoke(str(damaged / "bin" / "python"))
    assert stages(result) == [("import", "", False)]
    (finding,) = result.findings()
    assert finding.code == "TFK021"
    assert finding.message.startswith("smoke test: stage “import” failed: the process was killed by SIGKILL")


def test_device_that_is_not_there(newest: Environment) -> None:
    result = smoke(str(newest.python), device="gpu:1")
    assert stages(result) == [("import", "", True), ("devices", "", False)]
    assert result.rows[-1].detail == "no GPU:1 among the visible devices: CPU:0"


def test_every_visible_device_has_its_turn(
    newest: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here two, made of one CPU."""
    (tmp_path / "sitecustomize.py").write_text(
        "import tensorflow as tf\n"
        "cpu = tf.config.list_physical_devices('CPU')[0]\n"
        "tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    result = smoke(str(newest.python))
    second = [(stage, "CPU:1", True) for stage in EACH_DEVICE]
    assert stages(result) == all_passing() + second, result.findings()
    assert [step.device for step in result.steps] == ["CPU:0", "CPU:1"]
    chosen = smoke(str(newest.python), device="/CPU:1")
    assert stages(chosen) == all_passing(0) + second, chosen.findings()


def test_imports_of_the_project_come_first(newest: Environment) -> None:
    style = ImportStyle(
        statements=(
            Use("from tensorflow.keras.layers import Dense", "a.py:1"),
            Use("from keras.engine import Layer", "a.py:2"),
        ),
        names=(
            Use("tensorflow.keras.optimizers.Adam", "a.py:9"),
            Use("tensorflow.keras.optimizers.TFOptimizer", "a.py:10"),
        ),
    )
    result = smoke(str(newest.python), imports=style)
    assert [row[0] for row in stages(result)[:2]] == ["import", "project imports"]
    assert stages(result)[2:] == all_passing()[1:]  # the installation is fine all the same
    (finding,) = result.findings()
    assert finding.code == "TFK020"
    assert "a.py:2: from keras.engine import Layer: ModuleNotFoundError" in finding.message
    assert "a.py:10: tensorflow.keras.optimizers.TFOptimizer: ModuleNotFoundError" in finding.message
    assert "a.py:1:" not in finding.message


def test_interpreter_without_tensorflow() -> None:
    result = smoke(sys.executable)
    assert stages(result) == [("import", "", False)]
    assert result.rows[0].detail == "ModuleNotFoundError: No module named 'tensorflow'"
