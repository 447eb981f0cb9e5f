"""The accounting script against small trees with known counts, and against migrations that are wrong on purpose."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

TOOLS = Path(__file__).resolve().parent.parent / "tools"
sys.path.insert(0, str(TOOLS))

from account import Account, account, harm, read_report, run  # noqa: E402
from account_api import load, read_signature  # noqa: E402
from account_compare import Report  # noqa: E402
from account_index import Entry, Index, Parameter, Signature  # noqa: E402


def takes(*names: str, required: int = 1, swallows: bool = False) -> Entry:
    """A callable with these parameters, the first `required` of them without a default."""
    parameters = tuple(Parameter(name, "standard", place < required) for place, name in enumerate(names))
    return Entry("function", Signature(parameters, swallows=swallows))


MODULE = Entry("module")
DENSE = takes("units", "activation", "use_bias")
CONV = takes("filters", "kernel_size", "strides", "padding", required=2)
INDEX = Index(
    target={
        "tensorflow": MODULE,
        "tensorflow.abs": takes("x"),
        "tensorflow.math": MODULE,
        "tensorflow.math.log": takes("x", "name"),
        "tensorflow.nn": MODULE,
        "tensorflow.nn.dropout": takes("x", "rate", "noise_shape", "seed", "name", required=2),
        "tensorflow.keras": MODULE,
        "tensorflow.keras.Model": Entry("class"),
        "tensorflow.keras.layers": MODULE,
        "tensorflow.keras.layers.Dense": DENSE,
        "tensorflow.keras.layers.Conv2D": CONV,
        "tensorflow.keras.models": MODULE,
        "tensorflow.keras.models.Model": Entry("class"),
    },
    keras3={
        "keras": MODULE,
        "keras.layers": MODULE,
        "keras.layers.Dense": DENSE,
        "keras.ops": MODULE,
        "keras.ops.abs": takes("x"),
    },
    keras_origins=(
        {
            "keras": MODULE,
            "keras.layers": MODULE,
            "keras.layers.Dense": Entry("class", DENSE.signature, "keras.layers.core:Dense"),
            "keras.layers.Conv2D": CONV,
            "keras.layers.core": MODULE,
            "keras.layers.core.Dense": Entry("class", DENSE.signature, "keras.layers.core:Dense"),
            "keras.legacy": MODULE,
        },
    ),
    tf_origin={
        "tensorflow": MODULE,
        "tensorflow.nn": MODULE,
        "tensorflow.nn.dropout": takes("x", "keep_prob", "noise_shape", "seed", "name", "rate"),
    },
    stars={"keras.layers": frozenset({"Dense", "Conv2D"}), "tensorflow.keras.layers": frozenset({"Dense", "Conv2D"})},
    legacy_methods=frozenset({"fit_generator"}),
    legacy_keywords={"fit": frozenset({"nb_epoch"})},
)
SILENT = Report({})


def tree(files: Mapping[str, str]) -> dict[str, bytes]:
    return {path: dedent(text).encode() for path, text in files.items()}


def judge(before: str, after: str, report: Report = SILENT) -> Account:
    """The account of a tree with the one file m.py."""
    return account("t", tree({"m.py": before}), tree({"m.py": after}), report, INDEX)


def sums(result: Account) -> dict[str, int]:
    counts = dict(
        zip(("references", "rewritten", "reported", "by_import", "unaccounted"), result.row()[2:7], strict=True)
    )
    return {name: int(count) for name, count in counts.items() if count != "0"}


def listed(result: Account) -> list[str]:
    return [str(line) for line in result.unaccounted]


BEFORE = """
    from keras.layers import Dense
    import keras.layers as L

    x = Dense(3)
    y = L.core.Dense(3)
"""
AFTER = """
    from tensorflow.keras.layers import Dense
    import tensorflow.keras.layers as L

    x = Dense(3)
    y = L.Dense(3)
