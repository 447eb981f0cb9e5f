"""The data that crosses every border of tfkdoctor.

Everything here is a frozen, picklable value. Positions in source text are offsets in code points of the decoded
text (`Edit`) or 1-based lines and columns in code points (`Span`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is: will not run or gives wrong numbers; may; worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Safety(StrEnum):
    """What the evidence behind a fix allows: apply, apply when asked for, leave to a person."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    MANUAL = "manual"


class Numerics(StrEnum):
    """Which numbers a migrated program prints: its own, its own to the last corner, or today's."""

    KEEP = "keep"
    EXACT = "exact"
    MODERN = "modern"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range of source text; lines and columns count from 1, columns in code points, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace the code points `start:end` of the decoded original by `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a finding rests on: the fact, its value, and where it was read (a file, a command, a variable)."""

    fact: str
    value: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Fix:
    """One change that can be applied or left out as a whole.

    `id` is stable between runs: path, code and position in the original. `requires` names fixes, of this file or of
    others, without which this one would be wrong. `needs` names support pieces and distributions (`pip:scikeras`).
    """

    id: str
    code: str
    edits: tuple[Edit, ...]
    safety: Safety = Safety.SAFE
    requires: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know, in code or in an environment.

    `path` is relative to where the run started, or None for an environment. `fix` is the id of the `Fix` that would
    mend it. `help` says what to do by hand; for the doctor it is the command that mends this one finding.
    """

    code: str
    message: str
    severity: Severity
    path: str | None = None
    span: Span | None = None
    help: str = ""
    evidence: tuple[Evidence, ...] = ()
    fix: str | None = None
    name: str = ""  # the canonical name that it is about, where there is one


class Outcome(StrEnum):
    """What became of a file."""

    UNTOUCHED = "untouched"  # the gate or the survey found nothing in it
    CLEAN = "clean"  # looked at, nothing to change
    CHANGED = "changed"  # new text in FileResult.text
    REFUSED = "refused"  # not understood; a finding says why


@dataclass(frozen=True, slots=True)
class FileResult:
    """What `migrate` says of one file. `text` is the new decoded text where the outcome is CHANGED, else None."""

    path: str
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    fixes: tuple[Fix, ...] = ()
    text: str | None = None
    references: int = 0  # references to TensorFlow and Keras names that were judged
    rewritten: int = 0  # of these, how many an applied fix changes the meaning or the text of
    holds: frozenset[str] = frozenset()  # fixes of other files that would make something here silently wrong

    @property
    def changed(self) -> bool:
        return self.outcome is Outcome.CHANGED


NEWEST_TARGET = "tensorflow>=2.21"  # what the newest harvested index stands for


@dataclass(frozen=True, slots=True)
class Origin:
    """The versions of keras and tensorflow that a program was written for, and how that is known."""

    keras: str = "2.2.5"
    tensorflow: str = "1.15.5"
    reason: str = "assumed"
    assumed: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """The TensorFlow range that the result must run on, e.g. `tensorflow>=2.16`, and how that is known."""

    spec: str = NEWEST_TARGET
    reason: str = "the newest known TensorFlow"
    keras: str = ""  # "legacy": the tf_keras package in place of tf.keras


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose for a migration; the same for every file of a run."""

    target: str | None = None  # a requirement such as "tensorflow>=2.16"; None: detected
    keras: str | None = None  # "3", "legacy" (the tf_keras package), or None: the tf.keras of the target
    source: tuple[str, ...] = ()  # requirements such as "keras==2.2.4"
    numerics: Numerics = Numerics.KEEP
    unsafe: bool = False
    support: bool = True
    support_name: str = "tf_legacy"
    tf1: str = "auto"  # what becomes of programs in graph mode: auto, native, compat
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    jobs: int = 0  # 0: as many as there are cores


@dataclass(frozen=True, slots=True)
class Fallback:
    """A program that goes to `tensorflow.compat.v1` whole, and what sends it there."""

    path: str  # its entry point; where no program of the project is one, the module that others import
    name: str  # what needs graph mode: tensorflow.Session
    reason: str  # that name, and the file that uses it
    program: bool = True  # False: whoever imports the module has to switch


@dataclass(frozen=True, slots=True)
class MigrationRun:
    """The result of migrating a set of paths, before anything is written."""

    root: str
    files: tuple[FileResult, ...]
    findings: tuple[Finding, ...]  # of the project, not of one file
    origin: Origin
    target: Target
    numerics: Numerics
    scanned: int
    seconds: float
    support: Mapping[str, str] = field(default_factory=dict)  # path -> text of support modules to write
    fallbacks: tuple[Fallback, ...] = ()
    record: tuple[str, str] | None = None  # path and text of the record, written once a file has been
    kept: Mapping[str, bytes] = field(default_factory=dict)  # path -> the bytes that were read (what --write compares)

    def all_findings(self) -> tuple[Finding, ...]:
        return self.findings + tuple(f for file in self.files for f in file.findings)
