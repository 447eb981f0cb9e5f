"""`tfkdoctor explain train.log`: lines that real TensorFlows printed (tests/data/logs), and what is made of them."""

from __future__ import annotations

import gzip
import io
import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tfkdoctor.cli import run
from tfkdoctor.logs import scan as scanning
from tfkdoctor.logs.messages import Weight, load, read_messages
from tfkdoctor.logs.scan import Scan, scan
from tfkdoctor.logs.translate import Told, Translation, translate
from tfkdoctor.report.listing import check_rows, rule_rows
from tfkdoctor.report.log import log_report
from tfkdoctor.report.style import Style
from tfkdoctor.report.text import Show
from tfkdoctor.rulebook import RuleError

LOGS = Path(__file__).parent / "data" / "logs"
RECORDED = sorted(path.stem for path in LOGS.glob("*.log"))


@cache
def recorded(name: str) -> bytes:
    return (LOGS / f"{name}.log").read_bytes()


def read(content: bytes | str) -> Scan:
    data = content.encode() if isinstance(content, str) else content
    return scan(io.BytesIO(data), load())


def explained(content: bytes | str, version: str = "") -> Translation:
    return translate(read(content), version)


def verdict(content: bytes | str, version: str = "") -> Told:
    found = explained(content, version).verdict
    assert found is not None
    return found


def test_every_message_is_proven_by_a_recorded_line_or_says_that_it_is_not() -> None:
    printed = {one.message.name for name in RECORDED for one in read(recorded(name)).ordered() if one.message}
    assert {message.name for message in load() if message.proven} == printed


def test_every_code_that_is_named_can_be_explained() -> None:
    known = {row.code for row in check_rows() + rule_rows()}
    named = {code for message in load() for meaning in message.meanings for code in meaning.codes}
    assert named - known == set()


