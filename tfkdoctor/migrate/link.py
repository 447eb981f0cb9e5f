"""What no file can know alone: who imports whom, what is re-exported, which program runs how, where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tfkdoctor.migrate import modes
from tfkdoctor.migrate import origin as origins
from tfkdoctor.migrate.summary import Pass, Summary
from tfkdoctor.migrate.survey import Value
from tfkdoctor.model import Finding, Origin, Target

_SEPARATOR = "\N{ONE DOT LEADER}"  # stands for a dot inside a folder's or a file's own name


def module_name(path: str) -> str:
    """A dotted name for a file, unique in the project: its path from the root."""
    stem = path.removesuffix(".pyi").removesuffix(".py").removesuffix("/__init__")
    return ".".join(part.replace(".", _SEPARATOR) for part in stem.split("/"))


def package_name(path: str) -> str:
    """The package that relative imports in this file start from."""
    name = module_name(path)
    return name if path.endswith(("/__init__.py", "/__init__.pyi")) else name.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """The facts of a project that its files are migrated with; picklable."""

    summaries: Mapping[str, Summary] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)  # module name -> path
    origins: Mapping[str, Origin] = field(default_factory=dict)  # path -> origin of its programs
    modes: modes.Modes = field(default_factory=modes.Modes)  # how each program runs on the target
    programs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # path -> all files of programs that it is in
    files: frozenset[str] = frozenset()  # every Python file of the project
    entries: frozenset[str] = frozenset()  # entry points of programs
    edges: Mapping[str, frozenset[str]] = field(default_factory=dict)  # path -> the project's files that it imports
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)  # path -> names that other files import from it
    modern: frozenset[str] = frozenset()  # files whose `import keras` means Keras 3
    legacy_tf: frozenset[str] = frozenset()  # files of programs that use TensorFlow 1 names
    first_tf: frozenset[str] = frozenset()  # files of programs that are written for TensorFlow 1 alone
    told_first: bool = False  # the user or the project's files say that TensorFlow is 1
    passes: Mapping[str, tuple[tuple[str, Pass], ...]] = field(default_factory=dict)  # by the callee's last part
    methods: frozenset[str] = frozenset()  # the names of all methods that the project's classes define
    origin: Origin = field(default_factory=Origin)
    target: Target = field(default_factory=Target)
    findings: tuple[Finding, ...] = ()
    _located: dict[tuple[str, str], tuple[str, tuple[str, ...]] | None] = field(
        default_factory=dict, compare=False, repr=False
    )

    def origin_of(self, path: str) -> Origin:
        return self.origins.get(path, self.origin)

    def mode_of(self, path: str) -> str:
        """How the programs of a file run on the target: "compat", "eager" where they ask for that, or "native"."""
        return "compat" if path in self.modes.compat else "eager" if path in self.modes.eager else "native"

    def locate(self, path: str, dotted: str) -> tuple[str, tuple[str, ...]] | None:
        """The project file that a dotted name in `path` leads into, and the names left to look up in it."""
        key = (path, dotted)
        if key not in self._located:
            self._located[key] = locate(self.modules, path, dotted)
        return self._located[key]

    def is_own(self, path: str, dotted: str) -> bool:
        """Whether a dotted name means the project's own module, such as somebody's `keras.py`."""
        return self.locate(path, dotted) is not None

    def follow(self, path: str, canonical: str, depth: int = 0) -> str:
        """Where a name leads through the project's re-exports: `mypkg.compat.K` to `keras.backend`."""
        found = self.locate(path, canonical) if depth < 10 else None
        if found is None:
            return canonical
        file, rest = found
        if not rest:
            return self._over_module(path, canonical, depth)
        summary = self.summaries.get(file)
        if summary is None:
            return canonical
        values = summary.exports.get(rest[0])
        if values is None:
            for star in reversed(summary.stars):
                reached = self.follow(file, ".".join([star, *rest]), depth + 1)
                if reached.partition(".")[0] in ("keras", "tensorflow") or self.locate(file, reached):
                    return reached
            return canonical
        refs = sorted({v.name for v in values if v.kind == "ref"}, key=len)
        if not refs or refs == [canonical] or len({_plain(name) for name in refs}) != 1:
            return canonical
        return self.follow(file, ".".join([refs[0], *rest[1:]]), depth + 1)

    def _over_module(self, path: str, canonical: str, depth: int) -> str:
        """What a package's `from .squash import squash` puts over its module of that name."""
        package, _, leaf = canonical.rpartition(".")
        found = self.locate(path, package) if package else None
        summary = self.summaries.get(found[0]) if found is not None and not found[1] else None
        values = summary.exports.get(leaf, ()) if summary is not None else ()
        names = {v.name for v in values if v.kind == "ref" and v.name.endswith(f".{leaf}.{leaf}")}
        if found is None or len(names) != 1 or len(values) != 1:
            return canonical
        return self.follow(found[0], names.pop(), depth + 1)

    def support_home(self, path: str, name: str) -> tuple[str, str]:
        """The file of the support module for the program of `path`, and the module as `path` imports it.

        Inside a package it lies at the package's top and is imported relatively, by a script of the package by its full
        name; else it lies beside the program's entry point, whose folder Python has on its path.
        """
        folders = path.split("/")[:-1]
        depth = 0
        if self.runs_as_script(path):
            return "/".join([*folders, f"{name}.py"]), name
        while depth < len(folders) and "/".join([*folders[: len(folders) - depth], "__init__.py"]) in self.files:
            depth += 1
        if depth:
            top = folders[: len(folders) - depth + 1]
            summary = self.summaries.get(path)
            script = summary is not None and summary.script  # run by its path it has no package to be relative to
            return "/".join([*top, f"{name}.py"]), f"{top[-1]}.{name}" if script else "." * depth + name
        entries = [p for p in self.programs.get(path, ()) if p in self.entries and path in self.programs.get(p, ())]
        beside = path if path in self.entries or not entries else entries[0]
        return "/".join([*beside.split("/")[:-1], f"{name}.py"]), name

    def support_imports(self, path: str, home: str) -> dict[str, str]:
        """Pieces that `path` imports from its support module already: name -> what it is called there."""
        summary = self.summaries.get(path)
        found = {}
        for bound, values in summary.exports.items() if summary is not None else ():
            for value in values:
                located = self.locate(path, value.name) if value.kind == "ref" else None
                if located is not None and located[0] == home and len(located[1]) == 1:
                    found[located[1][0]] = bound
        return found

    def reach(self, function: str, seen: frozenset[str] = frozenset()) -> int | None:
        """The most positional arguments that any call in the project gives a function; None if it cannot be told."""
        if not function or function in seen:
            return None
        most: list[int] = []
        for path, one in self.passes.get(function.rpartition(".")[2], ()):
            if not one.bound and self._same(path, one.callee, function):
                behind = 0 if one.star is None else self.reach(one.star, seen | {function})
                if behind is None:
                    return None
                most.append(one.positional + behind)
        return max(most, default=None)

    def given(self, path: str, function: str, place: int | None, name: str) -> Iterator[tuple[str, tuple[Value, ...]]]:
        """What other files than `path` give a parameter of its function: the file of the call, and the values there."""
        for other, one in self.passes.get(function.rpartition(".")[2], ()):
            if other != path and not one.bound and self._same(other, one.callee, function):
                yield from ((other, values) for key, values in one.given if key in (place, name))

    def received(self, function: str, place: int, name: str) -> Iterator[tuple[str, tuple[Value, ...]]]:
        """What the calls in the project give a parameter of a function, method or class; of a method without self."""
        function = function.removesuffix(".__init__")
        for path, one in self.passes.get(function.rpartition(".")[2], ()):
            if self._same(path, one.callee, function):
                yield from ((path, values) for key, values in one.given if key in (place, name))

    def _same(self, path: str, name: str, function: str) -> bool:
        if name.rpartition(".")[2] != function.rpartition(".")[2]:
            return False
        found, wanted = self.locate(path, self.follow(path, name)), self.locate("", function)
        return found is not None and found == wanted

    def program_names(self, path: str) -> frozenset[str]:
        """The Keras and TensorFlow names that the programs of a file use."""
        program = (self.summaries[m] for m in self.programs.get(path, (path,)) if m in self.summaries)
        return frozenset(name for summary in program for name in summary.names)

    def program_methods(self, path: str) -> frozenset[str]:
        """The names of the methods and attributes that the programs of a file use."""
        program = (self.summaries[m] for m in self.programs.get(path, (path,)) if m in self.summaries)
        return frozenset(name for summary in program for name in summary.attributes)

    def defines_method(self, name: str) -> bool:
        """Whether a class of the project has a method of this name."""
        return name in self.methods

    def defines_attribute(self, name: str) -> bool:
        """Whether a class of the project sets an attribute of this name on its instances, or has such a method."""
        classes = (cls for summary in self.summaries.values() for cls in summary.classes.values())
        return name in self.methods or any(name in cls.attributes for cls in classes)

    def is_standalone(self, path: str) -> bool:
        """Whether the programs of a file use standalone Keras."""
        return any(name == "keras" or name.startswith("keras.") for name in self.program_names(path))

    def neighbours(self, paths: frozenset[str]) -> frozenset[str]:
        """Files that import one of these, or that one of these imports, directly or through others."""
        found: set[str] = set()
        for edges in (self.edges, _reversed(self.edges)):
            for path in paths:
                found |= _closure(path, edges)
        return frozenset(found & set(self.summaries))

    def runs_as_script(self, path: str) -> bool:
        """Whether a file in a package is run by its path: with a main guard, importing neighbours by bare names."""
        summary = self.summaries.get(path)
        if summary is None or not summary.script:
            return False
        folder = path.rpartition("/")[0]
        bare = {name.partition(".")[0] for name in summary.imports}
        return any(f"{folder}/{name}.py" in self.files for name in bare)

    def providers(self, path: str, canonical: str, depth: int = 0) -> tuple[tuple[str, int, str], ...]:
        """Where a name that comes through the project is imported from the library: file, offset of the alias, name."""
        found = self.locate(path, canonical) if depth < 10 else None
        summary = self.summaries.get(found[0]) if found is not None else None
        if found is None or summary is None or not found[1]:
            return ()
        file, name = found[0], found[1][0]
        places = summary.imports_at.get(name if name in summary.exports else "*", ())
        result: list[tuple[str, int, str]] = []
        for offset, imported in places:
            inner = imported if name in summary.exports else f"{imported}.{name}"
            if self.locate(file, imported) is not None:
                result += self.providers(file, inner, depth + 1)
            else:
                result.append((file, offset, imported))
        return tuple(result)

    def exported(self, path: str, canonical: str) -> tuple[str, str, tuple[Value, ...]] | None:
        """The file, the name and the values behind a project-level name, or None."""
        found = self.locate(path, canonical)
        if found is None or len(found[1]) != 1 or found[0] not in self.summaries:
            return None
        values = self.summaries[found[0]].exports.get(found[1][0])
        return (found[0], found[1][0], values) if values is not None else None


