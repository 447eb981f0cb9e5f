"""Writes what is derived from rules and options: tables and snippets of README.md, and `rules/gate.txt`.

python -m tfkdoctor.dev.docs            rewrite what is stale
python -m tfkdoctor.dev.docs --check    say what is stale, and end with 1 if anything is
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tfkdoctor import __version__, cli
from tfkdoctor.config import KEYS
from tfkdoctor.knowledge import load_rules
from tfkdoctor.report.listing import Row, check_rows, rule_rows
from tfkdoctor.validate import index

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def codes(rows: list[Row]) -> str:
    return table(("code", "", "what"), [(f"`{row.code}`", row.grade, row.summary) for row in rows])


def configuration() -> str:
    """Each key with the help of the option that goes before it."""
    said = {parameter.name: getattr(parameter, "help", "") for parameter in cli.migrate.params}
    rows = []
    for key, (kind, allowed) in KEYS.items():
        values = ", ".join(f'`"{value}"`' for value in allowed) or {"list": "list of strings"}.get(kind, kind)
        rows.append((f"`{key}`", values, str(said.get(key.replace("-", "_"), ""))))
    return table(("key", "value", "what"), rows)


def hooks() -> str:
    """A `.pre-commit-config.yaml` with every hook that the project offers."""
    offered = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
    found = re.findall(r"^- id: (\S+)\n  name: (.+)$", offered, re.MULTILINE)
    width = max(len(name) for name, _ in found)
    lines = [f"      - id: {name:<{width}}  # {title}" for name, title in found]
    head = ["```yaml", "repos:", "  - repo: <this repository>", f"    rev: v{__version__}", "    hooks:"]
    return "\n".join([*head, *lines, "```"])


BLOCKS: dict[str, Callable[[], str]] = {
    "rules": lambda: codes(rule_rows()),
    "checks": lambda: codes(check_rows()),
    "configuration": configuration,
    "hooks": hooks,
}


GATE_HEAD = """\
# Words that only legacy TensorFlow and Keras code says: a file without any of them, and without `keras` and
# `tensorflow`, is not parsed. Written by `python -m tfkdoctor.dev.docs` from the distinctive methods of rules/*.toml
# and the old arguments that they name.
"""


def gate() -> str:
    """`rules/gate.txt`: methods that a rule calls distinctive, and arguments that no Keras of today has."""
    words: set[str] = set()
    for row in (row for rule in load_rules() for row in rule.rows):
        if row.verb == "methods" and row.distinctive:
            words |= {name.rpartition(".")[2] for name in row.of}
        if row.verb in ("methods", "calls"):
            words |= {hole for text in row.args.values() for hole in re.findall(r"\{(\w+)\}", text) if "_" in hole}
    return GATE_HEAD + "".join(f"{word}\n" for word in sorted(words - modern_words()) if word.isidentifier())


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
    return {README: fill(README.read_text("utf-8")), ROOT / "rules" / "gate.txt": gate()}


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
