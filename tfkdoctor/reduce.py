"""From files to a project: surveys all, links, migrates each, and lets fall over all files what must fall together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import TypeVar

from tfkdoctor import knowledge, record, support, versions
from tfkdoctor.migrate import engine, link, modes, origin
from tfkdoctor.migrate.discover import Project
from tfkdoctor.migrate.link import ProjectFacts
from tfkdoctor.migrate.summary import Summary, summarize
from tfkdoctor.migrate.survey import survey_module
from tfkdoctor.model import Fallback, FileResult, Finding, Origin, Outcome, Settings, Severity, Target
from tfkdoctor.spellings import through_backend
from tfkdoctor.text import Source, decode

_In = TypeVar("_In")
_Out = TypeVar("_Out")


@dataclass(frozen=True, slots=True)
class Reduced:
    files: tuple[FileResult, ...]
    findings: tuple[Finding, ...]
    origin: Origin
    target: Target
    support: Mapping[str, str]  # path -> text of support modules
    fallbacks: tuple[Fallback, ...] = ()  # programs of the chosen files that go to compat.v1
    record: str | None = None  # the new text of the record, where a file changes


def migrate_all(
    project: Project,
    contents: Mapping[str, bytes],
    candidates: Sequence[str],
    wanted: Sequence[str],
    settings: Settings,
    pool: Executor | None,
    excluded: frozenset[str] = frozenset(),
) -> Reduced:
    """Migrate the `wanted` files, linked over all `candidates`; the same bytes come out with and without a pool."""
    past = record.read(project.root)
    known = past if isinstance(past, record.Record) else record.Record()
    said = origin.declared(project.root, project.start, versions.specifiers(settings.source), settings)
    said = replace(said, recorded=known.origins)
    versions.points_of(said.target.spec, settings.keras)
    try:
        surveyed = _mapped(pool, _summarize, [(path, contents[path]) for path in candidates])
        summaries = {path: s for path, s in zip(candidates, surveyed, strict=True) if s is not None}
        _add_stars(project, contents, summaries)
        carried = frozenset(path for path in summaries if support.is_module(contents[path]))
        wanted = [path for path in wanted if path not in carried]
        facts = _link(project, summaries, said, settings.tf1, carried)
        files = _until_rest(contents, wanted, facts, settings, pool, excluded)
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)
    origins = Counter(facts.origin_of(file.path) for file in files if file.references)
    chosen = origins.most_common(1)[0][0] if origins else facts.origin
    modules = _support_modules(files, facts, settings, contents)
    unread = (past,) if isinstance(past, Finding) else ()
    findings = (*unread, *record.remembered(known, files), *_hints(files, facts))
    changed = any(file.changed for file in files) and isinstance(past, record.Record)
    text = record.extended(known, files, facts.origins, facts.target, settings.numerics) if changed else None
    gone = tuple(one for one in modes.fallbacks(facts.modes) if one.path in set(wanted))
    return Reduced(files, findings, chosen, facts.target, modules, gone, text)


def _add_stars(project: Project, contents: Mapping[str, bytes], summaries: dict[str, Summary]) -> None:
    """Survey the project's own modules that a candidate takes everything from: they may hide a name of Keras."""
    modules = {link.module_name(path): path for path in project.files}
    pending = list(summaries.values())
    while pending:
        one = pending.pop()
        for star in one.stars:
            found = link.locate(modules, one.path, star)
            if found is not None and found[0] not in summaries and found[0] in contents:
                summary = _summarize((found[0], contents[found[0]]))
                if summary is not None:
                    summaries[found[0]] = summary
                    pending.append(summary)


def _until_rest(
    contents: Mapping[str, bytes],
    wanted: Sequence[str],
    facts: ProjectFacts,
    settings: Settings,
    pool: Executor | None,
    excluded: frozenset[str],
) -> tuple[FileResult, ...]:
    """Migrate each file, and those again that lose a fix because of another file, until nothing falls any more.

    The files that the wanted ones share names with are migrated in memory too, since what happens there decides what
    may happen here; a fix that needs one in a file that is not written falls. `excluded` only grows, so this ends.
    """
    chosen = frozenset(wanted)
    pending: Iterable[str] = sorted(chosen | facts.neighbours(chosen))
    results: dict[str, FileResult] = {}
    while True:
        work = [(path, contents[path], facts, settings, excluded) for path in pending]
        results.update({result.path: result for result in _mapped(pool, _migrate, work)})
        more = _must_fall(results, chosen) - excluded
        if not more:
            return tuple(result for path, result in results.items() if path in chosen)
        excluded |= more
        pending = sorted({_file_of(id_) for id_ in more} & set(results))


def _file_of(fix: str) -> str:
    return fix.split(":TFK")[0]


