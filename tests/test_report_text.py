"""What a person sees: every report whole, as it is printed."""

from __future__ import annotations

import io
from dataclasses import replace
from textwrap import dedent

import pytest
from report_values import ASSUMED, BY_HAND, GONE, MOVED, PATH, RUN

from tfkdoctor.model import Edit, Finding, Fix, MigrationRun, Severity
from tfkdoctor.report.diff import diffs, painted, unified
from tfkdoctor.report.fixes import blocks_of, fix_line, fix_lines
from tfkdoctor.report.style import Style, style_for
from tfkdoctor.report.text import Show, failing_lines, findings, migration_summary, statistics
from tfkdoctor.report.verdict import judge
from tfkdoctor.text import Lines

PIPE = Style()
TERMINAL = Style(width=80)


def report(run: MigrationRun, written: tuple[str, ...] | None, style: Style, show: Show) -> str:
    verdict = judge(run, (), written)
    return "\n".join([*findings(verdict, style, show, fix_lines(run)), *migration_summary(run, verdict, style)]) + "\n"


def test_a_preview_shows_each_finding_with_its_fix_or_its_hint() -> None:
    assert report(RUN, None, TERMINAL, Show()) == dedent("""\
        – TFK005 the origin is assumed to be keras 2.2.5
            hint: --source keras==… states it

        src/train.py:1:1: ! TFK101 `keras.layers.core` is `tensorflow.keras.layers`
            today
            fix: from tensorflow.keras.layers import Dense
                 from tensorflow.keras.models import Sequential
        src/train.py:4:1: ✗ TFK401 `Model.fit_generator` is gone from Keras 3; `fit`
            takes generators
            fix: model.fit(gen, steps_per_epoch=10)
        src/train.py:5:1: ✗ TFK402 `Sequential.predict_proba` is gone since TensorFlow
            2.6, and nothing proves that `model` is a Keras model, so it was left alone
            hint: call `predict`; it returns the probabilities of a model that ends in a
                  softmax
        from  keras 2.2.5, tensorflow 1.15.5 (assumed: no dependency file states a
              version)
        to    tensorflow>=2.16 (the newest known TensorFlow)
        ✗ 14 files scanned, 1 file would change (--write does it, --diff shows it)
          5 references to TensorFlow and Keras judged, 3 rewritten
          1 error, 1 hint left, 0.3 s
        """)


def test_after_writing_only_what_remains_is_told() -> None:
    assert report(RUN, (PATH,), PIPE, Show(quiet=True, mended=False)) == dedent("""\
        src/train.py:5:1: ✗ TFK402 `Sequential.predict_proba` is gone since TensorFlow 2.6, and nothing proves that `model` is a Keras model, so it was left alone
            hint: call `predict`; it returns the probabilities of a model that ends in a softmax
        from  keras 2.2.5, tensorflow 1.15.5 (assumed: no dependency file states a version)
        to    tensorflow>=2.16 (the newest known TensorFlow)
        ✗ 14 files scanned, 1 file changed
          5 references to TensorFlow and Keras judged, 3 rewritten
          1 error, 1 hint left, 0.3 s
        """)  # noqa: E501


def test_verbose_tells_what_was_mended_and_what_each_rests_on() -> None:
    show = Show(verbose=True, evidence=True, mended=False)
    assert report(RUN, (PATH,), TERMINAL, show).startswith(
        dedent("""\
        – TFK005 the origin is assumed to be keras 2.2.5
            hint: --source keras==… states it

        src/train.py:1:1: ✓ TFK101 `keras.layers.core` is `tensorflow.keras.layers`
            today
            fix: from tensorflow.keras.layers import Dense
                 from tensorflow.keras.models import Sequential
        src/train.py:4:1: ✓ TFK401 `Model.fit_generator` is gone from Keras 3; `fit`
            takes generators
            fix: model.fit(gen, steps_per_epoch=10)
        src/train.py:5:1: ✗ TFK402 `Sequential.predict_proba` is gone since TensorFlow
            2.6, and nothing proves that `model` is a Keras model, so it was left alone
            saw: receiver = unknown (src/train.py:5)
            hint: call `predict`; it returns the probabilities of a model that ends in a
                  softmax
        """)
    )


def test_for_hooks_each_reason_to_fail_has_one_line() -> None:
    assert failing_lines(judge(RUN), strict=False) == [
        "src/train.py:1:1: TFK101 `keras.layers.core` is `tensorflow.keras.layers` today",
        "src/train.py:4:1: TFK401 `Model.fit_generator` is gone from Keras 3; `fit` takes generators",
        "src/train.py:5:1: TFK402 `Sequential.predict_proba` is gone since TensorFlow 2.6, and nothing proves that "
        "`model` is a Keras model, so it was left alone",
    ]
    assert failing_lines(judge(RUN), strict=True)[0] == "TFK005 the origin is assumed to be keras 2.2.5"


def test_a_file_that_would_change_without_a_finding_has_its_line_too() -> None:
    run = MigrationRun(
        RUN.root, (), (), RUN.origin, RUN.target, RUN.numerics, 1, 0.0, support={"tf_legacy.py": "piece\n"}
    )
    verdict = judge(run)
    assert failing_lines(verdict, strict=False) == ["tf_legacy.py: would be written"]
    assert verdict.exit_code(strict=False) == 1


