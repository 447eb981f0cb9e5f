"""Writes what is derived: parts of README.md, CODES.md, `rules/gate.txt` and the JSON schemas of `rules/schema`.

python -m tfkdoctor.dev.docs            rewrite what is stale
python -m tfkdoctor.dev.docs --check    say what is stale, and end with 1 if anything is
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from tfkdoctor import __version__, cli
from tfkdoctor.config import KEYS
from tfkdoctor.dev import schema
from tfkdoctor.knowledge import load_rules
from tfkdoctor.report.listing import check_rows, rule_rows
from tfkdoctor.validate import index

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def all_codes() -> str:
    """CODES.md."""
    head = (
        "<!-- Written by `python -m tfkdoctor.dev.docs` from rules/*.toml and the checks; do not edit. -->\n# Codes\n"
    )
    told = "`tfkdoctor explain CODE` says more about each."
    rules = table(
        ("code", "at best", "name", "what"), [(f"`{r.code}`", r.grade, r.name, r.summary) for r in rule_rows()]
    )
    checks = table(("code", "severity", "what"), [(f"`{r.code}`", r.grade, r.summary) for r in check_rows()])
    parts = [head, told, "\n## Rules of `tfkdoctor migrate`\n", rules, "\n## What `tfkdoctor check` looks at\n", checks]
    return "\n".join(parts) + "\n"


_WITHOUT_OPTION = {"smoke": "How what builds models is called: file and name, then its arguments (see Proof)."}


def configuration() -> str:
    """Each key with the help of the option that goes before it."""
    said = {parameter.name: getattr(parameter, "help", "") for parameter in cli.migrate.params}
    rows = []
    for key, (kind, allowed) in KEYS.items():
        kinds = {"list": "list of strings", "calls": "table of tables"}
        values = ", ".join(f'`"{value}"`' for value in allowed) or kinds.get(kind, kind)
        rows.append((f"`{key}`", values, str(said.get(key.replace("-", "_"), "")) or _WITHOUT_OPTION[key]))
    return table(("key", "value", "what"), rows)


def hooks() -> str:
    """A `.pre-commit-config.yaml` with every hook that the project offers."""
    offered = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    found = re.findall(r"^- id: (\S+)\n  name: (.+)$", offered, re.MULTILINE)
    width = max(len(name) for name, _ in found)
    lines = [f"      - id: {name:<{width}}  # {title}" for name, title in found]
    head = ["```yaml", "repos:", "  - repo: <this repository>", f"    rev: v{__version__}", "    hooks:"]
    return "\n".join([*head, *lines, "```"])


TOUR = """\
from keras.layers.core import Dense, Flatten
from keras.layers.convolutional import Conv2D
from keras.models import Sequential
from keras.optimizers import Adam

from data import batches

model = Sequential([
    Conv2D(32, 3, 3, activation="relu", input_shape=(28, 28, 1)),
    Flatten(),
    Dense(10, activation="softmax"),
])
model.compile(Adam(lr=0.001), "categorical_crossentropy", metrics=["accuracy"])
history = model.fit_generator(batches(), steps_per_epoch=50, epochs=3)
print("best", max(history.history["acc"]), model.predict_proba(next(batches())[0]))
"""


def tour() -> str:
    """A legacy program and what `tfkdoctor migrate` prints about it (the seconds are made up)."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "train.py").write_text(TOUR, "utf-8")
        (Path(folder) / "requirements.txt").write_text("keras==2.2.5\n", "utf-8")
        command = [sys.executable, "-m", "tfkdoctor", "migrate", "--color", "never", "."]
        environ = {**os.environ, "PYTHONIOENCODING": "utf-8"}
        printed = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, encoding="utf-8")
    report = re.sub(r"\d+\.\d s$", "0.3 s", printed.stdout.rstrip(), flags=re.MULTILINE)
    return f"```python\n{TOUR}```\n\n```console\n$ tfkdoctor migrate .\n{report}\n```"


def rule() -> str:
    """The shortest rule that rewrites, is run for real and has a counterexample, as it stands in its file."""
    text = (ROOT / "rules" / "keras.toml").read_text("utf-8")
    tables = re.findall(r"^\[TFK\d+\]\n.*?(?=\n\[TFK|\Z)", text, re.MULTILINE | re.DOTALL)
    whole = [
        table for table in tables if {"after", "expect", "run"} <= set(re.findall(r"^(\w+) +=", table, re.MULTILINE))
    ]
    return f"```toml\n{min(whole, key=len).rstrip()}\n```"


BLOCKS: dict[str, Callable[[], str]] = {
    "tour": tour,
    "rule": rule,
    "configuration": configuration,
    "hooks": hooks,
}


GATE_HEAD = """\
# Words that make a file worth parsing besides keras and tensorflow: methods that the rules call distinctive, and the
# arguments of old models' methods that no Keras of today has. Generated by: python -m tfkdoctor.dev.docs
"""
MODELS = ("keras.models.Model", "keras.models.Sequential")


def gate() -> str:
    """`rules/gate.txt`. A file that imports no Keras can still be handed a model; it then calls the model's methods."""
    rows = [row for rule in load_rules() for row in rule.rows]
    methods = {name.rpartition(".")[2] for row in rows if row.verb == "methods" and row.distinctive for name in row.of}
    arguments = {name for name in old_arguments() - modern_words() if "_" in name}
    return GATE_HEAD + "".join(f"{word}\n" for word in sorted(methods | arguments))


def old_arguments() -> set[str]:
    """What the methods of a model took in the versions of Keras that a project may come from."""
    view = index.load("keras")
    found: set[str] = set()
    for version in view.versions():
        classes = list(MODELS)
        while classes:
            symbol = view.get(classes.pop(), version)
            if symbol is None:
                continue
            classes += [base for base in symbol.bases if ":" not in base]
            for member in view.members(symbol.name, version):
                method = view.method(symbol.name, member, version)
                if method is not None and method.signature is not None:
                    found |= {parameter.name for parameter in method.signature.parameters}
    return found


def modern_words() -> set[str]:
    """Every word that the newest tf.keras has in a name or a signature."""
    lines = (index.rules_dir() / "api" / "tensorflow.keras.txt").read_text("utf-8").splitlines()
    newest = index.load("tensorflow.keras").versions()[-1]
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    alive = [row for row in rows if len(row) > 2 and (row[1] == "*" or row[1].endswith(newest))]
    return {word for row in alive for column in (row[0], *row[3:]) for word in re.findall(r"\w+", column)}


def fill(text: str) -> str:
    """`text` with what stands between `<!-- name -->` and `<!-- end -->` written anew, for each block of BLOCKS."""
    for name, write in BLOCKS.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        text = pattern.sub(lambda match, write=write: f"{match[1]}{write()}\n{match[2]}", text)  # type: ignore[misc]
    return text


def derived() -> dict[Path, str]:
    """Every derived file and the text that it should have."""
    return {
        README: fill(README.read_text("utf-8")),
        ROOT / "CODES.md": all_codes(),
        ROOT / "rules" / "gate.txt": gate(),
        **{ROOT / "rules" / "schema" / name: text for name, text in schema.texts().items()},
    }


def main(arguments: list[str]) -> int:
    stale = [path for path, text in derived().items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        print(f"{path.relative_to(ROOT)}: stale" if "--check" in arguments else f"{path.relative_to(ROOT)}: written")
    if "--check" in arguments:
        return 1 if stale else 0
    for path, text in derived().items():
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
