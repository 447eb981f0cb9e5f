"""Writing: whole or not at all, never over somebody else's change, and everything about the file but its text kept."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tfkdoctor.model import (
    FileResult,
    Finding,
    Fix,
    MigrationRun,
    Numerics,
    Origin,
    Outcome,
    Severity,
    Target,
)
from tfkdoctor.write import Written, write_run


@pytest.fixture
def plain_folder() -> Iterator[Path]:
    """A folder of a user whom permissions bind: root, who may write everywhere, becomes somebody else."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        if root:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)


def run_of(
    root: Path,
    new: dict[str, str],
    kept: dict[str, bytes],
    fixes: Mapping[str, tuple[Fix, ...]] | None = None,
    support: dict[str, str] | None = None,
) -> MigrationRun:
    files = tuple(
        FileResult(path, Outcome.CHANGED, fixes=(fixes or {}).get(path, ()), text=text) for path, text in new.items()
    )
    return MigrationRun(
        root=str(root),
        files=files,
        findings=(),
        origin=Origin(),
        target=Target("tensorflow>=2.16"),
        numerics=Numerics.KEEP,
        scanned=len(files),
        seconds=0.0,
        support=support or {},
        kept=kept,
    )


def listing(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "train.py"
    file.write_bytes(b"import keras\n")
    file.chmod(0o751)
    new = "from tensorflow import keras\n"
    written = write_run(run_of(tmp_path, {"train.py": new}, {"train.py": b"import keras\n"}))
    assert written == Written(("train.py",), ())
    assert file.read_bytes() == b"from tensorflow import keras\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o751
    assert listing(tmp_path) == ["train.py"]


@pytest.mark.parametrize(
    ("old", "text", "new"),
    [
        (b"# coding: latin-1\nx = '\xe9'\n", "# coding: latin-1\ny = 'é'\n", b"# coding: latin-1\ny = '\xe9'\n"),
        (b"\xef\xbb\xbfimport keras\r\n", "import tf\r\n", b"\xef\xbb\xbfimport tf\r\n"),
        (b"import keras\r\x0c\rx = 1", "import tf\r\x0c\rx = 1", b"import tf\r\x0c\rx = 1"),
    ],
    ids=["declared encoding", "byte order mark and CRLF", "CR, form feed, no newline at the end"],
)
def test_encoding_and_newlines_are_those_of_the_old_file(tmp_path: Path, old: bytes, text: str, new: bytes) -> None:
    (tmp_path / "a.py").write_bytes(old)
    assert write_run(run_of(tmp_path, {"a.py": text}, {"a.py": old})).paths == ("a.py",)
    assert (tmp_path / "a.py").read_bytes() == new


def test_text_that_the_encoding_cannot_say_is_a_finding(tmp_path: Path) -> None:
    old = b"# coding: ascii\nx = 1\n"
    (tmp_path / "a.py").write_bytes(old)
    written = write_run(run_of(tmp_path, {"a.py": "# coding: ascii\nx = 'é'\n"}, {"a.py": old}))
    assert written == Written((), (Finding("TFK031", "not written: ascii has no 'é'", Severity.ERROR, "a.py"),))
    assert (tmp_path / "a.py").read_bytes() == old


def test_a_file_that_changed_meanwhile_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"import keras  # saved by an editor\n")
    written = write_run(run_of(tmp_path, {"a.py": "import tf\n"}, {"a.py": b"import keras\n"}))
    message = "not written: it changed while tfkdoctor ran"
    assert written == Written((), (Finding("TFK030", message, Severity.ERROR, "a.py", help="run tfkdoctor again"),))
    assert (tmp_path / "a.py").read_bytes() == b"import keras  # saved by an editor\n"


def test_a_file_that_is_gone_is_not_created_again(tmp_path: Path) -> None:
    written = write_run(run_of(tmp_path, {"a.py": "import tf\n"}, {"a.py": b"import keras\n"}))
    assert [finding.message for finding in written.findings] == ["not written: it is gone while tfkdoctor ran"]
    assert listing(tmp_path) == []


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real.py").write_bytes(b"import keras\n")
    (tmp_path / "link.py").symlink_to("real.py")
    written = write_run(run_of(tmp_path, {"link.py": "import tf\n"}, {"link.py": b"import keras\n"}))
    assert written.paths == ("link.py",)
    assert (tmp_path / "link.py").is_symlink()
    assert (tmp_path / "real.py").read_bytes() == b"import tf\n"


