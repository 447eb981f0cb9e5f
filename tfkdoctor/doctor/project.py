"""What a project does around TensorFlow, read and never run: switches set too late, private imports, pip, kernels."""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tfkdoctor.doctor.codec import Unknown
from tfkdoctor.doctor.requested import Request, read_requests

SWITCHES = ("TF_USE_LEGACY_KERAS", "KERAS_BACKEND")
FILES, BYTES = 200, 500_000  # how many files are read, and how large they may be
WORTH = re.compile(rb"TF_USE_LEGACY_KERAS|KERAS_BACKEND|tensorflow\.python\.keras|keras\.saving")
PRIVATE = re.compile(r"^\s*(?:from|import)\s+tensorflow\.python\.keras\b", re.MULTILINE)
SAVING = re.compile(r"\b(?:tf|tensorflow)\.keras\.saving\.\w+")


@dataclass(frozen=True, slots=True)
class Mention:
    """A line of the project's code that a check is about: `late switch`, `private keras` or `keras.saving`."""

    what: str
    text: str
    path: str
    line: int
    loaded: int = 0  # the line that loads Keras before the switch is set


@dataclass(frozen=True, slots=True)
class Kernel:
    """A Jupyter kernel: the interpreter that it starts, "" where that is looked for on PATH."""

    name: str
    python: str
    path: str
    exists: bool


@dataclass(frozen=True, slots=True)
class Loaded:
    """A module that the examining process, a notebook's kernel, has imported."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Project:
    """What stands around a program."""

    mentions: tuple[Mention, ...]
    pip: str | Unknown  # the interpreter that `pip` on PATH installs for
    kernels: tuple[Kernel, ...]  # of the environment and of the user
    loaded: tuple[Loaded, ...] = ()  # only when a kernel looks at itself
    requests: tuple[Request, ...] = ()  # of the dependency files in the working folder


def read_project(cwd: Path, prefix: str, environ: Mapping[str, str]) -> Project:
    """Read the Python and dependency files of the working folder (not its folders), `pip` on PATH, specs of kernels."""
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or "~").expanduser()
    shares = [Path(prefix) / "share" / "jupyter", home / ".local" / "share" / "jupyter"]
    return Project(
        tuple(mentions(cwd)),
        pip_interpreter(environ.get("PATH", "")),
        tuple(kernels(shares)),
        requests=read_requests(cwd),
    )


def mentions(cwd: Path) -> Iterator[Mention]:
    for file in sorted(cwd.glob("*.py"))[:FILES]:
        try:
            source = file.read_bytes() if file.stat().st_size <= BYTES else b""
        except OSError:
            continue
        if WORTH.search(source):
            yield from mentions_in(source.decode("utf-8", "replace"), file)


def mentions_in(text: str, file: Path) -> Iterator[Mention]:
    """What one file says; nothing of a file that does not parse."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError):
        return
    loaded = 0
    for statement in flat(body):
        name = switch_set(statement)
        if name and loaded:
            yield Mention("late switch", name, str(file), statement.lineno, loaded)
        loaded = loaded or (statement.lineno if loads_keras(statement) else 0)
    for what, pattern in (("private keras", PRIVATE), ("keras.saving", SAVING)):
        for match in pattern.finditer(text):
            yield Mention(what, match[0].strip(), str(file), text.count("\n", 0, match.end()) + 1)


def flat(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when a module is imported, in their order; of a block its parts."""
    for statement in body:
        parts = [part for part in ("body", "handlers", "orelse", "finalbody") if hasattr(statement, part)]
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or not parts:
            yield statement
            continue
        for part in parts:
            for inner in getattr(statement, part):
                yield from flat([inner] if isinstance(inner, ast.stmt) else inner.body)


def loads_keras(statement: ast.stmt) -> bool:
    """Whether running a statement loads tf.keras: an import from it, or an attribute of it."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    if isinstance(statement, ast.Import):
        return any(one.name.startswith(("tensorflow.keras.", "keras")) for one in statement.names)
    if isinstance(statement, ast.ImportFrom):
        return bool(statement.module and statement.module.startswith(("tensorflow.keras", "keras")))
    roots: list[ast.AST] = [*statement.bases] if isinstance(statement, ast.ClassDef) else [statement]
    return any(is_keras_attribute(node) for root in roots for node in ast.walk(root))


def is_keras_attribute(node: ast.AST) -> bool:
    """`tf.keras.x`"""
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)):
        return False
    inner = node.value
    return inner.attr == "keras" and isinstance(inner.value, ast.Name) and inner.value.id in ("tf", "tensorflow")


def switch_set(statement: ast.stmt) -> str:
    """The switch that `os.environ[...] = ...`, `os.environ.setdefault(...)` or `os.putenv(...)` sets, "" for none."""
    key: ast.expr | None = None
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Subscript):
        key = statement.targets[0].slice
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) and statement.value.args:
        function = statement.value.func
        name = function.attr if isinstance(function, ast.Attribute) else ""
        key = statement.value.args[0] if name in ("setdefault", "putenv") else None
    return key.value if isinstance(key, ast.Constant) and key.value in SWITCHES else ""


def pip_interpreter(path: str) -> str | Unknown:
    """The interpreter in the first line of the first `pip` on PATH."""
    for folder in path.split(os.pathsep):
        file = Path(folder, "pip")
        if folder and file.is_file() and os.access(file, os.X_OK):
            try:
                with file.open("rb") as script:
                    first = script.readline(1000).decode("utf-8", "replace").strip()
            except OSError as error:
                return Unknown(f"{file}: {error.strerror}")
            python = first.removeprefix("#!").strip()
            known = first.startswith("#!") and "python" in Path(python).name and " " not in python
            return python if known else Unknown(f"{file} does not name its interpreter")
    return Unknown("no pip on PATH")


def kernels(shares: Iterable[Path]) -> Iterator[Kernel]:
    for share in shares:
        for spec in sorted(share.glob("kernels/*/kernel.json")):
            try:
                command = json.loads(spec.read_text(encoding="utf-8"))["argv"][0]
            except (OSError, ValueError, LookupError, TypeError):
                continue
            python = str(command) if os.sep in str(command) else ""
            if "python" in Path(str(command)).name:
                yield Kernel(spec.parent.name, python, str(spec), not python or Path(python).exists())