"""


def test_a_right_migration_leaves_nothing() -> None:
    result = judge(BEFORE, AFTER)
    assert sums(result) == {"references": 4, "rewritten": 4}
    assert result.faults == ()


def test_a_migration_that_does_nothing_leaves_everything() -> None:
    assert listed(judge(BEFORE, BEFORE)) == [
        "m.py:2: import keras.layers.Dense: standalone Keras",
        "m.py:3: import keras.layers: standalone Keras",
        "m.py:5: name keras.layers.Dense: standalone Keras",
        "m.py:6: name keras.layers.core.Dense: standalone Keras",
    ]


def test_a_finding_accounts_for_its_own_line_and_one_at_an_import_for_the_uses_of_that_name() -> None:
    report = Report({"m.py": frozenset({(2, "keras.layers.Dense"), (3, ""), (6, "")})})
    assert sums(judge(BEFORE, BEFORE, report)) == {"references": 4, "reported": 3, "by_import": 1}


def test_a_finding_about_another_name_of_the_same_import_does_not_count() -> None:
    before = "from keras.layers import Dense, Conv2D\nx = Dense(3)\n"
    report = Report({"m.py": frozenset({(1, "keras.layers.Conv2D")})})
    assert listed(judge(before, before, report)) == ["m.py:2: name keras.layers.Dense: standalone Keras"]


def test_a_forgotten_use_is_seen() -> None:
    after = AFTER.replace("L.Dense", "L.core.Dense")
    assert listed(judge(BEFORE, after)) == ["m.py:6: name keras.layers.core.Dense: standalone Keras"]


def test_a_use_that_was_dead_and_stays_dead_needs_its_finding() -> None:
    before = "from keras.utils import layer_utils\nlayer_utils.convert(m)\n"
    after = "from tensorflow.keras import layers as layer_utils\nlayer_utils.convert(m)\n"
    assert listed(judge(before, after)) == ["m.py:2: name keras.utils.layer_utils.convert: standalone Keras"]
    report = Report({"m.py": frozenset({(2, "")})})
    assert sums(judge(before, after, report)) == {"references": 2, "rewritten": 1, "reported": 1}


def test_a_rewrite_that_breaks_a_call_is_seen() -> None:
    after = AFTER.replace("x = Dense(3)", "x = Dense(output_dim=3)")
    assert listed(judge(BEFORE, after)) == ["m.py:5: call Dense: introduced: no argument `output_dim`"]


def test_a_module_is_not_called() -> None:
    before = "from keras.layers import merge\nmerge([a, b])\n"
    after = "from tensorflow.keras import layers as merge\nmerge([a, b])\n"
    assert listed(judge(before, after)) == ["m.py:2: call layers: introduced: a module is called"]


def test_a_deleted_use_is_no_rewrite() -> None:
    after = AFTER.replace("    y = L.Dense(3)\n", "    # y = L.core.Dense(3)\n")
    assert listed(judge(BEFORE, after)) == ["m.py:6: name keras.layers.core.Dense: vanished without a successor"]


def test_a_use_that_moved_to_the_support_module_is_a_rewrite() -> None:
    before = "import tensorflow as tf\nx = tf.log(3)\n"
    after = "import tensorflow as tf\nimport tf_legacy\nx = tf_legacy.log(3)\n"
    assert sums(judge(before, after)) == {"references": 1, "rewritten": 1}


def test_positional_kernels_are_seen_when_only_the_import_moves() -> None:
    before = "from keras.layers import Conv2D\nx = Conv2D(32, 3, 3)\n"
    after = before.replace("keras", "tensorflow.keras")
    assert listed(judge(before, after)) == ["m.py:2: call Conv2D: rows and columns of the kernel by position"]
    assert sums(judge(before, after.replace("3, 3", "(3, 3)"))) == {"references": 3, "rewritten": 3}


def test_a_call_that_is_only_half_repaired_is_seen() -> None:
    before = "from keras.layers import Conv2D\nx = Conv2D(32, 3, 3, border_mode='same')\n"
    after = "from tensorflow.keras.layers import Conv2D\nx = Conv2D(32, 3, 3, padding='same')\n"
    assert listed(judge(before, after)) == ["m.py:2: call Conv2D: rows and columns of the kernel by position"]
    assert sums(judge(before, after.replace("3, 3", "(3, 3)"))) == {"references": 4, "rewritten": 4}


def test_a_tuple_kernel_with_a_stride_is_no_legacy_call() -> None:
    assert sums(judge("from keras.layers import Conv2D\nx = Conv2D(32, (3, 3), 2)\n", "")) == {
        "references": 2,
        "rewritten": 1,
        "unaccounted": 1,
    }


def test_an_argument_that_changed_its_meaning_in_place_is_seen() -> None:
    before = "import tensorflow as tf\nx = tf.nn.dropout(tf.log(y), 0.8)\n"
    after = "import tensorflow as tf\nx = tf.nn.dropout(tf.math.log(y), 0.8)\n"
    assert (
        listed(judge(before, before))[0] == "m.py:2: call dropout: `keep_prob` by position means `rate` in the target"
    )
    assert sums(judge(before, after.replace("0.8", "rate=1 - 0.8"))) == {"references": 2, "rewritten": 2}


def test_a_call_that_does_not_fit() -> None:
    before = "import tensorflow as tf\nx = tf.keras.layers.Dense(output_dim=3)\ny = tf.abs()\nz = tf.abs(1, 2)\n"
    assert listed(judge(before, before)) == [
        "m.py:2: call Dense: no argument `output_dim`",
        "m.py:3: call abs: argument `x` missing",
        "m.py:4: call abs: takes 1 positional arguments",
    ]
    assert sums(judge(before.replace("tf.", "tf.keras.x."), "")) != {}


def test_stars_are_taken_to_fit() -> None:
    code = "import tensorflow as tf\nx = tf.abs(*a)\ny = tf.nn.dropout(x, **k)\n"
    assert sums(judge(code, code)) == {}


def test_methods_of_unknown_receivers() -> None:
    before = "model.fit_generator(g)\nmodel.fit(x, nb_epoch=3)\n"
    assert listed(judge(before, before)) == [
        "m.py:1: method fit_generator: no class of the target has this method",
        "m.py:2: method fit(nb_epoch=): no such argument in the target",
    ]
    assert sums(judge(before, "model.fit(g)\nmodel.fit(x, epochs=3)\n")) == {"references": 2, "rewritten": 2}


def test_a_method_that_the_tree_defines_itself_is_not_judged() -> None:
    code = "class A:\n    def fit_generator(self, g): ...\n\nA().fit_generator(g)\n"
    assert sums(judge(code, code)) == {}


@pytest.mark.parametrize(
    "code",
    [
        "from tensorflow import keras\nx = keras.layers.Dense(3, activation=None)\n",
        "import tensorflow as tf\nprint(tf.__version__, tf.math.log(2))\n",
        "import keras\nx = keras.ops.abs(keras.layers.Dense(3))\n",
        "keras = {}\nkeras.layers = 3\nprint(keras.layers, 'import keras')\n",
        "def f(tf):\n    return tf.Session()\n",
        "from .keras import layers\nlayers.x()\n",
        "from tensorflow.keras.layers import *\nDense(3)\nother(3)\n",
    ],
)
def test_modern_code_and_code_that_only_looks_legacy_has_no_references(code: str) -> None:
    assert sums(judge(code, code)) == {}


def test_a_project_with_its_own_keras_module_is_left_alone() -> None:
    files = tree({"keras.py": "x = 1\n", "m.py": "import keras\nkeras.layers\n"})
    assert sums(account("t", files, files, SILENT, INDEX)) == {}


def test_names_are_followed_through_the_modules_of_the_project() -> None:
    before = tree(
        {
            "p/__init__.py": "",
            "p/backend.py": "import keras\nL = keras.layers\n",
            "p/m.py": "from .backend import keras, L\nx = keras.layers.Dense(3)\ny = L.Nothing(3)\n",
            "run.py": "from p.backend import *\nz = p.backend.L.Dense(3)\nimport p.backend\n",
        }
    )
    assert [str(u) for u in account("t", before, before, SILENT, INDEX).unaccounted] == [
        "p/backend.py:1: import keras: standalone Keras",
        "p/backend.py:2: name keras.layers: standalone Keras",
        "p/m.py:1: import keras: standalone Keras",
        "p/m.py:1: import keras.layers: standalone Keras",
        "p/m.py:2: name keras.layers.Dense: standalone Keras",
        "p/m.py:3: name keras.layers.Nothing: standalone Keras",
        "run.py:2: name keras.layers.Dense: standalone Keras",
    ]
    after = before | {"p/backend.py": b"from tensorflow import keras\nL = keras.layers\n"}
    assert [str(u) for u in account("t", before, after, SILENT, INDEX).unaccounted] == [
        "p/m.py:3: name keras.layers.Nothing: standalone Keras"
    ]


def test_star_imports_bind_what_their_module_says() -> None:
    before = "from keras.layers import *\nx = Dense(3)\ny = Other(3)\n"
    after = before.replace("keras", "tensorflow.keras")
    assert sums(judge(before, before)) == {"references": 2, "unaccounted": 2}
    assert sums(judge(before, after)) == {"references": 2, "rewritten": 2}


def test_an_alias_of_a_dotted_name_is_followed() -> None:
    code = "import tensorflow as tf\nslim = tf.contrib.slim\nx = slim.conv2d(y)\n"
    assert listed(judge(code, code)) == [
        "m.py:2: name tensorflow.contrib.slim: the target has no tensorflow.contrib",
        "m.py:3: name tensorflow.contrib.slim.conv2d: the target has no tensorflow.contrib",
    ]


def test_a_file_that_does_not_parse_needs_a_finding() -> None:
    files = tree({"m.py": "import keras\nprint 'x'\n"})
    assert account("t", files, files, SILENT, INDEX).faults == ("m.py: cannot be parsed, and no finding says so",)
    result = account("t", files, files, Report({"m.py": frozenset({(2, "")})}), INDEX)
    assert (result.faults, result.unread) == ((), 1)


def test_harm_is_seen() -> None:
    before = tree({"a.py": "x = 1  # one\n", "b.py": "y = 2\n", "c.py": "z = 3\n"})
    after = tree({"a.py": "x = 1\n", "b.py": "y = (2\n", "c.py": "z = 3\n"})
    assert harm(before, after, tree({"a.py": "x = 2\n", "b.py": "y = (2\n", "c.py": "z = 3\n"})) == [
        "a.py: lost # one",
        "b.py: does not parse any more",
        "a.py: a second run changes it",
    ]


def test_hints_and_mended_findings_account_for_nothing() -> None:
    finding = {"path": "m.py", "line": 3, "name": "keras.x", "severity": "error", "mended": False}
    others = [finding | {"severity": "hint"}, finding | {"mended": True}, finding | {"path": None}]
    assert read_report(json.dumps({"findings": others})) == Report({})
    assert read_report(json.dumps({"findings": [finding, finding | {"path": "n.py", "line": None}]})) == Report(
        {"m.py": frozenset({(3, "keras.x")})}, frozenset({"n.py"})
    )


API = {
    "tensorflow.txt": """
        # The public API of `tensorflow`.
        versions|1.15|2.16|2.21
        tensorflow|*|m
        tensorflow.Session|1.15|c|t:|(target='')
        tensorflow.compat|2.16..2.21|m
        tensorflow.compat.log|2.16..2.21|=-|tensorflow.math.log
        tensorflow.math|*|m
        tensorflow.math.log|*|f|t:log|(x, name=None)
        tensorflow.other|1.15,2.21|m|tensorflow.math
    """,
    "tensorflow.keras.txt": """
        versions|2.15.0|3.15.1
        tensorflow.keras|*|m
        tensorflow.keras.Model|*|c|k:
        tensorflow.keras.Model.fit|*|d||(x=None, epochs=1)
        tensorflow.keras.layers|*|m
        tensorflow.keras.layers.Dense|3.15.1|c|k:|(units, *, dtype=None, **kwargs) +name,trainable -weights
    """,
    "keras.txt": """
        versions|1.2.2|2.2.5|3.15.1
        keras|*|m
        keras.Model|1.2.2..2.2.5|c|k:
        keras.Model.fit|1.2.2|d||(x, nb_epoch=10, **kwargs) +show_accuracy
        keras.Model.fit|2.2.5|d||(x=None, epochs=1)
        keras.Model.fit_generator|1.2.2..2.2.5|d||(generator)
        keras.Model.predict_proba|1.2.2..2.2.5|d||(x)
        keras.layers|*|m
        keras.layers.Dense|1.2.2|c|keras.layers.core:|(output_dim)
        keras.layers.Dense|2.2.5|c|keras.layers.core:|(units)
        keras.layers._Merge|2.2.5|c-|keras.layers.merge:
        keras.layers.core|1.2.2..2.2.5|m
        keras.layers.core.Dense|1.2.2..2.2.5|=|keras.layers.Dense
        keras.ops|3.15.1|m
    """,
}


@pytest.fixture
def api(tmp_path: Path) -> Path:
    for name, text in API.items():
        (tmp_path / name).write_text(dedent(text).lstrip().replace("|", "\t"), encoding="utf-8")
    return tmp_path


def test_the_index_is_read(api: Path) -> None:
    index = load(api)
    dense = index.signature("tensorflow.keras.layers.Dense")
    assert dense is not None
    assert [(p.name, p.kind, p.required) for p in dense.parameters] == [
        ("units", "standard", True),
        ("dtype", "keyword", False),
    ]
    assert [k for k in ("units", "dtype", "name", "weights", "init") if dense.accepts(k)] == [
        *("units", "dtype", "name", "weights"),
    ]
    assert index.why_legacy("tensorflow.Session.run", False) == "the target has no tensorflow.Session"
    assert index.why_legacy("tensorflow.other.log", False) == ""
    assert index.why_legacy("tensorflow.compat.log", False) == ""
    assert index.signature("tensorflow.compat.log") == index.signature("tensorflow.math.log") != None  # noqa: E711
    assert index.home("keras.layers.core.Dense") == "tensorflow.keras.layers.Dense"
    assert index.home("keras.layers.core.Dropout") == ""
    assert index.star("keras.layers") == {"Dense", "core"}
    assert index.legacy_methods == {"fit_generator"}
    assert index.legacy_keywords == {"fit": {"nb_epoch", "show_accuracy"}}
    assert "keras.ops" in index.only_keras3
    assert "keras.layers.core" in index.never_keras3


def test_opaque_and_swallowing_signatures_take_every_keyword() -> None:
    for text in ("(x, **kwargs) opaque", "(x, **kwargs) +a swallows", "(x, **kwargs) -a opaque"):
        signature = read_signature(text)
        assert signature is not None
        assert signature.accepts("anything")
    plain = read_signature("(a, b=(1, 2), /, c='x)', *d, e)")
    assert plain is not None
    assert [(p.name, p.kind, p.required) for p in plain.parameters] == [
        ("a", "positional", True),
        ("b", "positional", False),
        ("c", "standard", False),
        ("d", "varargs", False),
        ("e", "keyword", True),
    ]


TOOL = """
import json, pathlib, sys
assert sys.argv[1:] == ["migrate", ".", "--write", "--format", "json"]
path = pathlib.Path("m.py")
path.write_text(path.read_text().replace(*{words!r}))
print(json.dumps({{"findings": []}}))
"""


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("from keras", "from tensorflow.keras"), 0, ""),
        (("x", "x"), 1, "t/m.py:1: import keras.layers.Dense: standalone Keras"),
        (("from keras", "from tensorflow.keras  # "), 1, "t/m.py: does not parse any more"),
        (("from", "# from\nfrom"), 1, "t/m.py: a second run changes it"),
    ],
)
def test_one_command_migrates_a_copy_and_accounts(tmp_path: Path, words: object, status: int, says: str) -> None:
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "m.py").write_text("from keras.layers import Dense\nDense(3)\n", encoding="utf-8")
    (tmp_path / "tool.py").write_text(TOOL.format(words=words), encoding="utf-8")
    tool = shlex.join([sys.executable, str(tmp_path / "tool.py")])
    done = subprocess.run(
        [sys.executable, str(TOOLS / "account.py"), str(tmp_path / "t"), "--list", "--tool", tool],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (status, "")
    assert done.stdout.split()[:2] == ["tree", "files"]
    assert says in done.stdout
    assert (tmp_path / "t" / "m.py").read_text(encoding="utf-8") == "from keras.layers import Dense\nDense(3)\n"


def test_a_tool_that_crashes_is_no_account(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("import keras\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match="exit 2"):
        run([sys.executable, "-c", "raise SystemExit(2)"], tmp_path)


def test_a_use_through_another_module_is_reported_where_that_binds_it() -> None:
    files = tree(
        {
            "ops.py": "import tensorflow as tf\nlog = tf.log\nS = tf.Session\n",
            "m.py": "from ops import *\nlog(3)\nS()\n",
        }
    )
    report = Report({"ops.py": frozenset({(2, "tensorflow.log"), (3, "")})})
    assert sums(account("t", files, files, report, INDEX)) == {"references": 4, "reported": 2, "by_import": 2}
    assert listed(account("t", files, files, Report({"ops.py": frozenset({(2, ""), (3, "tf.X")})}), INDEX)) == [
        "m.py:3: name tensorflow.Session: the target has no tensorflow.Session"
    ]


def test_the_benchmark_shows_ratios_and_says_what_failed(tmp_path: Path) -> None:
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "m.py").write_text("import keras\nx = 1\n", encoding="utf-8")
    (tmp_path / "bad").mkdir()
    upgrade = tmp_path / "tf_upgrade_v2"
    upgrade.write_text(f"#!{sys.executable}\nimport sys\nif 'bad' in ' '.join(sys.argv): raise SystemExit('no')\n")
    upgrade.chmod(0o755)
    done = subprocess.run(
        [
            sys.executable,
            str(TOOLS / "bench.py"),
            *map(str, (tmp_path / "good", tmp_path / "bad")),
            "--repeat",
            "1",
            "--upgrade",
            str(upgrade),
            "--tool",
            shlex.join([sys.executable, "-c", "pass"]),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    start, trees = (block.splitlines() for block in done.stdout.strip().split("\n\n"))
    assert [line.split("  ")[0] for line in start] == [
        *("start", "python -c pass", "tfkdoctor --help", "hook, 50 clean files", "hook, a modern tf.keras file"),
    ]
    assert trees[1].split()[:2] == ["good", "2"]
    assert float(trees[1].split()[-1]) > 0
    assert trees[2].split()[-3:] == ["failed", "-", "-"]
    assert done.stderr.strip().endswith("exit 1: no")
