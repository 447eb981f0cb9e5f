"""The execution mode of programs: graph mode is global, so one choice holds for an entry point and all it imports.

A program that needs sessions, placeholders, variable scopes or the layers on them goes to `tensorflow.compat.v1` with
v2 behaviour off, whole. One of Keras models never does, since Keras 3 wants eager execution; nor does one that asks
for eager execution itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tfkdoctor.migrate.summary import Summary
from tfkdoctor.model import Fallback

COMPAT = "tensorflow.compat.v1"
SWITCHES = frozenset(
    f"{root}.{name}" for root in ("tensorflow", COMPAT) for name in ("disable_v2_behavior", "disable_eager_execution")
)
EAGER = frozenset(
    [
        "tensorflow.enable_eager_execution",
        "tensorflow.compat.v1.enable_eager_execution",
        "tensorflow.enable_v2_behavior",
        "tensorflow.contrib.eager.enable_eager_execution",
    ]
)
_SESSIONS = ("tensorflow.Session", "tensorflow.placeholder", "tensorflow.InteractiveSession")
_GRAPH_METHODS = frozenset(["minimize", "compute_gradients", "apply_gradients"])  # of the optimizers of tf.train
_TEST_SESSIONS = ("test_session", "cached_session", "session")  # of TensorFlow's test cases
_NO_MODELS = ("datasets", "utils", "preprocessing", "initializers", "regularizers", "activations", "constraints")


@dataclass(frozen=True, slots=True)
class Needs:
    """What the rules say of the names that a project uses."""

    graph: frozenset[str] = frozenset()  # that need graph mode
    session: frozenset[str] = frozenset()  # of these: all that a Keras program says to sessions, which can go
    style: frozenset[str] = frozenset()  # that need graph mode where nothing else of the program is Keras
    legacy: frozenset[str] = frozenset()  # of TensorFlow 1, and not in the target


@dataclass(frozen=True, slots=True)
class Modes:
    """How the programs of a project run on the target."""

    graph: Mapping[str, str] = field(default_factory=dict)  # path -> what makes a program of this file need graph mode
    compat: frozenset[str] = frozenset()  # files of programs that go to compat.v1
    eager: frozenset[str] = frozenset()  # files of programs that ask for eager execution
    switches: Mapping[str, str] = field(default_factory=dict)  # entry points that must switch v2 off -> the reason
    callers: Mapping[str, str] = field(default_factory=dict)  # files whose importers must do it -> the reason
    switched: frozenset[str] = frozenset()  # files of programs that switch v2 off already


def fallbacks(modes: Modes) -> tuple[Fallback, ...]:
    """Every program that goes to compat.v1 with what sends it there, by path."""
    found = [(path, reason, True) for path, reason in modes.switches.items()]
    found += [(path, reason, False) for path, reason in modes.callers.items()]
    return tuple(
        Fallback(path, reason.partition(" in ")[0], reason, program) for path, reason, program in sorted(found)
    )


def decide(
    programs: Mapping[str, tuple[str, ...]],
    closures: Mapping[str, frozenset[str]],
    summaries: Mapping[str, Summary],
    needs: Needs,
    wanted: str,
) -> Modes:
    """The mode of each file; `closures` are the programs by their entry points, `programs` all files that belong
    together with one (see `link`), `wanted` is the setting `--tf1`."""
    reasons: dict[str, str] = {}
    compat: set[str] = set()
    eager: set[str] = set()
    for entry, members in closures.items():
        known = [summaries[m] for m in sorted(members) if m in summaries]
        reason = _reason(entry, known, needs) or (_legacy(known, needs) if wanted == "compat" else "")
        if _asks_for_eager(known):
            eager |= members
        elif reason and not any(_has_models(one) for one in known):
            reasons[entry] = reason
            compat |= {one.path for one in known}
    graph = {path: _graph(path, program, summaries, needs) for path, program in programs.items() if path in summaries}
    found = {path: reason for path, reason in graph.items() if reason and path not in eager}
    for entry, reason in reasons.items():
        found.update({path: reason for path in closures[entry] if path in summaries and path not in found})
    done = {entry for entry in reasons if _is_switched(closures[entry], summaries)}
    switches = {e: r for e, r in reasons.items() if e not in done and is_program(summaries.get(e), e)}
    reached = {path for entry in (*switches, *done) for path in closures[entry]}
    callers = {e: r for e, r in reasons.items() if e not in reached}
    off = {
        m
        for members in closures.values()
        if _is_switched(members, summaries) and not any(_has_models(summaries[m]) for m in members if m in summaries)
        for m in members
    }
    return Modes(found, frozenset(compat), frozenset(eager - compat), switches, callers, frozenset(off))


def _reason(entry: str, known: Iterable[Summary], needs: Needs) -> str:
    """The first name that makes a program need graph mode, with its file; its own entry point's first."""
    ordered = sorted(known, key=lambda s: (s.path != entry, s.path))
    keras = any(_has_models(one) for one in ordered)
    wanted = needs.graph if keras else needs.graph | needs.style
    for one in ordered:
        uses = sorted(name for name in one.names if name in wanted) or _tests(one)
        if uses:
            return f"{uses[0]} in {one.path}"
    return ""


