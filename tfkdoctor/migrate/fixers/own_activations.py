"""An activation of the program's own with the name of one of Keras 3's: a copy by configuration takes Keras 3's."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.names import Use
from tfkdoctor.migrate.plans import Trouble
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

# The functions that keras 3 activations/__init__.py holds, which its serialize() gives by their names alone.
_NAMES = frozenset(
    (
        "celu",
        "elu",
        "exponential",
        "gelu",
        "glu",
        "hard_shrink",
        "hard_sigmoid",
        "hard_silu",
        "hard_tanh",
        "leaky_relu",
        "linear",
        "log_sigmoid",
        "log_softmax",
        "mish",
        "relu",
        "relu6",
        "selu",
        "sigmoid",
        "silu",
        "soft_shrink",
        "softmax",
        "softplus",
        "softsign",
        "sparse_plus",
        "sparse_sigmoid",
        "sparsemax",
        "squareplus",
        "tanh",
        "tanh_shrink",
        "threshold",
    )
)
_COPIES = frozenset(
    (
        "from_config",
        "get_config",
        "to_json",
        "to_yaml",
        "model_from_json",
        "model_from_yaml",
        "model_from_config",
        "clone_model",
        "save",
        "load_model",
        "save_model",
        "Bidirectional",
        "ModelCheckpoint",
        "multi_gpu_model",
    )
)


def run(context: Context, row: Row) -> None:
    """Report such a function where the program hands it to a layer and makes models from configurations."""
    if not context.moves:
        return
    copies = _COPIES & (context.facts.program_methods(context.path) | _leaves(context))
    lines = context.survey.lines
    for function in _own(context) if copies else ():
        start = lines.start(function) + len("def ")
        message = (
            f"`{function.name}` is the name of an activation of Keras 3, which takes its place in a model that is "
            f"saved, or made from a configuration (`{min(copies)}`)"
        )
        end = start + len(function.name)
        context.found.troubles.append(Trouble(row.code, start, end, message, row.help, Severity.WARNING))


def _leaves(context: Context) -> set[str]:
    return {name.rpartition(".")[2] for name in context.facts.program_names(context.path)}


def _own(context: Context) -> Iterator[ast.FunctionDef]:
    """Functions of one tensor with such a name that layers get as activations."""
    for scope in context.survey.names.functions:
        node = scope.node
        named = isinstance(node, ast.FunctionDef) and node.name in _NAMES and not node.decorator_list
        if named and isinstance(node, ast.FunctionDef):
            yield from [node] if any(_is_activation(context, use.node) for use in _uses(context, node)) else []


def _uses(context: Context, function: ast.FunctionDef) -> Iterator[Use]:
    for use in context.survey.names.uses:
        if any(b.node is function for b in use.bindings) and not use.attrs:
            yield use


def _is_activation(context: Context, node: ast.AST) -> bool:
    parent = context.survey.names.parents.get(node)
    if isinstance(parent, ast.keyword):
        return (parent.arg or "").endswith("activation")
    called = context.reference_of.get(parent.func) if isinstance(parent, ast.Call) else None
    return called is not None and called.name.endswith(".Activation")
