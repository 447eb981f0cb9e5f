"""The rules as data: every example does what it says, mistakes are told by file and line, the tables are closed."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

import pytest

from tfkdoctor import support
from tfkdoctor.knowledge import Knowledge, Rule, load, load_rules
from tfkdoctor.migrate.arguments import is_support
from tfkdoctor.model import FileResult, Numerics, Origin, Settings
from tfkdoctor.rulebook import Example, Row, RuleError, read_rules
from tfkdoctor.run import migrate_paths
from tfkdoctor.spellings import target_name
from tfkdoctor.validate import index
from tfkdoctor.validate.signatures import same_default

EXAMPLES = [(rule, example) for rule in load_rules() for example in rule.examples]


def migrate_example(example: Example, folder: Path) -> FileResult:
    (folder / "example.py").write_text(example.before, "utf-8")
    source = (example.origin,) if example.origin.startswith("keras") else ()
    settings = Settings(jobs=1, source=source, target=example.target, numerics=Numerics(example.numerics))
    return migrate_paths([folder], settings, folder).files[0]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[f"{r.code}-line{e.line}" for r, e in EXAMPLES])
def test_an_example_does_what_it_says(rule: Rule, example: Example, tmp_path: Path) -> None:
    result = migrate_example(example, tmp_path)
    if example.after is not None:
        assert result.text == example.after
        assert any(fix.code == rule.code for fix in result.fixes) or any(f.code == rule.code for f in result.findings)
        (tmp_path / "example.py").write_text(example.after, "utf-8")
        again = migrate_paths([tmp_path], Settings(jobs=1), tmp_path)
        assert again.files[0].text is None, "a second run changes nothing"
    elif example.expect == "finding":
        assert rule.code in {f.code for f in result.findings}
    else:
        assert (result.text, result.findings) == (None, ())


def test_every_rule_that_rewrites_has_a_changing_and_a_staying_example() -> None:
    for rule in load_rules():
        changes = [e for e in rule.examples if e.after is not None]
        if changes:
            assert any(e.after is None for e in rule.examples), f"{rule.code} has no example that stays or is a finding"


def test_every_rule_with_rows_has_an_example() -> None:
    assert [rule.code for rule in load_rules() if rule.rows and not rule.examples] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[TFK999]\nname = "a"\nsummary = "b"\nwhy = "c"\nsumary = "d"\n',
            ":1: unknown key 'sumary' in TFK999; did you mean 'summary'?",
        ),
        ('[TFK999]\nname = "a"\nsummary = "b"\n', ":1: TFK999 has no text under 'why'"),
        ('[TFK99]\nname = "a"\n', ":1: 'TFK99' is no code; codes look like TFK101"),
        (
            '[TFK999]\nname = "a"\nsummary = "b"\nwhy = "c"\n[[TFK999.moves]]\nform = "x"\n',
            ":5: unknown key 'form' in TFK999.moves; did you mean 'from'?",
        ),
        (
            '[TFK999]\nname = "a"\nsummary = "b"\nwhy = "c"\n[[TFK999.example]]\nbefore = "x"\n',
            ":5: an example of TFK999 has `before`, and either `after` or `expect`",
        ),
        (
            '[TFK999]\nname = "a"\nsummary = "b"\nwhy = "c"\nsafety = "sure"\n',
            ":1: 'sure' is none of safe, unsafe, manual",
        ),
        ("[TFK999\n", ":1: "),
    ],
)
def test_a_mistake_is_told_by_file_and_line(text: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(RuleError) as caught:
        read_rules([file])
    assert str(caught.value).startswith(f"{file}{message}")


def test_a_code_is_used_once(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text('\n[TFK999]\nname = "a"\nsummary = "b"\nwhy = "c"\n', "utf-8")
    with pytest.raises(RuleError) as caught:
        read_rules(sorted(tmp_path.glob("*.toml")))
    assert str(caught.value) == f"{tmp_path / 'b.toml'}:2: TFK999 is there already, in {tmp_path / 'a.toml'}:2"


def knowledge(keras: str = "2.2.5", target: str = "tensorflow>=2.21") -> Knowledge:
    return load(target, Origin(keras=keras))


def lives(known: Knowledge, name: str) -> bool:
    """Whether a name is of the target, a piece of support code, or absl's, which the examples that are run show."""
    return name.startswith("absl.") or name.removeprefix("support.") in support.pieces() or known.exists(name)


