"""What a function accepts through `**kwargs`, and what becomes of names that it does not know, read from its body."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tfkdoctor.dev.harvest_calls import forwards_all, target_of
from tfkdoctor.dev.harvest_names import FunctionNode, Thing
from tfkdoctor.dev.harvest_signatures import Extra, Signature, Signatures, method_node


@dataclass(slots=True)
class _Use:
    """What the walk over one body has seen of the keyword dict."""

    names: set[str] = field(default_factory=set)
    ignored: set[str] = field(default_factory=set)
    raises: bool = False
    forwarded: bool = False
    swallows: bool = False
    opaque: bool = False

    def add(self, extra: Extra, without: set[str]) -> None:
        self.forwarded = True
        self.names |= extra.names - without
        self.ignored |= extra.ignored - without
        self.swallows |= extra.swallows
        self.opaque |= extra.opaque


def extra_of(
    signatures: Signatures, module: str, node: FunctionNode, owner: Thing | None, signature: Signature
) -> Signature:
    """The signature with its `extra` filled in; a pure forwarder takes the parameters of what it calls."""
    assert node.args.kwarg is not None
    target = forwards_all(signatures, module, node, owner)
    if target is not None:
        return target
    extra = _analyse(signatures, module, node, owner, node.args.kwarg.arg, 0)
    own = signature.names()
    return replace(signature, extra=replace(extra, names=extra.names - own, ignored=extra.ignored - own))


def _analyse(
    signatures: Signatures, module: str, node: FunctionNode, owner: Thing | None, name: str, depth: int
) -> Extra:
    if depth > 6:
        return Extra(opaque=True)
    use = _Use()
    body: list[ast.stmt] = node.body if isinstance(node.body, list) else [ast.Expr(node.body)]
    parents = {child: parent for top in body for parent in ast.walk(top) for child in ast.iter_child_nodes(parent)}
    aliases = {name} | _aliases(body, name)
    for item in (n for top in body for n in ast.walk(top)):
        if isinstance(item, ast.If | ast.For):
            use.raises |= _refuses_unknown(item, aliases)
            use.opaque |= _keeps_all(item, aliases)
        elif isinstance(item, ast.Name) and item.id in aliases and isinstance(item.ctx, ast.Load):
            _one_use(signatures, module, node, owner, item, parents, use, depth)
    if use.raises or (use.forwarded and not use.opaque):
        use.names |= _allowed(body, aliases)
    opaque = use.opaque and not use.raises
    swallows = not (use.raises or opaque) and (use.swallows or not use.forwarded)
    return Extra(frozenset(use.names), frozenset(use.ignored), swallows, opaque)


def _refuses_unknown(item: ast.If | ast.For, aliases: set[str]) -> bool:
    """`if kwargs: raise`, or a loop over the keys that raises; not the refusal of one known name."""
    condition = item.test if isinstance(item, ast.If) else item.iter
    if not _mentions(condition, aliases) or _only_known(item, aliases):
        return False
    if _keeps_all(item, aliases):
        return False
    return any(isinstance(node, ast.Raise) for node in ast.walk(item))


def _keeps_all(item: ast.If | ast.For, aliases: set[str]) -> bool:
    """A loop that sets an attribute for each keyword, as tf.train.Checkpoint does; it raises for values alone."""
    calls = (n for n in ast.walk(item) if isinstance(n, ast.Call)) if isinstance(item, ast.For) else ()
    setters = any(ast.unparse(call.func).rpartition(".")[2] in ("setattr", "__setattr__") for call in calls)
    return isinstance(item, ast.For) and setters and _mentions(item.iter, aliases)


def _one_use(
    signatures: Signatures,
    module: str,
    function: FunctionNode,
    owner: Thing | None,
    item: ast.Name,
    parents: dict[ast.AST, ast.AST],
    use: _Use,
    depth: int,
) -> None:
    parent = parents.get(item)
    match parent:
        case ast.Attribute(attr="pop" | "get" | "setdefault" as verb):
            call = parents.get(parent)
            if isinstance(call, ast.Call) and call.args:
                for literal in _literals(call.args[0], function) if not _refused(call, parents) else ():
                    use.names.add(literal)
                    if verb == "pop" and _only_warns(call, parents):
                        use.ignored.add(literal)
        case ast.Attribute(attr="keys" | "items" | "values" | "copy" | "update"):
            pass
        case ast.Subscript(slice=ast.Constant(value=str(text))):
            use.names.add(text)
        case ast.Subscript() | ast.For() | ast.If() | ast.BoolOp() | ast.UnaryOp() | ast.FormattedValue() | ast.IfExp():
            pass
        case ast.Compare(left=ast.Constant(value=str(text)), ops=[ast.In() | ast.NotIn() as operator]):
            if isinstance(operator, ast.NotIn) or not _refused(item, parents):
                use.names.add(text)
        case ast.Compare() | ast.Delete() | ast.comprehension() | ast.Assert() | ast.BinOp() | ast.Starred():
            pass
        case ast.keyword(arg=None):
            call = parents.get(parent)
            if isinstance(call, ast.Call):
                _forwarded(signatures, module, owner, call, use, depth)
        case ast.Call() if item in parent.args:
            _given(signatures, module, owner, item, parent, use, depth)
        case ast.Assign() | ast.Return() | ast.Dict() | ast.keyword() | ast.Tuple() | ast.List():
            if not (isinstance(parent, ast.Assign) and all(isinstance(t, ast.Name) for t in parent.targets)):
                use.opaque = True
        case _:
            use.opaque = True


def _forwarded(signatures: Signatures, module: str, owner: Thing | None, call: ast.Call, use: _Use, depth: int) -> None:
    """`f(a, b=1, **kwargs)`: what f takes besides what the call gives already."""
    function = ast.unparse(call.func)
    if function in ("dict", "collections.OrderedDict"):
        return
    if function.endswith((".format", "warn", "warning")):
        return
    signature, skip = target_of(signatures, module, owner, call)
    if signature is None:
        use.forwarded = use.opaque = True
        return
    positional = [p.name for p in signature.parameters if p.kind in ("positional", "standard")]
    given = sum(not isinstance(argument, ast.Starred) for argument in call.args)
    without = set(positional[: max(0, given - skip)]) | {k.arg for k in call.keywords if k.arg}
    accepted = replace(signature.extra, names=signature.names() | signature.extra.names)
    use.add(accepted, without)


def _given(
    signatures: Signatures, module: str, owner: Thing | None, item: ast.Name, call: ast.Call, use: _Use, depth: int
) -> None:
    """`check(kwargs, allowed)`: the dict itself goes to a function; look into it."""
    function = ast.unparse(call.func)
    leaf = function.rpartition(".")[2]
    if leaf in (
        "set",
        "list",
        "dict",
        "len",
        "sorted",
        "str",
        "bool",
        "tuple",
        "repr",
        "format",
        "print",
        "join",
        "iter",
        "next",
        "copy",
        "deepcopy",
    ):
        return
    if leaf in ("warn", "warning", "info", "update"):
        return
    if leaf in ("validate_kwargs", "check_kwargs", "validate_string_arg"):
        use.raises = True
        for argument in call.args:
            use.names |= set(_literals(argument, None))
        return
    thing = None
    target_owner = owner
    if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in ("self", "cls") and owner is not None:
        for cls in signatures.mro(owner) or []:
            node = method_node(cls, call.func.attr) if cls.kind == "class" else None
            if node is not None:
                thing = Thing("function", cls.module, call.func.attr, node)
                break
        index = call.args.index(item) + (0 if thing is not None and _static(thing.node) else 1)
    else:
        thing = signatures.names.dotted(module, call.func)
        index = call.args.index(item)
        target_owner = None
    if thing is None or not isinstance(thing.node, ast.FunctionDef) or index >= len(thing.node.args.args):
        use.opaque = True
        return
    inner = _analyse(signatures, thing.module, thing.node, target_owner, thing.node.args.args[index].arg, depth + 1)
    use.names |= inner.names
    use.ignored |= inner.ignored
    use.opaque |= inner.opaque
    if not (inner.swallows or inner.opaque):
        use.raises = True


def _static(node: ast.AST | None) -> bool:
    return any(ast.unparse(d) == "staticmethod" for d in getattr(node, "decorator_list", ()))


def _aliases(body: list[ast.stmt], name: str) -> set[str]:
    """Copies of the dict under another name, and sets made of its keys."""
    found: set[str] = set()
    for item in (n for top in body for n in ast.walk(top)):
        if isinstance(item, ast.Assign) and len(item.targets) == 1 and isinstance(item.targets[0], ast.Name):
            value = ast.unparse(item.value)
            copies = value in (name, f"{name}.copy()", f"dict({name})", f"copy.copy({name})")
            keys = value.startswith((f"set({name}", f"{{k for k in {name}"))
            filtered = any(f"in {name}{which} if" in value for which in ("", ".keys()", ".items()"))
            if copies or keys or filtered:
                found.add(item.targets[0].id)
    return found - {name}


def _mentions(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(n, ast.Name) and n.id in names for n in ast.walk(node))


def _only_known(item: ast.If | ast.For, aliases: set[str]) -> bool:
    """An `if "x" in kwargs: raise` refuses one known name, not the unknown ones."""
    if not isinstance(item, ast.If):
        return False
    tests = [n for n in ast.walk(item.test) if isinstance(n, ast.Name) and n.id in aliases]
    text = ast.unparse(item.test)
    return bool(tests) and any(
        mark in text
        for name in aliases
        for mark in (f"' in {name}", f"' not in {name}", f"{name}.get(", f"{name}.pop(", f"{name}['")
    )


def _allowed(body: list[ast.stmt], aliases: set[str]) -> set[str]:
    """The literals of `allowed_kwargs = {…}` and of `if k not in {…}: raise`."""
    names: set[str] = set()
    for item in (n for top in body for n in ast.walk(top)):
        if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
            word = item.targets[0].id
            if any(part in word for part in ("allowed", "valid", "accepted", "supported", "default")):
                names |= set(_literals(item.value, None))
        elif isinstance(item, ast.For | ast.comprehension) and _mentions(item.iter, aliases):
            keys = {n.id for n in ast.walk(item.target) if isinstance(n, ast.Name)}
            for test in (n for part in _tested(item) for n in ast.walk(part)):
                if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.NotIn) and _mentions(test.left, keys):
                    names |= set(_literals(test.comparators[0], None))
    return names


def _tested(item: ast.For | ast.comprehension) -> list[ast.expr] | list[ast.stmt]:
    return item.body if isinstance(item, ast.For) else item.ifs


def _literals(node: ast.expr, function: FunctionNode | None) -> Iterator[str]:
    """The strings that an expression holds; a loop variable over literals counts as all of them."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.List() | ast.Tuple() | ast.Set():
            for element in node.elts:
                yield from _literals(element, function)
        case ast.Call(func=ast.Name(id="set" | "frozenset" | "list")) if node.args:
            yield from _literals(node.args[0], function)
        case ast.Dict():
            for key in node.keys:
                if key is not None:
                    yield from _literals(key, function)
        case ast.Name() if function is not None and isinstance(function.body, list):
            for item in (n for top in function.body for n in ast.walk(top)):
                if isinstance(item, ast.For) and ast.unparse(item.target) == node.id:
                    yield from _literals(item.iter, None)


def _refused(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """`if "old" in kwargs: raise`, `if kwargs.pop("old", None): raise`: a name that is known and refused."""
    child, parent = node, parents.get(node)
    while isinstance(parent, ast.Compare | ast.UnaryOp | ast.Attribute | ast.Call):
        child, parent = parent, parents.get(parent)
    return isinstance(parent, ast.If) and parent.test is child and isinstance(parent.body[-1], ast.Raise)


def _only_warns(call: ast.Call, parents: dict[ast.AST, ast.AST]) -> bool:
    """`if kwargs.pop("decay", None) is not None: warn(…)`, or a bare pop: the value is thrown away."""
    child: ast.AST = call
    parent = parents.get(child)
    while isinstance(parent, ast.Compare | ast.BoolOp | ast.UnaryOp):
        child, parent = parent, parents.get(parent)
    if isinstance(parent, ast.Expr):
        return True
    return (
        isinstance(parent, ast.If)
        and parent.test is child
        and not any(isinstance(n, ast.Raise) for n in ast.walk(parent))
    )
