"""What a session's configuration asks of devices and threads, said with `tf.config`.

Source: tensorflow/core/protobuf/config.proto of TF 1.15; tensorflow/python/eager/context.py of TF 2.21.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tfkdoctor.migrate.plans import Piece

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_CONFIGS = ("tensorflow.ConfigProto", "tensorflow.GPUOptions")
_THREADS = {"intra_op_parallelism_threads": "intra_op", "inter_op_parallelism_threads": "inter_op"}
_LIST = "{@tensorflow.config.list_physical_devices}('GPU')"
_LIMIT = (
    "to limit a GPU's memory give the megabytes to tf.config.set_logical_device_configuration(gpu, "
    "[tf.config.LogicalDeviceConfiguration(memory_limit=…)])"
)
_EARLY = (
    "set_session",
    "get_session",
    "clear_session",
    "set_learning_phase",
    "set_image_dim_ordering",
    "set_image_data_format",
    "set_floatx",
    "set_epsilon",
    "backend",
    "image_dim_ordering",
    "image_data_format",
    "floatx",
    "load_data",
)


@dataclass(slots=True)
class Said:
    """The statements that say the options, and what has no counterpart: (option, what to do)."""

    statements: list[tuple[Piece, ...]] = field(default_factory=list)
    lost: list[tuple[ast.expr, str, str]] = field(default_factory=list)


def say(context: Context, statement: ast.stmt, nodes: list[ast.expr], setting: bool, alone: bool) -> Said:
    """The options that these nodes of a statement set, or that it sets itself as a `setting`.

    `alone` says that there is room for more than one line.
    """
    said = Said()
    late = _is_late(context, statement)
    for option, value in _options(context, statement, nodes, setting):
        _say_one(context, said, option, value, alone, late)
    return said


def _options(
    context: Context, statement: ast.stmt, nodes: list[ast.expr], setting: bool
) -> Iterator[tuple[str, ast.expr]]:
    if setting and isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Attribute):
        yield statement.targets[0].attr, statement.value
    for node in (n for top in nodes for n in ast.walk(top)):
        reference = context.reference_of.get(node.func) if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and reference is not None and reference.name in _CONFIGS:
            yield from ((k.arg, k.value) for k in node.keywords if k.arg is not None)


def _say_one(context: Context, said: Said, option: str, value: ast.expr, alone: bool, late: bool) -> None:
    constant = value.value if isinstance(value, ast.Constant) else None
    if option in ("gpu_options", "allow_soft_placement") or (
        isinstance(value, ast.Constant) and constant in (False, None, "")
    ):
        return  # made of options that are said themselves, or what is the case anyway
    if option == "per_process_gpu_memory_fraction":
        way = _LIMIT
        said.lost.append((value, "a fraction of a GPU's memory cannot be asked for any more", way))
        return
    made = _made(context, option, value, constant, alone)
    if made is None:
        said.lost.append(
            (value, f"the option `{option}` of a session has no counterpart", "nothing to do for the numbers")
        )
    elif late and option != "log_device_placement":
        way = "if it is needed, ask for it with tf.config at the top of the program"
        said.lost.append((value, f"`{option}` counts only before the first operation, and this place comes later", way))
    elif made:
        said.statements.append(made)


def _made(context: Context, option: str, value: ast.expr, constant: object, alone: bool) -> tuple[Piece, ...] | None:
    gpu = "gpu" if "gpu" not in context.survey.names.bound else "_gpu"
    if option == "allow_growth":
        flag: tuple[Piece, ...] = ("True",) if constant is True else ("bool(", value, ")")
        call: tuple[Piece, ...] = (f"{{@tensorflow.config.experimental.set_memory_growth}}({gpu}, ", *flag, ")")
        if alone:
            return (f"for {gpu} in {_LIST}:\n    ", *call)
        return ("[", *call, f" for {gpu} in {_LIST}]")
    if option in _THREADS:
        return (f"{{@tensorflow.config.threading.set_{_THREADS[option]}_parallelism_threads}}(", value, ")")
    if option == "log_device_placement":
        return ("{@tensorflow.debugging.set_log_device_placement}(", value, ")")
    if option == "visible_device_list":
        if isinstance(constant, str):
            numbers = ", ".join(part.strip() for part in constant.split(","))
            chosen: tuple[Piece, ...] = (f"[{gpu} for i, {gpu} in enumerate({_LIST}) if i in [{numbers}]]",)
        else:
            chosen = (f"[{gpu} for i, {gpu} in enumerate({_LIST}) if str(i) in ", value, ".split(',')]")
        return ("{@tensorflow.config.set_visible_devices}(", *chosen, ", 'GPU')")
    if option == "device_count" and isinstance(value, ast.Dict):
        return _devices(value)
    return None


def _devices(value: ast.Dict) -> tuple[Piece, ...]:
    """`device_count={'GPU': 0, 'CPU': 4}`: the first so many GPUs; there is one CPU device today."""
    for key, count in zip(value.keys, value.values, strict=True):
        if isinstance(key, ast.Constant) and str(key.value).upper() == "GPU":
            if isinstance(count, ast.Constant) and count.value == 0:
                return ("{@tensorflow.config.set_visible_devices}([], 'GPU')",)
            return (f"{{@tensorflow.config.set_visible_devices}}({_LIST}[:", count, "], 'GPU')")
    return ()


def _is_late(context: Context, statement: ast.stmt) -> bool:
    """Whether a call before this place, in its own block of code, may have run an operation already."""
    own = _function(context, statement)
    for call, _ in context.survey.names.calls:
        reference = context.reference_of.get(call.func)
        earlier = call.lineno < statement.lineno and _function(context, call) is own
        if reference is None or not earlier or reference.kind not in ("class", "function"):
            continue
        early = reference.name.rpartition(".")[2] in _EARLY
        passive = ".callbacks." in reference.name or ".optimizers." in reference.name
        if reference.name.startswith("keras.") and not early and not passive:
            return True
    return False


def _function(context: Context, node: ast.AST) -> ast.AST | None:
    current: ast.AST | None = context.survey.names.parents.get(node)
    while current is not None and not isinstance(current, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        current = context.survey.names.parents.get(current)
    return current