@pytest.mark.parametrize("target", ["tensorflow>=2.21", "tensorflow>=2.16", "tensorflow==2.15.*"])
def test_every_right_hand_side_exists_in_the_target(target: str) -> None:
    known = knowledge(target=target)
    missing = []
    for rule in load_rules():
        for row in rule.rows:
            if (
                row.verb in ("moves", "renames")
                and row.to
                and known.applies(row)
                and not lives(known, target_name(row.to))
            ):
                missing.append(f"{rule.code}: {row.to}")
            for text in [*row.args.values(), *row.map.values()]:
                for name in re.findall(r"\{@([\w.]+)\}", text):
                    if known.applies(row) and not lives(known, target_name(name)):
                        missing.append(f"{rule.code}: {name}")
    assert missing == []


def test_every_new_argument_exists_in_the_target() -> None:
    known = knowledge()
    missing = []
    for row in known.all_rows("calls"):
        if is_support(row):
            continue  # a piece takes what the class took that it stands for
        for name in row.of:
            home = known.home(name) if "*" not in name else None
            for argument, template in row.args.items():
                callee = target_name(row.to) if row.to and not row.to.startswith("support.") else None
                where = callee or (home.name if home is not None else None)
                signatures = known.target_signatures(where) if where is not None else ()
                if template and not all(s.accepts(argument) for s in signatures):
                    missing.append(f"{row.code}: {name}({argument}=)")
    assert missing == []


def test_the_tables_are_closed_under_themselves() -> None:
    """What a rule writes, no rule rewrites again: one run is enough."""
    known = knowledge()
    for row in (*known.all_rows("renames"), *known.all_rows("moves")):
        target = target_name(row.to or "")
        if target.startswith(("absl.", "support.")):
            continue  # no rule speaks of these
        home = known.home(target)
        assert home is not None and home.name == target, f"{row.code}: {row.to} would move on to {home}"


def test_every_changed_default_is_decided() -> None:
    """Each default that differs between origin and target has a row that says whether it matters."""
    view, undecided = index.load("keras"), set()
    for version in ("1.2.2", "2.2.5", "2.3.1"):
        known = knowledge(version)
        for name in view.all_names(version):
            symbol, home = view.get(name, version), known.home(name)
            signatures = known.target_signatures(home.name) if home is not None else ()
            if symbol is None or symbol.signature is None or not signatures or home is None:
                continue
            for parameter in symbol.signature.parameters:
                news = [p.default for s in signatures for p in s.parameters if p.name == parameter.name]
                if parameter.default is None or not news or all(same_default(parameter.default, n) for n in news):
                    continue
                rows = [r for r in known.rows("defaults", name) if r.arg in ("*", parameter.name)]
                if not rows and not _same_object_decided(known, view, name, version, parameter.name):
                    undecided.add(f"{name}({parameter.name}={parameter.default} -> {news[0]})")
    assert sorted(undecided) == []


def _same_object_decided(known: Knowledge, view: index.View, name: str, version: str, argument: str) -> bool:
    symbol = view.get(name, version)
    aliases = view.names(symbol.object, version) if symbol is not None else ()
    return any(r.arg in ("*", argument) for alias in aliases for r in known.rows("defaults", alias))


def test_no_two_codes_give_one_argument_different_values() -> None:
    """Within a code the first row wins; two codes about one argument of one callee must not both be possible."""
    given: dict[tuple[str, str], list[Row]] = {}
    for row in knowledge().all_rows("calls"):
        for name in row.of:
            for argument in row.args:
                given.setdefault((name, argument), []).append(row)
    clashes = {
        (place, one.code, other.code)
        for place, rows in given.items()
        for one, other in itertools.combinations(rows, 2)
        if one.code != other.code and one.args[place[1]] != other.args[place[1]] and not exclude_each_other(one, other)
    }
    assert clashes == set()


def exclude_each_other(one: Row, other: Row) -> bool:
    """Whether an argument must be there for the one and be absent for the other."""
    absent = [{name for name, condition in row.when.items() if condition == "absent"} for row in (one, other)]
    return bool(absent[0] & (set(other.when) - absent[1]) or absent[1] & (set(one.when) - absent[0]))


def test_python_rows_name_a_fixer_that_is_there() -> None:
    from tfkdoctor.migrate.fixers import AFTER, BEFORE, DURING

    named = {row.fixer for rule in load_rules() for row in rule.rows if row.verb == "python"}
    assert named == {*BEFORE, *DURING, *AFTER}


def test_examples_are_python() -> None:
    for rule, example in EXAMPLES:
        if rule.code != "TFK001":
            ast.parse(example.before)
            ast.parse(example.after or "")