@dataclass(frozen=True, slots=True)
class NameKinds:
    """What the index says of the names that a project uses."""

    gone_tensorflow: frozenset[str] = frozenset()  # of TensorFlow 1, and not in the target
    graph: frozenset[str] = frozenset()  # that need graph mode
    session: frozenset[str] = frozenset()  # of these: all that a Keras program says to sessions, which can go
    style: frozenset[str] = frozenset()  # that need graph mode where nothing else of the program is Keras
    modern_tensorflow: frozenset[str] = frozenset()  # that TensorFlow 1 did not have
    modern_keras: frozenset[str] = frozenset()  # that only Keras 3 has
    gone_keras: frozenset[str] = frozenset()  # that Keras 3 has no more


def link(
    summaries: Mapping[str, Summary],
    files: Iterable[str],
    declared: origins.Declared,
    names: NameKinds,
    mode: str = "auto",
    carried: frozenset[str] = frozenset(),
) -> ProjectFacts:
    """Unite the summaries of a project; `files` are all Python files, whether summarized or not.

    `mode` is what the user wants of programs of TensorFlow 1: auto, native or compat. `carried` are support modules,
    which say nothing of the programs that carry them.
    """
    files = frozenset(files)
    modules = {module_name(path): path for path in files}
    edges = {path: frozenset(_imported_files(modules, summary)) for path, summary in summaries.items()}
    programs = _programs(summaries, edges)
    entries = _entries(summaries, edges)
    closures = {entry: frozenset(_closure(entry, edges)) for entry in sorted(entries)}
    reached = {path for members in closures.values() for path in members}
    closures |= {path: frozenset(programs[path]) for path in sorted(summaries) if path not in reached}
    needs = modes.Needs(names.graph, names.session, names.style, names.gone_tensorflow)
    own = {path: summary for path, summary in summaries.items() if path not in carried}
    chosen = {path: origins.choose(declared, [summaries[m] for m in program]) for path, program in programs.items()}
    legacy = {path for path, summary in summaries.items() if summary.names & names.gone_tensorflow}
    legacy_tf = {p for p, program in programs.items() if any(member in legacy for member in program)}
    return ProjectFacts(
        summaries=dict(summaries),
        modules=modules,
        origins=chosen,
        modes=modes.decide(programs, closures, own, needs, mode),
        programs=programs,
        files=files,
        entries=entries,
        taken=_taken(modules, summaries),
        edges=edges,
        modern=origins.modern_files(declared, summaries, programs, names.modern_keras, names.gone_keras),
        legacy_tf=frozenset(legacy_tf),
        first_tf=_first_tensorflow(programs, summaries, names, chosen),
        told_first=declared.first,
        passes=_passes(summaries),
        methods=frozenset(name for s in summaries.values() for cls in s.classes.values() for name in cls.methods),
        origin=origins.choose(declared, list(summaries.values())),
        target=declared.target,
    )