def _mapped(pool: Executor | None, function: Callable[[_In], _Out], work: Sequence[_In]) -> list[_Out]:
    """`map` in this process or in a pool, in the order of the work."""
    if pool is None:
        return [function(one) for one in work]
    return list(pool.map(function, work, chunksize=max(1, len(work) // 16)))


def _support_modules(
    files: Sequence[FileResult], facts: ProjectFacts, settings: Settings, contents: Mapping[str, bytes]
) -> dict[str, str]:
    """The support modules that the fixes of these files need, each with exactly the pieces that are needed."""
    needed: dict[str, set[str]] = {}
    bare: set[str] = set()  # modules that are imported by their name alone
    for file in files:
        pieces = {n.removeprefix("support:") for fix in file.fixes for n in fix.needs if n.startswith("support:")}
        if pieces:
            home, module = facts.support_home(file.path, settings.support_name)
            needed.setdefault(home, set()).update(pieces)
            bare |= {home} if not module.startswith(".") else set()
    together = {piece for home in bare for piece in needed[home]}
    for home in bare:  # in one process, such as pytest's, the first of them is imported for all
        needed[home] |= together
    texts = {}
    known = knowledge.load(facts.target.spec, facts.origin, keras=facts.target.keras)
    for path, pieces in needed.items():
        source = decode(path, contents[path]) if path in contents else None
        present = source.text if isinstance(source, Source) else None
        text = support.module_text(pieces, present, known.keras_generation, known.package)
        if text != present:
            texts[path] = text
    return texts


def _must_fall(results: Mapping[str, FileResult], written: frozenset[str]) -> frozenset[str]:
    """Fixes that another file holds, or whose requirements are not among the fixes that stand and are written."""
    held = {id_ for result in results.values() for id_ in result.holds}
    standing = {fix.id for path, result in results.items() for fix in result.fixes if path in written}
    return frozenset(
        fix.id
        for result in results.values()
        for fix in result.fixes
        if fix.id in held or not fix.requires <= standing | _own(result)
    )


def _own(result: FileResult) -> frozenset[str]:
    """The fixes of a file itself: in one that is only looked at they stand for each other."""
    return frozenset(fix.id for fix in result.fixes)


def _summarize(job: tuple[str, bytes]) -> Summary | None:
    path, content = job
    source = decode(path, content)
    if isinstance(source, Finding):
        return None
    survey = survey_module(source, link.module_name(path), link.package_name(path))
    return None if isinstance(survey, Finding) else summarize(survey)


def _migrate(job: tuple[str, bytes, ProjectFacts, Settings, frozenset[str]]) -> FileResult:
    path, content, facts, settings, excluded = job
    source: Source | Finding = decode(path, content)
    if isinstance(source, Finding):
        return FileResult(path, Outcome.REFUSED, (source,))
    known = knowledge.load(facts.target.spec, facts.origin_of(path), facts.mode_of(path), facts.target.keras)
    return engine.migrate(source, facts, settings, known, excluded)


def _link(
    project: Project, summaries: Mapping[str, Summary], said: origin.Declared, mode: str, carried: frozenset[str]
) -> ProjectFacts:
    known = knowledge.load(said.target.spec, Origin(), keras=said.target.keras)
    names = {name for summary in summaries.values() for name in summary.names}
    tensorflow = {n for n in names if through_backend(n).startswith("tensorflow.")}
    tensorflow = {n for n in tensorflow if not n.startswith("tensorflow.keras")}
    keras = {n for n in names if n.startswith("keras.")}
    kinds = link.NameKinds(
        gone_tensorflow=frozenset(n for n in tensorflow if _is_legacy(known, through_backend(n))),
        graph=frozenset(n for n in tensorflow if known.needs_graph(through_backend(n))),
        style=frozenset(n for n in tensorflow if known.is_graph_style(through_backend(n))),
        session=frozenset(n for n in tensorflow if known.is_session_idiom(through_backend(n))),
        modern_tensorflow=frozenset(n for n in tensorflow if known.is_modern_tensorflow(n)),
        modern_keras=frozenset(n for n in keras if known.is_modern_keras(n)),
        gone_keras=frozenset(n for n in keras if known.is_gone_keras(n)),
    )
    return link.link(summaries, project.files, said, kinds, mode, carried)


def _is_legacy(known: knowledge.Knowledge, name: str) -> bool:
    """Whether a TensorFlow name existed in 1.15 and is gone from the target."""
    parts = name.split(".")
    for size in range(len(parts), 1, -1):
        candidate = ".".join(parts[:size])
        if known.exists(candidate):
            return False
        if known.origin_symbol(candidate) is not None:
            return True
    return name.startswith("tensorflow.contrib")


def _hints(files: Sequence[FileResult], facts: ProjectFacts) -> tuple[Finding, ...]:
    """What was assumed of the origin of programs that change, said once for each origin."""
    assumed: dict[Origin, list[str]] = {}
    for file in files:
        origin_of = facts.origin_of(file.path)
        if origin_of.assumed and any(not fix.code.startswith(("TFK203", "TFK71")) for fix in file.fixes):
            assumed.setdefault(origin_of, []).append(file.path)
    alone = len(assumed) == 1
    help_text = "say otherwise with `--source keras==2.3.1`, or pin keras in requirements.txt"
    return tuple(
        Finding(
            "TFK010",
            f"{'taken' if alone else f'{_shown(paths)}: taken'} as written for keras {one.keras}: {one.reason}",
            Severity.HINT,
            help=help_text,
        )
        for one, paths in assumed.items()
    )


def _shown(paths: Sequence[str]) -> str:
    return paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"
