"""Which classes of a project are optimizers that compute updates, as those of Keras 1 and 2 did."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Scope

CLASSES = frozenset(["Optimizer", "SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam"])
METHODS = frozenset(["get_updates", "get_gradients"])


def within(context: Context, scope: Scope) -> bool:
    """Whether code stands in an optimizer class of the project."""
    cls = scope.enclosing_class()
    return cls is not None and isinstance(cls.node, ast.ClassDef) and is_optimizer(context, cls)


def is_optimizer(context: Context, scope: Scope) -> bool:
    """Whether a class of this file is an optimizer of standalone Keras, or one that computes updates."""
    node = scope.node
    own = {s.name for s in node.body if isinstance(s, ast.FunctionDef)} if isinstance(node, ast.ClassDef) else set()
    module = context.survey.module
    return is_updating(context, f"{module}.{scope.qualname}" if module else scope.qualname) or "get_updates" in own


def is_updating(context: Context, cls: str) -> bool:
    """Whether a class of the project, by its canonical name, inherits from an optimizer of standalone Keras."""
    first, *others = context.types.ancestors(cls)
    own = context.facts.locate(context.path, first) is not None
    return own and any(is_old(name) for name in others)


def is_old(name: str) -> bool:
    return name.startswith("keras.optimizers.") and name.rpartition(".")[2] in CLASSES