def _passes(summaries: Mapping[str, Summary]) -> dict[str, tuple[tuple[str, Pass], ...]]:
    """All calls of the project's own functions with the files of the calls, by the last part of what is called."""
    found: dict[str, list[tuple[str, Pass]]] = {}
    for path, summary in summaries.items():
        for one in summary.passes:
            found.setdefault(one.callee.rpartition(".")[2], []).append((path, one))
    return {name: tuple(calls) for name, calls in found.items()}


def _plain(name: str) -> str:
    """A name of Keras without the package that it comes in, so that the arms of an import are seen to be one."""
    for prefix in ("tensorflow.python.", "tensorflow.contrib.", "tensorflow."):
        if name.startswith(f"{prefix}keras"):
            return name.removeprefix(prefix)
    return name


def _imported_files(modules: Mapping[str, str], summary: Summary) -> Iterator[str]:
    for name in summary.imports:
        found = locate(modules, summary.path, name)
        if found is not None and found[0] != summary.path:
            yield found[0]


def _taken(modules: Mapping[str, str], summaries: Mapping[str, Summary]) -> dict[str, frozenset[str]]:
    """path -> the names that other files import from it."""
    found: dict[str, set[str]] = {}
    for path, summary in summaries.items():
        for name in summary.imports:
            located = locate(modules, path, name)
            if located is not None and located[0] != path and located[1]:
                found.setdefault(located[0], set()).add(located[1][0])
    return {path: frozenset(names) for path, names in found.items()}


