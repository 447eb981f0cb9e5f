"""Where a call in a function body goes, found statically: an inherited method, a named function, a class."""

from __future__ import annotations

import ast

from tfkdoctor.dev.harvest_names import FunctionNode, Thing
from tfkdoctor.dev.harvest_signatures import EXTERNAL, Signature, Signatures, method_node


def target_of(signatures: Signatures, module: str, owner: Thing | None, call: ast.Call) -> tuple[Signature | None, int]:
    """The signature that a call in a body goes to, and how many leading arguments are self."""
    names = signatures.names
    match call.func:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=attr) if owner is not None:
            return _inherited(signatures, owner, module, call, attr), 0
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attr) if owner is not None:
            found = _lookup(signatures, signatures.mro(owner) or [], attr)
            return found, 0
        case ast.Attribute(value=base, attr="__init__"):
            cls = names.dotted(module, base) or _local(signatures, module, call, base)
            if cls is not None and cls.kind == "class":
                return signatures.constructor(cls), 1
            return (Signature(()), 1) if cls is None and ast.unparse(base) == "object" else (None, 1)
        case ast.Name(id="cls"):
            return (signatures.constructor(owner) if owner is not None else None), 0
        case ast.Name() | ast.Attribute():
            thing = names.dotted(module, call.func) or _local(signatures, module, call, call.func)
            return (signatures.of(thing) if thing is not None else None), 0
    return None, 0


def _local(signatures: Signatures, module: str, call: ast.Call, expression: ast.expr) -> Thing | None:
    """A name that the function around the call imports itself."""
    head, _, rest = ast.unparse(expression).partition(".")
    tree = signatures.names.tree.parse(module)
    for node in ast.walk(tree) if tree else ():
        if not (isinstance(node, ast.FunctionDef) and _contains(node, call)):
            continue
        for item in ast.walk(node):
            if not isinstance(item, ast.ImportFrom) or item.level:
                continue
            for alias in item.names:
                if (alias.asname or alias.name) == head:
                    found = signatures.names.resolve(item.module or "", alias.name)
                    for part in rest.split(".") if rest else []:
                        found = signatures.names.member(found, part) if found else None
                    return found
    return None


def _inherited(signatures: Signatures, owner: Thing, module: str, call: ast.Call, attr: str) -> Signature | None:
    """`super().attr`: the next definition after the class whose body the call stands in."""
    order = signatures.mro(owner)
    if order is None:
        return None
    here = next((i for i, cls in enumerate(order) if cls.module == module and _contains(cls.node, call)), 0)
    return _lookup(signatures, order[here + 1 :], attr, owner)


def _contains(node: ast.AST | None, call: ast.Call) -> bool:
    first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
    return first <= call.lineno <= last


def _lookup(signatures: Signatures, order: list[Thing], attr: str, owner: Thing | None = None) -> Signature | None:
    for cls in order:
        if cls.kind != "class":
            if attr != "__init__":
                continue
            return EXTERNAL.get(cls.module)
        node = method_node(cls, attr)
        if node is not None:
            return signatures.function(cls.module, node, owner or cls)
    return Signature(()) if attr == "__init__" else None


def forwards_all(signatures: Signatures, module: str, node: FunctionNode, owner: Thing | None) -> Signature | None:
    """`def f(*args, **kwargs): return g(*args, **kwargs)` has g's signature."""
    arguments = node.args
    if (
        arguments.args
        or arguments.kwonlyargs
        or not arguments.vararg
        or owner is not None
        or not isinstance(node.body, list)
    ):
        return None
    body = [item for item in node.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    if len(body) != 1 or not isinstance(body[0], ast.Return) or not isinstance(body[0].value, ast.Call):
        return None
    call = body[0].value
    whole = len(call.args) == 1 and isinstance(call.args[0], ast.Starred) and [k.arg for k in call.keywords] == [None]
    return target_of(signatures, module, owner, call)[0] if whole else None
