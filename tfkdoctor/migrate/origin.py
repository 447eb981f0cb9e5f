"""Which versions a program was written for, and which TensorFlow the result must run on.

The origin comes from `--source`, dependency files, else idioms, else a default. A dependency line states the target only
if its lower bound is TensorFlow 2.4 or later; every other one speaks of the origin alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tfkdoctor.migrate.survey import Summary
from tfkdoctor.model import Origin, Target

NEWEST_TARGET = "tensorflow>=2.21"
DEFAULT_KERAS, DEFAULT_TENSORFLOW = "2.2.5", "1.15.5"
_FILES = ("requirements*.txt", "requirements/*.txt", "setup.py", "setup.cfg", "pyproject.toml", "environment*.y*ml", "Pipfile")
_DEPENDENCY = re.compile(
    r"""(?:^|["'\s,\[-])(?P<name>keras|tensorflow(?:-gpu|-cpu)?|tf-keras)(?:\[[\w,-]*\])?\s*["']?\s*(?:=\s*["']\s*)?"""
    r"""(?P<spec>(?:[<>=~!]=?=?\s*[\d.*]+\s*,?\s*)+|(?=["'\s\],;]|$))""",
    re.IGNORECASE | re.MULTILINE,
)
# Keywords and names that only Keras 1 has; from rules/api these are what keras 2 took through its legacy interface.
_KERAS1_KEYWORDS = frozenset(
    "nb_epoch border_mode subsample W_regularizer b_regularizer W_constraint b_constraint nb_filter nb_row nb_col "
    "samples_per_epoch nb_val_samples dim_ordering output_dim inner_init forget_bias_init dropout_W dropout_U "
    "nb_worker max_q_size init concat_axis dot_axes".split()
)
_KERAS2_KEYWORDS = frozenset(
    "epochs padding strides kernel_regularizer bias_regularizer kernel_initializer steps_per_epoch validation_steps "
    "data_format units recurrent_dropout kernel_constraint num_words kernel_size filters".split()
)
_KERAS1_NAMES = frozenset("Convolution2D Convolution1D Convolution3D merge Merge Deconvolution2D AtrousConvolution2D".split())
_KERAS2_NAMES = frozenset("Conv2D Conv1D Conv3D concatenate Conv2DTranspose add multiply Concatenate Add".split())


_OPTIMIZERS = frozenset("SGD RMSprop Adagrad Adadelta Adam Adamax Nadam".split())


@dataclass(frozen=True, slots=True)
class Declared:
    """What the user and the project's files say outright."""

    keras: str | None = None
    tensorflow: str | None = None
    reason: str = ""
    target: Target = Target(NEWEST_TARGET)
    modern: bool = False  # the project asks for keras>=3


def declared(root: Path, source: Mapping[str, str], target: str | None) -> Declared:
    """Read `--source` and `--target`, else the dependency files at the root."""
    lines = list(_dependencies(root))
    keras, tensorflow = source.get("keras"), source.get("tensorflow")
    reason = "--source" if source else ""
    found_target = Target(target, "--target") if target else None
    modern = False
    for name, spec, file in lines:
        pinned, lower = _pinned(spec), _lower(spec)
        if name == "keras":
            modern = modern or (lower or (0,)) >= (3,)
            if keras is None and pinned is not None and (1,) <= _numbers(pinned) < (2, 4):
                keras, reason = pinned, reason or f"{name}{spec} in {file}"
        elif name != "tf-keras":
            if found_target is None and lower is not None and lower >= (2, 4):
                found_target = Target(f"tensorflow{spec.replace(' ', '')}", f"{name}{spec} in {file}")
            elif tensorflow is None and pinned is not None and _numbers(pinned) < (2, 4):
                tensorflow, reason = pinned, reason or f"{name}{spec} in {file}"
    return Declared(keras, tensorflow, reason, found_target or Target(NEWEST_TARGET), modern and "keras" not in source)


def choose(said: Declared, program: Sequence[Summary]) -> Origin:
    """The origin of one program: what was declared, else what its idioms show, else the default."""
    tensorflow = said.tensorflow or DEFAULT_TENSORFLOW
    if said.keras is not None:
        return Origin(said.keras, tensorflow, said.reason, assumed=False)
    keywords = {keyword for summary in program for _, keyword in summary.keywords}
    names = {name.rpartition(".")[2] for summary in program for name in summary.names if name.startswith("keras.")}
    keras1 = sorted((keywords & _KERAS1_KEYWORDS) | (names & _KERAS1_NAMES))
    keras2 = (keywords & _KERAS2_KEYWORDS) | (names & _KERAS2_NAMES)
    if keras1 and not keras2:
        return Origin("1.2.2", tensorflow, f"it uses `{keras1[0]}` of Keras 1 and nothing that only Keras 2 has")
    rates = any(k == "learning_rate" and callee in _OPTIMIZERS for summary in program for callee, k in summary.keywords)
    rates = rates and any(name.startswith("keras.optimizers") for summary in program for name in summary.names)
    keys = {key for summary in program for key in summary.keys if _is_metric_key(key)}
    if (rates and "lr" not in keywords) or ("val_accuracy" in keys and not keys & {"acc", "val_acc"}):
        shown = "learning_rate=" if rates else "the key 'val_accuracy'"
        return Origin("2.3.1", tensorflow, f"it uses {shown}, which Keras 2.3 brought")
    return Origin(DEFAULT_KERAS, tensorflow, said.reason or "no file of the project names a version of keras")


def modern_files(said: Declared, summaries: Mapping[str, Summary], modern_names: frozenset[str]) -> frozenset[str]:
    """Files whose `import keras` means Keras 3: they use what only Keras 3 has, or the project asks for it."""
    if said.modern:
        return frozenset(summaries)
    return frozenset(path for path, summary in summaries.items() if summary.names & modern_names)


def _is_metric_key(key: str) -> bool:
    return key in ("acc", "val_acc", "val_accuracy")


def _dependencies(root: Path) -> Iterable[tuple[str, str, str]]:
    for pattern in _FILES:
        for file in sorted(root.glob(pattern)):
            try:
                text = file.read_text("utf-8", errors="replace")
            except OSError:
                continue
            for line in text.splitlines():
                for match in _DEPENDENCY.finditer(line.partition("#")[0]):
                    yield match["name"].lower(), match["spec"].strip().rstrip(","), file.name


def _pinned(spec: str) -> str | None:
    """The version that a specifier names, if it speaks of one: `==2.2.4`, `~=2.2`, `>=2.0` (its lower bound)."""
    match = re.search(r"(?:===?|~=|>=|<=?)\s*([\d.]+)", spec)
    return match[1].rstrip(".") if match and re.search(r"==|~=", spec) else None


def _lower(spec: str) -> tuple[int, ...] | None:
    match = re.search(r"(?:===?|~=|>=?)\s*([\d.]+)", spec)
    return _numbers(match[1]) if match else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
