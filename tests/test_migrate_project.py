"""What is decided over a project: re-exports, programs, origins, the support module, the record."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tfkdoctor import record
from tfkdoctor.model import Finding, Settings
from tfkdoctor.run import migrate_paths
from tfkdoctor.write import write_run


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")


def migrate(root: Path, files: dict[str, str], **settings: object) -> dict[str, str]:
    """The files after a migration, support modules among them; unchanged ones as they were."""
    write(root, files)
    run = migrate_paths([root], Settings(jobs=1, **settings), root)  # type: ignore[arg-type]
    return files | {f.path: f.text for f in run.files if f.text is not None} | dict(run.support)


def test_names_are_followed_through_modules_of_the_project(tmp_path: Path) -> None:
    after = migrate(
        tmp_path,
        {
            "pkg/__init__.py": "",
            "pkg/compat.py": "from keras import backend as K, objectives\n",
            "pkg/net.py": "from .compat import K, objectives\nloss = objectives.mean_squared_error\ny = K.epsilon()\n",
        },
    )
    assert after["pkg/compat.py"] == "from tensorflow.keras import backend as K, losses as objectives\n"
    assert after["pkg/net.py"] == "from .compat import K, objectives\nloss = objectives.MSE\ny = K.epsilon()\n"


def test_a_star_of_the_project_does_not_hide_what_is_imported_above_it(tmp_path: Path) -> None:
    """It binds the name of before, which the module that it stars still imports."""
    after = migrate(
        tmp_path,
        {
            "net.py": "from keras.callbacks import ModelCheckpoint\n",
            "train.py": "from net import *\nsaved = ModelCheckpoint('best.hdf5', save_best_only=True)\n",
        },
    )
    assert after["train.py"] == (
        "from tf_legacy import ModelCheckpoint as _ModelCheckpoint\n"
        "from net import *\n"
        "saved = _ModelCheckpoint('best.hdf5', save_best_only=True)\n"
    )


def test_what_a_project_function_returns_is_known(tmp_path: Path) -> None:
    after = migrate(
        tmp_path,
        {
            "models.py": "from keras.models import Sequential\ndef build():\n    net = Sequential()\n    return net\n",
            "main.py": "from models import build\nm = build()\nm.compile('sgd', 'mse', ['mae'])\n"
            "m.evaluate_generator(g, 3)\n",
        },
    )
    assert after["main.py"] == (
        "from models import build\nm = build()\nm.compile('sgd', 'mse', metrics=['mae'])\nm.evaluate(g, steps=3)\n"
    )


def test_a_class_of_the_project_with_a_method_of_that_name_is_left_alone(tmp_path: Path) -> None:
    files = {"a.py": "import keras\nclass T:\n    def fit_generator(self, g):\n        pass\nT().fit_generator(1)\n"}
    assert migrate(tmp_path, files)["a.py"] == files["a.py"].replace("import keras", "from tensorflow import keras")


def test_graph_mode_is_decided_per_program(tmp_path: Path) -> None:
    after = migrate(
        tmp_path,
        {
            "session.py": "import tensorflow as tf\nimport shared\nsession = tf.Session()\ny = tf.log(1.0)\n",
            "shared.py": "import tensorflow as tf\ndef f(x):\n    return tf.log(x)\n",
            "eager.py": "import tensorflow as tf\ny = tf.log(1.0)\n",
        },
    )
    assert after["session.py"].endswith("y = tf.log(1.0)\n")
    assert after["shared.py"].endswith("return tf.log(x)\n")
    assert after["eager.py"] == "import tensorflow as tf\ny = tf.math.log(1.0)\n"


LSTM = "from keras.layers import LSTM\nlayer = LSTM(3)\n"


@pytest.mark.parametrize(
    ("files", "where", "line"),
    [
        ({"train.py": LSTM}, "tf_legacy.py", "from tf_legacy import hard_sigmoid"),
        ({"pkg/__init__.py": "", "pkg/net.py": LSTM}, "pkg/tf_legacy.py", "from .tf_legacy import hard_sigmoid"),
        (
            {"pkg/__init__.py": "", "pkg/sub/__init__.py": "", "pkg/sub/net.py": LSTM},
            "pkg/tf_legacy.py",
            "from ..tf_legacy import hard_sigmoid",
        ),
        ({"tools/train.py": LSTM}, "tools/tf_legacy.py", "from tf_legacy import hard_sigmoid"),
        (
            {"train.py": "from lib import net\nprint(net)\n", "lib/net.py": LSTM},
            "tf_legacy.py",
            "from tf_legacy import hard_sigmoid",
        ),
    ],
)
def test_the_support_module_lies_where_the_program_finds_it(
    files: dict[str, str], where: str, line: str, tmp_path: Path
) -> None:
    after = migrate(tmp_path, files)
    changed = next(text for name, text in after.items() if name.endswith(("train.py", "net.py")) and "LSTM" in text)
    assert f"\n{line}\n" in changed
    assert changed.endswith("layer = LSTM(3, recurrent_activation=hard_sigmoid)\n")
    assert "def hard_sigmoid(x):" in after[where]


def test_a_support_module_that_is_there_is_extended_and_kept(tmp_path: Path) -> None:
    own = '"""Mine."""\n\n\ndef other():\n    return 1\n'
    after = migrate(tmp_path, {"train.py": LSTM, "tf_legacy.py": own})
    assert after["tf_legacy.py"].startswith(own) and "def hard_sigmoid(x):" in after["tf_legacy.py"]
    again = migrate(tmp_path, after)
    assert again == after


def test_without_support_code_the_layer_stays_and_is_reported(tmp_path: Path) -> None:
    write(tmp_path, {"train.py": LSTM})
    run = migrate_paths([tmp_path], Settings(jobs=1, support=False), tmp_path)
    assert [f.text for f in run.files] == [None]
    assert {f.code for f in run.all_findings() if f.severity == "error"} == {"TFK101", "TFK501"}


@pytest.mark.parametrize(
    ("files", "keras"),
    [
        ({"a.py": "import keras\n", "requirements.txt": "Keras==2.1.6  # old\n"}, "2.1.6"),
        ({"a.py": "import keras\n", "setup.py": "setup(install_requires=['keras==2.3.1', 'numpy'])\n"}, "2.3.1"),
        ({"a.py": "import keras\n", "requirements.txt": "tensorflow>=2.16\n"}, "2.2.5"),
        ({"a.py": "from keras.layers import Dense\nDense(output_dim=3)\n"}, "1.2.2"),
        ({"a.py": "from keras.layers import Dense\nDense(output_dim=3)\nDense(units=3)\n"}, "2.2.5"),
        ({"a.py": "from keras.optimizers import Adam\nAdam(learning_rate=.1)\n"}, "2.3.1"),
        ({"a.py": "import keras\n", "sub/b.py": "x = 1\n"}, "2.2.5"),
    ],
)
def test_the_origin_is_told_from_files_and_idioms(files: dict[str, str], keras: str, tmp_path: Path) -> None:
    write(tmp_path, files)
    assert migrate_paths([tmp_path], Settings(jobs=1), tmp_path).origin.keras == keras


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("tensorflow>=2.16", "tensorflow>=2.16"),
        ("tensorflow==2.15.1", "tensorflow==2.15.1"),
        ("tensorflow>=1.12", "tensorflow>=2.21"),
        ("tensorflow-gpu==1.15", "tensorflow>=2.21"),
        ("numpy", "tensorflow>=2.21"),
    ],
)
def test_the_target_is_told_from_a_lower_bound(line: str, target: str, tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import keras\n", "requirements.txt": line + "\n"})
    assert migrate_paths([tmp_path], Settings(jobs=1), tmp_path).target.spec == target


def test_the_same_source_needs_other_output_on_another_target(tmp_path: Path) -> None:
    text = "from keras.models import Sequential\nm = Sequential()\nm.fit_generator(g, workers=2)\n"
    new = migrate(tmp_path, {"a.py": text})["a.py"]
    old = migrate(tmp_path, {"a.py": text}, target="tensorflow==2.15.*")["a.py"]
    assert new.endswith("m.fit(g)\n")
    assert old.endswith("m.fit(g, workers=2)\n")


def test_the_record_keeps_a_second_run_consistent(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "from keras.layers import Dense, merge\nDense(output_dim=3)\nmerge([1, 2], mode='sum')\n"})
    run = migrate_paths([tmp_path], Settings(jobs=1), tmp_path)
    assert run.origin.keras == "1.2.2"
    write_run(run)
    data = json.loads((tmp_path / "tfkdoctor.lock.json").read_text("utf-8"))
    assert data["origins"] == [{"keras": "1.2.2", "tensorflow": "1.15.5", "files": ["a.py"]}]
    again = migrate_paths([tmp_path], Settings(jobs=1), tmp_path)
    assert (again.origin.keras, [f.text for f in again.files]) == ("1.2.2", [None])


def test_a_broken_record_is_a_finding_and_ignored(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import keras\n", "tfkdoctor.lock.json": "{"})
    assert isinstance(record.read(tmp_path), Finding)
    run = migrate_paths([tmp_path], Settings(jobs=1), tmp_path)
    assert [f.text for f in run.files] == ["from tensorflow import keras\n"]
    assert "TFK033" in {f.code for f in run.findings}


def test_a_pool_gives_the_same_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"m{i}.py": f"from keras.layers.core import Dense\nx = Dense({i}, init='uniform')\n" for i in range(12)}
    write(tmp_path, files)
    alone = migrate_paths([tmp_path], Settings(jobs=1), tmp_path)
    monkeypatch.setattr("tfkdoctor.run._FEW", 2)
    pooled = migrate_paths([tmp_path], Settings(jobs=2), tmp_path)
    assert [f.text for f in pooled.files] == [f.text for f in alone.files]
    assert pooled.all_findings() == alone.all_findings()


def test_a_silent_use_in_another_file_holds_the_import(tmp_path: Path) -> None:
    files = {
        "compat.py": "from keras.layers import Conv2D, Dense\n",
        "net.py": "from compat import Conv2D, Dense\ndef f(n, k, s):\n    return Conv2D(n, k, s), Dense(n)\n",
    }
    after = migrate(tmp_path, files)
    assert after["compat.py"] == "from tensorflow.keras.layers import Dense\nfrom keras.layers import Conv2D\n"
    assert after["net.py"] == files["net.py"]


WRAPPED = """\
from keras.layers import Conv2D
def conv(*args, **kwargs):
    return Conv2D(*args, padding='same', **kwargs)
