"""`--format sarif|github|html` of check and migrate."""

from __future__ import annotations

import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from doctor_values import facts

from tfkdoctor.cli import run
from tfkdoctor.model import Evidence, Finding, Severity, Span
from tfkdoctor.report.github import github
from tfkdoctor.report.html import Page, html
from tfkdoctor.report.sarif import sarif
from tfkdoctor.text import apply_edits

OLD = """\
from keras.layers import Dense


def ä(model):
    x = '€'; model.fit_generator(g)
    return Dense(3, init='uniform')
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train me.py").write_text(OLD, "utf-8")
    return tmp_path


def test_annotations_are_escaped_as_the_runner_reads_them() -> None:
    span = Span(3, 5, 3, 9)
    found = Finding("TFK101", "50% of\nit", Severity.ERROR, "a,b:c.py", span, help="mend it")
    assert github([found, Finding("GP001", "no GPU", Severity.HINT)]) == [
        "::error file=a%2Cb%3Ac.py,line=3,endLine=3,col=5,endColumn=9,title=TFK101::50%25 of%0Ait%0Amend it",
        "::notice title=GP001::no GPU",
    ]
    assert "col=" not in github([Finding("TFK101", "x", Severity.WARNING, "a.py", Span(3, 5, 4, 9))])[0]


def test_sarif_of_a_migration_carries_the_fixes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate", "train me.py", "--format", "sarif"]) == 1
    report = json.loads(capsys.readouterr().out)
    (one,) = report["runs"]
    rules = [rule["id"] for rule in one["tool"]["driver"]["rules"]]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in one["results"])
    lines = OLD.split("\n")
    fixed = OLD
    for result in one["results"]:
        place = result["locations"][0]
        if "logicalLocations" in place:
            continue
        assert place["physicalLocation"]["artifactLocation"]["uri"] == "train%20me.py"
        region = place["physicalLocation"]["region"]
        shown = lines[region["startLine"] - 1][region["startColumn"] - 1 :]
        assert shown.strip()
        assert result["level"] in ("error", "warning", "note")
    edits = {
        (r["deletedRegion"]["charOffset"], r["deletedRegion"]["charLength"], r["insertedContent"]["text"])
        for result in one["results"]
        for fix in result.get("fixes", [])
        for change in fix["artifactChanges"]
        for r in change["replacements"]
    }
    from tfkdoctor.model import Edit

    fixed = apply_edits(OLD, [Edit(start, start + length, text) for start, length, text in edits])
    assert run(["migrate", "train me.py", "--write", "-q"]) in (0, 1)
    assert (project / "train me.py").read_text("utf-8") == fixed != OLD


def test_sarif_of_an_environment_names_the_interpreter() -> None:
    found = Finding("DI009", "numpy 2", Severity.ERROR, evidence=(Evidence("numpy", "2.0.2"),))
    told = json.loads(json.dumps(sarif([found], [], place="/env/bin/python")))
    place = [{"logicalLocations": [{"name": "/env/bin/python", "kind": "module"}]}]
    assert told["runs"][0]["results"][0]["locations"] == place


@pytest.mark.parametrize("arguments", [("check", "--python", sys.executable), ("migrate", "train me.py")])
def test_every_format_of_every_command(
    arguments: tuple[str, ...], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for format_ in ("text", "json", "sarif", "github", "html"):
        assert run([*arguments, "--format", format_]) == 1
        printed = capsys.readouterr()
        assert printed.err == ""
        assert printed.out.strip()
        if format_ in ("json", "sarif"):
            json.loads(printed.out)
        if format_ == "github":
            assert all(
                re.match(r"::(error|warning|notice) .*title=[A-Z]+\d{3}::", line) for line in printed.out.splitlines()
            )


class Tags(HTMLParser):
    """Every start tag is closed, and nothing is loaded."""

    VOID = ("meta", "br", "link", "img")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [str(value) for name, value in attrs if name in ("src", "href")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check_html(text: str) -> None:
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert tags.loads == []
    assert "http" not in re.sub(r"<pre>.*?</pre>", "", text, flags=re.DOTALL).partition("</style>")[0]


def test_the_page_of_an_environment(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sick = facts({"tensorflow": "2.14.0", "numpy": "2.0.2", "keras": "3.0.0"}, environment={"XLA_FLAGS": "<script>"})
    (project / "a.json").write_text(sick.to_json(), "utf-8")
    (project / "b.json").write_text(facts({"tensorflow": "2.15.0"}).to_json(), "utf-8")
    assert run(["check", "a.json", "--format", "html", "--output", "a.html"]) == 1
    page = (project / "a.html").read_text("utf-8")
    check_html(page)
    assert "DI009" in page and "&lt;script&gt;" in page and "One command mends all of it" in page
    assert run(["check", "a.json", "b.json", "--format", "html", "--output", "both.html"]) == 1
    both = (project / "both.html").read_text("utf-8")
    check_html(both)
    assert "What differs" in both and "<th>a.json</th><th>b.json</th>" in both
    assert capsys.readouterr().out == ""


def test_the_page_of_a_migration_shows_the_diff(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["migrate", "train me.py", "--format", "html"]) == 1
    page = capsys.readouterr().out
    check_html(page)
    assert '<span class="del">-from keras.layers import Dense</span>' in page
    assert '<span class="add">+from tensorflow.keras.layers import Dense</span>' in page


@pytest.mark.parametrize("format_", ["sarif", "github", "html"])
def test_dependency_files_speak_them_too(format_: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "requirements.txt").write_text("tensorflow==2.14.0\nnumpy>=2\n", "utf-8")
    assert run(["check", "requirements.txt", "--format", format_]) == 1
    out = capsys.readouterr().out
    if format_ == "html":
        check_html(out)
        assert "What an installer would bring today" in out
    elif format_ == "github":
        assert "::error file=requirements.txt,line=" in out
    else:
        place = json.loads(out)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "requirements.txt"


def test_what_a_patient_says_is_escaped() -> None:
    found = Finding("X<1>", "<b>&", Severity.ERROR, help="<i>", evidence=(Evidence("<f>", "<v>", "<w>"),))
    page = html(Page("<t>", "<v>", ("<a>",), (found,), diffs=("--- a/<x>\n+++ b/<x>\n@@\n-<y>\n",)))
    check_html(page)
    assert not re.search(r"<(?:t|v|a|f|w|x|y|i|b)>", page.replace("<b>fix</b>", ""))
