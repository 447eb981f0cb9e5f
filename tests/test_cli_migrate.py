"""`tfkdoctor migrate` from the command line to the disk: modes, exit codes, outputs, with the real engine."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tfkdoctor.cli import run

LEGACY = """\
from keras.layers.core import Dense, Flatten
from keras.optimizers import Adam

layer = Dense(3)
optimizer = Adam(lr=0.01)  # slow
"""
MODERN = """\
from tensorflow.keras.layers import Dense, Flatten
from tensorflow.keras.optimizers import Adam

layer = Dense(3)
optimizer = Adam(learning_rate=0.01)  # slow
"""
DIFF = """\
--- a/train.py
+++ b/train.py
@@ -1,5 +1,5 @@
-from keras.layers.core import Dense, Flatten
-from keras.optimizers import Adam
+from tensorflow.keras.layers import Dense, Flatten
+from tensorflow.keras.optimizers import Adam
{}
 layer = Dense(3)
-optimizer = Adam(lr=0.01)  # slow
+optimizer = Adam(learning_rate=0.01)  # slow
""".format(" ")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one legacy file and one that has nothing to do with it; the origin is stated."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "requirements.txt").write_text("keras==2.2.5\n", "utf-8")
    (folder / "train.py").write_text(LEGACY, "utf-8")
    (folder / "other.py").write_text("import json\n", "utf-8")
    monkeypatch.chdir(folder)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return folder


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """Standard output; nothing may have gone to standard error, and seconds are no fact."""
    printed = capsys.readouterr()
    assert printed.err == ""
    return "".join(
        f"{line.rsplit(', ', 1)[0]}\n" if line.endswith(" s") else f"{line}\n" for line in printed.out.splitlines()
    )


def test_a_preview_touches_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate", "."]) == 1
    assert (
        said(capsys)
        == """\
train.py:1:31: ✗ TFK102 `keras.layers.core.Dense` is `tensorflow.keras.layers.Dense` today, and 1 more in this line
    fix: from tensorflow.keras.layers import Dense, Flatten
train.py:2:30: ✗ TFK101 `keras.optimizers.Adam` is `tensorflow.keras.optimizers.Adam` today
    fix: from tensorflow.keras.optimizers import Adam
train.py:5:13: ✗ TFK301 Adam: `lr=` is `learning_rate=` now
    fix: optimizer = Adam(learning_rate=0.01)  # slow

from  keras 2.2.5, tensorflow 1.15.5 (keras==2.2.5 in requirements.txt)
to    tensorflow>=2.21 (the newest known TensorFlow)
! 2 files scanned, 1 file would change (--write does it, --diff shows it)
  5 references to TensorFlow and Keras judged, 5 rewritten
  nothing else to do
"""
    )
    assert (project / "train.py").read_text("utf-8") == LEGACY


def test_a_diff_tells_what_would_change_and_can_be_applied(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate", "--diff", "."]) == 1
    printed = said(capsys)
    assert printed.startswith(DIFF + "\nfrom  keras 2.2.5")
    subprocess.run(["patch", "-p1"], input=printed, text=True, encoding="utf-8", check=True, capture_output=True)
    assert (project / "train.py").read_text("utf-8") == MODERN


def test_quiet_with_a_diff_is_the_diff_alone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate", "--diff", "--quiet", "."]) == 1
    assert said(capsys) == DIFF


def test_writing_changes_the_file_and_a_second_run_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate", "--write", "."]) == 0
    assert (
        said(capsys)
        == """\
from  keras 2.2.5, tensorflow 1.15.5 (keras==2.2.5 in requirements.txt)
to    tensorflow>=2.21 (the newest known TensorFlow)
✓ 2 files scanned, 1 file changed
  tfkdoctor.lock.json keeps what was assumed and decided: commit it too
  5 references to TensorFlow and Keras judged, 5 rewritten
  nothing left to do
"""
    )
    assert (project / "train.py").read_text("utf-8") == MODERN
    assert (project / "other.py").read_text("utf-8") == "import json\n"
    assert run(["migrate", "--write", "."]) == 0
    assert (project / "train.py").read_text("utf-8") == MODERN
    assert "no files changed" in said(capsys)


def test_check_prints_a_line_for_each_reason_to_fail(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate", "--check", "."]) == 1
    assert (
        said(capsys)
        == """\