def block(*args):
    return conv(*args)
"""


def test_what_comes_through_a_wrapper_is_seen_in_its_calls(tmp_path: Path) -> None:
    moved = WRAPPED.replace("from keras", "from tensorflow.keras")
    write(
        tmp_path, {"net.py": WRAPPED, "main.py": "from net import block, conv\nblock(8, 3)\nconv(8, kernel_size=3)\n"}
    )
    run = migrate_paths([tmp_path], Settings(jobs=1), tmp_path)
    result = next(f for f in run.files if f.path == "net.py")
    assert (result.text, {f.code for f in result.findings}) == (moved, {"TFK101"})


def test_what_comes_through_a_wrapper_and_cannot_be_seen_is_reported(tmp_path: Path) -> None:
    write(tmp_path, {"net.py": WRAPPED, "main.py": "from net import block\nblock(8, 3, 3)\n"})
    run = migrate_paths([tmp_path], Settings(jobs=1), tmp_path)
    assert "TFK302" in {f.code for f in run.all_findings()}


PROGRAM = {
    "p/__init__.py": "from keras.layers import Conv2D\nfrom keras.optimizers import SGD\n",
    "p/star.py": "from keras.layers import *\n",
    "p/net.py": "from . import Conv2D, SGD\none = Conv2D(8, 3, 3)\ntwo = SGD(clipnorm=1.0)\n",
    "main.py": "from p.star import *\nfrom p import SGD\nthree = Conv2D(8, 3, 3)\nfour = SGD(clipnorm=1.0)\n",
}
OLD_CALLS = dict.fromkeys(("one", "three"), "Conv2D(8, 3, 3)") | dict.fromkeys(("two", "four"), "SGD(clipnorm=1.0)")


def silently_wrong(texts: dict[str, str]) -> list[str]:
    """Calls whose form does not belong to the Keras that their import, in whichever file, brings."""
    moved = {
        "one": "from tensorflow.keras.layers import Conv2D" in texts["p/__init__.py"],
        "two": "from tensorflow.keras.optimizers import SGD" in texts["p/__init__.py"],
        "three": "tensorflow" in texts["p/star.py"],
        "four": "from tensorflow.keras.optimizers import SGD" in texts["p/__init__.py"],
    }
    calls = [line.split(" = ") for text in texts.values() for line in text.splitlines() if " = " in line]
    return [f"{name} = {call}" for name, call in calls if moved[name] == (call == OLD_CALLS[name])]


@pytest.mark.parametrize("seed", range(20))
def test_any_fixes_left_out_take_their_dependants_along_over_files(seed: int, tmp_path: Path) -> None:
    write(tmp_path, PROGRAM)
    settings = Settings(jobs=1, source=("keras==2.2.5",))
    whole = migrate_paths([tmp_path], settings, tmp_path)
    ids = sorted(fix.id for file in whole.files for fix in file.fixes)
    assert len(ids) >= 7
    out = frozenset(random.Random(seed).sample(ids, 1 + seed % 3))
    run = migrate_paths([tmp_path], settings, tmp_path, out)
    texts = PROGRAM | {file.path: file.text for file in run.files if file.text is not None}
    assert silently_wrong(texts) == []


@pytest.mark.parametrize("path", sorted(PROGRAM))
def test_a_run_on_one_file_decides_as_one_on_all(path: str, tmp_path: Path) -> None:
    write(tmp_path, PROGRAM)
    run = migrate_paths([tmp_path / path], Settings(jobs=1, source=("keras==2.2.5",)), tmp_path)
    texts = PROGRAM | {file.path: file.text for file in run.files if file.text is not None}
    assert silently_wrong(texts) == []


def test_what_is_no_python_file_is_told_and_gets_no_tick(tmp_path: Path) -> None:
    write(tmp_path, {"a.ipynb": "{}", "b.cfg": "keras", "c": "#!/usr/bin/env python3\nimport keras\n"})
    run = migrate_paths([tmp_path / name for name in ("a.ipynb", "b.cfg", "c")], Settings(jobs=1), tmp_path)
    assert [(f.path, f.code) for f in run.findings if f.code != "TFK010"] == [
        ("a.ipynb", "TFK005"),
        ("b.cfg", "TFK005"),
    ]
    assert [(f.path, f.text) for f in run.files] == [("c", "#!/usr/bin/env python3\nfrom tensorflow import keras\n")]