# What each recorded program died of or lacked: the message, and the check or rule that is named first.
VERDICTS = {
    "tf221-gpu-no-driver": None,
    "tf221-gpu-no-cudart": ("cudart-stub", "GP003"),
    "tf221-gpu-cudart-only": ("gpu-libraries", "GP004"),
    "tf221-gpu-cudart-only-vlog": ("dso-missing", "GP004"),
    "tf221-gpu-no-device": ("cuinit-no-device", "GP019"),
    "tf221-gpu-mismatch": ("cuinit-mismatch", "GP014"),
    "tf221-gpu-unknown": ("cuinit-failed", "GP027"),
    "tf221-gpu-cc12": ("capability-ptx", "GP023"),
    "tf221-gpu-cc3": ("capability-ignored", "GP022"),
    "tf210-gpu": None,
    "tf214-gpu": ("cudart-stub", "GP003"),
    "tf221-xla-flags": ("xla-flags", "GP030"),
    "tf221-keras2": ("keras-2-with-new", "KE002"),
    "tf221-tf-keras-minor": ("keras-2-with-new", "KE002"),
    "tf221-legacy-switch": ("keras-cannot-be-imported", "KE005"),
    "tf221-backend-theano": ("keras-backend", "KE009"),
    "tf221-local-keras": ("keras-no-version", "PR001"),
    "tf221-local-tensorflow": ("circular", "PR001"),
    "tf221-local-random": ("local-file", "PR001"),
    "tf210-numpy2": ("numpy-abi", "DI009"),
    "tf214-numpy2": ("numpy-abi", "DI009"),
    "tf215-numpy2": ("numpy-abi", "DI009"),
    "tf115-protobuf4": ("protobuf-descriptors", "DI010"),
    "tf221-protobuf4": ("protobuf-gencode", "DI011"),
    "tf115-h5py3": ("h5py-decode", "DI015"),
    "tensorboard220": ("pkg-resources", "DI016"),
    "no-tensorflow": ("no-tensorflow", "DI030"),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_the_line_that_matters(name: str) -> None:
    expected = VERDICTS[name]
    found = explained(recorded(name)).verdict
    if expected is None:
        assert found is None or found.weight is Weight.WARNING
    else:
        assert found is not None
        assert (found.name, found.codes[0]) == expected


def test_a_machine_without_a_gpu_is_told_so_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", str(LOGS / "tf221-gpu-no-driver.log")]) == 0
    assert capsys.readouterr().out == (
        f"{LOGS / 'tf221-gpu-no-driver.log'}: 11 lines, TensorFlow 2.16 or newer (its messages)\n\n"
        "✓ nothing in it needs you: all that is known of it is harmless\n\n"
        "Harmless:\n\n"
        "– line 1 (2 times): Only says where early messages go.\n"
        "– line 2 (2 times): oneDNN's faster kernels are in use; sums differ from other machines' in the last digits.\n"
        "– line 3 (2 times): No CUDA runtime, and no driver either: a machine without a GPU, or a container that was"
        " not given one.\n"
        "– line 4: Only says which instructions the wheel was built with; nothing is wrong.\n"
        "– line 5: The second half of the note on CPU instructions; nobody needs to rebuild TensorFlow for it.\n"
        "– line 9: There is no NVIDIA driver here: libcuda.so.1 cannot be opened (303). TensorFlow prints it on every"
        " machine without a GPU, since 2.18 even as an error.\n"
    )


def test_legacy_code_is_told_what_migrate_makes_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "train.log"
    log.write_text(
        "Traceback (most recent call last):\n"
        '  File "train.py", line 7, in <module>\n    tf.set_random_seed(1)\n'
        "AttributeError: module 'tensorflow' has no attribute 'set_random_seed'\n",
        "utf-8",
    )
    assert run(["explain", str(log)]) == 1
    assert capsys.readouterr().out == (
        f"{log}: 4 lines\n\nWhat it died of: line 4, raised in train.py:7\n\n"
        "✗ AttributeError: module 'tensorflow' has no attribute 'set_random_seed'\n"
        "    means: tensorflow.set_random_seed does not exist in this version: the code was written for another"
        " TensorFlow or Keras.\n"
        "    migrate: TFK221 `tensorflow.set_random_seed` is `tensorflow.random.set_seed` today\n"
        "    do: tfkdoctor migrate PATH shows what becomes of it, --write does it\n"
        "    more: tfkdoctor explain TFK221\n"
    )


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("AttributeError: module 'tensorflow' has no attribute 'Session'", "TFK713"),
        ("AttributeError: module 'tensorflow._api.v2.train' has no attribute 'AdamOptimizer'", "TFK713"),
        ("ModuleNotFoundError: No module named 'keras.layers.core'", "TFK102"),
        ("AttributeError: module 'keras.api._v2.keras.utils' has no attribute 'np_utils'", "TFK202"),
        ("ImportError: cannot import name 'Merge' from 'keras.layers' (/x/keras/layers/__init__.py)", "TFK202"),
        ("AttributeError: 'Sequential' object has no attribute 'fit_generator'", "TFK401"),
        ("TypeError: Model.fit() got an unexpected keyword argument 'nb_epoch'", "TFK303"),
        ("ValueError: Argument(s) not recognized: {'lr': 0.1}", "TFK301"),
        ("KeyError: 'val_acc'", "TFK502"),
    ],
)
def test_an_error_of_legacy_code_leads_to_its_rule(
    line: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.log").write_text(f'Traceback (most recent call last):\n  File "a.py", line 1\n{line}\n', "utf-8")
    assert run(["explain", str(tmp_path / "a.log"), "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["messages"][report["verdict"]]["codes"][0] == code


def test_the_meaning_depends_on_the_version() -> None:
    line = (
        "W gpu_device.cc:1] Cannot dlopen some GPU libraries. Please make sure the missing libraries mentioned above\n"
    )
    assert 'the lines "Could not load dynamic library" above name them' in verdict(line, "2.10.1").says
    assert "not mentioned above, whatever the message says" in verdict(line, "2.21.0").says
    assert explained("I x] TF-TRT Warning: Could not find TensorRT\n" + line).tensorflow == "2.17 or older"


def test_the_version_stands_in_the_log() -> None:
    told = explained("Successfully installed numpy-1.26.4 tensorflow-2.14.0\n" + "x\n")
    assert (told.tensorflow, told.reason) == ("2.14.0", "the log says it")


def test_repeated_lines_are_one_message() -> None:
    line = "2026-01-01 00:00:0{}.000000: W tensorflow/x.cc:1] Allocation of {} exceeds 10% of free system memory.\n"
    told = explained("".join(line.format(n % 10, n) for n in range(5000)))
    assert [(one.name, one.count, one.first, one.last) for one in told.all] == [("ten-percent", 5000, 1, 5000)]


def test_of_a_chain_of_exceptions_the_known_cause_counts() -> None:
    chain = (
        "Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 'x'\n\n"
        "The above exception was the direct cause of the following exception:\n\n"
        'Traceback (most recent call last):\n  File "a.py", line 2\n'
        "ModuleNotFoundError: No module named 'tensorflow'\n\n"
        "During handling of the above exception, another exception occurred:\n\n"
        'Traceback (most recent call last):\n  File "a.py", line 3\nRuntimeError: cannot go on\n'
    )
    assert verdict(chain).name == "no-tensorflow"
    assert (
        verdict(chain.replace("'tensorflow'", '"x"').replace("No module", "no module")).text
        == "RuntimeError: cannot go on"
    )


def test_an_unknown_exception_is_said_to_be_unknown() -> None:
    told = verdict('start\nTraceback (most recent call last):\n  File "/p/a.py", line 3, in f\nmylib.MyError: so\n')
    assert (told.name, told.first, told.text, told.frame) == ("", 4, "mylib.MyError: so", "/p/a.py:3")


NOTEBOOK = (
    "\x1b[0;31m---------------------------------------------------------------------------\x1b[0m\n"
    "\x1b[0;31mAttributeError\x1b[0m                            Traceback (most recent call last)\n"
    "\x1b[0;32m<ipython-input-1-abc>\x1b[0m in \x1b[0;36m<module>\x1b[0;34m()\x1b[0m\n"
    "\x1b[0;32m----> 1\x1b[0;31m \x1b[0ms\x1b[0m = tf.Session()\n\n"
    "\x1b[0;31mAttributeError\x1b[0m: module 'tensorflow' has no attribute 'Session'\n"
)
RANKED = "".join(
    f"[1,0]<stderr>:{line}\n"
    for line in ("Traceback (most recent call last):", '  File "a.py", line 3, in <module>', "KeyError: 'acc'")
)


@pytest.mark.parametrize(
    ("content", "name", "line"),
    [
        (NOTEBOOK, "gone-attribute", 6),
        (RANKED, "history-key", 3),
        (
            "1/9 [.]\r2/9 [=]\x08E0000 00:00:17.1 1 cuda.cc:5] failed call to cuInit: UNKNOWN ERROR (303)\n",
            "",
            1,
        ),
        ("x\r\nTraceback (most recent call last):\r\n  File \"a.py\", line 1\r\nKeyError: 'acc'\r\n", "history-key", 4),
        ("KeyError: 'acc'", "history-key", 1),
        ("", "", 0),
    ],
    ids=["notebook", "ranks", "progress bar", "windows", "no newline", "empty"],
)
def test_logs_as_they_come(content: str, name: str, line: int) -> None:
    told = explained(content)
    assert ((told.verdict.name, told.verdict.first) if told.verdict else ("", told.lines)) == (name, line)


def test_utf_16_gzip_and_standard_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = recorded("tf221-backend-theano").decode()
    (tmp_path / "wide.log").write_bytes(text.replace("\n", "\r\n").encode("utf-16"))
    (tmp_path / "train.log.gz").write_bytes(gzip.compress(text.encode()))
    said = []
    for name in ("wide.log", "train.log.gz", "-"):
        stdin = io.TextIOWrapper(io.BytesIO(text.encode()))
        monkeypatch.setattr("sys.stdin", stdin)
        assert run(["explain", name if name == "-" else str(tmp_path / name)]) == 1
        said.append(capsys.readouterr().out.split("\n", 1))
    assert [head.rpartition(":")[2] for head, _ in said] == [said[0][0].rpartition(":")[2]] * 3
    assert said[0][1] == said[1][1] == said[2][1]


@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from(RECORDED), block=st.integers(50, 5000))
def test_where_blocks_end_changes_nothing(name: str, block: int) -> None:
    whole = explained(recorded(name))
    usual = scanning.BLOCK
    try:
        scanning.BLOCK = block
        assert explained(recorded(name)) == whole
    finally:
        scanning.BLOCK = usual


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=600), st.lists(st.sampled_from([m.texts[0] for m in load()]), max_size=4))
def test_any_bytes_are_read(noise: bytes, texts: list[str]) -> None:
    content = noise + "\n".join(texts).encode() + noise
    told = explained(content)
    assert told.lines == content.count(b"\n") + (not content.endswith(b"\n") and bool(content))
    log_report("x", told, Style(), Show(verbose=True))


