"""The levels that execute code of the project: they run on a scratch copy of the migrated tree."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from tfkdoctor.model import Finding, MigrationRun
from tfkdoctor.support import module_text
from tfkdoctor.text import decode, encode
from tfkdoctor.validate import scratch
from tfkdoctor.validate.builders import find_builders
from tfkdoctor.validate.importing import ImportResult, import_all
from tfkdoctor.validate.models import ModelsResult, model_files, try_models


@dataclass(frozen=True, slots=True)
class Executed:
    """What the levels found; None where a level did not run."""

    imports: ImportResult | None = None
    models: ModelsResult | None = None

    def findings(self) -> tuple[Finding, ...]:
        results = (self.imports, self.models)
        return tuple(finding for result in results if result is not None for finding in result.findings())


def execute(
    run: MigrationRun, levels: Collection[str], python: str, arguments: Mapping[str, Mapping[str, object]]
) -> Executed:
    """Run the levels `import` and `models` of a migration in the interpreter `python`."""
    if not {"import", "models"} & set(levels):
        return Executed()
    with tempfile.TemporaryDirectory(prefix="tfkdoctor-validate-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        before = scratch.copy(Path(run.root), folder / "before" / Path(run.root).name)
        after = scratch.copy(Path(run.root), folder / "after" / Path(run.root).name)
        changed = lay(run, before, after)
        texts = dict(scratch.sources(after))
        imports = models = None
        if "import" in levels:
            imports = import_all(before, after, changed, list(texts), python, folder)
        if "models" in levels:
            looked_at = {file.path for file in run.files} | set(run.support)
            builders = [one for one in find_builders(texts, arguments) if one.path in looked_at]
            loader = folder / "loader.py"
            loader.write_text(module_text(["load_model"], None), "utf-8")
            modules = sorted({one.module for one in builders if one.kind != "module"})
            builders += model_files(after, modules, None if run.target.keras == "legacy" else loader)
            models = try_models(after, builders, python, folder, list(texts))
    return Executed(imports, models)


def lay(run: MigrationRun, before: Path, after: Path) -> list[str]:
    """Put the old texts into one copy and the new ones into the other, whether or not they are written already."""
    changed = []
    for file in run.files:
        content = run.kept.get(file.path)
        if file.text is None or content is None:
            continue
        source = decode(file.path, content)
        if isinstance(source, Finding):
            continue
        (before / file.path).write_bytes(content)
        (after / file.path).write_bytes(encode(file.text, source))
        changed.append(file.path)
    for path, text in run.support.items():
        (after / path).parent.mkdir(parents=True, exist_ok=True)
        (after / path).write_text(text, "utf-8")
        old = run.kept.get(path)
        if old is not None:
            (before / path).write_bytes(old)
        else:
            (before / path).unlink(missing_ok=True)
        changed.append(path)
    return sorted(set(changed))
