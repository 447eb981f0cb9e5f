"""Weights of custom layers that are variables put into `self.trainable_weights`: Keras 3 knows those of `add_weight`.

On Keras 3 that attribute cannot be set, and a K.variable in a layer is neither trained nor saved.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tfkdoctor.migrate.methods import is_foreign
from tfkdoctor.migrate.plans import Change, Piece, TemplatePlan, Trouble
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context
    from tfkdoctor.migrate.names import Scope

_LISTS = {
    "trainable_weights": True,
    "_trainable_weights": True,
    "non_trainable_weights": False,
    "_non_trainable_weights": False,
}
_CLASSES = {
    "glorot_uniform": "GlorotUniform",
    "glorot_normal": "GlorotNormal",
    "he_normal": "HeNormal",
    "he_uniform": "HeUniform",
    "lecun_uniform": "LecunUniform",
    "zero": "Zeros",
    "one": "Ones",
    "normal": "RandomNormal",
    "uniform": "RandomUniform",
    "orthogonal": "Orthogonal",
    "identity": "Identity",
}
_OLD_SHAPE = "get_output_shape_for"
_Pieces = tuple[Piece, ...]


def run(context: Context, row: Row) -> None:
    """Plan, for each layer class of the project, `add_weight` in the place of each variable in such a list."""
    if not context.moves:
        return
    for scope in context.survey.names.classes:
        if is_layer(context, scope):
            _weights(context, row, scope)


def is_layer(context: Context, scope: Scope) -> bool:
    """Whether a class of this file is a layer, and no model."""
    module = context.survey.module
    name = f"{module}.{scope.qualname}" if module else scope.qualname
    ancestors = context.types.ancestors(name)
    layer = any(a == "keras.Layer" or (a.startswith("keras.") and a.endswith(".Layer")) for a in ancestors)
    return layer and "keras.Model" not in ancestors


def _weights(context: Context, row: Row, scope: Scope) -> None:
    changes: list[Change] = []
    covers: list[ast.AST] = []
    statements = [(s, name, value) for s, name, value in _statements(scope)]
    chosen = _chosen(context, statements)
    for statement, name, value in statements:
        elements = list(_elements(value))
        for element in elements:
            made = _made(context, scope, element, chosen.get(statement, _LISTS[name]))
            if made is None:
                _tell(context, row, statement, name)
                return
            changes += made[0]
            covers += made[1]
        if statement not in chosen:
            changes.append(_removal(context, statement))
    for branch in {context.survey.names.parents[statement] for statement in chosen}:
        if isinstance(branch, ast.If):
            changes.append(_removal(context, branch))
    if not statements:
        return
    unique = list({(c.start, c.end): c for c in changes}.values())
    lines = context.survey.lines
    first = lines.start(statements[0][0])
    plan = TemplatePlan(
        id=context.id(row.code, first),
        code=row.code,
        start=first,
        end=lines.end(statements[0][0]),
        message=f"`self.{statements[0][1]}` cannot be set: `add_weight` makes the weights of a layer",
        severity=Severity.ERROR,
        changes=tuple(sorted(unique, key=lambda c: c.start)),
        scope=scope,
        introduces=introduced(unique),
    )
    context.add(plan, covers)


def _chosen(context: Context, statements: list[tuple[ast.stmt, str, ast.expr]]) -> dict[ast.stmt, ast.expr]:
    """The condition of each statement in `if self.train: trainable… else: non_trainable…` of the same weights."""
    lists: dict[ast.stmt, tuple[bool, str]] = {s: (_LISTS[name], ast.dump(value)) for s, name, value in statements}
    found: dict[ast.stmt, ast.expr] = {}
    for branch in {context.survey.names.parents.get(s) for s in lists}:
        if not isinstance(branch, ast.If) or not isinstance(branch.test, ast.Name | ast.Attribute):
            continue
        if not all(s in lists for s in (*branch.body, *branch.orelse)):
            continue
        one, other = [lists[s] for s in branch.body], [lists[s] for s in branch.orelse]
        if all(trained for trained, _ in one) and sorted(other) == sorted((False, made) for _, made in one):
            found.update((s, branch.test) for s in (*branch.body, *branch.orelse))
    return found


def _statements(scope: Scope) -> Iterator[tuple[ast.stmt, str, ast.expr]]:
    """`self.trainable_weights = […]`, `+= […]`, `.append(…)` and `.extend(…)` in the methods of a class."""
    for node in ast.walk(scope.node):
        if isinstance(node, ast.Assign | ast.AugAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Attribute) and target.attr in _LISTS and isinstance(target.value, ast.Name):
                yield node, target.attr, node.value
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            func = node.value.func
            owner = func.value if isinstance(func, ast.Attribute) and func.attr in ("append", "extend") else None
            if isinstance(owner, ast.Attribute) and owner.attr in _LISTS and node.value.args:
                yield node, owner.attr, node.value.args[0]


def _elements(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.List | ast.Tuple):
        for element in node.elts:
            yield from _elements(element)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _elements(node.left)
        yield from _elements(node.right)
    else:
        yield node


def _made(
    context: Context, scope: Scope, element: ast.expr, trainable: bool | ast.expr
) -> tuple[list[Change], list[ast.AST]] | None:
    """What becomes of the places where one element is made; None if one of them cannot be seen through."""
    if not isinstance(element, ast.Attribute) or not isinstance(element.value, ast.Name):
        tracked = isinstance(element, ast.Attribute) and element.attr in (*_LISTS, "weights")
        return ([], []) if tracked else None  # those of a layer within the layer, which Keras 3 finds by itself
    if element.attr in _LISTS:
        return [], []
    changes: list[Change] = []
    covers: list[ast.AST] = []
    values = [v for v in _values(context, scope, element.attr) if not (isinstance(v, ast.Constant) and v.value is None)]
    for value in values:
        pieces = _weight(context, value, element.value.id, trainable) if isinstance(value, ast.Call) else None
        if pieces is None or not isinstance(value, ast.Call):
            return None
        if pieces:
            changes.append(Change(context.survey.lines.start(value), context.survey.lines.end(value), pieces))
            covers.append(value.func)
    return (changes, covers) if values else None


def _values(context: Context, scope: Scope, attribute: str) -> list[ast.expr]:
    """What a class, or the first class of this file above it, sets an attribute to."""
    names = context.survey.names
    found = names.attributes.get((scope, attribute), [])
    if found or not isinstance(scope.node, ast.ClassDef):
        return list(found)
    bases = {base.id for base in scope.node.bases if isinstance(base, ast.Name)}
    above = (other for other in names.classes if other is not scope and other.qualname in bases)
    return next((values for other in above if (values := _values(context, other, attribute))), [])


def _weight(context: Context, call: ast.Call, owner: str, trainable: bool | ast.expr) -> _Pieces | None:
    """The call of `add_weight` for one that made a variable; () where it is one already, None for other calls."""
    func = call.func
    if isinstance(func, ast.Attribute) and func.attr == "add_weight":
        return ()
    reference = context.reference_of.get(func)
    given = {k.arg: k.value for k in call.keywords}
    if None in given or any(isinstance(a, ast.Starred) for a in call.args):
        return None
    name = reference.name if reference is not None and reference.node is func else ""
    leaf = name.rpartition(".")[2]
    if name == "keras.backend.variable":
        return _of_value(call, given, owner, trainable)
    initializer: _Pieces | None
    if name.startswith("keras.initializations.") and leaf in _CLASSES:
        initializer = _initializer(leaf, _argument(call, given, "scale", 1))
        given.setdefault("name", *call.args[2:3]) if len(call.args) > 2 else None
    elif name in ("keras.backend.zeros", "keras.backend.ones"):
        initializer = (f'"{leaf}"',)
    elif name == "keras.backend.random_uniform_variable":
        initializer = _call("RandomUniform", _argument(call, given, "low", 1), _argument(call, given, "high", 2))
    elif name == "keras.backend.random_normal_variable":
        initializer = _call("RandomNormal", _argument(call, given, "mean", 1), _argument(call, given, "scale", 2))
    elif not name and "scale" not in given and len(call.args) <= 1 and _is_initializer(context, func):
        initializer = (func,)
    else:
        return None
    shape = _argument(call, given, "shape", 0)
    if shape is None or initializer is None:
        return None
    pieces: _Pieces = (f"{owner}.add_weight(shape=", shape, ", initializer=", *initializer)
    if given.get("dtype") is not None:
        pieces += (", dtype=", given["dtype"])
    if given.get("name") is not None:
        pieces += (", name=", given["name"])
    return (*pieces, *_trained(trainable))


def _of_value(
    call: ast.Call, given: dict[str | None, ast.expr], owner: str, trainable: bool | ast.expr
) -> _Pieces | None:
    value = _argument(call, given, "value", 0)
    if value is None:
        return None
    pieces: _Pieces = (f"{{@support.layer_weight}}({owner}, ", value)
    for name, position in (("dtype", 1), ("name", 2)):
        argument = _argument(call, given, name, position)
        if argument is not None:
            pieces += (f", {name}=", argument)
    return (*pieces, *_trained(trainable))


def _trained(trainable: bool | ast.expr) -> _Pieces:
    """The end of a call that makes a weight."""
    if isinstance(trainable, ast.expr):
        return (", trainable=", trainable, ")")
    return (")",) if trainable else (", trainable=False)",)


def _argument(call: ast.Call, given: dict[str | None, ast.expr], name: str, position: int) -> ast.expr | None:
    return given.get(name) or (call.args[position] if position < len(call.args) else None)


def _initializer(leaf: str, scale: ast.expr | None) -> _Pieces:
    head = "{@keras.initializers." + _CLASSES[leaf] + "}("
    if scale is None:
        return (head + ("gain=1.1" if leaf == "orthogonal" else "") + ")",)
    if leaf == "uniform":
        return (head + "minval=-(", scale, "), maxval=", scale, ")")
    return (head + ("stddev=" if leaf == "normal" else "gain="), scale, ")")


def _call(name: str, *arguments: ast.expr | None) -> _Pieces | None:
    first, second = arguments
    if first is None or second is None:
        return None
    return ("{@keras.initializers." + name + "}(", first, ", ", second, ")")


def _is_initializer(context: Context, func: ast.expr) -> bool:
    """`self.init` where `self.init = initializations.get(init)`, and `initializations.get(init)` itself."""
    if isinstance(func, ast.Call):
        reference = context.reference_of.get(func.func)
        return reference is not None and reference.name in ("keras.initializations.get", "keras.initializers.get")
    if not isinstance(func, ast.Attribute):
        return False
    values = [v for (_, name), values in context.survey.names.attributes.items() if name == func.attr for v in values]
    return bool(values) and all(isinstance(v, ast.Call) and _is_initializer(context, v) for v in values)


def _removal(context: Context, statement: ast.stmt) -> Change:
    """The statement with its line, or `pass` where its block would be left empty."""
    lines = context.survey.lines
    text = lines.text
    start, end = lines.start(statement), lines.end(statement)
    parent = context.survey.names.parents.get(statement)
    blocks = (getattr(parent, name, None) for name in ("body", "orelse", "finalbody", "handlers"))
    block = next((b for b in blocks if isinstance(b, list) and statement in b), [])
    before, after = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    whole = not text[before:start].strip() and after >= 0 and not text[end:after].strip()
    return Change(before, after + 1, ()) if whole and len(block) > 1 else Change(start, end, ("pass",))


def _tell(context: Context, row: Row, statement: ast.stmt, name: str) -> None:
    lines = context.survey.lines
    message = f"`{name}` of a layer cannot be set on Keras 3, and not all of these weights are seen to be made here"
    context.found.troubles.append(Trouble(row.code, lines.start(statement), lines.end(statement), message, row.help))


def method_names(context: Context, row: Row) -> None:
    """`get_output_shape_for` of a layer class is `compute_output_shape`; `self.init.__name__` in its config."""
    lines = context.survey.lines
    if not context.moves:
        return
    for scope in context.survey.names.classes:
        if not isinstance(scope.node, ast.ClassDef) or not is_layer(context, scope):
            continue
        taken = {s.name for s in scope.node.body if isinstance(s, ast.FunctionDef)}
        for function in scope.node.body:
            if (
                isinstance(function, ast.FunctionDef)
                and function.name == _OLD_SHAPE
                and "compute_output_shape" not in taken
            ):
                start = lines.text.index(_OLD_SHAPE, lines.start(function))
                _rename(context, row, scope, start)
    for node, scope in context.survey.names.dotted:
        if node.attr == _OLD_SHAPE and isinstance(node.ctx, ast.Load) and not is_foreign(context, node.value):
            _rename(context, row, scope, lines.end(node) - len(_OLD_SHAPE))
        if node.attr == "__name__" and isinstance(node.value, ast.Attribute) and _is_initializer(context, node.value):
            change = Change(lines.start(node), lines.end(node), ("{@keras.initializers.serialize}(", node.value, ")"))
            message = "an initializer is an object without a `__name__` today"
            _add(context, row, scope, change, message)


def _rename(context: Context, row: Row, scope: Scope, start: int) -> None:
    message = f"`{_OLD_SHAPE}` is `compute_output_shape` today; Keras 3 would not call it"
    _add(context, row, scope, Change(start, start + len(_OLD_SHAPE), ("compute_output_shape",)), message)


def _add(context: Context, row: Row, scope: Scope, change: Change, message: str) -> None:
    plan = TemplatePlan(
        id=context.id(row.code, change.start),
        code=row.code,
        start=change.start,
        end=change.end,
        message=message,
        severity=Severity.ERROR,
        changes=(change,),
        scope=scope,
        introduces=introduced([change]),
    )
    context.add(plan)
