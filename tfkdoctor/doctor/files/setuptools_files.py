"""Read setup.cfg and setup.py without running them: what stands there plainly counts, what is computed does not."""

from __future__ import annotations

import ast
import configparser
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from packaging.requirements import InvalidRequirement

from tfkdoctor.doctor.files.declared import (
    LINE,
    QUOTED,
    Manifest,
    Pin,
    Setting,
    Unreadable,
    is_specifier,
    mended_requirement,
    pin_of,
    problem,
    read_text,
)
from tfkdoctor.doctor.files.requirements import collect
from tfkdoctor.model import Finding, Severity

TEXT_FILE = re.compile(r"require[\w./-]*\.(txt|in)$")


def read_setup_cfg(path: Path) -> Manifest:
    """`install_requires` and the extras of [options]."""
    text = read_text(path)
    parser = configparser.RawConfigParser(strict=False, delimiters=("=", ":"), inline_comment_prefixes=None)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        line = getattr(error, "lineno", 0) or next((n for n, _ in getattr(error, "errors", ())), 0)
        raise Unreadable(str(path), f"cannot be read: {str(error).splitlines()[0]}", line) from None
    findings: list[Finding] = []
    python = parser.get("options", "python_requires", fallback="").strip()
    python = python if is_specifier(python) else ""
    always = tuple(cfg_pins(path, text, parser.get("options", "install_requires", fallback=""), findings))
    base = Setting("", always, python, "python_requires" if python else "")
    settings = [base]
    if parser.has_section("options.extras_require"):
        for name, value in parser.items("options.extras_require"):
            if more := tuple(cfg_pins(path, text, value, findings)):
                settings.append(replace(base, label=f"with extra {name}", pins=(*always, *more)))
    return Manifest(str(path), tuple(settings), {str(path): text}, tuple(findings))


def cfg_pins(path: Path, text: str, value: str, findings: list[Finding]) -> Iterator[Pin]:
    for written in re.split(r"\n|;\s*(?=[A-Za-z][\w.-]*\s*[<>=~!])", value):
        written = re.sub(r"(^|\s)#.*$", "", written).strip()
        if not written or "file:" in written:
            continue
        found = re.search(
            rf"^[ \t]*(?:\w+[ \t]*=[ \t]*)?(?P<it>{re.escape(written)})[ \t]*(?:#.*)?$", text, re.MULTILINE
        )
        line = text.count("\n", 0, found.start("it")) + 1 if found else 0
        try:
            pin = pin_of(written, str(path), line, LINE, found.start("it") if found else None)
        except InvalidRequirement:
            meant = mended_requirement(written)
            findings.append(problem(str(path), f"{written!r} is no requirement", line, meant and f"write {meant}"))
            continue
        if pin:
            yield pin


def read_setup_py(path: Path) -> Manifest:
    """The arguments of `setup(…)` as far as they are literals, or names of lists of literals in the same file."""
    text = read_text(path)
    try:
        tree = ast.parse(text.replace("\r\n", "\n") if "\r" in text else text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise Unreadable(str(path), f"is no Python 3: {getattr(error, 'msg', None) or error}", line) from None
    reader = SetupReader(path, text, tree)
    return Manifest(str(path), tuple(reader.settings()), reader.texts, tuple(reader.findings))


class SetupReader:
    """One setup.py: its assignments by name, and where each line begins."""

    def __init__(self, path: Path, text: str, tree: ast.Module) -> None:
        self.path, self.text, self.texts = path, text, {str(path): text}
        self.findings: list[Finding] = []
        self.known: dict[str, list[ast.expr]] = {}
        self.calls: list[ast.Call] = []
        self.lines = text.split("\n")  # as Python counts them: a form feed ends none
        self.starts = [0]
        for one in self.lines:
            self.starts.append(self.starts[-1] + len(one) + 1)
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                self.known.setdefault(node.targets[0].id, []).append(node.value)
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "setup":
                self.calls.append(node)

    def settings(self) -> Iterator[Setting]:
        for call in self.calls:
            given = {one.arg: one.value for one in call.keywords if one.arg}
            python = given.get("python_requires")
            spec = python.value if isinstance(python, ast.Constant) and isinstance(python.value, str) else ""
            spec = spec if is_specifier(spec) else ""
            always = tuple(self.pins(given.get("install_requires"), 0))
            base = Setting("", always, spec, "python_requires" if spec else "")
            yield base
            extras = given.get("extras_require")
            if isinstance(extras, ast.Name) and len(self.known.get(extras.id, ())) == 1:
                extras = self.known[extras.id][0]
            for key, value in zip(extras.keys, extras.values, strict=True) if isinstance(extras, ast.Dict) else ():
                name = str(key.value) if isinstance(key, ast.Constant) else ""
                if more := tuple(self.pins(value, 0)):
                    yield replace(base, label=f"with extra {name}", pins=(*always, *more))

    def pins(self, node: ast.expr | None, depth: int) -> Iterator[Pin]:
        """The requirements in an expression; a name stands for what one assignment gives it."""
        if node is None or depth > 5:
            return
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            for one in node.elts:
                yield from self.pins(one, depth + 1)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            yield from self.pins(node.left, depth + 1)
            yield from self.pins(node.right, depth + 1)
        elif isinstance(node, ast.Starred):
            yield from self.pins(node.value, depth + 1)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from self.literal(node, node.value)
        elif isinstance(node, ast.Name) and len(self.known.get(node.id, ())) == 1:
            yield from self.pins(self.known[node.id][0], depth + 1)
        else:
            yield from self.computed(node)

    def literal(self, node: ast.Constant, written: str) -> Iterator[Pin]:
        before = self.lines[node.lineno - 1].encode()[: node.col_offset].decode()
        at = self.starts[node.lineno - 1] + len(before) + 1
        plain = node.lineno == node.end_lineno and self.text[at : at + len(written)] == written
        try:
            pin = pin_of(written, str(self.path), node.lineno, QUOTED, at if plain else None)
        except InvalidRequirement:
            meant = mended_requirement(written)
            words = f"{written!r} is no requirement"
            self.findings.append(problem(str(self.path), words, node.lineno, meant and f"write {meant!r}"))
            return
        if pin:
            yield pin

    def computed(self, node: ast.expr) -> Iterator[Pin]:
        """A requirements file that the expression, or what its names stand for, speaks of; else it is said."""
        names = [node] + [v for n in ast.walk(node) if isinstance(n, ast.Name) for v in self.known.get(n.id, ())]
        said = {
            one.value
            for name in names
            for one in ast.walk(name)
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and TEXT_FILE.search(one.value)
        }
        for name in sorted(said):
            try:
                yield from collect(self.path.parent / name, self.texts, self.findings, constraint=False)
                return
            except Unreadable:
                continue
        message = "these requirements are computed; setup.py is read and not run, so they are not looked at"
        place = problem(str(self.path), message, node.lineno, "put them into pyproject.toml or a requirements file")
        self.findings.append(replace(place, severity=Severity.HINT))