def test_the_exit_code_is_that_of_what_is_left() -> None:
    assert judge(RUN).exit_code(strict=False) == 1  # errors, and a fix that would be applied
    assert judge(RUN, (), (PATH,)).exit_code(strict=False) == 1  # TFK402 remains
    assert judge(RUN, (), (PATH,)).mended == (MOVED, GONE)
    assert judge(RUN, (), (PATH,)).remaining == (ASSUMED, BY_HAND)
    assert judge(RUN, (), ()).remaining == (ASSUMED, MOVED, GONE, BY_HAND)  # it could not be written
    hints = MigrationRun(RUN.root, (), (ASSUMED,), RUN.origin, RUN.target, RUN.numerics, 1, 0.0)
    assert judge(hints).exit_code(strict=False) == 0
    assert judge(hints).exit_code(strict=True) == 1


def test_statistics_count_by_code_the_most_frequent_first() -> None:
    verdict = judge(RUN)
    verdict = replace(verdict, remaining=verdict.remaining + (BY_HAND,) * 10)
    assert statistics(verdict, {"TFK402": "predict-proba"}, PIPE) == [
        "11  TFK402             predict-proba",
        " 1  TFK005",
        " 1  TFK101  1 fixable",
        " 1  TFK401  1 fixable",
    ]


DIFF = """\
--- a/src/train.py
+++ b/src/train.py
@@ -1,5 +1,5 @@
-from keras.layers.core import Dense
-from keras.models import Sequential
+from tensorflow.keras.layers import Dense
+from tensorflow.keras.models import Sequential
{}
-model.fit_generator(gen, samples_per_epoch=10)
+model.fit(gen, steps_per_epoch=10)
 model.predict_proba(x)
""".format(" ")


def test_the_diff_of_a_run() -> None:
    assert list(diffs(RUN)) == [DIFF]
    assert painted(DIFF, PIPE) == DIFF
    assert painted("--- a\n+++ b\n@@ -1 +1 @@\n--- x\n+y\n", Style(colour=True)) == (
        "\x1b[1m--- a\x1b[0m\n\x1b[1m+++ b\x1b[0m\n\x1b[36m@@ -1 +1 @@\x1b[0m\n"
        "\x1b[31m--- x\x1b[0m\n\x1b[32m+y\x1b[0m\n"
    )


def test_the_diff_of_a_new_file_and_of_one_without_a_last_newline() -> None:
    assert unified("tf_legacy.py", "", "x\n", created=True) == "--- /dev/null\n+++ b/tf_legacy.py\n@@ -0,0 +1 @@\n+x\n"
    assert unified("a.py", "x\x0cy\r\nz", "x\x0cy\r\nw") == (
        "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n x\x0cy\r\n"
        "-z\n\\ No newline at end of file\n+w\n\\ No newline at end of file\n"
    )


class Stream(io.TextIOWrapper):
    """A stream of one encoding that says that it is, or is no, terminal."""

    def __init__(self, terminal: bool, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "color", "environ", "coloured"),
    [
        (True, "auto", {}, True),
        (False, "auto", {}, False),
        (True, "auto", {"NO_COLOR": "1"}, False),
        (True, "auto", {"NO_COLOR": ""}, True),
        (True, "auto", {"TERM": "dumb"}, False),
        (False, "auto", {"FORCE_COLOR": "1"}, True),
        (True, "auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (True, "never", {"FORCE_COLOR": "1"}, False),
        (False, "always", {"NO_COLOR": "1"}, True),
    ],
)
def test_when_there_is_colour(terminal: bool, color: str, environ: dict[str, str], coloured: bool) -> None:
    assert style_for(Stream(terminal), color, environ).colour is coloured


def test_only_a_terminal_has_its_lines_broken_and_only_unicode_gets_the_pretty_marks() -> None:
    assert style_for(Stream(False)).width is None
    assert style_for(Stream(True)).width is not None
    ascii_style = style_for(Stream(False, "ascii"))
    assert [ascii_style.mark(name) for name in ("ok", "error", "warning", "hint")] == ["ok", "x", "!", "-"]


def test_nothing_that_a_person_copies_is_broken_in_two() -> None:
    path = "/home/somebody/a-rather-long-folder/another-rather-long-folder/and-one-more/python3.11"
    assert TERMINAL.wrap(f"the interpreter {path} hangs", 10, 4) == ["the interpreter", path, "hangs"]


def test_fix_lines_of_what_the_run_would_do() -> None:
    assert fix_lines(RUN) == {
        "src/train.py:TFK101:1": (
            "from tensorflow.keras.layers import Dense\nfrom tensorflow.keras.models import Sequential"
        ),
        "src/train.py:TFK401:4": "model.fit(gen, steps_per_epoch=10)",
    }


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        (((0, 5, ""),), "the line goes"),
        (((0, 1, "x"), (12, 13, "y")), "x = 1\n…\nye = 3"),
        (((0, 0, "import tf\n"),), "import tf\na = 1"),
        (((0, 1, "x"), (6, 7, "x"), (12, 13, "x"), (19, 20, "x")), "4 lines from line 1 on (--diff shows them)"),
        (((0, 1, "x" * 300),), "1 line from line 1 on (--diff shows them)"),
    ],
)
def test_how_a_fix_is_told(edits: tuple[tuple[int, int, str], ...], told: str) -> None:
    text = "a = 1\nb = 2\nce = 3\nd = 4\n"
    fix = Fix("id", "TFK101", tuple(Edit(*one) for one in edits))
    lines = Lines(text)
    assert fix_line(blocks_of(fix, lines), fix.edits, text, lines) == told


def test_what_belongs_to_no_file_comes_first() -> None:
    other = Finding("TFK101", "x", Severity.ERROR, "a.py")
    run = MigrationRun(RUN.root, (), (other, ASSUMED), RUN.origin, RUN.target, RUN.numerics, 1, 0.0)
    assert judge(run).remaining == (ASSUMED, other)