train.py:1:31: TFK102 `keras.layers.core.Dense` is `tensorflow.keras.layers.Dense` today
train.py:1:38: TFK102 `keras.layers.core.Flatten` is `tensorflow.keras.layers.Flatten` today
train.py:2:30: TFK101 `keras.optimizers.Adam` is `tensorflow.keras.optimizers.Adam` today
train.py:5:13: TFK301 Adam: `lr=` is `learning_rate=` now
"""
    )
    (project / "train.py").write_text(MODERN, "utf-8")
    assert run(["migrate", "--check", "."]) == 0
    assert said(capsys) == ""


def test_statistics(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate", "--statistics", "--exit-zero", "."]) == 0
    assert said(capsys).startswith("""\
2  TFK102  2 fixable  private-keras-module
1  TFK101  1 fixable  standalone-keras
1  TFK301  1 fixable  learning-rate
""")


def test_json_goes_to_a_file_and_knows_the_exit_code(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate", "--format", "json", "--diff", "--output", "report.json", "."]) == 1
    assert said(capsys) == ""
    report = json.loads((project / "report.json").read_text("utf-8"))
    assert (report["schema"], report["exit"], report["root"]) == (1, 1, str(project))
    assert report["summary"]["pending"] == ["train.py"]
    assert report["diffs"] == [DIFF]
    assert {finding["code"] for finding in report["findings"]} == {"TFK101", "TFK102", "TFK301"}


def test_paths_are_told_from_where_one_stands(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project.parent)
    assert run(["migrate", "--check", "project/train.py"]) == 1
    assert said(capsys).startswith("project/train.py:1:31: TFK102 ")
    (project / "inner").mkdir()
    monkeypatch.chdir(project / "inner")
    assert run(["migrate", "--check", "../train.py"]) == 1
    assert said(capsys).startswith(f"{project}/train.py:1:31: TFK102 ")
    assert run(["migrate", "--write", "-q", "../train.py"]) == 0
    assert (project / "train.py").read_text("utf-8") == MODERN


def test_a_file_that_is_no_python_is_a_finding_and_the_others_go_on(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "broken.py").write_bytes(b"import keras\nprint 'hello'\n")
    (project / "binary.py").write_bytes(b"import keras\n\xff\xfe")
    (project / "dangling.py").symlink_to("nowhere.py")
    assert run(["migrate", "--write", "-q", ".", "dangling.py"]) == 1
    assert [line.split()[2] for line in said(capsys).splitlines() if "✗" in line] == ["TFK002", "TFK001", "TFK003"]
    assert (project / "train.py").read_text("utf-8") == MODERN
    assert (project / "broken.py").read_bytes() == b"import keras\nprint 'hello'\n"


def test_warnings_of_python_about_a_file_stay_its_author_s(
    project: Path, capsys: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    (project / "train.py").write_text(LEGACY + "print(layer is not 3)\n", "utf-8")
    assert run(["migrate", "--jobs", "1", "."]) == 1
    assert capsys.readouterr().err == ""
    assert not recwarn.list


def test_an_ignored_code_is_neither_told_nor_mended(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "pyproject.toml").write_text("[tool.tfkdoctor]\nignore = ['TFK1', 'TFK3']\n", "utf-8")
    assert run(["migrate", "--write", "-q", "."]) == 0
    assert said(capsys) == ""
    assert (project / "train.py").read_text("utf-8") == LEGACY


def test_hints_fail_only_when_strict(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "requirements.txt").unlink()
    assert run(["migrate", "--write", "."]) == 0
    assert "TFK010" in said(capsys)
    (project / "train.py").write_text(LEGACY, "utf-8")
    (project / "tfkdoctor.lock.json").unlink()  # with it the origin is no assumption any more
    assert run(["migrate", "--write", "--strict", "."]) == 1


def test_the_wrong_interpreter_is_one_finding_and_undoes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["migrate", "--write", "-q", "--validate", "smoke", "--python", "/nowhere/python", "."]) == 1
    assert "✗ TFK022 /nowhere/python" in said(capsys)
    assert (project / "train.py").read_text("utf-8") == MODERN
