"""The laws of the design: all or nothing per binding, no byte outside edits, a second run changes nothing."""

from __future__ import annotations

import io
import random
import tokenize
from pathlib import Path

import libcst as cst
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from libcst.metadata import MetadataWrapper, PositionProvider, QualifiedNameProvider

from tfkdoctor import knowledge
from tfkdoctor.migrate import engine, link, origin
from tfkdoctor.migrate.summary import summarize
from tfkdoctor.migrate.survey import survey_module
from tfkdoctor.model import FileResult, Finding, Origin, Outcome, Settings, Target
from tfkdoctor.run import migrate_paths
from tfkdoctor.text import apply_edits, decode, encode

# Lines marked `# silent` run on the target whether or not they are rewritten, and give other numbers if they are not.
TRAPS = """\
import keras
import keras.backend as K
from keras.layers import Conv2D, Dense, GRU, LSTM, SeparableConv2D
from keras.layers.core import Dropout
from keras.models import Sequential, Model
from keras.optimizers import Adadelta, SGD
from keras.regularizers import l1_l2

one = Conv2D(8, 3, 3)  # silent
two = keras.layers.Conv2D(8, 5, 5, name="two")  # silent
three = SeparableConv2D(8, 3, 3)  # silent
four = GRU(3)  # silent
five = LSTM(3, name="five")  # silent
six = Adadelta()  # silent
seven = SGD(clipnorm=1.0)  # silent
eight = l1_l2()  # silent
nine = keras.optimizers.Adagrad()  # silent
model = Sequential([Dense(3), Dropout(0.5), one])
model.compile(SGD(lr=0.1), "mse")
model.fit_generator(batches, 3)
rate = K.mean(K.ones((2, 2)))
"""


def migrate(text: str, excluded: frozenset[str] = frozenset(), content: bytes | None = None) -> FileResult:
    """Migrate one module that is a whole project, without the disk."""
    source = decode("m.py", content if content is not None else text.encode())
    assert not isinstance(source, Finding)
    survey = survey_module(source, "m", "")
    assert not isinstance(survey, Finding)
    summary = summarize(survey)
    facts = link.link({"m.py": summary}, ["m.py"], origin.Declared(keras="2.2.5"), link.NameKinds())
    known = knowledge.load(Target("tensorflow>=2.21").spec, Origin(keras="2.2.5"))
    return engine.migrate(source, facts, Settings(), known, excluded)


def closed(text: str, excluded: frozenset[str]) -> FileResult:
    """Without these fixes, and without all that falls with them."""
    for _ in range(20):
        result = migrate(text, excluded)
        standing = {fix.id for fix in result.fixes}
        falling = {fix.id for fix in result.fixes if not fix.requires <= standing}
        if not falling:
            return result
        excluded |= falling
    raise AssertionError("the set of the fallen does not come to rest")


def silently_wrong(before: str, after: str) -> list[str]:
    """Marked lines whose call and import do not belong together, judged by LibCST alone."""
    wrapper = MetadataWrapper(cst.parse_module(after))
    names = wrapper.resolve(QualifiedNameProvider)
    positions = wrapper.resolve(PositionProvider)
    old_lines = {line.split(" = ")[0]: line for line in before.splitlines() if line.endswith("# silent")}
    new_lines = after.splitlines()
    wrong = []
    for node, found in names.items():
        if not isinstance(node, cst.Call):
            continue
        line = new_lines[positions[node].start.line - 1]
        label = line.split(" = ")[0]
        if label not in old_lines or line.index("(") != positions[node].start.column + len(
            cst.Module([]).code_for_node(node.func)
        ):
            continue
        name = next(iter(found() if callable(found) else found)).name
        if name.startswith("tensorflow.") == (line == old_lines[label]):
            wrong.append(f"{name}: {line}")
    return wrong


def test_the_oracle_sees_what_is_wrong() -> None:
    moved = TRAPS.replace("from keras.layers import", "from tensorflow.keras.layers import")
    assert len(silently_wrong(TRAPS, moved)) == 4
    assert silently_wrong(TRAPS, TRAPS) == []


def test_the_whole_migration_is_right() -> None:
    result = migrate(TRAPS)
    assert result.text is not None and result.text.count("# silent") == 9
    assert silently_wrong(TRAPS, result.text) == []
    assert "import keras\n" not in result.text.replace("from tensorflow import keras\n", "")


@pytest.mark.parametrize("number", range(len(migrate(TRAPS).fixes)))
def test_any_fix_left_out_takes_its_dependants_along(number: int) -> None:
    whole = migrate(TRAPS)
    out = whole.fixes[number].id
    result = closed(TRAPS, frozenset([out]))
    assert out not in {fix.id for fix in result.fixes}
    assert silently_wrong(TRAPS, result.text or TRAPS) == []


@pytest.mark.parametrize("seed", range(25))
def test_any_fixes_left_out_take_their_dependants_along(seed: int) -> None:
    chance = random.Random(seed)
    out = frozenset(fix.id for fix in migrate(TRAPS).fixes if chance.random() < 0.3)
    assert silently_wrong(TRAPS, closed(TRAPS, out).text or TRAPS) == []


