"""Read a Pipfile: its packages, those for development, and the Python that it requires."""

from __future__ import annotations

from pathlib import Path

from tfkdoctor.doctor.files.declared import Manifest, Setting
from tfkdoctor.doctor.files.poetry import pins_of
from tfkdoctor.doctor.files.toml_text import header_at, load, table
from tfkdoctor.model import Finding


def read_pipfile(path: Path) -> Manifest:
    """The packages, and all with those for development."""
    text, data = load(path)
    findings: list[Finding] = []
    requires = table(data.get("requires"))
    said = requires.get("python_full_version") or requires.get("python_version")
    python = "" if not isinstance(said, str) else f"=={said}" if said.count(".") > 1 else f"=={said}.*"
    sections = [
        [
            pin
            for name, value in table(data.get(section)).items()
            for pin, _ in pins_of(path, text, header_at(text, section), name, value, findings)
        ]
        for section in ("packages", "dev-packages")
    ]
    reason = "[requires]" if python else ""
    settings = [Setting("", tuple(sections[0]), python, reason)]
    if sections[1]:
        settings.append(Setting("with dev-packages", (*sections[0], *sections[1]), python, reason))
    return Manifest(str(path), tuple(settings), {str(path): text}, tuple(findings))
