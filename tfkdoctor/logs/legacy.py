"""What `tfkdoctor migrate` makes of the line that raised: its own findings, asked with a few lines of code."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tfkdoctor.model import Finding, Settings, Severity

# Modules as TensorFlow names them in errors -> as programs write them.
_PRIVATE = (
    (re.compile(r"^tensorflow_core\.python\.keras\.api\._v\d\.keras|^keras\.api\._v\d\.keras"), "tensorflow.keras"),
    (re.compile(r"^keras\._tf_keras\.keras|^tensorflow_core\.keras"), "tensorflow.keras"),
    (re.compile(r"^tensorflow(?:_core)?\._api\.v\d\.compat\.v1"), "tensorflow.compat.v1"),
    (re.compile(r"^tensorflow(?:_core)?\._api\.v\d"), "tensorflow"),
    (re.compile(r"^tensorflow_core"), "tensorflow"),
)
_HEAD = ("TFK010", "TFK033", "TFK101")  # what is said of the whole program


def public(module: str) -> str:
    """A module as programs import it: `keras._tf_keras.keras.layers` is `tensorflow.keras.layers`."""
    for pattern, name in _PRIVATE:
        module = pattern.sub(name, module)
    return module


def ask(snippets: Mapping[str, str]) -> dict[str, tuple[Finding, ...]]:
    """The findings of the migrator about each snippet; all in one run, in a scratch folder."""
    from tfkdoctor.run import migrate_paths

    if not snippets:
        return {}
    with tempfile.TemporaryDirectory(prefix="tfkdoctor-") as scratch:
        folder, keys = Path(scratch), list(snippets)
        for at, key in enumerate(keys):
            path = folder / f"program{at}" / "main.py"  # a program each: graph mode of one is not that of another
            path.parent.mkdir()
            path.write_text(snippets[key], "utf-8")
        run = migrate_paths([folder], Settings(jobs=1), folder)
    by_path = {file.path: file.findings for file in run.files}
    return {key: tuple(filter(speaks, by_path.get(f"program{at}/main.py", ()))) for at, key in enumerate(keys)}


def speaks(finding: Finding) -> bool:
    return finding.code not in _HEAD and finding.severity is not Severity.HINT


def sentence(finding: Finding) -> str:
    """What one finding says, on one line."""
    said = f"{finding.code} {' '.join(finding.message.split())}"
    return f"{said}; {finding.help}" if finding.help and not finding.fix else said