@pytest.mark.parametrize("code", ["TFK302", "TFK501", "TFK306", "TFK301"])
def test_an_ignored_code_is_never_silently_wrong(code: str, tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(TRAPS, "utf-8")
    chosen = Settings(jobs=1, source=("keras==2.2.5",), ignore=(code,))
    result = migrate_paths([tmp_path], chosen, tmp_path).files[0]
    assert silently_wrong(TRAPS, result.text or TRAPS) == []
    assert code not in {f.code for f in result.findings}


def test_an_ignore_comment_holds_the_import(tmp_path: Path) -> None:
    text = "from keras.layers import Conv2D, Dense\nx = Conv2D(8, 3, 3)  # tfk: ignore[TFK302] wanted\ny = Dense(3)\n"
    (tmp_path / "m.py").write_text(text, "utf-8")
    result = migrate_paths([tmp_path], Settings(jobs=1, source=("keras==2.2.5",)), tmp_path).files[0]
    assert result.text == (
        "from tensorflow.keras.layers import Dense\nfrom keras.layers import Conv2D\n"
        "x = Conv2D(8, 3, 3)  # tfk: ignore[TFK302] wanted\ny = Dense(3)\n"
    )


STATEMENTS = (
    "import keras",
    "import keras as k",
    "import os, keras.backend as K",
    "from keras.layers import Dense, Conv2D  # layers",
    "from keras.layers.core import (Dense,\n    Dropout,  # why\n    Activation)",
    "from keras.utils import np_utils as u",
    "from keras import layers, objectives as o",
    "from keras.legacy import layers as gone",
    "model = keras.models.Sequential()",
    "model.add(Conv2D(8, 3, 3, # kernel\n    activation='relu'))",
    "x = keras.layers.core.Dense(output_dim=3 ,init = 'uniform')",
    "opt = keras.optimizers.Adam( lr=0.1,)",
    "model.fit_generator(gen(keras.backend.ones((2,))), 10,\n    epochs=3,\n    workers=2,\n)",
    "def f(a, keras=None):\n    from keras.layers import LSTM; return LSTM(3)",
    "s = 'import keras'  # import keras",
    "y = u.to_categorical(y, 3); z = 1",
    "if True: import keras.layers as L",
    "try:\n    from keras.layers import merge\nexcept ImportError:\n    merge = None",
    "print(f'{keras.__name__} {1+1}')",
    "loss = keras.losses.mean_squared_error",
    "ünïcode = keras.layers.Dense(3, name='ü')",
    "\f",
    "",
)


@given(
    st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=9),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "latin-1", "bom"]),
    st.booleans(),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_untouched_bytes_and_idempotence(pieces: list[str], newline: str, encoding: str, ends: bool) -> None:
    assume(newline != "\r" or encoding != "latin-1")  # a coding line that ends so is none to Python
    text = "\n".join(pieces) + ("\n" if ends else "")
    if encoding == "latin-1":
        text = "# -*- coding: latin-1 -*-\n" + text
    text = text.replace("\n", newline)
    content = (
        text.encode("latin-1")
        if encoding == "latin-1"
        else (b"\xef\xbb\xbf" if encoding == "bom" else b"") + text.encode()
    )
    result = migrate(text, content=content)
    assert result.outcome is not Outcome.REFUSED
    new = result.text if result.text is not None else text
    source = decode("m.py", content)
    assert not isinstance(source, Finding) and source.text == text
    edits = [edit for fix in result.fixes for edit in fix.edits]
    assert apply_edits(text, edits) == new, "the new text is the old one with its edits, and nothing else"
    assert comments(new) == comments(text), "no comment is lost"
    assert not line_ends(text) or set(line_ends(new)) <= {newline}
    again = migrate(new, content=encode(new, source))
    assert again.text is None, "a second run changes nothing"
    compile(new.replace("\r\n", "\n").replace("\r", "\n"), "m.py", "exec", dont_inherit=True)


def comments(text: str) -> list[str]:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return sorted(t.string for t in tokenize.generate_tokens(io.StringIO(plain).readline) if t.type == tokenize.COMMENT)


def line_ends(text: str) -> list[str]:
    import re

    return re.findall(r"\r\n|\r|\n", text)


@pytest.mark.parametrize(
    "text",
    [
        "from tensorflow import keras\nx = keras.layers.Conv2D(8, 3, 3)\n",
        "import tensorflow as tf\nx = tf.keras.layers.Dense(3, input_dim=4)\n",
        "import keras\nfrom keras import ops\nx = ops.mean(keras.random.normal((2,)))\n",
        "class A:\n    keras = 1\nprint(A.keras, 'import keras')\n",
        '"""import keras\nfrom keras.layers import Dense\n"""\nkeras = {}\nkeras["layers"] = 1\n',
        "from mylib import keras\nmodel = keras.layers.Dense(3)\nmodel.fit(1, nb=2)\n",
        "def fit(keras, lr):\n    return keras.optimizers.Adam(lr=lr)\n",
    ],
)
def test_what_only_looks_legacy_stays(text: str, tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(text, "utf-8")
    result = migrate_paths([tmp_path], Settings(jobs=1), tmp_path).files[0]
    assert (result.text, result.findings) == (None, ())


def test_somebodys_own_keras_stays(tmp_path: Path) -> None:
    (tmp_path / "keras.py").write_text("class Dense:\n    pass\n", "utf-8")
    (tmp_path / "main.py").write_text("import keras\nfrom keras import Dense\nx = keras.Dense()\n", "utf-8")
    run = migrate_paths([tmp_path], Settings(jobs=1), tmp_path)
    assert [f.text for f in run.files] == [None, None]
    assert run.all_findings() == ()