def test_a_link_and_its_file_in_one_run_are_written_once(tmp_path: Path) -> None:
    (tmp_path / "real.py").write_bytes(b"import keras\n")
    (tmp_path / "link.py").symlink_to("real.py")
    old = {"link.py": b"import keras\n", "real.py": b"import keras\n"}
    written = write_run(run_of(tmp_path, dict.fromkeys(old, "import tf\n"), old))
    assert written == Written(("link.py", "real.py"), ())
    assert (tmp_path / "real.py").read_bytes() == b"import tf\n"


def test_a_read_only_file_is_a_finding_and_the_others_go_on(plain_folder: Path) -> None:
    for name in ("a.py", "b.py"):
        (plain_folder / name).write_bytes(b"import keras\n")
    (plain_folder / "a.py").chmod(0o444)
    kept = dict.fromkeys(("a.py", "b.py"), b"import keras\n")
    written = write_run(run_of(plain_folder, dict.fromkeys(kept, "import tf\n"), kept))
    message = "not written: the file is read-only"
    finding = Finding("TFK031", message, Severity.ERROR, "a.py", help="chmod u+w a.py")
    assert written == Written(("b.py",), (finding,))
    assert (plain_folder / "a.py").read_bytes() == b"import keras\n"


def test_a_read_only_folder_is_a_finding(plain_folder: Path) -> None:
    folder = plain_folder / "package"
    folder.mkdir()
    (folder / "a.py").write_bytes(b"import keras\n")
    folder.chmod(0o555)
    try:
        written = write_run(run_of(plain_folder, {"package/a.py": "import tf\n"}, {"package/a.py": b"import keras\n"}))
    finally:
        folder.chmod(0o755)
    assert [finding.code for finding in written.findings] == ["TFK031"]
    assert listing(folder) == ["a.py"]


def test_a_file_waits_for_the_files_whose_fixes_it_requires(tmp_path: Path) -> None:
    """c needs b, b needs a, and somebody saves a: none of the three is written, d is."""
    names = ("a.py", "b.py", "c.py", "d.py")
    for name in names:
        (tmp_path / name).write_bytes(b"import keras\n")
    (tmp_path / "a.py").write_bytes(b"changed\n")
    fixes = {
        "a.py": (Fix("a", "TFK101", ()),),
        "b.py": (Fix("b", "TFK101", (), requires=frozenset({"a"})),),
        "c.py": (Fix("c", "TFK101", (), requires=frozenset({"b"})),),
        "d.py": (Fix("d", "TFK101", ()),),
    }
    kept = dict.fromkeys(names, b"import keras\n")
    written = write_run(run_of(tmp_path, dict.fromkeys(names, "import tf\n"), kept, fixes))
    assert written.paths == ("d.py",)
    assert [(finding.path, finding.code, finding.message) for finding in written.findings] == [
        ("a.py", "TFK030", "not written: it changed while tfkdoctor ran"),
        ("b.py", "TFK032", "not written: it needs the change of a.py, which could not be written"),
        ("c.py", "TFK032", "not written: it needs the change of b.py, which could not be written"),
    ]


def test_the_support_module_comes_first_and_holds_back_who_needs_it(tmp_path: Path) -> None:
    """Somebody has a tf_legacy.py that the run did not see: it stays, and the file that needs it waits."""
    (tmp_path / "a.py").write_bytes(b"import keras\n")
    (tmp_path / "tf_legacy.py").write_bytes(b"mine\n")
    fixes = {"a.py": (Fix("a", "TFK501", (), needs=frozenset({"hard_sigmoid"})),)}
    run = run_of(tmp_path, {"a.py": "import tf\n"}, {"a.py": b"import keras\n"}, fixes, {"tf_legacy.py": "piece\n"})
    written = write_run(run)
    assert written.paths == ()
    assert [(finding.path, finding.code) for finding in written.findings] == [
        ("tf_legacy.py", "TFK030"),
        ("a.py", "TFK032"),
    ]
    (tmp_path / "tf_legacy.py").unlink()
    assert write_run(run) == Written(("tf_legacy.py", "a.py"), ())
    assert (tmp_path / "tf_legacy.py").read_bytes() == b"piece\n"


def test_a_new_file_gets_the_mode_that_umask_gives(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_run(run_of(tmp_path, {}, {}, support={"tf_legacy.py": "piece\n"}))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "tf_legacy.py").stat().st_mode) == 0o640