def test_what_is_not_understood_is_counted_and_left_alone() -> None:
    told = explained("W0000 00:00:17.1 1 new.cc:1] Something new\nplain\nfoo.py:1: FooWarning: bar\n")
    assert (told.unknown, told.verdict, told.samples[0]) == (2, None, (1, "W0000 00:00:17.1 1 new.cc:1] Something new"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[a]\ntext = "x"\nseverity = "bad"\nsays = "y"', "`severity` is one of fatal, cause, warning, harmless"),
        ('[a]\ntext = "x"\nseverity = "fatal"\nsays = "{y}"', "{y} is no group of `match`"),
        ('[a]\ntext = "x"\nseverity = "fatal"', "`says` is missing"),
        ('[a]\ntexts = "x"', "unknown key 'texts'"),
        ('[a]\ntext = "x"\nmatch = "("\nseverity = "fatal"\nsays = "y"', "`match` is no regular expression"),
    ],
)
def test_a_mistake_in_the_table_is_told(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "messages.toml").write_text(text, "utf-8")
    with pytest.raises(RuleError) as caught:
        read_messages(tmp_path / "messages.toml")
    assert said in str(caught.value)


def test_a_name_that_is_neither_code_nor_file_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "no-such.log"]) == 2
    assert "nor a file" in capsys.readouterr().err
    assert run(["explain", "KE002", "--format", "json"]) == 2


def test_an_interpreter_confirms_what_the_log_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    (tmp_path / "a.log").write_text("ModuleNotFoundError: No module named 'tensorflow'\n", "utf-8")
    assert run(["explain", str(tmp_path / "a.log"), "--python", sys.executable]) == 1
    assert "    here: DI030 TensorFlow is not installed" in capsys.readouterr().out
