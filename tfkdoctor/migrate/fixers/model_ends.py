"""`model.input` and `model.output` on Keras 3: a Sequential has none before it is called, and lists of one stay lists.

That of an InputLayer, often `model.layers[0].input`, is an empty list.

A Functional model that was made with single tensors is left alone; what may be a Sequential, such as a model that is
loaded, goes through the support pieces `input_of` and `output_of`, which give what Keras 2 gave for each.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tfkdoctor.migrate.methods import is_foreign, is_project_attribute
from tfkdoctor.migrate.names import Binding, Scope
from tfkdoctor.migrate.plans import Change, TemplatePlan
from tfkdoctor.migrate.reaching import reaching
from tfkdoctor.migrate.survey import join
from tfkdoctor.migrate.templates import introduced
from tfkdoctor.model import Severity
from tfkdoctor.rulebook import Row

if TYPE_CHECKING:
    from tfkdoctor.migrate.context import Context

_PLURAL = {"input": "inputs", "output": "outputs"}


def run(context: Context, row: Row) -> None:
    """Plan the ends of models that are, or may be, Sequential."""
    if not (context.moves or context.facts.is_standalone(context.path)) or context.graph is not None:
        return
    for node, scope in context.survey.names.dotted:
        if node.attr in _PLURAL and isinstance(node.ctx, ast.Load) and node not in context.reference_of:
            parent = context.survey.names.parents.get(node)
            if not (isinstance(parent, ast.Call) and parent.func is node) and not is_project_attribute(context, node):
                _match(context, row, node, scope)


def _match(context: Context, row: Row, node: ast.Attribute, scope: Scope) -> None:
    kind = _kind(context, node.value, node.attr)
    lines = context.survey.lines
    start, end = lines.start(node), lines.end(node)
    if kind == "one":
        name = lines.end(node) - len(node.attr)
        _plan(context, row, node, scope, Change(name, end, (f"{_PLURAL[node.attr]}[0]",)))
    elif kind == "unknown" and context.settings.support:
        piece = "{@support." + node.attr + "_of}("
        _plan(context, row, node, scope, Change(start, end, (piece, node.value, ")")))


def _plan(context: Context, row: Row, node: ast.Attribute, scope: Scope, change: Change) -> None:
    if not context.writable(node):
        return
    start, end = context.survey.lines.start(node), context.survey.lines.end(node)
    context.add(
        TemplatePlan(
            id=context.id(row.code, end),
            code=row.code,
            start=start,
            end=end,
            message=f"a Sequential has no `.{node.attr}` before it is called",
            severity=Severity.ERROR,
            help=row.help,
            name=node.attr,
            introduces=introduced([change]),
            changes=(change,),
            scope=scope,
        )
    )


def _kind(context: Context, node: ast.expr, end: str) -> str:
    """one: a model with one such end, and no attribute for it; unknown: it may be that; "": it has the attribute."""
    classes = context.types.of(node)
    if end == "input" and context.symbols.is_layer(node):
        return "unknown" if _may_be_first(node) else ""
    if classes and not all(context.types.inherits(c, "keras.Model") for c in classes):
        return ""
    if any(context.types.inherits(c, f"tensorflow.keras.{end}") for c in classes) or is_foreign(context, node):
        return ""
    leaves = {c.rpartition(".")[2] for c in classes}
    if classes and _may_be_given(context, node, 0):
        return "unknown"
    if leaves == {"Sequential"} and "keras.Model" not in classes:
        return "one"
    if not classes:
        model = _is_called_model(node) or _is_given_model(context, node, 0)
        return "unknown" if model and not context.symbols.is_layer(node) else ""
    if "keras.Model" in classes or "Sequential" in leaves:
        return "unknown"  # loaded, cloned, or one of several
    return "one" if _made_with_list(context, node, end) else ""


def _may_be_first(node: ast.expr) -> bool:
    """Whether a layer may be an InputLayer, whose `.input` is an empty list on Keras 3: `model.layers[0]`."""
    if not isinstance(node, ast.Subscript):
        return False
    return not isinstance(node.slice, ast.Constant | ast.UnaryOp) or ast.unparse(node.slice) == "0"


def _is_called_model(node: ast.expr) -> bool:
    """Whether the name of a receiver says that it is a model, where nothing else does."""
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return "model" in name.lower()


def _is_given_model(context: Context, node: ast.expr, depth: int) -> bool:
    """Whether a name, or what `self.x` was set to, is a parameter that another file of the project gives a model."""
    names = context.survey.names
    use = names.use_of.get(node)
    if use is None or depth > 5:
        return False
    if isinstance(node, ast.Attribute):
        owner = use.scope.enclosing_class() if use.root.id == "self" else None
        values = names.attributes.get((owner, node.attr), []) if owner is not None else []
        return any(_is_given_model(context, value, depth + 1) for value in values)
    return any(b.kind == "parameter" and _gets_model(context, b) for b in use.bindings)


def _gets_model(context: Context, binding: Binding) -> bool:
    function = binding.scope.node
    if not isinstance(function, ast.FunctionDef):
        return False
    ordered = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
    owner = binding.scope.parent
    method = owner is not None and owner.kind == "class"
    made = owner if method and owner is not None and function.name == "__init__" else binding.scope
    place = ordered.index(binding.name) - method if binding.name in ordered else None
    name = join(context.survey.module, made.qualname)
    given = context.facts.given(context.path, name, place, binding.name)
    found = [context.types.resolve(value, path) for path, values in given for value in values]
    return any(context.types.inherits(c, "keras.Model") for classes in found for c in classes)


def _may_be_given(context: Context, node: ast.expr, depth: int) -> bool:
    """Whether a name, or what `self.x` was set to, may be the value of a parameter, which may be any model."""
    names = context.survey.names
    use = names.use_of.get(node)
    if use is None or depth > 5:
        return False
    if isinstance(node, ast.Attribute):
        owner = use.scope.enclosing_class() if use.root.id == "self" else None
        values = names.attributes.get((owner, node.attr), []) if owner is not None else []
        return any(_may_be_given(context, value, depth + 1) for value in values)
    bindings = reaching(names, use)
    if any(b.kind == "parameter" for b in bindings):
        return True
    return any(_may_be_given(context, b.value, depth + 1) for b in bindings if b.value is not None)


def _made_with_list(context: Context, node: ast.expr, end: str) -> bool:
    """Whether every constructor that shows is given a list of one: `Model(inputs=[x], outputs=[y])`."""
    made = _constructors(context, node, 0)
    return bool(made) and all(_is_list_of_one(call, end) for call in made)


def _constructors(context: Context, node: ast.expr, depth: int) -> list[ast.Call]:
    names = context.survey.names
    if depth > 5:
        return []
    if isinstance(node, ast.Call):
        reference = context.reference_of.get(node.func)
        if reference is not None:
            return [node] if reference.name.rpartition(".")[2] == "Model" else []
        scope = context.symbols.functions.function_of(node)
        values = names.returns.get(scope, []) if scope is not None else []
    elif isinstance(node, ast.Attribute):
        use = names.use_of.get(node)
        owner = use.scope.enclosing_class() if use is not None and use.root.id == "self" else None
        values = names.attributes.get((owner, node.attr), []) if owner is not None else []
    else:
        use = names.use_of.get(node)
        values = [b.value for b in reaching(names, use) if b.value is not None] if use is not None else []
    return [call for value in values for call in _constructors(context, value, depth + 1)]


def _is_list_of_one(call: ast.Call, end: str) -> bool:
    named = {k.arg: k.value for k in call.keywords}
    place = 0 if end == "input" else 1
    given = named.get(end + "s", named.get(end, call.args[place] if len(call.args) > place else None))
    return isinstance(given, ast.List | ast.Tuple) and len(given.elts) == 1