def _programs(summaries: Mapping[str, Summary], edges: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    """For each file all files of the programs that it belongs to.

    A program is an entry point (imported by nobody, or with a main guard) and all that it imports; what no entry point
    reaches is judged with everything that imports it.
    """
    entries = _entries(summaries, edges)
    members: dict[str, set[str]] = {path: {path} for path in summaries}
    for entry in entries:
        closure = _closure(entry, edges)
        for path in closure:
            members.setdefault(path, {path}).update(closure)
    importers = _reversed(edges)
    reached = {path for entry in entries for path in _closure(entry, edges)}
    for path in summaries:
        if path not in reached:
            members[path] |= _closure(path, importers) | _closure(path, edges)
    return {
        path: tuple(sorted(m for m in found if m in summaries)) for path, found in members.items() if path in summaries
    }


def _entries(summaries: Mapping[str, Summary], edges: Mapping[str, frozenset[str]]) -> frozenset[str]:
    imported = {target for targets in edges.values() for target in targets}
    return frozenset(p for p, s in summaries.items() if s.script or p not in imported)


def _reversed(edges: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for path, targets in edges.items():
        for target in targets:
            found.setdefault(target, set()).add(path)
    return {path: frozenset(importers) for path, importers in found.items()}


def _closure(start: str, edges: Mapping[str, frozenset[str]]) -> set[str]:
    seen = {start}
    stack = [start]
    while stack:
        for target in edges.get(stack.pop(), ()):
            if target not in seen:
                seen.add(target)
                stack.append(target)
    return seen


def _first_tensorflow(
    programs: Mapping[str, tuple[str, ...]],
    summaries: Mapping[str, Summary],
    names: NameKinds,
    chosen: Mapping[str, Origin],
) -> frozenset[str]:
    """The files of programs written for TensorFlow 1 alone: with what only it had, or a Keras of its time."""
    found = set()
    for path, program in programs.items():
        used = frozenset(name for member in program for name in summaries[member].names)
        old_keras = any(is_standalone_name(n) for n in used) and not chosen[path].keras.startswith("2.3")
        if "tensorflow.GradientTape" in used and not used & modes.EAGER:
            continue  # a tape records nothing that is run later: eager is what this program takes for granted
        shown = used & names.gone_tensorflow or old_keras or _logs_as_first([summaries[m] for m in program])
        if shown and not used & names.modern_tensorflow:
            found.add(path)
    return frozenset(found)


_LOGGED = {"accuracy": "acc", "mae": "mean_absolute_error", "mse": "mean_squared_error"}


def _logs_as_first(program: Sequence[Summary]) -> bool:
    """Whether a program of tf.keras asks its logs for what only TensorFlow 1 called so: 'val_acc' for ['accuracy'].

    (`training_utils.get_metric_name` of TF 1.15: the function's name; with TensorFlow 2 the name that was given.)
    """
    if not any(name.startswith(("tensorflow.keras", "tensorflow.python.keras")) for s in program for name in s.names):
        return False
    measured = {key for summary in program for key in summary.measured}
    asked = {key.removeprefix("val_") for summary in program for key in summary.asked}
    return any(
        given in measured and logged in asked and logged not in measured and given not in asked
        for given, logged in _LOGGED.items()
    )


def is_standalone_name(name: str) -> bool:
    """Whether a canonical name is of standalone Keras."""
    return name == "keras" or name.startswith("keras.")


def locate(modules: Mapping[str, str], path: str, dotted: str) -> tuple[str, tuple[str, ...]] | None:
    """The file that a dotted name in `path` leads into, and the names left over."""
    if dotted.startswith("."):
        return locate(modules, "", dotted[1:]) if dotted != "." else None
    parts = dotted.split(".")
    folder = module_name(path).rpartition(".")[0]
    bases = [folder]
    while folder:
        folder = folder.rpartition(".")[0]
        bases.append(folder)
    bases += ["src"] if path else []
    if parts[0] in ("keras", "tensorflow"):  # inside a package, an absolute import does not mean the sibling
        bases = [base for base in bases if not modules.get(base, "").endswith("__init__.py")]
        if modules.get(parts[0], "").endswith(".py") and not modules[parts[0]].endswith("__init__.py"):
            bases = [base for base in bases if base or "/" not in path]  # a keras.py is found from its own folder only
    found = (_within(modules, base, parts) for base in dict.fromkeys(bases))
    matches = (match for match in found if match is not None)
    if parts[0] in path.split("/")[:-1]:  # `nmt.model` in nmt/train.py is of the package, even beside nmt/nmt.py
        return min(matches, key=lambda match: len(match[1]), default=None)
    return next(matches, None)


def _within(modules: Mapping[str, str], base: str, parts: list[str]) -> tuple[str, tuple[str, ...]] | None:
    """The file that the longest part of a dotted name stands for, below a folder, and the names left over."""
    for size in range(len(parts), 0, -1):
        candidate = ".".join([*([base] if base else []), *parts[:size]])
        if candidate in modules:
            return modules[candidate], tuple(parts[size:])
    return None