def _tests(one: Summary) -> list[str]:
    """The session of TensorFlow's own test case, where something is run or evaluated in one."""
    cases = [name for name in one.names if name.startswith("tensorflow.") and name.endswith("TestCase")]
    first = not any(name.startswith("tensorflow.compat.v2") for name in one.names)
    runs = first and cases and not one.methods.isdisjoint(("run", "eval"))
    return [f"tensorflow.test.TestCase.{name}" for name in _TEST_SESSIONS if runs and name in one.methods][:1]


def _legacy(known: Iterable[Summary], needs: Needs) -> str:
    uses = sorted((one.path, name) for one in known for name in one.names if name in needs.legacy)
    return f"{uses[0][1]} in {uses[0][0]}, and --tf1 compat" if uses else ""


def _graph(path: str, program: tuple[str, ...], summaries: Mapping[str, Summary], needs: Needs) -> str:
    """What makes a program of this file need graph mode, "" if nothing does.

    A program of Keras models that merely configures its session, or hands it to Keras, does not: it has nothing that
    runs in one.
    """
    known = [summaries[member] for member in program if member in summaries]
    used = frozenset(name for one in known for name in one.names)
    methods = frozenset(name for one in known for name in one.methods)
    keras = any(name.partition(".")[0] == "keras" or ".keras." in name for name in used)
    trains = methods & _GRAPH_METHODS and any(n.startswith("tensorflow.train.") for n in used)
    needed = needs.graph - needs.session if keras and not trains else needs.graph
    for member in (path, *program):
        if member not in summaries:
            continue
        uses = sorted(name for name in summaries[member].names if name in needed) or _tests(summaries[member])
        if uses:
            return f"{uses[0]} in {member}"
    return ""


def _asks_for_eager(known: Iterable[Summary]) -> bool:
    names = frozenset(name for one in known for name in one.names)
    return bool(names & EAGER) and not any(name in names for name in _SESSIONS)


def _has_models(one: Summary) -> bool:
    return any(_is_model(name) for name in (*one.names, *one.imports))


def _is_model(name: str) -> bool:
    """Whether a name is of Keras' models, layers or training, and not merely of its data and helpers."""
    parts = name.split(".")
    if "keras" not in parts:
        return False
    rest = parts[parts.index("keras") + 1 :]
    return rest[0] not in _NO_MODELS if rest else parts == ["keras"]


def _is_switched(members: Iterable[str], summaries: Mapping[str, Summary]) -> bool:
    """Whether an entry point, or a module that it imports, switches v2 behaviour off already."""
    return any(summaries[m].names & SWITCHES for m in members if m in summaries)


def is_program(summary: Summary | None, path: str) -> bool:
    """Whether a file that nobody imports is a program: it does something when it runs, and does not merely define."""
    name = path.rpartition("/")[2]
    if summary is None or name in ("__init__.py", "conftest.py", "setup.py"):
        return False
    return summary.script or summary.acts or is_test(path)


def is_test(path: str) -> bool:
    """Whether pytest or unittest collects a file by its name."""
    name = path.rpartition("/")[2].removesuffix(".py")
    return name.startswith("test_") or name.endswith("_test")
